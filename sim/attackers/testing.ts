/** For tests: a stage with attackers, on which acts are performed as steps are, one after the other. */
import type { JsonObject } from '../../machines/json.ts';
import { stringAt } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { begin } from '../engine/prologue.ts';
import type { Stage } from '../engine/stage.ts';
import { perform } from '../engine/taking.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { CastAttacker, Moment, PlayerId, Turn } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import { attackerOf } from './knowledge.ts';

type Learned = Extract<Moment, { kind: 'learned' }>;

/** Attackers as a cast has them; what is not said is nothing. */
export type Cast = readonly (Pick<CastAttacker, 'name' | 'plays' | 'of'> & Partial<CastAttacker>)[];

/** Alice and her devices, all of whose clients have these clauses off, and other settings turned. */
export const stageFor = (
  suite: Suite,
  attackers: Cast,
  {
    devices = ['phone', 'laptop'],
    off = [],
    turned = [],
  }: { readonly devices?: readonly string[]; readonly off?: readonly string[]; readonly turned?: readonly Turn[] } = {},
): Stage => {
  const plain = aliceAndDevices({ devices });
  const cast = { ...plain.cast, attackers: attackers.map((one) => ({ budget: {}, colludes: [], ...one })) };
  const turns = [...turned, ...off.map((clause) => ({ turn: 'off', clause }) as const)];
  return stageWith({ ...plain, cast }, { suite, turns, free: true });
};

/** A play in progress: `does('mallory', 'hide device', { … })` is a step. */
export const play = (stage: Stage) => {
  let world = begin(stage);
  const told: Moment[] = [];
  const does = (who: PlayerId, verb: string, args: JsonObject = {}): readonly Moment[] => {
    const done = perform(stage, world, {
      id: '',
      who,
      sentence: '',
      kind: 'attacker',
      do: 'act',
      act: { who, verb, args },
      taken: { from: 'attacker' },
    });
    world = done.world;
    told.push(...done.moments);
    return done.moments;
  };
  return {
    does,
    syncs: (...players: readonly PlayerId[]) => players.flatMap((player) => does(player, 'sync')),
    now: (): World => world,
    change: (changed: (world: World) => World): void => {
      world = changed(world);
    },
    told: (): readonly Moment[] => told,
    note: (moments: readonly Moment[]): void => {
      told.push(...moments);
    },
    learned: (who: PlayerId): readonly Learned[] =>
      told.filter((moment): moment is Learned => moment.kind === 'learned' && moment.player === who),
    knows: (who: PlayerId): readonly string[] => attackerOf(world, who).knows.map(({ what }) => what),
    /** The secret of that name that a device holds. */
    secretOf: (player: PlayerId, name: string): string | undefined =>
      stringAt(world.devices[player]?.store.secrets[name], 'secret'),
    /** The devices of alice that a device of hers believes there are. */
    listedAt: (player: PlayerId): readonly string[] =>
      Object.keys(world.devices[player]?.store.users['@alice:example.org']?.devices ?? {}).sort(),
  };
};
