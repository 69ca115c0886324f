/** From what the homeserver answers to HTTP: JSON, or the bytes of a file. */
import type { ServerResponse } from 'node:http';
import { stringAt } from '../../../machines/json.ts';
import type { ClientResponse } from '../../homeserver/types.ts';

/** "Web Browser Clients": whoever made the page, its scripts may ask. */
const allowed = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
};
/** "Content repository": what users upload is shown by no browser as a page of the server's. */
const harmless = {
  'content-security-policy': "sandbox; default-src 'none'",
  'content-disposition': 'attachment',
  'x-content-type-options': 'nosniff',
};
const downloads = /^\/_matrix\/client\/v1\/media\/download\//;
/** As a header may have it: what somebody uploaded says what it is, and says it to others. */
const typePattern = /^[\w.+-]+\/[\w.+-]+(; ?[\w.+-]+=[\w.+-]+)*$/;

type How = {
  /** Whether pages of a browser may read it. Usual: true. */
  readonly isForPages?: boolean;
  /** Whether the connection ends with it: where a body was left unread. Usual: false. */
  readonly isLast?: boolean;
};
/** Writes an answer to a request for `path`; nothing where nobody listens any more. */
export const write = (
  to: ServerResponse,
  path: string,
  { status, body }: ClientResponse,
  { isForPages = true, isLast = false }: How = {},
): void => {
  if (to.destroyed || to.headersSent) return;
  const data = status === 200 && downloads.test(path) ? stringAt(body, 'data') : undefined;
  const type = stringAt(body, 'content_type') ?? '';
  const bytes = data === undefined ? Buffer.from(JSON.stringify(body)) : Buffer.from(data, 'base64');
  to.writeHead(status, {
    ...(isForPages ? allowed : {}),
    ...(data === undefined ? {} : harmless),
    ...(isLast ? { connection: 'close' } : {}),
    'content-type':
      data === undefined ? 'application/json' : typePattern.test(type) ? type : 'application/octet-stream',
    'content-length': bytes.length,
  });
  to.end(bytes);
};

/** The answer to a browser that asks whether it may ask. */
export const writeAllowed = (to: ServerResponse): void => {
  to.writeHead(204, allowed).end();
};
