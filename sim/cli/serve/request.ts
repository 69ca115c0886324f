/** From HTTP to what the homeserver is asked: path, query, access token, and a body of JSON or of bytes. */
import type { IncomingMessage } from 'node:http';
import type { Json } from '../../../machines/json.ts';
import type { ClientRequest, ClientResponse } from '../../homeserver/types.ts';

/** More than backups and bundles of rooms take; files have the server's own limit. */
const jsonBytesMax = 16 * 2 ** 20;
/** Nobody writes JSON so deep, and what walks through it has only so much stack. */
const depthMax = 200;

export const refusal = (status: number, errcode: string, error: string): ClientResponse => ({
  status,
  body: { errcode, error },
});

/** The bytes of a body, or `null` where there are more than `bytesMax`: no more of it is kept then. Rejects where it breaks off. */
const bytesOf = async (message: IncomingMessage, bytesMax: number): Promise<Buffer | null> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bytesMax) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (isInText) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isInText = false;
    } else if (letter === '"') isInText = true;
    else if (letter === '{' || letter === '[') {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (letter === '}' || letter === ']') depth -= 1;
  }
  return false;
};

/** A number that is written as one and is none here: it would stand in a log, and be sent on, as `null`. */
const hasInfinity = (value: Json): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : typeof value === 'object' &&
      value !== null &&
      Object.values(value).some((one) => one !== undefined && hasInfinity(one));

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: ClientResponse };
const no = (
  status: number,
  errcode: string,
  error: string,
): { readonly ok: false; readonly response: ClientResponse } => ({
  ok: false,
  response: refusal(status, errcode, error),
});

const tooLarge = no(413, 'M_TOO_LARGE', 'The request body is too large');

/** The JSON of a body ("API standards"): nothing at all is `{}`; 400 `M_NOT_JSON` for what is none, `M_BAD_JSON` for what is too deep or too large a number. */
export const jsonIn = (bytes: Uint8Array): Read<Json> => {
  if (bytes.length === 0) return { ok: true, value: {} };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isTooDeep(text)) return no(400, 'M_BAD_JSON', 'The request body is nested too deeply');
    const value = JSON.parse(text) as Json;
    return hasInfinity(value)
      ? no(400, 'M_BAD_JSON', 'A number in the request body is too large')
      : { ok: true, value };
  } catch {
    return no(400, 'M_NOT_JSON', 'The request body is not JSON');
  }
};

/** The JSON of a request's body; 413 `M_TOO_LARGE` where it is too long. */
export const jsonBody = async (message: IncomingMessage): Promise<Read<Json>> => {
  const bytes = await bytesOf(message, jsonBytesMax);
  return bytes === null ? tooLarge : jsonIn(bytes);
};

/** The file of a request's body, whatever bytes it has. */
const fileBody = async (message: IncomingMessage, bytesMax: number): Promise<Read<Json>> => {
  const bytes = await bytesOf(message, bytesMax);
  if (bytes === null) return tooLarge;
  const content_type = message.headers['content-type'] ?? 'application/octet-stream';
  return { ok: true, value: { content_type, data: bytes.toString('base64') } };
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const uploads = /^\/_matrix\/media\/v3\/upload(\/|$)/;

/** `Authorization: Bearer …`, or else the query parameter that older clients have for it. */
const tokenIn = (message: IncomingMessage, query: URLSearchParams): string | null =>
  /^Bearer (\S+)$/i.exec(message.headers.authorization ?? '')?.[1] ?? query.get('access_token');

/**
 * What a client asks. A body of a file is `{ content_type, data }` from here on, as the homeserver takes it (`homeserver/media.ts`).
 *
 * @param uploadBytesMax how large a file may be
 */
export const requestIn = async (message: IncomingMessage, uploadBytesMax: number): Promise<Read<ClientRequest>> => {
  const method = methods.find((one) => one === message.method);
  if (method === undefined) return no(405, 'M_UNRECOGNIZED', 'Unrecognized request');
  const [path = '', ...search] = (message.url ?? '').split('?');
  const query = new URLSearchParams(search.join('?'));
  const accessToken = tokenIn(message, query);
  query.delete('access_token');
  const body = uploads.test(path) ? await fileBody(message, uploadBytesMax) : await jsonBody(message);
  if (!body.ok) return body;
  return { ok: true, value: { accessToken, method, path, query: Object.fromEntries(query), body: body.value } };
};
