/**
 * Which worlds of a space go on alike: the same choices lead to worlds that go on alike, every guarantee sees the same on the way, and
 * where all is quiet says the same of it (strong bisimulation). No two worlds that are not may ever be taken for one.
 */
import type { Json } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { choiceOf } from '../engine/choices.ts';
import { openChoices } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import { bringsRest, isQuiet } from '../engine/quiet.ts';
import { counted, perform } from '../engine/taking.ts';
import type { World } from '../engine/world.ts';
import { guarantees } from '../guarantees/index.ts';
import { stageWith } from '../verbs/port.ts';
import type { Arena } from './arena.ts';
import { inForm } from './canonical.ts';
import { makeNumbers, witnessIn } from './plain-testing.ts';

/** A world of a space, with what guarantees keep there. */
export type Known = {
  /** The place of its canonical form, which is one of these worlds as well. */
  readonly form: number;
  /** The number of its class: those that go on alike. */
  readonly alike: number;
};

type Node = { readonly world: World; readonly memories: readonly Json[] };
type Way = { readonly label: string; readonly to: number };

/** Every world of an arena, all of what is in it counting, every canonical form of one, and what comes of these; `null` when there are more than so many. */
export const worldsOf = (
  { scenario, turns, guarantees: wanted }: Arena,
  suite: Suite,
  worldsMax: number,
): readonly Known[] | null => {
  const stage = stageWith(scenario, { seed: '1', suite, turns, free: true });
  const watched = guarantees.filter(({ id }) => wanted.includes(id));
  const numberOf = makeNumbers();
  const places = new Map<number, number>();
  const nodes: Node[] = [];
  const placeOf = (node: Node): number => {
    const number = numberOf(node);
    const known = places.get(number) ?? nodes.length;
    if (known === nodes.length) nodes.push(node);
    places.set(number, known);
    return known;
  };
  const first = begin(stage);
  const before = beforehand(stage);
  placeOf({ world: first, memories: watched.map((one) => one.see(one.begin, before, witnessIn(stage, first)).memory) });
  const ways: Way[][] = [];
  const saidHere: string[] = [];
  const forms: number[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    const { world, memories } = nodes[at] as Node;
    forms.push(placeOf({ world: inForm(stage, world), memories }));
    const quiet = isQuiet(stage, world);
    const ends = watched.map(({ end }, nth) =>
      quiet ? (end?.(memories[nth] as Json, witnessIn(stage, world)) ?? []) : [],
    );
    saidHere.push(JSON.stringify([quiet, ends]));
    ways.push(
      openChoices(stage, world).map((choice) => {
        const done = perform(stage, counted(stage, world, choice), choice);
        const witness = witnessIn(stage, done.world);
        const step = { choice: choiceOf(choice), moments: done.moments };
        const looks = watched.map((one, nth) => one.see(memories[nth] as Json, step, witness));
        const seen = looks.map(({ breaks, shadow }) => [breaks, shadow]);
        const to = placeOf({ world: done.world, memories: looks.map(({ memory }) => memory) });
        return { label: JSON.stringify([choiceOf(choice), bringsRest(choice), seen]), to };
      }),
    );
    if (nodes.length > worldsMax) return null;
  }
  const alike = refined(saidHere, ways);
  return nodes.map((_, at) => ({ form: forms[at] ?? -1, alike: alike[at] ?? -1 }));
};

/** Numbers of classes, as coarse as they may be: split until no two of one class go on otherwise. @param saidHere what is seen in each world */
export const refined = (saidHere: readonly string[], ways: readonly (readonly Way[])[]): readonly number[] => {
  const numbered = (texts: readonly string[]): readonly number[] => {
    const numbers = new Map<string, number>();
    return texts.map((text) => {
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    });
  };
  let classes = numbered(saidHere);
  for (let count = 0; ; ) {
    const now = numbered(
      ways.map((own, at) => `${classes[at]} ${own.map(({ label, to }) => `${label}${classes[to]}`).join()}`),
    );
    const size = new Set(now).size;
    classes = now;
    if (size === count) return classes;
    count = size;
  }
};
