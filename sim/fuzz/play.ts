/** A drawn scenario is printed, read, run and judged; what must be true of every legal one is asked here. */
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Run, Scenario } from '../engine/types.ts';
import { replay, runStories, type SuiteMaker } from '../runs/run.ts';
import { formatTrace, parseTrace } from '../runs/trace.ts';
import { transcript } from '../runs/transcript.ts';
import { lineFaults } from '../scenario/claims.ts';
import { errorLine, parseScenario } from '../scenario/parse.ts';
import { printScenario } from '../scenario/print.ts';
import { digestOf, ordered } from './luck.ts';
import { failing, type Outcome, type Part, type Wrong } from './part.ts';
import { randomScenario } from './scenarios.ts';
import { shrunkScenario } from './shrink.ts';

/** What is asked of a case besides that it runs: `again` the same once more, `replayed` from its trace, `bytes` on the real suite. */
type Asked = { readonly again: boolean; readonly replayed: boolean; readonly bytes: boolean };
type Suites = { readonly terms: SuiteMaker; readonly bytes: SuiteMaker };

const broken = (cause: string, message: string): Wrong => ({ cause, message });

/** What a run comes to, a line for each guarantee. */
export const verdictLines = ({ judgements }: Run): readonly string[] =>
  judgements.map(({ guarantee, verdict, at }) => `${guarantee} ${verdict} ${at ?? ''}`);
const verdictsOf = (run: Run): string => verdictLines(run).join('\n');

/** How the text is read, as the scenario or as what is wrong. */
const readBack = (scenario: Scenario): { readonly read: Scenario } | { readonly wrong: Wrong } => {
  const parsed = parseScenario(printScenario(scenario), scenario.id);
  if (!parsed.ok) {
    const [first] = parsed.errors;
    const line = first === undefined ? 'no error is told' : errorLine('drawn.yaml', first);
    return { wrong: broken(`a legal scenario is refused: ${first?.message.replaceAll(/“[^”]*”/g, '“…”')}`, line) };
  }
  const again = parseScenario(printScenario(parsed.scenario), scenario.id);
  if (!again.ok || ordered(again.scenario) !== ordered(parsed.scenario))
    return { wrong: broken('a scenario reads differently once it is printed', printScenario(parsed.scenario)) };
  return { read: parsed.scenario };
};

type Played = { readonly runs: readonly Run[] } | { readonly wrong: Wrong };

/** Runs a scenario with its variants, and asks of it what must be true of all. */
const playedOut = (drawn: Scenario, suites: Suites, asked: Asked): Played => {
  const back = readBack(drawn);
  if ('wrong' in back) return back;
  const scenario = back.read;
  const runs = (suite: SuiteMaker): readonly Run[] => {
    const { story, variants } = runStories(scenario, scenario.without, { suite });
    // What `hearsay run` says of lines is made of every run there is.
    lineFaults(story, variants);
    return [story, ...variants];
  };
  const all = runs(suites.terms);
  if (asked.again) {
    const other = runs(suites.terms);
    if (all.map(transcript).join('') !== other.map(transcript).join(''))
      return { wrong: broken('the same scenario runs differently a second time', scenario.id) };
  }
  for (const run of asked.replayed ? all : []) {
    const line = formatTrace(run.trace);
    const parsed = parseTrace(line);
    if (!parsed.ok) return { wrong: broken('a line that replays a run is not read', line) };
    if (verdictsOf(replay(scenario, parsed.trace, suites.terms)) !== verdictsOf(run))
      return { wrong: broken('a replay gives other verdicts than its run', line) };
  }
  if (asked.bytes) {
    const real = runs(suites.bytes);
    if (real.map(verdictsOf).join('\n') !== all.map(verdictsOf).join('\n'))
      return { wrong: broken('bytes give other verdicts than terms', scenario.id) };
  }
  return { runs: all };
};

const tried = (scenario: Scenario, suites: Suites, asked: Asked): Played => {
  const done = failing(() => playedOut(scenario, suites, asked));
  return 'ok' in done ? done.ok : { wrong: done.thrown };
};

/** Guarantees that nobody who lies could have broken, and that a text asks to be kept, and that break all the same. */
const looksOf = (scenario: Scenario, [run]: readonly Run[]): readonly string[] => {
  const { everyone, byDevice } = scenario.settings;
  const plain = [everyone, ...Object.values(byDevice)].every(
    ({ off, readings }) => off.length === 0 && Object.keys(readings).length === 0,
  );
  if (run === undefined || !plain || scenario.cast.attackers.length > 0) return [];
  return run.judgements
    .filter(
      ({ guarantee, verdict }) => verdict === 'breaks' && /confidentiality|authenticity|exclusion/.test(guarantee),
    )
    .map(({ guarantee, why }) => `${guarantee} breaks though nobody lies: ${why}`);
};

export const scenarioPart: Part = {
  name: 'scenario',
  perCase: 1,
  begin: ({ seed, block, shrinks, bytes }) => {
    const suites: Suites = { terms: (one) => makeSymbolicSuite(one), bytes: (one) => bytes(one) };
    return (nth): Outcome => {
      const asked = { again: nth % 20 === 0, replayed: nth % 10 === 1, bytes: nth % 200 === 2 };
      const drawn = failing(() => randomScenario(seed, block, nth));
      if ('thrown' in drawn) return { digest: 'undrawn', looks: [], failure: { ...drawn.thrown, shrunk: '' } };
      const scenario = drawn.ok;
      const played = tried(scenario, suites, asked);
      if (!('wrong' in played)) {
        const [story] = played.runs;
        return {
          digest: digestOf(played.runs.map((run) => `${run.trace.choices.join('.')} ${verdictsOf(run)}`)),
          failure: null,
          looks: story === undefined ? [] : looksOf(story.scenario, played.runs),
        };
      }
      const { cause } = played.wrong;
      const stillFails = (smaller: Scenario): boolean => {
        const outcome = tried(smaller, suites, asked);
        return 'wrong' in outcome && outcome.wrong.cause === cause;
      };
      const small = shrinks ? shrunkScenario(scenario, stillFails) : scenario;
      const shrunk = failing(() => printScenario(small));
      return {
        digest: digestOf([cause]),
        failure: { ...played.wrong, shrunk: 'ok' in shrunk ? shrunk.ok : JSON.stringify(small) },
        looks: [],
      };
    };
  },
};
