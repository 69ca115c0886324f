/**
 * The text of a scenario that is in no catalogue, as a part of an address: deflated (RFC 1951), in base64url (RFC 4648, section 5).
 * Links come from strangers: their size is looked at before they are unpacked and while they are, and what comes out is text, read as
 * data and never run.
 */

export const linkLimits = {
  /** Characters of the packed text: addresses longer than this do not travel. */
  packed: 32_768,
  /** Bytes of the text: no scenario that people write comes near it. */
  bytes: 262_144,
} as const;

/** A text, or in a sentence why there is none. */
export type Unpacked = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

const no = (why: string): Unpacked => ({ ok: false, why });

const base64url = (bytes: Uint8Array): string => {
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

const bytesOf = (packed: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[\w-]+$/.test(packed)) return null;
  try {
    const letters = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
};

/** All that comes out of `stream`; `null` once that is more than `most` bytes. Rejects where the stream breaks. */
const gathered = async (stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array | null> => {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let count = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    count += read.value.length;
    if (count > most) {
      await reader.cancel();
      return null;
    }
    parts.push(read.value);
  }
  const whole = new Uint8Array(count);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const through = (bytes: Uint8Array<ArrayBuffer>, way: CompressionStream | DecompressionStream) =>
  new Blob([bytes]).stream().pipeThrough(way);

/** `text` for a link; `null` where it is too long for one. */
export const packedText = async (text: string): Promise<string | null> => {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > linkLimits.bytes) return null;
  const packed = await gathered(through(bytes, new CompressionStream('deflate-raw')), linkLimits.bytes);
  const letters = packed === null ? null : base64url(packed);
  return letters === null || letters.length > linkLimits.packed ? null : letters;
};

/** What `packedText` packed. Whatever stands in the address, this never throws. */
export const unpackedText = async (packed: string): Promise<Unpacked> => {
  if (packed.length > linkLimits.packed)
    return no(`The link holds ${packed.length} characters of scenario; at most ${linkLimits.packed} are read.`);
  const bytes = bytesOf(packed);
  if (bytes === null) return no('The link is no packed scenario: was it cut when it was copied?');
  try {
    const whole = await gathered(through(bytes, new DecompressionStream('deflate-raw')), linkLimits.bytes);
    if (whole === null) return no(`The link unpacks to more than ${linkLimits.bytes} bytes; that much is not read.`);
    return textOf(whole);
  } catch {
    return no('The link cannot be unpacked: was it cut when it was copied?');
  }
};

/** Bytes as the text of a file. What is no UTF-8, or holds bytes that no text has, is none. */
export const textOf = (bytes: Uint8Array): Unpacked => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? no('This is no text: it holds bytes that no text has.') : { ok: true, text };
  } catch {
    return no('This is no text: it is not UTF-8.');
  }
};
