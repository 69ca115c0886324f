/** Runs as they are played, with verbs, on a suite and judged by guarantees that are given: a page needs one suite, and what its story has. */
import type { Suite } from '../../machines/suite.ts';
import { roles } from '../attackers/roles/index.ts';
import { type OpenChoice, settlingChoice, storyChoices } from '../engine/choices.ts';
import { outcomeOf } from '../engine/outcome.ts';
import { deviceNameIn, ownerIn } from '../engine/player.ts';
import { beforehand, begin, devicesBefore } from '../engine/prologue.ts';
import { restlessAfter, saidOfUnrest, underWayIn, unrestIn } from '../engine/quiet.ts';
import { setStage } from '../engine/set-stage.ts';
import type { Stage, Verbs } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import type { Player, PlayerId, Run, Scenario, Step, Turn } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import type { Guarantee } from '../guarantees/types.ts';
import { judging } from './judging/judge.ts';

/** `verbs`: those of the story at least, and all that go wrong by themselves. */
export type StoryOptions = {
  readonly turns: readonly Turn[];
  readonly seed: string;
  readonly suite: Suite;
  readonly verbs: Verbs;
};

/** The story as it is written (`playStory`), with settings turned, judged by these. */
export const judgedStory = (scenario: Scenario, options: StoryOptions, judges: readonly Guarantee[]): Run => {
  const stage = setStage(scenario, { ...options, roles });
  return runOf(stage, playStory(stage), judges);
};

export type Played = {
  readonly world: World;
  readonly steps: readonly Step[];
  readonly ids: readonly string[];
  /** For each step the world before it. */
  readonly worlds: readonly World[];
};

/** What comes next in a world: some of what it offers, and the id of one among these; `null` ends the run. */
type Next = (world: World, nth: number) => { readonly id: string; readonly open: readonly OpenChoice[] } | null;

/** Plays whatever `next` says until it says nothing. */
export const play = (stage: Stage, next: Next): Played => {
  let world = begin(stage);
  const steps: Step[] = [];
  const ids: string[] = [];
  const worlds: World[] = [];
  for (let nth = 0; ; nth += 1) {
    const before = world;
    const chosen = next(before, nth);
    if (chosen === null) return { world, steps, ids, worlds };
    const { id, open } = chosen;
    const taken = step(stage, before, id, open);
    world = taken.world;
    steps.push(taken.step);
    ids.push(id);
    worlds.push(before);
  }
};

/** The story as it is written: lines in order, racing acts as the file has them, everybody synced and every server heard before a `settle`. */
export const playStory = (stage: Stage, lines = Number.POSITIVE_INFINITY): Played => {
  // Length is bounded by progress: between two lines everybody may come to rest, and no longer.
  let line = 0;
  let idle = 0;
  const next: Next = (world) => {
    if (world.line >= lines) return null;
    idle = world.line === line ? idle + 1 : 0;
    line = world.line;
    return idle > restlessAfter(world) ? null : nextOfStory(stage, world);
  };
  return play(stage, next);
};

/** The world of a story before the line that `lines` come before; where there are fewer, that at its end. */
export const worldBefore = (stage: Stage, lines: number): World => playStory(stage, lines).world;

/** Who would sync or send is looked at only where the story waits for that. */
const nextOfStory = (stage: Stage, world: World): ReturnType<Next> => {
  const line = stage.scenario.story[world.line];
  if (line === undefined) return null;
  const settling = line.some(({ verb }) => verb === 'settle') ? settlingChoice(stage, world) : undefined;
  const first = settling ?? storyChoices(stage, world)[0];
  return first === undefined ? null : { id: first.id, open: [first] };
};

/** @param shownAs what guarantees are shown of a step; all of it where this is left out */
export const runOf = (
  stage: Stage,
  played: Played,
  guarantees: readonly Guarantee[],
  shownAs: (step: Step) => Step = (step) => step,
): Run => {
  const { scenario, turns, seed } = stage;
  const judges = judging(guarantees, stage, shownAs(beforehand(stage)));
  for (const step of played.steps) judges.see(shownAs(step));
  const unrest = unrestIn(stage, played.world);
  return {
    scenario,
    trace: { scenario: scenario.id, turns, seed, choices: played.ids },
    players: playersOf(stage, played.world),
    steps: played.steps,
    judgements: judges.end({ unrest: unrest === null ? null : saidOfUnrest(unrest), isCalm: calmIn(stage, played) }),
    ...outcomeOf(
      stage,
      played.steps.map((step, nth) => ({ step, before: played.worlds[nth] ?? played.world })),
      played.world,
    ),
  };
};

/** Whether nothing was under way after a step, looked at once for all who ask. */
const calmIn = (stage: Stage, { world, worlds }: Played): ((nth: number) => boolean) => {
  const known = new Map<number, boolean>();
  return (nth) => {
    const isCalm = known.get(nth) ?? underWayIn(stage, worlds[nth + 1] ?? world) === null;
    known.set(nth, isCalm);
    return isCalm;
  };
};

/** The devices of users that an attacker has, from before the first step on. Device → the attacker. */
const stolenIn = ({ scenario: { cast } }: Stage, world: World): ReadonlyMap<PlayerId, string> => {
  const users = new Set(cast.users.map(({ name }) => name));
  return new Map(
    cast.attackers.flatMap(({ name }) =>
      Object.values(world.attackers[name]?.runs ?? {})
        .filter((player) => users.has(ownerIn(player)))
        .map((player) => [player, name] as const),
    ),
  );
};

/** Users' devices by user, servers, then each attacker behind the devices it has: what it stole stands with it. */
export const playersOf = (stage: Stage, world: World): Run['players'] => {
  const { cast } = stage.scenario;
  const before = devicesBefore(stage);
  const stolen = stolenIn(stage, world);
  const names = Object.keys({ ...before, ...world.devices });
  const seen = (id: PlayerId) => {
    const me = (world.devices[id] ?? before[id])?.store.me;
    return { id, label: deviceNameIn(id) ?? id, detail: me?.device ?? '', account: me?.user ?? '' };
  };
  const owned = cast.users.flatMap((user) =>
    names
      .filter((id) => ownerIn(id) === user.name)
      .map((id): Player => {
        const by = stolen.get(id);
        const device = { ...seen(id), of: `@${user.name}:${user.server}` };
        return by === undefined ? { ...device, kind: 'device' } : { ...device, kind: 'stolen device', by };
      }),
  );
  const servers = cast.servers.map(
    (id): Player => ({ id, kind: 'homeserver', of: id, label: id, detail: 'homeserver' }),
  );
  // A sloppy client is its user's own device, and drawn as that.
  const lanes = cast.attackers.filter(({ skips }) => skips === undefined);
  const attackers = lanes.flatMap(({ name, plays }): readonly Player[] => [
    ...owned.filter((player) => player.kind === 'stolen device' && player.by === name),
    ...names
      .filter((id) => ownerIn(id) === name)
      .map((id): Player => ({ ...seen(id), kind: 'rogue device', of: name })),
    { id: name, kind: 'attacker', of: name, label: name, detail: plays.replaceAll('-', ' ') },
  ]);
  return [...owned.filter(({ kind }) => kind === 'device'), ...servers, ...attackers];
};
