/** The ablation that is checked in, as the matrix shows it. Attacks are stored as lines, and told again here. */

import filed from '../scenarios/ablation.json' with { type: 'json' };
import { type Missed, type Row, runOf } from '../sim/explorer/ablate.ts';
import type { Ablation } from '../sim/explorer/ablate-data.ts';
import { type Clause, clauseOf } from './ledger.ts';

export const ablation = filed as unknown as Ablation;

/** A break as the page tells it: its steps in sentences, and why it is one. */
export type Attack = Missed & {
  /** Its place on the page. */
  readonly anchor: string;
  readonly sentences: readonly string[];
  readonly why: string;
  readonly arenaTitle: string;
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
};

const titles = new Map(ablation.arenas.map(({ id, title }) => [id, title]));
const idOf = ({ clauses }: Row): string => clauses.join('+');

const attackOf = (row: Row, missed: Missed, enough: readonly string[]): Attack => {
  const run = runOf(missed);
  const judged = run.judgements.find(({ guarantee }) => guarantee === missed.guarantee);
  return {
    ...missed,
    anchor: [
      'a',
      ...row.clauses,
      ...(row.who === 'everyone' ? [] : [row.who.replace('.', '-')]),
      missed.guarantee,
    ].join('-'),
    sentences: run.steps.map(({ choice }) => choice.sentence),
    why: judged?.why ?? '',
    arenaTitle: titles.get(missed.arena) ?? missed.arena,
    enough,
  };
};

const lineOf = (row: Row): Line => {
  const single = ablation.rows.filter((one) => one.who !== 'everyone' && idOf(one) === idOf(row));
  const breaks = (one: Row, guarantee: string) => one.missed.some((missed) => missed.guarantee === guarantee);
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
    mixed: single.flatMap((one) =>
      one.missed.filter(({ guarantee }) => !breaks(row, guarantee)).map((missed) => attackOf(one, missed, [one.who])),
    ),
  };
};

const lines = ablation.rows.filter(({ who }) => who === 'everyone').map(lineOf);
/** Every clause, in the order of the charts. */
export const singles: readonly Line[] = lines.filter(({ clauses }) => clauses.length === 1);
/** Pairs that break what neither of their clauses breaks alone. */
export const pairs: readonly Line[] = lines.filter(({ clauses }) => clauses.length === 2);
/** Guarantees that some arena watches. */
export const judged: readonly string[] = [...new Set(ablation.arenas.flatMap(({ guarantees }) => guarantees))];

const roles: Readonly<Record<string, string>> = {
  'other-user': 'another user',
  'stolen-token': 'a stolen token',
  'lying-server': 'a lying server',
  'stolen-device': 'a stolen device',
  eavesdropper: 'an eavesdropper',
  'sloppy-client': 'a sloppy client',
};
/** Who it takes: `a stolen token`, or `nobody` when clients do it to themselves. */
export const attackerWords = (plays: string | null): string =>
  plays === null ? 'nobody' : (roles[plays] ?? plays.replaceAll('-', ' '));
