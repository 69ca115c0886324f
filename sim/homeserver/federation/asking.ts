/** Questions to other servers: the answer when it is there, or the question for whoever can carry it. */
import { type Json, sameJson } from '../../../machines/json.ts';
import type { Call } from '../routing.ts';
import type { ClientResponse, FederationRequest } from '../types.ts';

const isSame = (one: FederationRequest, other: FederationRequest): boolean =>
  one.to === other.to &&
  one.method === other.method &&
  one.path === other.path &&
  sameJson(one.body ?? null, other.body ?? null);

/** What the other server answered; `null` when it has not been asked, or could not be reached. */
export const answerTo = (call: Call, request: FederationRequest): ClientResponse | null =>
  call.answers.find(({ asked }) => isSame(asked, request))?.response ?? null;

/** A text as it stands in a URL. Names come from request bodies, where JSON may hold half a character: a URL says U+FFFD for it. */
export const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

/** A path of the server-server API with its segments encoded. */
export const federationPath = (version: 'v1' | 'v2', ...segments: readonly string[]): string =>
  `/_matrix/federation/${version}/${segments.map(inUrl).join('/')}`;

export const question = (
  to: string,
  method: FederationRequest['method'],
  path: string,
  body?: Json,
): FederationRequest => ({ to, method, path, ...(body === undefined ? {} : { body }) });
