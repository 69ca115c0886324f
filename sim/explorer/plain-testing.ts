/**
 * A search that remembers nothing of steps: every choice of every world is taken by the plain kernel, and worlds are told apart by
 * their JSON. What `explore` finds breadth first is held to this (`agree.test.ts`).
 */
import type { Json } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { choiceOf, openChoices } from '../choices.ts';
import { guarantees } from '../guarantees/index.ts';
import type { Break } from '../guarantees/types.ts';
import { witnessOf } from '../judge.ts';
import { beforehand, begin } from '../prologue.ts';
import { isQuiet } from '../quiet.ts';
import { setStage } from '../stage.ts';
import { counted, perform } from '../step.ts';
import type { Scenario, Turn, Verdict } from '../types.ts';
import type { World } from '../world.ts';

/** What the plain way finds. Depths are counted in choices. */
export type Plain = {
  /** Worlds by how many choices it takes to come to them: the first is where it begins. */
  readonly levels: readonly number[];
  readonly transitions: number;
  /** What cut it short; `null` when every reachable world was seen. */
  readonly limit: 'worlds' | 'depth' | null;
  readonly found: readonly {
    readonly guarantee: string;
    readonly verdict: Verdict;
    /** How many choices the shortest way to the break is; `null` where nothing breaks. */
    readonly length: number | null;
    readonly at: string | null;
    readonly why: string | null;
    readonly shadow: boolean;
  }[];
};

/** A world, and what each guarantee keeps of the way there. */
type State = { readonly world: World; readonly memories: readonly Json[] };
/** The first break of each kind, and whether the shadow happened. */
type Sight = { breaks?: Told; accepted?: Told; shadow: boolean };
type Told = { readonly length: number; readonly broken: Break };

/** @param worldsMax worlds it looks at in the order in which they are reached; whatever comes after is left out */
export const searchPlainly = (
  scenario: Scenario,
  options: {
    readonly suite: Suite;
    readonly guarantees: readonly string[];
    readonly turns?: readonly Turn[];
    readonly worldsMax: number;
    readonly depthMax: number;
  },
): Plain => {
  const { suite, turns = [], worldsMax, depthMax } = options;
  const stage = setStage(scenario, { turns, seed: '1', suite, free: true });
  const witness = witnessOf(stage);
  const watched = guarantees.filter(({ id }) => options.guarantees.includes(id));
  const sights = watched.map((): Sight => ({ shadow: false }));
  const numberOf = makeNumbers();
  const seen = new Set<number>();
  const levels: number[] = [];
  let transitions = 0;
  let limit: Plain['limit'] = null;

  /** Whether there is room for a state, where it is new. */
  const reach = (state: State, level: State[]): boolean => {
    const number = numberOf(state);
    if (seen.has(number)) return true;
    if (seen.size >= worldsMax) return false;
    seen.add(number);
    level.push(state);
    return true;
  };
  const note = (nth: number, breaks: readonly Break[], length: number): void => {
    const sight = sights[nth] as Sight;
    for (const broken of breaks)
      if (broken.acceptedBy === null) sight.breaks ??= { length, broken };
      else sight.accepted ??= { length, broken };
  };
  /** Where every guarantee is broken nothing is left to find. */
  const isDecided = (): boolean => watched.length > 0 && sights.every(({ breaks }) => breaks !== undefined);

  /** Every choice of one world; `false` once there is no room for what comes of one. */
  const lookAt = ({ world, memories }: State, depth: number, next: State[]): boolean => {
    const open = openChoices(stage, world);
    if (depth >= depthMax && open.length > 0) {
      limit = 'depth';
      return true;
    }
    if (isQuiet(stage, world))
      watched.forEach(({ kind, end }, nth) => {
        if (kind === 'finally') note(nth, end?.(memories[nth] as Json, witness) ?? [], depth);
      });
    for (const choice of open) {
      const done = perform(stage, counted(stage, world, choice), choice);
      const step = { choice: choiceOf(choice), moments: done.moments };
      const looks = watched.map((one, nth) => one.see(memories[nth] as Json, step, witness));
      if (!reach({ world: done.world, memories: looks.map(({ memory }) => memory) }, next)) return false;
      transitions += 1;
      looks.forEach(({ breaks, shadow }, nth) => {
        note(nth, breaks, depth + 1);
        (sights[nth] as Sight).shadow ||= shadow;
      });
    }
    return true;
  };

  let level: State[] = [];
  const before = beforehand(stage);
  reach({ world: begin(stage), memories: watched.map((one) => one.see(one.begin, before, witness).memory) }, level);
  while (level.length > 0) {
    levels.push(level.length);
    const next: State[] = [];
    for (const state of level) {
      if (limit === 'worlds' || isDecided()) break;
      if (!lookAt(state, levels.length - 1, next)) limit = 'worlds';
    }
    level = next;
  }
  return {
    levels,
    transitions,
    limit,
    found: watched.map(({ id }, nth) => {
      const { breaks, accepted, shadow } = sights[nth] as Sight;
      const told = breaks ?? (limit === null ? accepted : undefined);
      return {
        guarantee: id,
        verdict: breaks !== undefined ? 'breaks' : limit !== null ? 'unsettled' : accepted ? 'accepted' : 'holds',
        length: told?.length ?? null,
        at: told?.broken.at ?? null,
        why: told?.broken.why ?? null,
        shadow,
      };
    }),
  };
};

/**
 * Numbers for values, the same for those whose JSON is the same but for the order of names. What was numbered is frozen, so that it
 * stays what it was, and whoever tries to change it throws: so most of a world need not be written again.
 */
const makeNumbers = (): ((value: object) => number) => {
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
