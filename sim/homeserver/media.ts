/**
 * The content repository ("Content repository"). Raw bytes do not fit JSON: where HTTP has a body of bytes with a
 * `Content-Type`, requests and answers here have `{ "content_type": …, "data": <base64> }`.
 */
import { stringAt } from '../../machines/json.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { at, put } from './state.ts';

/** How many bytes a base64 text stands for, padded or not; `null` when it is none. */
const bytesIn = (base64: string): number | null => {
  const text = base64.replace(/={1,2}$/, '');
  return /^[A-Za-z0-9+/]*$/.test(text) && text.length % 4 !== 1 ? Math.floor((text.length * 3) / 4) : null;
};

const upload = (call: SignedInCall): Answered => {
  const { server } = call;
  const data = stringAt(call.body, 'data');
  const bytes = data === undefined ? null : bytesIn(data);
  if (data === undefined || bytes === null) return refuse(call, 400, 'M_BAD_JSON', 'data must be base64');
  if (bytes > server.settings.uploadBytesMax)
    return refuse(call, 413, 'M_TOO_LARGE', 'Upload request body is too large');
  const contentType = stringAt(call.body, 'content_type') ?? 'application/octet-stream';
  const made = server.media.made + 1;
  const id = `media${made}`;
  const files = put(server.media.files, id, { contentType, data, by: call.userId });
  return ok({ ...server, media: { made, files } }, { content_uri: `mxc://${server.name}/${id}` });
};

const download = (call: SignedInCall): Answered => {
  const file =
    param(call, 'serverName') === call.server.name ? at(call.server.media.files, param(call, 'mediaId')) : undefined;
  return file === undefined
    ? refuse(call, 404, 'M_NOT_FOUND', 'Media not found')
    : ok(call.server, { content_type: file.contentType, data: file.data });
};

const config = (call: SignedInCall): Answered =>
  ok(call.server, { 'm.upload.size': call.server.settings.uploadBytesMax });

export const mediaRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/media/v3/upload', upload),
  signedIn('GET', '/_matrix/client/v1/media/download/:serverName/:mediaId', download),
  signedIn('GET', '/_matrix/client/v1/media/download/:serverName/:mediaId/:fileName', download),
  signedIn('GET', '/_matrix/client/v1/media/config', config),
];
