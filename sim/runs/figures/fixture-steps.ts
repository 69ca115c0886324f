/** The steps of the run that stands in `fixture.ts`. */
import type { Json, JsonObject } from '../../../machines/json.ts';
import type { EnvelopeFacts } from '../../../machines/types.ts';
import type { Moment, Step } from '../../engine/types.ts';

export const phone = 'alice.phone';
export const laptop = 'alice.laptop';
export const server = 'example.org';
export const tablet = 'mallory.tablet';
export const alice = '@alice:example.org';
const v3 = '/_matrix/client/v3';
export const off = '4385-push-cross-signed-only';

// Two real Olm messages (libolm's, of published test vectors), so that their bytes can be taken apart.
const realPush =
  'AwogQg04YMcfXp5PzxsWTlVuh9r/NgDm1f3+QpM8FO79+yUSIDSiRAE9uYfS7ArYv7QAPtlIOqK/0BngK+x8WCT0+n1HGiCU1pIsPjAwtIo7DudMmmjMZsqpAZHQnv0gAq9W1V+iZCJ/AwogERZpQLq36LP4zo8JcO46t+fmOokknzTKuiqqhPJFbBQQACJQm587HIrOcEJcBYN1NmRBw/+KY4X+lP3hPYmJQdNRr94ypks4zCPFj9Gjo7szdMQGZLFFaHCwsArkCIHimEq4MrvJAMKqxtGRp6dI8eMKauFXp8HoUyikzg';
const roguePush =
  'AwogWAo13J7pIO3wQEYn2je4yySrI6RjUvwb7AQzpJPjeiIQACJQgKj/i6JGkzv9qV//COqnNfi5VnQEaop3H0hYVo9clvOfkwsHk8BbWXhS6oPP4PTP9j+pfiy7mUV5IqsWus8MA7OTNDNykrMMpjbipnXz1YSjpiUpCyU8hg';

const request = (
  from: string,
  method: string,
  path: string,
  body: Json,
  response: Json,
  more: { status?: number; lost?: true } = {},
): Moment => ({
  kind: 'request',
  from,
  to: server,
  method,
  path: path.startsWith('/_') ? path : `${v3}${path}`,
  body,
  status: more.status ?? 200,
  response,
  ...(more.lost ? { lost: true } : {}),
});
const sealed = (senderKey: string, receiverKey: string, body: string): JsonObject => ({
  algorithm: 'm.olm.v1.curve25519-aes-sha2',
  sender_key: senderKey,
  ciphertext: { [receiverKey]: { type: 0, body } },
});
const facts = (device: string, signed: boolean): EnvelopeFacts => ({
  encrypted: true,
  claimedSender: alice,
  ownUser: true,
  sender: {
    user: alice,
    device,
    curve25519: `${device}curve`,
    ed25519: `${device}ed`,
    selfSigned: true,
    crossSignedBy: signed ? 'aliceMaster' : null,
    byPinnedIdentity: signed,
    source: 'both',
  },
  secretPublic: 'backupPublic',
  publishedPublic: null,
});
const delivery = (to: string, body: string, from: string, secret: string): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type: 'm.room.encrypted', sender: alice, content: sealed(`${from}curve`, 'PHONEcurve', body) },
  opened: { type: 'm.secret.push', content: { name: 'm.megolm_backup.v1', secret } },
  facts: facts(from, from !== 'TABLET'),
});
const sync = (who: string, next: string): Moment => request(who, 'GET', '/sync', null, { next_batch: next });
const state = (player: string, chart: string, from: string, to: string): Moment => ({
  kind: 'state',
  player,
  chart,
  from,
  to,
});
const heard = (player: string, chart: string, type: string): Moment => ({
  kind: 'heard',
  player,
  chart,
  event: { type },
});
const clause = (
  player: string,
  chart: string,
  id: string,
  says: 'permits' | 'refuses' | 'done' | 'not done',
): Moment => ({
  kind: 'clause',
  player,
  chart,
  clause: id,
  role: says === 'permits' || says === 'refuses' ? 'guard' : 'duty',
  says,
  off: id === off,
});
const stored = (player: string, secret: string, device: string): Moment => ({
  kind: 'stored',
  player,
  patch: {
    patch: 'secret',
    name: 'm.megolm_backup.v1',
    held: { secret, public: 'backupPublic', origin: { how: 'push', device, user: alice } },
  },
});
const version = (number: string, key: string): JsonObject => ({
  algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2',
  auth_data: { public_key: key, signatures: {} },
  count: 0,
  etag: '0',
  version: number,
});
const roomKeys: JsonObject = {
  rooms: {
    '!den:example.org': {
      sessions: {
        X3lUlvLELLYxeTx4yOVu6UDpasGEVO0Jbu1QFnm0cKQ: {
          first_message_index: 0,
          forwarded_count: 0,
          is_verified: true,
          session_data: { ephemeral: 'J5Ck', ciphertext: 'f1Rk', mac: 'aGk' },
        },
      },
    },
  },
};
const learned = (
  player: string,
  what: string,
  term: string,
  how: Extract<Moment, { kind: 'learned' }>['how'],
): Moment => ({ kind: 'learned', player, what, term, how });
const believable = [
  '4385-push-name-field',
  '4385-push-secret-field',
  '4385-push-reject-plaintext',
  '4385-push-same-user',
].map((id) => clause(phone, 'secret-push', id, 'permits'));

export const steps: readonly Step[] = [
  {
    choice: { id: 'act', who: laptop, sentence: 'alice.laptop resets the backup', kind: 'story', nth: 0 },
    moments: [
      { kind: 'acted', player: laptop, what: 'reset backup', detail: {} },
      heard(laptop, 'key-backup', 'user.reset backup'),
      state(laptop, 'key-backup', 'off', 'making'),
      clause(laptop, 'key-backup', '1219-auth-data-signed', 'done'),
      request(
        laptop,
        'POST',
        '/room_keys/version',
        { algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2', auth_data: { public_key: 'trueKey' } },
        { version: '2' },
      ),
      state(laptop, 'key-backup', 'making', 'on'),
      clause(laptop, 'secret-push', '4385-both-unsolicited-share', 'done'),
      request(
        laptop,
        'POST',
        '/keys/claim',
        { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } },
        { one_time_keys: {} },
      ),
      request(
        laptop,
        'PUT',
        '/sendToDevice/m.room.encrypted/t0',
        { messages: { [alice]: { PHONE: sealed('LAPTOPcurve', 'PHONEcurve', realPush) } } },
        {},
      ),
    ],
  },
  {
    choice: { id: 'sync:alice~phone', who: phone, sentence: 'alice.phone syncs', kind: 'sync' },
    moments: [
      sync(phone, 's1'),
      delivery(phone, realPush, 'LAPTOP', 'trueSecret'),
      heard(phone, 'secret-push', 'm.secret.push'),
      ...believable,
      clause(phone, 'secret-push', off, 'permits'),
      state(phone, 'secret-push', 'idle', 'testing'),
      request(phone, 'GET', '/room_keys/version', null, version('2', 'trueKey')),
      clause(phone, 'secret-push', '4385-push-works-test', 'permits'),
      state(phone, 'secret-push', 'testing', 'idle'),
      stored(phone, 'trueSecret', 'LAPTOP'),
    ],
  },
  {
    choice: {
      id: 'act',
      who: 'mallory',
      sentence: 'mallory finds an access token in a bug report',
      kind: 'story',
      nth: 0,
    },
    moments: [
      learned('mallory', 'access token', 'syt_alice_1', { by: 'held', from: [], text: 'it stood in a bug report' }),
    ],
  },
  {
    choice: { id: 'act', who: 'mallory', sentence: 'mallory logs in as tablet', kind: 'story', nth: 0 },
    moments: [
      request('mallory', 'POST', '/_matrix/client/v1/login/get_token', {}, { login_token: 'lt1' }),
      request(
        'mallory',
        'POST',
        '/login',
        { type: 'm.login.token', token: 'lt1', device_id: 'TABLET' },
        { access_token: 'syt_tablet', device_id: 'TABLET' },
      ),
      request(tablet, 'POST', '/keys/upload', { device_keys: { device_id: 'TABLET' } }, { one_time_key_counts: {} }),
      request(tablet, 'POST', '/keys/query', { device_keys: { [alice]: [] } }, { device_keys: {} }),
    ],
  },
  {
    choice: { id: 'act', who: 'mallory', sentence: 'mallory creates a backup', kind: 'story', nth: 0 },
    moments: [
      learned('mallory', 'a backup key of its own', 'rogueSecret', { by: 'made', from: [], text: 'made it' }),
      request(
        tablet,
        'POST',
        '/room_keys/version',
        { algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2', auth_data: { public_key: 'rogueKey', signatures: {} } },
        { version: '3' },
      ),
    ],
  },
  {
    choice: {
      id: 'act',
      who: 'mallory',
      sentence: 'mallory pushes m.megolm_backup.v1 to alice.phone',
      kind: 'story',
      nth: 0,
    },
    moments: [
      request(
        tablet,
        'POST',
        '/keys/claim',
        { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } },
        { one_time_keys: {} },
      ),
      request(
        tablet,
        'PUT',
        '/sendToDevice/m.room.encrypted/t1',
        { messages: { [alice]: { PHONE: sealed('TABLETcurve', 'PHONEcurve', roguePush) } } },
        {},
      ),
    ],
  },
  {
    choice: { id: 'sync:alice~laptop', who: laptop, sentence: 'alice.laptop syncs and hears nothing', kind: 'sync' },
    moments: [
      {
        kind: 'request',
        from: laptop,
        to: server,
        method: 'GET',
        path: `${v3}/sync`,
        body: null,
        status: 200,
        response: { next_batch: 's4' },
        lost: true,
      },
      { kind: 'fault', player: laptop, fault: 'lose sync' },
    ],
  },
  {
    choice: { id: 'sync:alice~phone', who: phone, sentence: 'alice.phone syncs', kind: 'sync' },
    moments: [
      sync(phone, 's5'),
      delivery(phone, roguePush, 'TABLET', 'rogueSecret'),
      heard(phone, 'secret-push', 'm.secret.push'),
      ...believable,
      clause(phone, 'secret-push', off, 'refuses'),
      state(phone, 'secret-push', 'idle', 'testing'),
      request(phone, 'GET', '/room_keys/version', null, version('3', 'rogueKey')),
      clause(phone, 'secret-push', '4385-push-works-test', 'permits'),
      state(phone, 'secret-push', 'testing', 'idle'),
      {
        kind: 'shown',
        player: phone,
        notice: { about: 'secret replaced', text: 'A secret was replaced by one that another device of yours sent.' },
      },
      stored(phone, 'rogueSecret', 'TABLET'),
      state(phone, 'key-backup', 'on', 'asking'),
      clause(phone, 'key-backup', '1219-trust-by-signature', 'refuses'),
      clause(phone, 'key-backup', '1219-trust-by-private-key', 'permits'),
      state(phone, 'key-backup', 'asking', 'on'),
      { kind: 'stored', player: phone, patch: { patch: 'backup', backup: { version: '3', publicKey: 'rogueKey' } } },
      request(phone, 'PUT', '/room_keys/keys', roomKeys, { count: 1, etag: '1' }),
    ],
  },
  {
    choice: { id: 'sync:alice~laptop', who: laptop, sentence: 'alice.laptop syncs', kind: 'sync' },
    moments: [sync(laptop, 's6')],
  },
  {
    choice: {
      id: 'act',
      who: 'eve',
      sentence: 'eve hides the newest backup version from alice.laptop',
      kind: 'story',
      nth: 0,
    },
    moments: [
      {
        kind: 'forged',
        player: 'eve',
        server,
        victim: laptop,
        what: 'hides the newest backup version',
        before: version('3', 'rogueKey'),
        after: version('2', 'trueKey'),
      },
    ],
  },
  {
    choice: { id: 'act', who: laptop, sentence: 'alice.laptop checks the backup', kind: 'story', nth: 0 },
    moments: [
      { kind: 'acted', player: laptop, what: 'check backup', detail: {} },
      request(
        laptop,
        'GET',
        '/room_keys/version',
        null,
        { errcode: 'M_NOT_FOUND', error: 'No current backup version' },
        { status: 404 },
      ),
      clause(laptop, 'key-backup', '1219-trust-before-upload', 'refuses'),
      state(laptop, 'key-backup', 'on', 'untrusted'),
    ],
  },
  {
    choice: { id: 'act', who: 'mallory', sentence: 'mallory reads the backup', kind: 'story', nth: 0 },
    moments: [
      request(tablet, 'GET', '/room_keys/version', null, version('3', 'rogueKey')),
      request(tablet, 'GET', '/room_keys/keys', null, roomKeys),
      learned('mallory', 'room key of !den:example.org', 'roomKeyTerm', {
        by: 'opened',
        from: ['rogueSecret', 'X3lUlv'],
        text: 'the backup key opens the entry of session X3lUlv',
      }),
    ],
  },
];
