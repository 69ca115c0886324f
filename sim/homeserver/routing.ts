/** From a method and a path to the one handler for it, and the answers that every handler may give. */
import { isObject, type Json, type JsonObject } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { at } from './state.ts';
import type { ClientRequest, ClientResponse, FederationAnswer, FederationRequest, Homeserver } from './types.ts';

/**
 * An answer and the server after it. With `asks`, other servers would have to be asked first: the answer is then what it is
 * when none of them can be reached.
 */
export type Answered = {
  readonly server: Homeserver;
  readonly response: ClientResponse;
  readonly asks?: readonly FederationRequest[];
};

/** A request on its way to a handler: segments decoded, body still as sent. */
export type Call = {
  readonly server: Homeserver;
  readonly method: string;
  readonly path: string;
  /** What stood where the route has `:name`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly nowMs: number;
  /** What other servers have answered so far. */
  readonly answers: readonly FederationAnswer[];
};
/** The same from somebody with a valid access token. */
export type SignedInCall = Call & { readonly userId: UserId; readonly deviceId: DeviceId };

export type Route = { readonly method: ClientRequest['method']; readonly pattern: readonly string[] } & (
  | { readonly open: true; readonly handle: (call: Call) => Answered }
  | { readonly open: false; readonly handle: (call: SignedInCall) => Answered }
);

/** An endpoint for everybody: `path` with `:name` where a segment is free. */
export const forAll = (method: ClientRequest['method'], path: string, handle: (call: Call) => Answered): Route => ({
  method,
  pattern: path.split('/'),
  open: true,
  handle,
});

/** An endpoint that needs an access token. */
export const signedIn = (
  method: ClientRequest['method'],
  path: string,
  handle: (call: SignedInCall) => Answered,
): Route => ({ method, pattern: path.split('/'), open: false, handle });

/** 200 with this body. */
export const ok = (server: Homeserver, body: Json = {}): Answered => ({ server, response: { status: 200, body } });

/** A standard error response (client-server API, "Standard error response"). The state is as it was. */
export const refuse = (
  call: { readonly server: Homeserver },
  status: number,
  errcode: string,
  error: string,
  more: JsonObject = {},
): Answered => ({ server: call.server, response: { status, body: { errcode, error, ...more } } });

/** The request body when it is an object, or else what to answer. */
export const bodyOf = (call: Call): { readonly body: JsonObject } | { readonly refusal: Answered } =>
  isObject(call.body)
    ? { body: call.body }
    : { refusal: refuse(call, 400, 'M_BAD_JSON', 'The request body must be a JSON object') };

/** A handler of requests that have an object for a body; whoever sends something else is told so. */
export const withBody =
  <C extends Call>(handle: (call: C, body: JsonObject) => Answered) =>
  (call: C): Answered => {
    const read = bodyOf(call);
    return 'refusal' in read ? read.refusal : handle(call, read.body);
  };

/** A handler of what belongs to the user in its path: 403 with these words for anybody else. */
export const forItsUser =
  (why: string, handle: (call: SignedInCall) => Answered) =>
  (call: SignedInCall): Answered =>
    param(call, 'userId') === call.userId ? handle(call) : refuse(call, 403, 'M_FORBIDDEN', why);

type MemberKind = 'a text' | 'an object' | 'a list' | 'a list of texts';
const isOfKind: Readonly<Record<MemberKind, (value: Json) => boolean>> = {
  'a text': (value) => typeof value === 'string',
  'an object': isObject,
  'a list': Array.isArray,
  'a list of texts': (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};
/** 400 for the first of these members that is there, is not null, and of another kind; `null`: there is none. */
export const otherKind = (
  call: Call,
  body: JsonObject,
  kinds: Readonly<Record<string, MemberKind>>,
): Answered | null => {
  const wrong = Object.entries(kinds).find(([name, kind]) => {
    const value = Object.hasOwn(body, name) ? (body[name] ?? null) : null;
    return value !== null && !isOfKind[kind](value);
  });
  return wrong === undefined ? null : lacks(call, ...wrong);
};

/** 400 for a member of a body that is not what it must be: `M_MISSING_PARAM` where it is not there, `M_BAD_JSON` where it is of another kind. */
export const lacks = (call: Call, name: string, kind: MemberKind): Answered =>
  isObject(call.body) && Object.hasOwn(call.body, name)
    ? refuse(call, 400, 'M_BAD_JSON', `'${name}' must be ${kind}`)
    : refuse(call, 400, 'M_MISSING_PARAM', `Missing param: ${name}`);

/** The value of a parameter; reads own properties only, as names come from clients. */
export const param = (call: Call, name: string): string => at(call.params, name) ?? '';

/** Routes as a tree of segments, as every request is looked up among some sixty. */
type Fork = { readonly fixed: Map<string, Fork>; free: Fork | null; readonly routes: Route[] };
const fork = (): Fork => ({ fixed: new Map(), free: null, routes: [] });

const treeOf = (routes: readonly Route[]): Fork => {
  const root = fork();
  for (const route of routes) {
    let at = root;
    for (const part of route.pattern) {
      const next: Fork = (part.startsWith(':') ? at.free : at.fixed.get(part)) ?? fork();
      if (part.startsWith(':')) at.free = next;
      else at.fixed.set(part, next);
      at = next;
    }
    at.routes.push(route);
  }
  return root;
};

/** The routes whose pattern these segments fit, from the `nth` on; a segment that is spelt out goes before one that is free. */
const onPathOf = (at: Fork, segments: readonly string[], nth = 0): readonly Route[] => {
  const segment = segments[nth];
  if (segment === undefined) return at.routes;
  const fixed = at.fixed.get(segment);
  const one = fixed === undefined ? [] : onPathOf(fixed, segments, nth + 1);
  const other = at.free === null ? [] : onPathOf(at.free, segments, nth + 1);
  return one.length === 0 ? other : other.length === 0 ? one : [...one, ...other];
};

/** `null` for a segment that is no percent-encoded text, or holds half a character (a lone surrogate), which no URL can carry. */
const decoded = (segment: string): string | null => {
  try {
    const text = decodeURIComponent(segment);
    return text.isWellFormed() ? text : null;
  } catch {
    return null;
  }
};

type FoundRoute =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly status: number; readonly errcode: string; readonly error: string };

/**
 * Of these routes the one for a request, with its parameters; or the error of one that has none: 404 for an unknown path, 405 for a
 * known path with another method (both `M_UNRECOGNIZED`), 400 for a segment that cannot be decoded.
 */
export const routerOf = (
  routes: readonly Route[],
): ((request: Pick<ClientRequest, 'method' | 'path'>) => FoundRoute) => {
  const tree = treeOf(routes);
  return (request) => findIn(tree, request);
};
const findIn = (tree: Fork, request: Pick<ClientRequest, 'method' | 'path'>): FoundRoute => {
  const segments = request.path.split('/');
  const onPath = onPathOf(tree, segments);
  if (onPath.length === 0) return { status: 404, errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' };
  const route = onPath.find(({ method }) => method === request.method);
  if (route === undefined) return { status: 405, errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' };
  const params: Record<string, string> = {};
  for (let nth = 0; nth < route.pattern.length; nth += 1) {
    const part = route.pattern[nth] ?? '';
    if (!part.startsWith(':')) continue;
    const value = decoded(segments[nth] ?? '');
    if (value === null)
      return { status: 400, errcode: 'M_INVALID_PARAM', error: 'A path segment is not valid percent-encoding' };
    params[part.slice(1)] = value;
  }
  return { route, params };
};
