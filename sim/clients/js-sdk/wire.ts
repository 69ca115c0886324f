/** What a client wants to fetch, kept until somebody has sent it: a `fetch` whose answers come from outside. */
import type { Json } from '../../../machines/json.ts';
import { stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Wanted, WantedAnswer } from '../seat/client.ts';

type Open = { readonly wanted: Wanted; readonly answered: (answer: WantedAnswer) => void };

export type Wire = {
  readonly fetch: typeof globalThis.fetch;
  /** Whether something is to be sent. Syncs are not: whoever sits at the seat is told them. */
  readonly isWaiting: () => boolean;
  /** All that is to be sent now, in the order in which it was asked for. */
  readonly taken: () => readonly Wanted[];
  /** Answers what was taken last. */
  readonly answer: (answers: readonly WantedAnswer[]) => void;
  /** Answers the sync that is open. `false`: none is. */
  readonly sync: (body: Json) => boolean;
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const downloads = paths.mediaDownload('', '').slice(0, -2);

/** A body as the homeserver takes it: JSON, or a file (`homeserver/media.ts`). */
const bodyOf = (body: unknown, contentType: string): Json => {
  if (body instanceof Uint8Array) return { content_type: contentType, data: Buffer.from(body).toString('base64') };
  return typeof body === 'string' && body !== '' ? (JSON.parse(body) as Json) : {};
};

const wantedOf = (resource: URL | string, { method, body, headers }: RequestInit): Wanted => {
  const url = new URL(resource);
  const known = methods.find((one) => one === (method ?? 'GET'));
  if (known === undefined) throw new TypeError(`nobody sends ${method}`);
  const contentType = new Headers(headers).get('content-type') ?? 'application/octet-stream';
  return {
    method: known,
    path: url.pathname,
    ...(url.search === '' ? {} : { query: Object.fromEntries(url.searchParams) }),
    ...(known === 'GET' ? {} : { body: bodyOf(body, contentType) }),
  };
};

/** As much of a `Response` as a client reads. No stream stands behind it, which would take its own time. */
const responseOf = ({ path }: Wanted, { status, body }: WantedAnswer): Response => {
  const isFile = status === 200 && path.startsWith(downloads);
  const bytes = isFile ? new Uint8Array(Buffer.from(stringAt(body, 'data') ?? '', 'base64')) : null;
  const type = bytes === null ? 'application/json' : (stringAt(body, 'content_type') ?? 'application/octet-stream');
  const response: Pick<Response, 'ok' | 'status' | 'headers' | 'url' | 'text' | 'json' | 'blob'> = {
    ok: status >= 200 && status < 300,
    status,
    headers: new Headers({ 'content-type': type }),
    url: path,
    text: async () => JSON.stringify(body),
    json: async () => structuredClone(body),
    blob: async () => ({ size: bytes?.length ?? 0, type, arrayBuffer: async () => bytes?.buffer }) as Blob,
  };
  return response as Response;
};

export const makeWire = (): Wire => {
  let open: Open[] = [];
  let sent: Open[] = [];
  let syncs: Open[] = [];
  const fetch: typeof globalThis.fetch = (resource, init = {}) =>
    new Promise((resolve, reject) => {
      const wanted = wantedOf(resource instanceof Request ? resource.url : resource, init);
      const answered = (answer: WantedAnswer): void => {
        if (answer.status === 0) reject(new TypeError('nothing came back'));
        else resolve(responseOf(wanted, answer));
      };
      (wanted.path === paths.sync ? syncs : open).push({ wanted, answered });
    });
  return {
    fetch,
    isWaiting: () => open.length > 0,
    taken: () => {
      sent = open;
      open = [];
      return sent.map(({ wanted }) => wanted);
    },
    answer: (answers) => {
      const before = sent;
      sent = [];
      for (const [nth, one] of before.entries()) one.answered(answers[nth] ?? { status: 0, body: null });
    },
    sync: (body) => {
      const before = syncs;
      syncs = [];
      for (const one of before) one.answered({ status: 200, body });
      return before.length > 0;
    },
  };
};
