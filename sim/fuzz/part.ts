/** What the fuzzer is made of: parts, each with cases that are told by a number. */
import type { SuiteMaker } from '../runs/run.ts';
import { digestOf } from './luck.ts';

/** What went wrong in a case. Two failures of one `cause` are most likely one fault. */
export type Failure = {
  readonly cause: string;
  readonly message: string;
  /** The case as small as it could be made, for people: YAML, or JSON lines. */
  readonly shrunk: string;
};

/** The same, before anything was made small. */
export type Wrong = Omit<Failure, 'shrunk'>;

export type Outcome = {
  /** What came of the case: the same on every machine. */
  readonly digest: string;
  readonly failure: Failure | null;
  /** Verdicts that a person may want to look at: of themselves no failure. */
  readonly looks: readonly string[];
};

export type Part = {
  /** `scenario`, `letter`: what its cases are called by, and counted in. */
  readonly name: 'scenario' | 'letter' | 'request' | 'text' | 'walk';
  /** How many things one case tries, so that counts of cases are counts of those. */
  readonly perCase: number;
  /** Begins a block of cases, which share what is costly to make. */
  readonly begin: (setting: Setting) => (nth: number) => Outcome;
};

/** A scenario's text, under its id. */
export type Text = { readonly id: string; readonly text: string };

export type Setting = {
  readonly seed: string;
  readonly block: number;
  /** Whether failures are made small, which takes time. */
  readonly shrinks: boolean;
  /** Scenarios people wrote, whose worlds and texts are bent. Not empty. */
  readonly library: readonly Text[];
  /** Real bytes: Node has them sooner than what runs anywhere. */
  readonly bytes: SuiteMaker;
};

/** `scenario/1/4711`: all it takes to have a case again. */
export const caseName = (part: Part, seed: string, nth: number): string => `${part.name}/${seed}/${nth}`;

/** Runs `body`; what it throws is a failure, whose cause is its words without names and the line it was thrown from. */
export const failing = <T>(body: () => T): { readonly ok: T } | { readonly thrown: Wrong } => {
  try {
    return { ok: body() };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { thrown: { message, cause: `${wordsOf(message)}${placeOf(error)}` } };
  }
};

const wordsOf = (message: string): string =>
  message
    .replace(/^[\s\S]*\n(?=[^\n]+$)/, '')
    .replaceAll(/“[^”]*”|"[^"]*"|'[^']*'/g, '“…”')
    .replaceAll(/[!@$]?[\p{L}\d_-]+(?:[.:~][\p{L}\d_-]+)+/gu, '…')
    .replaceAll(/\b(?:[A-Z][A-Z0-9]+|alice|bob|carol|mallory|eve)\b/g, '…')
    .replaceAll(/\d+/g, '0')
    .slice(0, 160);

/** The first two functions of ours in a stack: those whose fault it most likely is. */
const placeOf = (error: unknown): string => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const ours = [...stack.matchAll(/\/((?:machines|sim)\/[\w/.-]+\.ts)/g)].map(([, file]) => file ?? '');
  const files = [...new Set(ours.filter((file) => !file.startsWith('sim/fuzz/')))].slice(0, 2);
  return files.length === 0 ? '' : ` (${files.join(' < ')})`;
};

/** Leaves out of a list whatever is not needed for `fails`: first halves, then ever smaller parts, then single ones. */
export const fewest = <T>(list: readonly T[], fails: (fewer: readonly T[]) => boolean): readonly T[] => {
  let kept = list;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fails(fewer)) kept = fewer;
      else at += size;
    }
  }
  return kept;
};

/** What came of things that were sent one after another: what was told, or what went wrong. */
export type Tried =
  | { readonly wrong: Wrong }
  | { readonly told: readonly string[]; readonly looks?: readonly string[] };

/** Tries `all` of them; where that fails as few as fail likewise are told, by `lines`. */
export const outcomeOf = <T>(
  all: readonly T[],
  shrinks: boolean,
  tried: (some: readonly T[]) => Tried,
  lines: (few: readonly T[]) => readonly string[],
): Outcome => {
  const outcome = tried(all);
  if ('told' in outcome) return { digest: digestOf(outcome.told), failure: null, looks: outcome.looks ?? [] };
  const { cause } = outcome.wrong;
  const fails = (fewer: readonly T[]): boolean => {
    const again = tried(fewer);
    return 'wrong' in again && again.wrong.cause === cause;
  };
  const shrunk = lines(shrinks ? fewest(all, fails) : all).join('\n');
  return { digest: digestOf([cause]), failure: { ...outcome.wrong, shrunk }, looks: [] };
};
