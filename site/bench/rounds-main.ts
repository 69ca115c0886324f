/** What is measured in the browser, round by round, as lines of JSON: for the table of `npm run bench`. `--long`: more rounds. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Pair } from '../../sim/bench/measure.ts';
import { diagramRatios, firstDrawings } from './diagram.ts';
import { turnedScenario, turningTimes } from './turning.ts';

const say = (line: object): void => console.log(JSON.stringify(line));
const row = (what: string, ours: string, other: string, pairs: readonly Pair[]): void =>
  say({ is: 'row', what, ours, other, pairs });

const others = [
  ['exported', 'mermaid, as it is exported'],
  ['arrows', 'mermaid, the arrows alone'],
] as const;
const spans = [
  ['ms', 'until it is drawn and laid out'],
  ['paintedMs', 'until it is painted'],
] as const;

for await (const { messages, rounds } of diagramRatios('every frame'))
  for (const [span, until] of spans) {
    const what = `a sequence diagram of ${messages} messages, after others, ${until}`;
    const beside = (who: 'ours' | 'file', where: string, [they, name]: (typeof others)[number]): void =>
      row(
        what,
        where,
        name,
        rounds.map((taken) => ({ ours: taken[who][span], other: taken[they][span] })),
      );
    for (const other of others) beside('ours', 'on its page', other);
    beside('file', 'as a file', others[1]);
  }

for await (const { messages, rounds } of firstDrawings('every frame'))
  for (const [span, until] of spans)
    for (const [they, name] of others)
      row(
        `a sequence diagram of ${messages} messages, the first of its page, ${until}`,
        'on its page',
        name,
        rounds.map((taken) => ({ ours: taken.ours[span], other: taken[they][span] })),
      );

const dist = resolve('dist');
const turned = 'a setting turned, until its verdict and picture are painted';
if (existsSync(join(dist, 'index.html'))) {
  const { cold, warm } = await turningTimes(dist, turnedScenario, process.argv.includes('--long') ? 15 : 7);
  const pairs = cold.map((other, nth) => ({ ours: warm[nth] ?? Number.NaN, other }));
  row(turned, 'one after the first', 'the first on a page, with all that is fetched for it', pairs);
} else say({ is: 'skipped', what: turned, why: 'there is no built site: npm run build makes it' });
