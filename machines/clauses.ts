/**
 * From a sentence of the ledger to a named guard or action of a chart, and how it is switched off from outside.
 *
 * A **guard** is phrased as permission: switched off, it permits. A **duty** (and a format at the place where a
 * message is built) is something done: switched off, it is not done, or `otherwise` is. Charts contain no switch:
 * `provide` replaces the named implementation. What the text that a device implements does not say is absent, and silent.
 */
import { enqueueActions } from 'xstate';
import type { CoreRequest, Effect, OwnEvents } from './effects.ts';
import type { AnyEvent, News } from './events.ts';
import type { StorePatch } from './store.ts';
import type { ClauseId, ClauseKind } from './types.ts';

/**
 * What an action does in a chart of context `C` that hears `E`: a patch of the context, and effects. `null`: there was nothing to
 * do. `N`: news that only the chart's folder knows.
 */
export type Change<C, E extends AnyEvent = AnyEvent, N = never> = {
  readonly context?: Partial<C>;
  readonly effects?: readonly Effect<E, N>[];
} | null;

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
 * Clauses that a device goes without: switched off (and said so), or no part of the text it implements (and silent): `absent` from
 * a revision that says other things of the matter, or `foreign`, as all of a proposal that it does not implement.
 */
export type Without = {
  readonly off: readonly ClauseId[];
  readonly absent: readonly ClauseId[];
  readonly foreign: readonly ClauseId[];
};
export const nothing: Without = { off: [], absent: [], foreign: [] };

/**
 * A part of a chart under one name. `kind` is `plain` for what is no clause of a text (bookkeeping), and then the name is not a
 * ledger id. A part stands on arrows for some events of its chart, and says which by the type of its `event`: the functions are
 * written as methods, so that it may ask for less than all that the chart hears.
 */
export type Part<C, E extends AnyEvent = AnyEvent, N = never> = {
  readonly kind: ClauseKind | 'plain';
  permits?(context: C, event: E): boolean;
  /** Where a MAY is not taken up the guard has nothing to say, and permits. */
  applies?(context: C, event: E): boolean;
  perform?(context: C, event: E, rules: Rules): Change<C, E, N>;
  /** What happens instead when a duty or format is off (by default nothing). */
  otherwise?(context: C, event: E, rules: Rules): Change<C, E, N>;
  /** What revisions without this clause imply all the same: where it is absent it stands, and is silent. */
  readonly isImplied?: true;
  /** Said of clients that implement another text or none: it stands whatever a device implements. */
  readonly isOfOthers?: true;
  /** A guard about one thing of many, asked by another part (`Rules.may`). */
  permitsItem?(context: C, item: unknown, event: E): boolean;
  /** A duty, format or ui clause that another part carries out (`Rules.does`): the name of that part. */
  readonly isDoneBy?: string;
};
export type Parts<C, E extends AnyEvent = AnyEvent, N = never> = Readonly<Record<string, Part<C, E, N>>>;

/**
 * The words in which a chart of context `C` that hears `E` is written. Its plain parts: one that `permits`, one that `performs` a
 * change, one that only `remembers` (a patch of the context), and one that only `causes` an effect; `null`: nothing was to be done. Its
 * effects: a question to the core, a patch of the store, and news for others or for itself.
 */
export const wordsOf = <C, E extends AnyEvent, N = never>() => ({
  permits: <X extends E>(permits: (context: C, event: X) => boolean) => ({ kind: 'plain', permits }) as const,
  performs: <X extends E>(perform: (context: C, event: X, rules: Rules) => Change<C, E, N>) =>
    ({ kind: 'plain', perform }) as const,
  remembers: <X extends E>(patch: (context: C, event: X, rules: Rules) => Partial<C> | null) => {
    const perform = (context: C, event: X, rules: Rules): Change<C, E, N> => {
      const patched = patch(context, event, rules);
      return patched === null ? null : { context: patched };
    };
    return { kind: 'plain', perform } as const;
  },
  causes: <X extends E>(cause: (context: C, event: X, rules: Rules) => Effect<E, N> | null) => {
    const perform = (context: C, event: X, rules: Rules): Change<C, E, N> => {
      const effect = cause(context, event, rules);
      return effect === null ? null : { effects: [effect] };
    };
    return { kind: 'plain', perform } as const;
  },
  core: (request: CoreRequest<E>): Effect<E, N> => ({ type: 'core', request }),
  store: (patch: StorePatch): Effect<E, N> => ({ type: 'store', patch }),
  tell: (event: News | N): Effect<E, N> => ({ type: 'tell', event }),
  tellSelf: (event: OwnEvents<E>): Effect<E, N> => ({ type: 'tell self', event }),
});

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

const say = (clause: ClauseId, part: Pick<Part<never>, 'kind'>, says: Said['says'], off: boolean): void => {
  if (part.kind === 'plain') return;
  if (log.some((before) => before.clause === clause && before.says === says)) return;
  log.push({ clause, role: part.kind, says, off });
};

type GuardArgs<C, E> = { readonly context: C; readonly event: E };

type Standing = 'in force' | 'implied' | 'off' | 'absent';
const standing = (
  name: string,
  part: Pick<Part<never>, 'isImplied' | 'isOfOthers'>,
  { off, absent, foreign }: Without,
): Standing => {
  if (part.isOfOthers === true) return off.includes(name) ? 'off' : 'in force';
  if (foreign.includes(name)) return 'absent';
  if (absent.includes(name) && part.isImplied !== true) return 'absent';
  if (off.includes(name)) return 'off';
  return absent.includes(name) ? 'implied' : 'in force';
};
const stands = (how: Standing): boolean => how === 'in force' || how === 'implied';
const speaks = (how: Standing): boolean => how === 'in force' || how === 'off';

/** The guards among `parts`, as XState takes them. Those that a device goes `without` permit whatever they think. */
export const guardsOf = <C, E extends AnyEvent, K extends string, N = never>(
  parts: Readonly<Record<K, Part<C, E, N>>>,
  without: Without = nothing,
) => {
  const guards: Record<string, (args: GuardArgs<C, E>) => boolean> = {};
  for (const [name, part] of Object.entries<Part<C, E, N>>(parts)) {
    if (part.permits === undefined) continue;
    const permits = part.permits.bind(part);
    const how = standing(name, part, without);
    guards[name] = ({ context, event }) => {
      if (how === 'absent' || (part.applies !== undefined && !part.applies(context, event))) return true;
      const permitted = permits(context, event);
      if (speaks(how)) say(name, part, permitted ? 'permits' : 'refuses', how === 'off');
      return how === 'off' || permitted;
    };
  }
  return guards as Record<K, (args: GuardArgs<C, E>) => boolean>;
};

const rulesFor = <C, E extends AnyEvent, N>(
  parts: Readonly<Record<string, Part<C, E, N>>>,
  without: Without,
  context: C,
  event: E,
): Rules => {
  const partOf = (name: string): Part<C, E, N> => {
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
      const permitted = part.permitsItem(context, item, event);
      if (speaks(how)) say(name, part, permitted ? 'permits' : 'refuses', how === 'off');
      return how === 'off' || permitted;
    },
    does: (name) => {
      const part = partOf(name);
      const how = standing(name, part, without);
      if (speaks(how)) say(name, part, how === 'off' ? 'not done' : 'done', how === 'off');
      return stands(how);
    },
  };
};

/** The actions among `parts`. A duty that a device goes `without` does `otherwise`, or nothing. */
export const actionsOf = <C, E extends AnyEvent, K extends string, N = never>(
  parts: Readonly<Record<K, Part<C, E, N>>>,
  without: Without = nothing,
) => {
  const actions: Record<string, unknown> = {};
  for (const [name, part] of Object.entries<Part<C, E, N>>(parts)) {
    if (part.perform === undefined) continue;
    const perform = part.perform.bind(part);
    const how = standing(name, part, without);
    actions[name] = enqueueActions(({ context, event, enqueue }) => {
      const given = [
        context as C,
        event as unknown as E,
        rulesFor(parts, without, context as C, event as unknown as E),
      ] as const;
      const wanted = perform(...given);
      if (wanted !== null && speaks(how)) say(name, part, how === 'off' ? 'not done' : 'done', how === 'off');
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
