/** All that came to servers, in order, with what was answered: enough to have it again. */
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  objectIn,
  sameJson,
  stringAt,
} from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { serverOf } from '../../homeserver/state.ts';
import type { ClientResponse } from '../../homeserver/types.ts';
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

const isRequest = (request: Json | undefined): boolean =>
  isObject(request) &&
  ['GET', 'POST', 'PUT', 'DELETE'].includes(stringAt(request, 'method') ?? '') &&
  stringAt(request, 'path') !== undefined &&
  (request.accessToken === null || stringAt(request, 'accessToken') !== undefined) &&
  Object.values(objectAt(request, 'query')).every((value) => typeof value === 'string');

/** Whether a line is an entry of a log about these servers. */
const isEntry = (line: JsonObject | null, servers: readonly string[]): boolean => {
  const event = objectAt(line, 'event');
  const { status, body } = objectAt(line, 'response');
  return (
    typeof event.at === 'number' &&
    servers.includes(stringAt(event, 'server') ?? '') &&
    (event.move === undefined ? isRequest(event.request) : typeof readMove(event.move) !== 'string') &&
    typeof status === 'number' &&
    body !== undefined
  );
};

/** The log that a text is, as its lines were written; `null` for what is none. */
export const readLog = (text: string): Log | null => {
  const [first, ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map(objectIn);
  const users: readonly unknown[] = Array.isArray(first?.users) ? first.users : [];
  if (users.length === 0 || !users.every(isUser) || new Set(users).size < users.length) return null;
  const servers = users.map(serverOf);
  // Every field that is read was looked at.
  return lines.every((line) => isEntry(line, servers))
    ? { users, entries: lines as unknown as readonly Entry[] }
    : null;
};
