/** Things that are asked for one after another, and come in any order: only what was asked for last counts. */

export type Latest = {
  /** Something is asked for now, in the place of all before. The result says whether it is still what was asked for last. */
  readonly asked: () => () => boolean;
};

export const latest = (): Latest => {
  let count = 0;
  return {
    asked: () => {
      count += 1;
      const own = count;
      return () => own === count;
    },
  };
};
