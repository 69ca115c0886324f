/** A search of `hearsay ablate`: an arena with clauses off. */
import { isObject } from '../../../../machines/json.ts';
import { makeSymbolicSuite } from '../../../crypto/symbolic/suite.ts';
import type { Outcome, Task } from '../../../explorer/ablate.ts';
import { doJob, type Job, jobWords } from '../../../explorer/ablate-whole.ts';
import { arenasOf } from '../../../explorer/arena.ts';
import type { Kind } from '../kind.ts';
import { inShell, isAmount, isGuarantee, isGuarantees, isTextOrNull, isTexts, isVerdict } from '../reads.ts';

/** `spoke`: see `ablate-whole.ts`; `null`: the search alone. */
export type SearchTask = { readonly task: Task; readonly spoke: readonly string[] | null };
type Plain = Omit<Outcome, 'spoke' | 'beside'> & {
  readonly spoke: readonly string[];
  readonly beside: readonly string[];
};
export type SearchCame = readonly Plain[];

export const taskOf = ({ task: { arena, clauses, who, guarantees }, spoke }: Job): SearchTask => ({
  task: { arena, clauses, who, guarantees },
  spoke: spoke === undefined ? null : [...spoke],
});
export const outcomesOf = (came: SearchCame): readonly Outcome[] =>
  came.map((one) => ({ ...one, spoke: new Set(one.spoke), beside: new Set(one.beside) }));

const jobFrom = ({ task, spoke }: SearchTask): Job => (spoke === null ? { task } : { task, spoke: new Set(spoke) });

const readTask = (value: unknown): Task | null => {
  if (!isObject(value)) return null;
  const { arena, clauses, who, guarantees } = value;
  return typeof arena === 'string' && isTexts(clauses) && typeof who === 'string' && isGuarantees(guarantees)
    ? { arena, clauses, who, guarantees }
    : null;
};
const isFinding = (value: unknown): boolean =>
  isObject(value) &&
  isGuarantee(value.guarantee) &&
  isVerdict(value.verdict) &&
  isTextOrNull(value.at) &&
  isAmount(value.steps) &&
  typeof value.line === 'string';
const isPlain = (value: unknown, { arena, clauses }: Task): value is Plain =>
  isObject(value) &&
  readTask(value) !== null &&
  value.arena === arena &&
  String(value.clauses) === String(clauses) &&
  isAmount(value.worlds) &&
  typeof value.settled === 'boolean' &&
  Array.isArray(value.found) &&
  value.found.every(isFinding) &&
  isTexts(value.spoke) &&
  isTexts(value.beside);

/** One for all searches of a process: what is the same in many is worked out once. */
const suite = makeSymbolicSuite('1');

export const searchKind: Kind<SearchTask, SearchCame> = {
  id: 'search',
  nameOf: (task) => JSON.stringify([jobWords(jobFrom(task)), task.task.guarantees, task.spoke]),
  again: ({ task: { arena, clauses } }) =>
    `npx hearsay ablate ${clauses.join(' ')} --arena ${inShell(arena)}${clauses.length > 1 ? ' --pairs' : ''}`,
  readTask: (value) => {
    if (!isObject(value)) return null;
    const task = readTask(value.task);
    const { spoke } = value;
    return task !== null && (spoke === null || isTexts(spoke)) ? { task, spoke } : null;
  },
  work: (task, shelf) =>
    doJob(suite, arenasOf(shelf.all()), jobFrom(task)).map((one) => ({
      ...one,
      spoke: [...one.spoke],
      beside: [...one.beside],
    })),
  readCame: (value, { task }) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => isPlain(one, task)) ? value : null,
  isBreak: (came) => came.some(({ found }) => found.some(({ verdict }) => verdict === 'breaks')),
  patienceSeconds: 3600,
  portionMax: 1,
  fewest: 60,
};
