/**
 * What an ablation found, as data: it is checked in (`scenarios/ablation.json`), drawn by the site, and compared with what is
 * found now. It holds nothing of the machine or the hour, and the same code writes the same bytes.
 */
import type { JsonObject } from '../../machines/json.ts';
import { implementedByDefault } from '../scenario/options.ts';
import type { Act } from '../types.ts';
import { type Baseline, type Missed, playersIn, type Row } from './ablate.ts';
import { type Arena, arenas, bounds } from './arenas.ts';

export type ArenaNote = {
  readonly id: string;
  readonly title: string;
  readonly devices: readonly string[];
  /** Devices that nobody has signed when it begins. */
  readonly unsigned: readonly string[];
  readonly attacker: { readonly plays: string; readonly of: string | null; readonly moves: number } | null;
  /** What may be done in any order, and what is done in this order. */
  readonly acts: readonly string[];
  readonly story: readonly string[];
  readonly dials: Arena['dials'];
  readonly guarantees: readonly string[];
  /** Worlds with every clause in force; `settled` when all of them were seen. */
  readonly worlds: number;
  readonly settled: boolean;
  /** What breaks, or is accepted, although every clause is in force. */
  readonly anyway: readonly { readonly guarantee: string; readonly verdict: string; readonly steps: number }[];
};
export type Ablation = {
  readonly about: string;
  /** Which text devices implement where an arena does not say otherwise. */
  readonly texts: Readonly<Record<string, string>>;
  readonly bounds: typeof bounds;
  readonly arenas: readonly ArenaNote[];
  /** Single clauses, off for everyone and for one device; then pairs that mask each other. */
  readonly rows: readonly Row[];
  /** How many pairs were tried; only those that break in some arena what neither breaks alone there have a row. */
  readonly pairs: number;
  /** Worlds seen in all searches together. */
  readonly worlds: number;
};

const spelled = ({ who, verb, args }: Act): string =>
  [`${who}:`, verb, ...Object.values(args).map((value) => String(value))].join(' ');

const noteOf = ({ scenario, guarantees, dials }: Arena, before: Baseline): ArenaNote => {
  const { cast, story, explore, id, title } = scenario;
  const [attacker] = cast.attackers;
  const seen = before.get(id);
  return {
    id,
    title,
    devices: playersIn({ scenario }),
    unsigned: cast.users.flatMap(({ name, devices }) =>
      devices.flatMap((device) => (device.crossSigned ? [] : [`${name}.${device.name}`])),
    ),
    attacker:
      attacker === undefined ? null : { plays: attacker.plays, of: attacker.of, moves: attacker.budget.moves ?? 0 },
    acts: explore?.acts.map(({ act }) => spelled(act)) ?? [],
    story: story.flat().map(spelled),
    dials,
    guarantees,
    worlds: seen?.worlds ?? 0,
    settled: seen?.limit === null,
    anyway: (seen?.found ?? []).flatMap(({ guarantee, verdict, trace }) =>
      verdict === 'holds' ? [] : [{ guarantee, verdict, steps: trace?.choices.length ?? 0 }],
    ),
  };
};

/** The data of these rows. `pairs`: how many were tried; `worlds`: how many were seen with clauses off. */
export const ablationOf = (before: Baseline, rows: readonly Row[], pairs: number, worlds: number): Ablation => ({
  about:
    'Every clause switched off in turn, for everyone and for one device, in each arena: which guarantee breaks, by which shortest way, with which weakest attacker. Written by: npx hearsay ablate --out scenarios/ablation.json',
  texts: implementedByDefault,
  bounds,
  arenas: arenas.map((arena) => noteOf(arena, before)),
  rows,
  pairs,
  worlds: [...before.values()].reduce((sum, seen) => sum + seen.worlds, worlds),
});

/** How a row is called: `4385-push-encrypted, off for everyone`. */
export const rowName = ({ clauses, who }: Pick<Row, 'clauses' | 'who'>): string =>
  `${clauses.join(' + ')}, off for ${who}`;

const findingWords = ({ verdict, steps, arena, at }: Missed): string => `${verdict} at ${at} in ${steps} (${arena})`;

const rowDifferences = (was: Row | undefined, is: Row): readonly string[] => {
  if (was === undefined) return [`${rowName(is)}: not in the file`];
  const names = [...new Set([...was.missed, ...is.missed].map(({ guarantee }) => guarantee))];
  const findings = names.flatMap((guarantee) => {
    const [before, now] = [was, is].map(({ missed }) => missed.find((one) => one.guarantee === guarantee));
    if (JSON.stringify(before) === JSON.stringify(now)) return [];
    const [words, found] = [before, now].map((one) => (one === undefined ? 'nothing' : findingWords(one)));
    const line = words === found ? `${words} by another way: ${now?.line}` : `${words} in the file, ${found} now`;
    return [`${rowName(is)}: ${guarantee}: ${line}`];
  });
  const cut =
    was.unsettled.join() === is.unsettled.join()
      ? []
      : [
          `${rowName(is)}: unsettled in ${was.unsettled.join(', ') || 'no arena'} in the file, in ${is.unsettled.join(', ') || 'none'} now`,
        ];
  return [...findings, ...cut];
};

/**
 * What of `is` the file `was` does not say, as sentences. `whole`: `is` has every row, so that what the file has beyond it is a
 * difference as well.
 */
export const differences = (was: Ablation, is: Ablation, whole: boolean): readonly string[] => {
  const heads = (['texts', 'bounds'] as const).flatMap((part) =>
    JSON.stringify(was[part]) === JSON.stringify(is[part])
      ? []
      : [`${part}: ${JSON.stringify(was[part])} in the file, ${JSON.stringify(is[part])} now`],
  );
  const ids = [...new Set([...was.arenas, ...is.arenas].map(({ id }) => id))];
  const places = ids.flatMap((id) => {
    const [before, now] = [was, is].map((one) => one.arenas.find((arena) => arena.id === id));
    if (before === undefined || now === undefined) return [`${id}: only ${now === undefined ? 'in the file' : 'now'}`];
    return (Object.keys(now) as (keyof ArenaNote)[]).flatMap((part) =>
      JSON.stringify(before[part]) === JSON.stringify(now[part])
        ? []
        : [`${id}: ${part} ${JSON.stringify(before[part])} in the file, ${JSON.stringify(now[part])} now`],
    );
  });
  const named = new Map(was.rows.map((row) => [rowName(row), row]));
  const rows = is.rows.flatMap((row) => rowDifferences(named.get(rowName(row)), row));
  const gone = whole
    ? [...named.keys()]
        .filter((name) => is.rows.every((row) => rowName(row) !== name))
        .map((name) => `${name}: not found now`)
    : [];
  const counts = (['pairs', 'worlds'] as const).flatMap((part) =>
    !whole || was[part] === is[part] ? [] : [`${was[part]} ${part} in the file, ${is[part]} now`],
  );
  return [...heads, ...places, ...rows, ...gone, ...counts];
};

/** As plain JSON, for whoever lays it out. */
export const plainOf = (ablation: Ablation): JsonObject => JSON.parse(JSON.stringify(ablation)) as JsonObject;
