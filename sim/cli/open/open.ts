/** From bytes to what they are. Files are hostile input: size and depth are bounded, and whatever is wrong is a value. */
import { isObject, type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import { textOf } from '../../crypto/real/bytes.ts';
import { fromRecoveryKey } from '../../crypto/real/recovery-key.ts';
import { faultLine, type JsonFault, readJson } from '../../scenario/json-text.ts';
import { oneLine } from '../../scenario/showing.ts';
import { readLog } from '../serve/log.ts';
import { notesOf, scenarioOf } from '../serve/scenario.ts';
import { plural } from '../terminal.ts';
import { isBackup, isBackupVersion, openBackup, openBackupVersion } from './backup.ts';
import { isSendToDevice, isSync, openEvents, openSendToDevice, openSync, readEvent } from './events.ts';
import { type Keys, noStart, notOpened, type Opening, opened } from './opening.ts';
import { packedAs } from './packed.ts';
import { isHar, isRequestLine, openHar, openRequestLines } from './recorded.ts';
import {
  fileKeyIn,
  isBundle,
  isKeyExport,
  openBundle,
  openFileKey,
  openKeyExport,
  openRoomKeys,
  openSealedFile,
} from './sealed.ts';
import { madeOf } from './starts.ts';
import { accountDataIn, isOfStorage, openAccountData } from './storage.ts';
import { isSynapseLog, openSynapseLog } from './synapse.ts';

/** What to look at where a file is none of these. */
const known = 'docs/reference/open.md lists what is';

/** An entry of room keys has one of these; nothing else does. */
const isRoomKey = (value: Json): boolean =>
  isObject(value) && Object.hasOwn(value, 'session_key') && !Object.hasOwn(value, 'content');

const entriesOf = (list: readonly Json[]): string => `a list of ${plural(list.length, 'entry', 'entries')}`;
/** @param what it is where nothing in it is known */
const openList = (list: readonly Json[], keys: Keys, what = entriesOf(list)): Opening => {
  if (list.length === 0) return opened('room keys', ['nothing: the list is empty'], noStart('there is nothing in it'));
  if (list.some(isRoomKey)) return openRoomKeys(list, 'room keys');
  if (list.some((one) => typeof readEvent(one) !== 'string')) return openEventList(list, keys);
  if (list.some((one) => isObject(one) && isRequestLine(one)))
    return openRequestLines(list.map((one) => (isObject(one) ? one : {})));
  return notOpened(null, `${what}, and none is a room key, an event or a request; ${known}`);
};

const openEventList = (list: readonly Json[], keys: Keys): Opening => {
  const events = list.map((one) => readEvent(one)).filter((event) => typeof event !== 'string');
  return events.length > 0 && events.every(({ type, content }) => isOfStorage(type, content))
    ? openAccountData(new Map(events.map(({ type, content }) => [type, content])), keys)
    : openEvents(list, keys);
};

const openObject = (value: JsonObject, keys: Keys): Opening => {
  if (isHar(value)) return openHar(value);
  if (isBundle(value)) return openBundle(value);
  if (isBackup(value)) return openBackup(value, keys);
  if (isBackupVersion(value)) return openBackupVersion(value, keys);
  if (isSendToDevice(value)) return openSendToDevice(value);
  if (isSync(value)) return openSync(value, keys);
  const event = readEvent(value);
  if (typeof event !== 'string')
    return isOfStorage(event.type, event.content)
      ? openAccountData(new Map([[event.type, event.content]]), keys)
      : openEvents([value], keys);
  const file = fileKeyIn(value);
  if (file !== null) return openFileKey(file);
  const data = accountDataIn(value);
  if (data !== null) return openAccountData(data, keys);
  if (isRoomKey(value)) return openRoomKeys([value], 'room keys');
  if (isRequestLine(value)) return openRequestLines([value]);
  // A part of an answer to a sync by itself, as its `to_device` is.
  if (Array.isArray(value.events)) return openEventList(value.events, keys);
  const names = Object.keys(value).slice(0, 5).map(oneLine);
  return notOpened(
    null,
    `an object with ${names.length === 0 ? 'nothing in it' : names.join(', ')}, which is nothing that is known here; ${known}`,
  );
};

const openServerLog = (text: string): Opening => {
  const read = readLog(text);
  if (!read.ok) return notOpened('server log', read.why);
  const { log } = read;
  return opened(
    'server log',
    [`${plural(log.entries.length, 'entry', 'entries')}, of the accounts ${log.users.join(', ')}`],
    {
      can: true,
      made: () => madeOf(scenarioOf(log), notesOf),
    },
  );
};

const linesMax = 200_000;
type Line = { readonly line: string; readonly nth: number };
/** Whoever wrote it was ended, or a copy was: the last line has no end, and begins a value that is none. */
const isCutShort = (text: string, last: Line | undefined): last is Line =>
  last?.line.startsWith('{') === true && text.endsWith(last.line) && !readJson(last.line).ok;
/** What a file of lines came to without its last one. */
const withoutLast = (opening: Opening, { nth }: Line): Opening =>
  opening.ok
    ? { ...opening, inside: [...opening.inside, `1 line cut short, the last one (line ${nth + 1}): left out`] }
    : opening;

/** One value a line: a log of ours, requests, or events. `null`: its first line is no object by itself. */
const openLines = (text: string, keys: Keys): Opening | null => {
  const lines = text.split('\n').flatMap((line, nth) => (line.trim() === '' ? [] : [{ line, nth }]));
  const [first] = lines;
  const begun = first === undefined || !first.line.startsWith('{') ? null : readJson(first.line);
  if (begun?.ok !== true || !isObject(begun.value) || lines.length < 2) return null;
  if (lines.length > linesMax)
    return notOpened(null, `one value a line, in ${plural(lines.length, 'line')}: at most ${linesMax} are read`);
  const isOurs = Array.isArray(begun.value.users);
  const last = lines.at(-1);
  if (!isCutShort(text, last)) return isOurs ? openServerLog(text) : openValues(lines, keys);
  const whole = text.slice(0, -last.line.length);
  return withoutLast(isOurs ? openServerLog(whole) : openValues(lines.slice(0, -1), keys), last);
};
const openValues = (lines: readonly Line[], keys: Keys): Opening => {
  const values: JsonObject[] = [];
  for (const { line, nth } of lines) {
    const read = readJson(line);
    if (!read.ok) return notOpened(null, `one value a line, and ${lineFault(nth, read)}`);
    if (!isObject(read.value)) return notOpened(null, `one value a line, and line ${nth + 1} is no object`);
    values.push(read.value);
  }
  return openList(values, keys, `one value a line, in ${plural(lines.length, 'line')}`);
};
const lineFault = (nth: number, fault: JsonFault): string => faultLine({ ...fault, line: nth + 1 });

const openText = (text: string, keys: Keys): Opening => {
  if (isKeyExport(text)) return openKeyExport(text, keys);
  const body = text.replace(/^\ufeff/, '');
  if (body.trim() === '') return notOpened(null, 'it is empty');
  if (/^\s*[[{"]/.test(body)) {
    const lines = openLines(body, keys);
    if (lines !== null) return lines;
    const read = readJson(body);
    if (!read.ok) return notOpened(null, `it begins as JSON and is none: ${faultLine(read)}`);
    if (Array.isArray(read.value)) return openList(read.value, keys);
    if (isObject(read.value))
      return Array.isArray(read.value.users) ? openServerLog(body) : openObject(read.value, keys);
    return notOpened(null, 'a single text');
  }
  if (isSynapseLog(body)) return openSynapseLog(body);
  if (body.length < 200 && fromRecoveryKey(body) !== null)
    return opened(
      'recovery key',
      ['it is whole: its parity fits'],
      noStart('it opens a backup or secret storage: give that, and this as --recovery-key'),
    );
  if (stringAt({ title: /^title:/m.exec(body)?.[0] ?? null }, 'title') !== undefined)
    return notOpened(null, 'a scenario, it seems: npx hearsay run plays it');
  return notOpened(null, `a text, and nothing that is known here; ${known}`);
};

/** What a file is and has inside, as far as `keys` open it. Never throws. */
export const openFile = (bytes: Uint8Array, keys: Keys): Opening => {
  const text = bytes.includes(0) ? null : textOf(bytes);
  if (text !== null) return openText(text, keys);
  const sealed = openSealedFile(bytes, keys);
  if (sealed?.ok === true) return sealed;
  const packed = packedAs(bytes);
  if (packed !== null) return notOpened(null, packed);
  return (
    sealed ??
    notOpened(
      null,
      'bytes that are no text: an encrypted attachment? Its key (`file` of the event that points to it) goes with --keys',
    )
  );
};
