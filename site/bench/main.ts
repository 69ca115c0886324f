/** The second half of `npm run bench`: what takes a browser. `--sixty`: at the rate of a screen. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spreadOf } from '../../sim/bench/measure.ts';
import { diagramRatios, firstDrawings } from './diagram.ts';
import type { Timed } from './in-page.ts';
import { printTurning, turnedScenario } from './turning.ts';

const rate = process.argv.includes('--sixty') ? 'sixty' : 'every frame';
const line = (what: string, words: string): void => console.log(`       ${what.padEnd(34)}${words}`);
const told = (all: readonly number[]): string => {
  const { low, median, high } = spreadOf(all);
  return `${median.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
};
const tell = <Who extends string>(
  rounds: readonly Readonly<Record<Who, Timed>>[],
  ours: readonly (readonly [Who, string])[],
  others: readonly (readonly [Who, string])[],
): void => {
  for (const [span, until] of [
    ['ms', 'laid out'],
    ['paintedMs', 'painted'],
    ['wholeMs', 'all of it'],
  ] as const)
    for (const [who, where] of ours) {
      line(`${where}, ${until}`, told(rounds.map((one) => one[who][span])));
      for (const [they, name] of others)
        line(
          `  ${name}`,
          `${told(rounds.map((one) => one[they][span]))}: ${told(rounds.map((one) => one[they][span] / one[who][span]))} times as long`,
        );
    }
};
const mermaids = [
  ['exported', 'mermaid, as it is exported'],
  ['arrows', 'mermaid, the arrows alone'],
] as const;

console.log(
  `A sequence diagram of six lifelines, from a run until what is seen of it is drawn and laid out, until that is painted, and until all of it is: in one browser, median ms, and the quarters beside it${rate === 'sixty' ? ', sixty frames a second' : ''}`,
);
for await (const { messages, rounds } of diagramRatios(rate)) {
  console.log(`  ${messages} messages`);
  tell(
    rounds,
    [
      ['ours', 'on its page'],
      ['file', 'as a file, in one piece'],
    ],
    mermaids,
  );
}
console.log('The same as the first that its page draws, each on a page of its own');
for await (const { messages, rounds } of firstDrawings(rate)) {
  console.log(`  ${messages} messages`);
  tell(rounds, [['ours', 'on its page']], mermaids);
}
console.log();
const dist = resolve('dist');
if (existsSync(join(dist, 'index.html'))) await printTurning(dist, turnedScenario);
else console.log('A setting turned is timed on the built site, and there is none here: npm run build makes it.');
