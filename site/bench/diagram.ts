/**
 * A sequence diagram of six lifelines, ours beside mermaid's, in one headless browser: from a run (or the source) until it is painted.
 * Mermaid is given the arrows alone; ours has the steps, signs and lanes of guarantees besides.
 */
import { resolve } from 'node:path';
import { median } from '../../sim/bench/measure.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Moment, Run, Step } from '../../sim/engine/types.ts';
import { mermaidText } from '../../sim/runs/export/mermaid.ts';
import { requestText } from '../../sim/runs/export/moment-line.ts';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { bundle } from '../test/bundle.ts';
import { launch } from '../test/chromium.ts';
import type { PageBench } from './in-page.ts';

/** Messages, and how often each is drawn by both. */
const sizes = [
  { messages: 10, rounds: 11 },
  { messages: 50, rounds: 11 },
  { messages: 200, rounds: 5 },
  { messages: 1000, rounds: 3 },
] as const;

type Request = Extract<Moment, { readonly kind: 'request' }>;
const requestsOf = (steps: readonly Step[]): readonly Request[] =>
  steps.flatMap(({ moments }) => moments.filter((one): one is Request => one.kind === 'request'));

const speakers = ['alice.phone', 'bob.phone', 'carol.phone', 'alice.laptop', 'dave.phone'];
/** Five devices and their server, talking in a room. */
const talk = (lines: number): Run => {
  const text = `title: Five devices talk in a room
about: [MSC4268]
why: To be measured.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
    bob: { server: example.org, devices: [phone] }
    carol: { server: example.org, devices: [phone] }
    dave: { server: example.org, devices: [phone] }
  rooms:
    den: { history: shared, members: [alice, bob, carol, dave] }
story:
${Array.from({ length: lines }, (_, nth) => `  - ${speakers[nth % speakers.length]}: { send: message ${nth + 1}, in: den }`).join('\n')}
expect:
  history-confidentiality: holds
`;
  const parsed = parseScenario(text, 'bench/talk');
  if (!parsed.ok) throw new Error(`the story of the benchmark does not parse: ${parsed.errors[0]?.message}`);
  return runStory(parsed.scenario, { suite: makeSymbolicSuite });
};

/** A run with so many messages: its beginning, or, where it has fewer, what was said from the fifth step on said over and over. */
const withMessages = (run: Run, messages: number): Run => {
  const steps: Step[] = [];
  let left = messages;
  for (let nth = 0; left > 0; nth += 1) {
    const step = run.steps[nth < run.steps.length ? nth : 5 + ((nth - 5) % (run.steps.length - 5))];
    if (step === undefined) throw new Error('the run of the benchmark has no step to be repeated');
    const last = requestsOf([step])[left - 1];
    steps.push(last === undefined ? step : { ...step, moments: step.moments.slice(0, step.moments.indexOf(last) + 1) });
    left -= Math.min(left, requestsOf([step]).length);
  }
  return { ...run, steps };
};

/** Five devices and their server, and so many messages. */
export const talkWith = (messages: number): Run => withMessages(talk(60), messages);

/** Its messages and no more as mermaid's source, with the words that exports have. */
export const sourceOf = (run: Run): string => {
  const names = new Map(run.players.map(({ id }, nth) => [id, `p${nth}`]));
  const participants = run.players.map(({ id }) => `  participant ${names.get(id)} as ${mermaidText(id)}`);
  const arrows = requestsOf(run.steps).map(
    (one) => `  ${names.get(one.from)}->>${names.get(one.to)}: ${mermaidText(requestText(one))}`,
  );
  return `sequenceDiagram\n${[...participants, ...arrows].join('\n')}\n`;
};

export type DiagramRatio = {
  readonly messages: number;
  /** Medians in milliseconds, and the median of what mermaid took as a multiple of ours in the same round. */
  readonly ours: number;
  readonly mermaid: number;
  readonly ratio: number;
  /** Elements in the page afterwards. */
  readonly elements: { readonly ours: number; readonly mermaid: number };
};

const entry = `
import { pageBench } from '/site/bench/in-page.ts';
globalThis.bench = pageBench(globalThis.mermaid);
`;

/** One size after the other, as each is measured. */
export async function* diagramRatios(): AsyncGenerator<DiagramRatio> {
  const whole = talk(60);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.setContent('<!doctype html><title>bench</title><body></body>');
    await page.addScriptTag({ path: resolve('node_modules/mermaid/dist/mermaid.min.js') });
    await page.addScriptTag({ content: await bundle(entry) });
    for (const { messages, rounds } of sizes) {
      const run = withMessages(whole, messages);
      const source = sourceOf(run);
      if (run.players.length !== 6 || requestsOf(run.steps).length !== messages)
        throw new Error(`the diagram of ${messages} messages has other lifelines or messages than it is to have`);
      const taken = await page.evaluate(
        async ([json, source, rounds]) => {
          const { bench } = globalThis as unknown as { readonly bench: PageBench };
          const run = JSON.parse(json) as Run;
          const all = [];
          // One for warming up; then they take their turns.
          for (let round = -1; round < rounds; round += 1) {
            const one = { ours: await bench.ours(run), mermaid: await bench.theirs(source) };
            if (round >= 0) all.push(one);
          }
          return all;
        },
        [JSON.stringify(run), source, rounds] as const,
      );
      yield {
        messages,
        ours: median(taken.map(({ ours }) => ours.ms)),
        mermaid: median(taken.map(({ mermaid }) => mermaid.ms)),
        ratio: median(taken.map(({ ours, mermaid }) => mermaid.ms / ours.ms)),
        elements: { ours: taken[0]?.ours.elements ?? 0, mermaid: taken[0]?.mermaid.elements ?? 0 },
      };
    }
  } finally {
    await browser.close();
  }
}
