/**
 * Local steps by number: a component's states and events are small integers, and what the component does in a state on an
 * event is worked out once, however many worlds ask. Whoever searches sees numbers only.
 */

/** `effects`: what leaves on the step. */
export type LocalStep<S, E> = { readonly state: S; readonly effects: readonly E[] };

export type Local<S> = {
  /** The number of a state. Throws when there are more than fit the bits a world keeps for them. */
  readonly intern: (state: S) => number;
  readonly state: (id: number) => S;
  /**
   * What event number `event` does in state number `id`, as one number: the state after it in the low `stateBits`, and
   * above them what `encode` made of the effects, 0 for none.
   */
  readonly step: (id: number, event: number) => number;
  /** How many local steps were really worked out. */
  readonly worked: () => number;
};

export type LocalOptions<S, E> = {
  /** Equal for equal states, and only for them. */
  readonly key: (state: S) => string;
  readonly step: (state: S, event: number) => LocalStep<S, E>;
  /** A list of effects as one number that fits in the bits a state's number leaves of 31; 0 when it is empty. */
  readonly encode: (effects: readonly E[]) => number;
  readonly events: number;
  /** Bits a world has for the number of a state. */
  readonly stateBits: number;
};

export const makeLocal = <S, E>({ key, step, encode, events, stateBits }: LocalOptions<S, E>): Local<S> => {
  const ids = new Map<string, number>();
  const states: S[] = [];
  /** For each state and event the step, or -1 while nobody has asked. Longer when states are. */
  let steps = new Int32Array(events << Math.min(stateBits, 6)).fill(-1);
  let worked = 0;

  const intern = (state: S): number => {
    const name = key(state);
    const known = ids.get(name);
    if (known !== undefined) return known;
    if (states.length === 1 << stateBits)
      throw new Error(`a component has more than ${states.length} states: give its number more bits in the world`);
    if (states.length * events === steps.length) {
      const longer = new Int32Array(steps.length * 2).fill(-1);
      longer.set(steps);
      steps = longer;
    }
    ids.set(name, states.length);
    return states.push(state) - 1;
  };
  const stateOf = (id: number): S => {
    const state = states[id];
    if (state === undefined) throw new Error(`no state has number ${id}: was it cut out of the wrong bits of a world?`);
    return state;
  };
  const work = (id: number, event: number): number => {
    const done = step(stateOf(id), event);
    worked++;
    const after = intern(done.state);
    steps[id * events + event] = after | (encode(done.effects) << stateBits);
    return steps[id * events + event] as number;
  };

  return {
    intern,
    state: stateOf,
    step: (id, event) => {
      const known = steps[id * events + event] as number;
      return known >= 0 ? known : work(id, event);
    },
    worked: () => worked,
  };
};
