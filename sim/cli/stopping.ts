/** Being told to stop: by Ctrl+C, or by whoever runs the process, as a container or a job with a time limit does. */
const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls `stop` whenever this process is told to stop, which then does not end by itself.
 *
 * @returns ends that: from then on the process ends at once when it is told to
 */
export const onStop = (stop: () => void): (() => void) => {
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
};

/** Resolves when this process is told to stop. */
export const toldToStop = (): Promise<void> =>
  new Promise((told) => {
    const leave = onStop(() => {
      leave();
      told();
    });
  });
