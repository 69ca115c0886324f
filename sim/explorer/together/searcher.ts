/** One worker's half of a search: the worlds that are its own, and what comes of them. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Suite } from '../../../machines/suite.ts';
import type { Break } from '../../engine/breaks.ts';
import { makeMoves, type Sight } from '../moves.ts';
import { makeWorlds } from '../worlds.ts';
import { makeContent, spread } from './content.ts';
import { makeReceiver, makeSender } from './handing.ts';
import { type Batch, keyOf, type SeenBreak, type Side, type Slice, type SliceSeen, type Wanted } from './protocol.ts';

export type Searcher = {
  readonly watched: readonly GuaranteeId[];
  /** Looks at its own worlds of a slice: what it reached that is the other's. Slices come in order, as soon as their worlds have numbers. */
  readonly look: (slice: Slice) => Batch;
  /** Takes what the other reached from a slice that this one has looked at, or will. */
  readonly take: (batch: Batch) => void;
  /** Once both have looked at a slice and this one has taken what the other reached: what is new. */
  readonly settle: (slice: Slice) => SliceSeen;
  /** Numbers the new worlds of the slice settled first of those that are not numbered yet, given the other's. */
  readonly number: (others: Float64Array) => void;
  /** The key of a world, and the id of one of its choices; `null` when it is the other's. */
  readonly tell: (world: number, choice: number) => { readonly key: number; readonly id: string | null } | null;
};

const worldsMax = 2 ** 31 - 1;

/** What is noted of each world, by its place in this worker's table. */
type Notes = { keys: Float64Array<ArrayBuffer>; depths: Int32Array<ArrayBuffer>; numbers: Int32Array<ArrayBuffer> };
const roomier = (notes: Notes): Notes => {
  const length = notes.keys.length * 2;
  const wider: Notes = {
    keys: new Float64Array(length),
    depths: new Int32Array(length),
    numbers: new Int32Array(length),
  };
  wider.keys.set(notes.keys);
  wider.depths.set(notes.depths);
  wider.numbers.set(notes.numbers);
  return wider;
};

/** What is seen of a slice while it is looked at. */
type Looked = {
  readonly looked: number[];
  readonly breaks: SeenBreak[];
  readonly shadows: { readonly nth: number; readonly key: number }[];
  cutAt: number | null;
};

/** Throws `TooManyCells` when worlds outgrow their room. */
export const makeSearcher = (side: Side, wanted: Wanted, suite: Suite): Searcher => {
  const moves = makeMoves(wanted.scenario, { ...wanted, suite, footprints: false });
  const { watched, cellsMax } = moves;
  const worlds = makeWorlds(cellsMax, worldsMax);
  const content = makeContent(moves);
  const sender = makeSender(moves);
  const receive = makeReceiver(moves);
  const isMine = (hash: number): boolean => (spread(hash) & 1) === side;

  let notes: Notes = { keys: new Float64Array(1024), depths: new Int32Array(1024), numbers: new Int32Array(1024) };
  /** Places of its own worlds in the order of their numbers, and how many of them were looked at. */
  const inOrder: number[] = [];
  let done = 0;
  /** Places of worlds without a number: those whose key may still become smaller, and those that only wait for the other's. */
  let open: number[] = [];
  const settled: (readonly number[])[] = [];
  /** Worlds that have numbers, here and there. */
  let numbered = 1;
  const slices = new Map<number, Looked>();
  const toldHard = watched.map(() => false);
  const toldAccepted = watched.map(() => false);
  const toldShadow = watched.map(() => false);
  const world = new Int32Array(cellsMax);
  const sights: Sight[] = [];

  if (isMine(content.of(moves.first))) {
    worlds.add(moves.first, -1, 0);
    notes.keys[0] = -1;
    inOrder.push(0);
  }

  const reach = (cells: Int32Array, key: number, depth: number): void => {
    const isNew = worlds.add(cells, -1, 0) === 'new';
    const place = worlds.last();
    if (isNew) {
      if (place === notes.keys.length) notes = roomier(notes);
      notes.numbers[place] = -1;
      open.push(place);
    } else if (notes.numbers[place] !== -1 || key >= (notes.keys[place] as number)) return;
    notes.keys[place] = key;
    notes.depths[place] = depth;
  };

  const note = ({ breaks }: Looked, nth: number, key: number, broken: Break): void => {
    const told = broken.acceptedBy === null ? toldHard : toldAccepted;
    if (!told[nth]) breaks.push({ nth, key, broken });
    told[nth] = true;
  };

  const expand = (place: number, into: Looked): void => {
    const at = notes.numbers[place] as number;
    const depth = notes.depths[place] as number;
    worlds.read(place, world);
    const choices = moves.open(world);
    if (depth >= wanted.depthMax && choices.length > 0) {
      into.looked.push(at, 0, depth);
      into.cutAt ??= at;
      return;
    }
    into.looked.push(at, choices.length, depth);
    if (moves.unrest(world) === null)
      watched.forEach(({ kind }, nth) => {
        const broken = kind === 'finally' ? moves.end(world, nth) : null;
        if (broken !== null) note(into, nth, keyOf(at, -1), broken);
      });
    if (choices.length === 0) return;
    const hash = content.of(world);
    choices.forEach((chosen, choice) => {
      const key = keyOf(at, choice);
      const next = moves.step(world, chosen, sights);
      const after = content.after(hash, world, next);
      if (isMine(after)) reach(next, key, depth + 1);
      else sender.add(next, after, key, depth + 1);
      for (let nth = 0; nth < sights.length; nth += 1) {
        const { broken, shadow } = sights[nth] as Sight;
        if (shadow && !toldShadow[nth]) {
          toldShadow[nth] = true;
          into.shadows.push({ nth, key });
        }
        if (broken !== null) note(into, nth, key, broken);
      }
    });
  };

  return {
    watched: watched.map(({ id }) => id),
    look: (slice) => {
      const into: Looked = { looked: [], breaks: [], shadows: [], cutAt: null };
      slices.set(slice.nth, into);
      for (; done < inOrder.length; done += 1) {
        const place = inOrder[done] as number;
        if ((notes.numbers[place] as number) >= slice.to) break;
        expand(place, into);
      }
      return sender.batch();
    },
    take: (batch) => receive(batch, reach),
    settle: ({ nth, to }) => {
      const { looked, breaks, shadows, cutAt } = slices.get(nth) as Looked;
      slices.delete(nth);
      const { keys } = notes;
      const isOver = (place: number): boolean => (keys[place] as number) < keyOf(to, -1);
      const fresh = open.filter(isOver).sort((one, other) => (keys[one] as number) - (keys[other] as number));
      open = open.filter((place) => !isOver(place));
      settled.push(fresh);
      return {
        nth,
        keys: Float64Array.from(fresh, (place) => keys[place] as number),
        looked: Int32Array.from(looked),
        breaks,
        shadows,
        cutAt,
        worked: moves.worked(),
        bytes: worlds.bytes() + moves.bytes() + 16 * notes.keys.length,
      };
    },
    number: (others) => {
      const fresh = settled.shift() ?? [];
      let before = 0;
      fresh.forEach((place, nth) => {
        while (before < others.length && (others[before] as number) < (notes.keys[place] as number)) before += 1;
        notes.numbers[place] = numbered + nth + before;
        inOrder.push(place);
      });
      numbered += fresh.length + others.length;
    },
    tell: (asked, choice) => {
      // Its own worlds stand in the order of their numbers.
      let [low, high] = [0, inOrder.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((notes.numbers[inOrder[middle] as number] as number) < asked) low = middle + 1;
        else high = middle;
      }
      const place = inOrder[low];
      if (place === undefined || notes.numbers[place] !== asked) return null;
      worlds.read(place, world);
      return { key: notes.keys[place] as number, id: choice < 0 ? null : (moves.open(world)[choice]?.id ?? '') };
    },
  };
};
