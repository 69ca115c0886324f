/** Files that a key opens as a whole: key exports under a passphrase, encrypted attachments, and bundles within them. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { nodeBulk, nodeStretch } from '../../crypto/node/backend.ts';
import { openAttachment } from '../../crypto/real/attachment.ts';
import { fromBase64 } from '../../crypto/real/base64.ts';
import { readU32, textOf } from '../../crypto/real/bytes.ts';
import { footer, header, openExportFile } from '../../crypto/real/key-export.ts';
import { faultLine, readJson } from '../../scenario/json-text.ts';
import { oneLine } from '../../scenario/showing.ts';
import { plural, thousands } from '../terminal.ts';
import { counted, some } from './lines.ts';
import { type Keys, noStart, nothingHeld, notOpened, type Opening, opened } from './opening.ts';
import { heldOf, readRoomKeys, roomKeyLines } from './room-keys.ts';
import { startOfBundle, startOfExport } from './starts.ts';

export const isKeyExport = (text: string): boolean => text.includes('-----BEGIN MEGOLM SESSION DATA');

/** Clients write 100,000 to 1,000,000; more than these would be waited for, and whoever wrote the file chose them. */
export const roundsMax = 3_000_000;
/** Version, salt, IV, rounds, MAC. */
const lengthMin = 1 + 16 + 16 + 4 + 32;

/** The rounds of an export, or what is wrong with it before any passphrase is asked for ("Key exports"). */
const roundsOf = (text: string): number | string => {
  const from = text.indexOf(header);
  const to = text.indexOf(footer);
  if (from < 0) return `its first line is damaged: ${header} expected`;
  if (to < from) return `it is cut short: ${footer} expected at its end`;
  const bytes = fromBase64(text.slice(from + header.length, to).replaceAll(/\s/g, ''));
  if (bytes === null) return 'what stands between its first and last line is no base64';
  if (bytes.length < lengthMin) return `it is cut short: ${bytes.length} bytes, at least ${lengthMin} expected`;
  if (bytes[0] !== 1) return `it is of version ${bytes[0]}: version 1 expected`;
  const rounds = readU32(bytes, 33);
  if (rounds < 1 || rounds > roundsMax)
    return `its passphrase is to be stretched ${thousands(rounds)} times: 1 to ${thousands(roundsMax)} expected`;
  return rounds;
};

/** A list of room keys in the clear ("Key export format"). */
export const openRoomKeys = (
  entries: readonly Json[],
  kind: 'key export' | 'room keys',
  about: readonly string[] = [],
): Opening => {
  const read = readRoomKeys(entries);
  if (read.keys.length === 0 && entries.length > 0)
    return notOpened(
      kind,
      `none of its ${plural(entries.length, 'entry', 'entries')} is a room key:\n${some(read.wrong, 'entry').join('\n')}`,
    );
  const start = read.keys.length === 0 ? noStart('there is no room key in it') : startOfExport(read.keys);
  return opened(kind, [...about, ...roomKeyLines(read)], start, { holds: heldOf(read.keys) });
};

const hasMore = (text: string): boolean => text.indexOf(header, text.indexOf(footer)) > 0;

/** `-----BEGIN MEGOLM SESSION DATA-----`: closed as long as no passphrase is given. */
export const openKeyExport = (text: string, { passphrase }: Keys): Opening => {
  const rounds = roundsOf(text);
  if (typeof rounds === 'string') return notOpened('key export', rounds);
  const about = `its passphrase is stretched ${thousands(rounds)} times${rounds < 100_000 ? ', which is few: 100 000 or more are asked for' : ''}`;
  const all = [about, ...(hasMore(text) ? ['another one stands behind it in the file: only the first is opened'] : [])];
  if (passphrase === null)
    return opened('key export', all, noStart('nobody has opened it'), {
      closed: ['--passphrase opens its room keys'],
    });
  const bytes = openExportFile(nodeStretch, passphrase, text);
  if (bytes === null)
    return notOpened('key export', 'this passphrase does not open it: another one, or the file was changed');
  const inside = textOf(bytes);
  const json = inside === null ? null : readJson(inside);
  if (json === null) return notOpened('key export', 'the passphrase opens it, and what is inside is no text');
  if (!json.ok)
    return notOpened('key export', `the passphrase opens it, and what is inside is no JSON: ${faultLine(json)}`);
  if (!Array.isArray(json.value))
    return notOpened(
      'key export',
      'the passphrase opens it, and what is inside is no list: a list of room keys expected',
    );
  return openRoomKeys(json.value, 'key export', all);
};

const listAt = (value: JsonObject, key: string): readonly Json[] | null | undefined => {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return found === undefined ? undefined : Array.isArray(found) ? found : null;
};

export const isBundle = (value: JsonObject): boolean =>
  Object.hasOwn(value, 'room_keys') || Object.hasOwn(value, 'withheld');

/** A bundle in the clear, as it is before it is encrypted and uploaded. */
export const openBundle = (value: JsonObject, kind: 'room key bundle' | 'sealed file' = 'room key bundle'): Opening => {
  const [entries, withheld] = [listAt(value, 'room_keys'), listAt(value, 'withheld')];
  if (entries === null || withheld === null)
    return notOpened(kind, `${entries === null ? 'room_keys' : 'withheld'}: a list expected`);
  const read = readRoomKeys(entries ?? [], 'room_keys: entry');
  const codes = (withheld ?? []).map((one) => stringAt(one, 'code') ?? 'no code');
  const back = codes.length;
  const lines = [...roomKeyLines(read), `${plural(back, 'room key')} kept back`, ...some(counted(codes), 'code')];
  const rooms = new Set(read.keys.map(({ room }) => room)).size;
  const mixed = rooms > 1 ? ['it has keys of several rooms: a client keeps those of the room it was asked into'] : [];
  const start = read.keys.length + back === 0 ? noStart('there is nothing in it') : startOfBundle(read.keys, back);
  return opened(kind, [...lines, ...mixed], start, { holds: heldOf(read.keys) });
};

/** The key of an attachment: `file` of an event, or such an object by itself; `null` for anything else. */
export const fileKeyIn = (value: JsonObject): JsonObject | null => {
  const one = isObject(value.file) ? value.file : value;
  return isObject(one.key) && stringAt(one, 'iv') !== undefined && isObject(one.hashes) ? one : null;
};
export const openFileKey = (file: JsonObject): Opening => {
  const isWhole = file.v === 'v2' && stringAt(objectAt(file, 'key'), 'k') !== undefined;
  if (!isWhole) return notOpened('file key', 'v: “v2”, and key: an object with k expected');
  const url = stringAt(file, 'url');
  return opened(
    'file key',
    [`it opens the file at ${url === undefined ? 'no address it names' : oneLine(url)}`],
    noStart('the file itself is not in it: give that, and this as --keys'),
    { holds: { ...nothingHeld, files: [file] } },
  );
};

/** Bytes that are no text: an attachment, if the key of one is at hand. `null`: none is. */
export const openSealedFile = (bytes: Uint8Array, { held }: Keys): Opening | null => {
  if (held.files.length === 0) return null;
  for (const file of held.files) {
    const plain = openAttachment(bytes, file, true, nodeBulk);
    if (plain === null) continue;
    const text = textOf(plain);
    const json = text === null ? null : readJson(text);
    if (json?.ok === true && isObject(json.value) && isBundle(json.value)) return openBundle(json.value, 'sealed file');
    if (json !== null && !json.ok && text?.trimStart().startsWith('{'))
      return notOpened('sealed file', `the key opens it, and what is inside is no JSON: ${faultLine(json)}`);
    return opened(
      'sealed file',
      [`the key opens it: ${plural(plain.length, 'byte')} that are no room key bundle`],
      noStart('there is no room key bundle in it'),
    );
  }
  return notOpened('sealed file', 'the key does not open it: another file’s, or the file was changed');
};
