/**
 * What an ablation found, as data: it is checked in (`scenarios/ablation.json`), drawn by the site, and compared with what is
 * found now. It holds nothing of the machine or the hour, and the same code writes the same bytes.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json, JsonObject } from '../../machines/json.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { turned } from '../engine/set-stage.ts';
import type { Act } from '../engine/types.ts';
import { defaultSettings, hasRooms } from '../scenario/by-default.ts';
import { type Missed, type Outcome, type Row, standing } from './ablate.ts';
import { type Told, withStories } from './ablate-stories.ts';
import type { Whole } from './ablate-whole.ts';
import type { Arena, Arenas } from './arena.ts';

export type ArenaNote = {
  readonly id: string;
  readonly title: string;
  readonly about: readonly string[];
  readonly devices: readonly string[];
  /** Devices that nobody has signed when it begins. */
  readonly unsigned: readonly string[];
  /** `den (shared): alice, mallory`. */
  readonly rooms: readonly string[];
  readonly attackers: readonly { readonly plays: string; readonly of: string | null; readonly moves: number }[];
  /** What is done in this order, and what may be done in any order. */
  readonly story: readonly string[];
  readonly acts: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
  /** Settings that are not as usual, for `everyone` or for one device. */
  readonly settings: Readonly<Record<string, JsonObject>>;
  readonly guarantees: readonly GuaranteeId[];
  /** Worlds with every clause in force; `settled` when all of them were seen. */
  readonly worlds: number;
  readonly settled: boolean;
  /** What breaks, or is accepted, although every clause is in force. */
  readonly anyway: readonly { readonly guarantee: GuaranteeId; readonly verdict: string; readonly steps: number }[];
};
type Bounds = { readonly depth: number; readonly worlds: number };
export type Ablation = {
  readonly about: string;
  /** No search goes further. */
  readonly bounds: Bounds;
  readonly arenas: readonly ArenaNote[];
  /** Single clauses, off for everyone; then for each device for which alone something breaks. */
  readonly rows: readonly Row[];
  /** Pairs that break, in some arena or story, what neither of them breaks alone there. */
  readonly pairs: readonly Row[];
  /** How many pairs were tried; only those that break something have a row. */
  readonly pairsTried: number;
  /** Worlds seen in all searches together. */
  readonly worlds: number;
};

const spelled = ({ who, verb, args }: Act): string =>
  [`${who}:`, verb, ...Object.values(args).map((value) => String(value))].join(' ');

const same = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);
/** What of some settings is not as in `base`, by kind; none of a kind that is the same. */
const differing = (settings: DeviceSettings, base: DeviceSettings): JsonObject => {
  const entries = (kind: 'implements' | 'readings' | 'options'): JsonObject =>
    Object.fromEntries(
      Object.entries(settings[kind]).filter(([name, value]) => !same(value, base[kind][name] ?? null)),
    );
  const { identifiers, off } = settings;
  const kinds: JsonObject = {
    implements: entries('implements'),
    ...(identifiers === base.identifiers ? {} : { identifiers }),
    readings: entries('readings'),
    options: entries('options'),
    ...(same([...off], [...base.off]) ? {} : { off: [...off] }),
  };
  return Object.fromEntries(Object.entries(kinds).filter(([, kind]) => !same(kind ?? null, {})));
};
const settingsOf = ({ scenario, turns }: Arena): ArenaNote['settings'] => {
  const { everyone, byDevice } = turned(scenario.settings, turns);
  const all = [
    ['everyone', differing(everyone, defaultSettings(hasRooms(scenario)))] as const,
    ...Object.entries(byDevice).map(([player, own]) => [player, differing(own, everyone)] as const),
  ];
  return Object.fromEntries(all.filter(([, own]) => Object.keys(own).length > 0));
};

const noteOf = (arena: Arena, seen: Outcome): ArenaNote => {
  const { scenario, guarantees, id, title } = arena;
  const { cast, story, explore, about } = scenario;
  const devices = cast.users.flatMap(({ name, devices: own }) =>
    own.map((device) => ({ id: `${name}.${device.name}`, isSigned: device.crossSigned })),
  );
  return {
    id,
    title,
    about,
    devices: devices.map((device) => device.id),
    unsigned: devices.flatMap((device) => (device.isSigned ? [] : [device.id])),
    rooms: (cast.rooms ?? []).map(({ name, history, members }) => `${name} (${history}): ${members.join(', ')}`),
    attackers: cast.attackers.map(({ plays, of, budget }) => ({ plays, of, moves: budget.moves ?? 0 })),
    story: story.flat().map(spelled),
    acts: explore?.acts.map(({ act }) => spelled(act)) ?? [],
    faults: explore?.faults ?? {},
    settings: settingsOf(arena),
    guarantees,
    worlds: seen.worlds,
    settled: seen.settled,
    anyway: seen.found.flatMap(({ guarantee, verdict, steps }) =>
      standing(seen, guarantee) === 0 ? [] : [{ guarantee, verdict, steps }],
    ),
  };
};

const boundsOf = (arenas: readonly Arena[]): Bounds => {
  const all = arenas.flatMap(({ scenario }) => scenario.explore?.until ?? []);
  return {
    depth: Math.max(0, ...all.map(({ depth }) => depth)),
    worlds: Math.max(0, ...all.map(({ worlds }) => worlds)),
  };
};

/** The data of what was searched and told. */
export const ablationOf = (
  arenas: Arenas,
  { before, rows, masks, pairsTried, worlds }: Whole,
  told: readonly Told[],
): Ablation => ({
  about:
    'Every clause switched off in turn, for everyone and for one device, in each arena: which guarantee breaks, by which shortest way, with which weakest attacker; and where no arena finds a way, which story tells one. Written by: npx hearsay ablate --out scenarios/ablation.json',
  bounds: boundsOf([...arenas.values()]),
  arenas: [...arenas.values()].flatMap((arena) => {
    const seen = before.get(arena.id);
    return seen === undefined ? [] : [noteOf(arena, seen)];
  }),
  rows: withStories(
    rows,
    told.filter(({ clauses }) => clauses.length === 1),
  ),
  pairs: withStories(
    masks,
    told.filter(({ clauses }) => clauses.length === 2),
  ),
  pairsTried,
  worlds,
});

/** How a row is called: `4385-push-encrypted, off for everyone`. */
export const rowName = ({ clauses, who }: Pick<Row, 'clauses' | 'who'>): string =>
  `${clauses.join(' + ')}, off for ${who}`;

const findingWords = ({ verdict, steps, scenario, at }: Missed): string =>
  `${verdict} at ${at} in ${steps} (${scenario})`;

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
  const heads =
    JSON.stringify(was.bounds) === JSON.stringify(is.bounds)
      ? []
      : [`bounds: ${JSON.stringify(was.bounds)} in the file, ${JSON.stringify(is.bounds)} now`];
  const ids = [...new Set([...(whole ? was.arenas : []), ...is.arenas].map(({ id }) => id))];
  const places = ids.flatMap((id) => {
    const [before, now] = [was, is].map((one) => one.arenas.find((arena) => arena.id === id));
    if (before === undefined || now === undefined) return [`${id}: only ${now === undefined ? 'in the file' : 'now'}`];
    return (Object.keys(now) as (keyof ArenaNote)[]).flatMap((part) =>
      JSON.stringify(before[part]) === JSON.stringify(now[part])
        ? []
        : [`${id}: ${part} ${JSON.stringify(before[part])} in the file, ${JSON.stringify(now[part])} now`],
    );
  });
  const all = [...is.rows, ...is.pairs];
  const named = new Map([...was.rows, ...was.pairs].map((row) => [rowName(row), row]));
  const rows = all.flatMap((row) => rowDifferences(named.get(rowName(row)), row));
  const gone = whole
    ? [...named.keys()]
        .filter((name) => all.every((row) => rowName(row) !== name))
        .map((name) => `${name}: not found now`)
    : [];
  const counts = (['pairsTried', 'worlds'] as const).flatMap((part) =>
    !whole || was[part] === is[part] ? [] : [`${part}: ${was[part]} in the file, ${is[part]} now`],
  );
  return [...heads, ...places, ...rows, ...gone, ...counts];
};

/** As plain JSON, for whoever lays it out. */
export const plainOf = (ablation: Ablation): JsonObject => JSON.parse(JSON.stringify(ablation)) as JsonObject;
