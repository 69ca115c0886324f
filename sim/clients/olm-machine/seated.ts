/**
 * The production crypto library in a seat. What it is asked to do is done in the order in which matrix-js-sdk 43 does it; what is decided
 * in that layer and not by the library (whose bundle is waited for, which backup is used, when history is shared) is decided here.
 */
import { Attachment, EncryptedAttachment, LocalTrust } from '@matrix-org/matrix-sdk-crypto-wasm';
import { BACKUP_SECRET, MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Act, Hello, Origin, Recipient, ShownLetter, Told } from '../seat/client.ts';
import { shownKinds } from '../seat/client.ts';
import type { Sends, Waiting } from '../seat/turns.ts';
import { buildBundle, importHistory, pointAt } from './bundle.ts';
import { type Holding, noteKeys, noteSecrets, nothingHeld, originOf, readAgain, roomSeen, showsOf } from './holding.ts';
import { bootstrapIdentity, publishKeys } from './identity.ts';
import {
  ask,
  carry,
  deviceIdOf,
  type Exchange,
  lookUp,
  openSessions,
  pump,
  type RealMachine,
  startMachine,
  track,
  userIdOf,
} from './machine.ts';
import { type Among, giveRoomKey, roomIdOf, sendAmong } from './rooms.ts';
import { type Received, takeSync } from './sync.ts';
import { checkBackup, checkInbox, deleteBackups, makeBackup, restore, takeBackupKey, uploadKeys } from './upkeep.ts';

const pushTypes = ['io.element.msc4385.secret.push', 'm.secret.push'];

type Does = (holding: Holding, act: Act) => Promise<unknown>;

const text = (act: JsonObject, name: string): string => stringAt(act, name) ?? '';

/** A request of the layer above; refusals are for whoever reads the answers. */
const asks = async ({ machine }: Holding, request: Parameters<typeof ask>[1]): Promise<Json | null> => {
  const { response } = await ask(machine, request);
  return response.status === 200 ? response.body : null;
};

const changes =
  (change: string): Does =>
  (holding, act) => {
    const user = stringAt(act, 'user');
    const body = user === undefined ? {} : { user_id: user };
    return asks(holding, { method: 'POST', path: paths.membership(text(act, 'room'), change), body });
  };

const amongIn = (holding: Holding, room: string): Among => {
  const { members, history } = roomSeen(holding, room);
  const users = [...members].flatMap(([user, is]) => (is === 'join' || is === 'invite' ? [user] : []));
  return { room, users: users.length === 0 ? [holding.machine.userId] : users, history, sharing: 'all' };
};

const recipientsIn = (given: readonly Exchange[]): readonly Recipient[] =>
  given
    .filter(({ request }) => request.path.includes('/sendToDevice/m.room.encrypted/'))
    .flatMap(({ request }) =>
      Object.entries(objectAt(request.body ?? null, 'messages')).flatMap(([user, devices]) =>
        Object.keys(isObject(devices) ? devices : {}).map((device) => ({ user, device })),
      ),
    );

const noteGift = async (holding: Holding, { room, history }: Among, session: string, to: readonly Recipient[]) => {
  if (to.length === 0) return;
  const own = JSON.parse(await holding.machine.olm.exportRoomKeys((one) => one.sessionId === session)) as Json;
  const [key] = Array.isArray(own) ? own : [];
  const sharedHistory = isObject(key) && key['m.shared_history'] === true;
  const index = holding.sealed.get(session) ?? 0;
  holding.news.gifts.push({ room, sessionId: session, index, sharedHistory, visibility: history, to });
};

/** The layer above has nothing to say to whoever has given no room key yet: the key goes out with the first message. */
const sends: Does = async (holding, act) => {
  const among = amongIn(holding, text(act, 'room'));
  await track(holding.machine, among.users);
  await pump(holding.machine);
  const given = await giveRoomKey(holding.machine, among);
  await noteKeys(holding, { how: 'made' });
  const sent = await sendAmong(holding.machine, among, text(act, 'text'));
  const session = text(sent.content, 'session_id');
  await noteKeys(holding, { how: 'made' });
  await noteGift(holding, among, session, recipientsIn([...given, ...sent.given]));
  holding.sealed.set(session, (holding.sealed.get(session) ?? 0) + 1);
  await uploadKeys(holding);
};

const startsRoomKey: Does = async (holding, act) => {
  await giveRoomKey(holding.machine, amongIn(holding, text(act, 'room')));
  await noteKeys(holding, { how: 'made' });
  await uploadKeys(holding);
};

/** `shareRoomHistoryWithUser`, then the invitation. In a room that is closed now nothing is shared. */
const invites: Does = async (holding, act) => {
  const [room, user] = [text(act, 'room'), text(act, 'user')];
  if (['shared', 'world_readable'].includes(roomSeen(holding, room).history)) await shares(holding, room, user);
  await changes('invite')(holding, act);
};
const shares = async (holding: Holding, room: string, user: string): Promise<void> => {
  const { machine } = holding;
  // A device that its own user's identity has not signed shares nothing, and invites all the same.
  const own = await machine.olm.getDevice(userIdOf(machine.userId), deviceIdOf(machine.deviceId));
  if (own?.isCrossSignedByOwner() !== true) return;
  if (!holding.fetched.has(room) && holding.backup !== null) {
    await restore(holding, room);
    holding.fetched.add(room);
  }
  await track(machine, [user]);
  await lookUp(machine, [user]);
  const bundle = await buildBundle(machine, room);
  if (bundle === null) return;
  const opened = new TextDecoder().decode(
    Attachment.decrypt(new EncryptedAttachment(bundle.ciphertext.slice(), bundle.info)),
  );
  const { uri, pointers } = await pointAt(machine, room, user, bundle);
  const listed = (part: string): readonly JsonObject[] => {
    const { [part]: list } = objectAt({ bundle: JSON.parse(opened) as Json }, 'bundle');
    return Array.isArray(list) ? list.filter(isObject) : [];
  };
  holding.news.shares.push({
    room,
    user,
    url: uri ?? '',
    devices: recipientsIn(pointers).map(({ device }) => device),
    sessions: listed('room_keys').map((one) => text(one, 'session_id')),
    withheld: Object.fromEntries(listed('withheld').map((one) => [text(one, 'session_id'), text(one, 'code')])),
  });
};

/** Whoever asked them in is waited for from the join on. */
const joins: Does = async (holding, act) => {
  const room = text(act, 'room');
  if ((await asks(holding, { method: 'POST', path: paths.join(room), body: {} })) === null) return;
  const seen = roomSeen(holding, room);
  seen.members.set(holding.machine.userId, 'join');
  if (seen.inviter === null) return;
  holding.awaited.set(room, seen.inviter);
  await holding.machine.olm.storeRoomPendingKeyBundle(roomIdOf(room), userIdOf(seen.inviter));
  await track(holding.machine, [seen.inviter]);
  await lookUp(holding.machine, [seen.inviter]);
  await imports(holding);
};

/** Bundles that are waited for, as far as pointers to them came. What cannot be taken in is told, and waited for no longer. */
const imports = async (holding: Holding): Promise<void> => {
  for (const [room, inviter] of [...holding.awaited]) {
    const before = holding.keyOrigins.size;
    const taken = await importHistory(holding.machine, room, inviter).catch(() => 'none' as const);
    if (taken === null) continue;
    holding.awaited.delete(room);
    if (taken === 'none') continue;
    await noteKeys(holding, { how: 'bundle', user: inviter, device: null, room, url: taken.uri });
    const sessions = holding.keyOrigins.size - before;
    holding.news.imports.push({ room, user: inviter, url: taken.uri, sessions, withheld: 0 });
  }
};

const createsRoom: Does = async (holding, act) => {
  const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
  const rule = stringAt(act, 'joinRule');
  const allow = stringAt(act, 'allow');
  const rules = {
    join_rule: rule ?? 'invite',
    ...(allow === undefined ? {} : { allow: [{ type: 'm.room_membership', room_id: allow }] }),
  };
  const body = {
    name: text(act, 'name'),
    preset: 'private_chat',
    initial_state: [
      state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
      state('m.room.history_visibility', { history_visibility: text(act, 'history') }),
      ...(rule === undefined ? [] : [state('m.room.join_rules', rules)]),
    ],
  };
  const made = await asks(holding, { method: 'POST', path: paths.createRoom, body });
  const seen = roomSeen(holding, stringAt(made, 'room_id') ?? '');
  seen.history = text(act, 'history');
  seen.members.set(holding.machine.userId, 'join');
};

const setsHistory: Does = async (holding, act) => {
  const body = { history_visibility: text(act, 'visibility') };
  const path = paths.roomState(text(act, 'room'), 'm.room.history_visibility');
  await asks(holding, { method: 'PUT', path, body });
};

const scrollsBack: Does = async (holding, act) => {
  const room = text(act, 'room');
  const query = { dir: 'b', limit: '100' };
  const told = await asks(holding, { method: 'GET', path: paths.messages(room), query });
  const { chunk } = objectAt({ told }, 'told');
  keepEvents(holding, room, Array.isArray(chunk) ? chunk.filter(isObject) : []);
};

const resetsIdentity: Does = async ({ machine }, act) => {
  const made = await machine.olm.bootstrapCrossSigning(true);
  if (made.uploadKeysRequest !== undefined) await carry(machine, made.uploadKeysRequest);
  const body = { ...(JSON.parse(made.uploadSigningKeysRequest.body) as JsonObject), auth: objectAt(act, 'auth') };
  await ask(machine, { method: 'POST', path: paths.deviceSigningUpload, body });
  await carry(machine, made.uploadSignaturesRequest);
  await lookUp(machine, [machine.userId]);
};

const verifies: Does = async ({ machine }, act) => {
  await lookUp(machine, [machine.userId]);
  const device = await machine.olm.getDevice(userIdOf(machine.userId), deviceIdOf(text(act, 'device')));
  if (device === undefined) throw new Error(`it knows no device ${text(act, 'device')}`);
  // A verification ends with both: this device trusts the other at once, and its identity signs it.
  await device.setLocalTrust(LocalTrust.Verified);
  await carry(machine, await device.verify());
};

/** After the comparison: the identity is trusted, what came along is taken, and what did not is asked for. */
const isVerified: Does = async (holding, act) => {
  const { machine } = holding;
  await lookUp(machine, [machine.userId]);
  const secrets = objectAt(act, 'secrets');
  const [master, selfSigning, userSigning] = ['master', 'self_signing', 'user_signing'].map((name) =>
    stringAt(secrets, `m.cross_signing.${name}`),
  );
  if (master !== undefined && selfSigning !== undefined && userSigning !== undefined) {
    await machine.olm.importCrossSigningKeys(master, selfSigning, userSigning);
    const own = await machine.olm.getDevice(userIdOf(machine.userId), deviceIdOf(machine.deviceId));
    if (own !== undefined) await carry(machine, await own.verify());
  } else {
    const identity = await machine.olm.getIdentity(userIdOf(machine.userId));
    if (identity !== undefined) await carry(machine, await identity.verify());
  }
  await noteSecrets(holding, { how: 'verification' });
  await lookUp(machine, [machine.userId]);
  const backupKey = stringAt(secrets, BACKUP_SECRET);
  if (backupKey !== undefined) await takeBackupKey(holding, backupKey, { how: 'verification' });
  else await checkBackup(holding);
  await requests(holding, act);
};

const requests: Does = async ({ machine }) => {
  await machine.olm.requestMissingSecretsIfNeeded();
  await pump(machine);
};

const verifiesUser: Does = async ({ machine }, act) => {
  const user = text(act, 'user');
  await track(machine, [user]);
  await lookUp(machine, [user]);
  const identity = await machine.olm.getIdentity(userIdOf(user));
  if (identity === undefined) throw new Error(`it knows no identity of ${user}`);
  const keys = Object.values(objectAt(JSON.parse(identity.masterKey) as Json, 'keys'));
  if (!keys.includes(text(act, 'master'))) return;
  await carry(machine, await identity.verify());
};

const pushes: Does = async ({ machine }, act) => {
  await openSessions(machine, [machine.userId]);
  await machine.olm.pushSecretToVerifiedDevices(text(act, 'name'));
  await pump(machine);
};

const looksUp: Does = async ({ machine }, act) => {
  const users = Array.isArray(act.users) ? act.users.filter((one) => typeof one === 'string') : [];
  await track(machine, users);
  await lookUp(machine, users);
  await pump(machine);
};

/** By the names of acts (`machines/events.ts`, without `user.`); `look up` and `set up` have no person behind them. */
const acts: Readonly<Record<string, Does>> = {
  'look up': looksUp,
  'set up cross-signing': async (holding) => {
    await bootstrapIdentity(holding.machine);
    await noteSecrets(holding, { how: 'made' });
  },
  'reset cross-signing': async (holding, act) => {
    await resetsIdentity(holding, act);
    await noteSecrets(holding, { how: 'made' });
  },
  'create backup': makeBackup,
  'reset backup': async (holding) => {
    await deleteBackups(holding);
    await makeBackup(holding);
  },
  'delete backup': deleteBackups,
  'restore backup': async (holding) => {
    await checkBackup(holding);
    await restore(holding);
  },
  'check backup': checkBackup,
  'start room key': startsRoomKey,
  'request secret': requests,
  'push secret': pushes,
  verifies,
  verified: isVerified,
  'verifies user': verifiesUser,
  'create room': createsRoom,
  invite: invites,
  join: joins,
  send: sends,
  leave: changes('leave'),
  decline: changes('leave'),
  knock: (holding, act) => asks(holding, { method: 'POST', path: paths.knock(text(act, 'room')), body: {} }),
  kick: changes('kick'),
  ban: changes('ban'),
  unban: changes('unban'),
  'set history': setsHistory,
  'scroll back': scrollsBack,
};

export const olmMachineHello: Hello = {
  name: 'matrix-sdk-crypto-wasm',
  version: '18.9.0',
  acts: Object.keys(acts),
  shows: shownKinds,
};

const keepEvents = (holding: Holding, room: string, events: readonly JsonObject[]): void => {
  for (const event of events) {
    const id = text(event, 'event_id');
    if (event.type !== 'm.room.encrypted' || holding.events.has(id)) continue;
    holding.events.set(id, { room, event, read: null });
  }
};

const eventsIn = (data: unknown, part: string): readonly JsonObject[] => {
  const { events } = objectAt(data, part);
  return Array.isArray(events) ? events.filter(isObject) : [];
};

/** What a sync tells of rooms: who is in them, what they are like, what was said. */
const seeRooms = (holding: Holding, body: Json): void => {
  const own = holding.machine.userId;
  for (const section of ['join', 'invite', 'leave', 'knock'])
    for (const [room, data] of Object.entries(objectAt(objectAt(body, 'rooms'), section))) {
      const seen = roomSeen(holding, room);
      const events = ['state', 'invite_state', 'knock_state', 'timeline'].flatMap((part) => eventsIn(data, part));
      for (const event of events) {
        const content = objectAt(event, 'content');
        if (event.type === 'm.room.member') {
          const [user, is] = [text(event, 'state_key'), text(content, 'membership')];
          seen.members.set(user, is);
          if (user === own && is === 'invite') seen.inviter = text(event, 'sender');
        }
        if (event.type === 'm.room.history_visibility') seen.history = text(content, 'history_visibility');
      }
      keepEvents(holding, room, eventsIn(data, 'timeline'));
    }
};

const letterOf = ({ outcome, event, by, senderKey }: Received): ShownLetter => ({
  type: text(event, 'type'),
  sender: text(event, 'sender'),
  device: by,
  senderKey,
  content: objectAt(event, 'content'),
  sealed: outcome === 'decrypted' || outcome === 'undecryptable',
  opened: outcome === 'decrypted',
});

const syncs = async (holding: Holding, body: Json): Promise<void> => {
  const { received } = await takeSync(holding.machine, body);
  const letters = received.map(letterOf);
  holding.news.letters.push(...letters);
  const opened = letters.filter((one) => one.opened);
  const keyed = (type: string, how: 'room_key' | 'forwarded') =>
    opened
      .filter((one) => one.type === type)
      .map((one) => [text(one.content, 'session_id'), originOf(how, one)] as const);
  const origins = new Map([...keyed('m.room_key', 'room_key'), ...keyed('m.forwarded_room_key', 'forwarded')]);
  await noteKeys(holding, { how: 'export' }, origins);
  const answers = opened.filter(({ type }) => type === 'm.secret.send');
  const askedOf = answers.at(-1);
  if (askedOf !== undefined) await noteSecrets(holding, originOf('request', askedOf));
  const came = (secret: string): Origin => {
    const letter = opened.find((one) => text(one.content, 'secret') === secret);
    if (letter === undefined) return { how: 'request', user: holding.machine.userId, device: null };
    return originOf(pushTypes.includes(letter.type) ? 'push' : 'request', letter);
  };
  seeRooms(holding, body);
  await checkInbox(holding, came);
  await imports(holding);
  await readAgain(holding);
  await pump(holding.machine);
  await uploadKeys(holding);
};

type Seated = Waiting & { readonly held: () => Holding | null };

/** The production crypto library, seated: `send` carries what it wants sent. */
export const seatedMachine = (send: Sends): Seated => {
  let holding: Holding | null = null;
  const logIn = async (told: Extract<Told, { op: 'log in' }>): Promise<void> => {
    const carries: RealMachine['send'] = async ({ accessToken: _, ...request }) => {
      const published = request.path === paths.keysUpload ? objectAt(request.body ?? null, 'device_keys') : {};
      if (holding !== null && Object.keys(published).length > 0) holding.deviceKeys = published;
      return send(request);
    };
    const machine = await startMachine(carries, {
      userId: told.user,
      deviceId: told.device,
      accessToken: told.accessToken,
    });
    holding = nothingHeld(machine);
    await publishKeys(machine);
    await checkBackup(holding);
  };
  const nothing = { deviceKeys: null, master: null, secrets: [], backup: null, roomKeys: [], messages: [] };
  return {
    held: () => holding,
    shows: async () =>
      holding === null ? { ...nothing, letters: [], gifts: [], shares: [], imports: [] } : showsOf(holding),
    does: async (told) => {
      if (told.op === 'log in') await logIn(told);
      else if (holding === null) return 'it is not logged in';
      else if (told.op === 'sync') await syncs(holding, told.body);
      else if (told.op === 'restart') return 'in Node the library keeps nothing: it has no store to come up from';
      else {
        const does = Object.hasOwn(acts, told.act.act) ? acts[told.act.act] : undefined;
        if (does === undefined) return `it does not know ${told.act.act}`;
        await does(holding, told.act);
        await readAgain(holding);
      }
      return null;
    },
  };
};
