/**
 * What is remembered of steps: for each call a tree of what it looked at. At a node the call looks at a cell (or which members a
 * branch has, or what a nested call answers), and goes on according to what it finds; or it writes; or it is done. Whoever
 * walks the tree sees numbers only, and never runs the step.
 *
 * Nodes are numbers from 1 on, in one typed array; the first way on from a node stands in it (most have no other, and lie side
 * by side in the order they were first gone), further ones in one hash table of (node, value) → node. Half of a search is
 * spent walking here.
 */

/** `unknown` is where nobody has been yet. */
export const Kind = { unknown: 0, read: 1, has: 2, names: 3, call: 4, write: 5, done: 6 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What a walker looks at. */
export type Ground = {
  readonly now: Int32Array;
  readonly sortOf: (cell: number) => number;
  readonly namesOf: (branch: number) => number;
  readonly call: (call: number) => number;
  readonly write: (cell: number, id: number) => void;
};

export type Ways = {
  readonly kindOf: (node: number) => Kind;
  /** The cell, branch, call or result that a node is about. */
  readonly aboutOf: (node: number) => number;
  /** What a `write` writes. */
  readonly writtenOf: (node: number) => number;
  /** Where a node leads on that value, 0 when nobody has gone there. */
  readonly next: (node: number, value: number) => number;
  readonly add: (from: number, value: number, kind: Kind, about: number, written: number) => number;
  /** A node to begin a tree at: it leads on at value 0. */
  readonly begin: () => number;
  /** Walks from the beginning of a call to its result, or to where nobody has been: -1. */
  readonly walk: (begin: number, ground: Ground) => number;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** Of a node: its kind, what it is about, what it writes, the first value that led on from it, and where to. */
const stride = 5;

export const makeWays = (): Ways => {
  let nodes = new Int32Array(stride << 14);
  let size = 1;
  /** Triples: node, value, next. */
  let edges = new Int32Array(3 << 14);
  let mask = (1 << 14) - 1;
  let count = 0;

  const placeOf = (node: number, value: number): number => {
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = 3 * ((hash ^ (hash >>> 13)) & mask);
    while (edges[at] !== 0 && (edges[at] !== node || edges[at + 1] !== value)) at = at === 3 * mask ? 0 : at + 3;
    return at;
  };
  const growEdges = (): void => {
    const old = edges;
    edges = new Int32Array(old.length * 2);
    mask = mask * 2 + 1;
    for (let at = 0; at < old.length; at += 3) {
      const node = old[at] as number;
      if (node === 0) continue;
      const place = placeOf(node, old[at + 1] as number);
      edges[place] = node;
      edges[place + 1] = old[at + 1] as number;
      edges[place + 2] = old[at + 2] as number;
    }
  };
  const make = (kind: Kind, about: number, written: number): number => {
    if ((size + 1) * stride > nodes.length) {
      const wider = new Int32Array(nodes.length * 2);
      wider.set(nodes);
      nodes = wider;
    }
    const at = size * stride;
    nodes[at] = kind;
    nodes[at + 1] = about;
    nodes[at + 2] = written;
    size += 1;
    return size - 1;
  };
  const next = (node: number, value: number): number => {
    const at = node * stride;
    if (nodes[at + 3] === value) return nodes[at + 4] as number;
    return edges[placeOf(node, value) + 2] as number;
  };

  return {
    kindOf: (node) => nodes[node * stride] as Kind,
    aboutOf: (node) => nodes[node * stride + 1] as number,
    writtenOf: (node) => nodes[node * stride + 2] as number,
    next,
    add: (from, value, kind, about, written) => {
      const made = make(kind, about, written);
      const at = from * stride;
      if (nodes[at + 4] === 0) {
        nodes[at + 3] = value;
        nodes[at + 4] = made;
        return made;
      }
      if (count * 2 > mask) growEdges();
      const place = placeOf(from, value);
      edges[place] = from;
      edges[place + 1] = value;
      edges[place + 2] = made;
      count += 1;
      return made;
    },
    begin: () => make(Kind.unknown, 0, 0),
    walk: (begin, { now, sortOf, namesOf, call, write }) => {
      let node = begin;
      let value = 0;
      for (;;) {
        node = next(node, value);
        const at = node * stride;
        const about = nodes[at + 1] as number;
        switch (nodes[at]) {
          case Kind.read:
            value = now[about] as number;
            break;
          case Kind.has:
            value = sortOf(about);
            break;
          case Kind.names:
            value = namesOf(about);
            break;
          case Kind.call:
            value = call(about);
            break;
          case Kind.write:
            write(about, nodes[at + 2] as number);
            value = 0;
            break;
          case Kind.done:
            return about;
          default:
            return -1;
        }
      }
    },
    size: () => size,
    bytes: () => edges.byteLength + nodes.byteLength,
  };
};
