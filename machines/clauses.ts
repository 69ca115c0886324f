/**
 * From a sentence of the ledger to a named guard or action of a chart, and how it is switched off from outside.
 *
 * A **guard** is phrased as permission: switched off, it permits. A **duty** (and a format at the place where a
 * message is built) is something done: switched off, it is not done, or `otherwise` is. Charts contain no switch:
 * `provide` replaces the named implementation.
 */
import { enqueueActions } from 'xstate';
import type { ClauseId, ClauseKind, DeviceEvent, Effect } from './types.ts';

/** What an action does: a patch of the chart's context and effects. `null`: there was nothing to do. */
export type Change<C> = { readonly context?: Partial<C>; readonly effects?: readonly Effect[] } | null;

/**
 * A part of a chart under one name. `kind` is `plain` for what is no sentence of a proposal (bookkeeping), and
 * then the name is not a ledger id.
 */
export type Part<C> = {
  readonly kind: ClauseKind | 'plain';
  readonly permits?: (context: C, event: DeviceEvent) => boolean;
  /** Where a MAY is not taken up the guard has nothing to say, and permits. */
  readonly applies?: (context: C, event: DeviceEvent) => boolean;
  readonly perform?: (context: C, event: DeviceEvent) => Change<C>;
  /** What happens instead when a duty or format is off (by default nothing). */
  readonly otherwise?: (context: C, event: DeviceEvent) => Change<C>;
};
export type Parts<C> = Readonly<Record<string, Part<C>>>;

/** What a clause said while a chart heard one event. */
export type Said = {
  readonly clause: ClauseId;
  readonly role: ClauseKind;
  readonly says: 'permits' | 'refuses' | 'done' | 'not done';
  readonly off: boolean;
};

// The log of the transition under way. XState calls guards and actions synchronously and gives them no way to
// speak but their result; the log is emptied before and read after each transition, so nothing outlives it.
let log: Said[] = [];

/** Runs `body` and returns its result with what the clauses said meanwhile. */
export const listening = <T>(body: () => T): { readonly result: T; readonly said: readonly Said[] } => {
  log = [];
  const result = body();
  const said = log;
  log = [];
  return { result, said };
};

const say = (clause: ClauseId, part: Part<never>, says: Said['says'], off: boolean): void => {
  if (part.kind === 'plain') return;
  if (log.some((before) => before.clause === clause && before.says === says)) return;
  log.push({ clause, role: part.kind, says, off });
};

type GuardArgs<C> = { readonly context: C; readonly event: DeviceEvent };

/** The guards among `parts`, as XState takes them. `off` lists the clauses that permit whatever they think. */
export const guardsOf = <C, K extends string>(parts: Readonly<Record<K, Part<C>>>, off: readonly ClauseId[] = []) => {
  const guards: Record<string, (args: GuardArgs<C>) => boolean> = {};
  for (const [name, part] of Object.entries<Part<C>>(parts)) {
    const permits = part.permits;
    if (permits === undefined) continue;
    const isOff = off.includes(name);
    guards[name] = ({ context, event }) => {
      if (part.applies !== undefined && !part.applies(context, event)) return true;
      const permitted = permits(context, event);
      say(name, part as Part<never>, permitted ? 'permits' : 'refuses', isOff);
      return isOff || permitted;
    };
  }
  return guards as Record<K, (args: GuardArgs<C>) => boolean>;
};

/** The actions among `parts`. A duty that is off does `otherwise`, or nothing. */
export const actionsOf = <C, K extends string>(parts: Readonly<Record<K, Part<C>>>, off: readonly ClauseId[] = []) => {
  const actions: Record<string, unknown> = {};
  for (const [name, part] of Object.entries<Part<C>>(parts)) {
    const perform = part.perform;
    if (perform === undefined) continue;
    const isOff = off.includes(name);
    actions[name] = enqueueActions(({ context, event, enqueue }) => {
      const wanted = perform(context as C, event as DeviceEvent);
      if (wanted !== null) say(name, part as Part<never>, isOff ? 'not done' : 'done', isOff);
      const change = isOff
        ? wanted === null
          ? null
          : (part.otherwise?.(context as C, event as DeviceEvent) ?? null)
        : wanted;
      if (change?.context !== undefined) enqueue.assign(change.context as never);
      for (const effect of change?.effects ?? []) enqueue.emit(effect as never);
    });
  }
  // XState's action type names every actor, guard and delay of the machine that will use it, which do not exist
  // yet here. This is the one place where that typing is given up; names stay checked through `K`.
  // biome-ignore lint/suspicious/noExplicitAny: the documented corner
  return actions as Record<K, any>;
};
