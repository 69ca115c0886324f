/** Runs: the drivers that decide which choice comes next. None of them holds a rule. */

import { consulting } from '../../machines/clauses.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Suite } from '../../machines/suite.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { dice } from '../engine/chance.ts';
import { type OpenChoice, openChoices, settlingChoice, storyChoices } from '../engine/choices.ts';
import { outcomeOf } from '../engine/outcome.ts';
import { deviceNameIn } from '../engine/player.ts';
import { beforehand, begin, devicesBefore, recharted } from '../engine/prologue.ts';
import { restlessAfter, saidOfUnrest, underWayIn, unrestIn } from '../engine/quiet.ts';
import type { Stage } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import type { Run, Scenario, Step, Trace, Turn } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import { type Judging, judging } from './judging/judge.ts';

export type RunOptions = {
  readonly turns?: readonly Turn[] | undefined;
  readonly seed?: string | undefined;
  /** `real` on noble's curves, `symbolic`, or a maker of one's own: Node's curves give the same bytes sooner. */
  readonly suite?: 'real' | 'symbolic' | SuiteMaker | undefined;
  /** The guarantees to be judged; all of them where this is left out. */
  readonly guarantees?: readonly GuaranteeId[] | undefined;
};
export type SuiteMaker = (seed: string) => Suite;

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

/** `free`: a trace may come from free play, whose choices a story alone does not offer. `asked`: readings are watched. */
const stageFor = (
  scenario: Scenario,
  options: RunOptions,
  more: { readonly free?: boolean; readonly asked?: Set<string> } = {},
): Stage => {
  const seed = options.seed ?? '1';
  return stageWith(scenario, {
    ...more,
    turns: options.turns ?? [],
    seed,
    suite: suiteFor(seed, options.suite),
  });
};

type Played = {
  readonly world: World;
  readonly steps: readonly Step[];
  readonly ids: readonly string[];
  /** For each step the world before it, and what charts went by in it: clauses, and questions where these are watched. */
  readonly marks: readonly { readonly world: World; readonly consulted: ReadonlySet<string> }[];
};

/** Does `body`, and says which clauses and, where that is watched, which readings it went by. */
const watching = <T>(stage: Stage, body: () => T): { readonly result: T; readonly consulted: ReadonlySet<string> } => {
  stage.asked?.clear();
  const { result, consulted } = consulting(body);
  return { result, consulted: new Set([...consulted, ...(stage.asked ?? [])]) };
};

const begun = (stage: Stage): Played => ({ world: begin(stage), steps: [], ids: [], marks: [] });

/** What comes next in a world: some of what it offers, and the id of one among these; `null` ends the run. */
type Next = (world: World, nth: number) => { readonly id: string; readonly open: readonly OpenChoice[] } | null;

/** Plays whatever `next` says until it says nothing. */
const play = (stage: Stage, next: Next, from = begun(stage)): Played => {
  let { world } = from;
  const [steps, ids, marks] = [[...from.steps], [...from.ids], [...from.marks]];
  for (let nth = steps.length; ; nth += 1) {
    const before = world;
    const chosen = next(before, nth);
    if (chosen === null) return { world, steps, ids, marks };
    const { id, open } = chosen;
    const { result: taken, consulted } = watching(stage, () => step(stage, before, id, open));
    world = taken.world;
    steps.push(taken.step);
    ids.push(id);
    marks.push({ world: before, consulted });
  }
};

/** The story as it is written: lines in order, racing acts as the file has them, everybody synced and every server heard before a `settle`. */
export const runStory = (scenario: Scenario, options: RunOptions = {}): Run => {
  const stage = stageFor(scenario, options);
  return runOf(stage, playStory(stage), options);
};

type Variant = Pick<RunOptions, 'turns' | 'guarantees'>;

/**
 * The story as it is written, and with each of `variants` turned: what `runStory` says of each, sooner. A variant that only
 * switches clauses off or reads questions otherwise goes the way of the story up to the first step in which somebody goes by one
 * of them.
 */
export const runStories = (
  scenario: Scenario,
  variants: readonly Variant[],
  options: Omit<RunOptions, 'turns'> = {},
): { readonly story: Run; readonly variants: readonly Run[] } => {
  const stage = stageFor(scenario, options, { asked: new Set() });
  beforehand(stage); // played by clients that do everything right, whatever is dialled: what they go by is not asked after
  const { result: start, consulted } = watching(stage, () => begun(stage));
  const played = playStory(stage, start);
  return {
    story: runOf(stage, played, options),
    variants: variants.map((variant) => {
      const given = { ...options, ...variant };
      const other = stageFor(scenario, given);
      const dials = dialsOf(variant.turns ?? []);
      const goesAlone = dials === null || dials.some((one) => consulted.has(one));
      const from = goesAlone ? begun(other) : until(other, played, dials);
      return runOf(other, playStory(other, from), given);
    }),
  };
};

const playStory = (stage: Stage, from?: Played): Played => {
  // Length is bounded by progress: between two lines everybody may come to rest, and no longer.
  let line = from?.world.line ?? 0;
  let idle = 0;
  const next: Next = (world) => {
    idle = world.line === line ? idle + 1 : 0;
    line = world.line;
    return idle > restlessAfter(world) ? null : nextOfStory(stage, world);
  };
  return play(stage, next, from);
};

/** The clauses that turns switch off and the questions they read; `null` where they turn anything else. */
const dialsOf = (turns: readonly Turn[]): readonly string[] | null => {
  const dials = turns.flatMap((turn) =>
    turn.turn === 'off' ? [turn.clause] : turn.turn === 'reading' ? [turn.question] : [],
  );
  return dials.length === turns.length ? dials : null;
};

/** What was played before the first step that went by one of `dials`, by devices that run on as `stage` has them. */
const until = (stage: Stage, played: Played, dials: readonly string[]): Played => {
  const { steps, ids, marks } = played;
  const first = marks.findIndex(({ consulted }) => dials.some((dial) => consulted.has(dial)));
  const nth = first < 0 ? marks.length : first;
  const { devices, ...world } = marks[first]?.world ?? played.world;
  // Which clauses are off is no part of a device at rest; how a question is read is.
  const isRead = stage.turns.some(({ turn }) => turn === 'reading');
  const read = (): World['devices'] =>
    Object.fromEntries(Object.entries(devices).map(([player, device]) => [player, recharted(stage, player, device)]));
  return {
    world: { ...world, devices: isRead ? read() : devices },
    steps: steps.slice(0, nth),
    ids: ids.slice(0, nth),
    marks: marks.slice(0, nth),
  };
};

/** Who would sync or send is looked at only where the story waits for that. */
const nextOfStory = (stage: Stage, world: World): ReturnType<Next> => {
  const line = stage.scenario.story[world.line];
  if (line === undefined) return null;
  const settling = line.some(({ verb }) => verb === 'settle') ? settlingChoice(stage, world) : undefined;
  const first = settling ?? storyChoices(stage, world)[0];
  return first === undefined ? null : { id: first.id, open: [first] };
};

/** The run a trace describes. Throws where a choice is not offered. */
export const replay = (scenario: Scenario, trace: Trace, suite?: RunOptions['suite']): Run => {
  const stage = stageFor(scenario, { ...trace, suite }, { free: true });
  return runOf(
    stage,
    play(stage, (world, nth) => {
      const id = trace.choices[nth];
      return id === undefined ? null : { id, open: openChoices(stage, world) };
    }),
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
      const open = openChoices(stage, world);
      const one = nth >= limit ? undefined : open[roll(open.length)];
      return one === undefined ? null : { id: one.id, open };
    }),
  );
};

/** Judges who have seen what was played. */
const judgesOf = (stage: Stage, { steps }: Played, { guarantees }: RunOptions): Judging => {
  const judges = judging(stage, beforehand(stage), guarantees);
  for (const step of steps) judges.see(step);
  return judges;
};

const runOf = (stage: Stage, played: Played, options: RunOptions = {}): Run => {
  const { scenario, turns, seed } = stage;
  const judges = judgesOf(stage, played, options);
  const unrest = unrestIn(stage, played.world);
  return {
    scenario,
    trace: { scenario: scenario.id, turns, seed, choices: played.ids },
    players: playersOf(stage, played.world),
    steps: played.steps,
    judgements: judges.end({ unrest: unrest === null ? null : saidOfUnrest(unrest), isCalm: calmIn(stage, played) }),
    ...outcomeOf(
      stage,
      played.steps.map((step, nth) => ({ step, before: played.marks[nth]?.world ?? played.world })),
      played.world,
    ),
  };
};

/** Whether nothing was under way after a step, looked at once for all who ask. */
const calmIn = (stage: Stage, { world, marks }: Played): ((nth: number) => boolean) => {
  const known = new Map<number, boolean>();
  return (nth) => {
    const isCalm = known.get(nth) ?? underWayIn(stage, marks[nth + 1]?.world ?? world) === null;
    known.set(nth, isCalm);
    return isCalm;
  };
};

const playersOf = (stage: Stage, world: World): Run['players'] => {
  const { cast } = stage.scenario;
  const before = devicesBefore(stage);
  const device = (id: string) => world.devices[id]?.store.me.device ?? before[id]?.store.me.device ?? '';
  const names = Object.keys({ ...before, ...world.devices });
  const users = cast.users.flatMap((user) =>
    names
      .filter((id) => id.startsWith(`${user.name}.`))
      .map((id) => ({
        id,
        kind: 'device' as const,
        of: `@${user.name}:${user.server}`,
        label: deviceNameIn(id) ?? id,
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
        label: deviceNameIn(id) ?? id,
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
