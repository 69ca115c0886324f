/**
 * A search that remembers nothing of steps: every choice of every world is taken by the plain kernel, and worlds are told apart by
 * their JSON. What `explore` finds breadth first is held to this (`agree.test.ts`).
 */
import type { Json } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import type { Break } from '../engine/breaks.ts';
import { choiceOf } from '../engine/choices.ts';
import { openChoices } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import { bringsRest, isQuiet } from '../engine/quiet.ts';
import type { Stage } from '../engine/stage.ts';
import { counted, perform } from '../engine/taking.ts';
import type { Verdict } from '../engine/types.ts';
import { hadBy } from '../engine/updated.ts';
import type { World } from '../engine/world.ts';
import { guarantees } from '../guarantees/index.ts';
import type { Witness } from '../guarantees/types.ts';
import { witnessOf } from '../runs/judging/judge.ts';
import { stageWith } from '../verbs/port.ts';
import type { Arena } from './arena.ts';
import { beginExploring, type Exploration, type ExploreOptions } from './explore.ts';

/** What the plain way finds. Depths are counted in choices. */
export type Plain = {
  /** Worlds by how many choices it takes to come to them: the first is where it begins. */
  readonly levels: readonly number[];
  readonly transitions: number;
  /** What cut it short; `null` when every reachable world was seen. */
  readonly limit: 'worlds' | 'depth' | null;
  /**
   * How many choices it takes to a world from which no quiet one is reached by what happens by itself; `null` where there is none, nobody
   * has seen all worlds, or nothing is to be judged in the end.
   */
  readonly restless: number | null;
  readonly found: readonly {
    readonly guarantee: string;
    readonly verdict: Verdict;
    /** How many choices the shortest way to the break is; `null` where nothing breaks. */
    readonly length: number | null;
    /** How many of these are acts of attackers: of all that are as short one with the fewest. */
    readonly attacks: number | null;
    readonly at: string | null;
    readonly why: string | null;
    readonly shadow: boolean;
  }[];
};

/** What `explore` says of an arena, and the same in the form of the plain way. @param options all that it looks at if left out */
export const exploredAs = (
  { scenario, turns, guarantees }: Arena,
  suite: Suite,
  options: Pick<ExploreOptions, 'bounds' | 'isExact' | 'isChecked'> = {},
): { readonly all: Exploration; readonly asPlain: Omit<Plain, 'limit'> & Pick<Exploration, 'limit'> } => {
  const exploring = beginExploring(scenario, { suite, turns, guarantees, ...options });
  while (!exploring.advance(1024));
  const depths: number[] = [];
  for (const parent of exploring.keep().parents) depths.push(1 + (depths[parent] ?? -1));
  const levels: number[] = [];
  for (const depth of depths) levels[depth] = (levels[depth] ?? 0) + 1;
  const all = exploring.report();
  const found = all.found.map(({ guarantee, verdict, trace, attacks, at, why, shadow }) => {
    const length = trace?.choices.length ?? null;
    return { guarantee, verdict, length, attacks, at, why: verdict === 'unsettled' ? null : why, shadow };
  });
  const { transitions, limit, restless } = all;
  return { all, asPlain: { levels, transitions, limit, restless: restless?.lostAfter ?? null, found } };
};

/** What was found, without how much of the space was seen: the same however worlds are told apart. */
export const verdictsIn = ({ found, restless, limit }: ReturnType<typeof exploredAs>['asPlain']) => ({
  found: found.map(({ guarantee, verdict, length, attacks, shadow }) => ({
    guarantee,
    verdict,
    length,
    attacks,
    shadow,
  })),
  restless,
  limit,
});

/** The plain way through an arena, as far as so many worlds, and choices. */
export const plainlyIn = (
  arena: Arena,
  suite: Suite,
  worldsMax: number,
  depthMax = arena.scenario.explore?.until.depth ?? 0,
): Plain => searchPlainly(arena, { suite, worldsMax, depthMax });

/** How far an arena was held to the plain way: worlds told apart by all that is in them, those that anybody can tell apart, and what differs. */
export type HeldToPlain = { readonly worlds: number; readonly asOne: number; readonly differs: readonly string[] };

/**
 * An arena searched plainly, with what is remembered worked out anew, and with those worlds as one that nobody can tell apart.
 *
 * @param isPartly one of more worlds is looked at as deep as so many go, and no deeper by anybody; `larger` if it is not to be
 */
export const heldToPlain = (
  arena: Arena,
  suite: () => Suite,
  worldsMax: number,
  isPartly: boolean,
): HeldToPlain | 'larger' => {
  const first = exploredAs(arena, suite(), { isExact: true, bounds: { worldsMax } });
  const isWhole = first.all.limit !== 'worlds';
  if (!isWhole && !isPartly) return 'larger';
  // The last level may be there in part only, and whoever looks at the one before it sees worlds of that.
  const bounds = isWhole ? {} : { depthMax: Math.max(1, first.asPlain.levels.length - 2) };
  const exact = exploredAs(arena, suite(), { isExact: true, isChecked: isPartly, bounds });
  const form = exploredAs(arena, suite(), { bounds });
  const plain = plainlyIn(arena, suite(), Number.POSITIVE_INFINITY, bounds.depthMax);
  const pairs = [
    ['remembered', exact.asPlain, plain],
    ['as one', verdictsIn(form.asPlain), verdictsIn(exact.asPlain)],
  ] as const;
  return {
    worlds: exact.all.worlds,
    asOne: form.all.worlds,
    differs: pairs.flatMap(([how, one, other]) =>
      JSON.stringify(one) === JSON.stringify(other)
        ? []
        : [`${how}: ${JSON.stringify(one)}`, `as against ${JSON.stringify(other)}`],
    ),
  };
};

/** A world, and what each guarantee keeps of the way there. */
type State = { readonly world: World; readonly memories: readonly Json[] };
/** The first break of each kind, and whether the shadow happened. */
type Sight = { breaks?: Told; accepted?: Told; shadow: boolean };
type Told = { readonly length: number; readonly attacks: number; readonly broken: Break };

/** What guarantees go by in a world. */
export const witnessIn = (stage: Stage, { devices }: World): Witness =>
  witnessOf(
    stage,
    undefined,
    undefined,
    Object.fromEntries(Object.entries(devices).map(([player, device]) => [player, hadBy(device)])),
  );

/** @param worldsMax worlds it looks at in the order in which they are reached; whatever comes after is left out */
const searchPlainly = (
  { scenario, turns, guarantees: wanted }: Arena,
  options: {
    readonly suite: Suite;
    readonly worldsMax: number;
    readonly depthMax: number;
  },
): Plain => {
  const { suite, worldsMax, depthMax } = options;
  const stage = stageWith(scenario, { seed: '1', suite, turns, free: true });
  const watched = guarantees.filter(({ id }) => wanted.includes(id));
  const sights = watched.map((): Sight => ({ shadow: false }));
  const numberOf = makeNumbers();
  /** Depths of worlds, and of the ways there that are as short the fewest acts of attackers. */
  const seen = new Map<number, number>();
  const attacked = new Map<number, number>();
  const resting = new Set<number>();
  /** From a world to one that it leads to by itself. */
  const ways: (readonly [from: number, to: number])[] = [];
  const levels: number[] = [];
  let transitions = 0;
  let limit: Plain['limit'] = null;

  /** Whether there is room for a state, where it is new. */
  const reach = (state: State, depth: number, attacks: number, level: State[]): boolean => {
    const number = numberOf(state);
    if (seen.get(number) === depth) attacked.set(number, Math.min(attacked.get(number) ?? attacks, attacks));
    if (seen.has(number)) return true;
    if (seen.size >= worldsMax) return false;
    seen.set(number, depth);
    attacked.set(number, attacks);
    level.push(state);
    return true;
  };
  const note = (nth: number, breaks: readonly Break[], length: number, attacks: number): void => {
    const sight = sights[nth] as Sight;
    const better = (before: Told | undefined, broken: Break): Told =>
      before === undefined || (before.length === length && attacks < before.attacks)
        ? { length, attacks, broken }
        : before;
    for (const broken of breaks)
      if (broken.acceptedBy === null) sight.breaks = better(sight.breaks, broken);
      else sight.accepted = better(sight.accepted, broken);
  };
  /** Where every guarantee is broken nothing is left to find. */
  const isDecided = (): boolean => watched.length > 0 && sights.every(({ breaks }) => breaks !== undefined);

  /**
   * Every choice of one world; `false` once there is no room for what comes of one.
   *
   * @param next worlds that are reached; `null` where nothing is of interest but breaks
   */
  const lookAt = (state: State, depth: number, next: State[] | null): boolean => {
    const { world, memories } = state;
    const attacksHere = attacked.get(numberOf(state)) ?? 0;
    const open = openChoices(stage, world);
    if (depth >= depthMax && open.length > 0) {
      limit = 'depth';
      return true;
    }
    if (isQuiet(stage, world)) {
      resting.add(numberOf(state));
      watched.forEach(({ kind, end }, nth) => {
        if (kind === 'finally')
          note(nth, end?.(memories[nth] as Json, witnessIn(stage, world)) ?? [], depth, attacksHere);
      });
    }
    for (const choice of open) {
      const done = perform(stage, counted(stage, world, choice), choice);
      const step = { choice: choiceOf(choice), moments: done.moments };
      const witness = witnessIn(stage, done.world);
      const looks = watched.map((one, nth) => one.see(memories[nth] as Json, step, witness));
      const to = { world: done.world, memories: looks.map(({ memory }) => memory) };
      const attacks = attacksHere + (choice.do === 'act' && choice.taken.from === 'attacker' ? 1 : 0);
      looks.forEach(({ breaks }, nth) => {
        if (next === null) note(nth, breaks, depth + 1, attacks);
      });
      if (next === null) continue;
      if (!reach(to, depth + 1, attacks, next)) return false;
      transitions += 1;
      if (bringsRest(choice)) ways.push([numberOf(state), numberOf(to)]);
      looks.forEach(({ breaks, shadow }, nth) => {
        note(nth, breaks, depth + 1, attacks);
        (sights[nth] as Sight).shadow ||= shadow;
      });
    }
    return true;
  };

  let level: State[] = [];
  const before = beforehand(stage);
  const atFirst = begin(stage);
  const memories = watched.map((one) => one.see(one.begin, before, witnessIn(stage, atFirst)).memory);
  reach({ world: atFirst, memories }, 0, 0, level);
  while (level.length > 0) {
    levels.push(level.length);
    const next: State[] = [];
    const isOver = isDecided();
    for (const state of level) {
      if (limit === 'worlds' || isOver) break;
      if (!lookAt(state, levels.length - 1, isDecided() ? null : next)) limit = 'worlds';
    }
    level = next;
  }
  const isOpen = watched.some(({ kind }, nth) => kind === 'finally' && sights[nth]?.breaks === undefined);
  const restless = limit === null && isOpen ? shallowestRestless(seen, resting, ways) : null;
  return {
    levels,
    transitions,
    limit,
    restless,
    found: watched.map(({ id, kind }, nth) => {
      const { breaks, accepted, shadow } = sights[nth] as Sight;
      const isSettled = limit === null && (kind !== 'finally' || restless === null);
      const told = breaks ?? (isSettled ? accepted : undefined);
      return {
        guarantee: id,
        verdict: breaks !== undefined ? 'breaks' : !isSettled ? 'unsettled' : accepted ? 'accepted' : 'holds',
        length: told?.length ?? null,
        attacks: told?.attacks ?? null,
        at: told?.broken.at ?? null,
        why: told?.broken.why ?? null,
        shadow,
      };
    }),
  };
};

/** The depth of the shallowest world from which no way leads to one that rests. */
const shallowestRestless = (
  depths: ReadonlyMap<number, number>,
  resting: ReadonlySet<number>,
  ways: readonly (readonly [from: number, to: number])[],
): number | null => {
  const into = Map.groupBy(ways, ([, to]) => to);
  const rests = new Set(resting);
  for (const to of rests) for (const [from] of into.get(to) ?? []) rests.add(from);
  const restless = [...depths].flatMap(([world, depth]) => (rests.has(world) ? [] : [depth]));
  return restless.length === 0 ? null : Math.min(...restless);
};

/**
 * Numbers for values, the same for those whose JSON is the same but for the order of names. What was numbered is frozen, so that it
 * stays what it was, and whoever tries to change it throws: so most of a world need not be written again.
 */
export const makeNumbers = (): ((value: object) => number) => {
  const ofObjects = new Map<object, number>();
  const ofTexts = new Map<string, number>();
  const written = (value: unknown): string =>
    typeof value === 'object' && value !== null ? `#${numberOf(value)}` : JSON.stringify(value);
  const textOf = (value: object): string => {
    if (Array.isArray(value)) return `[${value.map(written).join()}]`;
    const record = value as Readonly<Record<string, unknown>>;
    let text = '{';
    for (const name of Object.keys(value).sort())
      if (record[name] !== undefined) text += `${JSON.stringify(name)}:${written(record[name])},`;
    return text;
  };
  const numberOf = (value: object): number => {
    const known = ofObjects.get(value);
    if (known !== undefined) return known;
    const text = textOf(value);
    const number = ofTexts.get(text) ?? ofTexts.size;
    ofTexts.set(text, number);
    ofObjects.set(Object.freeze(value), number);
    return number;
  };
  return numberOf;
};
