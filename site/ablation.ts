/** The ablation that is checked in, as the matrix shows it. Attacks are stored as lines, and told again here. */

import type { GuaranteeId } from '../machines/guarantee-texts.ts';
import filed from '../scenarios/ablation.json' with { type: 'json' };
import type { Missed, Row } from '../sim/explorer/ablate.ts';
import type { Ablation } from '../sim/explorer/ablate-data.ts';
import { runOf } from '../sim/explorer/ablate-stories.ts';
import { large } from '../sim/runs/figures/counted.ts';
import { stepWords, toldIn } from '../sim/runs/figures/sides.ts';
import { formatTrace } from '../sim/runs/trace.ts';
import { type Clause, clauseOf } from './ledger.ts';
import { arenas, entries } from './runs.ts';

export const ablation = filed as unknown as Ablation;

/** A break as the page tells it: its steps in sentences, and why it is one. */
export type Attack = Missed & {
  /** Its place on the page of the matrix. */
  readonly anchor: string;
  readonly sentences: readonly string[];
  readonly why: string;
  /** Title and address of the arena or of the scenario's bench. */
  readonly title: string;
  readonly href: string;
  /** Devices each of which is enough: with the clauses off for it alone the guarantee breaks too. */
  readonly enough: readonly string[];
};
/** What is off together, and what comes of it. */
export type Line = {
  readonly id: string;
  readonly clauses: readonly Clause[];
  readonly attacks: readonly Attack[];
  /** Guarantees that break when one device alone skips it, and hold when all do. */
  readonly mixed: readonly Attack[];
  /** Arenas in which somebody spoke of it, worlds seen there, and whether all of them were. */
  readonly arenas: number;
  readonly worlds: number;
  readonly settled: boolean;
};

const titles = new Map(ablation.arenas.map(({ id, title }) => [id, title]));
/** Why an arena matters; `null` for the same file with another text, of which that has been said. */
export const whyOf = (arena: string): string | null => arenas.get(arena)?.why ?? null;
const idOf = ({ clauses }: Row): string => clauses.join('+');
/** The matrix of a proposal: each of its clauses, with what breaks without it. */
export const matrixPage = (proposal: string): string => `/ablation/${proposal.toLowerCase()}/`;
/** Where in the matrix something stands: a clause by its id, clauses that mask each other by theirs with ` + ` between. */
export const matrixHref = (clauses: string): string => {
  const [first, second] = clauses.split(/ ?\+ ?/);
  return second === undefined
    ? `${matrixPage(clauseOf(clauses)?.proposal ?? '')}#c-${clauses}`
    : `/ablation/#c-${first}-with-${second}`;
};
/** Where an arena is told: of an arena with another text (`arenas/nobody (MSC4385: send-variant)`) too. */
export const arenaHref = (arena: string): string =>
  `/arenas/#${arena
    .replace(/^arenas\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')}`;
const scenarios = new Map(entries.map(({ scenario }) => [scenario.id, scenario]));
const benches = new Map(
  entries.flatMap(({ variants }) => variants.map(({ run, href }) => [formatTrace(run.trace), href] as const)),
);

const placeOf = (id: string): string => (titles.has(id) ? arenaHref(id) : `/scenarios/${id}/`);

const attackOf = (row: Row, missed: Missed, enough: readonly string[]): Attack => {
  // Terms are enough here: that bytes break in the same place is what `hearsay ablate` makes sure of.
  const run = runOf(missed, (id) => arenas.get(id) ?? scenarios.get(id), 'symbolic');
  const judged = run.judgements.find(({ guarantee }) => guarantee === missed.guarantee);
  return {
    ...missed,
    anchor: [
      'a',
      ...row.clauses,
      ...(row.who === 'everyone' ? [] : [row.who.replace('.', '-')]),
      missed.guarantee,
    ].join('-'),
    sentences: run.steps.map((step) => stepWords(run, step)),
    why: toldIn(run)(judged?.why ?? ''),
    title: titles.get(missed.scenario) ?? scenarios.get(missed.scenario)?.title ?? missed.scenario,
    href: (missed.by === 'story' ? benches.get(missed.line) : undefined) ?? placeOf(missed.scenario),
    enough,
  };
};

const singlesOf = Map.groupBy(
  ablation.rows.filter(({ who }) => who !== 'everyone'),
  idOf,
);

const lineOf = (row: Row): Line => {
  const single = singlesOf.get(idOf(row)) ?? [];
  const breaks = (one: Row, guarantee: GuaranteeId) => one.missed.some((missed) => missed.guarantee === guarantee);
  return {
    id: idOf(row),
    clauses: row.clauses.flatMap((clause) => clauseOf(clause) ?? []),
    attacks: row.missed.map((missed) =>
      attackOf(
        row,
        missed,
        single.filter((one) => breaks(one, missed.guarantee)).map(({ who }) => who),
      ),
    ),
    mixed: mixedOf(row, single),
    arenas: row.arenas,
    worlds: row.worlds,
    settled: row.unsettled.length === 0,
  };
};

/** Of each guarantee that holds when all skip it: the first device that is enough to break it. */
const mixedOf = (row: Row, single: readonly Row[]): readonly Attack[] => {
  const further = single
    .flatMap((one) => one.missed.map((missed) => ({ one, missed })))
    .filter(({ missed: { guarantee } }) => row.missed.every((known) => known.guarantee !== guarantee));
  return [...Map.groupBy(further, ({ missed }) => missed.guarantee).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [
          attackOf(
            first.one,
            first.missed,
            same.map(({ one }) => one.who),
          ),
        ];
  });
};

/** Every clause, in the order of the charts. */
export const singles: readonly Line[] = ablation.rows.filter(({ who }) => who === 'everyone').map(lineOf);
/** Pairs that break what neither of their clauses breaks alone. */
export const pairs: readonly Line[] = ablation.pairs.map(lineOf);
/** Guarantees that some arena watches. */
export const judged: readonly GuaranteeId[] = [...new Set(ablation.arenas.flatMap(({ guarantees }) => guarantees))];

/** How far nobody missed it. */
export const howFar = ({ arenas: seen, worlds, settled }: Line): string =>
  seen === 0
    ? 'Nobody speaks of it in any arena, and no scenario ends otherwise without it.'
    : `Nobody misses it in ${seen === 1 ? 'the one arena' : `the ${seen} arenas`} where somebody speaks of it: ${large(worlds)} worlds${settled ? ', all there are' : ', cut short'}.`;
/** The names of what is off together. */
export const lineName = ({ clauses }: Line): string => clauses.map(({ name }) => name).join(' + ');

const roles: Readonly<Record<string, string>> = {
  'other-user': 'another user',
  'malicious-inviter': 'a malicious inviter',
  'departed-member': 'a departed member',
  typosquatter: 'a typosquatter',
  'stolen-token': 'a stolen token',
  'lying-server': 'a lying server',
  'stolen-device': 'a stolen device',
  eavesdropper: 'an eavesdropper',
  'sloppy-client': 'a sloppy client',
};
/** Who it takes: `a stolen token`; `nobody` when clients do it to themselves; or the network, or a careless client. */
export const attackerWords = (plays: string | null): string =>
  plays === null ? 'nobody' : (roles[plays] ?? plays.replaceAll('-', ' '));
/** Who an attack takes: the attacker, or the network, or nobody. */
export const takes = ({ attacker, strength }: Attack): string =>
  attacker === null && strength === 1 ? 'faults' : attackerWords(attacker);
/** The same within a sentence: `takes a stolen token`, `nobody attacks`. */
export const takesWords = (attack: Attack): string =>
  attack.attacker !== null
    ? `takes ${takes(attack)}`
    : attack.strength === 1
      ? 'faults, and nobody attacks'
      : 'nobody attacks';
