/**
 * Local steps by number: a component's states and events are small integers, and what the component does in a state on an
 * event is worked out once, however many worlds ask. Whoever searches sees numbers only.
 */

/** `effects`: the number of the list of effects, 0 for none. */
export type LocalStep<S, E> = { readonly state: S; readonly effects: readonly E[] };

export type Local<S> = {
  /** The number of a state. Throws when there are more than fit the bits a world keeps for them. */
  readonly intern: (state: S) => number;
  readonly state: (id: number) => S;
  /** State number after event number `event` in state number `id`. */
  readonly next: (id: number, event: number) => number;
  /** What leaves on that step: 0 for nothing, else what `encode` made of the effects. */
  readonly effect: (id: number, event: number) => number;
  /** How many local steps were really worked out. */
  readonly worked: () => number;
};

export type LocalOptions<S, E> = {
  /** Equal for equal states, and only for them. */
  readonly key: (state: S) => string;
  readonly step: (state: S, event: number) => LocalStep<S, E>;
  /** A list of effects as one number, 0 when it is empty. */
  readonly encode: (effects: readonly E[]) => number;
  readonly events: number;
  /** States a world has bits for. */
  readonly statesMax: number;
};

export const makeLocal = <S, E>({ key, step, encode, events, statesMax }: LocalOptions<S, E>): Local<S> => {
  const ids = new Map<string, number>();
  const states: S[] = [];
  const nextOf = new Int32Array(statesMax * events).fill(-1);
  const effectOf = new Int32Array(statesMax * events);
  let worked = 0;

  const intern = (state: S): number => {
    const name = key(state);
    const known = ids.get(name);
    if (known !== undefined) return known;
    if (states.length === statesMax)
      throw new Error(`a component has more than ${statesMax} states: give its number more bits in the world`);
    ids.set(name, states.length);
    return states.push(state) - 1;
  };
  const stateOf = (id: number): S => {
    const state = states[id];
    if (state === undefined) throw new Error(`no state has number ${id}: was it cut out of the wrong bits of a world?`);
    return state;
  };
  const work = (id: number, event: number): void => {
    const done = step(stateOf(id), event);
    worked++;
    nextOf[id * events + event] = intern(done.state);
    effectOf[id * events + event] = encode(done.effects);
  };

  return {
    intern,
    state: stateOf,
    next: (id, event) => {
      if ((nextOf[id * events + event] as number) < 0) work(id, event);
      return nextOf[id * events + event] as number;
    },
    effect: (id, event) => {
      if ((nextOf[id * events + event] as number) < 0) work(id, event);
      return effectOf[id * events + event] as number;
    },
    worked: () => worked,
  };
};
