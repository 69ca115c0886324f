/**
 * What an attacker may do next, from what it is, has and knows: acts as a story would spell them, in a fixed order. Only what
 * would change something is offered.
 *
 * Some moves open many ways of which few are new: lies told to one device alone, letters held back by whoever could drop them,
 * signatures on backups. An attacker makes those by itself only where its budget names them (`budget: { moves: 2, hide device: 1 }`).
 */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { objectAt } from '../../machines/json.ts';
import { userOf } from '../engine/acting.ts';
import type { Attacker } from '../engine/attacker.ts';
import { ownerIn } from '../engine/player.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { hasNews } from '../homeserver/index.ts';
import {
  accountDataTypes,
  backupEntries,
  currentBackupKey,
  deviceKeys,
  nextOneTimeKey,
  queueLength,
} from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { canBuild, knownSecret, signingKeyOf } from './building.ts';
import { about, isVeiled } from './equivocation.ts';
import { addressOf, deviceOf } from './forging.ts';
import { addressed, circleIn, runsServer, sealedId } from './knowledge.ts';
import { act, named, type Offers, targets } from './offering.ts';
import { openSealed } from './opening.ts';
import { entriesOf } from './overhear.ts';
import { withheldFrom } from './queues.ts';
import { shareType, strayIdsFor } from './shares.ts';

/** A secret name with no public half to be tested against. */
const untested = 'org.example.notes';

// --- as a device -----------------------------------------------------------------------------------

export const withToken: Offers = (stage, world, attacker) =>
  deviceOf(world, attacker.name) === undefined
    ? [act(attacker, 'log in as', { 'log in as': 'tablet' })]
    : asClient(stage, world, attacker);

/** Everything a client can be made to do. */
export const asClient: Offers = (stage, world, attacker) => [
  ...withBackups(stage, world, attacker),
  ...asDevice(stage, world, attacker),
];

/** What takes a device and no more: pushes, requests, answers, signatures. */
export const asDevice: Offers = (stage, world, attacker) => {
  const player = deviceOf(world, attacker.name);
  const store = player === undefined ? undefined : world.devices[player]?.store;
  const server = store === undefined ? undefined : world.servers[store.me.server];
  if (store === undefined || server === undefined) return [];
  const { user, device } = store.me;
  return [
    ...targets(stage, world, attacker).flatMap((to) => lettersTo(stage, world, attacker, user, to)),
    ...(canSign(stage, world, attacker, user) && !isSigned(stage, world, attacker, server, user, device)
      ? [act(attacker, 'sign device')]
      : []),
    ...(hasNews(server, user, device, store.nextBatch) ? [act(attacker, 'sync')] : []),
  ];
};

/** What a client can write to one device. */
const lettersTo = (stage: Stage, world: World, attacker: Attacker, user: string, to: PlayerId): readonly Act[] => {
  return [
    act(attacker, 'push secret', { 'push secret': BACKUP_SECRET, to }),
    ...strayIdsFor(stage, to).map((stray) =>
      act(attacker, 'push secret', { 'push secret': BACKUP_SECRET, to, 'request id': stray }),
    ),
    act(attacker, 'push secret', { 'push secret': untested, to }),
    act(attacker, 'request secret', { 'request secret': BACKUP_SECRET, from: to }),
    ...(canSign(stage, world, attacker, user)
      ? []
      : named(world, attacker, 'request secret', { 'request secret': 'm.cross_signing.self_signing', from: to })),
    ...circleIn(stage, world, attacker.name)
      .flatMap(({ requests }) => requests)
      .filter(({ by }) => by === to)
      .map((asked) => act(attacker, 'answer request', { 'answer request': asked.name, to })),
  ];
};

/** What a client can do to a backup. A server has other ways. */
const withBackups: Offers = (stage, world, attacker) => {
  const user = world.devices[deviceOf(world, attacker.name) ?? '']?.store.me.user;
  const server = world.servers[attacker.server];
  if (server === undefined || user === undefined) return [];
  return [
    ...creations(stage, world, attacker, user, {}),
    ...(currentBackupKey(server, user) === null ? [] : [act(attacker, 'delete backup')]),
    ...(wouldTeach(stage, world, attacker, server, user) ? [act(attacker, 'read backup')] : []),
  ];
};

/** A backup version of its own; signed too, where it has a key that counts and its budget names the move. */
const creations = (stage: Stage, world: World, attacker: Attacker, user: string, args: Act['args']): readonly Act[] => {
  const signers = [
    ...(canSign(stage, world, attacker, user) ? ['device'] : []),
    ...(canBuild(stage, world, attacker.name, { build: 'signature', with: 'master', user }) ? ['master'] : []),
  ];
  return [
    act(attacker, 'create backup', args),
    ...signers.flatMap((signer) => named(world, attacker, 'create backup', { ...args, 'signed by': signer })),
  ];
};

const canSign = (stage: Stage, world: World, attacker: Attacker, user: string): boolean =>
  canBuild(stage, world, attacker.name, { build: 'signature', with: 'self_signing', user }) ||
  (runsServer(stage, attacker) && canBuild(stage, world, attacker.name, { build: 'signature', with: 'master', user }));

/** Whether its device bears the signature that it could make. */
const isSigned = (
  stage: Stage,
  world: World,
  { name }: Attacker,
  server: Homeserver,
  user: string,
  device: string,
): boolean => {
  const key = signingKeyOf(stage, world, name, user, 'self_signing');
  const signatures = objectAt(objectAt(deviceKeys(server, user, device), 'signatures'), user);
  return key !== null && signatures[`ed25519:${key.public}`] !== undefined;
};

/** Whether the backup holds what an attacker could open and does not know, or may keep for those it shares with. */
const wouldTeach = (stage: Stage, world: World, attacker: Attacker, server: Homeserver, user: string): boolean => {
  const circle = circleIn(stage, world, attacker.name);
  const secret = knownSecret(stage, world, attacker.name, BACKUP_SECRET);
  const fits = secret !== null && stage.suite.backupPublic(secret) === currentBackupKey(server, user);
  if (!fits && circle.length === 1) return false;
  return entriesOf(objectAt(backupEntries(server, user), 'rooms')).some((entry) => {
    if (!fits) return !circle.some(({ hoard }) => Object.hasOwn(hoard, sealedId(entry)));
    const inside = openSealed(stage.suite, secret, entry);
    return inside !== null && !attacker.knows.some(({ term }) => term === inside.term);
  });
};

// --- at a server -----------------------------------------------------------------------------------

/** Everything a homeserver can do to its users behind their backs, and to their devices through a ghost of its own. */
export const asServer: Offers = (stage, world, attacker) => {
  const devices = targets(stage, world, attacker);
  const users = [...new Set(devices.map(ownerIn))];
  const server = world.servers[attacker.server];
  return [
    ...(deviceOf(world, attacker.name) === undefined
      ? users.map((to) => act(attacker, 'add device', { 'add device': 'ghost', to }))
      : asDevice(stage, world, attacker)),
    ...users.map((user) => act(attacker, 'swap identity', { 'swap identity': user })),
    ...users.flatMap((user) =>
      server?.users[userOf(stage, user)]?.backup.deleted === undefined
        ? []
        : named(world, attacker, 'bring back backup', { 'bring back backup': user }),
    ),
    ...users.flatMap((of) => creations(stage, world, attacker, userOf(stage, of), { 'create backup': 'mine', of })),
    ...devices.flatMap((to) => doneTo(stage, world, attacker, to)),
  ];
};

/** What a homeserver can do to one device. */
const doneTo = (stage: Stage, world: World, attacker: Attacker, to: PlayerId): readonly Act[] => {
  const server = world.servers[attacker.server];
  if (server === undefined) return [];
  const { user, device } = addressOf(world, to);
  const waiting = queueLength(server, user, device);
  const siblings = targets(stage, world, attacker).filter((other) => other !== to && ownerIn(other) === ownerIn(to));
  const seen = attacker.recorded[addressed(user, device)]?.length ?? 0;
  const strangers = stage.scenario.cast.users.map((user) => user.name).filter((one) => one !== ownerIn(to));
  return [
    ...siblings.map((as) => act(attacker, 'inject', { inject: shareType(stage, to), to, as })),
    ...(seen > 0 ? [act(attacker, 'replay', { replay: 'm.room.encrypted', to })] : []),
    ...(waiting > 1 ? [act(attacker, 'reorder', { reorder: to })] : []),
    ...(waiting > 0
      ? [
          act(attacker, 'drop', { drop: to }),
          ...named(world, attacker, 'hold back', { 'hold back': to }),
          ...strangers.map((stranger) => act(attacker, 'rewrite sender', { 'rewrite sender': stranger, to })),
        ]
      : []),
    ...released(world, attacker, to),
    isVeiled(world, to, about.backupVersion)
      ? act(attacker, 'show backup', { 'show backup': to })
      : act(attacker, 'hide backup', { 'hide backup': to }),
    ...liesTo(world, attacker, server, to, siblings),
  ];
};

/** What can be told to one device alone. */
const liesTo = (
  world: World,
  attacker: Attacker,
  server: Homeserver,
  to: PlayerId,
  siblings: readonly PlayerId[],
): readonly Act[] => {
  const { user } = addressOf(world, to);
  const owner = ownerIn(to);
  const ghost = deviceOf(world, attacker.name);
  const olm = world.devices[to]?.store.olm ?? {};
  const ofSiblings = siblings.flatMap((other) => {
    const { device } = addressOf(world, other);
    const key = world.devices[other]?.store.account.curve25519.public ?? '';
    // Once there is a session nobody claims a key for another.
    const claims = (olm[key] ?? []).length === 0 && !isVeiled(world, to, about.oneTimeKeys(other));
    const keys = claims && nextOneTimeKey(server, user, device) !== null ? ['copy'] : [];
    return [
      ...(isVeiled(world, to, about.hidden(other))
        ? [act(attacker, 'show device', { 'show device': other, to })]
        : named(world, attacker, 'hide device', { 'hide device': other, from: to })),
      ...[...(claims && ghost !== undefined ? ['own'] : []), ...keys].flatMap((by) =>
        named(world, attacker, 'swap one-time key', { 'swap one-time key': other, for: to, by }),
      ),
    ];
  });
  return [
    ...ofSiblings,
    ...(siblings.length === 0 || isVeiled(world, to, about.identity(user))
      ? []
      : named(world, attacker, 'swap identity', { 'swap identity': owner, for: to })),
    ...(isVeiled(world, to, about.backupEntries)
      ? []
      : ['none', 'old'].flatMap((which) => named(world, attacker, 'show entries', { 'show entries': which, to }))),
    ...accountDataTypes(server, user)
      .filter((type) => !isVeiled(world, to, about.accountData(type)))
      .flatMap((type) => named(world, attacker, 'show account data', { 'show account data': type, to })),
    ...(world.veils.some((veil) => veil.player === to && veil.about !== about.backupVersion)
      ? [act(attacker, 'tell the truth', { 'tell the truth': to })]
      : []),
  ];
};

const released = (world: World, attacker: Attacker, to: PlayerId): readonly Act[] =>
  withheldFrom(world, attacker.name, to).length > 0 ? [act(attacker, 'release', { release: to })] : [];

/** Whoever sits on the wire can make letters and requests late, and change none. */
export const onTheWire: Offers = (stage, world, attacker) => {
  const server = world.servers[attacker.server];
  if (server === undefined) return [];
  return targets(stage, world, attacker).flatMap((to) => {
    const { user, device } = addressOf(world, to);
    return [
      ...(queueLength(server, user, device) > 0 ? [act(attacker, 'hold back', { 'hold back': to })] : []),
      ...released(world, attacker, to),
      ...(world.troubles.some(({ player }) => player === to)
        ? []
        : [act(attacker, 'fail', { fail: 'sendToDevice', for: to })]),
    ];
  });
};
