/** What runs show that a reviewer of the texts should know. Data in, data out: which stories are run under which settings, and what differs. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, Scenario, Verdict } from '../../engine/types.ts';
import { type RunOptions, runStory } from '../../runs/run.ts';
import { proposals } from '../../scenario/ledger.ts';
import { turnsKey } from '../../scenario/written.ts';
import { askingsOf, ledgerQuestions, type Question } from '../readings.ts';
import { type Change, isMissedBesideOthersOnly, ledgerClauses, type Registered, registry } from '../registry.ts';
import { textChanges } from '../revision-diff.ts';
import { type Compared, compare, differingIn, type Parting, partingOf, verdictsOfBoth } from '../run-diff.ts';

/** A guarantee that holds as long as a client takes up a MAY. */
export type OnlyByMay = { readonly clause: Registered['clause']; readonly changes: readonly Change[] };

/** What becomes of one guarantee under two sets of settings. */
export type Differing = { readonly guarantee: GuaranteeId; readonly one: Verdict; readonly other: Verdict };

/** One story under both readings of a question. `beside`: what else is turned, as a `without` key; `null` where nothing is. */
export type Asked = {
  readonly scenario: Scenario;
  readonly beside: string | null;
  readonly verdicts: readonly Differing[];
};
export type Reading = { readonly question: Question; readonly asked: readonly Asked[] };

/** One step of a proposal's history, and the stories about it whose verdict it changed. */
export type Revised = {
  readonly proposal: string;
  readonly from: string;
  readonly to: string;
  readonly came: readonly ClauseId[];
  readonly went: readonly ClauseId[];
  readonly changed: readonly {
    readonly scenario: Scenario;
    readonly verdicts: readonly Differing[];
    readonly parting: Parting | null;
  }[];
  /** Stories that were played under both. */
  readonly compared: number;
};

export type Evidence = {
  readonly unmissed: readonly Registered[];
  /** Sentences that are missed once others are off as well, which stand in for them. */
  readonly stoodInFor: readonly Registered[];
  readonly onlyByMay: readonly OnlyByMay[];
  readonly readings: readonly Reading[];
  readonly revised: readonly Revised[];
};

/** Sentences of the charts without which every verdict stays as it is. */
export const unmissedIn = (rows: readonly Registered[]): readonly Registered[] =>
  rows.filter(({ place, changes }) => place?.is === 'chart' && changes.length === 0);

/** Sentences that every text merely permits, and the guarantees that hold with them and break without. */
export const onlyByMayIn = (rows: readonly Registered[]): readonly OnlyByMay[] =>
  rows.flatMap(({ clause, changes }) => {
    const levels = new Set([clause.level, ...Object.values(clause.level_by_revision ?? {})]);
    const lost = changes.filter(({ from, to, beside }) => from === 'holds' && to === 'breaks' && beside === undefined);
    return levels.size === 1 && levels.has('MAY') && lost.length > 0 ? [{ clause, changes: lost }] : [];
  });

const differing = (compared: Pick<Compared, 'verdicts'>): readonly Differing[] =>
  differingIn(compared).map(({ guarantee, one, other }) => ({ guarantee, one: one.verdict, other: other.verdict }));

/** Every question that stories turn, with those whose verdicts hang on the reading. */
export const readingsIn = (stories: readonly Scenario[], suite: RunOptions['suite']): readonly Reading[] =>
  ledgerQuestions.flatMap((question) => {
    const askings = askingsOf(question.id, stories);
    if (askings.length === 0) return [];
    const asked = askings.flatMap(({ scenario, beside }) => {
      const read = (reading: 'A' | 'B') => [...beside, { turn: 'reading', question: question.id, reading } as const];
      const verdicts = differing(compare(scenario, [read('A'), read('B')], suite));
      return verdicts.length === 0
        ? []
        : [{ scenario, beside: beside.length === 0 ? null : turnsKey(beside), verdicts }];
    });
    return [{ question, asked }];
  });

/** Each revision beside the one before it, in every story about the proposal. */
const revisedIn = (stories: readonly Scenario[], suite: RunOptions['suite']): readonly Revised[] =>
  [...proposals].flatMap(([proposal, texts]) => {
    const about = stories.filter(({ about: proposalsOf }) => proposalsOf.includes(proposal));
    const names = [...texts.keys()];
    // Each text is the later one of one pair and the earlier one of the next: it is played once.
    const played = names.map((revision) =>
      about.map((scenario) => runStory(scenario, { turns: [{ turn: 'revision', proposal, revision }], suite })),
    );
    return names.slice(1).map((to, nth): Revised => {
      const from = names[nth] ?? to;
      const { came, went } = textChanges(proposal, from, to, ledgerClauses);
      return {
        proposal,
        from,
        to,
        came: came.map(({ id }) => id),
        went: went.map(({ id }) => id),
        compared: about.length,
        changed: about.flatMap((scenario, at) => {
          const [one, other] = [played[nth]?.[at], played[nth + 1]?.[at]];
          if (one === undefined || other === undefined) return [];
          const verdicts = differing({ verdicts: verdictsOfBoth(one, other) });
          return verdicts.length === 0 ? [] : [{ scenario, verdicts, parting: partingOf(one, other) }];
        }),
      };
    });
  });

/**
 * Runs what there is to run.
 *
 * @param stories the library without its free plays
 * @param suite as `runStory` takes it
 */
export const evidenceOf = (stories: readonly Scenario[], suite: RunOptions['suite']): Evidence => {
  const rows = registry(stories);
  return {
    unmissed: unmissedIn(rows),
    stoodInFor: rows.filter(isMissedBesideOthersOnly),
    onlyByMay: onlyByMayIn(rows),
    readings: readingsIn(stories, suite),
    revised: revisedIn(stories, suite),
  };
};
