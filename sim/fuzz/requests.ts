/** Random requests of clients and of other servers at a homeserver that has people, rooms, keys and files. */
import { isObject, type Json } from '../../machines/json.ts';
import type { World } from '../engine/world.ts';
import { respondToServer } from '../homeserver/federation/answering.ts';
import { respondAmong } from '../homeserver/federation/ask-servers.ts';
import { routes } from '../homeserver/index.ts';
import type { ClientRequest, ClientResponse, FederationRequest, Homeserver } from '../homeserver/types.ts';
import { type Luck, luckOf, oddWords, ordered } from './luck.ts';
import { failing, type Outcome, outcomeOf, type Part, type Tried, type Wrong } from './part.ts';
import { type Asked, type Place, placesFor } from './places.ts';
import { bent, bentText, oddValue } from './values.ts';

/** A request as it is drawn. `origin`: it is another server that asks. */
type Drawn = {
  readonly to: string;
  readonly origin: string | null;
  readonly accessToken: string | null;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly atMs: number;
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const oddSegments: readonly string[] = [
  '',
  '.',
  '..',
  '%2e%2e',
  '%',
  '%zz',
  '%c3%28',
  '%ed%a0%80',
  '\ud800',
  '%00',
  '%2F',
  '*',
  '@alice:example.org',
  '%40bob%3Aexample.org',
  '!den:example.org',
  '%21den%3Aexample.org',
  '@alice:elsewhere.example',
  '!gone:elsewhere.example',
  '!:',
  ':',
  '@',
  '1',
  '-1',
  '999999999999999999999',
  'PHONE',
  ...oddWords.slice(0, 8),
  'x'.repeat(3000),
];
const federationPaths: readonly string[] = [
  'v1/make_join/:room/:user',
  'v1/make_knock/:room/:user',
  'v1/make_leave/:room/:user',
  'v2/send_join/:room/:event',
  'v1/send_knock/:room/:event',
  'v2/send_leave/:room/:event',
  'v2/invite/:room/:event',
  'v1/backfill/:room?v=x&limit=10',
  'v1/state/:room?event_id=x',
  'v1/user/keys/query',
  'v1/user/keys/claim',
  'v1/query/profile?user_id=%40alice%3Aexample.org',
  'v1/media/download/:id',
  'v1/send/:txn',
];

const filled = (luck: Luck, pattern: string, known: readonly string[]): string =>
  pattern
    .split('/')
    .map((part) =>
      !part.startsWith(':')
        ? part
        : luck.oneIn(2) && known.length > 0
          ? luck.one(known)
          : luck.oneIn(3)
            ? encodeURIComponent(luck.one(oddWords))
            : luck.one(oddSegments),
    )
    .join('/');

const bentPath = (luck: Luck, path: string): string => {
  const parts = path.split('/');
  const nth = luck.below(parts.length);
  switch (luck.below(4)) {
    case 0:
      return parts.with(nth, luck.one(oddSegments)).join('/');
    case 1:
      return parts.toSpliced(nth, 1).join('/');
    case 2:
      return bentText(luck, path);
    default:
      return parts.toSpliced(nth, 0, luck.one(oddSegments)).join('/');
  }
};

const bentQuery = (luck: Luck, query: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const names = [
    'since',
    'from',
    'to',
    'dir',
    'limit',
    'version',
    'filter',
    'at',
    'membership',
    'not_membership',
    ...oddWords,
  ];
  const values = [
    '',
    '0',
    '-1',
    's0',
    's1',
    's999999',
    'b',
    'f',
    'NaN',
    '{"room":{}}',
    '{"room":',
    'null',
    '[]',
    '1e9',
    ...oddWords,
  ];
  return Object.fromEntries([...Object.entries(query), [luck.one(names), luck.one(values)]]);
};

const tokensOf = (world: World): readonly string[] =>
  Object.values(world.servers).flatMap(({ tokens }) => Object.keys(tokens));

/** Segments of paths that were asked for here: ids that mean something. */
const segmentsOf = (asked: readonly Asked[]): readonly string[] => [
  ...new Set(asked.flatMap(({ path }) => path.split('/').slice(4)).filter((part) => /[%!@$0-9A-Z]/.test(part))),
];

const draw = (luck: Luck, { world, asked }: Place): Drawn => {
  const names = Object.keys(world.servers);
  const known = asked.length === 0 ? null : luck.one(asked);
  const tokens = tokensOf(world);
  const segments = segmentsOf(asked);
  const accessToken = luck.oneIn(12)
    ? luck.one([null, '', ...oddWords])
    : tokens.length === 0
      ? null
      : luck.one(tokens);
  const isBetween = luck.oneIn(4) || (known !== null && world.servers[known.from] !== undefined);
  const atMs = luck.below(1_000_000_000);
  const to = luck.one(names);
  const body = known === null || luck.oneIn(6) ? oddValue(luck) : luck.oneIn(4) ? known.body : bent(luck, known.body);
  if (isBetween) {
    const fits = known?.path.startsWith('/_matrix/federation/') === true && !luck.oneIn(4);
    const path =
      fits && known !== null ? known.path : `/_matrix/federation/${filled(luck, luck.one(federationPaths), segments)}`;
    const origin = luck.one([...names, 'elsewhere.example']);
    const method = fits && known !== null && !luck.oneIn(8) ? known.method : luck.one(['GET', 'POST', 'PUT']);
    return { to, origin, accessToken: null, method, path: luck.oneIn(4) ? bentPath(luck, path) : path, body, atMs };
  }
  const fits = known !== null && luck.oneIn(2);
  const route = luck.one(routes);
  const path = fits ? known.path : filled(luck, route.pattern.join('/'), segments);
  const query = fits ? (known.query ?? {}) : {};
  return {
    to,
    origin: null,
    accessToken,
    method: luck.oneIn(8) ? luck.one(methods) : fits ? known.method : route.method,
    path: luck.oneIn(5) ? bentPath(luck, path) : path,
    query: luck.oneIn(4) ? bentQuery(luck, query) : query,
    body,
    atMs,
  };
};

type Servers = World['servers'];

const asking = (servers: Servers, drawn: Drawn): { readonly servers: Servers; readonly response: ClientResponse } => {
  const { to, origin, accessToken, method, path, query, body, atMs } = drawn;
  if (origin === null) {
    const request = { accessToken, method: method as ClientRequest['method'], path, body, ...(query && { query }) };
    return respondAmong(servers, to, request, atMs);
  }
  const server = servers[to];
  if (server === undefined) throw new Error(`there is no server ${to}: were the servers drawn from those there are?`);
  const asked: FederationRequest = { to, method: method as FederationRequest['method'], path, body };
  const done = respondToServer(server, origin, asked, atMs);
  return { servers: { ...servers, [to]: done.server }, response: done.response };
};

/** What a refused request may leave behind all the same: that somebody tried, and a session to authenticate in. */
const mayChange = ({ path }: Drawn, { status }: ClientResponse): boolean =>
  status < 400 || status === 401 || path.includes('/login');

const wrongWith = (
  drawn: Drawn,
  before: Homeserver | undefined,
  after: Homeserver | undefined,
  response: ClientResponse,
): Wrong | null => {
  const told = `${drawn.method} ${drawn.path} → ${response.status}`;
  const kind = `${drawn.origin === null ? 'a client' : 'a server'}`;
  if (!Number.isInteger(response.status) || response.status < 200 || response.status > 599)
    return { cause: 'an answer without a status', message: told };
  if (response.body === undefined || JSON.stringify(response.body) === undefined)
    return { cause: 'an answer without a body', message: told };
  const { body } = response;
  const isUia = response.status === 401 && isObject(body) && Array.isArray(body.flows);
  if (response.status >= 400 && !isUia && !(isObject(body) && typeof body.errcode === 'string'))
    return { cause: `an error without errcode for ${kind}`, message: `${told} ${JSON.stringify(body)}` };
  if (!mayChange(drawn, response) && before !== after && ordered(before) !== ordered(after))
    return { cause: `a refused request of ${kind} changes the server`, message: told };
  return null;
};

const tried = (place: Place, all: readonly Drawn[]): Tried => {
  const told: string[] = [];
  const done = failing((): Wrong | null => {
    let { servers }: { servers: Servers } = place.world;
    for (const drawn of all) {
      const next = asking(servers, drawn);
      const wrong = wrongWith(drawn, servers[drawn.to], next.servers[drawn.to], next.response);
      if (wrong !== null) return wrong;
      servers = next.servers;
      told.push(`${next.response.status} ${JSON.stringify(next.response.body).length}`);
    }
    return null;
  });
  if ('thrown' in done) return { wrong: done.thrown };
  return done.ok === null ? { told } : { wrong: done.ok };
};

const perCase = 20;
const placesMax = 24;

export const requestPart: Part = {
  name: 'request',
  perCase,
  begin: ({ seed, block, shrinks, library }) => {
    const places = placesFor(luckOf(`request/${seed}/places/${block}`), library, placesMax);
    return (nth): Outcome => {
      const luck = luckOf(`request/${seed}/${nth}`);
      const place = luck.one(places);
      const all = Array.from({ length: perCase }, () => draw(luck, place));
      return outcomeOf(
        all,
        shrinks,
        (some) => tried(place, some),
        (few) => [place.where, ...few.map((one) => JSON.stringify(one))],
      );
    };
  },
};
