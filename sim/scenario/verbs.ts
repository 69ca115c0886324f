/**
 * Every verb of a story: who may act it, with which arguments. The validator, the JSON Schema, the completion and the
 * help are derived from this table; what a verb does is in `sim/verbs/acts.ts`. A further verb is one line here and one there.
 *
 * In a file the verb's own argument is its value and the others stand beside it: `{ push secret: NAME, to: DEVICE }`.
 * In an `Act` they keep these names: `args: { 'push secret': NAME, to: DEVICE }`.
 */

import { roles } from '../attackers/roles/index.ts';
import { poisons, pretences, strayIds } from '../attackers/words.ts';
import type { Role } from '../engine/role.ts';
import {
  accountData,
  clause,
  content,
  copy,
  device,
  eventType,
  history,
  inRoom,
  newDevice,
  oneOf,
  optional,
  ownDevice,
  reading,
  room,
  secret,
  text,
  user,
  word,
} from './arguments.ts';
import { mailVerbs } from './mail-verbs.ts';
import { operatorVerbs } from './operator-verbs.ts';
import { identifierForms } from './options.ts';
import { pairingVerbs } from './pairing-verbs.ts';
import { joinRules, visibilities } from './rooms.ts';
import { type Actor, type Verb, verb } from './verb.ts';

export type { Actor, Verb };

/** Attackers that are people like others, with a device that runs as everybody's does. */
const playing = (is: (role: Role) => boolean): readonly Actor[] => roles.filter(is).map(({ plays }) => plays);
const ordinary = playing(({ account }) => account === 'ordinary');
/** People act with the first of their devices that is there. */
const people: readonly Actor[] = ['device', 'person', ...ordinary];
const devices: readonly Actor[] = ['device', ...ordinary];

/** Attackers that act as a device: a stolen one, one they logged in, one of their own, one they made up. */
const asDevice = playing(({ sits, isSloppy }) => sits !== 'on the wire' && !isSloppy);
/** The same, where a server has another way of its own. */
const asClient = playing(({ sits, isSloppy }) => sits === 'outside' && !isSloppy);
const server = playing(({ sits }) => sits === 'at the server');
/** Whoever sits at a server, whether or not they run it. */
const wire = playing(({ sits }) => sits !== 'outside');
const signer = optional(oneOf('device', 'master'));
const poisonKind = oneOf(...poisons);

export const verbs: readonly Verb[] = [
  // A device, and the person who holds it.
  verb('sync', ['device'], 'Asks the server for news, and acts on what came.'),
  verb('create backup', ['device'], 'Makes a backup key and a backup version.'),
  verb('reset backup', devices, 'Deletes the backup, and makes a new one with a new key.'),
  verb('delete backup', ['device'], 'Deletes the backup.'),
  verb('restore backup', devices, 'Fetches the backup, and keeps the room keys it opens.'),
  verb('check backup', devices, 'Looks up which backup there is, and whether to trust it.'),
  verb('turn backup on', ['device'], 'Its person turns key backup on: the one there is, or a new one.'),
  verb('turn backup off', ['device'], 'Its person turns key backup off.'),
  verb(
    'set account data',
    ['device', 'stolen-token', 'stolen-device'],
    'Writes account data of a type, as another client of the user would.',
    accountData,
    { content: content },
  ),
  verb('verify', ['device'], 'Verifies another own device and signs it; both take part.', ownDevice),
  verb('verify user', ['device'], 'Compares identities with somebody else, and signs theirs; both take part.', user),
  verb('request secret', ['device'], 'Asks the own devices for a secret.', secret),
  verb('push secret', ['device'], 'Shares a secret it holds, once more.', secret),
  verb('enter secret', ['device'], 'Its person types in a secret of that name.', secret, {
    value: word('what it says', 'a new key'),
  }),
  verb('start room key', devices, 'Begins a room key, which goes to the backup.', room),
  verb('accept', devices, 'Its person accepts what the open prompt asks.'),
  verb('refuse', devices, 'Its person refuses what the open prompt asks.'),
  verb('confirm sharing', devices, 'Its person agrees to share the secret asked for.'),
  verb('decline sharing', devices, 'Its person declines to share the secret asked for.'),
  verb('restart', devices, 'The client stops and starts: the store stays, what was open does not.'),
  verb('copy', devices, 'Its person keeps a copy of all that the client stores, under a name.', copy),
  verb(
    'restore from copy',
    devices,
    'The client comes up from a copy of earlier: with old ratchets, pins and sync token.',
    copy,
  ),
  verb('update to', devices, 'The client is updated to another text of a proposal, or to none of it.', text),
  verb('start keeping', devices, 'The client is updated: from now on it goes by a clause.', clause),
  verb('stop keeping', devices, 'The client is updated: from now on it goes without a clause.', clause),
  verb('start reading', devices, 'The client is updated: from now on it reads a question that way.', reading),
  verb(
    'use names',
    devices,
    'The client is updated: from now on it uses these names on the wire.',
    oneOf(...identifierForms),
  ),
  verb('go offline', devices, 'Reaches no server until it comes online.'),
  verb('come online', devices, 'Reaches its server again.'),
  verb(
    'reset cross-signing',
    ['device'],
    'Its person makes a new identity, with their password, that signs this device alone.',
  ),
  verb('log out', devices, 'Logs out; the device is gone.'),
  verb('log in as', ['person'], 'Logs in a new device with their password.', newDevice),
  verb('remove', ['person'], 'Removes a device of theirs, re-authenticating.', ownDevice),
  verb('settle', ['everyone'], 'All sync and servers send until nobody has news.'),
  verb('wait', ['everyone'], 'Time passes; what falls due on the way happens.', { is: 'duration' }),

  // A person in rooms, by a device or by whichever of theirs is at hand.
  verb(
    'create room',
    people,
    'Makes an encrypted room of that name.',
    { is: 'new room' },
    {
      history: optional(history),
      'join rule': optional(oneOf(...joinRules)),
      allow: optional(inRoom),
    },
  ),
  verb('send', people, 'Says something in a room.', word('what is said', 'hello'), { in: inRoom }),
  verb('invite', people, 'Asks a user into a room.', user, { to: inRoom }),
  ...mailVerbs(people),
  verb('join', people, 'Joins a room: asked in, or open to all.', inRoom),
  verb('leave', people, 'Leaves a room.', inRoom),
  verb('decline', people, 'Declines to join a room.', inRoom),
  verb('knock', people, 'Asks to be let into a room.', inRoom),
  verb('kick', people, 'Puts a user out of a room.', user, { from: inRoom }),
  verb('ban', people, 'Puts a user out of a room for good.', user, { from: inRoom }),
  verb('unban', people, 'Lets a banned user be asked in again.', user, { from: inRoom }),
  verb('set history', people, 'Sets who may read what was said in a room.', history, { in: inRoom }),
  verb('confirm invite', people, 'Goes on with an invitation that the client asked about.', inRoom),
  verb('take back invite', people, 'Drops an invitation that the client asked about.', inRoom),
  verb('scroll back', people, 'Looks at what was said in a room before it was there.', inRoom),
  verb('export room keys', people, 'Writes the room keys it has to a file.'),
  verb('import room keys', people, 'Reads a file of room keys that another device exports.', device),
  verb('forward room keys', people, 'Forwards the room keys it has to another own device.', ownDevice),
  verb('sync with a gap', devices, 'Syncs, and of each room is told only the newest event.'),

  // Attackers who act as a device.
  verb('sync', asDevice, 'Reads the mail of the device it acts as.'),
  verb('log in as', ['stolen-token'], 'Logs in a device with the stolen token.', newDevice),
  verb('create backup', asClient, 'Makes a backup version of its own key in the account.', null, {
    'signed by': signer,
  }),
  verb('delete backup', asClient, 'Deletes the backup of the account.'),
  verb('push secret', asDevice, 'Pushes a secret: its own, the real one it knows, or an empty one.', secret, {
    to: device,
    value: optional(oneOf('own', 'known', 'empty')),
    'request id': optional(oneOf(...strayIds)),
  }),
  verb('request secret', asDevice, 'Asks a device for a secret.', secret, { from: device }),
  verb('answer request', asDevice, 'Answers a request it has seen.', secret, {
    to: device,
    value: optional(oneOf('own', 'known')),
  }),
  verb(
    'send event',
    asDevice,
    'Writes a device a letter of any type, sealed as its own: with this content, and with a secret of its own or the real one it knows.',
    eventType,
    {
      to: device,
      content: optional(content),
      secret: optional(secret),
      value: optional(oneOf('own', 'known')),
    },
  ),
  verb('read backup', asDevice, 'Fetches the backup, opens what its keys open, and keeps the rest.'),
  verb('poison', asClient, 'Points a user to a key bundle of its own making, and asks them into the room.', user, {
    in: inRoom,
    with: poisonKind,
    as: optional(device),
    times: optional({ is: 'count', max: 20 }),
  }),
  verb('point', asDevice, 'Points a user to a key bundle of its own making, and asks them nowhere.', user, {
    in: inRoom,
    with: poisonKind,
    as: optional(device),
    times: optional({ is: 'count', max: 20 }),
  }),
  verb(
    'send with keys of',
    asDevice,
    'Writes a letter under device keys that are not its own: a pointer to a false bundle of a room, or a false secret.',
    device,
    { to: device, in: optional(inRoom), lie: optional(oneOf(...pretences)) },
  ),
  verb(
    'give room key',
    asDevice,
    'Gives a device a room key of its own making, as whoever writes in a room does.',
    device,
    {
      in: inRoom,
      'under id of': optional(device),
    },
  ),
  verb(
    'forward room key',
    asDevice,
    "Forwards a room key of its own making, or a genuine one of a room that it holds, as that of a device's session.",
    device,
    { to: device, in: inRoom, 'key of': optional(inRoom), lie: optional(oneOf('no room')) },
  ),
  verb(
    'claim one-time keys of',
    [...asClient, 'device'],
    'Claims one-time keys of a device, each as whoever begins to write to it: so many, or until none is left.',
    device,
    { times: optional({ is: 'count', max: 20 }) },
  ),
  verb('sign device', asDevice, 'Cross-signs its device with the self-signing key of its user, if it knows that.'),

  // Whoever sits on the wire.
  verb('hold back', wire, 'Holds back what waits for a device.', device),
  verb('release', wire, 'Lets through what it held back, behind what came later.', device),

  // A server whose operator lies.
  verb('inject', server, 'Puts a cleartext event into a queue, showing the public keys of a device.', eventType, {
    to: device,
    as: device,
    value: optional(oneOf('own', 'known')),
    in: optional(inRoom),
  }),
  verb('rewrite sender', server, 'Names somebody else as the sender of what waits.', user, { to: device }),
  verb('replay', server, 'Delivers once more what it has seen go there.', eventType, { to: device }),
  verb('reorder', server, 'Reverses the order of what waits for a device.', device),
  verb('drop', server, 'Drops what waits for a device.', device),
  verb(
    'add device',
    server,
    'Lists a device that no person logged in, and runs it; only one device may be shown it.',
    newDevice,
    {
      to: user,
      only: optional(device),
      signed: optional(oneOf('falsely')),
    },
  ),
  verb(
    'swap identity',
    server,
    "Replaces a user's cross-signing identity by its own, for all or for one device.",
    user,
    {
      for: optional(device),
    },
  ),
  ...pairingVerbs(server),
  verb('hide device', server, 'Leaves a device out of the list that another is shown.', device, { from: device }),
  verb('show device', server, 'Lists a device again that it hid.', device, { to: device }),
  verb(
    'swap one-time key',
    server,
    "Gives one device a wrong one-time key of another: its own device's, or a copy of the one that the next to ask is given.",
    device,
    { for: device, by: optional(oneOf('own', 'copy')) },
  ),
  verb(
    'exhaust one-time keys',
    server,
    'Throws away the one-time keys of a device, and its fallback key where it says so.',
    device,
    { fallback: optional(oneOf('kept', 'gone')) },
  ),
  verb(
    'give backup number again',
    server,
    'Forgets the number of the newest backup of a user: the next bears it again.',
    user,
  ),
  verb('hide backup', server, 'Shows a device an older backup version, or none.', device),
  verb('show backup', server, 'Shows a device the newest backup version again.', device),
  verb('bring back backup', server, 'Puts the backup version that a user deleted last back into their account.', user),
  verb('show entries', server, 'Shows a device no entries of the backup, or only the old ones.', oneOf('none', 'old'), {
    to: device,
  }),
  verb('show account data', server, 'Shows a device other account data of a type, or none.', accountData, {
    to: device,
    content: optional(content),
  }),
  verb(
    'forge message',
    server,
    'Puts a message into a room as if a device had sent it.',
    word('what is said', 'hello'),
    {
      in: inRoom,
      as: device,
    },
  ),
  verb(
    'forge membership',
    server,
    'Says that a user is in a room or out of it, to all or to one device.',
    oneOf('join', 'leave', 'invite', 'ban'),
    { of: user, in: inRoom, for: optional(device) },
  ),
  verb(
    'forge history',
    server,
    'Says that somebody set who may read what was said, or set it to what no text knows; to all or to one device.',
    oneOf(...visibilities, 'unknown'),
    {
      in: inRoom,
      for: optional(device),
    },
  ),
  verb('hide membership', server, 'Tells a device nothing of how a user comes and goes in a room.', user, {
    in: inRoom,
    from: device,
  }),
  verb('replace media', server, 'Puts another file in the place of the latest.'),
  verb(
    'bend media',
    server,
    'Bends the latest file, unopened: a key bundle then says that its first key is of that device.',
    device,
    {
      in: inRoom,
    },
  ),
  verb('tell the truth', server, 'Tells a device no lie any more.', device),
  verb(
    'create backup',
    server,
    'Puts a backup version of its own key into an account.',
    optional(word('a name for it', 'mine')),
    {
      of: user,
      'signed by': signer,
    },
  ),

  verb(
    'plant room key',
    server,
    "Lays a room key of its own making into a backup, as that of a device's session, and as one that may be shared.",
    device,
    { of: user, in: inRoom },
  ),

  ...operatorVerbs(wire),
];

/** The verbs an actor of that kind may act. */
export const verbsOf = (actor: Actor): readonly Verb[] => verbs.filter(({ by }) => by.includes(actor));

/** Accidents that free play and random walks may cast in, each so many times at most. What each does is in `sim/engine/choices.ts`. */
export const faults: ReadonlyMap<string, string> = new Map([
  ['restart', 'A client stops and starts.'],
  ['lost answer', 'A sync is answered, and the answer never arrives.'],
  ['repeated request', 'A request is received twice.'],
  ['failed request', 'A request is answered with an error, and nothing is done.'],
  ['failed download', 'A download is answered with an error; it may be had later.'],
  ['offline', 'A device reaches no server for a while.'],
  ['limited sync', 'A sync tells of each room only the newest event.'],
  ['lost transaction', 'What one server sends another never arrives, and is sent no more.'],
  ['refused transaction', 'What one server sends another is refused, and waits on.'],
]);

/** What a budget can count: moves of any kind, and each verb by itself. */
export const budgetKinds = (plays: string): readonly string[] => [
  'moves',
  ...new Set(verbsOf(plays).map((one) => one.verb)),
];
