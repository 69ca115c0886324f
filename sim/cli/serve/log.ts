/** All that came to servers, in order, with what was answered: enough to have it again. */
import { isObject, type Json, objectAt, sameJson, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { serverOf } from '../../homeserver/state.ts';
import type { ClientResponse } from '../../homeserver/types.ts';
import { readJson } from '../../scenario/json-text.ts';
import { answered, companyOf, type Event } from './company.ts';
import { readMove } from './moves.ts';

/** As the specification has user ids ("User Identifiers"), with a server name that is a host. */
const userPattern = /^@[a-z0-9._=/+-]+:[a-z0-9][a-z0-9.-]*(:\d+)?$/;
export const isUser = (text: unknown): text is UserId => typeof text === 'string' && userPattern.test(text);

export type Entry = { readonly event: Event; readonly response: ClientResponse };
/** `users`: the accounts there were at the beginning. */
export type Log = { readonly users: readonly UserId[]; readonly entries: readonly Entry[] };

/** Plays a log again. @returns how many answers are as in the log, and the first that is not, with what it is now; `null` where all are */
export const replayed = (
  log: Log,
): { readonly same: number; readonly differs: null | { readonly nth: number; readonly now: ClientResponse } } => {
  let servers = companyOf(log.users);
  for (const [nth, { event, response }] of log.entries.entries()) {
    const after = answered(servers, event);
    servers = after.servers;
    const isSame = after.response.status === response.status && sameJson(after.response.body, response.body);
    if (!isSame) return { same: nth, differs: { nth, now: after.response } };
  }
  return { same: log.entries.length, differs: null };
};

/** A log as its lines: the accounts, then each entry. */
export const firstLine = (users: readonly UserId[]): string => JSON.stringify({ users });
export const entryLine = (entry: Entry): string => JSON.stringify(entry as unknown as Json);

const wrongInRequest = (request: Json | undefined): string | null => {
  if (!isObject(request)) return 'event.request: an object expected, or event.move';
  if (!['GET', 'POST', 'PUT', 'DELETE'].includes(stringAt(request, 'method') ?? ''))
    return 'event.request.method: GET, POST, PUT or DELETE expected';
  if (stringAt(request, 'path') === undefined) return 'event.request.path: a text expected';
  if (request.accessToken !== null && stringAt(request, 'accessToken') === undefined)
    return 'event.request.accessToken: a text or null expected';
  const isQuery = Object.values(objectAt(request, 'query')).every((value) => typeof value === 'string');
  return isQuery ? null : 'event.request.query: texts by name expected';
};

/** Why a line is no entry of a log about these servers; `null` where it is one. */
const wrongIn = (line: Json, servers: readonly string[]): string | null => {
  const event = objectAt(line, 'event');
  const { status, body } = objectAt(line, 'response');
  if (typeof event.at !== 'number') return 'event.at: a number expected';
  if (!servers.includes(stringAt(event, 'server') ?? ''))
    return `event.server: one of ${[...new Set(servers)].join(', ')} expected, of which line 1 has users`;
  const wrong = event.move === undefined ? wrongInRequest(event.request) : readMove(event.move);
  if (typeof wrong === 'string') return event.move === undefined ? wrong : `event.move: ${wrong}`;
  if (typeof status !== 'number') return 'response.status: a number expected';
  return body === undefined ? 'response.body: anything expected' : null;
};

const usersIn = (first: Json): readonly UserId[] | null => {
  const users = isObject(first) && Array.isArray(first.users) ? first.users : [];
  return users.length > 0 && users.every(isUser) && new Set(users).size === users.length
    ? (users as readonly UserId[])
    : null;
};

export type ReadLog =
  | { readonly ok: true; readonly log: Log }
  /** `why` begins with the line: `line 3: event.at: a number expected`. */
  | { readonly ok: false; readonly why: string };

/** The log that a text is, as its lines were written, or the first thing that is wrong with it. Never throws. */
export const readLog = (text: string): ReadLog => {
  const no = (line: number, why: string): ReadLog => ({ ok: false, why: `line ${line}: ${why}` });
  let users: readonly UserId[] | null = null;
  let servers: readonly string[] = [];
  const entries: Entry[] = [];
  for (const [nth, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const read = readJson(line);
    if (!read.ok) return no(nth + 1, `${read.message} (column ${read.column}); expected ${read.expected}`);
    if (users === null) {
      users = usersIn(read.value);
      if (users === null)
        return no(nth + 1, 'users: a list of user ids expected, each once, as in {"users":["@alice:example.org"]}');
      servers = users.map(serverOf);
      continue;
    }
    const wrong = wrongIn(read.value, servers);
    if (wrong !== null) return no(nth + 1, wrong);
    // Every field that is read was looked at.
    entries.push(read.value as unknown as Entry);
  }
  if (users === null) return no(1, 'it is empty; expected {"users":["@alice:example.org"]}');
  return { ok: true, log: { users, entries } };
};
