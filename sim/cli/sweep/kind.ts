/** What all kinds of jobs have in common. */
import type { Json } from '../../../machines/json.ts';
import { faultWords } from '../outcome.ts';
import { Mistake } from '../terminal.ts';
import type { Shelved } from './shelf.ts';

/** One thing to do, as plain data. Its name says all that it does: two of one name are one. */
export type Job<T> = { readonly name: string; readonly task: T };

/**
 * A kind of jobs. `T`: what one is to do; `C`: what it comes to, the same on every machine. Both are plain data: they go through JSON, and
 * what comes back is read as what anybody may have written.
 */
export type Kind<T, C> = {
  readonly id: KindId;
  readonly nameOf: (task: T) => string;
  /** The command that does it alone. */
  readonly again: (task: T) => string;
  /** `null`: it is none. */
  readonly readTask: (value: unknown) => T | null;
  /** Throws a `Mistake` where it cannot be done. */
  readonly work: (task: T, shelf: Shelved) => C;
  /** `null`: that is nothing to which this task can have come. */
  readonly readCame: (value: unknown, task: T) => C | null;
  /** Whether something broke there. */
  readonly isBreak: (came: C) => boolean;
  /** What takes longer is a hang. */
  readonly patienceSeconds: number;
  /** So many are handed to another machine at once, at most: a second of work or two. */
  readonly portionMax: number;
  /** Fewer than this are done before a process has begun. */
  readonly fewest: number;
};

export const kindIds = ['run', 'walk', 'random walks', 'search', 'seat', 'clause'] as const;
export type KindId = (typeof kindIds)[number];

export const jobOf = <T, C>({ nameOf }: Pick<Kind<T, C>, 'nameOf'>, task: T): Job<T> => ({ name: nameOf(task), task });

/** How it went. `failed`: why it cannot be done, here or anywhere. */
export type Came<C> = { readonly done: C } | { readonly failed: string };

/** Does it. What cannot be done is set aside by whoever asked: a scenario that is none any more, a fault of the house. */
export const doTask = <T, C>(kind: Pick<Kind<T, C>, 'work'>, task: T, shelf: Shelved): Came<C> => {
  try {
    return { done: kind.work(task, shelf) };
  } catch (error) {
    // No places in the code: these are other ones on another machine.
    return { failed: error instanceof Mistake ? error.message : `${faultWords}: ${String(error)}` };
  }
};

/** A kind whose tasks and answers nobody has to know: for whoever does jobs of any. */
export type AnyKind = {
  readonly id: KindId;
  /** `null`: that is no task of this kind. */
  readonly read: (value: unknown) => AnyTask | null;
};
export type AnyTask = {
  readonly name: string;
  readonly work: (shelf: Shelved) => Came<Json>;
  /** Whether it can have come to that. */
  readonly isCame: (value: unknown) => boolean;
};

export const anyKind = <T, C>(kind: Kind<T, C>): AnyKind => ({
  id: kind.id,
  read: (value) => {
    const task = kind.readTask(value);
    return task === null
      ? null
      : {
          name: kind.nameOf(task),
          work: (shelf) => doTask(kind, task, shelf) as Came<Json>,
          isCame: (came) => kind.readCame(came, task) !== null,
        };
  },
});
