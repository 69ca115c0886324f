/** What `ask` has the explorer look for: under each reading the shortest way to break what the question is about. */

import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import type { Scenario, Turn } from '../../engine/types.ts';
import type { Bounds, Found } from '../../explorer/explore.ts';
import { type Sought, seek } from '../../explorer/shortest-break.ts';
import type { Asking, Question, Reading } from '../../ledger/readings.ts';
import { type Compared, differingIn } from '../../ledger/run-diff.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { replay } from '../../runs/run.ts';
import { formatTrace } from '../../runs/trace.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { bold, dim, plural, progress, verdictWord } from '../terminal.ts';
import { confirm } from './explore.ts';

/** How many scenarios are searched for one question: an answer is to take seconds. */
const scenariosMax = 2;

/** A scenario, searched under both readings. */
export type Explored = { readonly scenario: Scenario; readonly found: Readonly<Record<Reading, readonly Sought[]>> };

/** What a scenario speaks of and the readings judge differently. */
const disputedIn = (compared: Compared): readonly GuaranteeId[] => {
  const differing = differingIn(compared).map(({ guarantee }) => guarantee);
  return guaranteesIn(compared.scenario.expect).filter((guarantee) => differing.includes(guarantee));
};
/** What a search is to watch: what the readings judge differently, or all that the scenario claims. */
const guaranteesOf = (scenario: Scenario, compared: Compared | null): readonly GuaranteeId[] => {
  const disputed = compared === null ? [] : disputedIn(compared);
  return disputed.length > 0 ? disputed : guaranteesIn(scenario.expect);
};

/**
 * Searches free plays that turn a question, then stories without their scripts: those first whose verdicts part, the
 * short ones before the long.
 *
 * @param plays free plays that turn it
 * @param answers stories that turn it, under both readings
 */
export const exploreQuestion = (
  question: Question,
  plays: readonly Asking[],
  answers: readonly { readonly asking: Asking; readonly compared: Compared }[],
  bounds: Partial<Bounds>,
): readonly Explored[] => {
  const parting = ({ compared }: (typeof answers)[number]): number => Math.sign(disputedIn(compared).length);
  const linesOf = ({ asking }: (typeof answers)[number]): number => asking.scenario.story.length;
  const wanted = [
    ...plays.map((asking) => ({ asking, compared: null })),
    ...answers.toSorted((one, other) => parting(other) - parting(one) || linesOf(one) - linesOf(other)),
  ].filter(({ asking }) => !asking.isAside);
  const each = wanted.filter(
    ({ asking }, nth) => wanted.findIndex((one) => one.asking.scenario.id === asking.scenario.id) === nth,
  );
  const suite = makeSymbolicSuite('1');
  const explored = each.slice(0, scenariosMax).map(({ asking: { scenario, beside }, compared }, nth): Explored => {
    const guarantees = guaranteesOf(scenario, compared);
    const under = (reading: Reading): readonly Sought[] => {
      progress(`searching ${nth + 1} of ${Math.min(each.length, scenariosMax)} under ${reading}  ${scenario.id}`);
      const turns: readonly Turn[] = [...beside, { turn: 'reading', question: question.id, reading }];
      const sought = seek(scenario, { turns, guarantees, suite, bounds });
      for (const one of sought) confirm(one.scenario, { found: one.breaks });
      return sought;
    };
    return { scenario, found: { A: under('A'), B: under('B') } };
  });
  progress('');
  return explored;
};

/** What is done on the way, in sentences. */
const stepsOf = (scenario: Scenario, { trace }: Found): readonly string[] =>
  trace === null ? [] : replay(scenario, trace, realSuite).steps.map(({ choice }) => choice.sentence);

const freedoms: Readonly<Record<Sought['freedom'], string>> = {
  'free play': 'free play',
  'any order': 'what is done there, in any order',
  'its order': 'what is done there, in its order, with every sync free',
};
const noneWords = ({ limit, worlds, freedom }: Sought): string =>
  `none of the guarantees asked about breaks in ${limit === null ? `any of ${plural(worlds, 'world')}` : `${plural(worlds, 'world')}, and there are more`} (${freedoms[freedom]})`;

const soughtLines = (reading: Reading, sought: readonly Sought[]): readonly string[] =>
  sought.flatMap((one) =>
    one.breaks.length === 0
      ? [`  ${reading}  ${dim(noneWords(one))}`]
      : one.breaks.flatMap((found) => {
          const steps = stepsOf(one.scenario, found);
          return [
            `  ${reading}  ${verdictWord(found.verdict)} ${found.guarantee} in ${plural(steps.length, 'step')} (${freedoms[one.freedom]}): ${steps.join('; ')}`,
            ...(found.trace === null ? [] : [`     ${replayCommand(formatTrace(found.trace))}`]),
          ];
        }),
  );

export const exploredLines = (explored: readonly Explored[]): readonly string[] =>
  explored.length === 0
    ? ['No free play turns it, and no story: there is nothing to search.']
    : explored.flatMap(({ scenario, found }) => [
        `${bold('Searched:')} ${scenario.title}  ${dim(scenario.id)}`,
        ...soughtLines('A', found.A),
        ...soughtLines('B', found.B),
        '',
      ]);

const soughtPlain = (sought: readonly Sought[]) =>
  sought.map(({ scenario, freedom, worlds, limit, breaks }) => ({
    freedom,
    worlds,
    limit,
    breaks: breaks.map((found) => ({
      guarantee: found.guarantee,
      verdict: found.verdict,
      at: found.at,
      why: found.why,
      steps: stepsOf(scenario, found),
      replay: found.trace === null ? null : formatTrace(found.trace),
    })),
  }));

/** The same for machines. */
export const exploredPlain = (explored: readonly Explored[]) =>
  explored.map(({ scenario, found }) => ({
    scenario: scenario.id,
    A: soughtPlain(found.A),
    B: soughtPlain(found.B),
  }));
