/** Reading what a client said: what a child process writes may be anything. */
import { isObject, type Json, type JsonObject, own, stringAt } from '../../../machines/json.ts';
import { ledgerTexts } from '../../../machines/ledger.ts';
import { actNames } from './act-names.ts';
import { type Hello, type Origin, type Said, type ShownKind, type Shows, shownKinds, type Wanted } from './client.ts';

export const noShows: Shows = {
  deviceKeys: null,
  master: null,
  secrets: [],
  backup: null,
  roomKeys: [],
  messages: [],
  letters: [],
  gifts: [],
  shares: [],
  imports: [],
};

/** What each item of a list has to have, and which of it may be `null`. */
type Fields = Readonly<
  Record<
    string,
    'text' | 'text or null' | 'number' | 'flag' | 'object' | 'list of texts' | 'list of devices' | 'origin'
  >
>;
const fieldsOf: Readonly<Partial<Record<ShownKind, Fields>>> = {
  secrets: { name: 'text', secret: 'text', origin: 'origin' },
  roomKeys: {
    room: 'text',
    sessionId: 'text',
    sessionKey: 'text',
    senderKey: 'text',
    senderEd25519: 'text',
    sharedHistory: 'flag',
    origin: 'origin',
  },
  messages: {
    room: 'text',
    event: 'text',
    session: 'text',
    sender: 'text',
    text: 'text or null',
    sharedBy: 'text or null',
    warning: 'text or null',
  },
  letters: {
    type: 'text',
    sender: 'text',
    device: 'text or null',
    senderKey: 'text or null',
    content: 'object',
    sealed: 'flag',
    opened: 'flag',
  },
  gifts: {
    room: 'text',
    sessionId: 'text',
    index: 'number',
    sharedHistory: 'flag',
    visibility: 'text or null',
    to: 'list of devices',
  },
  shares: {
    room: 'text',
    user: 'text',
    devices: 'list of texts',
    url: 'text',
    sessions: 'list of texts',
    withheld: 'object',
  },
  imports: { room: 'text', user: 'text', url: 'text', sessions: 'number', withheld: 'number' },
};

const areTexts = (value: unknown, ...fields: readonly string[]): boolean =>
  isObject(value) && fields.every((field) => typeof value[field] === 'string');
const isSent = (value: unknown): boolean =>
  areTexts(value, 'user') && isObject(value) && (value.device === null || typeof value.device === 'string');

/** What the word for something has to say: misread, what another planted would pass for one's own. */
const origins: Readonly<Record<Origin['how'], (origin: unknown) => boolean>> = {
  made: isObject,
  verification: isObject,
  export: isObject,
  backup: (origin) => areTexts(origin, 'version'),
  request: isSent,
  push: isSent,
  room_key: isSent,
  forwarded: isSent,
  bundle: (origin) => isSent(origin) && areTexts(origin, 'room', 'url'),
};
const isOrigin = (value: unknown): boolean => {
  const how = isObject(value) ? stringAt(value, 'how') : undefined;
  return own(origins, how ?? '')?.(value) === true;
};

const isOf = (is: Fields[string], value: unknown): boolean => {
  switch (is) {
    case 'text':
      return typeof value === 'string';
    case 'text or null':
      return value === null || typeof value === 'string';
    case 'number':
      return Number.isSafeInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'list of texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'list of devices':
      return Array.isArray(value) && value.every((one) => areTexts(one, 'user', 'device'));
    case 'origin':
      return isOrigin(value);
  }
};

/** What is shown, or what is wrong with it. What is left out is nothing. */
const showsIn = (value: Json | undefined): Shows | string => {
  if (!isObject(value)) return '`shows` is no object';
  const unknown = Object.keys(value).find((key) => !shownKinds.includes(key as ShownKind));
  if (unknown !== undefined) return `nobody knows how to show ${unknown}`;
  for (const [kind, fields] of Object.entries(fieldsOf)) {
    const list = value[kind] ?? [];
    if (!Array.isArray(list)) return `${kind} is no list`;
    for (const [nth, one] of list.entries())
      for (const [field, is] of Object.entries(fields))
        if (!isOf(is, isObject(one) ? one[field] : undefined)) return `${kind}[${nth}].${field} is not ${is}`;
  }
  const { backup = null, master = null, deviceKeys = null } = value;
  if (backup !== null && !(isOf('text', stringAt(backup, 'version')) && isOf('text', stringAt(backup, 'publicKey'))))
    return 'backup has no version and publicKey';
  if (!isOf('text or null', master)) return 'master is no text';
  if (deviceKeys !== null && !isObject(deviceKeys)) return 'deviceKeys is no object';
  return { ...noShows, ...value } as Shows;
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const wantsIn = (value: Json | undefined): readonly Wanted[] | string => {
  if (!Array.isArray(value)) return '`wants` is no list';
  for (const one of value)
    if (!methods.includes(stringAt(one, 'method') ?? '') || !stringAt(one, 'path')?.startsWith('/_matrix/'))
      return 'a request has no method, or no path below /_matrix/';
  return value as unknown as readonly Wanted[];
};

/** Names and reasons are shown as they are, one in a row, in characters. */
const namesMax = 200;
const reasonMax = 2000;
const isLonger = (text: string | undefined, max: number): boolean => text !== undefined && text.length > max;

const isText = (proposal: string, text: Json | undefined): boolean =>
  text === 'none' || (typeof text === 'string' && Object.hasOwn(own(ledgerTexts, proposal) ?? {}, text));

const helloIn = (value: JsonObject): Hello | string => {
  const texts = (list: Json | undefined): readonly string[] | null =>
    Array.isArray(list) && list.every((one) => typeof one === 'string') ? (list as readonly string[]) : null;
  const [name, version] = [stringAt(value, 'name'), stringAt(value, 'version')];
  const [acts, shows] = [texts(value.acts), texts(value.shows)];
  if (name === undefined || version === undefined) return 'hello says no name and version';
  if (isLonger(name, namesMax) || isLonger(version, namesMax))
    return `hello says a name or a version of more than ${namesMax} characters`;
  if (acts === null || shows === null) return 'hello says no acts and shows';
  const undone = acts.find((one) => !actNames.includes(one));
  if (undone !== undefined) return `nobody asks for an act “${undone}”`;
  const unknown = shows.find((one) => !shownKinds.includes(one as ShownKind));
  if (unknown !== undefined) return `nobody knows how to show ${unknown}`;
  const said = { name, version, acts, shows: shows as readonly ShownKind[] };
  if (value.texts === undefined) return said;
  const goesBy = isObject(value.texts) ? value.texts : {};
  const wrong = Object.entries(goesBy).find(([proposal, text]) => !isText(proposal, text));
  return wrong === undefined
    ? { ...said, texts: goesBy as Readonly<Record<string, string>> }
    : `there is no text ${JSON.stringify(wrong[1])} of ${wrong[0]}`;
};

/** What was said, or (a text) what is wrong with it. */
export const saidIn = (value: unknown): Said | string => {
  if (!isObject(value)) return 'no object';
  if (isObject(value.hello)) {
    const hello = helloIn(value.hello);
    return typeof hello === 'string' ? hello : { hello };
  }
  const [cannot, failed] = [stringAt(value, 'cannot'), stringAt(value, 'failed')];
  if (isLonger(cannot, reasonMax) || isLonger(failed, reasonMax))
    return `a reason of more than ${reasonMax} characters`;
  if (cannot !== undefined) return { cannot };
  const shows = showsIn(value.shows);
  if (typeof shows === 'string') return shows;
  if (value.wants === undefined) return failed === undefined ? { shows } : { shows, failed };
  const wants = wantsIn(value.wants);
  return typeof wants === 'string' ? wants : { wants, shows };
};
