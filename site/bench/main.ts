/** The second half of `npm run bench`: what takes a browser. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { diagramRatios } from './diagram.ts';
import { printTurning, turnedScenario } from './turning.ts';

console.log('A sequence diagram of six lifelines, from a run until it is painted, in one browser (median ms)');
for await (const { messages, ours, mermaid, ratio, elements } of diagramRatios())
  console.log(
    `  ${String(messages).padStart(4)} messages: ours ${ours.toFixed(1)} (${elements.ours} elements), mermaid ${mermaid.toFixed(1)} (${elements.mermaid}): ${ratio.toFixed(1)} times as fast`,
  );
console.log();
const dist = resolve('dist');
if (existsSync(join(dist, 'index.html'))) await printTurning(dist, turnedScenario);
else console.log('A setting turned is timed on the built site, and there is none here: npm run build makes it.');
