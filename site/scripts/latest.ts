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

type Told = readonly (Node | string)[];
/** A place on the page where questions are answered, the last of them alone. */
export type Answers = {
  /**
   * A question is asked: `meanwhile` stands there until it is answered. The result puts an answer there, and says whether it did: not where
   * another question was asked since, or this one was dropped.
   */
  readonly asked: (...meanwhile: Told) => (...told: Told) => boolean;
  /** What the last question was about is another now: nothing stands there, and its answer will not. Or `told`, which is of no question. */
  readonly drop: (...told: Told) => void;
};

export const answersAt = (place: Pick<ParentNode, 'replaceChildren'>): Answers => {
  const asks = latest();
  return {
    asked: (...meanwhile) => {
      const isLast = asks.asked();
      place.replaceChildren(...meanwhile);
      return (...told) => {
        if (!isLast()) return false;
        place.replaceChildren(...told);
        return true;
      };
    },
    drop: (...told) => {
      asks.asked();
      place.replaceChildren(...told);
    },
  };
};
