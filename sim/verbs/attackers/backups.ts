/** What attackers read in backups, and servers lie about them. */

import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { type JsonObject, objectAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { withBackupVersion } from '../../attackers/account.ts';
import { knownSecret } from '../../attackers/building.ts';
import { about, isVeiled, laid, lifted } from '../../attackers/equivocation.ts';
import { addressOf, asks, handOf, lied, serverOf } from '../../attackers/forging.ts';
import { circleIn, record, sealedId } from '../../attackers/knowledge.ts';
import { openSealed } from '../../attackers/opening.ts';
import { entriesOf } from '../../attackers/overhear.ts';
import type { Spot } from '../../attackers/spots.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import type { Sealed } from '../../engine/attacker.ts';
import { inTurn, quiet } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import type { Homeserver } from '../../homeserver/types.ts';
import { asClient, lyingServer } from '../actors.ts';
import { type Arg, device, oneOf, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { type Given, get, type Verb, verb } from '../verb.ts';

/** Whether the backup holds what an attacker could open and does not know, or may keep for those it shares with. */
const wouldTeach = ({ stage, world, attacker, server }: Spot): boolean => {
  const user = handOf(world, attacker.name)?.me.user;
  if (user === undefined) return false;
  const circle = circleIn(stage, world, attacker.name);
  const secret = knownSecret(stage, world, attacker.name, BACKUP_SECRET);
  const fits = secret !== null && stage.suite.backupPublic(secret) === tamper.currentBackupKey(server, user);
  if (!fits && circle.length === 1) return false;
  return entriesOf(objectAt(tamper.backupEntries(server, user), 'rooms')).some((entry) => {
    if (!fits) return !circle.some(({ hoard }) => Object.hasOwn(hoard, sealedId(entry)));
    const inside = openSealed(stage.suite, secret, entry);
    return inside !== null && !attacker.knows.some(({ term }) => term === inside.term);
  });
};

/** The entries of everybody's current backup, as the server holds them. */
const entriesAt = (server: Homeserver): readonly Sealed[] =>
  Object.keys(server.users)
    .sort()
    .flatMap((user) => entriesOf(objectAt(tamper.backupEntries(server, user), 'rooms')));

const reads = 'Fetches the backup, opens what its keys open, and keeps the rest.';
/** A server's operator looks at what lies there, and asks for nothing. */
export const readBackup = verb(
  'read backup',
  {
    by: asClient,
    text: reads,
    asks: [get('room_keys/keys')],
    isUsualMove: true,
    offers: { anywhere: (spot) => (wouldTeach(spot) ? [{}] : []) },
    does: (stage, world, { who }) =>
      withBackupVersion(stage, world, who, (now, player, version) =>
        asks(stage, now, player, 'GET', paths.backupKeys, { query: { version } }),
      ),
  },
  {
    by: lyingServer,
    text: reads,
    isUsualMove: true,
    does: (stage, world, { who }) =>
      inTurn(quiet(world), entriesAt(serverOf(world, who).server), (now, sealed) => record(stage, now, who, sealed)),
  },
);

const ofOne = (name: string, text: string, takes: Arg, does: Perform, more: Partial<Given> = {}): Verb =>
  verb(name, {
    by: lyingServer,
    text,
    takes,
    ofServer: [name],
    ...more,
    does,
  });

export const swapEntriesOf = ofOne(
  'swap entries of',
  "Files two room keys of a user's backup under each other's ids.",
  user,
  (stage, world, act) => {
    const user = userOf(stage, first(act));
    const { server } = serverOf(world, act.who);
    const swapped = tamper.swapBackupEntries(server, user);
    if (swapped === server) return quiet(world);
    const [before, after] = [tamper.backupEntries(server, user), tamper.backupEntries(swapped, user)];
    const what = `files two room keys in the backup of ${user} under each other's ids`;
    return lied(world, act.who, what, { server: swapped, before, after });
  },
);
export const giveBackupNumberAgain = ofOne(
  'give backup number again',
  'Forgets the number of the newest backup of a user: the next bears it again.',
  user,
  (stage, world, act) => {
    const user = userOf(stage, first(act));
    const { server } = serverOf(world, act.who);
    const uncounted = tamper.uncountingBackup(server, user);
    return uncounted === server
      ? quiet(world)
      : lied(world, act.who, `is to give ${user} the number of the newest backup version again`, { server: uncounted });
  },
);
export const hideBackup = ofOne(
  'hide backup',
  'Shows a device an older backup version, or none.',
  device,
  // The one before the current one, from now on.
  (_stage, world, act) => {
    const from = first(act);
    const older = tamper.previousBackup(serverOf(world, act.who).server, addressOf(world, from).user);
    const body: JsonObject = older ?? { errcode: 'M_NOT_FOUND', error: 'No current backup version' };
    const answer = { method: 'GET', path: paths.backupVersions, status: older === null ? 404 : 200, body };
    const veil = { player: from, about: about.backupVersion, ...answer };
    return lied(laid(world, veil), act.who, 'hides the newest backup version', { to: from, after: body });
  },
  {
    isUsualMove: true,
    offers: {
      device: ({ world, device }) => (isVeiled(world, device, about.backupVersion) ? [] : [{ 'hide backup': device }]),
    },
  },
);
export const showBackup = ofOne(
  'show backup',
  'Shows a device the newest backup version again.',
  device,
  (_stage, world, act) => {
    const to = first(act);
    return isVeiled(world, to, about.backupVersion)
      ? lied(lifted(world, to, about.backupVersion), act.who, 'shows the newest backup version again', { to })
      : quiet(world);
  },
  {
    isUsualMove: true,
    offers: {
      device: ({ world, device }) => (isVeiled(world, device, about.backupVersion) ? [{ 'show backup': device }] : []),
    },
  },
);
export const bringBackBackup = ofOne(
  'bring back backup',
  'Puts the backup version that a user deleted last back into their account.',
  user,
  // Without the keys that were in it.
  (stage, world, act) => {
    const user = userOf(stage, first(act));
    const { server } = serverOf(world, act.who);
    const back = tamper.bringBackBackup(server, user);
    return back === server
      ? quiet(world)
      : lied(world, act.who, `brings back the backup that ${user} deleted`, { server: back });
  },
  {
    offers: {
      user: ({ stage, server, user }) =>
        server.users[userOf(stage, user)]?.backup.deleted === undefined ? [] : [{ 'bring back backup': user }],
    },
  },
);

/** Entries of one room, and that of one session, as the server answers where there is none ("Server-side key backups"). */
const partsOfBackup = [
  { of: 'rooms', none: { status: 200, body: { sessions: {} } } },
  { of: 'sessions', none: { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'No room_keys found' } } },
];

export const showEntries = verb('show entries', {
  by: lyingServer,
  text: 'Shows a device no entries of the backup, or only the old ones.',
  takes: oneOf('none', 'old'),
  more: { to: device },
  ofServer: ['to'],
  offers: {
    device: ({ world, device: to }) =>
      isVeiled(world, to, about.backupEntries) ? [] : ['none', 'old'].map((which) => ({ 'show entries': which, to })),
  },
  // From now on: those that are there now, and none that come.
  does: (_stage, world, act) => {
    const [to, isOld] = [arg(act, 'to'), first(act) === 'old'];
    const truth = tamper.backupEntries(serverOf(world, act.who).server, addressOf(world, to).user);
    const body: JsonObject = isOld ? truth : { rooms: {} };
    const answer = { method: 'GET', path: paths.backupKeys, status: 200, body, parts: partsOfBackup };
    const what = isOld ? 'goes on showing the backup as it is now' : 'withholds the entries of the backup';
    const veiled = laid(world, { player: to, about: about.backupEntries, ...answer });
    return lied(veiled, act.who, what, { to, before: truth, after: body });
  },
});
