/**
 * A sequence diagram of six lifelines, ours beside mermaid's, in one headless browser: from a run (or the source) until what is seen of it
 * stands in the page, laid out. That is all the work there is; until it is painted a browser only waits for its next frame, which takes
 * the same whoever drew. It is measured besides, as is how long it takes until what is out of sight is drawn too.
 *
 * Ours is the figure of a scenario's page, with its signs, states, lanes of guarantees and links to the steps, its folds open, and the
 * sheets and faces of the site. Mermaid is given the arrows alone, and, where that does not take minutes, what `hearsay export
 * --mermaid` writes of the run: much of what ours shows, as notes.
 */
import type { Browser, Page } from 'playwright-core';
import { median } from '../../sim/bench/measure.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Moment, Run, Step } from '../../sim/engine/types.ts';
import { mermaid, mermaidText } from '../../sim/runs/export/mermaid.ts';
import { requestText } from '../../sim/runs/export/moment-line.ts';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { launch } from '../test/chromium.ts';
import { type Drawer, drawingPage, kitOf } from './drawing-page.ts';
import type { PageBench, Timed } from './in-page.ts';

/** Messages, and how often each is drawn by both: on one page, and on a new one each time (`firsts`). */
const sizes = [
  { messages: 10, rounds: 21, firsts: 7, isExported: true },
  { messages: 50, rounds: 21, firsts: 7, isExported: true },
  { messages: 200, rounds: 5, firsts: 5, isExported: true },
  { messages: 1000, rounds: 3, firsts: 5, isExported: false },
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

/** Medians. */
export type Drawing = Timed & {
  /** What mermaid took for the arrows in the same round as a multiple of this, until what is seen is laid out. */
  readonly ratio: number;
  /** The same until it is painted, and until all of it is. */
  readonly paintedRatio: number;
  readonly wholeRatio: number;
};
export type DiagramRatio = {
  readonly messages: number;
  readonly ours: Drawing;
  /** The same run as an exported file, in one piece. */
  readonly file: Drawing;
  /** The arrows alone. */
  readonly mermaid: Drawing;
  /** The run as it is exported for mermaid, and what that took as a multiple of ours; `null` where it is not drawn. */
  readonly exported: (Timed & { readonly ratio: number }) | null;
  /** Each round by itself. */
  readonly rounds: readonly Taken[];
};

type Kind = 'ours' | 'file' | 'mermaid';
type Taken = Readonly<Record<Kind, Timed>> & { readonly exported: Timed | null };

const mediansOf = (all: readonly Timed[]): Timed => ({
  ms: median(all.map(({ ms }) => ms)),
  paintedMs: median(all.map(({ paintedMs }) => paintedMs)),
  wholeMs: median(all.map(({ wholeMs }) => wholeMs)),
  elements: all[0]?.elements ?? 0,
});

const drawingOf = (taken: readonly Taken[], kind: Kind): Drawing => {
  const times = (span: 'ms' | 'paintedMs' | 'wholeMs'): number =>
    median(taken.map((one) => one.mermaid[span] / one[kind][span]));
  return {
    ...mediansOf(taken.map((one) => one[kind])),
    ratio: times('ms'),
    paintedRatio: times('paintedMs'),
    wholeRatio: times('wholeMs'),
  };
};

const exportedOf = (taken: readonly Taken[]): DiagramRatio['exported'] => {
  const pairs = taken.flatMap(({ ours, exported }) => (exported === null ? [] : [{ ours, exported }]));
  return pairs.length === 0
    ? null
    : {
        ...mediansOf(pairs.map(({ exported }) => exported)),
        ratio: median(pairs.map(({ ours, exported }) => exported.ms / ours.ms)),
      };
};

/**
 * At which rate the browser paints: `every frame` as soon as there is something, so that work is measured and nothing else; `sixty` a
 * second as on a screen, where what takes less than a frame waits for the next.
 */
export type Rate = 'every frame' | 'sixty';

const launched = (rate: Rate): Promise<Browser> => launch(rate === 'sixty' ? [] : ['--disable-frame-rate-limit']);

/** The beginning of a run that has so many messages and six lifelines. Throws where it has not. */
const drawnRun = (whole: Run, messages: number): Run => {
  const run = withMessages(whole, messages);
  if (run.players.length !== 6 || requestsOf(run.steps).length !== messages)
    throw new Error(`the diagram of ${messages} messages has other lifelines or messages than it is to have`);
  return run;
};

/** One size after the other, as each is measured. */
export async function* diagramRatios(rate: Rate): AsyncGenerator<DiagramRatio> {
  const whole = talk(60);
  const browser = await launched(rate);
  try {
    const page = await drawingPage(browser, await kitOf(), ['ours', 'mermaid']);
    for (const { messages, rounds, isExported } of sizes) {
      const run = drawnRun(whole, messages);
      const source = sourceOf(run);
      const taken = await page.evaluate(
        async ([json, source, exported, rounds]) => {
          const { bench } = globalThis as unknown as { readonly bench: PageBench };
          const run = JSON.parse(json) as Run;
          const all: Taken[] = [];
          // One for warming up; then they take their turns.
          for (let round = -1; round < rounds; round += 1) {
            const one = {
              ours: await bench.ours(run),
              file: await bench.file(run),
              // What it leaves to be thrown away is thrown away while mermaid draws, not while we do.
              exported: exported === null ? null : await bench.theirs(exported),
              mermaid: await bench.theirs(source),
            };
            if (round >= 0) all.push(one);
          }
          return all;
        },
        [JSON.stringify(run), source, isExported ? mermaid(run) : null, rounds] as const,
      );
      yield {
        messages,
        ours: drawingOf(taken, 'ours'),
        file: drawingOf(taken, 'file'),
        mermaid: drawingOf(taken, 'mermaid'),
        exported: exportedOf(taken),
        rounds: taken,
      };
    }
  } finally {
    await browser.close();
  }
}

/** One drawing each, on pages of their own that had drawn nothing before. */
export type FirstDrawings = {
  readonly messages: number;
  readonly rounds: readonly { readonly ours: Timed; readonly mermaid: Timed }[];
};

/**
 * The first drawing of a page, which is what whoever opens one waits for: nothing of its script has run yet, and is compiled on the way.
 * Each round has a new page for each. Scripts are loaded before, mermaid is initialized and has read what it needs of itself for sequence
 * diagrams, and its page has not our sheets.
 */
export async function* firstDrawings(rate: Rate): AsyncGenerator<FirstDrawings> {
  const whole = talk(60);
  const browser = await launched(rate);
  try {
    const kit = await kitOf();
    const drawn = async (drawer: Drawer, draw: (page: Page) => Promise<Timed>): Promise<Timed> => {
      const page = await drawingPage(browser, kit, [drawer]);
      try {
        return await draw(page);
      } finally {
        await page.context().close();
      }
    };
    for (const { messages, firsts } of sizes) {
      const run = drawnRun(whole, messages);
      const [json, source] = [JSON.stringify(run), sourceOf(run)];
      const rounds: FirstDrawings['rounds'][number][] = [];
      for (let round = 0; round < firsts; round += 1)
        rounds.push({
          ours: await drawn('ours', (page) =>
            page.evaluate((json) => {
              const { bench } = globalThis as unknown as { readonly bench: PageBench };
              return bench.ours(JSON.parse(json) as Run);
            }, json),
          ),
          mermaid: await drawn('mermaid', (page) =>
            page.evaluate(async (source) => {
              const { bench } = globalThis as unknown as { readonly bench: PageBench };
              await bench.prepare();
              return bench.theirs(source);
            }, source),
          ),
        });
      yield { messages, rounds };
    }
  } finally {
    await browser.close();
  }
}
