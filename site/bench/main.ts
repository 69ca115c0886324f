/** The second half of `npm run bench`: what takes a browser. */
import { diagramRatios } from './diagram.ts';

console.log('A sequence diagram of six lifelines, from a run until it is painted, in one browser (median ms)');
for await (const { messages, ours, mermaid, ratio, elements } of diagramRatios())
  console.log(
    `  ${String(messages).padStart(4)} messages: ours ${ours.toFixed(1)} (${elements.ours} elements), mermaid ${mermaid.toFixed(1)} (${elements.mermaid}): ${ratio.toFixed(1)} times as fast`,
  );
