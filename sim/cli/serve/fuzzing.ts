/** Random requests as bytes on a connection: bad HTTP, bad JSON, wrong types, too much, too little, one within another. */
import type { Json } from '../../../machines/json.ts';
import { type Luck, oddWords } from '../../fuzz/luck.ts';
import { bent, bentText, oddValue } from '../../fuzz/values.ts';
import { routes } from '../../homeserver/index.ts';

/**
 * What is sent on a connection of its own, and what has to come of it. `answered`: that many answers, each with a status and none of them
 * 500. `turned away`: an answer of 400 or more, or the end of the connection. `left`: the connection stays open, and nobody waits for anything.
 */
export type Attempt = {
  readonly kind: string;
  readonly parts: readonly (string | Uint8Array)[];
  readonly method: string;
} & (
  | { readonly wants: 'answered'; readonly answers: number }
  | { readonly wants: 'turned away' | 'left' | 'broken off' }
);

/** What nobody may be led to do by a request within another: it is in no log if all is well. */
export const smuggled = 'org.example.smuggled';

type Known = {
  /** Tokens that may be used: of people who have nothing to lose. */
  readonly tokens: readonly string[];
  /** Ids that mean something here. */
  readonly segments: readonly string[];
};

const bodies: readonly Json[] = [
  { type: 'm.login.password', identifier: { type: 'm.id.user', user: 'mallory' }, password: 'secret' },
  { device_keys: { user_id: '@mallory:example.org', device_id: 'X', algorithms: [], keys: {}, signatures: {} } },
  { device_keys: { '@alice:example.org': [], '@bob:example.org': ['PHONE'] }, timeout: 10 },
  { one_time_keys: { '@bob:example.org': { PHONE: 'signed_curve25519' } } },
  { messages: { '@bob:example.org': { '*': { odd: true } } } },
  { room_id: '!x:example.org', invite: ['@bob:example.org'], preset: 'private_chat' },
  { algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2', auth_data: { public_key: 'x', signatures: {} } },
  { rooms: { '!x:example.org': { sessions: { s: { first_message_index: 0, session_data: {} } } } } },
  { membership: 'join', user_id: '@bob:example.org', reason: 'x' },
  { msgtype: 'm.text', body: 'x' },
  { room: { timeline: { limit: 1 }, state: { types: ['*'] } } },
  { move: 'send event', user: '@mallory:example.org', device: 'X', event: {} },
];

const segment = (luck: Luck, { segments }: Known): string =>
  luck.oneIn(2)
    ? encodeURIComponent(luck.one(segments))
    : luck.one([
        '',
        '.',
        '..',
        '%',
        '%zz',
        '%00',
        '%2F',
        '%ed%a0%80',
        '*',
        '0',
        '-1',
        ...oddWords.map(encodeURIComponent),
      ]);

const pathOf = (luck: Luck, known: Known, { pattern }: (typeof routes)[number]): string => {
  const path = pattern.map((part) => (part.startsWith(':') ? segment(luck, known) : part)).join('/');
  const query = luck.oneIn(3)
    ? `?${luck.one(['since', 'timeout', 'filter', 'limit', 'dir', 'access_token', '__proto__'])}=${encodeURIComponent(luck.one([...oddWords, 's0', '-1', '1e9', '{"room":'])).slice(0, 600)}`
    : '';
  // Nobody waits here: what waits is tried with five hundred at once elsewhere.
  return path.endsWith('/sync') ? `${path}?timeout=0` : `${path}${query}`.replaceAll(/[^\x21-\x7e]/g, '_');
};

/** JSON as text, wrong in one of the ways in which text can be. */
const jsonText = (luck: Luck): string => {
  const text = JSON.stringify(luck.oneIn(3) ? oddValue(luck) : bent(luck, luck.one(bodies)));
  switch (luck.below(16)) {
    case 0:
      return text.slice(0, luck.below(text.length));
    case 1:
      return bentText(luck, text);
    case 2:
      return `{"a":1,"a":2,${text.startsWith('{') ? text.slice(1) : `"b":${text}}`}`;
    case 3:
      return `${'['.repeat(luck.below(400))}${text}`;
    case 4:
      return `\ufeff${text}`;
    case 5:
      return `${text}${luck.one([' ', '\n', 'x', '}', text])}`;
    case 6:
      return text.replaceAll(/\d+/g, () => luck.one(['1e999', '-0', '9007199254740993', '0x10', '01', '1.']));
    default:
      return text;
  }
};

type Written = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
};
const encode = (text: string): Buffer => Buffer.from(text, 'utf8');
const withLength = ({ body }: Written): string => `content-length: ${body.length}`;
const headOf = ({ method, path, headers }: Written, more: readonly string[], version = '1.1'): string =>
  [`${method} ${path} HTTP/${version}`, ...headers, ...more, '', ''].join('\r\n');
const chunked = (body: Buffer, size: number): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(encode(`${part.length.toString(16)}\r\n`), part, encode('\r\n'));
  }
  return Buffer.concat([...parts, encode('0\r\n\r\n')]);
};

const draw = (luck: Luck, known: Known): Written => {
  const route = luck.one(routes);
  const path = luck.oneIn(20) ? '/_hearsay/moves' : pathOf(luck, known, route);
  const method = luck.oneIn(6) ? luck.one(['GET', 'POST', 'PUT', 'DELETE']) : route.method;
  const token = luck.oneIn(10) ? luck.one(['', 'x', '\t', 'a'.repeat(4000)]) : luck.one(known.tokens);
  const text = jsonText(luck);
  const body = luck.oneIn(30) ? Buffer.concat([encode(text), Buffer.of(0xff, 0xfe, 0x00)]) : encode(text);
  return { method, path, headers: ['host: 127.0.0.1', `authorization: Bearer ${token}`], body };
};

/** A request that is to be hidden in another, and never done. */
const hidden = ({ tokens }: Known): string =>
  `PUT /_matrix/client/v3/sendToDevice/${smuggled}/1 HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${tokens[0] ?? ''}\r\ncontent-length: 2\r\n\r\n{}`;

type Made = Attempt extends infer One ? (One extends Attempt ? Omit<One, 'kind'> : never) : never;
type Make = (luck: Luck, known: Known, drawn: Written) => Made;
const answered = (drawn: Pick<Written, 'method'>, ...parts: readonly (string | Uint8Array)[]): Made => ({
  wants: 'answered',
  answers: 1,
  method: drawn.method,
  parts,
});
const turnedAway = (...parts: readonly (string | Uint8Array)[]): Made => ({
  wants: 'turned away',
  method: 'GET',
  parts,
});

const kinds: Readonly<Record<string, readonly [weight: number, make: Make]>> = {
  'a request': [60, (_luck, _known, drawn) => answered(drawn, headOf(drawn, [withLength(drawn)]), drawn.body)],
  'in chunks': [
    8,
    (luck, _known, drawn) =>
      answered(drawn, headOf(drawn, ['transfer-encoding: chunked']), chunked(drawn.body, 1 + luck.below(40))),
  ],
  'in pieces': [
    6,
    (luck, _known, drawn) => {
      const whole = Buffer.concat([encode(headOf(drawn, [withLength(drawn)])), drawn.body]);
      const at = luck.below(whole.length);
      return answered(drawn, whole.subarray(0, at), whole.subarray(at));
    },
  ],
  'several at once': [
    6,
    (luck, known) => {
      const all = Array.from({ length: 2 + luck.below(6) }, () => draw(luck, known));
      const parts = all.flatMap((one) => [encode(headOf(one, [withLength(one)])), one.body]);
      return { wants: 'answered', answers: all.length, method: 'POST', parts: [Buffer.concat(parts)] };
    },
  ],
  'an odd method': [
    5,
    (luck, _known, drawn) => {
      const method = luck.one(['PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'M-SEARCH']);
      return answered({ method }, headOf({ ...drawn, method }, [withLength(drawn)]), drawn.body);
    },
  ],
  'no method': [
    4,
    (luck, _known, drawn) =>
      turnedAway(headOf({ ...drawn, method: luck.one(['get', 'EAT', 'G E T', '', '\u0000', 'CONNECT']) }, [])),
  ],
  'an older version': [
    3,
    (luck, _known, drawn) =>
      answered(
        drawn,
        headOf(
          drawn,
          [withLength(drawn), ...luck.some(['connection: keep-alive'], 1)],
          luck.one(['0.9', '1.0', '2.0']),
        ),
        drawn.body,
      ),
  ],
  'no version': [2, (luck, _known, drawn) => turnedAway(headOf(drawn, [], luck.one(['3.0', '9', 'x', ''])))],
  'no host': [
    2,
    (_luck, _known, drawn) => turnedAway(headOf({ ...drawn, headers: [] }, [withLength(drawn)]), drawn.body),
  ],
  'two lengths': [
    4,
    (luck, known, drawn) =>
      turnedAway(
        headOf(drawn, ['content-length: 2', `content-length: ${luck.one(['0', '3', '1000'])}`]),
        '{}',
        hidden(known),
      ),
  ],
  'a length and chunks': [
    4,
    (luck, known, drawn) => {
      const both = luck.one([
        ['content-length: 4', 'transfer-encoding: chunked'],
        ['transfer-encoding: chunked', 'content-length: 4'],
        ['content-length: 4', 'transfer-encoding: xchunked'],
        ['transfer-encoding: chunked, identity'],
        ['transfer-encoding : chunked'],
        ['transfer-encoding: identity, chunked', 'content-length: 4'],
      ]);
      return turnedAway(headOf({ ...drawn, method: 'POST' }, both), '0\r\n\r\n', hidden(known));
    },
  ],
  'a length that is none': [
    4,
    (luck, known, drawn) =>
      turnedAway(
        headOf(drawn, [
          `content-length: ${luck.one(['-1', '+2', '0x2', '2 2', '1e3', '99999999999999999999', '2,2', ''])}`,
        ]),
        hidden(known),
      ),
  ],
  'chunks that are none': [
    4,
    (luck, known, drawn) =>
      turnedAway(
        headOf({ ...drawn, method: 'POST' }, ['transfer-encoding: chunked']),
        luck.one([
          'zz\r\n{}\r\n0\r\n\r\n',
          '-1\r\n\r\n',
          'ffffffffffffffffff\r\n',
          '2\r\n{}x\r\n0\r\n\r\n',
          '\r\n\r\n',
          '2\n{}\n0\n\n',
        ]),
        hidden(known),
      ),
  ],
  'a header that is none': [
    4,
    (luck, _known, drawn) =>
      turnedAway(
        headOf(drawn, [
          luck.one([
            'no colon',
            ': no name',
            'na me: x',
            'x: \u0000',
            'x: a\rb: c',
            'x\u0000y: z',
            ` folded`,
            `host : 127.0.0.1`,
          ]),
        ]),
      ),
  ],
  'a head that is too large': [
    2,
    (luck, _known, drawn) =>
      turnedAway(
        headOf(
          drawn,
          luck.oneIn(2)
            ? Array.from({ length: 3000 }, (_, nth) => `a${nth}: b`)
            : [`a: ${'b'.repeat(20_000 + luck.below(60_000))}`],
        ),
      ),
  ],
  'a path that is too long': [
    1,
    (luck, _known, drawn) => turnedAway(headOf({ ...drawn, path: `/${'x'.repeat(20_000 + luck.below(90_000))}` }, [])),
  ],
  'a path that is none': [
    3,
    (luck, _known, drawn) => {
      const path = luck.one([
        '*',
        'x',
        '//',
        '/%',
        '/\\',
        '/?',
        '/#',
        '/_matrix/../..',
        'http://127.0.0.1/_matrix/client/versions',
        '/_matrix//client/v3/sync',
        '/%00',
      ]);
      return answered(drawn, headOf({ ...drawn, path, headers: ['host: 127.0.0.1'] }, [withLength(drawn)]), drawn.body);
    },
  ],
  'another protocol': [
    2,
    (luck, _known, drawn) => {
      const more = luck.one([
        ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-key: eA==', 'sec-websocket-version: 13'],
        ['connection: upgrade, http2-settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__'],
        ['expect: 100-continue'],
      ]);
      return answered({ method: 'GET' }, headOf({ ...drawn, method: 'GET' }, more));
    },
  ],
  'an expectation that nobody meets': [
    1,
    (_luck, _known, drawn) => turnedAway(headOf(drawn, ['expect: miracles', withLength(drawn)]), drawn.body),
  ],
  'no HTTP': [
    4,
    (luck) =>
      turnedAway(
        luck.one<string | Uint8Array>([
          'nonsense\r\n\r\n',
          '\u0000\u0000\u0000\u0000\r\n\r\n',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03),
          `${'x'.repeat(5000)}\r\n\r\n`,
          '{"json":true}\n',
          'HTTP/1.1 200 OK\r\n\r\n',
        ]),
      ),
  ],
  'a body that breaks off': [
    5,
    (luck, _known, drawn) => ({
      wants: 'broken off',
      method: 'POST',
      parts: [
        headOf({ ...drawn, method: 'POST' }, [`content-length: ${drawn.body.length + 1 + luck.below(1000)}`]),
        drawn.body,
      ],
    }),
  ],
  'a head that breaks off': [
    3,
    (luck, _known, drawn) => {
      const head = headOf(drawn, [withLength(drawn)]);
      return { wants: 'broken off', method: 'GET', parts: [head.slice(0, luck.below(head.length - 4))] };
    },
  ],
  'half a request, left open': [
    3,
    (luck, _known, drawn) => {
      const head = headOf(drawn, [withLength(drawn), 'x: y']);
      return { wants: 'left', method: 'GET', parts: [head.slice(0, luck.below(head.length - 4))] };
    },
  ],
  'a whole request whose answer nobody reads': [
    2,
    (_luck, _known, drawn) => ({
      wants: 'left',
      method: drawn.method,
      parts: [headOf(drawn, [withLength(drawn)]), drawn.body],
    }),
  ],
};
const weights = Object.entries(kinds).flatMap(([kind, [weight, make]]) =>
  Array.from({ length: weight }, () => ({ kind, make })),
);

/** One in two thousand is larger than what is taken: bytes are cheap, but not so cheap. */
const tooLarge = (drawn: Written): Attempt => {
  const body = Buffer.alloc(17 * 2 ** 20, 0x20);
  return {
    kind: 'more than is taken',
    wants: 'turned away',
    method: 'POST',
    parts: [
      headOf({ ...drawn, method: 'POST', path: '/_matrix/client/v3/keys/upload', body }, [
        `content-length: ${body.length}`,
      ]),
      body,
    ],
  };
};

/** The `nth` attempt, the same for the same luck. */
export const attemptOf = (luck: Luck, known: Known): Attempt => {
  const drawn = draw(luck, known);
  if (luck.oneIn(2000)) return tooLarge(drawn);
  const { kind, make } = luck.one(weights);
  return { kind, ...make(luck, known, drawn) };
};
