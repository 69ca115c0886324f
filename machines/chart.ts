/** A chart: one flow of one device, as an XState machine used only through the pure API. */
import {
  type ActorLogic,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type Snapshot,
  transition,
} from 'xstate';
import { actionsOf, guardsOf, listening, type Parts, type Said, type Without } from './clauses.ts';
import type { AnyEffect, Effect } from './effects.ts';
import type { AnyEvent } from './events.ts';
import type { JsonObject } from './json.ts';
import { memoBeside } from './memo.ts';
import type { DeviceId, DeviceSettings, UserId } from './types.ts';

/** What a chart is started with, and keeps in its context as `me`. */
export type ChartInput = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly identifiers: DeviceSettings['identifiers'];
  readonly readings: DeviceSettings['readings'];
  readonly options: DeviceSettings['options'];
  readonly implements: DeviceSettings['implements'];
  /** The room of an instance of a chart that each room has its own of. */
  readonly room?: string;
};

/** What XState is told of a chart of context `C` that hears `E`. `N`: news that only its folder knows. */
export type ChartTypes<C, E extends AnyEvent, N = never> = {
  context: C;
  events: E;
  input: { me: ChartInput } & Partial<C>;
  emitted: Effect<E, N>;
};

/** A chart at rest: its state's name and its context. Flat states only; history states do not survive this form. */
export type ChartState = { readonly value: string; readonly context: JsonObject };

export type Chart = {
  readonly id: string;
  readonly machine: AnyStateMachine;
  /** Whether each room has an instance of its own, begun by the first event about that room which it hears. */
  readonly perRoom: boolean;
  /** Event types some state reacts to; others never reach it. */
  readonly hears: ReadonlySet<string>;
  /** Whether the state of that name has a transition for events of the type; without one nothing can come of them. */
  readonly reacts: (state: string, type: string) => boolean;
  /** What of the context survives a restart of the client. */
  readonly persists: (context: JsonObject) => JsonObject;
};

/**
 * Where a machine's pure functions leave their actions. XState's `transition` and `initialTransition` make an actor for every call,
 * and work the initial state out anew (5.33: together a quarter of the time that charts take); what they make is had once.
 */
const makeScope = (): AnyActorScope => {
  let scope: AnyActorScope | null = null;
  const probe: ActorLogic<Snapshot<unknown>, AnyEvent> = {
    config: undefined,
    getInitialSnapshot: () => atRestAlready,
    transition: (snapshot, _event, given) => {
      scope = given;
      return snapshot;
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
  transition(probe, atRestAlready, { type: 'probe' });
  if (scope === null) throw new Error('XState did not hand its scope on: does `transition` work otherwise now?');
  return scope;
};
const atRestAlready: Snapshot<unknown> = { status: 'active', output: undefined, error: undefined };
const scope = makeScope();

type Action = { readonly type: string; readonly params?: unknown };

/** What `body` comes to in that scope, and its actions in order. */
const collecting = (
  body: (scope: AnyActorScope) => AnyMachineSnapshot,
): readonly [AnyMachineSnapshot, readonly Action[]] => {
  const actions: Action[] = [];
  scope.actionExecutor = (action) => {
    actions.push(action);
  };
  return [body(scope), actions];
};

/** A machine at its beginning: what XState's pure `initialTransition` gives. */
const startBy = (machine: AnyStateMachine, input: JsonObject) =>
  collecting((within) => machine.getInitialSnapshot(within, input));

/** One event heard by a machine at rest: what XState's pure `transition` gives. */
const hearBy = (machine: AnyStateMachine, before: AnyMachineSnapshot, event: AnyEvent) =>
  collecting((within) => machine.transition(before, event, within));

export type ChartStep = {
  readonly state: ChartState;
  readonly effects: readonly AnyEffect[];
  readonly said: readonly Said[];
};

// Devices that differ in other charts only share one, and XState takes two milliseconds to provide it: a twelfth of a run.
const charts = memoBeside<AnyStateMachine, Chart>(1024);

/**
 * A chart of a machine and its parts, with those replaced that the device goes `without`: made once for each set of these, as all
 * devices that differ in other charts only share it.
 */
export const makeChart = <C, E extends AnyEvent, N = never>(
  id: string,
  machine: AnyStateMachine,
  parts: Parts<C, E, N>,
  { off, absent, foreign }: Without,
  persists: (context: C) => Partial<C>,
  perRoom = false,
): Chart => {
  const mine = {
    off: off.filter((clause) => clause in parts),
    absent: absent.filter((clause) => clause in parts),
    foreign: foreign.filter((clause) => clause in parts),
  };
  return charts(machine, JSON.stringify(mine), () => {
    const provided =
      mine.off.length + mine.absent.length + mine.foreign.length === 0
        ? machine
        : machine.provide({ guards: guardsOf(parts, mine) as never, actions: actionsOf(parts, mine) });
    return {
      id,
      machine: provided,
      perRoom,
      hears: new Set(eventTypes(machine)),
      reacts: reactionsOf(machine),
      persists: (context) => persists(context as C) as JsonObject,
    };
  });
};

/** What a chart persists that keeps these of its context. */
export const keeping =
  <C>(...names: readonly (keyof C)[]) =>
  (context: C): Partial<C> =>
    Object.fromEntries(names.map((name) => [name, context[name]])) as Partial<C>;

/** `machine.events` leaves out transitions without a target, which most of ours are: the configuration is read instead. */
const eventTypes = (machine: AnyStateMachine): readonly string[] => {
  const states = [machine.config, ...Object.values(machine.config.states ?? {})];
  if (states.some((state) => state.invoke !== undefined || state.after !== undefined))
    throw new Error(`chart ${machine.id} invokes or delays: charts only return effects`);
  return states.flatMap((state) => Object.keys(state.on ?? {}));
};

/** Transitions of the state and of the machine as a whole. A state that moves on by itself may do so at any event. */
const reactionsOf = (machine: AnyStateMachine): Chart['reacts'] => {
  const everywhere = Object.keys(machine.config.on ?? {});
  const byState = new Map(
    Object.entries(machine.config.states ?? {}).map(([name, { on, always }]) => [
      name,
      always === undefined ? new Set([...everywhere, ...Object.keys(on ?? {})]) : null,
    ]),
  );
  return (state, type) => byState.get(state)?.has(type) ?? true;
};

/** The door: XState's actions become effects, and nothing else passes. */
const effectsOf = (chart: string, actions: readonly Action[]): readonly AnyEffect[] => {
  const effects: AnyEffect[] = [];
  for (const action of actions) {
    const params = action.params as { readonly event?: AnyEffect; readonly delay?: number } | undefined;
    if (action.type === 'xstate.emit' && params?.event !== undefined) effects.push(params.event);
    else if (action.type === 'xstate.raise' && params?.delay === undefined)
      continue; // already heard within the transition
    else
      throw new Error(
        `chart ${chart} tried ${action.type}: a chart speaks only through effects (did it spawn, delay or use a bare function?)`,
      );
  }
  return effects;
};

/** Starts a chart; `persisted` is what a restart left of its context. */
export const startChart = (chart: Chart, input: ChartInput, persisted: JsonObject = {}): ChartStep => {
  const { result, said } = listening(() => startBy(chart.machine, { me: input, ...persisted }));
  return { state: atRest(result[0]), effects: effectsOf(chart.id, result[1]), said };
};

// Which nodes the name of a state stands for is asked with every event: a twentieth of a run.
const resting = memoBeside<AnyStateMachine, AnyMachineSnapshot>(64);

/** XState's form of a chart at rest. Which nodes a state's name stands for is worked out once for each. */
const snapshotOf = ({ machine }: Chart, { value, context }: ChartState): AnyMachineSnapshot => {
  const there = resting(machine, value, () => machine.resolveState({ value, context: {} }));
  return { ...there, context };
};

/** One event heard by one chart. */
export const hearChart = (chart: Chart, state: ChartState, event: AnyEvent): ChartStep => {
  const before = snapshotOf(chart, state);
  const { result, said } = listening(() => hearBy(chart.machine, before, event));
  // XState gives the same snapshot back where nothing changed; the actions still count.
  return { state: result[0] === before ? state : atRest(result[0]), effects: effectsOf(chart.id, result[1]), said };
};

const atRest = (snapshot: { readonly value: unknown; readonly context: unknown }): ChartState => {
  if (typeof snapshot.value !== 'string') throw new Error('charts have flat states: a nested value cannot be kept');
  return { value: snapshot.value, context: snapshot.context as JsonObject };
};
