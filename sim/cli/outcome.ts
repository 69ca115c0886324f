/** What a command comes to, and its exit code. */
export type Outcome = 'as expected' | 'not as expected' | 'wrong input' | 'fault of hearsay';

/** From the mildest to the worst: of several the last one counts. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  'as expected': 0,
  'not as expected': 1,
  'wrong input': 2,
  'fault of hearsay': 3,
};

/** One line for each, as `hearsay help` has them. */
export const exitCodeWords: readonly string[] = [
  '0  all is as expected',
  '1  a verdict is not as expected',
  '2  wrong input: a flag, a name, a line, a file that is no scenario, a place that cannot be written',
  '3  a fault of hearsay itself, which it says; the other results count all the same',
];

export const faultWords = 'this is a fault of hearsay, not of your scenario';

/** An exception that nobody expected, as people report it: what it is, and where in the code. */
export const faultLines = (error: unknown): readonly string[] => {
  const known = error instanceof Error ? error : new Error(String(error));
  const at = (known.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${faultWords}: ${known.name}: ${known.message}`, ...at.slice(0, 6)];
};
