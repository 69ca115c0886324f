/**
 * A position of a game: a world that moves led to, what guarantees remember there, and all that was done on the way. A game has no rule of
 * its own: what may happen is what the simulator offers, and what breaks is what its guarantees say.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import type { Break } from '../../sim/engine/breaks.ts';
import type { OpenChoice } from '../../sim/engine/choices.ts';
import { openChoices } from '../../sim/engine/open-choices.ts';
import { beforehand, begin } from '../../sim/engine/prologue.ts';
import { unrestIn } from '../../sim/engine/quiet.ts';
import type { Stage } from '../../sim/engine/stage.ts';
import { step } from '../../sim/engine/step.ts';
import type { Run, Scenario, Step, Turn } from '../../sim/engine/types.ts';
import { firstReleases, type Releases, releasesAfter } from '../../sim/engine/updated.ts';
import type { World } from '../../sim/engine/world.ts';
import { guarantees } from '../../sim/guarantees/index.ts';
import type { Guarantee, Witness } from '../../sim/guarantees/types.ts';
import { witnesses } from '../../sim/runs/judging/judge.ts';
import { playersOf } from '../../sim/runs/playing.ts';
import { suiteFor } from '../../sim/runs/run.ts';
import { stageWith } from '../../sim/verbs/port.ts';

/** What is played: a scenario with a free part, settings turned, and the guarantees that are watched. */
export type Ground = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly guarantees: readonly GuaranteeId[];
};

/** What is the same in all positions of a game. */
export type Table = {
  readonly stage: Stage;
  readonly watched: readonly Guarantee[];
  readonly witness: (releases: Releases) => Witness;
};

/** A break, and of what. */
export type Fallen = Break & { readonly guarantee: GuaranteeId };

export type Position = {
  readonly world: World;
  /** What each watched guarantee remembers. */
  readonly memories: readonly Json[];
  readonly releases: Releases;
  readonly steps: readonly Step[];
  /** What was taken, one for each step. */
  readonly taken: readonly OpenChoice[];
  /** What broke in the last step, or in the end once all is quiet; those that a text accepts among them. */
  readonly fallen: readonly Fallen[];
};

/** Sets the table. Terms instead of bytes: what is shown in the end is played again with real bytes. */
export const tableOf = ({ scenario, turns, guarantees: asked }: Ground): Table => {
  const stage = stageWith(scenario, { turns, seed: '1', suite: suiteFor('1', 'symbolic'), free: true });
  return { stage, watched: guarantees.filter(({ id }) => asked.includes(id)), witness: witnesses(stage) };
};

export const firstPosition = ({ stage, watched, witness }: Table): Position => ({
  world: begin(stage),
  memories: watched.map((one) => one.see(one.begin, beforehand(stage), witness(firstReleases)).memory),
  releases: firstReleases,
  steps: [],
  taken: [],
  fallen: [],
});

export const openIn = ({ stage }: Table, { world }: Position): readonly OpenChoice[] => openChoices(stage, world);

/** The position after one of what is open there. */
export const after = (table: Table, position: Position, choice: OpenChoice): Position => {
  const { stage, watched, witness } = table;
  const taken = step(stage, position.world, choice.id, [choice]);
  const releases = releasesAfter(position.releases, taken.step);
  const seen = watched.map((one, nth) => one.see(position.memories[nth] ?? one.begin, taken.step, witness(releases)));
  const memories = seen.map(({ memory }) => memory);
  const isQuiet = watched.some(({ end }) => end !== undefined) && unrestIn(stage, taken.world) === null;
  const fallen = watched.flatMap(({ id, end }, nth) => {
    const atEnd = isQuiet ? (end?.(memories[nth] ?? null, witness(releases)) ?? []) : [];
    return [...(seen[nth]?.breaks ?? []), ...atEnd].map((broken) => ({ ...broken, guarantee: id }));
  });
  return {
    world: taken.world,
    memories,
    releases,
    steps: [...position.steps, taken.step],
    taken: [...position.taken, choice],
    fallen,
  };
};

/** The break that no text accepts: it ends a game. */
export const hardIn = ({ fallen }: Position): Fallen | null =>
  fallen.find(({ acceptedBy }) => acceptedBy === null) ?? null;

/** The story that leads up to the game: as long as its next line is all that can happen, it is told by itself. */
export const opening = (table: Table): Position => {
  let position = firstPosition(table);
  for (;;) {
    const [only, ...more] = openIn(table, position);
    if (only?.kind !== 'story' || more.length > 0 || hardIn(position) !== null) return position;
    position = after(table, position, only);
  }
};

/** What was done so far as a run that nobody has judged: enough for whoever tells it in words. */
export const runSoFar = ({ stage }: Table, { steps, world }: Position): Run => ({
  scenario: stage.scenario,
  trace: {
    scenario: stage.scenario.id,
    turns: stage.turns,
    seed: stage.seed,
    choices: steps.map(({ choice }) => choice.id),
  },
  players: playersOf(stage, world),
  steps,
  judgements: [],
  refused: [],
  unstruck: [],
  endless: null,
});
