/** What came of a story's lines: which were refused, which faults never struck, and whether it came to rest. */
import { restlessAfter } from './quiet.ts';
import type { Stage } from './stage.ts';
import type { Act, ChoiceKind, Endless, PlayerId, RefusedLine, Run, Step, ToldAct } from './types.ts';
import type { Trouble, World } from './world.ts';

/** A step with the world before it. */
type Taken = { readonly step: Step; readonly before: World };

/** The act of the story that a step took; `null` for syncs, attackers and accidents. */
const toldIn = (stage: Stage, { step, before }: Taken): { readonly act: Act; readonly nth: number } | null => {
  const { nth } = step.choice;
  if (nth === undefined) return null;
  const act = stage.scenario.story[before.line]?.[nth];
  return act === undefined ? null : { act, nth };
};

const toldAct = (
  stage: Stage,
  taken: readonly Taken[],
): readonly (ToldAct & { readonly act: Act; readonly of: Step })[] =>
  taken.flatMap((one, step) => {
    const told = toldIn(stage, one);
    if (told === null) return [];
    const { who, verb } = told.act;
    const place = stage.scenario.places?.[one.before.line]?.[told.nth] ?? null;
    return [{ step, place, who, verb, sentence: stage.verbs.said(told.act), act: told.act, of: one.step }];
  });

const refusedOf = ({ act, of, ...told }: ReturnType<typeof toldAct>[number]): readonly RefusedLine[] => {
  const moment = of.moments.find((one) => one.kind === 'refused');
  const expected = act.refused ?? null;
  if (moment === undefined) return expected === null ? [] : [{ ...told, refusal: null, expected }];
  const {
    kind: _kind,
    player: _player,
    verb: _verb,
    ...refusal
  } = moment as Extract<typeof moment, { kind: 'refused' }>;
  return [{ ...told, refusal, expected }];
};

/** The lines that laid what is still to strike: of several alike the last ones. */
const unstruckOf = (
  { verbs }: Stage,
  told: ReturnType<typeof toldAct>,
  troubles: readonly Trouble[],
): readonly ToldAct[] => {
  const left = [...troubles];
  return told
    .toReversed()
    .flatMap(({ act, of: _of, ...one }) => {
      const nth = left.findIndex((trouble) => verbs.laid(act, trouble));
      if (nth < 0) return [];
      left.splice(nth, 1);
      return [one];
    })
    .reverse();
};

/** Who was in most of the last steps: two that answer each other, where there are two. */
const busiest = (steps: readonly Step[]): readonly PlayerId[] => {
  const counts = new Map<PlayerId, number>();
  for (const { choice } of steps) counts.set(choice.who, (counts.get(choice.who) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 2)
    .map(([who]) => who);
};

/** What happens whatever anybody decides, at no time of its own. Whoever is woken has let time pass. */
const byItself: readonly ChoiceKind[] = ['sync', 'deliver'];

/** Endless is a story in whose end more of that happened in a row than brings any cast to rest. */
const endlessOf = (taken: readonly Taken[], world: World): Endless | null => {
  const acted = taken.findLastIndex(({ step }) => !byItself.includes(step.choice.kind));
  const idle = taken.slice(acted + 1);
  return idle.length < restlessAfter(world)
    ? null
    : { players: busiest(idle.slice(-20).map(({ step }) => step)), step: taken.length - 1 };
};

/** What a run has to say of the story's lines. @param world as it was left */
export const outcomeOf = (
  stage: Stage,
  taken: readonly Taken[],
  world: World,
): Pick<Run, 'refused' | 'unstruck' | 'endless'> => {
  const told = toldAct(stage, taken);
  return {
    refused: told.flatMap(refusedOf),
    unstruck: unstruckOf(stage, told, world.troubles),
    endless: endlessOf(taken, world),
  };
};
