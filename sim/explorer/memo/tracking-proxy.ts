/**
 * Stand-ins for the parts of a world: objects that look like the part, and tell a watcher when somebody looks. They are proxies
 * over the value itself, or for a branch over nothing.
 */
import type { Branch, Leaf } from '../cells.ts';

/** Asked of any object, a stand-in answers with what it stands for. Nothing else has this name. */
const standing: unique symbol = Symbol('stands for');

export type LeafStanding = {
  readonly is: 'leaf';
  readonly leaf: Leaf;
  readonly id: number;
  readonly born: number;
  /** Somebody is about to see all of it. */
  readonly look: () => void;
};
export type BranchStanding = { readonly is: 'branch'; readonly branch: Branch; readonly born: number };

export const standingOf = (value: object): LeafStanding | BranchStanding | undefined =>
  (value as { readonly [standing]?: LeafStanding | BranchStanding })[standing];

/** Proxy handlers as classes: thousands are made a second, and closures for each trap cost three times as much. */
class LeafHandler implements ProxyHandler<object>, LeafStanding {
  readonly is = 'leaf';
  readonly leaf: Leaf;
  readonly id: number;
  readonly born: number;
  private wasSeen = false;
  private readonly watch: (stood: LeafStanding) => void;
  constructor(leaf: Leaf, id: number, born: number, watch: (stood: LeafStanding) => void) {
    this.leaf = leaf;
    this.id = id;
    this.born = born;
    this.watch = watch;
  }
  look(): void {
    if (this.wasSeen) return;
    this.watch(this);
    this.wasSeen = true;
  }
  get(target: object, name: string | symbol): unknown {
    if (name === standing) return this;
    this.look();
    return Reflect.get(target, name);
  }
  has(target: object, name: string | symbol): boolean {
    this.look();
    return Reflect.has(target, name);
  }
  ownKeys(target: object): (string | symbol)[] {
    this.look();
    return Reflect.ownKeys(target);
  }
  getOwnPropertyDescriptor(target: object, name: string | symbol): PropertyDescriptor | undefined {
    this.look();
    return Reflect.getOwnPropertyDescriptor(target, name);
  }
}

/** `watch` is called once, before anything of the value can be seen. */
export const leafStandIn = (
  value: object,
  leaf: Leaf,
  id: number,
  born: number,
  watch: (stood: LeafStanding) => void,
): object => new Proxy(value, new LeafHandler(leaf, id, born, watch));

/** What a branch is asked, and when it was handed out. */
export type BranchEyes = {
  readonly member: (stood: BranchStanding, name: string) => unknown;
  /** Names of the members that are there. */
  readonly names: (stood: BranchStanding) => readonly string[];
};

class BranchHandler implements ProxyHandler<object>, BranchStanding {
  readonly is = 'branch';
  readonly branch: Branch;
  readonly born: number;
  private readonly eyes: BranchEyes;
  constructor(branch: Branch, born: number, eyes: BranchEyes) {
    this.branch = branch;
    this.born = born;
    this.eyes = eyes;
  }
  get(_target: object, name: string | symbol): unknown {
    if (typeof name === 'symbol') return name === standing ? this : undefined;
    return this.eyes.member(this, name);
  }
  has(_target: object, name: string | symbol): boolean {
    return typeof name === 'string' && this.eyes.member(this, name) !== undefined;
  }
  ownKeys(_target: object): readonly string[] {
    return this.eyes.names(this);
  }
  getOwnPropertyDescriptor(_target: object, name: string | symbol): PropertyDescriptor | undefined {
    const own = typeof name === 'string' ? this.eyes.member(this, name) : undefined;
    return own === undefined ? undefined : { value: own, writable: true, enumerable: true, configurable: true };
  }
}

/** A list answers for its elements; its length stands in the target, as a proxy has to have it. */
class ListHandler extends BranchHandler {
  private isElement(name: string | symbol): boolean {
    return typeof name === 'string' && name >= '0' && name < ':';
  }
  override get(target: object, name: string | symbol): unknown {
    if (this.isElement(name) || name === standing) return super.get(target, name);
    if (name === 'length') super.ownKeys(target);
    return Reflect.get(target, name);
  }
  override has(target: object, name: string | symbol): boolean {
    return this.isElement(name) ? super.has(target, name) : Reflect.has(target, name);
  }
  override ownKeys(target: object): readonly string[] {
    return [...super.ownKeys(target), 'length'];
  }
  override getOwnPropertyDescriptor(target: object, name: string | symbol): PropertyDescriptor | undefined {
    return this.isElement(name)
      ? super.getOwnPropertyDescriptor(target, name)
      : Reflect.getOwnPropertyDescriptor(target, name);
  }
}

/** @param length of a list */
export const branchStandIn = (branch: Branch, born: number, length: number, eyes: BranchEyes): object =>
  branch.isList
    ? new Proxy(new Array(length), new ListHandler(branch, born, eyes))
    : new Proxy({}, new BranchHandler(branch, born, eyes));
