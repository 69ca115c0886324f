/**
 * The little of protobuf that Olm and Megolm messages use: minimal varints and tagged fields.
 * Reading is strict (this order, minimal numbers, nothing more): the production library checks a MAC over its own
 * re-encoding, so any other spelling of the same fields would fail there.
 */

/** `value` (0 to 2^53 - 1) as a varint: seven bits a byte, least significant first, high bit for "more follows". */
export const varint = (value: number): Uint8Array => {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
  return Uint8Array.from(out);
};

/** Where a reader stands. `fields` never looks beyond `end`. */
export type Cursor = { readonly bytes: Uint8Array; readonly at: number; readonly end: number };
/** A value and the place after it. */
export type Read<T> = { readonly value: T; readonly at: number };

/** The varint at `cursor`; `null`: truncated, not minimal or above 2^53 - 1. */
export const readVarint = ({ bytes, at, end }: Cursor): Read<number> | null => {
  let value = 0;
  let scale = 1;
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte & 127) * scale;
    if (!Number.isSafeInteger(value)) return null;
    if (byte < 128) return byte === 0 && i > at ? null : { value, at: i + 1 };
    scale *= 128;
  }
  return null;
};

/** The number behind tag byte `tag`, or `null` when another field or a bad varint stands at `cursor`. */
export const readNumber = (cursor: Cursor, tag: number): Read<number> | null =>
  cursor.at < cursor.end && cursor.bytes[cursor.at] === tag ? readVarint({ ...cursor, at: cursor.at + 1 }) : null;

/** The bytes behind tag byte `tag`, or `null` when another field stands at `cursor` or the bytes are cut short. */
export const readBytes = (cursor: Cursor, tag: number): Read<Uint8Array> | null => {
  const length = readNumber(cursor, tag);
  if (length === null || length.at + length.value > cursor.end) return null;
  const at = length.at + length.value;
  return { value: cursor.bytes.subarray(length.at, at), at };
};
