/** A random walk of `hearsay wander`: its verdicts, and what is told of those that break. */
import type { GuaranteeId } from '../../../../machines/guarantee-texts.ts';
import { isObject } from '../../../../machines/json.ts';
import { realSuite } from '../../../crypto/node/suite.ts';
import type { Verdict } from '../../../engine/types.ts';
import { otherLines, whereText } from '../../../runs/break-words.ts';
import { wander } from '../../../runs/run.ts';
import { formatTrace, isSeed } from '../../../runs/trace.ts';
import type { Kind } from '../kind.ts';
import { inShell, isCount, isGuarantee, isTextOrNull, isTexts, isVerdict } from '../reads.ts';
import { stepsMost, turnsOf, withSetting } from './setting.ts';

export type WalkTask = {
  readonly scenario: string;
  /** A key as in a scenario's `without`; `null`: as it is written. */
  readonly setting: string | null;
  readonly seed: string;
  readonly stepsMax: number;
};

/** What is told of one that breaks: where, why, and what else of it. */
export type Told = { readonly where: string; readonly why: string; readonly others: readonly string[] };
export type WalkCame = {
  readonly replay: string;
  readonly verdicts: readonly {
    readonly guarantee: GuaranteeId;
    readonly verdict: Verdict;
    /** `null` where nothing breaks. */
    readonly told: Told | null;
  }[];
};

const isTold = (value: unknown): value is Told | null =>
  value === null ||
  (isObject(value) && typeof value.where === 'string' && typeof value.why === 'string' && isTexts(value.others));
const isFound = (one: unknown): one is WalkCame['verdicts'][number] =>
  isObject(one) && isGuarantee(one.guarantee) && isVerdict(one.verdict) && isTold(one.told);

export const walkKind: Kind<WalkTask, WalkCame> = {
  id: 'walk',
  nameOf: ({ scenario, setting, seed, stepsMax }) => JSON.stringify(['walk', scenario, setting, seed, stepsMax]),
  again: ({ scenario, setting, seed, stepsMax }) =>
    `npx hearsay wander ${inShell(scenario)} --runs 1 --steps ${stepsMax} --seed ${seed}${withSetting(setting)}`,
  readTask: (value) => {
    if (!isObject(value)) return null;
    const { scenario, setting, seed, stepsMax } = value;
    return typeof scenario === 'string' &&
      isTextOrNull(setting) &&
      typeof seed === 'string' &&
      isSeed(seed) &&
      isCount(stepsMax, stepsMost)
      ? { scenario, setting, seed, stepsMax }
      : null;
  },
  work: ({ scenario: id, setting, seed, stepsMax }, shelf) => {
    const scenario = shelf.scenario(id);
    // A maker of its own for each walk: what it made is kept as long as the maker is, and no two walks share a seed.
    const suite = (text: string) => realSuite(text);
    const run = wander(scenario, { turns: turnsOf(setting, scenario), seed, stepsMax, suite });
    return {
      replay: formatTrace(run.trace),
      verdicts: run.judgements.map((judged) => ({
        guarantee: judged.guarantee,
        verdict: judged.verdict,
        told:
          judged.verdict === 'breaks' || judged.verdict === 'accepted'
            ? { where: whereText(judged), why: judged.why ?? '', others: otherLines(judged) }
            : null,
      })),
    };
  },
  readCame: (value) => {
    if (!isObject(value)) return null;
    const { replay, verdicts } = value;
    return typeof replay === 'string' && Array.isArray(verdicts) && verdicts.every(isFound)
      ? { replay, verdicts: verdicts.map(({ guarantee, verdict, told }) => ({ guarantee, verdict, told })) }
      : null;
  },
  isBreak: ({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'breaks'),
  patienceSeconds: 120,
  portionMax: 20,
  fewest: 20,
};
