/** The second half of `npm run bench`: what takes a browser. `--sixty`: at the rate of a screen. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Drawing, diagramRatios } from './diagram.ts';
import { printTurning, turnedScenario } from './turning.ts';

const rate = process.argv.includes('--sixty') ? 'sixty' : 'every frame';
const took = ({ ms, elements }: Drawing): string => `${ms.toFixed(1)} (${elements} elements)`;
const times = ({ ratio }: Drawing): string => `${ratio.toFixed(1)} times as fast`;

console.log(
  `A sequence diagram of six lifelines, from a run until what is seen of it is painted, in one browser (median ms${rate === 'sixty' ? ', sixty frames a second' : ''})`,
);
for await (const { messages, ours, file, mermaid } of diagramRatios(rate)) {
  console.log(
    `  ${String(messages).padStart(4)} messages: on its page ${took(ours)}, mermaid ${took(mermaid)}: ${times(ours)}`,
  );
  console.log(
    `                 with what is out of sight ${ours.wholeMs.toFixed(1)}; as a file, in one piece ${took(file)}: ${times(file)}`,
  );
}
console.log();
const dist = resolve('dist');
if (existsSync(join(dist, 'index.html'))) await printTurning(dist, turnedScenario);
else console.log('A setting turned is timed on the built site, and there is none here: npm run build makes it.');
