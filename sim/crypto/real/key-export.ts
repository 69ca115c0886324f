/** Exported room keys (client-server API, "Key exports"): a file of text under a passphrase. */
import { base64, fromBase64 } from './base64.ts';
import { concat, readU32, sameBytes, u32, utf8 } from './bytes.ts';
import { applyCtr, mac, withoutBit63 } from './kdf.ts';
import { isAcceptable, type Stretch } from './passphrase.ts';

const version = 1;
/** The first line of such a file, and its last. */
export const header = '-----BEGIN MEGOLM SESSION DATA-----';
export const footer = '-----END MEGOLM SESSION DATA-----';
const start = 1 + 16 + 16 + 4;
const macLength = 32;

const keysOf = (stretch: Stretch, passphrase: string, salt: Uint8Array, rounds: number) => {
  const bytes = stretch(utf8(passphrase), salt, rounds, 64);
  return { aes: bytes.subarray(0, 32), mac: bytes.subarray(32) };
};

/** What a file takes besides its text: 16 bytes each of salt and IV, and how often to stretch the passphrase. */
export type ExportParameters = { readonly salt: Uint8Array; readonly iv: Uint8Array; readonly rounds: number };

/** The file holding `json` (UTF-8 text of an array of sessions). Use 100,000 rounds or more for real. */
export const exportFile = (
  stretch: Stretch,
  passphrase: string,
  { salt, iv, rounds }: ExportParameters,
  json: string,
): string => {
  const counter = withoutBit63(iv);
  const keys = keysOf(stretch, passphrase, salt, rounds);
  const body = concat(Uint8Array.of(version), salt, counter, u32(rounds), applyCtr(keys.aes, counter, utf8(json)));
  return `${header}\n${base64(concat(body, mac(keys.mac, body)))}\n${footer}`;
};

/** The bytes between header and footer, however the lines are broken; `null` where one of them is missing. */
const bytesOf = (file: string): Uint8Array | null => {
  const from = file.indexOf(header);
  const to = file.indexOf(footer);
  return from < 0 || to < from ? null : fromBase64(file.slice(from + header.length, to).replace(/\s/g, ''));
};

/**
 * The text in a file, as bytes. `null`: no such file, an unknown version, more rounds than one takes on, or the wrong
 * passphrase (the MAC over everything before it is checked before anything is decrypted).
 */
export const openExportFile = (stretch: Stretch, passphrase: string, file: string): Uint8Array | null => {
  const bytes = bytesOf(file);
  if (bytes === null || bytes.length < start + macLength || bytes[0] !== version) return null;
  const rounds = readU32(bytes, 33);
  if (!isAcceptable(rounds)) return null;
  const keys = keysOf(stretch, passphrase, bytes.subarray(1, 17), rounds);
  const end = bytes.length - macLength;
  if (!sameBytes(mac(keys.mac, bytes.subarray(0, end)), bytes.subarray(end))) return null;
  return applyCtr(keys.aes, bytes.subarray(17, 33), bytes.subarray(start, end));
};
