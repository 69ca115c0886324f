/**
 * What is wrong with requests, and what `hearsay serve` answers: a table by endpoint, held by `bad-requests.test.ts`. What is wrong with any
 * request (no token, no JSON, too much of it) is made from the routes themselves; here is what each endpoint wants of its body.
 */

export type BadRow = {
  /** As it goes over the wire. */
  readonly body: string;
  /** Behind the path. */
  readonly query?: string;
  readonly status: number;
  readonly errcode: string;
  readonly error: string;
};
const bad = (body: string, errcode: string, error: string, status = 400): BadRow => ({ body, status, errcode, error });

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

/** By endpoint that takes a body, or the reason why none is refused. */
export const badBodies: Readonly<Record<string, readonly BadRow[] | string>> = {
  'POST keys/upload': [
    noObject,
    ...['device_keys', 'one_time_keys', 'fallback_keys'].map((name) =>
      bad(`{"${name}":7}`, 'M_BAD_JSON', `'${name}' must be an object`),
    ),
  ],
  'POST keys/query': objectAt('device_keys'),
  'POST keys/claim': objectAt('one_time_keys'),
  'PUT sendToDevice/:eventType/:txnId': [
    bad('[]', 'M_MISSING_PARAM', 'Missing param: messages'),
    bad('{}', 'M_MISSING_PARAM', 'Missing param: messages'),
    bad('{"messages":7}', 'M_BAD_JSON', "'messages' must be an object"),
    bad('{"messages":{"@alice:example.org":7}}', 'M_BAD_JSON', 'Messages must be objects'),
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
  ],
  'POST join/:roomId': [noObject],
  'POST rooms/:roomId/join': [noObject],
  'POST knock/:roomId': [noObject],
  'POST rooms/:roomId/leave': [noObject],
  'POST rooms/:roomId/invite': missing('user_id'),
  'POST rooms/:roomId/kick': missing('user_id'),
  'POST rooms/:roomId/ban': missing('user_id'),
  'POST rooms/:roomId/unban': missing('user_id'),
  'POST rooms/:roomId/forget': 'its body is not read',
  'POST account/3pid/bind': missing('id_server'),
  'PUT rooms/:roomId/send/:type/:txnId': [noObject],
  'PUT rooms/:roomId/state/:type': [noObject],
  'PUT rooms/:roomId/state/:type/:stateKey': [noObject],
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
