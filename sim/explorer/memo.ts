/**
 * Never work the same local step out twice.
 *
 * A step reads and changes a few parts of a world: a device, its server, perhaps the attackers. Worlds are many, those
 * few parts in that combination are not. What a step does is remembered by the parts it may read, and so is what each
 * guarantee makes of it.
 */

import type { Json } from '../../machines/json.ts';
import type { OpenChoice } from '../choices.ts';
import { openChoices } from '../choices.ts';
import type { Guarantee, Witness } from '../properties/types.ts';
import type { Stage } from '../stage.ts';
import { counted, perform } from '../step.ts';
import type { Step } from '../types.ts';
import type { World } from '../world.ts';
import type { Interner } from './intern.ts';
import { type Layout, rogueParts } from './layout.ts';

/** What a step does to the parts it touches, and the step itself as guarantees see it. `nth` names it. */
export type Local = {
  readonly nth: number;
  readonly changes: readonly (readonly [part: number, id: number])[];
  readonly step: Step;
};

/** Acts of a device and its person that concern nobody else until somebody syncs. */
const ownAffairs = new Set([
  'create backup',
  'reset backup',
  'delete backup',
  'check backup',
  'restore backup',
  'request secret',
  'push secret',
  'start room key',
  'accept',
  'refuse',
  'confirm sharing',
  'decline sharing',
  'restart',
  'lose a sync',
]);

/** The parts a choice may read or change; `null` where nobody has said, and then it is all of them. */
const touched = (layout: Layout, world: World, choice: OpenChoice): readonly number[] | null => {
  const ofDevice = (player: string): readonly number[] | null => {
    const server = world.devices[player]?.store.me.server;
    return server === undefined
      ? null
      : [layout.partOf(player), layout.serverOf(server), ...layout.attackers, layout.clock];
  };
  if (choice.do === 'sync') return ofDevice(choice.player);
  if (choice.do === 'wake') return null;
  const attacker = world.attackers[choice.act.who];
  if (attacker !== undefined)
    return [...rogueParts(layout, world), layout.serverOf(attacker.server), ...layout.attackers, layout.clock];
  return ownAffairs.has(choice.act.verb) ? ofDevice(choice.act.who) : null;
};

export type Memo = {
  readonly open: (world: World) => readonly OpenChoice[];
  /** The successor of the world in `tuple` by `choice`, written to `into`. */
  readonly step: (tuple: Int32Array, world: World, choice: OpenChoice, into: Int32Array) => Local;
  /** How many steps were really worked out. */
  readonly worked: () => number;
};

/** `remember: false` works every step out anew: a test compares the two. */
export const makeMemo = (stage: Stage, layout: Layout, interner: Interner, remember = true): Memo => {
  const locals = new Map<string, Local>();
  const progressed = new Map<string, number>();
  let worked = 0;

  const workOut = (tuple: Int32Array, world: World, choice: OpenChoice): Local => {
    const done = perform(stage, world, choice);
    const after = new Int32Array(layout.width);
    layout.split(done.world, after);
    const changes: [number, number][] = [];
    for (let part = 0; part < layout.width; part += 1)
      if (after[part] !== tuple[part]) changes.push([part, after[part] ?? 0]);
    const { id, who, sentence } = choice;
    worked += 1;
    return { nth: worked, changes, step: { choice: { id, who, sentence }, moments: done.moments } };
  };

  /** How far the play has come, after the choice was used up. */
  const progress = (tuple: Int32Array, world: World, choice: OpenChoice): number => {
    const before = tuple[layout.progress] ?? 0;
    if (choice.do !== 'act') return before;
    const key = `${before} ${choice.id}`;
    const known = progressed.get(key);
    if (known !== undefined) return known;
    const { line, acted, played, budgets, faults } = counted(stage, world, choice);
    const id = interner.idOf({ line, acted, played, budgets, faults });
    progressed.set(key, id);
    return id;
  };

  const step: Memo['step'] = (tuple, world, choice, into) => {
    const parts = touched(layout, world, choice);
    // Without the act itself two lines of a story would share what they do: `act` is one id for all of them.
    let key = choice.do === 'act' ? `${choice.sentence}|` : `${choice.id}|`;
    if (parts === null) for (let part = 0; part < layout.progress; part += 1) key += `${tuple[part]},`;
    else for (const part of parts) key += `${tuple[part]},`;
    let local = remember ? locals.get(key) : undefined;
    if (local === undefined) {
      local = workOut(tuple, world, choice);
      locals.set(key, local);
    }
    into.set(tuple);
    for (const [part, id] of local.changes) into[part] = id;
    into[layout.progress] = progress(tuple, world, choice);
    return local;
  };

  return { open: (world) => openChoices(stage, world), step, worked: () => worked };
};

/** A guarantee whose memory is a number, and whose view of each local step is remembered. */
export type Watched = {
  readonly guarantee: Guarantee;
  readonly begin: number;
  readonly see: (
    memory: number,
    local: Local,
  ) => { readonly memory: number; readonly broken: ReturnType<Guarantee['see']>['broken']; readonly shadow: boolean };
  /** What a `finally` guarantee says once all is quiet. */
  readonly end: (memory: number) => ReturnType<NonNullable<Guarantee['end']>>;
};

export const watch = (guarantee: Guarantee, before: Step, witness: Witness, interner: Interner): Watched => {
  const seen = new Map<string, ReturnType<Watched['see']>>();
  const ends = new Map<number, ReturnType<Watched['end']>>();
  const begin = interner.idOf(guarantee.see(guarantee.begin, before, witness).memory);
  return {
    guarantee,
    begin,
    see: (memory, local) => {
      const key = `${memory} ${local.nth}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      const { memory: next, broken, shadow } = guarantee.see(interner.valueOf(memory) as Json, local.step, witness);
      const result = { memory: interner.idOf(next), broken, shadow };
      seen.set(key, result);
      return result;
    },
    end: (memory) => {
      const known = ends.get(memory);
      if (known !== undefined) return known;
      const broken = guarantee.end?.(interner.valueOf(memory) as Json, witness) ?? null;
      ends.set(memory, broken);
      return broken;
    },
  };
};
