/**
 * Base64 as Matrix writes and reads it (appendices, "Unpadded Base64"): the standard alphabet without `=`.
 * Only `key.k` of an encrypted file uses the url-safe alphabet.
 */
import { asciiOf } from './bytes.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const foreign = 255;

type Alphabet = { readonly codes: Uint8Array; readonly values: Uint8Array };
const alphabet = (text: string): Alphabet => {
  const codes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const values = new Uint8Array(128).fill(foreign);
  codes.forEach((code, value) => {
    values[code] = value;
  });
  return { codes, values };
};
const standard = alphabet(`${letters}+/`);
const url = alphabet(`${letters}-_`);

const encode = ({ codes }: Alphabet, bytes: Uint8Array): string => {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let at = 0;
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out[at++] = codes[three >> 18] ?? 0;
    out[at++] = codes[(three >> 12) & 63] ?? 0;
    out[at++] = codes[(three >> 6) & 63] ?? 0;
    out[at++] = codes[three & 63] ?? 0;
  }
  const left = bytes.length - i;
  if (left > 0) {
    const last = ((bytes[i] ?? 0) << 8) | (left === 2 ? (bytes[i + 1] ?? 0) : 0);
    out[at++] = codes[last >> 10] ?? 0;
    out[at++] = codes[(last >> 4) & 63] ?? 0;
    if (left === 2) out[at] = codes[(last & 15) << 2] ?? 0;
  }
  return asciiOf(out);
};

const decode = ({ values }: Alphabet, text: string): Uint8Array | null => {
  if (text.length % 4 === 1) return null;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? foreign;
    if (value === foreign) return null;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 0xff;
    }
  }
  // Left-over bits that are not zero would let two texts stand for the same bytes.
  return (held & ((1 << bits) - 1)) === 0 ? out : null;
};

/** `text` without its `=` padding; `null` where the padding is not what the length asks for. */
const withoutPadding = (text: string): string | null => {
  const first = text.indexOf('=');
  if (first < 0) return text;
  const padding = text.length - first;
  const right = text.length % 4 === 0 && padding <= 2 && (padding === 1 || text.endsWith('=='));
  return right ? text.slice(0, first) : null;
};

/** Unpadded standard base64 of `bytes`. */
export const base64 = (bytes: Uint8Array): string => encode(standard, bytes);

/** Unpadded url-safe base64 of `bytes`. */
export const base64Url = (bytes: Uint8Array): string => encode(url, bytes);

/**
 * The bytes of standard base64, padded or not. `null`: impossible length, foreign characters, wrong padding or
 * left-over bits that are not zero.
 */
export const fromBase64 = (text: string): Uint8Array | null => {
  const bare = withoutPadding(text);
  return bare === null ? null : decode(standard, bare);
};

/** As `fromBase64`, and padding is refused too: how the production library reads a Megolm `session_key`. */
export const fromBase64Unpadded = (text: string): Uint8Array | null => decode(standard, text);

/** The bytes of url-safe base64, padded or not; `null` as in `fromBase64`. */
export const fromBase64Url = (text: string): Uint8Array | null => {
  const bare = withoutPadding(text);
  return bare === null ? null : decode(url, bare);
};

/** The bytes of standard base64 when there are exactly `length` of them, else `null`. */
export const fromBase64Sized = (text: string, length: number): Uint8Array | null => {
  const bytes = fromBase64(text);
  return bytes?.length === length ? bytes : null;
};
