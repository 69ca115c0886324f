/** What a run of the fuzzer comes to: failures by their cause, and one digest. */
import { digestOf } from './luck.ts';
import type { Failure, Outcome } from './part.ts';

/** Failures of one cause: how many, and the first of them, which is made small. */
export type Cause = { readonly times: number; readonly first: string; readonly failure: Failure };

export type Report = {
  readonly cases: number;
  readonly digest: string;
  readonly causes: ReadonlyMap<string, Cause>;
  /** What a person may want to look at → the first case that shows it. */
  readonly looks: ReadonlyMap<string, string>;
};

export const emptyReport: Report = { cases: 0, digest: digestOf([]), causes: new Map(), looks: new Map() };

/** With the outcome of one case more. */
export const reported = (report: Report, name: string, { digest, failure, looks }: Outcome): Report => {
  const known = failure === null ? undefined : report.causes.get(failure.cause);
  return {
    cases: report.cases + 1,
    digest: digestOf([report.digest, digest]),
    causes:
      failure === null
        ? report.causes
        : new Map(report.causes).set(
            failure.cause,
            known === undefined ? { times: 1, first: name, failure } : { ...known, times: known.times + 1 },
          ),
    looks: looks.some((look) => !report.looks.has(look))
      ? new Map([...looks.map((look) => [look, name] as const), ...report.looks])
      : report.looks,
  };
};

/** A cause in two lines: how often and what, and the line that replays the first. */
export const causeLines = ({ times, first, failure: { cause, message } }: Cause): readonly string[] => [
  `${times} × ${cause}`,
  `    ${JSON.stringify(message.slice(0, 300))}`,
  `    npm run fuzz -- --only '${first}'`,
];
