/**
 * Requests that somebody recorded, of which a browser, a proxy or a test keeps the bodies: as a log of hearsay serve has them, so that they
 * are told as one is. Who asks shows by logins and by what clients upload of themselves; access tokens are compared and never shown.
 */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import { endpointOf, routeOf } from '../../homeserver/index.ts';
import { serverOf } from '../../homeserver/state.ts';
import type { ClientRequest } from '../../homeserver/types.ts';
import { readJson } from '../../scenario/json-text.ts';
import { oneLine } from '../../scenario/showing.ts';
import { type Entry, isUser, type Log } from '../serve/log.ts';
import { type Beside, notesOf, scenarioOf } from '../serve/scenario.ts';
import { endpointTold } from '../serve/told.ts';
import { plural } from '../terminal.ts';
import type { KindId } from './kinds.ts';
import { mostFirst, some } from './lines.ts';
import { noStart, notOpened, type Opening, opened } from './opening.ts';
import { madeOf } from './starts.ts';

/** A request with its answer, as far as it was kept. */
export type Recorded = {
  readonly atMs: number;
  readonly method: string;
  /** An address, or the path of one. */
  readonly address: string;
  /** `null`: none was kept. Browsers take it out of what they record. */
  readonly token: string | null;
  readonly body: Json;
  /** `null`: no answer was kept. */
  readonly status: number | null;
  readonly answer: Json;
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const clientPath = /^\/_matrix\/(?:client|media)\//;

type Asked = Recorded & { readonly request: Omit<ClientRequest, 'accessToken'>; readonly endpoint: string };

/** The request as a homeserver has it; `null` for what is none of the client-server API. */
const askedIn = (recorded: Recorded): Asked | null => {
  const method = methods.find((one) => one === recorded.method.toUpperCase());
  const url = URL.canParse(recorded.address, 'http://localhost') ? new URL(recorded.address, 'http://localhost') : null;
  if (method === undefined || url === null || !clientPath.test(url.pathname)) return null;
  // Endpoints of old versions are the same ones.
  const path = url.pathname.replace(/^\/_matrix\/client\/(?:r0|api\/v1)\//, '/_matrix/client/v3/');
  const query = Object.fromEntries(url.searchParams);
  delete query.access_token;
  const token = recorded.token ?? url.searchParams.get('access_token');
  const request = { method, path, query, body: recorded.body };
  return { ...recorded, token, request, endpoint: endpointOf(request) ?? '' };
};

type Client = { readonly user: UserId; readonly device: DeviceId };

/** Who a request or its answer says it is from; `null` where neither does. */
const clientIn = ({ endpoint, body, answer, request }: Asked): { readonly user?: string; readonly device?: string } => {
  switch (endpoint) {
    case 'POST login':
    case 'GET account/whoami':
      return partsOf(stringAt(answer, 'user_id'), stringAt(answer, 'device_id'));
    case 'POST keys/upload': {
      const keys = objectAt(body, 'device_keys');
      return partsOf(stringAt(keys, 'user_id'), stringAt(keys, 'device_id'));
    }
    default: {
      const found = routeOf(request);
      const user = 'params' in found ? found.params.userId : undefined;
      return endpoint.includes('user/:userId/') && user !== undefined ? { user } : {};
    }
  }
};
const partsOf = (user: string | undefined, device: string | undefined) => ({
  ...(user === undefined ? {} : { user }),
  ...(device === undefined ? {} : { device }),
});

/** The token under which an asker goes on: that of a login's answer for the login itself. */
const ownToken = ({ endpoint, answer, token }: Asked): string =>
  (endpoint === 'POST login' ? stringAt(answer, 'access_token') : undefined) ?? token ?? '';

/** Where no token was kept there is one client, under the token of its last login. */
const withTokens = (asked: readonly Asked[]): readonly Asked[] => {
  if (asked.some(({ token }) => token !== null)) return asked;
  let last: string | null = null;
  return asked.map((one) => {
    if (one.endpoint === 'POST login' && one.status === 200) last = stringAt(one.answer, 'access_token') ?? last;
    return { ...one, token: last };
  });
};

/** Token → client. Whoever names no device has one all the same. */
const clientsIn = (asked: readonly Asked[]): ReadonlyMap<string, Client> => {
  const known = new Map<string, { user?: string; device?: string }>();
  for (const one of asked) {
    if (one.status !== null && one.status !== 200) continue;
    const token = ownToken(one);
    const said = clientIn(one);
    known.set(token, { ...said, ...known.get(token) });
  }
  return new Map(
    [...known].flatMap(([token, { user, device = 'DEVICE' }]) =>
      isUser(user) ? [[token, { user, device }] as const] : [],
    ),
  );
};

/** Whom a request asks in or puts out. */
const namedIn = ({ body }: Asked): readonly UserId[] => {
  const invited = isObject(body) && Array.isArray(body.invite) ? body.invite : [];
  return [stringAt(body, 'user_id'), ...invited].filter(isUser);
};

/** Rooms that were there before the recording begins, and in which somebody does something without joining first → who. */
const roomsBefore = (asked: readonly Asked[], clients: ReadonlyMap<string, Client>): ReadonlyMap<string, string> => {
  const seen = new Set<string>();
  const found = new Map<string, string>();
  for (const one of asked) {
    const route = routeOf(one.request);
    const id =
      ('params' in route ? (route.params.roomId ?? route.params.roomIdOrAlias) : undefined) ??
      stringAt(one.answer, 'room_id');
    const isOver = one.status !== 200 || id === undefined || seen.has(id) || !clients.has(ownToken(one));
    if (isOver || one.request.method === 'GET') continue;
    seen.add(id);
    const comes = one.endpoint === 'POST createRoom' || /join/.test(one.endpoint);
    if (!comes && /^(?:POST|PUT) rooms\/:roomId\//.test(one.endpoint)) found.set(id, ownToken(one));
  }
  return found;
};

const v3 = '/_matrix/client/v3';
const entry = (
  client: Client,
  token: string,
  atMs: number,
  request: Omit<ClientRequest, 'accessToken'>,
  body: Json,
): Entry => ({
  event: { at: atMs, server: serverOf(client.user), request: { ...request, accessToken: token } },
  response: { status: 200, body },
});
/** What happened before the recording: somebody logged in, and made the rooms that are there. */
const before = (asked: readonly Asked[], clients: ReadonlyMap<string, Client>): readonly Entry[] => {
  const loggedIn = new Set(
    asked.filter(({ endpoint, status }) => endpoint === 'POST login' && status === 200).map(ownToken),
  );
  const logins = [...clients].flatMap(([token, client]) =>
    loggedIn.has(token)
      ? []
      : [
          entry(
            client,
            token,
            0,
            { method: 'POST', path: `${v3}/login`, body: {} },
            {
              user_id: client.user,
              device_id: client.device,
              access_token: token,
            },
          ),
        ],
  );
  const rooms = [...roomsBefore(asked, clients)].flatMap(([room, token]) => {
    const client = clients.get(token);
    return client === undefined
      ? []
      : [
          entry(
            client,
            token,
            0,
            { method: 'POST', path: `${v3}/createRoom`, body: { preset: 'private_chat' } },
            { room_id: room },
          ),
        ];
  });
  return [...logins, ...rooms];
};

/** A log of those requests that clients can be told by, and what is left out; `null` where nobody is. */
const logOf = (asked: readonly Asked[]): { readonly log: Log; readonly beside: Beside } | null => {
  const clients = clientsIn(asked);
  const entries = asked.flatMap((one): readonly Entry[] => {
    const token = ownToken(one);
    const client = clients.get(token);
    if (client === undefined || one.status === null) return [];
    return [
      {
        event: { at: one.atMs, server: serverOf(client.user), request: { ...one.request, accessToken: token } },
        response: { status: one.status, body: one.answer },
      },
    ];
  });
  const users = new Set([...[...clients.values()].map(({ user }) => user), ...asked.flatMap(namedIn)]);
  if (clients.size === 0) return null;
  const madeUp = before(asked, clients);
  const ofNobody = asked.filter((one) => one.status !== null && !clients.has(ownToken(one))).length;
  return {
    log: { users: [...users], entries: [...madeUp, ...entries] },
    beside: {
      madeUp: madeUp.length,
      untold: new Map([
        ['a request without a status in the file', asked.filter(isWithoutStatus).length],
        ['a request of which nobody knows whose it is', ofNobody],
      ]),
    },
  };
};

const isWithoutStatus = ({ status }: Asked): boolean => status === null;

/** Requests as lines, and a story of them. */
export const openRecorded = (kind: KindId, recorded: readonly Recorded[], wrong: readonly string[]): Opening => {
  const asked = withTokens(recorded.flatMap((one) => askedIn(one) ?? []));
  const others = recorded.length - asked.length;
  if (asked.length === 0)
    return notOpened(
      kind,
      `none of its ${plural(recorded.length, 'request')} is of the client-server API: paths that begin with /_matrix/client/ expected`,
    );
  const kept = logOf(asked);
  const clients = [...clientsIn(asked).values()];
  const statusless = asked.filter(isWithoutStatus).length;
  const failed = asked.filter(({ status }) => status !== null && status >= 400);
  const inside = [
    `${plural(asked.length, 'request')} to a homeserver${others === 0 ? '' : `, and ${plural(others, 'other')}`}`,
    `by ${plural(clients.length, 'client')}`,
    ...some([...new Set(clients.map(({ user, device }) => `  ${user}, ${oneLine(device)}`))], 'client'),
    ...some(
      mostFirst(asked.map(({ request }) => endpointTold(request) ?? `${request.method} of no endpoint known here`)),
      'endpoint',
    ),
    ...(statusless === 0
      ? []
      : [`${plural(statusless, 'request')} without a status in the file: left out of a scenario`]),
    ...(failed.length === 0 ? [] : [`${plural(failed.length, 'request')} refused`]),
    ...some(
      mostFirst(failed.map(({ status, answer }) => `${status} ${stringAt(answer, 'errcode') ?? ''}`.trim())),
      'error',
    ),
    ...some(wrong, 'entry that is none'),
  ];
  if (kept === null)
    return opened(
      kind,
      inside,
      noStart('no login, whoami or upload of device keys is in it, so nobody knows whose requests these are'),
    );
  return opened(kind, inside, {
    can: true,
    made: () =>
      madeOf(
        scenarioOf(
          kept.log,
          {
            title: 'What clients did at a homeserver',
            about: ['SPEC'],
            why: 'Made of a recording of requests. Say here what went wrong in it, and change what is expected to what should have come of it.',
            head: ['Rooms that were there before it begins are made anew by whoever does something there first.'],
          },
          kept.beside,
        ),
        notesOf,
      ),
  });
};

/** A body that was kept as text. What is no JSON is nothing that a story is told by. */
const bodyIn = (text: string | undefined): Json => {
  const read = text === undefined || text === '' ? null : readJson(text);
  return read?.ok === true ? read.value : null;
};
const bearer = (text: string | undefined): string | null => /^Bearer (\S+)$/i.exec(text ?? '')?.[1] ?? null;

const headerIn = (headers: Json | undefined, name: string): string | undefined => {
  if (Array.isArray(headers))
    return stringAt(headers.find((one) => stringAt(one, 'name')?.toLowerCase() === name) ?? null, 'value');
  const own = isObject(headers) ? Object.keys(headers).find((key) => key.toLowerCase() === name) : undefined;
  return own === undefined ? undefined : stringAt(headers, own);
};

const contentOf = (response: JsonObject): string | undefined => {
  const content = objectAt(response, 'content');
  const text = stringAt(content, 'text');
  return text !== undefined && content.encoding === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
};

export const isHar = (value: JsonObject): boolean => Array.isArray(objectAt(value, 'log').entries);

/** What browsers save of their network panel (HAR 1.2). */
export const openHar = (value: JsonObject): Opening => {
  const entries = objectAt(value, 'log').entries as readonly Json[];
  const wrong: string[] = [];
  const recorded = entries.flatMap((one, nth): readonly Recorded[] => {
    const [request, response] = [objectAt(one, 'request'), objectAt(one, 'response')];
    const [method, address] = [stringAt(request, 'method'), stringAt(request, 'url')];
    if (method === undefined || address === undefined) {
      wrong.push(`  entry ${nth + 1} is no request: request.method and request.url expected, each a text`);
      return [];
    }
    const at = Date.parse(stringAt(one, 'startedDateTime') ?? '');
    return [
      {
        atMs: Number.isFinite(at) ? at : 0,
        method,
        address,
        token: bearer(headerIn(request.headers, 'authorization')),
        body: bodyIn(stringAt(objectAt(request, 'postData'), 'text')),
        status: typeof response.status === 'number' && response.status > 0 ? response.status : null,
        answer: bodyIn(contentOf(response)),
      },
    ];
  });
  if (recorded.length === 0 && wrong.length > 0)
    return notOpened('browser recording', `it has no request:\n${some(wrong, 'entry').join('\n')}`);
  return openRecorded('browser recording', recorded, wrong);
};

const firstOf = (value: JsonObject, ...names: readonly string[]): Json | undefined =>
  names.map((name) => (Object.hasOwn(value, name) ? value[name] : undefined)).find((one) => one !== undefined);

export const isRequestLine = (value: JsonObject): boolean =>
  stringAt(value, 'method') !== undefined && typeof firstOf(value, 'path', 'url', 'uri') === 'string';

/** Requests as lines of JSON. Names that proxies and tests use for the same thing are all read. */
export const openRequestLines = (lines: readonly JsonObject[]): Opening => {
  const wrong: string[] = [];
  const recorded = lines.flatMap((line, nth): readonly Recorded[] => {
    if (!isRequestLine(line)) {
      wrong.push(`  line ${nth + 1} is no request: method and path, url or uri expected, each a text`);
      return [];
    }
    const response = firstOf(line, 'response', 'response_body', 'responseBody', 'answer') ?? null;
    const body = firstOf(line, 'body', 'request_body', 'requestBody', 'content') ?? null;
    const status = firstOf(line, 'status', 'code', 'status_code') ?? objectAt(line, 'response').status;
    const inner = isObject(response) && 'body' in response && 'status' in response ? (response.body ?? null) : response;
    const time = firstOf(line, 'at', 'time', 'timestamp', 'ts');
    return [
      {
        atMs: typeof time === 'number' ? time : 0,
        method: stringAt(line, 'method') ?? '',
        address: String(firstOf(line, 'path', 'url', 'uri')),
        token:
          stringAt(line, 'access_token') ?? stringAt(line, 'token') ?? bearer(headerIn(line.headers, 'authorization')),
        body: typeof body === 'string' ? bodyIn(body) : body,
        status: typeof status === 'number' ? status : null,
        answer: typeof inner === 'string' ? bodyIn(inner) : inner,
      },
    ];
  });
  return openRecorded('request lines', recorded, wrong);
};
