/** The second half of `npm run bench`: what takes a browser. `--sixty`: at the rate of a screen. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spreadOf } from '../../sim/bench/measure.ts';
import { type Drawing, diagramRatios, firstDrawings } from './diagram.ts';
import { printTurning, turnedScenario } from './turning.ts';

const rate = process.argv.includes('--sixty') ? 'sixty' : 'every frame';
const times = (ratio: number): string => `${ratio.toFixed(1)} times as fast`;
const line = (what: string, words: string): void => console.log(`       ${what.padEnd(34)}${words}`);
const told = (what: string, { ms, elements, ...drawn }: Drawing): void => {
  line(what, `${ms.toFixed(1)}, ${times(drawn.ratio)} (${elements} elements)`);
  line('', `painted ${drawn.paintedMs.toFixed(1)}, ${times(drawn.paintedRatio)}`);
  line('', `all of it ${drawn.wholeMs.toFixed(1)}, ${times(drawn.wholeRatio)}`);
};

console.log(
  `A sequence diagram of six lifelines, from a run until what is seen of it is drawn and laid out, until that is painted, and until all of it is: in one browser, median ms${rate === 'sixty' ? ', sixty frames a second' : ''}`,
);
for await (const { messages, ours, file, mermaid, exported } of diagramRatios(rate)) {
  console.log(`  ${messages} messages`);
  line(
    'by mermaid, the arrows alone',
    `${mermaid.ms.toFixed(1)}, painted ${mermaid.paintedMs.toFixed(1)} (${mermaid.elements} elements)`,
  );
  if (exported !== null)
    line(
      'by mermaid, as it is exported',
      `${exported.ms.toFixed(1)}, ${exported.ratio.toFixed(1)} times what it takes on its page (${exported.elements} elements)`,
    );
  told('on its page', ours);
  told('as a file, in one piece', file);
}
console.log(
  'The same as the first that its page draws, each on a page of its own: median ms, and the quarters beside it',
);
for await (const { messages, rounds } of firstDrawings(rate)) {
  console.log(`  ${messages} messages`);
  for (const [span, until] of [
    ['ms', 'laid out'],
    ['paintedMs', 'painted'],
    ['wholeMs', 'all of it'],
  ] as const) {
    const told = (all: readonly number[], digits = 1): string => {
      const { low, median, high } = spreadOf(all);
      return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
    };
    const [ours, mermaid] = [rounds.map((one) => one.ours[span]), rounds.map((one) => one.mermaid[span])];
    const ratios = rounds.map((one) => one.mermaid[span] / one.ours[span]);
    line(until, `on its page ${told(ours)}, by mermaid ${told(mermaid)}: ${told(ratios)} times as fast`);
  }
}
console.log();
const dist = resolve('dist');
if (existsSync(join(dist, 'index.html'))) await printTurning(dist, turnedScenario);
else console.log('A setting turned is timed on the built site, and there is none here: npm run build makes it.');
