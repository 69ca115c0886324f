/** Who waits for something to change: syncs with a `timeout` ("Syncing"). */
export type Waiting = {
  /** Something has changed: whoever waits looks again. */
  readonly changed: () => void;
  /**
   * Comes back when `isThere`, at once where it is so already; otherwise after `ms` milliseconds, when `left` is aborted, or when all is
   * over.
   */
  readonly until: (isThere: () => boolean, ms: number, left: AbortSignal) => Promise<void>;
  /** Lets all go, and lets none wait any more. */
  readonly end: () => void;
  readonly count: () => number;
};

export const makeWaiting = (): Waiting => {
  const looks = new Set<() => void>();
  let isOver = false;
  return {
    changed: () => {
      for (const look of [...looks]) look();
    },
    until: (isThere, ms, left) =>
      new Promise((go) => {
        if (isOver || left.aborted || isThere()) {
          go();
          return;
        }
        const leave = (): void => {
          clearTimeout(timer);
          looks.delete(look);
          left.removeEventListener('abort', leave);
          go();
        };
        const look = (): void => {
          if (isOver || isThere()) leave();
        };
        const timer = setTimeout(leave, ms);
        looks.add(look);
        left.addEventListener('abort', leave);
      }),
    end: () => {
      isOver = true;
      for (const look of [...looks]) look();
    },
    count: () => looks.size,
  };
};
