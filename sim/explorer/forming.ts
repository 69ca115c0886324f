/**
 * Worlds as cells are brought into their canonical form part by part. Each part goes by few cells, and of what is in them by numbers alone:
 * these are its outline. Where no cell has changed in a step there is nothing to do, and what came of an outline is remembered.
 */

import type { World } from '../engine/world.ts';
import type { RoomEntry, User } from '../homeserver/types.ts';
import { type Account, accountInForm, type Line, lineInForm, type partsOf } from './canonical.ts';
import type { Branch, Cells, Leaf } from './cells.ts';
import type { Interner } from './intern.ts';

/** `before`: a world in form, from which a step has led to `now`, which is brought into form where it stands. */
export type Forming = (before: Int32Array, now: Int32Array) => void;

/** What of a value a part goes by, and the value of which that has become something else. */
type Outline = {
  readonly of: (value: unknown, nth: number) => unknown;
  readonly with: (value: unknown, outline: unknown) => unknown;
};
const whole: Outline = { of: (value) => value, with: (_value, outline) => outline };
const outline = <V, O>(of: (value: V, nth: number) => O, put: (value: V, outline: O) => V): Outline => ({
  of: (value, nth) => of(value as V, nth),
  with: (value, outline) => put(value as V, outline as O),
});

type At = { readonly at: number };
type Message = At & { readonly event: unknown };
/** A letter's event stands for its place among those that wait: some may be left out. */
const letter = outline<Message, Message>(
  ({ at }, nth) => ({ at, event: nth }),
  ({ event }, { at }) => ({ at, event }),
);
const claims = outline<User['keys'][string], { readonly claimedAt: number }>(
  ({ claimedAt }) => ({ claimedAt }),
  (keys, { claimedAt }) => ({ ...keys, claimedAt }),
);
const accountData = outline<User['accountData'], Readonly<Record<string, At>>>(
  (all) => Object.fromEntries(Object.entries(all).map(([type, { at }]) => [type, { at }])),
  (all, places) =>
    Object.fromEntries(Object.entries(all).map(([type, one]) => [type, { ...one, at: places[type]?.at ?? one.at }])),
);
const entryFor = (user: string): Outline =>
  outline<RoomEntry, Pick<RoomEntry, 'told'>>(
    ({ told }) => ({ told: told[user] === undefined ? {} : { [user]: told[user] } }),
    (entry, { told }) => ({ ...entry, told: { ...entry.told, ...told } }),
  );

type Part = {
  /** `null` where it does not look. */
  readonly outlineAt: (path: readonly string[]) => Outline | null;
  readonly form: (world: World) => World;
};

const partOfAccount = (account: Account): Part => {
  const { server, user } = account;
  const entry = entryFor(user);
  const ofServer = (kind: string, [whose, what, ...rest]: readonly (string | undefined)[]): Outline | null => {
    if (kind === 'rooms')
      return what === undefined || (what === 'timeline' && rest[0] === undefined)
        ? whole
        : what === 'timeline'
          ? entry
          : null;
    if (whose !== undefined && whose !== user) return null;
    switch (kind) {
      case 'streams':
        return whole;
      case 'inboxes':
        return rest[0] === 'sent' ? null : rest[1] === undefined ? whole : letter;
      case 'users':
        if (what === 'accountData') return accountData;
        return what === undefined ? whole : what !== 'keys' ? null : rest[0] === undefined ? whole : claims;
      default:
        return null;
    }
  };
  return {
    outlineAt: ([root, name, kind, ...rest]) => {
      if (root === 'copies') return whole;
      const [whose] = rest;
      if (root === 'devices')
        return kind === undefined || (kind === 'store' && [undefined, 'me', 'nextBatch'].includes(whose))
          ? whole
          : null;
      if (root !== 'servers' || (name !== undefined && name !== server)) return null;
      return kind === undefined ? whole : ofServer(kind, rest);
    },
    form: (world) => accountInForm(world, account),
  };
};

const partOfLine = (line: Line): Part => ({
  outlineAt: ([root, name, kind, other]) => {
    if (root !== 'servers') return null;
    if (name === undefined) return whole;
    if (name !== line.from && name !== line.to) return null;
    if (kind === undefined || kind === 'name') return whole;
    return kind === 'links' && (other === undefined || other === (name === line.from ? line.to : line.from))
      ? whole
      : null;
  },
  form: (world) => lineInForm(world, line),
});

/** `nth`: among what a list holds. */
type Node = {
  readonly at: Leaf | Branch;
  readonly path: readonly string[];
  readonly outline: Outline;
  readonly nth: number;
};

/** These values, and nothing else: whoever looks at more of the world finds nothing there. */
const joined = (nodes: readonly Node[], held: (nth: number) => unknown): World => {
  const root = {};
  for (const [nth, { at, path }] of nodes.entries()) {
    const own = held(nth);
    if (own === undefined) continue;
    const value = at.kind === 'leaf' ? own : at.isList ? [] : {};
    const above = path.slice(0, -1).reduce<object>((now, name) => Reflect.get(now, name), root);
    if (Array.isArray(above)) above.push(value);
    else Reflect.set(above, path.at(-1) ?? '', value);
  }
  return root as World;
};

const valueAt = (world: World, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (now, name) =>
      now === undefined || !Object.hasOwn(now as object, name) ? undefined : Reflect.get(now as object, name),
    world,
  );

/** Both numbers as one, which is exact up to sixty-seven million of each. */
const both = (one: number, other: number): number => one * 2 ** 26 + other;

const makePart = (cells: Cells, interner: Interner, { outlineAt, form }: Part): Forming => {
  let nodes: Node[] = [];
  /** Of the nodes: the cell of each, the outline that it holds, and what it held. */
  let numbers = new Int32Array(0);
  let ids = new Int32Array(0);
  let held = new Int32Array(0);
  let known = 0;
  /** What outlines come to, as ids by node, 0 where nothing is left; `null`: to themselves. */
  const remembered = new Map<string, Int32Array | null>();
  /** By outline: value → its outline, both as ids; and value and new outline → new value. */
  const outlines = new Map<Outline, Map<number, number>>();
  const dressed = new Map<Outline, Map<number, number>>();
  const here = interner.idOf(true);

  const look = (): void => {
    const [all, paths] = [cells.nodes(), cells.paths()];
    if (all.length === known) return;
    for (let cell = Math.max(known, 1); cell < all.length; cell += 1) {
      const [at, path] = [all[cell], paths[cell]];
      const found = at == null || path == null ? null : outlineAt(path);
      if (at != null && path != null && found !== null)
        nodes = [...nodes, { at, path, outline: found, nth: Number(path.at(-1)) || 0 }];
    }
    numbers = Int32Array.from(nodes, ({ at }) => at.cell);
    ids = new Int32Array(nodes.length);
    held = new Int32Array(nodes.length);
    known = all.length;
  };

  const remember = (by: Map<Outline, Map<number, number>>, of: Outline, key: number, make: () => unknown): number => {
    let table = by.get(of);
    if (table === undefined) {
      table = new Map();
      by.set(of, table);
    }
    let id = table.get(key);
    if (id === undefined) {
      id = interner.idOf(make());
      table.set(key, id);
    }
    return id;
  };
  const outlineOf = ({ outline: of, nth, at }: Node, id: number): number =>
    id === 0 || at.kind === 'branch' || of === whole
      ? id
      : remember(outlines, of, both(id, nth), () => of.of(interner.valueOf(id), nth));

  const formed = (): Int32Array | null => {
    const before = joined(nodes, (nth) => interner.valueOf(ids[nth] ?? 0));
    const after = form(before);
    if (after === before) return null;
    const now = nodes.map(({ at, path }) => {
      const value = valueAt(after, path);
      return value === undefined ? 0 : at.kind === 'leaf' ? interner.idOf(value) : here;
    });
    return now.every((id, nth) => id === ids[nth]) ? null : Int32Array.from(now);
  };

  /** The cell that a node's new value is made from: its own, or that of the letter that has moved there. */
  const sourceOf = (nth: number, node: Node, now: number): number => {
    if (node.outline !== letter) return nth;
    const { event } = interner.valueOf(now) as Message;
    return nodes.findIndex(
      ({ path, outline: of, nth: place }) =>
        of === letter &&
        place === event &&
        path.every((name, depth) => depth === path.length - 1 || name === node.path[depth]),
    );
  };
  const write = (done: Int32Array, now: Int32Array): void => {
    for (let nth = 0; nth < numbers.length; nth += 1) held[nth] = now[numbers[nth] as number] as number;
    for (let nth = 0; nth < numbers.length; nth += 1) {
      const to = done[nth] as number;
      if (to === ids[nth]) continue;
      const node = nodes[nth] as Node;
      const isPlain = to === 0 || node.outline === whole || node.at.kind === 'branch';
      const from = isPlain ? 0 : (held[sourceOf(nth, node, to)] as number);
      now[numbers[nth] as number] = isPlain
        ? to
        : remember(dressed, node.outline, both(from, to), () =>
            node.outline.with(interner.valueOf(from), interner.valueOf(to)),
          );
    }
  };

  const isSame = (before: Int32Array, now: Int32Array): boolean => {
    for (let nth = 0; nth < numbers.length; nth += 1)
      if (now[numbers[nth] as number] !== before[numbers[nth] as number]) return false;
    return true;
  };

  return (before, now) => {
    look();
    if (isSame(before, now)) return;
    // Keys of fewer cells are shorter.
    let key = '';
    for (let nth = 0; nth < nodes.length; nth += 1) {
      const id = outlineOf(nodes[nth] as Node, now[numbers[nth] as number] as number);
      ids[nth] = id;
      key += String.fromCharCode(id & 0x7fff, id >> 15);
    }
    let done = remembered.get(key);
    if (done === undefined) {
      done = formed();
      remembered.set(key, done);
    }
    if (done !== null) write(done, now);
  };
};

/** All parts one after the other. */
export const makeForming = (
  cells: Cells,
  interner: Interner,
  { accounts, lines }: ReturnType<typeof partsOf>,
): Forming => {
  const parts = [...accounts.map(partOfAccount), ...lines.map(partOfLine)].map((part) =>
    makePart(cells, interner, part),
  );
  return (before, now) => {
    for (const part of parts) part(before, now);
  };
};
