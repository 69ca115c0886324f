/** What of a picture stands folded: people getting to know each other, and long stretches in which nothing is decided. */
import type { PlayerId, Run } from '../../engine/types.ts';
import { markOf } from './folding.ts';
import type { Row } from './row.ts';
import { namesIn } from './sides.ts';
import { capitalised } from './words.ts';

/** Rows `from` up to, but not including, `to` (indices of rows), and what happens there in words. */
export type Fold = {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly messages: number;
  /** The steps that have rows in it (indices into `run.steps`). */
  readonly steps: readonly number[];
};

/** So many rows may stand open; what is decisive does whatever the number. */
const roomFor = 9;
/** Fewer rows than this are no shorter when folded. */
const shortest = 2;
/** So many stand open at least. */
const fewest = 5;

/** The attacker acts, lies or learns, something breaks or is lost, a check stops something or is switched off that would have. */
export const isDecisive = (row: Row): boolean =>
  row.kind !== 'honest' ||
  row.learned.length + row.verdicts.length + row.causes.length > 0 ||
  ['shut', 'some shut', 'off'].includes(markOf(row) ?? 'open');

/** What people and devices do to get to know each other. */
const acquaints =
  /^(?:POST \/(?:login|keys\/(?:upload|device_signing\/upload|signatures\/upload)|createRoom|join|knock)|POST \/rooms\/[^/]+\/(?:join|invite)|the user acts)/;
/** What every client does all the time. */
const keepsHouse =
  /^(?:GET \/(?:sync|room_keys|user)|POST \/(?:keys\/(?:query|claim)|user\/keys|upload)|PUT \/(?:room_keys\/keys|send\/)|GET .*\/members)/;

/** How much a row that decides nothing tells: what is said, what makes people known to each other, what is mere housekeeping. */
const dullness = (row: Row): 0 | 1 | 2 =>
  (markOf(row) ?? 'open') !== 'open' ? 0 : keepsHouse.test(row.wire) ? 2 : acquaints.test(row.wire) ? 1 : 0;

/** How far each row is from the nearest of `marks`, in rows; from the last row where nothing is decided. */
const distances = (rows: readonly Row[], marks: readonly number[]): readonly number[] =>
  rows.map((_, index) => Math.min(rows.length, ...marks.map((mark) => Math.abs(mark - index))));

/** Which rows stand open: all that decide, and of the others those that tell most and are nearest to what is decided, while there is room. */
const standOpen = (rows: readonly Row[]): ReadonlySet<number> => {
  const deciding = rows.flatMap((row, index) => (isDecisive(row) ? [index] : []));
  const far = distances(rows, deciding.length > 0 ? deciding : [rows.length - 1]);
  const rest = rows
    .map((row, index) => ({ index, dull: dullness(row), far: far[index] ?? 0 }))
    .filter(({ index }) => !deciding.includes(index))
    .toSorted((one, other) => one.dull - other.dull || one.far - other.far || one.index - other.index);
  const open = new Set([
    ...deciding,
    ...rest.slice(0, Math.max(0, roomFor - deciding.length)).map(({ index }) => index),
  ]);
  // A lone row between two folds would only cut in two what is one stretch.
  for (const index of [...open].toSorted((one, other) => one - other))
    if (
      open.size > fewest &&
      !deciding.includes(index) &&
      [index - 1, index + 1].every((beside) => beside in rows && !open.has(beside))
    )
      open.delete(index);
  return open;
};

type Stretch = { readonly from: number; readonly to: number };

/** Stretches of rows that are not open, each long enough to be worth a fold. */
const stretches = (count: number, open: ReadonlySet<number>): readonly Stretch[] => {
  const edges = [-1, ...[...open].toSorted((one, other) => one - other), count];
  return edges
    .slice(1)
    .map((to, index) => ({ from: (edges[index] ?? -1) + 1, to }))
    .filter(({ from, to }) => to - from >= shortest);
};

const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const lower = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** The people whose devices take part. */
const peopleIn = (rows: readonly Row[], run: Run): number => {
  const taking = new Set(rows.flatMap(({ from, to }) => [from, to]));
  return new Set(run.players.flatMap(({ id, kind, of }) => (kind !== 'homeserver' && taking.has(id) ? [of] : []))).size;
};

/** `Alice’s phone shares a room key and sends a message`; `null` where nobody does anything worth telling. */
const deedsIn = (rows: readonly Row[], nameOf: (player: PlayerId) => string): string | null => {
  const deeds: { readonly who: string; readonly what: string }[] = [];
  for (const row of rows) {
    if (dullness(row) !== 0 || row.wire.startsWith('m.')) continue;
    const who = nameOf(row.asked ? row.to : row.from);
    const what = lower(row.label.split(/ (?:to|by) /)[0] ?? '');
    if (deeds.some((one) => one.who === who && one.what === what)) continue;
    deeds.push({ who, what });
    // Of more than two it is only said that there are more.
    if (deeds.length > 2) break;
  }
  const [first, second] = deeds;
  if (first === undefined) return null;
  const begun = `${first.who} ${first.what}`;
  if (second === undefined) return begun;
  const both = first.who === second.who ? `${begun} and ${second.what}` : `${begun}, ${second.who} ${second.what}`;
  return deeds.length > 2 ? `${both}, and so on` : both;
};

/** What happens in a fold, in words. */
const wordsOf = (rows: readonly Row[], run: Run, isStart: boolean): string => {
  const deeds = deedsIn(rows, namesIn(run));
  if (deeds !== null) return isStart ? `First: ${deeds}` : capitalised(deeds);
  const login = rows.find(({ wire }) => wire.startsWith('POST /login'));
  const people = peopleIn(rows, run);
  if (isStart && rows.some(({ wire }) => acquaints.test(wire)))
    return people > 1
      ? `${numbers[people] ?? people} people get to know each other`
      : 'One person’s devices get to know each other';
  if (login !== undefined) return capitalised(`${namesIn(run)(login.from)} logs in`);
  const has = (part: string): boolean => rows.some(({ wire }) => wire.includes(part));
  if (has('/signatures/upload') || has('/device_signing')) return 'A device is signed';
  if (has('/join')) return 'The room is joined';
  if (has('PUT /room_keys')) return has('/keys/query') ? 'Keys are looked up and backed up' : 'Keys are backed up';
  if (has('/keys/query') || has('/keys/claim')) return 'Keys are looked up';
  return 'News is fetched';
};

/**
 * What of `rows` stands folded, in order. Short pictures are not folded at all; what decides never is; and of the rest what tells
 * least and is farthest from what is decided.
 */
export const foldsOf = (rows: readonly Row[], run: Run): readonly Fold[] =>
  rows.length <= roomFor
    ? []
    : stretches(rows.length, standOpen(rows)).map(({ from, to }) => ({
        from,
        to,
        messages: to - from,
        steps: [...new Set(rows.slice(from, to).map(({ step }) => step))],
        words: wordsOf(rows.slice(from, to), run, from === 0),
      }));
