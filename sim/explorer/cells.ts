/**
 * A world as cells: one small number for each part that changes by itself, in a tree of branches. Which parts those are is
 * said here and nowhere else; whatever is not a branch is a leaf, kept whole.
 *
 * The finer the cells, the fewer values each takes: an inbox has a few hundred, a server as a whole as many as there are worlds.
 */
import type { Interner } from './intern.ts';

export type Leaf = { readonly kind: 'leaf'; readonly name: string; readonly cell: number; readonly scope: number };
export type Branch = {
  readonly kind: 'branch';
  readonly name: string;
  readonly path: readonly string[];
  readonly nth: number;
  readonly isList: boolean;
  /** Holds whether the branch is there at all. */
  readonly cell: number;
  /** What may change behind somebody's back together: see `scopeAt`. */
  readonly scope: number;
  /** In the order in which they were first seen, which stands for the order of names. */
  readonly children: (Leaf | Branch)[];
  readonly byName: Map<string, Leaf | Branch>;
};

/** Paths of branches; `*` is any name. */
const branchPaths: readonly (readonly string[])[] = [
  [],
  ['devices'],
  ['devices', '*'],
  ['devices', '*', 'store'],
  ['servers'],
  ['servers', '*'],
  ['servers', '*', 'users'],
  ['servers', '*', 'users', '*'],
  ['servers', '*', 'users', '*', 'keys'],
  ['servers', '*', 'inboxes'],
  ['servers', '*', 'inboxes', '*'],
  ['servers', '*', 'inboxes', '*', '*'],
  ['servers', '*', 'inboxes', '*', '*', 'messages'],
  ['servers', '*', 'streams'],
  ['servers', '*', 'rooms'],
  ['servers', '*', 'rooms', '*'],
  ['servers', '*', 'rooms', '*', 'state'],
  ['servers', '*', 'rooms', '*', 'timeline'],
  ['servers', '*', 'links'],
  ['servers', '*', 'links', '*'],
  ['servers', '*', 'links', '*', 'outgoing'],
  ['attackers'],
  ['attackers', '*'],
  ['attackers', '*', 'recorded'],
  ['attackers', '*', 'recorded', '*'],
  ['budgets'],
];
/** Branches that are lists: their children are named by their index, and what is added at the end changes nothing else. */
const listPaths: typeof branchPaths = [
  ['servers', '*', 'inboxes', '*', '*', 'messages'],
  ['servers', '*', 'rooms', '*', 'timeline'],
  ['servers', '*', 'links', '*', 'outgoing'],
  ['attackers', '*', 'recorded', '*'],
];
const isAmong = (paths: typeof branchPaths, path: readonly string[]): boolean =>
  paths.some(
    (wanted) => wanted.length === path.length && wanted.every((part, at) => part === '*' || part === path[at]),
  );

/** Branches that a request may change as a whole: one server. */
const isScope = (path: readonly string[]): boolean => path.length === 2 && path[0] === 'servers';

export type Cells = {
  readonly root: Branch;
  /** What each cell is of, in order; `null` for further numbers. A branch comes before what is in it. */
  readonly nodes: () => readonly (Leaf | Branch | null)[];
  /** The path of each cell in order; `null` for further numbers. */
  readonly paths: () => readonly (readonly string[] | null)[];
  /** The cell of that path, made when it was not there; the branch it is in must be there. */
  readonly make: (path: readonly string[]) => number;
  /** The branch that is that scope; none for what only the step itself changes. */
  readonly scoped: (scope: number) => Branch | undefined;
  /** The child of that name, made when it was not there. */
  readonly child: (branch: Branch, name: string) => Leaf | Branch;
  /** Further numbers to be kept beside a world's parts. */
  readonly further: () => number;
  readonly branchAt: (...path: readonly string[]) => Branch;
  readonly branchNth: (nth: number) => Branch;
  /** Writes a value into the cells of a branch. */
  readonly split: (value: unknown, into: Int32Array) => void;
  /** The value that the cells of a branch stand for. */
  readonly join: (cells: Int32Array, branch?: Branch) => unknown;
};

/** More cells than were made room for: whoever catches it begins again with more. */
export class TooManyCells extends Error {}

/** @param cellsMax cells that a world has room for; one more throws `TooManyCells` */
export const makeCells = (interner: Interner, cellsMax: number): Cells => {
  const paths: (readonly string[] | null)[] = [];
  const nodes: (Leaf | Branch | null)[] = [];
  const scopes: (Branch | undefined)[] = [undefined];
  const branches: Branch[] = [];
  const here = interner.idOf(true);
  const take = (path: readonly string[] | null): number => {
    if (paths.length === cellsMax) throw new TooManyCells(`a world has more than ${cellsMax} cells`);
    return paths.push(path) - 1;
  };
  const makeBranch = (name: string, path: readonly string[], above: number): Branch => {
    const scope = isScope(path) ? scopes.length : above;
    const nth = branches.length;
    const branch: Branch = {
      kind: 'branch',
      name,
      path,
      nth,
      isList: isAmong(listPaths, path),
      cell: take(path),
      scope,
      children: [],
      byName: new Map(),
    };
    branches.push(branch);
    nodes[branch.cell] = branch;
    if (isScope(path)) scopes.push(branch);
    return branch;
  };
  const root = makeBranch('', [], 0);

  const child: Cells['child'] = (branch, name) => {
    const known = branch.byName.get(name);
    if (known !== undefined) return known;
    const path = [...branch.path, name];
    const made: Leaf | Branch = isAmong(branchPaths, path)
      ? makeBranch(name, path, branch.scope)
      : { kind: 'leaf', name, cell: take(path), scope: branch.scope };
    nodes[made.cell] = made;
    branch.children.push(made);
    branch.byName.set(name, made);
    return made;
  };

  const splitBranch = (branch: Branch, value: object, into: Int32Array): void => {
    into[branch.cell] = here;
    for (const [name, own] of Object.entries(value)) {
      if (own === undefined) continue;
      const at = child(branch, name);
      if (at.kind === 'leaf') into[at.cell] = interner.idOf(own);
      else splitBranch(at, own as object, into);
    }
  };

  const joinBranch = (branch: Branch, cells: Int32Array): unknown => {
    const there = branch.children.filter(({ cell }) => cells[cell] !== 0);
    const held = (at: Leaf | Branch): unknown =>
      at.kind === 'leaf' ? interner.valueOf(cells[at.cell] ?? 0) : joinBranch(at, cells);
    return branch.isList ? there.map(held) : Object.fromEntries(there.map((at) => [at.name, held(at)]));
  };

  const branchAt = (...path: readonly string[]): Branch => {
    let at = root;
    for (const name of path) {
      const next = child(at, name);
      if (next.kind === 'leaf') throw new Error(`${path.join('.')} is one cell: is its path missing from branchPaths?`);
      at = next;
    }
    return at;
  };

  return {
    root,
    nodes: () => nodes,
    paths: () => paths,
    make: (path) => (path.length === 0 ? root : child(branchAt(...path.slice(0, -1)), path.at(-1) ?? '')).cell,
    scoped: (scope) => scopes[scope],
    child,
    further: () => {
      const cell = take(null);
      nodes[cell] = null;
      return cell;
    },
    branchAt,
    branchNth: (nth) => {
      const branch = branches[nth];
      if (branch === undefined) throw new Error(`there is no branch ${nth}`);
      return branch;
    },
    split: (value, into) => splitBranch(root, value as object, into),
    join: (cells, branch = root) => joinBranch(branch, cells),
  };
};
