/** How an arena is made from few words: a cast, what is told of it in order, and what may be done in any order. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { DeviceDials } from '../../machines/types.ts';
import { roomIdOf } from '../engine/rooms.ts';
import type { Act, Cast, CastAttacker, CastDevice, PlayerId, Scenario } from '../engine/types.ts';
import { implementedByDefault, implementedInRooms } from '../scenario/options.ts';

export type Dialled = Partial<Omit<DeviceDials, 'off'>>;
export type Arena = {
  readonly scenario: Scenario;
  /** What is watched there. */
  readonly guarantees: readonly GuaranteeId[];
  /** The dials that are not as usual, for `everyone` or for one device. */
  readonly dials: Readonly<Record<string, Dialled>>;
};

/** Every search ends within these. */
export const bounds = { depth: 40, worlds: 20_000 } as const;

/** Who does what: `['alice', 'send', 'before', { in: 'den' }]`. */
export type Doing = readonly [who: string, verb: string, arg?: string, more?: Readonly<Record<string, string>>];
export type Wanted = {
  readonly id: string;
  readonly title: string;
  /** Proposals it is about. */
  readonly about: readonly string[];
  /** Devices by user; `-tablet` is one that nobody has signed. */
  readonly devices: Readonly<Record<string, readonly string[]>>;
  /** Servers of users who are not at example.org. */
  readonly homes?: Readonly<Record<string, string>>;
  /** Members of rooms that all may read who come later; `rooms` for others. */
  readonly den?: readonly string[];
  readonly rooms?: Readonly<Record<string, { readonly history: string; readonly members: readonly string[] }>>;
  /** Whether users have a backup when it begins (the usual: yes, where there are no rooms). */
  readonly backup?: boolean;
  readonly attacker?: Pick<CastAttacker, 'plays' | 'of'> & {
    readonly name?: string;
    readonly moves: number;
    /** Moves it does not make here, so that the arena stays small. */
    readonly never?: readonly string[];
    /** Moves that it makes here, and not by itself elsewhere. */
    readonly also?: readonly string[];
    /** The only moves that it makes here. */
    readonly only?: readonly string[];
  };
  /** Whoever shares all with the attacker, and makes its own moves. */
  readonly accomplice?: Pick<CastAttacker, 'plays' | 'of'> & {
    readonly name: string;
    readonly moves: number;
    readonly only?: readonly string[];
  };
  /** What may be done in any order, each once. */
  readonly acts: readonly Doing[];
  /** What is done in this order, where only the syncs between are free. */
  readonly story?: readonly Doing[];
  /** What is done in this order before anything else may happen; instead of `story`. */
  readonly first?: readonly Doing[];
  readonly faults?: Readonly<Record<string, number>>;
  readonly guarantees: readonly GuaranteeId[];
  /** How many worlds are looked at, where that is less than usual: nobody comes to the end of them. */
  readonly worlds?: number;
  readonly dials?: Dialled;
  readonly dialsOf?: Readonly<Record<PlayerId, Dialled>>;
};

const dialled = (before: DeviceDials, more: Dialled): DeviceDials => ({
  ...before,
  ...more,
  implements: { ...before.implements, ...more.implements },
});
const deviceOf = (name: string): CastDevice =>
  name.startsWith('-') ? { name: name.slice(1), crossSigned: false } : { name, crossSigned: true };

/** Rooms are named by their ids: `!den:example.org`. */
const actOf = ([who, verb, arg, more]: Doing, roomIds: ReadonlyMap<string, string>): Act => {
  const args = arg === undefined ? { ...more } : { [verb]: arg, ...more };
  const named = Object.entries(args).map(([name, value]) => [name, roomIds.get(value) ?? value]);
  return { who, verb, args: Object.fromEntries(named) };
};

/** What attackers do without being told to, each by its role. */
const usualMoves = [
  ...['log in as', 'create backup', 'delete backup', 'read backup', 'sign device', 'sync'],
  ...['push secret', 'request secret', 'answer request', 'poison', 'point', 'join', 'decline', 'leave'],
  ...['add device', 'swap identity', 'inject', 'replay', 'reorder', 'drop', 'rewrite sender', 'hide backup'],
  ...['show backup', 'show device', 'release', 'fail', 'hold back', 'forge membership', 'hide membership'],
  ...['forge history', 'forge message', 'expire media', 'replace media', 'tell the truth'],
];

type Player = NonNullable<Wanted['attacker']>;
const budgetOf = ({ moves, only, also = [], never = [] }: Omit<Player, 'plays' | 'of'>): CastAttacker['budget'] => ({
  moves,
  ...Object.fromEntries(
    (only === undefined ? never : usualMoves.filter((verb) => !only.includes(verb))).map((verb) => [verb, 0]),
  ),
  ...Object.fromEntries(
    [...also, ...(only ?? []).filter((verb) => !usualMoves.includes(verb))].map((verb) => [verb, moves]),
  ),
});

const attackersOf = ({ attacker, accomplice }: Wanted): readonly CastAttacker[] => {
  const made = ({ name = 'mallory', plays, of, ...rest }: Player, others: readonly string[]): CastAttacker => ({
    name,
    plays,
    of,
    budget: budgetOf(rest),
    colludes: others,
  });
  if (attacker === undefined) return [];
  if (accomplice === undefined) return [made(attacker, [])];
  return [made(attacker, [accomplice.name]), made(accomplice, [attacker.name ?? 'mallory'])];
};

const usualServer = 'example.org';

export const arena = (wanted: Wanted): Arena => {
  const {
    id,
    title,
    about,
    devices,
    homes = {},
    den,
    acts,
    story = [],
    first = [],
    guarantees,
    dials = {},
    dialsOf = {},
  } = wanted;
  const rooms = { ...(den === undefined ? {} : { den: { history: 'shared', members: den } }), ...wanted.rooms };
  const hasRooms = Object.keys(rooms).length > 0;
  const plain: DeviceDials = {
    implements: hasRooms ? implementedInRooms : implementedByDefault,
    identifiers: 'stable',
    off: [],
    readings: {},
    options: {},
  };
  const everyone = dialled(plain, dials);
  const cast: Cast = {
    servers: [...new Set(Object.keys(devices).map((user) => homes[user] ?? usualServer))],
    users: Object.entries(devices).map(([name, own]) => ({
      name,
      server: homes[name] ?? usualServer,
      devices: own.map(deviceOf),
    })),
    attackers: attackersOf(wanted),
    backup: wanted.backup ?? !hasRooms,
    ...(hasRooms ? { rooms: Object.entries(rooms).map(([name, room]) => ({ name, ...room })) } : {}),
  };
  const roomIds = new Map((cast.rooms ?? []).map((room) => [room.name, roomIdOf(cast, room)]));
  return {
    guarantees,
    dials: { ...(Object.keys(dials).length === 0 ? {} : { everyone: dials }), ...dialsOf },
    scenario: {
      id: `arena/${id}`,
      title,
      about,
      why: '',
      cast,
      dials: {
        everyone,
        byDevice: Object.fromEntries(Object.entries(dialsOf).map(([player, own]) => [player, dialled(everyone, own)])),
      },
      faults: {},
      story: [...first, ...story].map((one) => [actOf(one, roomIds)]),
      explore: {
        ...(first.length === 0 ? {} : { storyFirst: true as const }),
        acts: acts.map((one) => ({ act: actOf(one, roomIds), times: 1 })),
        faults: wanted.faults ?? {},
        until: { ...bounds, worlds: wanted.worlds ?? bounds.worlds },
      },
      expect: guarantees.map((guarantee) => ({
        guarantee,
        verdict: 'holds' as const,
        at: null,
        by: null,
        shadow: 'happens' as const,
      })),
      without: [],
    },
  };
};
