/**
 * `npm run commute`: of two next choices of different players, how many come to the same world in either order, and what the others differ
 * in. Worlds are told apart by all that is in them, and then in their canonical form. What is left over is looked at: whether anybody
 * sees a difference. Where nobody does, two worlds should be one.
 */
import { type Json, type JsonObject, without } from '../../machines/json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { choices } from '../engine/open-choices.ts';
import { begin } from '../engine/prologue.ts';
import type { Stage } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import type { World } from '../engine/world.ts';
import { inForm } from '../explorer/canonical.ts';
import { ordered } from '../fuzz/luck.ts';
import { respond } from '../homeserver/index.ts';
import { stageWith } from '../verbs/port.ts';
import { roomsOfBench, secretsOfBench } from './casts.ts';

/** What only names an event: who is told of two of them in one order or the other is another matter. */
const nameless = (value: Json | undefined): Json => {
  if (Array.isArray(value)) return value.map(nameless);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const { event_id: _id, depth: _depth, next_batch: _token, prev_batch: _place, ...rest } = value as JsonObject;
  return Object.fromEntries(Object.entries(rest).map(([name, own]) => [name, nameless(own)]));
};

/** All that anybody can see in a world, kind by kind, from what is plainest on. */
const sights: readonly (readonly [kind: string, sight: (world: World) => unknown])[] = [
  [
    'a device had news before the other choice, or has what came of it too',
    ({ devices }) =>
      Object.entries(devices).map(([player, { store, charts }]) => [player, { ...store, nextBatch: null }, charts]),
  ],
  ['a device is brought letters in another order, or others', (world) => newsOf(world, 'to_device')],
  ['a device is told of events of a room in another order, or of others', (world) => newsOf(world, 'rooms')],
  ['a device is told of something else it has not read', (world) => newsOf(world)],
  [
    'a server is handed transactions in another order, or others',
    ({ servers }) => Object.values(servers).map(({ links }) => Object.values(links).map(({ outgoing }) => outgoing)),
  ],
  [
    'a server has other keys left to give, another backup or other files',
    ({ servers }) =>
      Object.values(servers).map(({ users, media }) => [
        media,
        Object.values(users).map(({ keys, backup, crossSigning }) => [keys, backup, crossSigning]),
      ]),
  ],
  ['an attacker knows something else', ({ attackers }) => attackers],
];

/** What each device's next sync would bring it, or one part of that. */
const newsOf = ({ devices, servers, now }: World, part?: string): readonly Json[] =>
  Object.values(devices).map(({ store: { me, nextBatch } }) => {
    const server = servers[me.server];
    if (server === undefined) return null;
    const query = nextBatch === null ? {} : { query: { since: nextBatch } };
    const asked = { accessToken: me.accessToken, method: 'GET', path: '/_matrix/client/v3/sync', ...query } as const;
    const body = respond(server, asked, now).response.body as JsonObject;
    return part === undefined ? without(body, 'next_batch') : (body[part] ?? null);
  }) as readonly Json[];

/** How two worlds differ to somebody; `null` where nobody sees a difference. */
const seenIn = (one: World, other: World): string | null =>
  sights.find(([, sight]) => ordered(nameless(sight(one) as Json)) !== ordered(nameless(sight(other) as Json)))?.[0] ??
  null;

/** Worlds from which pairs are taken: so many of each of the first levels. */
const [levels, worldsOfLevel, foundMax] = [4, 60, 400];

export type Commuting = {
  readonly pairs: number;
  readonly exactly: number;
  readonly inForm: number;
  /** What others differ in → pairs. */
  readonly seen: ReadonlyMap<string, number>;
  /** Pairs that come to two worlds between which nobody sees a difference, as they are told: their choices and where they differ. */
  readonly unseen: readonly string[];
};

const levelAfter = (stage: Stage, level: readonly World[], known: Set<string>): readonly World[] => {
  const next: World[] = [];
  for (const world of level) {
    for (const { id } of choices(stage, world)) {
      const to = step(stage, world, id).world;
      const text = ordered(to);
      if (!known.has(text)) next.push(to);
      known.add(text);
    }
    if (next.length > foundMax) break;
  }
  return next.slice(0, worldsOfLevel);
};

/** Every pair of choices by different players in the first worlds of a cast. */
export const commutingIn = (stage: Stage): Commuting => {
  let level: readonly World[] = [begin(stage)];
  const known = new Set<string>();
  const seen = new Map<string, number>();
  const unseen: string[] = [];
  let [pairs, exactly, asForms] = [0, 0, 0];
  const look = (world: World, one: string, other: string): void => {
    const there = (first: string, second: string): World | null => {
      const between = step(stage, world, first).world;
      return choices(stage, between).some(({ id }) => id === second) ? step(stage, between, second).world : null;
    };
    const [to, back] = [there(one, other), there(other, one)];
    if (to === null || back === null) return;
    pairs += 1;
    if (ordered(to) === ordered(back)) exactly += 1;
    const forms = [inForm(stage, to), inForm(stage, back)] as const;
    if (ordered(forms[0]) === ordered(forms[1])) {
      asForms += 1;
      return;
    }
    const kind = seenIn(...forms);
    if (kind === null) unseen.push(`${one} and ${other}`);
    else seen.set(kind, (seen.get(kind) ?? 0) + 1);
  };
  for (let depth = 0; depth < levels; depth += 1) {
    for (const world of level) {
      const open = choices(stage, world);
      for (const [nth, one] of open.entries())
        for (const other of open.slice(nth + 1)) if (one.who !== other.who) look(world, one.id, other.id);
    }
    level = levelAfter(stage, level, known);
  }
  return { pairs, exactly, inForm: asForms, seen, unseen };
};

const share = (count: number, of: number): string => `${count} (${Math.round((100 * count) / of)} %)`;

const printCommuting = (name: string, { pairs, exactly, inForm: asForms, seen, unseen }: Commuting): void => {
  console.log(`${name}: ${pairs} pairs of next choices by different players`);
  console.log(
    `  ${share(exactly, pairs)} come to the same world in either order, ${share(asForms, pairs)} to one form`,
  );
  for (const [kind, count] of [...seen].toSorted(([, one], [, other]) => other - one))
    console.log(`  ${share(count, pairs)}: ${kind}`);
  console.log(
    `  ${share(unseen.length, pairs)}: nobody sees a difference${unseen.length === 0 ? '' : `, as ${unseen[0]}`}`,
  );
};

if (import.meta.main)
  for (const [name, scenario] of [
    ['rooms', roomsOfBench()],
    ['secrets', secretsOfBench()],
  ] as const)
    printCommuting(name, commutingIn(stageWith(scenario, { seed: '1', suite: makeSymbolicSuite('1'), free: true })));
