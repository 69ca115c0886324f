import { expect, test } from 'vitest';
import { bundle, complaintsAbout, encryptedFile, roomKeyWithheld } from './shapes.ts';

const key = 'A'.repeat(43);
const withheld = {
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: '!den:example.org',
  session_id: key,
  sender_key: key,
  code: 'm.unverified',
};
const file = {
  v: 'v2',
  url: 'mxc://example.org/media1',
  key: { kty: 'oct', key_ops: ['encrypt', 'decrypt'], alg: 'A256CTR', k: key, ext: true },
  iv: 'A'.repeat(22),
  hashes: { sha256: key },
};

test('messages as the specification has them have nothing to complain about', () => {
  expect(complaintsAbout(roomKeyWithheld, withheld)).toEqual([]);
  expect(complaintsAbout(encryptedFile, file)).toEqual([]);
  expect(complaintsAbout(bundle, { room_keys: [], withheld: [] })).toEqual([]);
});

test('a complaint says where what is wrong', () => {
  const { sender_key: _, ...anonymous } = withheld;
  expect(complaintsAbout(roomKeyWithheld, anonymous)).toEqual(['it lacks sender_key']);
  expect(complaintsAbout(encryptedFile, { ...file, iv: `${file.iv}==` })).toEqual([
    'iv is not base64 of 16 bytes: "AAAAAAAAAAAAAAAAAAAAAA=="',
  ]);
  expect(complaintsAbout(encryptedFile, { ...file, key: { ...file.key, key_ops: ['encrypt'] } })).toEqual([
    'key.key_ops lacks decrypt',
  ]);
});

test('what a bundle leaves out is an unknown field in it', () => {
  const entry = {
    algorithm: 'm.megolm.v1.aes-sha2',
    room_id: '!den:example.org',
    sender_claimed_keys: { ed25519: key },
    sender_key: key,
    session_id: key,
    session_key: 'A'.repeat(220),
  };
  const complaintsOf = (more: object) => complaintsAbout(bundle, { room_keys: [{ ...entry, ...more }], withheld: [] });
  expect(complaintsOf({})).toEqual([]);
  expect(complaintsOf({ 'm.shared_history': true })).toEqual(['room_keys[0] has an unknown m.shared_history']);
  expect(complaintsOf({ forwarding_curve25519_key_chain: [] })).toHaveLength(1);
});

test('the code that is for bundles has no place in a to-device notice', () => {
  expect(complaintsAbout(roomKeyWithheld, { ...withheld, code: 'm.history_not_shared' })).toHaveLength(1);
  expect(complaintsAbout(bundle, { room_keys: [], withheld: [{ ...withheld, code: 'm.history_not_shared' }] })).toEqual(
    [],
  );
});
