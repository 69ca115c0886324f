/** What messages about room keys look like in the specification (v1.19), as data: what two stacks say to each other is held to it. */

import { MEGOLM_ALGORITHM, OLM_ALGORITHM } from '../../machines/algorithms.ts';
import { isObject, type Json } from '../../machines/json.ts';

/** What a value has to be. */
export type Shape =
  | { readonly is: 'text'; readonly like?: RegExp; readonly called?: string }
  | { readonly is: 'flag' }
  | { readonly is: 'number'; readonly among?: readonly number[] }
  | { readonly is: 'exactly'; readonly value: string | boolean }
  | { readonly is: 'list'; readonly of: Shape; readonly has?: readonly string[] }
  | { readonly is: 'map'; readonly keys: RegExp; readonly of: Shape }
  /** No other fields than these. */
  | { readonly is: 'object'; readonly needs: Fields; readonly may?: Fields };
type Fields = Readonly<Record<string, Shape>>;

/** What is wrong with a value, each with the path to it; nothing when it has the shape. */
export const complaintsAbout = (shape: Shape, value: Json | undefined, at = ''): readonly string[] => {
  const place = at === '' ? 'it' : at;
  const within = (key: string): string => (at === '' ? key : `${at}.${key}`);
  const not = (what: string): readonly string[] => [`${place} is not ${what}: ${shortly(value)}`];
  switch (shape.is) {
    case 'text':
      if (typeof value !== 'string') return not(shape.called ?? 'a text');
      return shape.like === undefined || shape.like.test(value) ? [] : not(shape.called ?? String(shape.like));
    case 'flag':
      return typeof value === 'boolean' ? [] : not('true or false');
    case 'number':
      return Number.isSafeInteger(value) && (shape.among?.includes(value as number) ?? true)
        ? []
        : not('such a number');
    case 'exactly':
      return value === shape.value ? [] : not(JSON.stringify(shape.value));
    case 'list': {
      if (!Array.isArray(value)) return not('a list');
      const lacking = (shape.has ?? []).filter((one) => !value.includes(one));
      return [
        ...lacking.map((one) => `${place} lacks ${one}`),
        ...value.flatMap((one: Json, nth: number) => complaintsAbout(shape.of, one, `${at}[${nth}]`)),
      ];
    }
    case 'map':
      if (!isObject(value)) return not('an object');
      return Object.entries(value).flatMap(([key, one]) => [
        ...(shape.keys.test(key) ? [] : [`${place} has a key like no other: ${key}`]),
        ...complaintsAbout(shape.of, one, within(key)),
      ]);
    case 'object': {
      if (!isObject(value)) return not('an object');
      const known: Fields = { ...shape.needs, ...shape.may };
      return [
        ...Object.keys(shape.needs).flatMap((key) => (value[key] === undefined ? [`${place} lacks ${key}`] : [])),
        ...Object.entries(value).flatMap(([key, one]) => {
          const wanted = known[key];
          return wanted === undefined ? [`${place} has an unknown ${key}`] : complaintsAbout(wanted, one, within(key));
        }),
      ];
    }
  }
};

const shortly = (value: Json | undefined): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);

/** Unpadded base64 of exactly so many bytes. */
const bytes = (count: number): Shape => {
  const length = Math.ceil((count * 4) / 3);
  return { is: 'text', like: new RegExp(`^[A-Za-z0-9+/]{${length}}$`), called: `base64 of ${count} bytes` };
};
const base64: Shape = { is: 'text', like: /^[A-Za-z0-9+/]+$/, called: 'base64 without padding' };
const userId: Shape = { is: 'text', like: /^@[^:]+:.+$/, called: 'a user id' };
const roomId: Shape = { is: 'text', like: /^![^:]+(:.+)?$/, called: 'a room id' };
const text: Shape = { is: 'text', like: /./s, called: 'a text that is not empty' };
const flag: Shape = { is: 'flag' };
const megolm: Shape = { is: 'exactly', value: MEGOLM_ALGORITHM };
const key = bytes(32);
const signature = bytes(64);
/** What production puts beside the fields of a to-device message, for tracing it. */
const tracing: Fields = { 'org.matrix.msgid': text };
const signatures: Shape = {
  is: 'map',
  keys: /^@[^:]+:.+$/,
  of: { is: 'map', keys: /^ed25519:[A-Za-z0-9+/_-]+$/, of: signature },
};

/** `DeviceKeys` ("Device keys"): what a key query returns, and what `sender_device_keys` repeats. */
export const deviceKeys: Shape = {
  is: 'object',
  needs: {
    user_id: userId,
    device_id: text,
    algorithms: { is: 'list', of: text, has: [OLM_ALGORITHM, MEGOLM_ALGORITHM] },
    keys: { is: 'map', keys: /^(curve25519|ed25519):.+$/, of: key },
    signatures,
  },
  may: { unsigned: { is: 'map', keys: /./, of: text } },
};

/** `m.room.encrypted` with `m.olm.v1.curve25519-aes-sha2`. */
export const olmEvent: Shape = {
  is: 'object',
  needs: {
    algorithm: { is: 'exactly', value: OLM_ALGORITHM },
    sender_key: key,
    ciphertext: {
      is: 'map',
      keys: /^[A-Za-z0-9+/]{43}$/,
      of: { is: 'object', needs: { type: { is: 'number', among: [0, 1] }, body: base64 } },
    },
  },
  may: tracing,
};

/** The plaintext of an Olm message, whatever its content. `sender_device_keys`: MSC4147, in the specification since v1.15. */
export const olmPlaintext: Shape = {
  is: 'object',
  needs: {
    type: text,
    content: { is: 'object', needs: {}, may: {} },
    sender: userId,
    recipient: userId,
    recipient_keys: { is: 'object', needs: { ed25519: key } },
    keys: { is: 'object', needs: { ed25519: key } },
    sender_device_keys: deviceKeys,
  },
};

/** `m.room.encrypted` with `m.megolm.v1.aes-sha2`. `sender_key` and `device_id` are deprecated, and still sent. */
export const megolmEvent: Shape = {
  is: 'object',
  needs: { algorithm: megolm, session_id: key, ciphertext: base64 },
  may: { sender_key: key, device_id: text },
};

/** `m.room_key`. The specification's flag is `shared_history`; the others are what production writes and what MSC3061 wrote. */
export const roomKey: Shape = {
  is: 'object',
  needs: { algorithm: megolm, room_id: roomId, session_id: key, session_key: bytes(229) },
  may: {
    shared_history: flag,
    'm.shared_history': flag,
    'org.matrix.msc3061.shared_history': flag,
    ...tracing,
  },
};

const withheldCode = (...codes: readonly string[]): Shape => ({
  is: 'text',
  like: new RegExp(`^(${codes.join('|').replaceAll('.', '\\.')})$`),
  called: `one of ${codes.join(', ')}`,
});
/** `m.room_key.withheld`. Its codes leave out `m.no_olm`, which is about no session, and the one that is for bundles. */
export const roomKeyWithheld: Shape = {
  is: 'object',
  needs: {
    algorithm: megolm,
    room_id: roomId,
    session_id: key,
    sender_key: key,
    code: withheldCode('m.blacklisted', 'm.unverified', 'm.unauthorised', 'm.unavailable'),
  },
  may: { reason: text, from_device: text, ...tracing },
};

/** `EncryptedFile` ("Sending encrypted attachments"). */
export const encryptedFile: Shape = {
  is: 'object',
  needs: {
    url: { is: 'text', like: /^mxc:\/\/[^/]+\/[A-Za-z0-9_-]+$/, called: 'an mxc: URI' },
    key: {
      is: 'object',
      needs: {
        kty: { is: 'exactly', value: 'oct' },
        key_ops: { is: 'list', of: text, has: ['encrypt', 'decrypt'] },
        alg: { is: 'exactly', value: 'A256CTR' },
        k: { is: 'text', like: /^[A-Za-z0-9_-]{43}$/, called: 'base64url of 32 bytes' },
        ext: { is: 'exactly', value: true },
      },
    },
    iv: bytes(16),
    hashes: { is: 'map', keys: /^sha256$/, of: bytes(32) },
    v: { is: 'exactly', value: 'v2' },
  },
};

/** `m.room_key_bundle` (MSC4268, "`m.room_key_bundle` to-device message"). */
export const roomKeyBundle: Shape = {
  is: 'object',
  needs: { room_id: roomId, file: encryptedFile },
  may: tracing,
};

/** The bundle itself (MSC4268, "Room key bundle format"): neither a forwarding chain nor the flag is in it. */
export const bundle: Shape = {
  is: 'object',
  needs: {
    room_keys: {
      is: 'list',
      of: {
        is: 'object',
        needs: {
          algorithm: megolm,
          room_id: roomId,
          sender_claimed_keys: { is: 'object', needs: { ed25519: key } },
          sender_key: key,
          session_id: key,
          session_key: bytes(165),
        },
      },
    },
    withheld: {
      is: 'list',
      of: {
        is: 'object',
        needs: {
          algorithm: megolm,
          room_id: roomId,
          session_id: key,
          sender_key: key,
          code: withheldCode(
            'm.history_not_shared',
            'm.blacklisted',
            'm.unverified',
            'm.unauthorised',
            'm.unavailable',
          ),
        },
        may: { reason: text, from_device: text },
      },
    },
  },
};
