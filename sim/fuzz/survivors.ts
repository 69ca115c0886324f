/** What StrykerJS reports of mutants, as people read it: per file how many fell, and each that did not as one line. */

/** A mutant as the report of StrykerJS has it (mutation-testing-report-schema), as far as it is read here. Lines count from 1. */
export type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
};
export type MutationReport = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
};

/**
 * A mutant that need not fall, and why. `line` is the text of its line without the blanks around it, so that an exclusion goes
 * with its line and not with a number. Without `replacement` all mutants of that kind in the line are meant.
 */
export type Exclusion = {
  readonly file: string;
  readonly mutator: string;
  readonly line: string;
  readonly replacement?: string;
  readonly reason: string;
};

export type FileCount = {
  readonly file: string;
  readonly killed: number;
  readonly survived: number;
  readonly excluded: number;
  /** `file:line  original → mutant` of each that survived and is not excluded. */
  readonly survivors: readonly string[];
};

/** Told as killed: a test failed, or nothing ended. What does not compile or was left out counts nowhere. */
const killing: readonly string[] = ['Killed', 'Timeout', 'RuntimeError'];
const living: readonly string[] = ['Survived', 'NoCoverage'];

/** What stands between two places of a text; columns count from 1. */
const between = (source: string, { start, end }: Mutant['location']): string => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  return lines
    .map((line, nth) =>
      line.slice(nth === 0 ? start.column - 1 : 0, nth === lines.length - 1 ? end.column - 1 : undefined),
    )
    .join('\n');
};

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
};

const lineOf = (source: string, { location }: Mutant): string =>
  (source.split('\n')[location.start.line - 1] ?? '').trim();

const excludes = (file: string, source: string, mutant: Mutant) => (one: Exclusion) =>
  one.file === file &&
  one.mutator === mutant.mutatorName &&
  one.line.trim() === lineOf(source, mutant) &&
  (one.replacement === undefined || one.replacement === mutant.replacement);

/** Counts by file, and the exclusions of these files that no surviving mutant needs any more. */
export const countsOf = (
  report: MutationReport,
  exclusions: readonly Exclusion[],
): { readonly counts: readonly FileCount[]; readonly idle: readonly Exclusion[] } => {
  const needed = new Set<Exclusion>();
  const counts = Object.entries(report.files).map(([file, { source, mutants }]): FileCount => {
    const alive = mutants.filter(({ status }) => living.includes(status));
    const open = alive.filter((mutant) => {
      const excluding = exclusions.find(excludes(file, source, mutant));
      if (excluding !== undefined) needed.add(excluding);
      return excluding === undefined;
    });
    return {
      file,
      killed: mutants.filter(({ status }) => killing.includes(status)).length,
      survived: open.length,
      excluded: alive.length - open.length,
      survivors: open
        .toSorted((one, other) => one.location.start.line - other.location.start.line)
        .map((mutant) => {
          const never = mutant.status === 'NoCoverage' ? '  (no test comes here)' : '';
          const original = short(between(source, mutant.location));
          return `${file}:${mutant.location.start.line}  ${original} → ${short(mutant.replacement ?? mutant.mutatorName)}${never}  [${mutant.mutatorName}]`;
        }),
    };
  });
  const idle = exclusions.filter((one) => report.files[one.file] !== undefined && !needed.has(one));
  return { counts, idle };
};

/** Of those that are not excluded, how many in a hundred fell; 100 where there are none. */
export const percentOf = (counts: readonly Pick<FileCount, 'killed' | 'survived'>[]): number => {
  const killed = counts.reduce((sum, one) => sum + one.killed, 0);
  const all = killed + counts.reduce((sum, one) => sum + one.survived, 0);
  return all === 0 ? 100 : (100 * killed) / all;
};

/** What is wrong with the file of exclusions, or nothing. */
export const wrongExclusions = (value: unknown): string | null => {
  if (!Array.isArray(value)) return 'a list of exclusions expected';
  const wrong = value.findIndex(
    (one: unknown) =>
      typeof one !== 'object' ||
      one === null ||
      !['file', 'mutator', 'line', 'reason'].every((name) => {
        const text: unknown = (one as Record<string, unknown>)[name];
        return typeof text === 'string' && text.trim() !== '';
      }),
  );
  return wrong < 0 ? null : `exclusion ${wrong + 1} lacks file, mutator, line or reason`;
};
