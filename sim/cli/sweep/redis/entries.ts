/**
 * What stands in Redis, and how it is read: as what anybody may have written.
 *
 * One sweep (or walk, or search) is one queue of BullMQ, named by what is asked for and by which version. Its entries are portions: a few
 * tasks each, named by what they are. Who works looks for announcements, takes those of its own version, and refuses the others.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../../../../machines/json.ts';
import { isObject, objectIn } from '../../../../machines/json.ts';
import type { AnyKind, AnyTask, Came, Job, KindId } from '../kind.ts';
import { isKindId } from '../kinds/kinds.ts';
import { isCount } from '../reads.ts';

/** Before all keys of ours. */
export const prefix = 'hearsay';
/** A hash of what is handed out at present, by queue. */
export const announcedKey = `${prefix}:announced`;
export const shelfKey = (queue: string): string => `${prefix}:${queue}:shelf`;
export const ownerKey = (queue: string): string => `${prefix}:${queue}:owner`;

/** What BullMQ writes of a queue even if there is nothing in it. */
export const bookkeeping = (queue: string): readonly string[] =>
  ['meta', 'stalled-check', 'events', 'marker'].map((one) => `${prefix}:${queue}:${one}`);

/** What is handed out. `shelf`: the digest of its scenarios. */
export type Announced = {
  readonly version: string;
  readonly kind: KindId;
  readonly shelf: string;
  readonly patienceMs: number;
};

const hexOf = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

export const queueName = (version: string, kind: KindId, plan: string): string =>
  hexOf(JSON.stringify([version, kind, plan]), 24);
const queuePattern = /^[0-9a-f]{24}$/;
export const isQueueName = (text: string): boolean => queuePattern.test(text);

/** `null`: it is none. */
export const readAnnounced = (text: string): Announced | null => {
  const value = objectIn(text);
  if (value === null) return null;
  const { version, kind, shelf, patienceMs } = value;
  return typeof version === 'string' &&
    isKindId(kind) &&
    typeof shelf === 'string' &&
    isCount(patienceMs, Number.MAX_SAFE_INTEGER)
    ? { version, kind, shelf, patienceMs }
    : null;
};

/** Jobs that are handed to one worker together. Two of the same jobs are one. */
export type Portion<T> = { readonly id: string; readonly jobs: readonly Job<T>[] };
/** How an entry stands in the queue. */
export type Entry = { readonly version: string; readonly tasks: readonly unknown[] };

export const portionId = (names: readonly string[]): string => `jobs-${hexOf(names.join('\n'), 32)}`;
const portionOf = <T>(jobs: readonly Job<T>[]): Portion<T> => ({ id: portionId(jobs.map(({ name }) => name)), jobs });

/** So many portions at least, where there are so many jobs: nobody is to wait long for the last one. */
const portionsMin = 48;

/** The same for the same jobs in the same order. @param max jobs in one of them */
export const portionsOf = <T>(jobs: readonly Job<T>[], max: number): readonly Portion<T>[] => {
  const size = Math.max(1, Math.min(max, Math.ceil(jobs.length / portionsMin)));
  return Array.from({ length: Math.ceil(jobs.length / size) }, (_, nth) =>
    portionOf(jobs.slice(nth * size, (nth + 1) * size)),
  );
};
/** Each job by itself. */
export const singlesOf = <T>({ jobs }: Portion<T>): readonly Portion<T>[] => jobs.map((job) => portionOf([job]));

export type ReadEntry =
  | {
      readonly ok: true;
      readonly tasks: readonly { readonly name: string; readonly task: AnyTask; readonly value: Json }[];
    }
  | { readonly ok: false; readonly why: string };

const no = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });

/** An entry, for whoever is to do it. Never throws. */
export const readEntry = (id: string, value: unknown, kind: AnyKind, version: string): ReadEntry => {
  if (!isObject(value) || !Array.isArray(value.tasks) || typeof value.version !== 'string')
    return no('it is none of hearsay’s');
  if (value.version !== version) return no(`it is of ${value.version}, and this is ${version}`);
  const values: readonly Json[] = value.tasks;
  const tasks = values.flatMap((one) => {
    const task = kind.read(one);
    return task === null ? [] : [{ name: task.name, task, value: one }];
  });
  if (tasks.length !== values.length) return no('what is to be done there is nothing that can be done');
  if (portionId(tasks.map(({ name }) => name)) !== id)
    return no('it is named by something else than what is to be done there');
  return { ok: true, tasks };
};

export type Answers = { readonly answers: readonly Came<unknown>[] };
/** What came back for so many jobs; `null`: nothing of the kind. What they came to is not looked at. */
export const readAnswers = (value: unknown, count: number): Answers | null => {
  if (!isObject(value) || !Array.isArray(value.answers) || value.answers.length !== count) return null;
  const answers: readonly unknown[] = value.answers;
  const read = answers.flatMap((one): readonly Came<unknown>[] => {
    if (!isObject(one)) return [];
    if (typeof one.failed === 'string') return [{ failed: one.failed }];
    return one.done === undefined ? [] : [{ done: one.done }];
  });
  return read.length === count ? { answers: read } : null;
};
