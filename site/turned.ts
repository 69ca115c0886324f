/** Runs whose verdict hangs on a clause or on a reading. */

import type { Reading } from '../machines/registration.ts';
import type { Turn } from '../sim/engine/types.ts';
import { askingsOf } from '../sim/ledger/readings.ts';
import { guaranteeWords } from '../sim/runs/figures/words.ts';
import { turnsKey } from '../sim/scenario/written.ts';
import { writeAddress } from './address.ts';
import { badgeOf, turnWords } from './ledger.ts';
import { type Entry, entries, scenarioHref, type Variant } from './runs.ts';

/** A run with a setting turned, beside the scenario as it is written. */
export type TurnedRun = {
  /** Id of the scenario. */
  readonly scenario: string;
  readonly title: string;
  readonly href: string;
  /** What becomes of whom: `Secrets are genuine breaks`. */
  readonly outcomes: readonly string[];
  /** What else was turned for it, in words; nothing where this alone is enough. */
  readonly besides: readonly string[];
  readonly turn: Turn;
};

/** Guarantees that fare otherwise than in the scenario as written, with how. */
const outcomes = ({ variants: [base] }: Entry, { run }: Variant): readonly string[] =>
  run.judgements.flatMap(({ guarantee, verdict }) => {
    const before = base.run.judgements.find((one) => one.guarantee === guarantee)?.verdict;
    return before === verdict ? [] : [`${guaranteeWords(guarantee)}: ${badgeOf(verdict)[1]}`];
  });

/** Every run with such a turn in which some verdict is another than without it. */
const runsTurned = (isSuch: (turn: Turn) => boolean): readonly TurnedRun[] =>
  entries.flatMap((entry) =>
    entry.variants.flatMap((variant) => {
      const turn = variant.turns.find(isSuch);
      const changed = turn === undefined ? [] : outcomes(entry, variant);
      if (turn === undefined || changed.length === 0) return [];
      const besides = variant.turns.filter((other) => !isSuch(other)).map(turnWords);
      return [
        {
          scenario: entry.scenario.id,
          title: entry.scenario.title,
          href: variant.href,
          outcomes: changed,
          besides,
          turn,
        },
      ];
    }),
  );

/** Runs that end otherwise without that clause. */
export const runsWithout = (clause: string): readonly TurnedRun[] =>
  runsTurned((turn) => turn.turn === 'off' && turn.clause === clause);

/** Runs that end otherwise with the other reading of that question. */
export const runsReading = (question: string): readonly TurnedRun[] =>
  runsTurned((turn) => turn.turn === 'reading' && turn.question === question);

/** Scenarios that take one reading of that question from the start. */
export const scenariosReading = (
  question: string,
): readonly { readonly scenario: string; readonly title: string; readonly href: string; readonly reading: string }[] =>
  entries.flatMap(({ scenario, variants: [base] }) => {
    const reading = scenario.settings.everyone.readings[question];
    return reading === undefined ? [] : [{ scenario: scenario.id, title: scenario.title, href: base.href, reading }];
  });

const keysOf = (turns: readonly Turn[]): string => JSON.stringify(turns.map((turn) => turnsKey([turn])).sort());
/** The same settings, in whatever order. */
const isSame = (some: readonly Turn[], others: readonly Turn[]): boolean => keysOf(some) === keysOf(others);

/** A story under one reading of a question. */
export type Read = {
  readonly href: string;
  /** What else is turned in it, in words. */
  readonly besides: readonly string[];
};

/**
 * The run of a scenario in which a question is read so, with all else that is turned in it: where no page of its own tells of that, its bench
 * with all of it turned.
 *
 * @param turned what else is turned, as `turnsKey` has it; `null`: nothing. Throws where the scenario turns no such thing with the question
 */
export const readAs = (id: string, question: string, reading: Reading, turned: string | null): Read => {
  const entry = entries.find(({ scenario }) => scenario.id === id);
  const asking =
    entry && askingsOf(question, [entry.scenario]).find(({ beside }) => turnsKey(beside) === (turned ?? ''));
  if (entry === undefined || asking === undefined)
    throw new Error(`${id} is not held under both readings of ${question} with ${turned}`);
  const { beside } = asking;
  const turn: Turn = { turn: 'reading', question, reading };
  const isSet = entry.scenario.settings.everyone.readings[question] === reading;
  const own = entry.variants.find(({ turns }) => isSame(turns, [...beside, turn]) || (isSet && isSame(turns, beside)));
  return {
    href: own?.href ?? `${scenarioHref(id)}${writeAddress({ turns: [...beside, turn], isBeside: false, seen: null })}`,
    besides: beside.map(turnWords),
  };
};
