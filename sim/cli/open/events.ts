/**
 * Events: to devices ("Send-to-device messaging"), of rooms, and all that an answer to a sync brings. What is sealed by Olm needs the device
 * it went to; what is sealed by a room key opens where that is at hand.
 */
import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { allNames } from '../../../machines/names.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import { oneLine, quoted } from '../../scenario/showing.ts';
import { plural } from '../terminal.ts';
import { type Event, startOfEvents } from './events-told.ts';
import { counted, some } from './lines.ts';
import { type Held, type Keys, noStart, nothingHeld, notOpened, type Opening, opened } from './opening.ts';
import { openMessage } from './room-keys.ts';
import { fileKeyIn } from './sealed.ts';
import { isOfStorage, openAccountData } from './storage.ts';

const suite = realSuite('open');
const pushes = allNames('push');
const pointers = allNames('pointer');

/** The event that a value is, or what is wrong with it. @param room in which it stands, where it does not say so itself */
export const readEvent = (value: Json | undefined, room: string | null = null): Event | string => {
  if (!isObject(value)) return 'an object expected';
  const type = stringAt(value, 'type');
  if (type === undefined) return 'type: a text expected';
  if (!isObject(value.content)) return 'content: an object expected';
  return {
    type,
    sender: stringAt(value, 'sender') ?? 'nobody named',
    content: value.content,
    all: value,
    room: stringAt(value, 'room_id') ?? room,
  };
};

const at = (content: JsonObject, key: string): string => oneLine(stringAt(content, key) ?? 'none');
const ofRoom = (content: JsonObject): string => `of room ${at(content, 'room_id')}`;

/** What an event of the clear says, as far as it has to do with keys; `null` where it has not. */
const saysOf = ({ type, content }: Event): string | null => {
  if (pushes.includes(type))
    return `a secret pushed, ${at(content, 'name')}: in the clear, where no client may take it`;
  if (pointers.includes(type))
    return `a room key bundle ${ofRoom(content)}, at ${at(objectAt(content, 'file'), 'url')}`;
  switch (type) {
    case 'm.room.encrypted':
      return `sealed by ${at(content, 'algorithm')}`;
    case 'm.room_key':
      return `a room key ${ofRoom(content)}`;
    case 'm.forwarded_room_key':
      return `a room key forwarded, ${ofRoom(content)}`;
    case 'm.room_key.withheld':
    case 'org.matrix.room_key.withheld':
      return `a room key kept back, ${ofRoom(content)}: ${at(content, 'code')}`;
    case 'm.room_key_request': {
      const about = objectAt(content, 'body');
      return content.action === 'request' ? `asks for a room key ${ofRoom(about)}` : 'takes a request back';
    }
    case 'm.secret.request':
      return content.action === 'request' ? `asks for the secret ${at(content, 'name')}` : 'takes a request back';
    case 'm.secret.send':
      return 'a secret that somebody asked for: in the clear, where no client may take it';
    default:
      return null;
  }
};

/** The keys that events of the clear carry. */
const heldIn = (events: readonly Event[]): Held => {
  const sessions = new Map<string, string>();
  const secrets = new Map<string, string>();
  const files: JsonObject[] = [];
  for (const { type, content } of events) {
    const file = pointers.includes(type) ? fileKeyIn(content) : null;
    if (file !== null) files.push(file);
    const [name, secret] = [stringAt(content, 'name'), stringAt(content, 'secret')];
    if (pushes.includes(type) && name !== undefined && secret !== undefined) secrets.set(name, secret);
    if (type !== 'm.room_key' && type !== 'm.forwarded_room_key') continue;
    const form = type === 'm.room_key' ? 'signed' : 'exported';
    const session = suite.megolmInbound(stringAt(content, 'session_key') ?? '', form);
    const key = session && suite.megolmExport(session, session.firstKnownIndex);
    if (session !== null && key !== null) sessions.set(session.sessionId, key);
  }
  return { sessions, secrets, files };
};

const saidIn = (plain: JsonObject): string => {
  const body = stringAt(objectAt(plain, 'content'), 'body');
  return `${oneLine(stringAt(plain, 'type') ?? 'no type')}${body === undefined ? '' : ` ${quoted(body)}`}`;
};

/** The lines of some events, and how many stay sealed: by Olm, by room keys that are not at hand. */
const read = (events: readonly Event[], held: Held) => {
  const lines: string[] = [];
  let [byOlm, byRoomKey] = [0, 0];
  const others: string[] = [];
  for (const event of events) {
    const { content } = event;
    const isRoomKey = content.algorithm === MEGOLM_ALGORITHM;
    const plain = event.type === 'm.room.encrypted' && isRoomKey ? openMessage(content, held) : null;
    const says = plain === null ? saysOf(event) : `opened: ${saidIn(plain)}`;
    if (says === null) others.push(event.type);
    else lines.push(`  ${oneLine(event.sender)}: ${says}`);
    if (event.type === 'm.room.encrypted' && plain === null && isRoomKey) byRoomKey += 1;
    else if (event.type === 'm.room.encrypted' && plain === null) byOlm += 1;
  }
  const closed = [
    ...(byOlm === 0 ? [] : [`${plural(byOlm, 'event')} sealed by Olm: only the device it went to opens that`]),
    ...(byRoomKey === 0
      ? []
      : [`${plural(byRoomKey, 'message')} sealed by room keys: --keys with a key export opens those it has keys of`]),
  ];
  return { lines: [...some(lines, 'event'), ...some(counted(others), 'type')], closed };
};

/** Events, one or many. `values`: as they stand in the file. */
export const openEvents = (values: readonly Json[], { held }: Keys): Opening => {
  const events: Event[] = [];
  const wrong: string[] = [];
  for (const [nth, value] of values.entries()) {
    const event = readEvent(value);
    if (typeof event === 'string') wrong.push(`  event ${nth + 1} is none: ${event}`);
    else events.push(event);
  }
  if (events.length === 0 && wrong.length > 0)
    return notOpened(
      'events',
      `none of its ${plural(values.length, 'entry', 'entries')} is an event:\n${some(wrong, 'entry').join('\n')}`,
    );
  const { lines, closed } = read(events, held);
  return opened(
    'events',
    [plural(events.length, 'event'), ...lines, ...some(wrong, 'entry that is none')],
    startOfEvents(events),
    { closed, holds: heldIn(events) },
  );
};

export const isSendToDevice = (value: JsonObject): boolean =>
  isObject(value.messages) && Object.values(value.messages).some((one) => isObject(one));

/** The body of `PUT sendToDevice/…`: the type of what it sends stands in its path only. */
export const openSendToDevice = (value: JsonObject): Opening => {
  const sent = Object.entries(objectAt(value, 'messages')).flatMap(([user, devices]) =>
    isObject(devices) ? Object.entries(devices).map(([device, content]) => ({ user, device, content })) : [],
  );
  const wrong = sent.filter(({ content }) => !isObject(content));
  if (wrong.length > 0)
    return notOpened(
      'to-device request',
      `messages: what goes to ${oneLine(wrong[0]?.user ?? '')}, ${oneLine(wrong[0]?.device ?? '')} is no object`,
    );
  const lines = sent.map(({ user, device, content }) => {
    const algorithm = stringAt(content, 'algorithm');
    const how = algorithm === undefined ? 'in the clear' : `algorithm ${oneLine(algorithm)}`;
    return `  to ${oneLine(user)}, ${device === '*' ? 'all devices' : oneLine(device)}: ${how}`;
  });
  const sealed = sent.filter(
    ({ content }) =>
      isObject(objectAt(content, 'ciphertext')) && stringAt(content, 'algorithm')?.startsWith('m.olm.') === true,
  ).length;
  const files = sent.flatMap(({ content }) => {
    const file = isObject(content) ? fileKeyIn(content) : null;
    return file === null ? [] : [file];
  });
  return opened(
    'to-device request',
    [plural(sent.length, 'message'), ...some(lines, 'message')],
    noStart('what is sent stands in it and not what people did: a recording of requests says that'),
    {
      closed: sealed === 0 ? [] : [`${plural(sealed, 'message')} sealed by Olm: only the device it goes to opens that`],
      holds: { ...nothingHeld, files },
    },
  );
};

export const isSync = (value: JsonObject): boolean =>
  'next_batch' in value || (isObject(value.to_device) && Array.isArray(value.to_device.events));

const eventsAt = (value: Json | undefined, key: string, room: string | null = null): readonly Event[] => {
  const list = objectAt(value, key).events;
  return Array.isArray(list)
    ? list.map((one) => readEvent(one, room)).filter((event) => typeof event !== 'string')
    : [];
};

/** An answer to a sync. */
export const openSync = (value: JsonObject, keys: Keys): Opening => {
  if ('next_batch' in value && typeof value.next_batch !== 'string')
    return notOpened('sync', 'next_batch: a text expected');
  const toDevice = eventsAt(value, 'to_device');
  const rooms = objectAt(value, 'rooms');
  const counts = ['join', 'invite', 'leave', 'knock'].map(
    (section) => [section, Object.keys(objectAt(rooms, section)).length] as const,
  );
  const inRooms = ['join', 'leave'].flatMap((section) =>
    Object.entries(objectAt(rooms, section)).flatMap(([id, room]) => [
      ...eventsAt(room, 'state', id),
      ...eventsAt(room, 'timeline', id),
    ]),
  );
  const invites = Object.entries(objectAt(rooms, 'invite')).flatMap(([id, room]) => eventsAt(room, 'invite_state', id));
  const stored = eventsAt(value, 'account_data').filter(({ type, content }) => isOfStorage(type, content));
  const storage =
    stored.length === 0 ? null : openAccountData(new Map(stored.map(({ type, content }) => [type, content])), keys);
  if (storage?.ok === false) return notOpened('sync', `its account data: ${storage.why}`);
  const [devices, said] = [read(toDevice, keys.held), read(inRooms, keys.held)];
  const holds = heldIn(toDevice);
  return opened(
    'sync',
    [
      `${plural(toDevice.length, 'event')} to the device`,
      ...devices.lines,
      `rooms: ${counts.map(([section, count]) => `${count} ${section}`).join(', ')}; ${plural(inRooms.length, 'event')}`,
      ...said.lines,
      ...(storage?.ok === true ? ['account data of secret storage', ...storage.inside.map((line) => `  ${line}`)] : []),
    ],
    startOfEvents([...invites, ...inRooms, ...toDevice]),
    {
      closed: [...devices.closed, ...said.closed, ...(storage?.ok === true ? storage.closed : [])],
      holds:
        storage?.ok === true ? { ...holds, secrets: new Map([...holds.secrets, ...storage.holds.secrets]) } : holds,
    },
  );
};
