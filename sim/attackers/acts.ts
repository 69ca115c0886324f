/** What each verb of an attacker does. Who may act it, with which arguments, is in `sim/scenario/verbs.ts`. */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { syncRequest } from '../../machines/core/device.ts';
import { isObject, type JsonObject } from '../../machines/json.ts';
import { addressOf, arg, first, type Perform, userOf } from '../engine/acting.ts';
import { claimsKeys } from '../engine/claiming.ts';
import { driveDevice } from '../engine/loop.ts';
import type { Act } from '../engine/types.ts';
import { after, quiet, type World } from '../engine/world.ts';
import * as account from './account.ts';
import { injectPointer } from './bundles.ts';
import * as equivocation from './equivocation.ts';
import { deviceOf, pocketed } from './forging.ts';
import { attackerOf, circleIn, record, runsServer } from './knowledge.ts';
import { requestIdOf } from './overhear.ts';
import * as pairing from './pairing.ts';
import { injectRoomKey } from './planting.ts';
import * as queues from './queues.ts';
import { roomActs } from './room-acts.ts';
import { isPointer } from './room-ears.ts';
import * as server from './server.ts';
import { shareFor } from './shares.ts';
import { type Signer, signOwnDevice } from './signing.ts';
import { isStrayId } from './words.ts';

/** `value: known` hands on the real secret; otherwise the attacker plants one of its own making. */
const pushes: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const stray = arg(act, 'request id');
  const secret = { name: first(act), secret: planted.secret };
  const { type, content } = shareFor(stage, arg(act, 'to'), secret, isStrayId(stray) ? stray : undefined);
  return after(planted.progress, (now) =>
    account.sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], type, content, true),
  );
};

const asksFor: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const content: JsonObject = {
    action: 'request',
    name: first(act),
    request_id: requestIdOf(act.who, first(act)),
    requesting_device_id: addressOf(stage, world, player).device,
  };
  const to = addressOf(stage, world, arg(act, 'from'));
  return account.sendAs(stage, world, player, [to], 'm.secret.request', content, false);
};

/** Answers with the id of a request that somebody of its circle has seen. */
const answers: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const open = circleIn(stage, world, act.who)
    .flatMap(({ requests }) => requests)
    .findLast((one) => one.by === arg(act, 'to') && one.name === first(act));
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const content = { request_id: open?.requestId ?? 'guessed', secret: planted.secret };
  return after(planted.progress, (now) =>
    account.sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], 'm.secret.send', content, true),
  );
};

/** Any type that a proposal may name. A secret goes where `m.secret.push` has it too: its name and value as two fields. */
const sendsEvent: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const name = arg(act, 'secret');
  const said = contentIn(arg(act, 'content')) ?? {};
  const send = (now: World, content: JsonObject) =>
    account.sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], first(act), content, true);
  if (name === '') return send(world, said);
  const planted = account.secretToPlant(stage, world, act.who, name, arg(act, 'value'));
  return after(planted.progress, (now) => send(now, { ...said, name, secret: planted.secret }));
};

const signerOf = (act: Act): Signer | null => {
  const signer = arg(act, 'signed by');
  return signer === 'device' || signer === 'master' ? signer : null;
};

const createsBackup: Perform = (stage, world, act) =>
  act.args.of === undefined
    ? account.createBackup(stage, world, act.who, signerOf(act))
    : server.plantBackup(stage, world, act.who, userOf(stage, arg(act, 'of')), signerOf(act));

/** Whoever runs a server looks at what lies there; anybody else asks for it. */
const readsBackup: Perform = (stage, world, act) => {
  if (!runsServer(stage, attackerOf(world, act.who))) return account.readBackup(stage, world, act.who);
  return server
    .backupEntries(world, act.who)
    .reduce((before, sealed) => after(before, (now) => record(stage, now, act.who, sealed)), quiet(world));
};

const injects: Perform = (stage, world, act) => {
  if (isPointer(first(act)))
    return injectPointer(stage, world, act.who, arg(act, 'to'), arg(act, 'as'), first(act), arg(act, 'in'));
  if (first(act) === 'm.room_key')
    return injectRoomKey(stage, world, act.who, arg(act, 'to'), arg(act, 'as'), arg(act, 'in'));
  const planted = account.secretToPlant(stage, world, act.who, BACKUP_SECRET, arg(act, 'value'));
  const content = { name: BACKUP_SECRET, secret: planted.secret };
  return after(planted.progress, (now) =>
    queues.inject(now, act.who, arg(act, 'to'), arg(act, 'as'), first(act), content),
  );
};

const addsDevice: Perform = (stage, world, act) => {
  const user = userOf(stage, arg(act, 'to'));
  const only = arg(act, 'only');
  const added =
    only === ''
      ? server.addDevice(stage, world, act.who, user, first(act))
      : equivocation.addDeviceFor(stage, world, act.who, user, first(act), only);
  return arg(act, 'signed') === 'falsely'
    ? after(added, (now) => server.signFalsely(stage, now, act.who, user))
    : added;
};

const swapsIdentity: Perform = (stage, world, act) => {
  const user = userOf(stage, first(act));
  const victim = arg(act, 'for');
  return victim === ''
    ? server.swapIdentity(stage, world, act.who, user)
    : equivocation.swapIdentityFor(stage, world, act.who, user, victim);
};

const showsAccountData: Perform = (stage, world, act) => {
  const content = contentIn(arg(act, 'content'));
  return equivocation.showAccountData(
    world,
    act.who,
    arg(act, 'to'),
    addressOf(stage, world, arg(act, 'to')).user,
    first(act),
    content,
  );
};

/** The content that an argument spells as JSON; `null` when it spells none. */
const contentIn = (text: string): JsonObject | null => {
  if (text === '') return null;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error(`${text} is no content: was the scenario checked?`);
  return value;
};

/** Whoever is a person like others syncs as others do. */
const readsMail: Perform = (stage, world, act) => {
  const phone = pocketed(world, act.who);
  return phone === undefined
    ? account.readMail(stage, world, act.who)
    : driveDevice(stage, world, phone, (now) => {
        const device = now.devices[phone];
        if (device === undefined) throw new Error(`${phone} is no device`);
        return { store: device.store, outs: [syncRequest(device)] };
      });
};

/** Verb → what it does when an attacker acts it. */
export const attackersActs: Readonly<Record<string, Perform>> = {
  ...roomActs,
  // --- as a device
  sync: readsMail,
  'log in as': (stage, world, act) => account.logInWithToken(stage, world, act.who, first(act)),
  'create backup': createsBackup,
  'delete backup': (stage, world, act) => account.deleteBackup(stage, world, act.who),
  'set account data': (stage, world, act) =>
    account.setAccountData(stage, world, act.who, first(act), contentIn(arg(act, 'content')) ?? {}),
  'read backup': readsBackup,
  'push secret': pushes,
  'send event': sendsEvent,
  'request secret': asksFor,
  'answer request': answers,
  'sign device': (stage, world, act) => signOwnDevice(stage, world, act.who),
  // --- on what waits at a server
  inject: injects,
  'rewrite sender': (stage, world, act) =>
    queues.rewriteSender(world, act.who, arg(act, 'to'), userOf(stage, first(act))),
  replay: (_stage, world, act) => queues.replayTo(world, act.who, arg(act, 'to'), first(act)),
  reorder: (_stage, world, act) => queues.reorder(world, act.who, first(act)),
  drop: (_stage, world, act) => queues.dropAll(world, act.who, first(act)),
  'hand on mail of': (_stage, world, act) => queues.handOn(world, act.who, first(act), arg(act, 'to')),
  'hold back': (_stage, world, act) => queues.holdBack(world, act.who, first(act)),
  release: (_stage, world, act) => queues.release(world, act.who, first(act)),
  // --- to everybody, or to one device alone
  'add device': addsDevice,
  'swap identity': swapsIdentity,
  'list master key of': (stage, world, act) => pairing.listMasterKey(stage, world, act.who, userOf(stage, first(act))),
  'lend key of': (stage, world, act) => pairing.lendKey(stage, world, act.who, first(act)),
  'swap keys of': (stage, world, act) =>
    pairing.swapKeys(stage, world, act.who, first(act), arg(act, 'lie') === 'half' ? 'half' : 'whole'),
  'swap entries of': (stage, world, act) => pairing.swapEntries(world, act.who, userOf(stage, first(act))),
  'hide device': (_stage, world, act) => equivocation.hideDevice(world, act.who, first(act), arg(act, 'from')),
  'show device': (_stage, world, act) => equivocation.showDevice(world, act.who, first(act), arg(act, 'to')),
  'swap one-time key': (_stage, world, act) =>
    equivocation.swapOneTimeKey(
      world,
      act.who,
      first(act),
      arg(act, 'for'),
      arg(act, 'by') === 'copy' ? 'copy' : 'own',
    ),
  'hide backup': (_stage, world, act) => equivocation.hideBackup(world, act.who, first(act)),
  'show backup': (_stage, world, act) => equivocation.showBackup(world, act.who, first(act)),
  'exhaust one-time keys': (stage, world, act) =>
    server.exhaustOneTimeKeys(stage, world, act.who, first(act), arg(act, 'fallback') !== 'gone'),
  'claim one-time keys of': (stage, world, act) => {
    const player = deviceOf(world, act.who);
    return player === undefined ? quiet(world) : claimsKeys(stage, world, { ...act, who: player });
  },
  'give backup number again': (stage, world, act) => server.giveNumberAgain(world, act.who, userOf(stage, first(act))),
  'bring back backup': (stage, world, act) => server.bringBackBackup(world, act.who, userOf(stage, first(act))),
  'show entries': (_stage, world, act) =>
    equivocation.showEntries(world, act.who, arg(act, 'to'), first(act) === 'old' ? 'old' : 'none'),
  'show account data': showsAccountData,
  'tell the truth': (_stage, world, act) => equivocation.tellTheTruth(world, act.who, first(act)),
};
