/** What is measured in the browser, round by round, as lines of JSON: for the table of `npm run bench`. `--long`: more rounds. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Pair } from '../../sim/bench/measure.ts';
import { diagramRatios, type Taken } from './diagram.ts';
import { turnedScenario, turningTimes } from './turning.ts';

const say = (line: object): void => console.log(JSON.stringify(line));
const row = (what: string, ours: string, other: string, pairs: readonly Pair[]): void =>
  say({ is: 'row', what, ours, other, pairs });

type Ours = 'ours' | 'file';
const drawings: Readonly<Record<Ours, string>> = { ours: 'on its page', file: 'as a file' };
/** What is timed of each drawing: whatever there is of these. */
const spans: Readonly<Record<string, string>> = {
  ms: 'until it is painted',
  laidOutMs: 'until it is drawn and laid out',
  paintedMs: 'until it is painted',
};

const spanOf = (taken: Taken, who: keyof Taken, span: string): number =>
  Number((taken[who] as Readonly<Record<string, number>>)[span]);

for await (const { messages, rounds } of diagramRatios('every frame'))
  for (const [span, until] of Object.entries(spans))
    if (rounds.every(({ ours }) => span in ours))
      for (const [who, where] of Object.entries(drawings) as [Ours, string][])
        row(
          `a sequence diagram of ${messages} messages, ${until}`,
          where,
          'mermaid',
          rounds.map((taken) => ({ ours: spanOf(taken, who, span), other: spanOf(taken, 'mermaid', span) })),
        );

const dist = resolve('dist');
const turned = 'a setting turned, until its verdict and picture are painted';
if (existsSync(join(dist, 'index.html'))) {
  const { cold, warm } = await turningTimes(dist, turnedScenario, process.argv.includes('--long') ? 15 : 7);
  const pairs = cold.map((other, nth) => ({ ours: warm[nth] ?? Number.NaN, other }));
  row(turned, 'one after the first', 'the first on a page, with all that is fetched for it', pairs);
} else say({ is: 'skipped', what: turned, why: 'there is no built site: npm run build makes it' });
