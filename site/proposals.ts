/** The proposals: what each is about, which charts play it, and where its scenarios are. */

import { register } from '../machines/register.ts';
import { ledgerProposals } from '../machines/standing.ts';
import type { PlayerId } from '../sim/engine/types.ts';
import { movesOf, movingCharts } from '../sim/runs/figures/charts.ts';
import { describeCharts } from './charts.ts';
import { type Entry, entries } from './runs.ts';
import { type Clause, clauses, type Question, questions } from './texts.ts';

export type Proposal = {
  /** `MSC4268`. */
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly about: string;
  readonly charts: readonly string[];
  readonly clauses: readonly Clause[];
  readonly questions: readonly Question[];
  readonly scenarios: readonly Entry[];
};

/** The charts of the folder that brings a proposal, in the order in which they hear. */
const chartsOf = (id: string): readonly string[] =>
  register.flatMap(({ proposals, charts }) =>
    proposals.some((one) => one.id === id) ? charts.map(({ name }) => name) : [],
  );

/** All of the ledger, the three proposals first. */
export const allProposals: readonly Proposal[] = ledgerProposals.map(({ id, name, about, charts }) => ({
  id,
  name,
  href: `/proposals/${id.toLowerCase()}/`,
  about,
  charts: charts ?? chartsOf(id),
  clauses: clauses.filter(({ proposal }) => proposal === id),
  questions: questions.filter(({ proposal }) => proposal === id),
  scenarios: entries.filter(({ scenario }) => scenario.about.includes(id)),
}));

/** One chart on the way that one device takes through it in one story. */
export type Shown = { readonly entry: Entry; readonly player: PlayerId; readonly chart: string };

/**
 * Where a chart shows most of itself: the scenario, among those about the proposal if there are any, in which one device passes
 * through the most of its states. Of equals the shortest. Nothing where it moves in no story.
 */
export const showing = ({ scenarios }: Proposal, chart: string): Shown | undefined =>
  (scenarios.length === 0 ? entries : scenarios)
    .flatMap((entry) => {
      const { run } = entry.variants[0];
      return movingCharts(run)
        .filter((one) => one.chart === chart)
        .map(({ player }) => {
          const moves = movesOf(run, player, chart);
          return { entry, player, chart, seen: new Set(moves.flatMap(({ from, to }) => [from, to])).size, run };
        });
    })
    .toSorted((one, other) => other.seen - one.seen || one.run.steps.length - other.run.steps.length)[0];

/** The chart of what is shown, as plain data. */
export const descriptionOf = ({ entry: { scenario }, player, chart }: Shown) =>
  describeCharts(scenario.settings.byDevice[player] ?? scenario.settings.everyone).get(chart);
