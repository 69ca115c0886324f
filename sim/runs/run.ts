/** Runs: the drivers that decide which choice comes next. None of them holds a rule. */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { memoBeside } from '../../machines/memo.ts';
import type { Suite } from '../../machines/suite.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { dice } from '../engine/chance.ts';
import type { Kernel } from '../engine/kernel.ts';
import { openChoices } from '../engine/open-choices.ts';
import type { Stage } from '../engine/stage.ts';
import type { Run, Scenario, Step, Trace, Turn } from '../engine/types.ts';
import { guarantees } from '../guarantees/index.ts';
import type { Guarantee } from '../guarantees/types.ts';
import { stageWith } from '../verbs/port.ts';
import { play, playStory, runOf } from './playing.ts';

export type RunOptions = {
  readonly turns?: readonly Turn[] | undefined;
  readonly seed?: string | undefined;
  /** `real` on noble's curves, `symbolic`, or a maker of one's own: Node's curves give the same bytes sooner. */
  readonly suite?: 'real' | 'symbolic' | SuiteMaker | undefined;
  /** The guarantees to be judged; all of them where this is left out. */
  readonly guarantees?: readonly GuaranteeId[] | undefined;
  /** How devices hear and servers answer; plainly where this is left out. One with a memory of its own wants a suite of its own, too. */
  readonly kernel?: Kernel | undefined;
  /** What guarantees are shown of a step; all of it where this is left out. */
  readonly shownAs?: ((step: Step) => Step) | undefined;
  /** Guarantees as they judge, which must come to the same; themselves where this is left out. */
  readonly judgedAs?: ((guarantee: Guarantee) => Guarantee) | undefined;
};
export type SuiteMaker = (seed: string) => Suite;

const makers = { real: (seed: string) => makeRealSuite(seed), symbolic: makeSymbolicSuite } as const;
// All that a suite keeps goes by it, and prologues do.
const suites = memoBeside<SuiteMaker, Suite>(16);
/** One suite a seed and maker, so that what is the same in many runs is worked out once. */
export const suiteFor = (seed: string, kind: RunOptions['suite'] = 'real'): Suite => {
  const make = typeof kind === 'function' ? kind : makers[kind];
  return suites(make, seed, () => make(seed));
};

/** `free`: a trace may come from free play, whose choices a story alone does not offer. */
const stageFor = (scenario: Scenario, options: RunOptions, more: { readonly free?: boolean } = {}): Stage => {
  const seed = options.seed ?? '1';
  return stageWith(scenario, {
    ...more,
    ...(options.kernel === undefined ? {} : { kernel: options.kernel }),
    turns: options.turns ?? [],
    seed,
    suite: suiteFor(seed, options.suite),
  });
};

const askedOf = ({ guarantees: ids, judgedAs = (one) => one }: RunOptions): readonly Guarantee[] =>
  guarantees.filter(({ id }) => ids === undefined || ids.includes(id)).map(judgedAs);

/** The story as it is written (`playStory`), with settings turned. */
export const runStory = (scenario: Scenario, options: RunOptions = {}): Run => {
  const stage = stageFor(scenario, options);
  return runOf(stage, playStory(stage), askedOf(options), options.shownAs);
};

/** The story as it is written, and with each of `variants` turned. */
export const runStories = (
  scenario: Scenario,
  variants: readonly Pick<RunOptions, 'turns' | 'guarantees'>[],
  options: Omit<RunOptions, 'turns'> = {},
): { readonly story: Run; readonly variants: readonly Run[] } => ({
  story: runStory(scenario, options),
  variants: variants.map((variant) => runStory(scenario, { ...options, ...variant })),
});

/** The run a trace describes. Throws where a choice is not offered. */
export const replay = (scenario: Scenario, trace: Trace, suite?: RunOptions['suite']): Run => {
  const stage = stageFor(scenario, { ...trace, suite }, { free: true });
  return runOf(
    stage,
    play(stage, (world, nth) => {
      const id = trace.choices[nth];
      return id === undefined ? null : { id, open: openChoices(stage, world) };
    }),
    guarantees,
  );
};

/**
 * A random walk: the story's lines in order and whatever else is free to happen, syncs, faults, attackers' moves and acts of free play,
 * wherever the dice put it, to quiet.
 */
export const wander = (scenario: Scenario, options: RunOptions & { readonly stepsMax?: number }): Run => {
  const stage = stageFor(scenario, { ...options, seed: options.seed ?? '1' }, { free: true });
  const roll = dice(`${stage.seed}/wander/${scenario.id}`);
  const limit = options.stepsMax ?? 200;
  return runOf(
    stage,
    play(stage, (world, nth) => {
      const open = openChoices(stage, world);
      const one = nth >= limit ? undefined : open[roll(open.length)];
      return one === undefined ? null : { id: one.id, open };
    }),
    askedOf(options),
    options.shownAs,
  );
};
