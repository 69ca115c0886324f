/** Bytes that are no text as UTF-8, and say what they are all the same: what packers write begins alike, and so does UTF-16. */

const packers: readonly (readonly [name: string, begins: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

const beginsWith = (bytes: Uint8Array, begins: readonly number[]): boolean =>
  begins.every((byte, nth) => bytes[nth] === byte);

/** How many bytes are looked at where no mark says in which order they come. */
const lookedAt = 64;
/** By its mark, or by every second byte of its beginning being zero, and no other: text of the Latin alphabet. */
const isUtf16 = (bytes: Uint8Array): boolean => {
  if (beginsWith(bytes, [0xff, 0xfe]) || beginsWith(bytes, [0xfe, 0xff])) return true;
  const start = bytes.subarray(0, lookedAt);
  if (start.length < 4) return false;
  const zeros = [0, 1].map((rest) => start.every((byte, nth) => (nth % 2 === rest) === (byte === 0)));
  return zeros.includes(true);
};

/** What such bytes are and what to do with them; `null`: they do not say. */
export const packedAs = (bytes: Uint8Array): string | null => {
  const packer = packers.find(([, begins]) => beginsWith(bytes, begins));
  if (packer !== undefined) return `it is packed with ${packer[0]}: unpack it first`;
  return isUtf16(bytes) ? 'it is a text in UTF-16: save it as UTF-8 first' : null;
};
