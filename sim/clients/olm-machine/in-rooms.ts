/**
 * The production crypto library in rooms, in the order in which matrix-js-sdk 43 does things. Whose bundle is waited for, and when history
 * is shared, is decided in that layer and not by the library: so it is here.
 */
import { Attachment, EncryptedAttachment } from '@matrix-org/matrix-sdk-crypto-wasm';
import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Act, Recipient } from '../seat/client.ts';
import { buildBundle, importHistory, pointAt } from './bundle.ts';
import { type Holding, noteKeys, roomSeen } from './holding.ts';
import { ask, deviceIdOf, type Exchange, lookUp, pump, track, userIdOf } from './machine.ts';
import { type Among, giveRoomKey, roomIdOf, sendAmong } from './rooms.ts';
import { restore, uploadKeys } from './upkeep.ts';

/** What is done for an act; what it comes to is not looked at. */
export type Does = (holding: Holding, act: Act) => Promise<unknown>;

export const text = (act: JsonObject, name: string): string => stringAt(act, name) ?? '';

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
  // Before anybody can read it: what is judged of a message goes by who has its key when it is sent.
  await sendAmong(holding.machine, among, text(act, 'text'), async (content, more) => {
    const session = text(content, 'session_id');
    await noteKeys(holding, { how: 'made' });
    await noteGift(holding, among, session, recipientsIn([...given, ...more]));
    holding.sealed.set(session, (holding.sealed.get(session) ?? 0) + 1);
  });
  await uploadKeys(holding);
};

const startsRoomKey: Does = async (holding, act) => {
  await giveRoomKey(holding.machine, amongIn(holding, text(act, 'room')));
  await noteKeys(holding, { how: 'made' });
  await uploadKeys(holding);
};

/** `shareRoomHistoryWithUser`, then the invitation. In a room that is closed now nothing is shared (`MatrixClient.invite`). */
const invites: Does = async (holding, act) => {
  const [room, user] = [text(act, 'room'), text(act, 'user')];
  if (!['invited', 'joined'].includes(roomSeen(holding, room).history)) await shares(holding, room, user);
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
export const imports = async (holding: Holding): Promise<void> => {
  for (const [room, inviter] of [...holding.awaited]) {
    const before = holding.keyOrigins.size;
    const taken = await importHistory(holding.machine, room, inviter).catch(() => 'none' as const);
    if (taken === null) continue;
    holding.awaited.delete(room);
    if (taken === 'none') continue;
    const device = holding.pointers.get(`${room} ${inviter}`) ?? null;
    await noteKeys(holding, { how: 'bundle', user: inviter, device, room, url: taken.uri });
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

/** Page by page, to the beginning of what the server shows; the bound is for one that never comes to an end. */
const scrollsBack: Does = async (holding, act) => {
  const room = text(act, 'room');
  let from: string | undefined;
  for (let page = 0; page < 50; page += 1) {
    const query = { dir: 'b', limit: '100', ...(from === undefined ? {} : { from }) };
    const told = await asks(holding, { method: 'GET', path: paths.messages(room), query });
    const { chunk, end } = objectAt({ told }, 'told');
    keepEvents(holding, room, Array.isArray(chunk) ? chunk.filter(isObject) : []);
    if (typeof end !== 'string' || end === from) return;
    from = end;
  }
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

/**
 * What a sync tells of rooms: who is in them, what they are like, what was said. Whatever changes about somebody else's membership ends the
 * room's session, unless they have joined (`RustCrypto.onRoomStateEvent`).
 */
export const seeRooms = async (holding: Holding, body: Json): Promise<void> => {
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
          if (user !== own && is !== 'join') await holding.machine.olm.invalidateGroupSession(roomIdOf(room));
          if (user === own && is === 'invite') seen.inviter = text(event, 'sender');
        }
        if (event.type === 'm.room.history_visibility') seen.history = text(content, 'history_visibility');
      }
      keepEvents(holding, room, eventsIn(data, 'timeline'));
    }
};

/** Acts in rooms, by name. */
export const roomActs: Readonly<Record<string, Does>> = {
  'start room key': startsRoomKey,
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
