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

/** What a command comes to that is told to stop, with Ctrl+C or SIGTERM, for a table: which, and how it ends. */
export const stoppedWords: readonly (readonly [commands: string, ends: string])[] = [
  [
    '`explore`',
    'it says what it has found so far, keeps the search where `--keep` says, and ends with 0; told twice, at once',
  ],
  ['`run --watch`', 'what its last run came to'],
  ['`serve`, `start`', 'it closes what it serves; `serve` ends with 0, `start` with what its run came to'],
  ['`work`', 'it ends what is in hand, then with 0; told twice, at once with 130, and others get what was in hand'],
  ['any with `--redis`', '2: what it asked for is not all there; what is done is kept'],
  [
    'any other',
    'it ends at once, which a shell tells as 130 (Ctrl+C) or 143 (SIGTERM); what `--record` has by then stays, and the same command goes on from it',
  ],
];

export const faultWords = 'this is a fault of hearsay, not of your scenario';

/** An exception that nobody expected, as people report it: what it is, and where in the code. */
export const faultLines = (error: unknown): readonly string[] => {
  const known = error instanceof Error ? error : new Error(String(error));
  const at = (known.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${faultWords}: ${known.name}: ${known.message}`, ...at.slice(0, 6)];
};
