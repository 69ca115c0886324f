/** Runs: the drivers that decide which choice comes next. None of them holds a rule. */
import type { Suite } from '../machines/suite.ts';
import { dice } from './chance.ts';
import { choices } from './choices.ts';
import { makeRealSuite } from './crypto/real/suite.ts';
import { makeSymbolicSuite } from './crypto/symbolic/suite.ts';
import { judge } from './judge.ts';
import { beforehand, begin } from './prologue.ts';
import { isQuiet } from './quiet.ts';
import { type Stage, setStage } from './stage.ts';
import { step } from './step.ts';
import type { Run, Scenario, Step, Trace, Turn } from './types.ts';
import type { World } from './world.ts';

export type RunOptions = {
  readonly turns?: readonly Turn[] | undefined;
  readonly seed?: string | undefined;
  /** `real` on noble's curves, `symbolic`, or a maker of one's own: Node's curves give the same bytes sooner. */
  readonly suite?: 'real' | 'symbolic' | SuiteMaker | undefined;
};
export type SuiteMaker = (seed: string) => Suite;

/** A run that does not end is a mistake of its scenario. */
const stepsMax = 500;

const makers = { real: (seed: string) => makeRealSuite(seed), symbolic: makeSymbolicSuite } as const;
const suites = new WeakMap<SuiteMaker, Map<string, Suite>>();
/** One suite a seed and maker, so that what is the same in many runs is worked out once. */
export const suiteFor = (seed: string, kind: RunOptions['suite'] = 'real'): Suite => {
  const make = typeof kind === 'function' ? kind : makers[kind];
  const bySeed = suites.get(make) ?? new Map<string, Suite>();
  suites.set(make, bySeed);
  const known = bySeed.get(seed) ?? make(seed);
  bySeed.set(seed, known);
  return known;
};

/** `free`: a trace may come from free play, whose choices a story alone does not offer. */
const stageFor = (scenario: Scenario, options: RunOptions, free = false): Stage => {
  const seed = options.seed ?? '1';
  return setStage(scenario, {
    free,
    turns: options.turns ?? [],
    seed,
    suite: suiteFor(seed, options.suite),
  });
};

type Played = { readonly world: World; readonly steps: readonly Step[]; readonly ids: readonly string[] };

/** Plays whatever `next` says until it says nothing. */
const play = (stage: Stage, next: (world: World, nth: number) => string | null): Played => {
  let world = begin(stage);
  const steps: Step[] = [];
  const ids: string[] = [];
  for (let nth = 0; nth < stepsMax; nth += 1) {
    const id = next(world, nth);
    if (id === null) return { world, steps, ids };
    const taken = step(stage, world, id);
    world = taken.world;
    steps.push(taken.step);
    ids.push(id);
  }
  throw new Error(
    `${stage.scenario.id} does not end within ${stepsMax} steps: do two devices answer each other for ever?`,
  );
};

/** The story as it is written: lines in order, racing acts as the file has them, everybody synced and every server heard before a `settle`. */
export const runStory = (scenario: Scenario, options: RunOptions = {}): Run => {
  const stage = stageFor(scenario, options);
  return runOf(
    stage,
    play(stage, (world) => nextOfStory(stage, world)),
  );
};

const nextOfStory = (stage: Stage, world: World): string | null => {
  const open = choices(stage, world);
  const line = stage.scenario.story[world.line];
  if (line === undefined) return null;
  const settles = line.some(({ verb }) => verb === 'settle');
  const sync = settles ? open.find(({ id }) => /^(?:sync|deliver):/.test(id)) : undefined;
  return (sync ?? open.find(({ id }) => id === 'act' || id.startsWith('act:')))?.id ?? null;
};

/** The run a trace describes. Throws where a choice is not offered. */
export const replay = (scenario: Scenario, trace: Trace, suite?: RunOptions['suite']): Run => {
  const stage = stageFor(scenario, { ...trace, suite }, true);
  return runOf(
    stage,
    play(stage, (_world, nth) => trace.choices[nth] ?? null),
  );
};

/** A random walk: the story's lines in order, with syncs and alarms wherever the dice put them, to quiet. */
export const wander = (scenario: Scenario, options: RunOptions & { readonly stepsMax?: number }): Run => {
  const stage = stageFor(scenario, { ...options, seed: options.seed ?? '1' });
  const roll = dice(`${stage.seed}/wander/${scenario.id}`);
  const limit = options.stepsMax ?? 200;
  return runOf(
    stage,
    play(stage, (world, nth) => {
      const open = choices(stage, world);
      return nth >= limit ? null : (open[roll(open.length)]?.id ?? null);
    }),
  );
};

const runOf = (stage: Stage, played: Played): Run => {
  const { scenario, turns, seed } = stage;
  return {
    scenario,
    trace: { scenario: scenario.id, turns, seed, choices: played.ids },
    players: playersOf(stage, played.world),
    steps: played.steps,
    judgements: judge(stage, beforehand(stage), played.steps, isQuiet(stage, played.world)),
  };
};

const playersOf = (stage: Stage, world: World): Run['players'] => {
  const { cast } = stage.scenario;
  const first = begin(stage);
  const device = (id: string) => world.devices[id]?.store.me.device ?? first.devices[id]?.store.me.device ?? '';
  const names = Object.keys({ ...first.devices, ...world.devices });
  const users = cast.users.flatMap((user) =>
    names
      .filter((id) => id.startsWith(`${user.name}.`))
      .map((id) => ({
        id,
        kind: 'device' as const,
        of: `@${user.name}:${user.server}`,
        label: id.split('.')[1] ?? id,
        detail: device(id),
      })),
  );
  const servers = cast.servers.map((id) => ({
    id,
    kind: 'homeserver' as const,
    of: id,
    label: id,
    detail: 'homeserver',
  }));
  // A sloppy client is its user's own device, and drawn as that.
  const lanes = cast.attackers.filter(({ skips }) => skips === undefined);
  const attackers = lanes.flatMap((attacker) => [
    ...names
      .filter((id) => id.startsWith(`${attacker.name}.`))
      .map((id) => ({
        id,
        kind: 'rogue device' as const,
        of: attacker.name,
        label: id.split('.')[1] ?? id,
        detail: device(id),
      })),
    {
      id: attacker.name,
      kind: 'attacker' as const,
      of: attacker.name,
      label: attacker.name,
      detail: attacker.plays.replaceAll('-', ' '),
    },
  ]);
  return [...users, ...servers, ...attackers];
};
