/** For tests: Alice, Bob and Carol in rooms, with attackers among them; and what devices hold and show in the end. */
import { objectAt, stringAt } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { overhear } from '../engine/attacking.ts';
import { takesPart } from '../engine/choices.ts';
import { deliveriesOf, delivers } from '../engine/federating.ts';
import type { Stage } from '../engine/stage.ts';
import { aliceAndDevices, plainSettings } from '../engine/testing.ts';
import type { CastRoom, Moment, PlayerId } from '../engine/types.ts';
import { after, quiet } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import { type Cast, play } from './testing.ts';

type Wanted = {
  readonly off?: readonly string[];
  readonly options?: DeviceSettings['options'];
  readonly readings?: DeviceSettings['readings'];
  /** User → server. */
  readonly users?: Readonly<Record<string, string>>;
  readonly rooms?: readonly CastRoom[];
};

export const den = '!den:example.org';
const denOf = (...members: readonly string[]): CastRoom => ({ name: 'den', history: 'shared', members });

/** Users with a phone each, in rooms; all clients have those clauses off. */
export const roomStage = (
  suite: Suite,
  attackers: Cast,
  { off = [], options = {}, readings = {}, users, rooms = [denOf('alice', 'bob')] }: Wanted = {},
): Stage => {
  const plain = aliceAndDevices({ devices: ['phone'] });
  const people = users ?? { alice: 'example.org', bob: 'example.org', carol: 'example.org' };
  const cast = {
    ...plain.cast,
    servers: [...new Set(Object.values(people))],
    users: Object.entries(people).map(([name, server]) => ({
      name,
      server,
      devices: [{ name: 'phone', crossSigned: true }],
    })),
    attackers: attackers.map((one) => ({ budget: {}, colludes: [], ...one })),
    backup: false,
    rooms,
  };
  const implemented = { ...plainSettings.implements, MSC4268: 'merged', MSC4147: 'spec-main' };
  const settings = { everyone: { ...plainSettings, implements: implemented, options, readings }, byDevice: {} };
  const turns = off.map((clause) => ({ turn: 'off', clause }) as const);
  return stageWith({ ...plain, cast, settings }, { suite, turns, free: true });
};

type Of<K extends Moment['kind']> = Extract<Moment, { kind: K }>;

/** A play in rooms. `does`, `settles` and all else take effect at once; `told` has every moment so far. */
export const playInRooms = (stage: Stage) => {
  const played = play(stage);
  const all = <K extends Moment['kind']>(kind: K): readonly Of<K>[] =>
    played.told().filter((moment): moment is Of<K> => moment.kind === kind);
  const deliver = (): boolean => {
    const waiting = deliveriesOf(stage, played.now());
    for (const one of waiting) {
      const done = overhear(
        stage,
        after(quiet(played.now()), (now) => delivers(stage, now, one)),
        one.from,
      );
      played.change(() => done.world);
      played.note(done.moments);
    }
    return waiting.length > 0;
  };
  /** All honest devices sync and servers send until nobody has news. */
  const settles = (): void => {
    for (let round = 0; round < 30; round += 1) {
      const rogue = Object.values(played.now().attackers).flatMap(({ runs }) => Object.values(runs));
      const next = Object.keys(played.now().devices).filter(
        (player) => !rogue.includes(player) && takesPart(played.now(), player),
      );
      for (const player of next) played.does(player, 'sync');
      if (!deliver() && next.length === 0) return;
    }
    throw new Error('it does not come to rest');
  };
  const keys = (player: PlayerId) => Object.values(played.now().devices[player]?.store.roomKeys ?? {});
  return {
    ...played,
    stage,
    all,
    settles,
    /** Room keys as a device holds them. */
    keys,
    /** Those that came in a bundle. */
    fromBundles: (player: PlayerId) => keys(player).filter(({ origin }) => origin.how === 'bundle'),
    /** What a device has shown under that heading. */
    shown: (player: PlayerId, about: string) =>
      all('shown').flatMap(({ player: at, notice }) => (at === player && notice.about === about ? [notice] : [])),
    /** The messages a device has shown, as `@bob:example.org: hello`. */
    read: (player: PlayerId) =>
      all('shown').flatMap(({ player: at, notice }) =>
        at === player && notice.about === 'message'
          ? [`${stringAt(notice, 'sender')}: ${stringAt(notice, 'message')}`]
          : [],
      ),
    /** Whether a clause has refused something at a device. */
    refused: (player: PlayerId, clause: string): boolean =>
      all('clause').some((one) => one.player === player && one.clause === clause && one.says === 'refuses' && !one.off),
    members: (player: PlayerId, room = den) => objectAt(played.now().devices[player]?.store.rooms[room], 'members'),
    downloads: (player: PlayerId) =>
      all('request').filter(({ from, path }) => from === player && path.includes('/media/download/')).length,
  };
};
