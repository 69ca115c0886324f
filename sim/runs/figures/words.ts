/** Plain words for what is on the wire, and short names for guarantees. */

import { guaranteeTexts, isGuaranteeId } from '../../../machines/guarantee-texts.ts';
import { isObject, type Json, type JsonObject, objectAt, own, stringAt } from '../../../machines/json.ts';
import type { Moment } from '../../engine/types.ts';
import { counted } from './counted.ts';

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

/** Charts by id: what the flow is about. A proposal that brings one of its own needs no word here: its id is one. */
const charts: Readonly<Record<string, string>> = {
  'key-backup': 'backup',
  'backup-preference': 'backup wish',
  'secret-request': 'secrets',
  'secret-push': 'pushes',
  'secret-send': 'shares',
  'key-bundle-inviter': 'bundle to give',
  'key-bundle-invitee': 'bundle',
};
/** What a chart is called in pictures: `backup`, `room keys`. */
export const chartWords = (chart: string): string => own(charts, chart) ?? chart.replaceAll('-', ' ');

/** A guarantee's short name, as a lane in a diagram bears it; one that the ledger does not know keeps its id. */
export const guaranteeWords = (guarantee: string): string =>
  isGuaranteeId(guarantee) ? guaranteeTexts[guarantee].short : guarantee;

/** The text with a capital letter. */
export const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** To-device events by type: from the sender's side, and from the receiver's. */
const letters: Readonly<Record<string, readonly [sent: string, got: string]>> = {
  'm.room_key': ['Shares a room key', 'Given a room key'],
  'm.forwarded_room_key': ['Forwards a room key', 'Forwarded a room key'],
  'm.room_key_bundle': ['Shares a key bundle', 'Given a key bundle'],
  'io.element.msc4268.room_key_bundle': ['Shares a key bundle', 'Given a key bundle'],
  'm.room_key.withheld': ['Withholds a room key', 'Refused a room key'],
  'm.dummy': ['Says nothing', 'Told nothing'],
  'm.room.encrypted': ['Sends a sealed message', 'Sealed message'],
};
const lettersAbout = (type: string, content: JsonObject): readonly [sent: string, got: string] => {
  const secret = secretWords(stringAt(content, 'name'));
  switch (type) {
    case 'm.secret.push':
      return [`Pushes a ${secret}`, `Offered a ${secret}`];
    case 'm.secret.send':
      // The first text of MSC4385: without a request id nobody has asked.
      return content.request_id === undefined && typeof content.name === 'string'
        ? [`Hands on a ${secret}`, `Handed a ${secret}`]
        : ['Answers with a secret', 'Handed a secret'];
    case 'm.secret.request':
      return content.action === 'request_cancellation'
        ? ['Asks no longer', 'No longer asked']
        : [`Asks for the ${secret}`, `Asked for the ${secret}`];
    default:
      return own(letters, type) ?? [`Sends ${type}`, type];
  }
};

/** What a to-device event of that type means, from the sender's side and from the receiver's. */
export const eventWords = (type: string, content: JsonObject): { readonly sent: string; readonly got: string } => {
  const [sent, got] = lettersAbout(type.replace('io.element.msc4385.', 'm.'), content);
  return { sent, got };
};

/** The part of a path that people know it by: without the prefix, percent-encoding undone where it can be. */
export const shortPath = (path: string): string => {
  const short = path.replace(/^\/_matrix\/(?:client|media|federation)\/[^/]+/, '');
  if (!short.includes('%')) return short;
  try {
    return decodeURIComponent(short);
  } catch {
    return short;
  }
};

export { counted };

/** How many sessions a `room_keys/keys` body holds. */
export const sessionsIn = (body: Json): number =>
  Object.values(objectAt(body, 'rooms')).reduce<number>(
    (sum, room) => sum + Object.keys(objectAt(room, 'sessions')).length,
    0,
  );

/** A request in plain words. `toward` is where what matters flows; `quiet`: carries nothing a picture needs. */
export type RequestWords = {
  /** As in `shortPath`. */
  readonly path: string;
  readonly label: string;
  readonly toward: 'server' | 'client';
  readonly sealed: boolean;
  readonly quiet: boolean;
};

/** What of the words differs from a request that goes to the server in the clear, and is drawn. */
type More = Partial<Omit<RequestWords, 'label' | 'path'>>;
/** What a request looks like (its path without the prefix), what it is called, and how it is drawn where that differs. */
type Rule = readonly [
  method: string,
  match: RegExp,
  label: string | ((request: Request, found: readonly (string | undefined)[]) => string),
  more?: More | ((request: Request) => More),
];

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
const hasDeviceKeys = ({ body }: Request): boolean => isObject(body) && 'device_keys' in body;
const bodyAt = ({ body }: Request, name: string, otherwise: string): string => stringAt(body, name) ?? otherwise;
const sealed: More = { sealed: true };
/** What is asked for flows to the client; a look-up as such is nothing to draw. */
const asked: More = { toward: 'client' };
const lookedUp: More = { ...asked, quiet: true };

// First match wins.
const rules: readonly Rule[] = [
  ['GET', /^\/sync/, 'Syncs', lookedUp],
  [
    'POST',
    /^\/keys\/upload/,
    (request) => (hasDeviceKeys(request) ? 'Publishes device keys' : 'Tops up one-time keys'),
    (request) => ({ quiet: !hasDeviceKeys(request) }),
  ],
  ['POST', /^\/keys\/query/, 'Looks up device keys', lookedUp],
  ['POST', /^\/keys\/claim/, 'Takes a one-time key', lookedUp],
  ['POST', /^\/keys\/device_signing\/upload/, 'Publishes an identity'],
  ['POST', /^\/keys\/signatures\/upload/, 'Publishes signatures'],
  ['POST', /^\/login\/get_token/, 'Asks for a login token'],
  ['POST', /^\/login/, (request) => `Logs in ${bodyAt(request, 'device_id', 'a device')}`],
  ['POST', /^\/logout/, 'Logs out'],
  ['POST', /^\/room_keys\/version/, ({ response }) => `Makes backup${version(response)}`],
  [
    'GET',
    /^\/room_keys\/version/,
    ({ status, response }) => (status >= 400 ? 'No backup there' : `Reads backup${version(response)}`),
    asked,
  ],
  ['DELETE', /^\/room_keys\/version\/(.+)/, (_, [, which]) => `Deletes backup v${which}`],
  ['PUT', /^\/room_keys\/keys/, ({ body }) => `Uploads ${counted(sessionsIn(body), 'room key')}`, sealed],
  [
    'GET',
    /^\/room_keys\/keys/,
    ({ response }) => `Fetches ${counted(sessionsIn(response), 'room key')}`,
    ({ response }) => ({ ...asked, sealed: sessionsIn(response) > 0 }),
  ],
  ['PUT', /^\/user\/[^/]+\/account_data\/(.+)/, (_, [, type]) => `Stores ${type}`],
  ['GET', /^\/user\/[^/]+\/account_data\/(.+)/, (_, [, type]) => `Reads ${type}`, asked],
  ['DELETE', /^\/devices\/(.+)/, (_, [, device]) => `Removes ${device}`],
  ['PUT', /^\/rooms\/[^/]+\/send\/m\.room\.encrypted/, 'Sends a message', sealed],
  ['PUT', /^\/rooms\/[^/]+\/state\/([^/]+)/, (_, [, type]) => `Sets ${type}`],
  ['POST', /^\/createRoom/, 'Creates a room'],
  [
    'POST',
    /^\/rooms\/[^/]+\/invite/,
    (request) => `Invites ${bodyAt(request, 'user_id', bodyAt(request, 'address', 'somebody'))}`,
  ],
  ['POST', /^\/account\/3pid\/bind/, (request) => `Binds ${bodyAt(request, 'sid', 'an address')}`],
  ['POST', /^\/(?:rooms\/[^/]+\/)?join/, 'Joins the room'],
  ['POST', /^\/rooms\/[^/]+\/leave/, 'Leaves the room'],
  ['POST', /^\/rooms\/[^/]+\/kick/, (request) => `Puts out ${bodyAt(request, 'user_id', 'somebody')}`],
  ['POST', /^\/rooms\/[^/]+\/ban/, (request) => `Bans ${bodyAt(request, 'user_id', 'somebody')}`],
  ['POST', /^\/rooms\/[^/]+\/unban/, (request) => `Unbans ${bodyAt(request, 'user_id', 'somebody')}`],
  ['POST', /^\/knock/, 'Knocks at the room'],
  ['GET', /^\/rooms\/[^/]+\/members/, 'Reads who is there', asked],
  // Between servers.
  ['PUT', /^\/send\/\d+$/, ({ body }) => transactionWords(body)],
  ['GET', /^\/make_(join|leave|knock)/, (_, [, what]) => `Asks how to ${what}`, lookedUp],
  ['PUT', /^\/send_(join|leave|knock)/, (_, [, what]) => `Tells of a ${what}`],
  ['PUT', /^\/invite/, 'Tells of an invitation'],
  ['GET', /^\/(?:backfill|state)\//, 'Asks for the past', lookedUp],
  ['POST', /^\/user\/keys\/query/, 'Looks up device keys', lookedUp],
  ['POST', /^\/user\/keys\/claim/, 'Takes a one-time key', lookedUp],
  ['GET', /^\/rooms\/[^/]+\/messages/, 'Reads the room', { ...asked, sealed: true }],
  ['POST', /^\/(?:_matrix\/media\/[^/]+\/)?upload/, 'Uploads a file', sealed],
  ['GET', /^.*\/download/, 'Downloads a file', { ...asked, sealed: true }],
];
const rulesByMethod = Map.groupBy(rules, ([method]) => method);

/** A request in plain words; what has no entry here keeps its path. */
export const requestWords = (request: Request): RequestWords => {
  const { method } = request;
  const path = shortPath(request.path);
  for (const [, match, label, more = {}] of rulesByMethod.get(method) ?? []) {
    const found = match.exec(path);
    if (found === null) continue;
    const told = typeof label === 'string' ? label : label(request, found);
    return {
      path,
      toward: 'server',
      sealed: false,
      quiet: false,
      ...(typeof more === 'function' ? more(request) : more),
      label: told,
    };
  }
  return {
    path,
    label: `${method} ${path}`,
    toward: method === 'GET' ? 'client' : 'server',
    sealed: false,
    quiet: false,
  };
};
