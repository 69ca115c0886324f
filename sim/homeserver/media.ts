/**
 * The content repository ("Content repository"). Raw bytes do not fit JSON: where HTTP has a body of bytes with a
 * `Content-Type`, requests and answers here have `{ "content_type": …, "data": <base64> }`.
 */
import { type Json, stringAt } from '../../machines/json.ts';
import type { UserId } from '../../machines/types.ts';
import { answerTo, federationPath, question } from './federation/asking.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { at, put } from './state.ts';
import type { File, Homeserver } from './types.ts';

/** How long the address of an upload that has not come is kept for it. */
const unusedMs = 24 * 60 * 60 * 1000;

/** How many bytes a base64 text stands for, padded or not; `null` when it is none. */
const bytesIn = (base64: string): number | null => {
  const text = base64.replace(/={1,2}$/, '');
  return /^[A-Za-z0-9+/]*$/.test(text) && text.length % 4 !== 1 ? Math.floor((text.length * 3) / 4) : null;
};

const isThere = ({ expiresMs }: File, nowMs: number): boolean => expiresMs === null || nowMs < expiresMs;

/** What all files of a user take that are still there, in bytes. */
const bytesOf = ({ media }: Homeserver, userId: UserId, nowMs: number): number =>
  Object.values(media.files)
    .filter((file) => file.by === userId && isThere(file, nowMs))
    .reduce((sum, { data }) => sum + (data === null ? 0 : (bytesIn(data) ?? 0)), 0);

/**
 * The file that an upload brings; or 400 `M_BAD_JSON` for what is no base64, 413 `M_TOO_LARGE` for too large a file, 403
 * `M_FORBIDDEN` when it does not fit into the user's quota.
 */
const fileIn = (call: SignedInCall): { readonly file: File } | { readonly refusal: Answered } => {
  const { uploadBytesMax, mediaBytesMax, mediaKeptMs } = call.server.config;
  const data = stringAt(call.body, 'data');
  const bytes = data === undefined ? null : bytesIn(data);
  if (data === undefined || bytes === null) return { refusal: refuse(call, 400, 'M_BAD_JSON', 'data must be base64') };
  if (bytes > uploadBytesMax) return { refusal: refuse(call, 413, 'M_TOO_LARGE', 'Upload request body is too large') };
  if (mediaBytesMax !== null && bytesOf(call.server, call.userId, call.nowMs) + bytes > mediaBytesMax)
    return { refusal: refuse(call, 403, 'M_FORBIDDEN', 'There is no room for it in your quota') };
  const contentType = stringAt(call.body, 'content_type') ?? 'application/octet-stream';
  const expiresMs = mediaKeptMs === null ? null : call.nowMs + mediaKeptMs;
  return { file: { contentType, data, by: call.userId, expiresMs } };
};

/** Whether an address with that server name is one of this server's own files, whatever name new ones go by. */
const isOwn = ({ name, config }: Homeserver, named: string): boolean => named === name || named === config.mediaName;

/** The server with a file under the next address. */
const keep = (server: Homeserver, file: File): { readonly server: Homeserver; readonly uri: string } => {
  const made = server.media.made + 1;
  const id = `media${made}`;
  const media = { made, files: put(server.media.files, id, file) };
  return { server: { ...server, media }, uri: `mxc://${server.config.mediaName ?? server.name}/${id}` };
};

const upload = (call: SignedInCall): Answered => {
  const read = fileIn(call);
  if ('refusal' in read) return read.refusal;
  const { server, uri } = keep(call.server, read.file);
  return ok(server, { content_uri: uri });
};

/** POST create: an address for an upload that is still to come. */
const announce = (call: SignedInCall): Answered => {
  const expiresMs = call.nowMs + unusedMs;
  const { server, uri } = keep(call.server, { contentType: '', data: null, by: call.userId, expiresMs });
  return ok(server, { content_uri: uri, unused_expires_at: expiresMs });
};

/** PUT upload/{serverName}/{mediaId}: the upload that was announced, by whoever announced it and in time. */
const complete = (call: SignedInCall): Answered => {
  const id = param(call, 'mediaId');
  const held = isOwn(call.server, param(call, 'serverName')) ? at(call.server.media.files, id) : undefined;
  if (held === undefined || !isThere(held, call.nowMs)) return refuse(call, 404, 'M_NOT_FOUND', 'Media not found');
  if (held.by !== call.userId) return refuse(call, 403, 'M_FORBIDDEN', 'The address was made for somebody else');
  if (held.data !== null) return refuse(call, 409, 'M_CANNOT_OVERWRITE_MEDIA', 'There is a file under this address');
  const read = fileIn(call);
  if ('refusal' in read) return read.refusal;
  const { media } = call.server;
  return ok({ ...call.server, media: { ...media, files: put(media.files, id, read.file) } });
};

/** The server on which every file that there is has expired: an operator who clears the disk. The same server where none is there. */
export const expireMedia = (server: Homeserver, nowMs: number): Homeserver => {
  if (!Object.values(server.media.files).some((file) => isThere(file, nowMs))) return server;
  const files = Object.entries(server.media.files).map(
    ([id, file]) => [id, isThere(file, nowMs) ? { ...file, expiresMs: nowMs } : file] as const,
  );
  return { ...server, media: { ...server.media, files: Object.fromEntries(files) } };
};

/** A file of this server; or 404 `M_NOT_FOUND`, also once it has expired, and 504 `M_NOT_YET_UPLOADED` for one still to come. */
export const fileFor = (
  server: Homeserver,
  id: string,
  nowMs: number,
): { readonly body: Json } | { readonly status: number; readonly errcode: string; readonly error: string } => {
  const file = at(server.media.files, id);
  if (file === undefined || !isThere(file, nowMs))
    return { status: 404, errcode: 'M_NOT_FOUND', error: 'Media not found' };
  return file.data === null
    ? { status: 504, errcode: 'M_NOT_YET_UPLOADED', error: 'Media has not been uploaded yet' }
    : { body: { content_type: file.contentType, data: file.data } };
};

/** GET download: of this server, or of the one that the address names. What cannot be reached is not found. */
const download = (call: SignedInCall): Answered => {
  const id = param(call, 'mediaId');
  const from = param(call, 'serverName');
  if (isOwn(call.server, from)) {
    const found = fileFor(call.server, id, call.nowMs);
    return 'body' in found ? ok(call.server, found.body) : refuse(call, found.status, found.errcode, found.error);
  }
  const ask = question(from, 'GET', federationPath('v1', 'media', 'download', id));
  const answer = answerTo(call, ask);
  return answer === null
    ? { ...refuse(call, 404, 'M_NOT_FOUND', 'Media not found'), asks: [ask] }
    : { server: call.server, response: answer };
};

const config = (call: SignedInCall): Answered =>
  ok(call.server, { 'm.upload.size': call.server.config.uploadBytesMax });

export const mediaRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/media/v3/upload', upload),
  signedIn('POST', '/_matrix/media/v1/create', announce),
  signedIn('PUT', '/_matrix/media/v3/upload/:serverName/:mediaId', complete),
  signedIn('GET', '/_matrix/client/v1/media/download/:serverName/:mediaId', download),
  signedIn('GET', '/_matrix/client/v1/media/download/:serverName/:mediaId/:fileName', download),
  signedIn('GET', '/_matrix/client/v1/media/config', config),
];
