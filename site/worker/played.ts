/** Runs that the worker has played: a setting turned back and forth is worked out once. */
import { type GuaranteeId, guaranteeIds } from '../../machines/guarantee-texts.ts';
import { memo, memoBeside } from '../../machines/memo.ts';
import type { Suite } from '../../machines/suite.ts';
import { makeRealSuite } from '../../sim/crypto/real/suite.ts';
import type { Verbs } from '../../sim/engine/stage.ts';
import type { Judgement, Run, Scenario, Turn } from '../../sim/engine/types.ts';
import type { Guarantee } from '../../sim/guarantees/types.ts';
import { judgedStory } from '../../sim/runs/playing.ts';
import { guaranteesIn } from '../../sim/scenario/claims.ts';
import { turnsKey } from '../../sim/scenario/written.ts';
import { judgesCalled } from './judges.ts';
import { whyNotTurned } from './turnable.ts';
import { verbsCalled } from './verbs.ts';

/** Why a run cannot be had: a setting that there is not, or an arrangement in which the story cannot begin. In a sentence without a full stop. */
export type Refused = { readonly is: 'refused'; readonly why: string };
export type Played = { readonly is: 'run'; readonly run: Run };
/** Of the guarantees in question. */
export type Judged = { readonly is: 'judged'; readonly judgements: readonly Judgement[] };

// Each question brings its own copy, and what is kept of a scenario goes by it.
const scenarios = memo<Scenario>(8);
// A run is asked for piece by piece, and most that is turned was tried before; one takes 0.1 to 0.3 MB.
const runs = memoBeside<Scenario, Played | Refused>(128);
// Previews of the same settings come again with every page that is turned back to.
const verdicts = memoBeside<Scenario, Judged | Refused>(4096);

const own = (scenario: Scenario): Scenario => scenarios(JSON.stringify(scenario), () => scenario);

/** The usual one. */
const seed = '1';
// All that a suite keeps goes by it, and prologues do.
const suites = memo<Suite>(1);

/** What is loaded for a story. */
type Loaded = { readonly judges: readonly Guarantee[]; readonly verbs: Verbs };
const loaded = async (scenario: Scenario, guarantees: readonly GuaranteeId[]): Promise<Loaded> => {
  const [judges, verbs] = await Promise.all([judgesCalled(guarantees), verbsCalled(scenario)]);
  return { judges, verbs };
};

const play = (scenario: Scenario, turns: readonly Turn[], { judges, verbs }: Loaded): Played | Refused => {
  const why = whyNotTurned({ scenario, turns });
  if (why !== null) return { is: 'refused', why };
  try {
    const suite = suites(seed, () => makeRealSuite(seed));
    return { is: 'run', run: judgedStory(scenario, { turns, seed, suite, verbs }, judges) };
  } catch (error) {
    return { is: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
};

/** The guarantees that a scenario expects something of, in the order of their register. */
const inQuestionOf = ({ expect }: Scenario): readonly GuaranteeId[] => {
  const asked = guaranteesIn(expect);
  return guaranteeIds.filter((id) => asked.includes(id));
};

const runOnce = (scenario: Scenario, turns: readonly Turn[], has: Loaded): Played | Refused =>
  runs(scenario, turnsKey(turns), () => play(scenario, turns, has));

/**
 * The run of a scenario with settings turned, on real bytes and with the usual seed, judged by the guarantees that the scenario expects
 * something of: most expect something of two or three, of others nobody asks on its page (`inQuestion`), and all take a third of a run.
 */
export const played = async (scenario: Scenario, turns: readonly Turn[]): Promise<Played | Refused> => {
  const has = await loaded(scenario, inQuestionOf(scenario));
  return runOnce(own(scenario), turns, has);
};

/** The same, judged by all guarantees, as the command line prints it. */
export const playedInFull = async (scenario: Scenario, turns: readonly Turn[]): Promise<Played | Refused> => {
  const has = await loaded(scenario, guaranteeIds);
  const mine = own(scenario);
  return runs(mine, `in full ${turnsKey(turns)}`, () => play(mine, turns, has));
};

/** What becomes of the guarantees in question in such a run, longer known than the run is kept. */
export const judged = async (scenario: Scenario, turns: readonly Turn[]): Promise<Judged | Refused> => {
  const has = await loaded(scenario, inQuestionOf(scenario));
  const mine = own(scenario);
  return verdicts(mine, turnsKey(turns), () => {
    const made = runOnce(mine, turns, has);
    return made.is === 'run' ? { is: 'judged', judgements: made.run.judgements } : made;
  });
};
