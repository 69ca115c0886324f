/** Plain words for what is on the wire, and short names for guarantees and clauses. */
import { guaranteeTexts, isGuaranteeId } from '../../../machines/guarantee-texts.ts';
import { isObject, type Json, type JsonObject, objectAt, own, stringAt } from '../../../machines/json.ts';
import type { Moment } from '../../engine/types.ts';

type Request = Extract<Moment, { kind: 'request' }>;

const secrets: Readonly<Record<string, string>> = {
  'm.megolm_backup.v1': 'backup key',
  'm.cross_signing.master': 'master key',
  'm.cross_signing.self_signing': 'self-signing key',
  'm.cross_signing.user_signing': 'user-signing key',
};
/** A secret's name in plain words. */
export const secretWords = (name: string | undefined): string =>
  name === undefined ? 'secret' : (own(secrets, name) ?? name);

/** A guarantee's short name, as a lane in a diagram bears it; one that the ledger does not know keeps its id. */
export const guaranteeWords = (guarantee: string): string =>
  isGuaranteeId(guarantee) ? guaranteeTexts[guarantee].short : guarantee;

/** A clause's short name: its ledger id without the proposal and variant, in words. */
export const clauseWords = (clause: string): string =>
  clause.replace(/^\d+-(?:(?:push|send|both)-)?/, '').replaceAll('-', ' ');

/** The text with a capital letter. */
export const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What a to-device event of that type means, from the sender's side and from the receiver's. */
export const eventWords = (type: string, content: JsonObject): { readonly sent: string; readonly got: string } => {
  const secret = secretWords(stringAt(content, 'name'));
  switch (type.replace('io.element.msc4385.', 'm.')) {
    case 'm.secret.push':
      return { sent: `Pushes a ${secret}`, got: `Offered a ${secret}` };
    case 'm.secret.send':
      // The first text of MSC4385: without a request id nobody has asked.
      if (content.request_id === undefined && typeof content.name === 'string')
        return { sent: `Hands on a ${secret}`, got: `Handed a ${secret}` };
      return { sent: 'Answers with a secret', got: 'Handed a secret' };
    case 'm.secret.request':
      return content.action === 'request_cancellation'
        ? { sent: 'Asks no longer', got: 'No longer asked' }
        : { sent: `Asks for the ${secret}`, got: `Asked for the ${secret}` };
    case 'm.room_key':
      return { sent: 'Shares a room key', got: 'Given a room key' };
    case 'm.forwarded_room_key':
      return { sent: 'Forwards a room key', got: 'Forwarded a room key' };
    case 'm.room_key_bundle':
    case 'io.element.msc4268.room_key_bundle':
      return { sent: 'Shares a key bundle', got: 'Given a key bundle' };
    case 'm.room_key.withheld':
      return { sent: 'Withholds a room key', got: 'Refused a room key' };
    case 'm.dummy':
      return { sent: 'Says nothing', got: 'Told nothing' };
    case 'm.room.encrypted':
      return { sent: 'Sends a sealed message', got: 'Sealed message' };
    default:
      return { sent: `Sends ${type}`, got: type };
  }
};

/** The part of a path that people know it by: without the prefix, percent-encoding undone where it can be. */
export const shortPath = (path: string): string => {
  const short = path.replace(/^\/_matrix\/(?:client|media|federation)\/[^/]+/, '');
  try {
    return decodeURIComponent(short);
  } catch {
    return short;
  }
};

/** `count` things: `1 room key`, `3 room keys`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** How many sessions a `room_keys/keys` body holds. */
export const sessionsIn = (body: Json): number =>
  Object.values(objectAt(body, 'rooms')).reduce<number>(
    (sum, room) => sum + Object.keys(objectAt(room, 'sessions')).length,
    0,
  );

/** A request in plain words. `toward` is where what matters flows; `quiet`: carries nothing a picture needs. */
export type RequestWords = {
  readonly label: string;
  readonly toward: 'server' | 'client';
  readonly sealed: boolean;
  readonly quiet: boolean;
};

type Rule = {
  readonly match: RegExp;
  readonly words: (request: Request, found: RegExpMatchArray) => Partial<RequestWords> & { readonly label: string };
};

const version = (body: Json): string => {
  const known = stringAt(body, 'version');
  return known === undefined ? ' version' : ` v${known}`;
};
/** What a server sends of its own accord: `2 room events`, `Letters for devices`. */
const transactionWords = (body: Json): string => {
  const among = (name: string): readonly Json[] => {
    const list = isObject(body) ? body[name] : undefined;
    return Array.isArray(list) ? list : [];
  };
  const events = among('pdus').length;
  const letters = among('edus').filter((edu) => stringAt(edu, 'edu_type') === 'm.direct_to_device').length;
  const parts = [
    ...(events === 0 ? [] : [counted(events, 'room event')]),
    ...(letters === 0 ? [] : [counted(letters, 'letter')]),
  ];
  return parts.length === 0 ? 'Sends news of devices' : `Sends ${parts.join(' and ')}`;
};
const refused = (request: Request): boolean => request.status >= 400;

// First match wins. The text matched is `METHOD /path` without the API prefix.
const rules: readonly Rule[] = [
  { match: /^GET \/sync/, words: () => ({ label: 'Syncs', toward: 'client', quiet: true }) },
  {
    match: /^POST \/keys\/upload/,
    words: (request) => ({
      label:
        isObject(request.body) && 'device_keys' in request.body ? 'Publishes device keys' : 'Tops up one-time keys',
      quiet: !(isObject(request.body) && 'device_keys' in request.body),
    }),
  },
  { match: /^POST \/keys\/query/, words: () => ({ label: 'Looks up device keys', toward: 'client', quiet: true }) },
  { match: /^POST \/keys\/claim/, words: () => ({ label: 'Takes a one-time key', toward: 'client', quiet: true }) },
  { match: /^POST \/keys\/device_signing\/upload/, words: () => ({ label: 'Publishes an identity' }) },
  { match: /^POST \/keys\/signatures\/upload/, words: () => ({ label: 'Publishes signatures' }) },
  { match: /^POST \/login\/get_token/, words: () => ({ label: 'Asks for a login token' }) },
  {
    match: /^POST \/login/,
    words: (request) => ({ label: `Logs in ${stringAt(request.body, 'device_id') ?? 'a device'}` }),
  },
  { match: /^POST \/logout/, words: () => ({ label: 'Logs out' }) },
  { match: /^POST \/room_keys\/version/, words: (request) => ({ label: `Makes backup${version(request.response)}` }) },
  {
    match: /^GET \/room_keys\/version/,
    words: (request) => ({
      label: refused(request) ? 'No backup there' : `Reads backup${version(request.response)}`,
      toward: 'client',
    }),
  },
  {
    match: /^DELETE \/room_keys\/version\/(.+)/,
    words: (_request, [, which]) => ({ label: `Deletes backup v${which}` }),
  },
  {
    match: /^PUT \/room_keys\/keys/,
    words: (request) => ({ label: `Uploads ${counted(sessionsIn(request.body), 'room key')}`, sealed: true }),
  },
  {
    match: /^GET \/room_keys\/keys/,
    words: (request) => ({
      label: `Fetches ${counted(sessionsIn(request.response), 'room key')}`,
      toward: 'client',
      sealed: sessionsIn(request.response) > 0,
    }),
  },
  { match: /^PUT \/user\/[^/]+\/account_data\/(.+)/, words: (_request, [, type]) => ({ label: `Stores ${type}` }) },
  {
    match: /^GET \/user\/[^/]+\/account_data\/(.+)/,
    words: (_request, [, type]) => ({ label: `Reads ${type}`, toward: 'client' }),
  },
  { match: /^DELETE \/devices\/(.+)/, words: (_request, [, device]) => ({ label: `Removes ${device}` }) },
  { match: /^PUT \/rooms\/[^/]+\/send\/m\.room\.encrypted/, words: () => ({ label: 'Sends a message', sealed: true }) },
  { match: /^PUT \/rooms\/[^/]+\/state\/([^/]+)/, words: (_request, [, type]) => ({ label: `Sets ${type}` }) },
  { match: /^POST \/createRoom/, words: () => ({ label: 'Creates a room' }) },
  {
    match: /^POST \/rooms\/[^/]+\/invite/,
    words: (request) => ({
      label: `Invites ${stringAt(request.body, 'user_id') ?? stringAt(request.body, 'address') ?? 'somebody'}`,
    }),
  },
  {
    match: /^POST \/account\/3pid\/bind/,
    words: (request) => ({ label: `Binds ${stringAt(request.body, 'sid') ?? 'an address'}` }),
  },
  { match: /^POST \/(?:rooms\/[^/]+\/)?join/, words: () => ({ label: 'Joins the room' }) },
  { match: /^POST \/rooms\/[^/]+\/leave/, words: () => ({ label: 'Leaves the room' }) },
  {
    match: /^POST \/rooms\/[^/]+\/(kick|ban|unban)/,
    words: (request, [, what]) => ({
      label: `${what === 'kick' ? 'Puts out' : what === 'ban' ? 'Bans' : 'Unbans'} ${stringAt(request.body, 'user_id') ?? 'somebody'}`,
    }),
  },
  { match: /^POST \/knock/, words: () => ({ label: 'Knocks at the room' }) },
  { match: /^GET \/rooms\/[^/]+\/members/, words: () => ({ label: 'Reads who is there', toward: 'client' }) },
  // Between servers.
  { match: /^PUT \/send\/\d+$/, words: (request) => ({ label: transactionWords(request.body) }) },
  {
    match: /^GET \/make_(join|leave|knock)/,
    words: (_request, [, what]) => ({ label: `Asks how to ${what}`, toward: 'client', quiet: true }),
  },
  { match: /^PUT \/send_(join|leave|knock)/, words: (_request, [, what]) => ({ label: `Tells of a ${what}` }) },
  { match: /^PUT \/invite/, words: () => ({ label: 'Tells of an invitation' }) },
  {
    match: /^GET \/(?:backfill|state)\//,
    words: () => ({ label: 'Asks for the past', toward: 'client', quiet: true }),
  },
  {
    match: /^POST \/user\/keys\/(query|claim)/,
    words: (_request, [, what]) => ({
      label: what === 'query' ? 'Looks up device keys' : 'Takes a one-time key',
      toward: 'client',
      quiet: true,
    }),
  },
  {
    match: /^GET \/rooms\/[^/]+\/messages/,
    words: () => ({ label: 'Reads the room', toward: 'client', sealed: true }),
  },
  { match: /^POST \/(?:_matrix\/media\/[^/]+\/)?upload/, words: () => ({ label: 'Uploads a file', sealed: true }) },
  { match: /^GET .*\/download/, words: () => ({ label: 'Downloads a file', toward: 'client', sealed: true }) },
];

/** A request in plain words; what has no entry here keeps its path. */
export const requestWords = (request: Request): RequestWords => {
  const line = `${request.method} ${shortPath(request.path)}`;
  for (const { match, words } of rules) {
    const found = line.match(match);
    if (found !== null) return { toward: 'server', sealed: false, quiet: false, ...words(request, found) };
  }
  return { label: line, toward: request.method === 'GET' ? 'client' : 'server', sealed: false, quiet: false };
};
