/**
 * Watches a step at work: what it is given are stand-ins for the parts of a world, and whatever it looks at is written down as a
 * way (`ways.ts`) that others who find the same can walk without running the step again.
 *
 * A stand-in stands for what a cell held when it was handed out. When the cell has changed since and nobody had looked, it
 * can no longer say, and looking is an error: steps go on with the world they got back, not with the one before.
 */
import { named } from '../../engine/names.ts';
import type { Branch, Cells, Leaf } from '../cells.ts';
import { type Interner, makeInterner } from '../intern.ts';
import { Kind, type Ways } from './read-trie.ts';
import {
  type BranchEyes,
  type BranchStanding,
  branchStandIn,
  type LeafStanding,
  leafStandIn,
  standingOf,
} from './tracking-proxy.ts';

/** What a nested call may have changed: one scope, everything, or nothing. */
export type Changes = number | 'everything' | 'nothing';

export type Recorder = {
  /** What `branch` holds now, as a stand-in. */
  readonly standIn: (branch: Branch) => object;
  /** Writes what is new in `value` into the cells of `branch`. */
  readonly write: (branch: Branch, value: object) => void;
  /** Makes a nested call: its result. */
  readonly call: (call: number, changes: Changes) => number;
  readonly done: (result: number) => void;
};

export type Recorders = {
  readonly interner: Interner;
  readonly cells: Cells;
  /** Begins to watch a step, whose way begins at that node. */
  readonly record: (begin: number) => Recorder;
  /** The recorder whose step is at work. */
  readonly at: () => Recorder | undefined;
  readonly leave: () => void;
};

/** What kind of value a cell holds: nothing, an object (of which a stand-in can be made), or a plain value. */
export const sortOf = (interner: Interner, id: number): 0 | 1 | 2 => (id === 0 ? 0 : interner.isObject(id) ? 1 : 2);

/** Which children a branch has and of what sort, as one number: two bits a child, or the id of a text when they do not fit. */
export const namesOf = (interner: Interner, branch: Branch, cells: Int32Array): number => {
  const { children } = branch;
  if (children.length > 15) {
    let text = '';
    for (const { cell } of children) text += sortOf(interner, cells[cell] as number);
    return -interner.idOf(text.replace(/0+$/, ''));
  }
  let names = 0;
  for (let at = 0; at < children.length; at += 1)
    names |= sortOf(interner, cells[(children[at] as Leaf | Branch).cell] as number) << (2 * at);
  return names;
};

type Setting = {
  /** The world at hand, which steps read and write. */
  readonly now: Int32Array;
  readonly ways: Ways;
  /** Told of each write before it is made. */
  readonly undo: (cell: number) => void;
  /** Makes a nested call on the world at hand. */
  readonly run: (call: number) => number;
};

/** One recorder for each depth of nesting, used again and again: a step around another waits for it. */
export const makeRecorders = (setting: Setting, layout: (interner: Interner) => Cells): Recorders => {
  const frames: Frame[] = [];
  const clock: Clock = { at: 1, depth: 0 };
  const interner = makeInterner((value) => {
    const stood = standingOf(value);
    if (stood?.is !== 'leaf') return undefined;
    stood.look();
    return stood.id;
  });
  const cells = layout(interner);
  return {
    interner,
    cells,
    record: (begin) => {
      const frame = frames[clock.depth] ?? makeFrame(setting, cells, interner, clock, clock.depth + 1);
      frames[clock.depth] = frame;
      clock.depth += 1;
      frame.begin(begin);
      return frame;
    },
    at: () => frames[clock.depth - 1],
    leave: () => {
      clock.depth -= 1;
    },
  };
};

/** Time never goes back, so that whatever an earlier step left in a frame's tables is simply too old. */
type Clock = { at: number; depth: number };
/** A value to be put into a cell that is within those branches. */
type Put = { readonly cell: number; readonly id: number; readonly within: readonly Branch[] };
type Frame = Recorder & { readonly begin: (node: number) => void };

const makeFrame = (
  { now, ways, undo, run }: Setting,
  cells: Cells,
  interner: Interner,
  clock: Clock,
  depth: number,
): Frame => {
  let node = 0;
  let value = 0;
  let begun = 0;
  let allChanged = 0;
  const times = () => new Float64Array(now.length);
  /** When a cell, a branch (by its cell) and a scope last changed, since when each is known, and since when its sort or names. */
  const cellChanged = times();
  const branchChanged = times();
  const scopeChanged = times();
  const knownSince = times();
  const sortSince = times();
  const namesSince = times();
  const knownId = new Int32Array(now.length);
  /** Stand-ins handed out, by cell, and when. */
  const handedOut: object[] = [];
  const handedOutAt = times();

  const scopeAt = (scope: number): number => Math.max(begun, allChanged, scopeChanged[scope] as number);
  const changedAt = (at: Leaf | Branch): number => Math.max(scopeAt(at.scope), cellChanged[at.cell] as number);
  const branchChangedAt = (branch: Branch): number =>
    Math.max(scopeAt(branch.scope), branchChanged[branch.cell] as number);

  const follow = (kind: Kind, about: number, written: number): void => {
    const next = ways.next(node, value);
    if (next === 0) node = ways.add(node, value, kind, about, written);
    else if (ways.kindOf(next) !== kind || ways.aboutOf(next) !== about || ways.writtenOf(next) !== written)
      throw new Error(
        `a step is no function of what it looks at: here it once did ${ways.kindOf(next)} ${ways.aboutOf(next)}, and now ${kind} ${about}. Does something keep a memory of its own, or go by the order of names?`,
      );
    else node = next;
    value = 0;
  };
  const mine = (): void => {
    if (clock.depth !== depth)
      throw new Error('a step looks at the world of the step around it: hand it over as part of what is given instead');
  };

  const watch = (stood: LeafStanding): void => {
    mine();
    const { leaf } = stood;
    const changed = changedAt(leaf);
    if (changed > stood.born) gone([leaf.name]);
    if ((knownSince[leaf.cell] as number) >= changed) return;
    follow(Kind.read, leaf.cell, 0);
    value = now[leaf.cell] as number;
    knownSince[leaf.cell] = clock.at;
    knownId[leaf.cell] = value;
  };

  const sort = (child: Leaf | Branch, above: Branch): number => {
    const is = sortOf(interner, now[child.cell] as number);
    const changed = changedAt(child);
    if ((knownSince[child.cell] as number) >= changed || (sortSince[child.cell] as number) >= changed) return is;
    if ((namesSince[above.cell] as number) >= branchChangedAt(above)) return is;
    follow(Kind.has, child.cell, 0);
    value = is;
    sortSince[child.cell] = clock.at;
    return is;
  };
  const names = (branch: Branch): void => {
    if ((namesSince[branch.cell] as number) >= branchChangedAt(branch)) return;
    follow(Kind.names, branch.nth, 0);
    value = namesOf(interner, branch, now);
    namesSince[branch.cell] = clock.at;
  };

  const leafAt = (leaf: Leaf): object => {
    if ((handedOutAt[leaf.cell] as number) >= changedAt(leaf)) return handedOut[leaf.cell] as object;
    const id = now[leaf.cell] as number;
    const made = leafStandIn(interner.valueOf(id) as object, leaf, id, clock.at, watch);
    handedOut[leaf.cell] = made;
    handedOutAt[leaf.cell] = clock.at;
    return made;
  };

  const eyes: BranchEyes = {
    member: ({ branch, born }, name) => {
      if (name === 'toJSON' || name === 'constructor') return undefined;
      mine();
      const child = cells.child(branch, name);
      if (changedAt(child) > born) gone([...branch.path, name]);
      const is = sort(child, branch);
      if (is === 0) return undefined;
      if (child.kind === 'branch') {
        if (branchChangedAt(child) > born) gone(child.path);
        return branchAt(child);
      }
      if (is === 1) return leafAt(child);
      const id = now[child.cell] as number;
      watch({ is: 'leaf', leaf: child, id, born: clock.at, look: () => {} });
      return interner.valueOf(id);
    },
    names: ({ branch, born }: BranchStanding) => {
      mine();
      if (branchChangedAt(branch) > born) gone(branch.path);
      names(branch);
      return there(branch);
    },
  };
  const there = (branch: Branch): readonly string[] => {
    const found: string[] = [];
    for (const { cell, name } of branch.children) if (now[cell] !== 0) found.push(name);
    return found;
  };
  const branchAt = (branch: Branch): object => {
    if ((handedOutAt[branch.cell] as number) >= branchChangedAt(branch)) return handedOut[branch.cell] as object;
    const made = branchStandIn(branch, clock.at, branch.isList ? there(branch).length : 0, eyes);
    handedOut[branch.cell] = made;
    handedOutAt[branch.cell] = clock.at;
    return made;
  };

  const put = (cell: number, id: number, within: readonly Branch[]): void => {
    follow(Kind.write, cell, id);
    undo(cell);
    now[cell] = id;
    clock.at += 1;
    cellChanged[cell] = clock.at;
    for (const branch of within) branchChanged[branch.cell] = clock.at;
    knownSince[cell] = clock.at;
    knownId[cell] = id;
  };
  const clear = (child: Leaf | Branch, within: readonly Branch[], into: Put[]): void => {
    if (child.kind === 'branch') {
      names(child);
      for (const one of child.children) if (now[one.cell] !== 0) clear(one, [...within, child], into);
    }
    into.push({ cell: child.cell, id: 0, within });
  };
  /** What has to be put where for `branch` to hold `written`: all of it is looked at before anything is put. */
  const puts = (branch: Branch, written: object, above: readonly Branch[], into: Put[]): void => {
    const stood = standingOf(written);
    if (stood?.is === 'branch' && stood.branch === branch) {
      if (branchChangedAt(branch) > stood.born) gone(branch.path);
      return;
    }
    const within = [...above, branch];
    names(branch);
    const given = written as Readonly<Record<string, unknown>>;
    for (const child of [...branch.children])
      if (now[child.cell] !== 0 && named(given, child.name) === undefined) clear(child, within, into);
    for (const name of Object.keys(given)) {
      const own = given[name];
      if (own === undefined) continue;
      const child = cells.child(branch, name);
      if (child.kind === 'branch') {
        if (now[child.cell] === 0) into.push({ cell: child.cell, id: interner.idOf(true), within });
        puts(child, own as object, within, into);
        continue;
      }
      const from = typeof own === 'object' && own !== null ? standingOf(own) : undefined;
      if (from?.is === 'leaf' && from.leaf === child && changedAt(child) <= from.born) continue;
      const id = interner.idOf(own);
      if ((knownSince[child.cell] as number) >= changedAt(child) && knownId[child.cell] === id) continue;
      into.push({ cell: child.cell, id, within });
    }
  };
  const write = (branch: Branch, written: object): void => {
    const all: Put[] = [];
    puts(branch, written, ancestors(cells, branch), all);
    for (const { cell, id, within } of all) put(cell, id, within);
  };

  return {
    begin: (at) => {
      node = at;
      value = 0;
      clock.at += 1;
      begun = clock.at;
    },
    standIn: branchAt,
    write,
    call: (call, changes) => {
      follow(Kind.call, call, 0);
      const result = run(call);
      value = result;
      if (changes === 'nothing') return result;
      clock.at += 1;
      if (changes === 'everything') allChanged = clock.at;
      else {
        scopeChanged[changes] = clock.at;
        const scope = cells.scoped(changes);
        // What holds a changed scope has changed as well.
        if (scope !== undefined) for (const one of ancestors(cells, scope)) branchChanged[one.cell] = clock.at;
      }
      return result;
    },
    done: (result) => follow(Kind.done, result, 0),
  };
};

/** A stand-in cannot say what it stood for any more. */
const gone = (path: readonly string[]): never => {
  throw new Error(`${path.join('.')} has changed since: does a step go on with a world from before a request?`);
};

const ancestors = (cells: Cells, branch: Branch): readonly Branch[] =>
  branch.path.map((_, length) => cells.branchAt(...branch.path.slice(0, length)));
