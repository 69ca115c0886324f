/**
 * From a sentence of the ledger to a named guard or action of a chart, and how it is switched off from outside.
 *
 * A **guard** is phrased as permission: switched off, it permits. A **duty** (and a format at the place where a
 * message is built) is something done: switched off, it is not done, or `otherwise` is. Charts contain no switch:
 * `provide` replaces the named implementation. What the text that a device implements does not say is absent, and silent.
 */
import { enqueueActions } from 'xstate';
import type { ClauseId, ClauseKind, DeviceEvent, Effect } from './types.ts';

/** What an action does: a patch of the chart's context and effects. `null`: there was nothing to do. */
export type Change<C> = { readonly context?: Partial<C>; readonly effects?: readonly Effect[] } | null;

/**
 * What a part may ask of the others while it goes through many things at once: a guard about one of them, or whether a duty or
 * format is done to it. Asked so, a clause speaks and can be switched off as anywhere else.
 */
export type Rules = {
  /** Whether the guard of that name permits `item`. */
  readonly may: (name: string, item?: unknown) => boolean;
  /** Whether the duty or format of that name is done: whoever asks then does it. */
  readonly does: (name: string) => boolean;
};

/**
 * Clauses that a device goes without: dialled off (and said so), or no part of the text it implements (and silent): `absent` from
 * a revision that says other things of the matter, or `foreign`, as all of a proposal that it does not implement.
 */
export type Without = {
  readonly off: readonly ClauseId[];
  readonly absent: readonly ClauseId[];
  readonly foreign: readonly ClauseId[];
};
export const nothing: Without = { off: [], absent: [], foreign: [] };

/**
 * A part of a chart under one name. `kind` is `plain` for what is no sentence of a proposal (bookkeeping), and
 * then the name is not a ledger id.
 */
export type Part<C> = {
  readonly kind: ClauseKind | 'plain';
  readonly permits?: (context: C, event: DeviceEvent) => boolean;
  /** Where a MAY is not taken up the guard has nothing to say, and permits. */
  readonly applies?: (context: C, event: DeviceEvent) => boolean;
  readonly perform?: (context: C, event: DeviceEvent, rules: Rules) => Change<C>;
  /** What happens instead when a duty or format is off (by default nothing). */
  readonly otherwise?: (context: C, event: DeviceEvent, rules: Rules) => Change<C>;
  /** What revisions without this sentence imply all the same: where it is absent it stands, and is silent. */
  readonly isImplied?: true;
  /** Said of clients that implement another text or none: it stands whatever a device implements. */
  readonly isOfOthers?: true;
  /** A guard about one thing of many, asked by another part (`Rules.may`). */
  readonly permitsItem?: (context: C, item: unknown, event: DeviceEvent) => boolean;
  /** A duty, format or ui sentence that another part carries out (`Rules.does`): the name of that part. */
  readonly isDoneBy?: string;
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

// Clauses whose presence decided something since somebody last asked: see `consulting`.
let consulted = new Set<ClauseId>();

/**
 * Runs `body` and returns its result with the parts that charts went by meanwhile, silent ones too. A device that goes without a
 * clause differs from one that does not in what its charts do with this part alone: where it is not among these, both do the same.
 * Not to be nested.
 */
export const consulting = <T>(body: () => T): { readonly result: T; readonly consulted: ReadonlySet<ClauseId> } => {
  consulted = new Set();
  const result = body();
  const all = consulted;
  consulted = new Set();
  return { result, consulted: all };
};

const say = (clause: ClauseId, part: Part<never>, says: Said['says'], off: boolean): void => {
  if (part.kind === 'plain') return;
  if (log.some((before) => before.clause === clause && before.says === says)) return;
  log.push({ clause, role: part.kind, says, off });
};

type GuardArgs<C> = { readonly context: C; readonly event: DeviceEvent };

type Standing = 'in force' | 'implied' | 'off' | 'absent';
const standing = <C>(name: string, part: Part<C>, { off, absent, foreign }: Without): Standing => {
  if (part.isOfOthers === true) return off.includes(name) ? 'off' : 'in force';
  if (foreign.includes(name)) return 'absent';
  if (absent.includes(name) && part.isImplied !== true) return 'absent';
  if (off.includes(name)) return 'off';
  return absent.includes(name) ? 'implied' : 'in force';
};
const stands = (how: Standing): boolean => how === 'in force' || how === 'implied';
const speaks = (how: Standing): boolean => how === 'in force' || how === 'off';

/** The guards among `parts`, as XState takes them. Those that a device goes `without` permit whatever they think. */
export const guardsOf = <C, K extends string>(parts: Readonly<Record<K, Part<C>>>, without: Without = nothing) => {
  const guards: Record<string, (args: GuardArgs<C>) => boolean> = {};
  for (const [name, part] of Object.entries<Part<C>>(parts)) {
    const permits = part.permits;
    if (permits === undefined) continue;
    const how = standing(name, part, without);
    guards[name] = ({ context, event }) => {
      if (how === 'absent' || (part.applies !== undefined && !part.applies(context, event))) return true;
      consulted.add(name);
      const permitted = permits(context, event);
      if (speaks(how)) say(name, part as Part<never>, permitted ? 'permits' : 'refuses', how === 'off');
      return how === 'off' || permitted;
    };
  }
  return guards as Record<K, (args: GuardArgs<C>) => boolean>;
};

const rulesFor = <C>(
  parts: Readonly<Record<string, Part<C>>>,
  without: Without,
  context: C,
  event: DeviceEvent,
): Rules => {
  const partOf = (name: string): Part<C> => {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part is called "${name}": is a clause misspelt?`);
    return part;
  };
  return {
    may: (name, item) => {
      const part = partOf(name);
      const how = standing(name, part, without);
      if (part.permitsItem === undefined) throw new Error(`"${name}" is no guard about one of many`);
      if (how === 'absent') return true;
      consulted.add(name);
      const permitted = part.permitsItem(context, item, event);
      if (speaks(how)) say(name, part as Part<never>, permitted ? 'permits' : 'refuses', how === 'off');
      return how === 'off' || permitted;
    },
    does: (name) => {
      const part = partOf(name);
      const how = standing(name, part, without);
      consulted.add(name);
      if (speaks(how)) say(name, part as Part<never>, how === 'off' ? 'not done' : 'done', how === 'off');
      return stands(how);
    },
  };
};

/** The actions among `parts`. A duty that a device goes `without` does `otherwise`, or nothing. */
export const actionsOf = <C, K extends string>(parts: Readonly<Record<K, Part<C>>>, without: Without = nothing) => {
  const actions: Record<string, unknown> = {};
  for (const [name, part] of Object.entries<Part<C>>(parts)) {
    const perform = part.perform;
    if (perform === undefined) continue;
    const how = standing(name, part, without);
    actions[name] = enqueueActions(({ context, event, enqueue }) => {
      const given = [
        context as C,
        event as DeviceEvent,
        rulesFor(parts, without, context as C, event as DeviceEvent),
      ] as const;
      const wanted = perform(...given);
      if (wanted !== null) consulted.add(name);
      if (wanted !== null && speaks(how))
        say(name, part as Part<never>, how === 'off' ? 'not done' : 'done', how === 'off');
      const change = stands(how) ? wanted : wanted === null ? null : (part.otherwise?.(...given) ?? null);
      if (change?.context !== undefined) enqueue.assign(change.context as never);
      for (const effect of change?.effects ?? []) enqueue.emit(effect as never);
    });
  }
  // XState's action type names every actor, guard and delay of the machine that will use it, which do not exist
  // yet here. This is the one place where that typing is given up; names stay checked through `K`.
  // biome-ignore lint/suspicious/noExplicitAny: the documented corner
  return actions as Record<K, any>;
};
