/**
 * What is wrong with requests, and what `hearsay serve` answers: a table by endpoint, held by `bad-requests.test.ts`. What is wrong with any
 * request (no token, no JSON, too much of it) is made from the routes themselves; here is what each endpoint wants of its body.
 */

export type BadRow = {
  /** As it goes over the wire. */
  readonly body: string;
  /** Behind the path. */
  readonly query?: string;
  /** What stands in free places of the path, where it is not something that is there. */
  readonly params?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly errcode: string;
  readonly error: string;
};
const bad = (body: string, errcode: string, error: string, status = 400): BadRow => ({ body, status, errcode, error });

/** A path with something else in a free place, and a body that is one. */
const at = (
  params: Readonly<Record<string, string>>,
  body: string,
  ...told: readonly [string, string, number?]
): BadRow => ({
  ...bad(body, ...told),
  params,
});

const noObject = bad('[]', 'M_BAD_JSON', 'The request body must be a JSON object');
const missing = (name: string, kind = 'a text'): readonly BadRow[] => [
  noObject,
  bad('{}', 'M_MISSING_PARAM', `Missing param: ${name}`),
  bad(`{"${name}":7}`, 'M_BAD_JSON', `'${name}' must be ${kind}`),
];
const objectAt = (name: string): readonly BadRow[] =>
  ['[]', '{}', `{"${name}":7}`, `{"${name}":[]}`].map((body) => bad(body, 'M_BAD_JSON', `'${name}' must be an object`));
const notBackup: readonly BadRow[] = ['[]', '{}', '{"rooms":7}', '{"sessions":7}', '{"session_data":7}'].map(
  (body) => ({
    ...bad(body, 'M_BAD_JSON', 'Not key backup data'),
    query: '?version=1',
  }),
);

const canonical = 'The event is no canonical JSON: content';
const whole = 'whole numbers from -9007199254740991 to 9007199254740991 expected';
const why: readonly BadRow[] = [
  noObject,
  bad('{"reason":7}', 'M_BAD_JSON', "'reason' must be a text"),
  bad(`{"reason":"${'x'.repeat(65_536)}"}`, 'M_TOO_LARGE', 'The event is too large: 65699 bytes, at most 65536', 413),
];
const notTheRoom = (what: string): readonly BadRow[] =>
  ['nonsense', '!x', '@alice:example.org'].map((roomId) =>
    at({ roomId }, '{}', 'M_INVALID_PARAM', `${roomId} ${what}`),
  );
const tooLarge = (bytes: number): BadRow =>
  bad(`{"body":"${'x'.repeat(65_500)}"}`, 'M_TOO_LARGE', `The event is too large: ${bytes} bytes, at most 65536`, 413);
const longUser = `@${'x'.repeat(255)}:example.org`;
const aboutUser: readonly BadRow[] = [
  ...missing('user_id'),
  ...['bob', '@bob', longUser].map((id) => bad(`{"user_id":"${id}"}`, 'M_INVALID_PARAM', 'user_id is no user id')),
  bad('{"user_id":"@bob:example.org","reason":7}', 'M_BAD_JSON', "'reason' must be a text"),
];
/** What no room may have as an event, whoever sends it. */
const noEvent: readonly BadRow[] = [
  noObject,
  ...['1.5', '9007199254740993', '-9007199254740992'].map((number) =>
    bad(`{"a":[{"b":${number}}]}`, 'M_BAD_JSON', `${canonical}.a.0.b is ${Number(number)}: ${whole}`),
  ),
  bad('{"a":"\\ud800"}', 'M_BAD_JSON', `${canonical}.a has half a character (a lone surrogate)`),
  bad(
    '{"a\\udc00":1}',
    'M_BAD_JSON',
    'The event is no canonical JSON: a key in content has half a character (a lone surrogate)',
  ),
];
const typeTooLong = at(
  { type: 'ä'.repeat(128) },
  '{}',
  'M_TOO_LARGE',
  "'type' is too large: 256 bytes, at most 255",
  413,
);
const noLevels: readonly BadRow[] = (
  [
    ['{"users":{"@alice:example.org":"x"}}', "'users.@alice:example.org' must be an integer"],
    ['{"users":{"@alice:example.org":"100"}}', "'users.@alice:example.org' must be an integer"],
    ['{"users":{"alice":100}}', "'users' has alice, which is no user id"],
    ['{"users":[]}', "'users' must be an object"],
    ['{"events":{"m.room.name":null}}', "'events.m.room.name' must be an integer"],
    ['{"notifications":7}', "'notifications' must be an object"],
    ['{"ban":"50"}', "'ban' must be an integer"],
    ['{"users_default":null}', "'users_default' must be an integer"],
  ] as const
).map(([body, error]) => bad(body, 'M_BAD_JSON', error));

/** By endpoint that takes a body, or the reason why none is refused. */
export const badBodies: Readonly<Record<string, readonly BadRow[] | string>> = {
  'POST keys/upload': [
    noObject,
    ...['device_keys', 'one_time_keys', 'fallback_keys'].map((name) =>
      bad(`{"${name}":7}`, 'M_BAD_JSON', `'${name}' must be an object`),
    ),
    ...['one_time_keys', 'fallback_keys'].flatMap((part) => [
      ...['nocolon', ':A', 'signed_curve25519:'].map((id) =>
        bad(`{"${part}":{"${id}":"x"}}`, 'M_INVALID_PARAM', `${id} in '${part}' is no key id: ALGORITHM:ID expected`),
      ),
      ...['null', '7', '{}', '{"key":7}'].map((key) =>
        bad(
          `{"${part}":{"signed_curve25519:A":${key}}}`,
          'M_BAD_JSON',
          `signed_curve25519:A in '${part}' must be a text, or an object with a text 'key'`,
        ),
      ),
    ]),
    ...(
      [
        ['{}', 'M_MISSING_PARAM', 'Missing param: device_keys.algorithms'],
        ['{"algorithms":7}', 'M_BAD_JSON', "'device_keys.algorithms' must be a list of texts"],
        ['{"algorithms":["x"],"keys":7}', 'M_BAD_JSON', "'device_keys.keys' must be an object of texts"],
        [
          '{"algorithms":[],"keys":{},"signatures":{"@alice:example.org":7}}',
          'M_BAD_JSON',
          "'device_keys.signatures' must be an object of objects of texts",
        ],
      ] as const
    ).map(([keys, errcode, error]) => bad(`{"device_keys":${keys}}`, errcode, error)),
  ],
  'POST keys/query': [
    ...objectAt('device_keys'),
    bad('{"device_keys":{"x":[]}}', 'M_INVALID_PARAM', 'x is no user id'),
  ],
  'POST keys/claim': [
    ...objectAt('one_time_keys'),
    bad('{"one_time_keys":{"@alice":{}}}', 'M_INVALID_PARAM', '@alice is no user id'),
  ],
  'PUT sendToDevice/:eventType/:txnId': [
    bad('[]', 'M_MISSING_PARAM', 'Missing param: messages'),
    bad('{}', 'M_MISSING_PARAM', 'Missing param: messages'),
    bad('{"messages":7}', 'M_BAD_JSON', "'messages' must be an object"),
    bad('{"messages":{"@alice:example.org":7}}', 'M_BAD_JSON', 'Messages must be objects'),
    bad('{"messages":{"nobody":{"*":{}}}}', 'M_INVALID_PARAM', 'nobody is no user id'),
  ],
  'PUT room_keys/keys': notBackup,
  'PUT room_keys/keys/:room': notBackup,
  'PUT room_keys/keys/:room/:session': notBackup,
  'DELETE room_keys/keys': 'its body is not read',
  'DELETE room_keys/keys/:room': 'its body is not read',
  'DELETE room_keys/keys/:room/:session': 'its body is not read',
  'POST room_keys/version': [
    ...missing('algorithm'),
    bad('{"algorithm":"x","auth_data":7}', 'M_BAD_JSON', "'auth_data' must be an object"),
  ],
  'PUT room_keys/version/:version': missing('algorithm'),
  'DELETE room_keys/version/:version': 'its body is not read',
  'POST keys/device_signing/upload': [
    noObject,
    bad('{"master_key":7}', 'M_INVALID_PARAM', 'master_key is not a master key of @alice:example.org'),
  ],
  'POST keys/signatures/upload': [noObject],
  'PUT user/:userId/account_data/:type': [noObject],
  'POST login': [
    ...missing('type'),
    bad('{"type":"m.login.password"}', 'M_MISSING_PARAM', 'Missing param: identifier'),
    bad('{"type":"m.login.password","identifier":7}', 'M_BAD_JSON', "'identifier' must be an object"),
    bad('{"type":"m.login.token","token":7}', 'M_BAD_JSON', "'token' must be a text"),
    bad('{"type":"m.login.sso"}', 'M_UNKNOWN', 'Unknown login type m.login.sso'),
    ...(
      [
        ['{"type":"m.id.thirdparty"}', 'M_UNKNOWN', 'Unknown identifier type m.id.thirdparty'],
        ['{"type":7,"user":"alice"}', 'M_BAD_JSON', "'identifier.type' must be a text"],
        ['{"type":"m.id.user"}', 'M_MISSING_PARAM', 'Missing param: identifier.user'],
        ['{"type":"m.id.user","user":1}', 'M_BAD_JSON', "'identifier.user' must be a text"],
      ] as const
    ).map(([identifier, errcode, error]) =>
      bad(`{"type":"m.login.password","identifier":${identifier},"password":"secret"}`, errcode, error),
    ),
    ...['device_id', 'initial_device_display_name'].map((name) =>
      bad(`{"type":"m.login.password","${name}":7}`, 'M_BAD_JSON', `'${name}' must be a text`),
    ),
    bad('{"type":"m.login.password","device_id":""}', 'M_INVALID_PARAM', 'device_id is empty'),
  ],
  'POST login/get_token': [noObject],
  'POST logout': 'its body is not read',
  'POST logout/all': 'its body is not read',
  'PUT devices/:deviceId': [noObject, bad('{"display_name":7}', 'M_BAD_JSON', "'display_name' must be a text")],
  'DELETE devices/:deviceId': [noObject],
  'POST delete_devices': missing('devices', 'a list of texts'),
  'POST user/:userId/filter': [noObject],
  'POST upload': 'any bytes are a file',
  'POST create': 'its body is not read',
  'PUT upload/:serverName/:mediaId': 'any bytes are a file',
  'POST createRoom': [
    noObject,
    ...['room_version', 'preset', 'visibility', 'name', 'topic', 'room_alias_name'].map((name) =>
      bad(`{"${name}":7}`, 'M_BAD_JSON', `'${name}' must be a text`),
    ),
    bad('{"invite":"@bob:example.org"}', 'M_BAD_JSON', "'invite' must be a list of texts"),
    bad('{"initial_state":{}}', 'M_BAD_JSON', "'initial_state' must be a list"),
    bad('{"initial_state":[7]}', 'M_BAD_JSON', 'An event of the initial state has no type'),
    bad('{"creation_content":7}', 'M_BAD_JSON', "'creation_content' must be an object"),
    bad('{"power_level_content_override":[]}', 'M_BAD_JSON', "'power_level_content_override' must be an object"),
    bad('{"visibility":"x"}', 'M_INVALID_PARAM', 'Unknown visibility'),
    ...['', 'a:b', 'a\\u0000'].map((name) =>
      bad(
        `{"room_alias_name":"${name}"}`,
        'M_INVALID_PARAM',
        `${name.replace('\\u0000', '\0')} is not the first part of an alias`,
      ),
    ),
    ...['bob', longUser].map((id) => bad(`{"invite":["${id}"]}`, 'M_INVALID_PARAM', 'Invited users are user ids')),
    bad('{"initial_state":[{"type":"x"}]}', 'M_BAD_JSON', 'An event of the initial state has no content'),
    bad(
      '{"initial_state":[{"type":"x","content":{},"state_key":7}]}',
      'M_BAD_JSON',
      'A state key of the initial state is no text',
    ),
    bad('{"initial_state":[{"type":"x","content":{"a":1.5}}]}', 'M_BAD_JSON', `${canonical}.a is 1.5: ${whole}`),
    bad('{"creation_content":{"a":1.5}}', 'M_BAD_JSON', `${canonical}.a is 1.5: ${whole}`),
    ...noLevels.flatMap((row) => [
      { ...row, body: `{"power_level_content_override":${row.body}}` },
      { ...row, body: `{"initial_state":[{"type":"m.room.power_levels","content":${row.body}}]}` },
    ]),
    bad(`{"topic":"${'x'.repeat(65_536)}"}`, 'M_TOO_LARGE', 'The event is too large: 65640 bytes, at most 65536', 413),
  ],
  'POST join/:roomId': [...notTheRoom('is no room id and no alias'), ...why],
  'POST rooms/:roomId/join': [
    ...notTheRoom('is no room id'),
    at({ roomId: '#x:example.org' }, '{}', 'M_INVALID_PARAM', '#x:example.org is no room id'),
    ...why,
  ],
  'POST knock/:roomId': [...notTheRoom('is no room id and no alias'), ...why],
  'POST rooms/:roomId/leave': why,
  'POST rooms/:roomId/invite': aboutUser,
  'POST rooms/:roomId/kick': aboutUser,
  'POST rooms/:roomId/ban': aboutUser,
  'POST rooms/:roomId/unban': aboutUser,
  'POST rooms/:roomId/forget': 'its body is not read',
  'POST account/3pid/bind': missing('id_server'),
  'PUT rooms/:roomId/send/:type/:txnId': [...noEvent, tooLarge(65_595), typeTooLong],
  'PUT rooms/:roomId/state/:type': [
    ...noEvent,
    tooLarge(65_610),
    typeTooLong,
    ...noLevels.map((row) => ({ ...row, params: { type: 'm.room.power_levels' } })),
  ],
  'PUT rooms/:roomId/state/:type/:stateKey': [
    ...noEvent,
    tooLarge(65_611),
    typeTooLong,
    at({ stateKey: 'k'.repeat(256) }, '{}', 'M_TOO_LARGE', "'state_key' is too large: 256 bytes, at most 255", 413),
  ],
};

const query = (text: string, error: string, errcode = 'M_INVALID_PARAM'): BadRow => ({
  ...bad('', errcode, error),
  query: `?${text}`,
});
const noVersion = query('', 'Missing query parameter: version', 'M_MISSING_PARAM');
/** By endpoint that is asked by GET and has parameters. */
export const badQueries: Readonly<Record<string, readonly BadRow[]>> = {
  'GET sync': [
    query('since=x', 'Invalid stream token'),
    query('filter=x', 'There is no such filter'),
    ...['x', '-5', '1e9', '1.5', ''].map((text) => query(`timeout=${text}`, 'timeout is a number of milliseconds')),
    query('full_state=maybe', 'full_state is one of true, false'),
    query('set_presence=x', 'set_presence is one of offline, online, unavailable'),
  ],
  'GET keys/changes': [
    query('', 'Missing query parameter: from', 'M_MISSING_PARAM'),
    query('from=s0_0', 'Missing query parameter: to', 'M_MISSING_PARAM'),
    query('from=x&to=y', 'Invalid stream token'),
  ],
  'GET room_keys/keys': [noVersion],
  'GET room_keys/keys/:room': [noVersion],
  'GET room_keys/keys/:room/:session': [noVersion],
  'GET rooms/:roomId/members': [
    query('at=x', 'Invalid token'),
    ...['membership', 'not_membership'].map((name) =>
      query(`${name}=fly`, `${name} is one of join, invite, knock, leave, ban`),
    ),
  ],
  'GET rooms/:roomId/messages': [
    query('', 'dir is b or f', 'M_MISSING_PARAM'),
    query('dir=x', 'dir is one of b, f'),
    query('dir=b&from=x', 'Invalid token'),
    query('dir=b&filter=x', 'There is no such filter'),
    ...['x', '-1', '0'].map((text) => query(`dir=b&limit=${text}`, 'limit is a positive number')),
  ],
};

/** By move of the control endpoint: what is said where a field is not there, by field. */
export const badMoves: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'steal token': { user: 'steal token needs user: a text', device: 'steal token needs device: a text' },
  'add device': { user: 'add device needs user: a text', device: 'add device needs device: a text' },
  'read queue': { user: 'read queue needs user: a text', device: 'read queue needs device: a text' },
  'drop queue': { user: 'drop queue needs user: a text', device: 'drop queue needs device: a text' },
  'send event': {
    user: 'send event needs user: a text',
    device: 'send event needs device: a text',
    event: 'send event needs event: an object',
  },
  'set device keys': {
    user: 'set device keys needs user: a text',
    device: 'set device keys needs device: a text',
    keys: 'set device keys needs keys: an object',
  },
  announce: { user: 'announce needs user: a text', changed: 'announce needs changed: a text' },
  inject: {
    room: 'inject needs room: a text',
    type: 'inject needs type: a text',
    sender: 'inject needs sender: a text',
    content: 'inject needs content: an object',
  },
};
