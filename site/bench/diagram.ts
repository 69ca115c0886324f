/**
 * A sequence diagram of six lifelines, ours beside mermaid's, in one headless browser: from a run (or the source) until what is seen of it
 * stands in the page, laid out. That is all the work there is; until it is painted a browser only waits for its next frame, which takes
 * the same whoever drew. It is measured besides, as is how long it takes until what is out of sight is drawn too.
 *
 * Ours is the figure of a scenario's page, with its signs, states, lanes of guarantees and links to the steps, its folds open, and the
 * sheets and faces of the site. Mermaid is given what `hearsay export --mermaid` writes of the same run, which says much of what ours
 * shows, as notes; and the arrows alone, which say less.
 */
import type { Browser, Page } from 'playwright-core';
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
  { messages: 10, rounds: 21, firsts: 7 },
  { messages: 50, rounds: 21, firsts: 7 },
  { messages: 200, rounds: 5, firsts: 5 },
  { messages: 1000, rounds: 5, firsts: 5 },
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

/** What is drawn in a round of both, one after the other. */
export type Drawn = {
  readonly ours: Timed;
  /** By mermaid, the run as it is exported. */
  readonly exported: Timed;
  /** By mermaid, the arrows alone. */
  readonly arrows: Timed;
};
/** With the same run as an exported file of ours, in one piece. */
export type DrawnAfterOthers = Drawn & { readonly file: Timed };
export type Rounds<Round> = { readonly messages: number; readonly rounds: readonly Round[] };

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
export async function* diagramRatios(rate: Rate): AsyncGenerator<Rounds<DrawnAfterOthers>> {
  const whole = talk(60);
  const browser = await launched(rate);
  try {
    const page = await drawingPage(browser, await kitOf(), ['ours', 'mermaid']);
    for (const { messages, rounds } of sizes) {
      const run = drawnRun(whole, messages);
      const taken = await page.evaluate(
        async ([json, arrows, exported, rounds]) => {
          const { bench } = globalThis as unknown as { readonly bench: PageBench };
          const run = JSON.parse(json) as Run;
          const all: DrawnAfterOthers[] = [];
          // One for warming up; then they take their turns.
          for (let round = -1; round < rounds; round += 1) {
            const one = {
              ours: await bench.ours(run),
              file: await bench.file(run),
              // What it leaves to be thrown away is thrown away while mermaid draws, not while we do.
              exported: await bench.theirs(exported),
              arrows: await bench.theirs(arrows),
            };
            if (round >= 0) all.push(one);
          }
          return all;
        },
        [JSON.stringify(run), sourceOf(run), mermaid(run), rounds] as const,
      );
      yield { messages, rounds: taken };
    }
  } finally {
    await browser.close();
  }
}

/**
 * The first drawing of a page, which is what whoever opens one waits for: nothing of its script has run yet, and is compiled on the way.
 * Each round has a new page for each. Scripts are loaded before, mermaid is initialized and has read what it needs of itself for sequence
 * diagrams, and its page has not our sheets.
 */
export async function* firstDrawings(rate: Rate): AsyncGenerator<Rounds<Drawn>> {
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
    const theirs = (source: string): Promise<Timed> =>
      drawn('mermaid', (page) =>
        page.evaluate(async (source) => {
          const { bench } = globalThis as unknown as { readonly bench: PageBench };
          await bench.prepare();
          return bench.theirs(source);
        }, source),
      );
    for (const { messages, firsts } of sizes) {
      const run = drawnRun(whole, messages);
      const [json, arrows, exported] = [JSON.stringify(run), sourceOf(run), mermaid(run)];
      const rounds: Drawn[] = [];
      for (let round = 0; round < firsts; round += 1)
        rounds.push({
          ours: await drawn('ours', (page) =>
            page.evaluate((json) => {
              const { bench } = globalThis as unknown as { readonly bench: PageBench };
              return bench.ours(JSON.parse(json) as Run);
            }, json),
          ),
          exported: await theirs(exported),
          arrows: await theirs(arrows),
        });
      yield { messages, rounds };
    }
  } finally {
    await browser.close();
  }
}
