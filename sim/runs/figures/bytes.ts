/** Ciphertext taken apart into its fields, as far as they can be read without any key. */

/** A run of bytes that mean one thing. */
export type Field = { readonly name: string; readonly bytes: readonly number[]; readonly why: string };

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes of standard base64, padded or not; `null` when the text is none. */
export const bytesOf = (text: string): readonly number[] | null => {
  const bare = text.replace(/=+$/, '');
  if (bare === '' || bare.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(bare)) return null;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of bare) {
    held = ((held << 6) | alphabet.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bytes;
};

type Tag = { readonly name: string; readonly why: string };

/** Reads `tag length value` fields until `end`; `null` when they do not fit. */
const tagged = (
  bytes: readonly number[],
  from: number,
  end: number,
  tags: Readonly<Record<number, Tag>>,
): readonly Field[] | null => {
  const fields: Field[] = [];
  let at = from;
  while (at < end) {
    const start = at;
    const tag = tags[bytes[at] ?? -1];
    if (tag === undefined) return null;
    const isNumber = ((bytes[at] ?? 0) & 7) === 0;
    at += 1;
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || shift > 28) return null;
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      at += 1;
      if (byte < 0x80) break;
    }
    if (!isNumber) at += value;
    if (at > end) return null;
    fields.push({ ...tag, bytes: bytes.slice(start, at) });
  }
  return fields;
};

const version: Tag = { name: 'version', why: 'always 3' };
const normal: Readonly<Record<number, Tag>> = {
  10: { name: 'ratchet key', why: 'public; new at every change of direction' },
  16: { name: 'chain index', why: 'the number of the message in its chain' },
  34: { name: 'ciphertext', why: 'opens only for the two ends' },
};
const first: Readonly<Record<number, Tag>> = {
  10: { name: 'one-time key', why: 'the receiver’s, taken from the server' },
  18: { name: 'base key', why: 'the sender’s, made for this session' },
  26: { name: 'identity key', why: 'the sender’s Curve25519 key: who sealed this' },
  34: { name: 'message', why: 'a whole normal message' },
};
const group: Readonly<Record<number, Tag>> = {
  8: { name: 'index', why: 'the number of the message in its session' },
  18: { name: 'ciphertext', why: 'opens with the room key' },
};

const normalMessage = (bytes: readonly number[]): readonly Field[] | null => {
  const fields = tagged(bytes, 1, bytes.length - 8, normal);
  return fields === null || fields.length < 3
    ? null
    : [
        { ...version, bytes: bytes.slice(0, 1) },
        ...fields,
        { name: 'MAC', why: 'eight bytes; shows that nobody changed it', bytes: bytes.slice(-8) },
      ];
};

/** The fields of an Olm message (`type` 0: pre-key, 1: normal), base64; `null` when it is none. Olm specification, "Message format". */
export const olmFields = (body: string, type: number): readonly Field[] | null => {
  const bytes = bytesOf(body);
  if (bytes === null || bytes[0] !== 3) return null;
  if (type !== 0) return normalMessage(bytes);
  const outer = tagged(bytes, 1, bytes.length, first);
  const message = outer?.at(-1);
  if (outer === null || message === undefined) return normalMessage(bytes);
  // The tag and the length come before the message proper.
  const skip = message.bytes.findIndex((byte, index) => index > 0 && byte < 0x80) + 1;
  const inner = normalMessage(message.bytes.slice(skip));
  if (inner === null) return [{ ...version, bytes: bytes.slice(0, 1) }, ...outer];
  return [
    { ...version, bytes: bytes.slice(0, 1) },
    ...outer.slice(0, -1),
    { name: 'length', why: 'of the message within', bytes: message.bytes.slice(0, skip) },
    ...inner,
  ];
};

/** The fields of a Megolm message, base64; `null` when it is none. Megolm specification, "Message format". */
export const megolmFields = (body: string): readonly Field[] | null => {
  const bytes = bytesOf(body);
  if (bytes === null || bytes[0] !== 3 || bytes.length < 73) return null;
  const fields = tagged(bytes, 1, bytes.length - 72, group);
  if (fields === null) return null;
  return [
    { ...version, bytes: bytes.slice(0, 1) },
    ...fields,
    { name: 'MAC', why: 'eight bytes, made with the room key', bytes: bytes.slice(-72, -64) },
    { name: 'signature', why: 'Ed25519, by the session’s own key', bytes: bytes.slice(-64) },
  ];
};

export const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
