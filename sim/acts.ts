/** What each verb of a story does. One entry a verb; the loop knows none of them. */
import { newDevice, restart, syncRequest } from '../machines/core/device.ts';
import { ownDeviceKeys } from '../machines/core/own-keys.ts';
import { type JsonObject, stringAt } from '../machines/json.ts';
import { paths } from '../machines/paths.ts';
import type { DeviceEvent } from '../machines/types.ts';
import * as account from './attackers/account.ts';
import { attackerOf, openBackupEntries } from './attackers/knowledge.ts';
import * as server from './attackers/server.ts';
import { driveDevice, tellDevice } from './loop.ts';
import { call } from './network.ts';
import { deviceId, type Stage, userId } from './stage.ts';
import type { Act, PlayerId } from './types.ts';
import { after, noting, type Progress, quiet, type Trouble, type World, withDevice } from './world.ts';

type Perform = (stage: Stage, world: World, act: Act) => Progress;

const arg = (act: Act, name: string): string => stringAt(act.args, name) ?? '';
const first = (act: Act): string => arg(act, act.verb);
const tells =
  (event: (act: Act) => DeviceEvent): Perform =>
  (stage, world, act) =>
    tellDevice(stage, world, act.who, event(act));

/** The user id of a cast member, of an attacker's account, or of the user an attacker lives off. */
const userOf = (stage: Stage, name: string): string => {
  const user = stage.scenario.cast.users.find((one) => one.name === name.split('.')[0]);
  if (user !== undefined) return userId(user.name, user.server);
  return userId(name, stage.scenario.cast.servers[0] ?? 'example.org');
};

const addressOf = (stage: Stage, world: World, player: PlayerId) => {
  const me = world.devices[player]?.store.me;
  return { user: me?.user ?? userOf(stage, player), device: me?.device ?? deviceId(player.split('.')[1] ?? '') };
};

/** A device syncs: one request, then whatever follows from what it brought. */
export const syncs = (stage: Stage, world: World, player: PlayerId): Progress =>
  driveDevice(stage, world, player, (now) => {
    const device = now.devices[player];
    if (device === undefined) throw new Error(`${player} is no device`);
    return { store: device.store, outs: [syncRequest(device)] };
  });

/** Two devices of one user verify each other out of band: each is shown the other's true keys. */
export const verifies = (
  stage: Stage,
  world: World,
  verifier: PlayerId,
  verified: PlayerId,
  secrets: boolean,
): Progress => {
  const one = world.devices[verifier];
  const other = world.devices[verified];
  if (one === undefined || other === undefined)
    throw new Error(`${verifier} cannot verify ${verified}: one of them is no device`);
  const master = one.store.users[one.store.me.user]?.identity.pinned;
  const keys = ownDeviceKeys(stage.envOf(verified), other.store);
  const signed = tellDevice(stage, world, verifier, { type: 'user.verifies', device: other.store.me.device, keys });
  if (master == null) return signed;
  const bundle = secrets ? one.store.secrets : {};
  return after(signed, (now) => tellDevice(stage, now, verified, { type: 'user.verified', master, secrets: bundle }));
};

const logsIn: Perform = (stage, world, act) => {
  const cast = stage.scenario.cast.users.find(({ name }) => name === act.who);
  if (cast === undefined) throw new Error(`${act.who} is no user of the cast`);
  return logIn(stage, world, cast.name, cast.server, first(act));
};

/** A person logs in a device of their own with their password. */
export const logIn = (stage: Stage, world: World, user: string, at: string, name: string): Progress => {
  const player = `${user}.${name}`;
  const body = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user },
    password: passwordOf(user),
    device_id: deviceId(name),
  };
  const logged = call(stage, world, player, at, { accessToken: null, method: 'POST', path: paths.login, body });
  const accessToken = stringAt(logged.answer?.body, 'access_token');
  if (accessToken === undefined) return logged;
  const device = newDevice(stage.envOf(player), {
    user: userId(user, at),
    device: deviceId(name),
    server: at,
    accessToken,
  });
  return after({ world: withDevice(logged.world, player, device), moments: logged.moments }, (now) =>
    tellDevice(stage, now, player, { type: 'user.start', users: [userId(user, at)] }),
  );
};

/** Passwords of simulated people; nobody guesses them here. */
export const passwordOf = (user: string): string => `password of ${user}`;

const logsOut: Perform = (stage, world, act) => {
  const me = world.devices[act.who]?.store.me;
  if (me === undefined) return quiet(world);
  const done = call(stage, world, act.who, me.server, {
    accessToken: me.accessToken,
    method: 'POST',
    path: paths.logout,
    body: {},
  });
  const { [act.who]: _gone, ...devices } = done.world.devices;
  return { world: { ...done.world, devices }, moments: done.moments };
};

/** A person removes a device of theirs, re-authenticating with their password. */
const removes: Perform = (stage, world, act) => {
  const by = Object.keys(world.devices).find((player) => player.startsWith(`${act.who}.`) && player !== first(act));
  const me = by === undefined ? undefined : world.devices[by]?.store.me;
  if (by === undefined || me === undefined) return quiet(world);
  const { device } = addressOf(stage, world, first(act));
  const auth = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: act.who },
    password: passwordOf(act.who),
  };
  const done = call(stage, world, by, me.server, {
    accessToken: me.accessToken,
    method: 'DELETE',
    path: paths.device(device),
    body: { auth },
  });
  return { world: done.world, moments: done.moments };
};

const restarts: Perform = (stage, world, act) => {
  const device = world.devices[act.who];
  if (device === undefined) throw new Error(`${act.who} is no device`);
  const again = noting(quiet(withDevice(world, act.who, restart(stage.envOf(act.who), device))), {
    kind: 'restarted',
    player: act.who,
  });
  return after(again, (now) => tellDevice(stage, now, act.who, { type: 'user.start', users: [device.store.me.user] }));
};

const goesOffline: Perform = (_stage, world, act) =>
  noting(quiet({ ...world, offline: [...world.offline.filter((one) => one !== act.who), act.who] }), {
    kind: 'fault',
    player: act.who,
    fault: 'goes offline',
  });
const comesOnline: Perform = (_stage, world, act) =>
  noting(quiet({ ...world, offline: world.offline.filter((one) => one !== act.who) }), {
    kind: 'fault',
    player: act.who,
    fault: 'comes online',
  });

const arms =
  (how: 'fail' | 'lose' | 'repeat'): Perform =>
  (_stage, world, act) =>
    quiet({ ...world, troubles: [...world.troubles, { player: arg(act, 'for'), endpoint: first(act), how }] });

/** Trouble with whatever this device asks next, of the homeserver as a whole. */
const troubles =
  (how: Trouble['how']): Perform =>
  (_stage, world, act) =>
    quiet({ ...world, troubles: [...world.troubles, { player: act.who, endpoint: '/', how }] });

const losesSync: Perform = (stage, world, act) =>
  syncs(
    stage,
    { ...world, troubles: [...world.troubles, { player: act.who, endpoint: '/sync', how: 'lose' }] },
    act.who,
  );

// --- attackers -------------------------------------------------------------------------------------

/** `value: known` hands on the real secret; otherwise the attacker plants one of its own making. */
const pushes: Perform = (stage, world, act) => {
  const player = account.deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const type = stage.dials.everyone.identifiers === 'unstable' ? 'io.element.msc4385.secret.push' : 'm.secret.push';
  return after(planted.progress, (now) =>
    account.sendAs(
      stage,
      now,
      player,
      addressOf(stage, now, arg(act, 'to')),
      type,
      { name: first(act), secret: planted.secret },
      true,
    ),
  );
};

const asksFor: Perform = (stage, world, act) => {
  const player = account.deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const content: JsonObject = {
    action: 'request',
    name: first(act),
    request_id: `${act.who}.1`,
    requesting_device_id: addressOf(stage, world, player).device,
  };
  return account.sendAs(
    stage,
    world,
    player,
    addressOf(stage, world, arg(act, 'from')),
    'm.secret.request',
    content,
    false,
  );
};

const answers: Perform = (stage, world, act) => {
  const player = account.deviceOf(world, act.who);
  const open = attackerOf(world, act.who).requests.findLast(
    (one) => one.by === arg(act, 'to') && one.name === first(act),
  );
  if (player === undefined) return quiet(world);
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const content = { request_id: open?.requestId ?? 'guessed', secret: planted.secret };
  return after(planted.progress, (now) =>
    account.sendAs(stage, now, player, addressOf(stage, now, arg(act, 'to')), 'm.secret.send', content, true),
  );
};

const createsBackup: Perform = (stage, world, act) => {
  if (world.devices[act.who] !== undefined) return tellDevice(stage, world, act.who, { type: 'user.create backup' });
  return act.args.of === undefined
    ? account.createBackup(stage, world, act.who)
    : server.plantBackup(stage, world, act.who, userOf(stage, arg(act, 'of')));
};

const deletesBackup: Perform = (stage, world, act) => {
  if (world.devices[act.who] !== undefined) return tellDevice(stage, world, act.who, { type: 'user.delete backup' });
  return account.deleteBackup(stage, world, act.who);
};

const readsBackup: Perform = (stage, world, act) =>
  account.deviceOf(world, act.who) === undefined
    ? openBackupEntries(
        stage,
        world,
        act.who,
        server.backupEntries(world, act.who, account.userOfAttacker(stage, world, act.who)),
      )
    : account.readBackup(stage, world, act.who);

const injects: Perform = (stage, world, act) => {
  const planted = account.secretToPlant(stage, world, act.who, 'm.megolm_backup.v1', arg(act, 'value'));
  return after(planted.progress, (now) =>
    server.inject(now, act.who, arg(act, 'to'), arg(act, 'as'), first(act), {
      name: 'm.megolm_backup.v1',
      secret: planted.secret,
    }),
  );
};

/** Verb → what it does. The verbs' arguments and who may act them are the scenario format's (`sim/scenario/verbs.ts`). */
export const acts: Readonly<Record<string, Perform>> = {
  settle: (_stage, world) => quiet(world), // the driver syncs everybody before this line
  sync: (stage, world, act) =>
    world.devices[act.who] === undefined ? account.readMail(stage, world, act.who) : syncs(stage, world, act.who),
  'create backup': createsBackup,
  'reset backup': tells(() => ({ type: 'user.reset backup' })),
  'delete backup': deletesBackup,
  'restore backup': tells(() => ({ type: 'user.restore backup' })),
  'check backup': tells(() => ({ type: 'user.check backup' })),
  verify: (stage, world, act) => verifies(stage, world, act.who, playerOf(act), false),
  'request secret': (stage, world, act) =>
    world.devices[act.who] === undefined
      ? asksFor(stage, world, act)
      : tellDevice(stage, world, act.who, { type: 'user.request secret', name: first(act) }),
  'push secret': (stage, world, act) =>
    world.devices[act.who] === undefined
      ? pushes(stage, world, act)
      : tellDevice(stage, world, act.who, { type: 'user.push secret', name: first(act) }),
  'answer request': answers,
  'start room key': tells((act) => ({ type: 'user.start room key', room: first(act) })),
  accept: tells(() => ({ type: 'user.accepts' })),
  refuse: tells(() => ({ type: 'user.refuses' })),
  'confirm sharing': tells(() => ({ type: 'user.confirms sharing' })),
  'decline sharing': tells(() => ({ type: 'user.declines sharing' })),
  restart: restarts,
  'go offline': goesOffline,
  'come online': comesOnline,
  'log out': logsOut,
  'log in as': (stage, world, act) =>
    world.attackers[act.who] === undefined
      ? logsIn(stage, world, act)
      : account.logInWithToken(stage, world, act.who, first(act)),
  remove: removes,
  fail: arms('fail'),
  'lose answer of': arms('lose'),
  repeat: arms('repeat'),
  'lose a sync': losesSync,
  'repeat a request': troubles('repeat'),
  'fail a request': troubles('fail'),
  'read backup': readsBackup,
  inject: injects,
  'rewrite sender': (stage, world, act) =>
    server.rewriteSender(world, act.who, arg(act, 'to'), userOf(stage, first(act))),
  replay: (_stage, world, act) => server.replayTo(world, act.who, arg(act, 'to'), first(act)),
  reorder: (_stage, world, act) => server.reorder(world, act.who, first(act)),
  drop: (_stage, world, act) => server.dropAll(world, act.who, first(act)),
  'add device': (stage, world, act) =>
    server.addDevice(stage, world, act.who, userOf(stage, arg(act, 'to')), first(act)),
  'swap identity': (stage, world, act) => server.swapIdentity(stage, world, act.who, userOf(stage, first(act))),
  'hide backup': (_stage, world, act) => server.hideBackup(world, act.who, first(act)),
  'show backup': (_stage, world, act) => server.showBackup(world, act.who, first(act)),
};

/** `verify: tablet` on `alice.laptop` means `alice.tablet`. */
const playerOf = (act: Act): PlayerId =>
  first(act).includes('.') ? first(act) : `${act.who.split('.')[0]}.${first(act)}`;
