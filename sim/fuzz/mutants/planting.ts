/** Mutants planted in source text by StrykerJS's instrumenter: all of them at once, of which one is switched on at a time. Needs Node. */
import { readFileSync } from 'node:fs';
import { Instrumenter, type InstrumenterOptions } from '@stryker-mutator/instrumenter';
import type { Mutant } from '../survivors.ts';

/** One way to break a file, asleep until `globalThis.__stryker__.activeMutant` is its `id`. */
export type Planted = { readonly id: string; readonly file: string; readonly mutant: Omit<Mutant, 'status'> };
export type Plantation = {
  /** Source text by file as it is named in `files`. */
  readonly sources: ReadonlyMap<string, string>;
  /** The same with every mutant in it, asleep. */
  readonly planted: ReadonlyMap<string, string>;
  readonly mutants: readonly Planted[];
};

const quiet = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: console.error,
  fatal: console.error,
};

/** What a message says is no rule: texts are left alone. */
const excludedMutations = ['StringLiteral'];

type PathInTree = {
  readonly key?: unknown;
  readonly parent?: { readonly computed?: boolean };
  readonly parentPath?: { readonly parent?: { readonly type: string } };
};
/**
 * A name that is worked out in what a declaration takes apart (`const { [nameOf(user) ?? '']: one, ...others } = all`) can only be mutated
 * around the whole declaration, in a block: what it declares would not be there for the lines below.
 */
const ofNamesTakenApart: NonNullable<InstrumenterOptions['ignorers']>[number] = {
  shouldIgnore: (path) => {
    const { key, parent, parentPath } = path as PathInTree;
    const isName = key === 'key' && parent?.computed === true && parentPath?.parent?.type === 'ObjectPattern';
    return isName ? 'what it declares would be lost' : undefined;
  },
};

/** Plants all mutants of `files`. Throws where one of them is no TypeScript. */
export const plant = async (files: readonly string[]): Promise<Plantation> => {
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const instrumenter = new Instrumenter(quiet);
  const { files: planted, mutants } = await instrumenter.instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations, ignorers: [ofNamesTakenApart] },
  );
  return {
    sources,
    planted: new Map(planted.map(({ name, content }) => [name, content])),
    mutants: mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, mutatorName, replacement, location: { start, end } }) => ({
        id,
        file: fileName,
        mutant: {
          mutatorName,
          replacement,
          location: {
            start: { line: start.line + 1, column: start.column + 1 },
            end: { line: end.line + 1, column: end.column + 1 },
          },
        },
      })),
  };
};
