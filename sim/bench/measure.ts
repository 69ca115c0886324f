/** What measuring needs: two things done in turns, so that both see the same machine, and what that comes to. */

/** What one round came to, of ours and of what it stands beside. */
export type Pair = { readonly ours: number; readonly other: number };

/** One line of the table. Less is better, unless the unit is something of which there should be more. */
export type Row = {
  readonly what: string;
  readonly ours: string;
  /** What it stands beside. */
  readonly other: string;
  readonly unit: string;
  readonly pairs: readonly Pair[];
  /** What else was seen on the way. */
  readonly note?: string;
};
/** What could not be measured here, and why. */
export type Skipped = { readonly what: string; readonly why: string };

/** How much there is time for. */
export type How = {
  readonly isLong: boolean;
  /** That many rounds where there is little time, and that many where there is more. */
  readonly runs: (quick: number, long: number) => number;
};
export const howOf = (isLong: boolean): How => ({ isLong, runs: (quick, long) => (isLong ? long : quick) });

/** Some lines that belong together. */
export type Part = {
  /** As it is asked for. */
  readonly name: string;
  readonly title: string;
  /** It takes so long that it is left out where there is little time. */
  readonly isLongOnly?: true;
  readonly measure: (how: How) => AsyncIterable<Row | Skipped>;
};

/** The value below which that share of them lies; between two of them in proportion. Of none: 0. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
};
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A middle with the quarters on either side of it. */
export type Spread = { readonly low: number; readonly median: number; readonly high: number };
export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.25),
  median: median(values),
  high: quantile(values, 0.75),
});

/** `ratio`: the median of what single rounds come to, as both are done in turns. `low` and `high`: the quarters beside it. */
export type Sum = {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly ours: Spread;
  readonly other: Spread;
};
export const sumOf = ({ pairs }: Pick<Row, 'pairs'>): Sum => {
  const [ours, other] = [spreadOf(pairs.map((pair) => pair.ours)), spreadOf(pairs.map((pair) => pair.other))];
  const ratios = spreadOf(pairs.map((pair) => pair.ours / pair.other));
  return { ratio: ratios.median, low: ratios.low, high: ratios.high, ours, other };
};

/** What `measure` comes to in each round, after some for warming up. */
export const rounds = async <T>(
  runs: number,
  measure: (run: number) => Promise<T> | T,
  warmUps = 0,
): Promise<readonly T[]> => {
  const all: T[] = [];
  for (let run = -warmUps; run < runs; run += 1) {
    const one = await measure(run);
    if (run >= 0) all.push(one);
  }
  return all;
};

/** The production library, ours on noble's curves and ciphers, and ours on Node's, each in the same process. */
export type Makers<Done extends string> = Readonly<
  Record<'production' | 'noble' | 'node', Readonly<Record<Done, number>>>
>;
const ourMakers = { node: "ours, on Node's curves and ciphers", noble: "ours, on noble's" } as const;

/** A line for each thing done and each of ours. */
export const besideProduction = <Done extends string>(
  done: Readonly<Record<Done, string>>,
  all: readonly Makers<Done>[],
): readonly Row[] =>
  (Object.entries(done) as [Done, string][]).flatMap(([name, what]) =>
    (Object.entries(ourMakers) as [keyof typeof ourMakers, string][]).map(([maker, ours]) => ({
      what,
      ours,
      other: 'the production library',
      unit: 'ms',
      pairs: all.map((round) => ({ ours: round[maker][name], other: round.production[name] })),
    })),
  );
