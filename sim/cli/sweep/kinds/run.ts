/** A run of a sweep: a story as it is written, or a random walk, with a setting turned. */
import type { GuaranteeId } from '../../../../machines/guarantee-texts.ts';
import { isObject } from '../../../../machines/json.ts';
import { realSuite } from '../../../crypto/node/suite.ts';
import type { PlayerId, Verdict } from '../../../engine/types.ts';
import { replayCommand } from '../../../runs/replay-command.ts';
import { runStory, wander } from '../../../runs/run.ts';
import { formatTrace, formatWritten, isSeed } from '../../../runs/trace.ts';
import { Mistake } from '../../terminal.ts';
import type { Kind } from '../kind.ts';
import { inShell, isCount, isGuarantee, isLineOf, isTextOrNull, isVerdict } from '../reads.ts';
import { stepsMost, turnsOf, withSetting } from './setting.ts';

/** How a run goes through its scenario: the story as it is written, or a random walk. */
export type Way = { readonly is: 'story' } | { readonly is: 'walk'; readonly stepsMax: number };

/** `setting`: a key as in a scenario's `without`; `null`: as it is written. `written`: that as a line (`formatWritten`). */
export type RunTask = {
  readonly scenario: string;
  readonly setting: string | null;
  readonly seed: string;
  readonly way: Way;
  readonly written: string;
};

/** The verdicts of one run, and the line that replays it. */
export type RunCame = {
  readonly replay: string;
  readonly verdicts: readonly {
    readonly guarantee: GuaranteeId;
    readonly verdict: Verdict;
    readonly at: PlayerId | null;
  }[];
};

const readWay = (value: unknown): Way | null => {
  if (!isObject(value)) return null;
  if (value.is === 'story') return { is: 'story' };
  return value.is === 'walk' && isCount(value.stepsMax, stepsMost) ? { is: 'walk', stepsMax: value.stepsMax } : null;
};

const isFound = (one: unknown): one is RunCame['verdicts'][number] =>
  isObject(one) && isGuarantee(one.guarantee) && isVerdict(one.verdict) && isTextOrNull(one.at);

export const runKind: Kind<RunTask, RunCame> = {
  id: 'run',
  nameOf: ({ way, written }) => (way.is === 'story' ? written : `walk of ${way.stepsMax}: ${written}`),
  again: ({ scenario, setting, seed, way, written }) =>
    way.is === 'story'
      ? replayCommand(written)
      : `npx hearsay wander ${inShell(scenario)} --runs 1 --steps ${way.stepsMax} --seed ${seed}${withSetting(setting)}`,
  readTask: (value) => {
    if (!isObject(value)) return null;
    const { scenario, setting, seed, written } = value;
    const way = readWay(value.way);
    return way !== null &&
      typeof scenario === 'string' &&
      isTextOrNull(setting) &&
      typeof seed === 'string' &&
      isSeed(seed) &&
      typeof written === 'string'
      ? { scenario, setting, seed, way, written }
      : null;
  },
  work: ({ scenario: id, setting, seed, way, written }, shelf) => {
    const scenario = shelf.scenario(id);
    const turns = turnsOf(setting, scenario);
    if (formatWritten({ scenario: id, turns, seed }) !== written) throw new Mistake(`${written} is another run`);
    // A maker of its own for each run: what it made is kept as long as the maker is.
    const options = { turns, seed, suite: (own: string) => realSuite(own) };
    const run =
      way.is === 'story' ? runStory(scenario, options) : wander(scenario, { ...options, stepsMax: way.stepsMax });
    return {
      replay: formatTrace(run.trace),
      verdicts: run.judgements.map(({ guarantee, verdict, at }) => ({ guarantee, verdict, at })),
    };
  },
  readCame: (value, { written }) => {
    if (!isObject(value)) return null;
    const { replay, verdicts } = value;
    return typeof replay === 'string' && isLineOf(replay, written) && Array.isArray(verdicts) && verdicts.every(isFound)
      ? { replay, verdicts: verdicts.map(({ guarantee, verdict, at }) => ({ guarantee, verdict, at })) }
      : null;
  },
  isBreak: ({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'breaks'),
  patienceSeconds: 120,
  portionMax: 100,
  fewest: 20,
};
