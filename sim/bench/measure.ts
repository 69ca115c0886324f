/** What measuring needs: one thing done by several, who take their turn in each round, so that they see the same machine. */
export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** The production library, ours on noble's curves and ciphers, and ours on Node's. */
export const makers = ['production', 'noble', 'node'] as const;
/** What one round came to, in milliseconds by what was done. */
export type Round<Done extends string> = Readonly<Record<(typeof makers)[number], Readonly<Record<Done, number>>>>;

/** `runs` rounds, after two for warming up. */
export const roundsOf = async <Done extends string>(
  measure: (run: number) => Promise<Round<Done>>,
  runs = 15,
): Promise<readonly Round<Done>[]> => {
  const rounds: Round<Done>[] = [];
  for (let run = -2; run < runs; run += 1) {
    const round = await measure(run);
    if (run >= 0) rounds.push(round);
  }
  return rounds;
};

/** Prints medians, and the median share of what the production library took in the same round. */
export const printRounds = <Done extends string>(
  title: string,
  names: readonly [production: string, noble: string, node: string],
  done: readonly Done[],
  rounds: readonly Round<Done>[],
): void => {
  console.log(`${title} (median ms, and as a share of the production library)`);
  for (const [nth, maker] of makers.entries()) {
    const figures = done.map((what) => {
      const ms = median(rounds.map((round) => round[maker][what]));
      const share = median(rounds.map((round) => round[maker][what] / round.production[what]));
      return `${ms.toFixed(1).padStart(8)}${maker === 'production' ? '' : `   ${share.toFixed(2)}×`}`.padEnd(18);
    });
    console.log(`  ${(names[nth] ?? maker).padEnd(20)} ${figures.join('')}`.trimEnd());
  }
};
