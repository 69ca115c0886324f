/** Whoever does the jobs of a command: this process, processes beside it, or workers on other machines. And what is kept of it. */
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { oneLine } from '../../scenario/showing.ts';
import { countFlag, type Flags, type Given, textFlag } from '../command.ts';
import { isThere, resolved } from '../places.ts';
import { longestText, readText } from '../reading.ts';
import { onStop } from '../stopping.ts';
import { Mistake, plural, print, progress, thousands } from '../terminal.ts';
import { write, written } from '../writing.ts';
import { held } from './held.ts';
import { doTask, type Job, type Kind } from './kind.ts';
import { modelVersion } from './model-version.ts';
import { type Heard, openPool } from './pool.ts';
import { doneLine, type Head, headLine, type Known, readRecord, setAsideLine } from './record.ts';
import { type Shelf, shelved } from './shelf.ts';
import type { First } from './worker-main.ts';

export const crewFlags = {
  workers: { type: 'string', value: 'N', text: 'processes at once (the usual: one a processor)' },
  shard: {
    type: 'string',
    value: 'I/N',
    text: 'a share of it alone, as in 2/5, with --record: hearsay merge puts records together',
  },
  record: {
    type: 'string',
    value: 'FILE',
    text: 'what is done is written there as it is done; what has one already goes on from it',
  },
  redis: {
    type: 'string',
    value: 'URL',
    text: 'hands it to whoever runs hearsay work with the same URL, by way of Redis or Valkey; the same command goes on where one was left',
  },
  patience: {
    type: 'string',
    value: 'SECONDS',
    text: 'one job that takes longer is a hang, and set aside after three (the usual: 120 for a run, an hour for a search)',
  },
} as const satisfies Flags;

const [workersMax, shardsMax, secondsMax] = [256, 10_000, 1_000_000];
/** Beside this file, and compiled where that is. */
export const workerFile = new URL(`./worker-main${extname(import.meta.url)}`, import.meta.url);

/** What is to be done. `plan`: the same where the same is asked for. */
export type Asked<T, C> = { readonly kind: Kind<T, C>; readonly shelf: Shelf; readonly plan: string };

export type Round = {
  /** What its jobs are for, in a few words. */
  readonly words?: string;
  /** All of its jobs are done in every share: what comes after needs them. */
  readonly isForAll?: boolean;
};
export type Crew<T, C> = {
  /** Does those of them that are in its share and not known yet. @returns all that is known of them */
  readonly doAll: (jobs: readonly Job<T>[], round?: Round) => Promise<Known<C>>;
};

type Share = { readonly nth: number; readonly of: number };
/** By `--shard 2/5`: every fifth, from the second. */
export const shareOf = (given: Given): Share | null => {
  const text = textFlag(given, 'shard');
  if (text === undefined) return null;
  const [, nth, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (nth === undefined || of === undefined || Number(nth) > Number(of) || Number(of) > shardsMax)
    throw new Mistake(`--shard ${text}: a share expected, as in 2/5`);
  return { nth: Number(nth), of: Number(of) };
};
export const inShare = <J>(share: Share | null, jobs: readonly J[]): readonly J[] =>
  share === null ? jobs : jobs.filter((_, at) => at % share.of === share.nth - 1);

export const headOf = <T, C>({ kind, plan }: Pick<Asked<T, C>, 'kind' | 'plan'>): Head => ({
  hearsay: modelVersion(),
  kind: kind.id,
  plan,
});

/** What a record says. Throws a `Mistake` where it is none. */
export const recordFrom = (file: string): { readonly head: Head } & Known<unknown> => {
  const text = readText(resolved(file), longestText);
  if (!text.ok) throw new Mistake(`${file} ${text.why}`);
  const record = readRecord(text.text);
  if (!record.ok) throw new Mistake(`${file} ${record.why}`);
  return record;
};
/** The same of what is asked for. Throws a `Mistake` where it is of something else. */
export const recordOf = (file: string, own: Head): Known<unknown> => {
  const { head, ...known } = recordFrom(file);
  if (head.hearsay !== own.hearsay)
    throw new Mistake(`${file} was made by hearsay ${head.hearsay}, and this is ${own.hearsay}`);
  if (head.plan !== own.plan || head.kind !== own.kind)
    throw new Mistake(`${file} is the record of another sweep, or of other scenarios`);
  return known;
};

/**
 * What jobs came to by several records. Throws a `Mistake` where two say different things of one job: the same job comes to the same on every
 * machine.
 */
export const doneIn = (
  records: readonly (Pick<Known<unknown>, 'done'> & { readonly file: string })[],
): ReadonlyMap<string, { readonly value: unknown; readonly file: string }> => {
  const all = new Map<string, { readonly value: unknown; readonly file: string }>();
  for (const { file, done } of records)
    for (const [name, value] of done) {
      const before = all.get(name);
      if (before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value))
        throw new Mistake(
          `${before.file} and ${file} say different things of ${oneLine(name)}: one of them was not made by this hearsay`,
        );
      all.set(name, before ?? { value, file });
    }
  return all;
};

/** What records say of these jobs; what one has done is not set aside by another. Throws a `Mistake` where one says what cannot be. */
export const knownOf = <T, C>(
  { readCame }: Pick<Kind<T, C>, 'readCame'>,
  jobs: readonly Job<T>[],
  records: readonly (Known<unknown> & { readonly file: string })[],
): Known<C> => {
  const said = doneIn(records);
  const done = new Map<string, C>();
  const setAside = new Map<string, string>();
  for (const { name, task } of jobs) {
    const one = said.get(name);
    const why = records.flatMap((record) => record.setAside.get(name) ?? [])[0];
    if (one === undefined) {
      if (why !== undefined) setAside.set(name, why);
      continue;
    }
    const came = readCame(one.value, task);
    if (came === null)
      throw new Mistake(`${one.file} is no record of a sweep: what it has of ${name} is nothing to which that comes`);
    done.set(name, came);
  }
  return { done, setAside };
};

/** The rate of what was done since it began, and when it will be over, in words. */
const pace = (done: number, left: number, ms: number): string => {
  if (done === 0 || ms < 1000) return '';
  const seconds = Math.ceil((left * ms) / done / 1000);
  return `, ${((done * 1000) / ms).toFixed(1)} a second, ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`} left`;
};

/** Who does jobs, until it is closed. */
type Doers<T> = {
  readonly doAll: (jobs: readonly Job<T>[], heard: Heard<Job<T>, unknown>) => Promise<void>;
  readonly close: (isOver: boolean) => Promise<void> | void;
};

const here = <T, C>({ kind, shelf }: Asked<T, C>): Doers<T> => {
  const texts = shelved(shelf);
  return {
    doAll: async (jobs, { onDone, onSetAside }) => {
      for (const job of jobs) {
        const came = doTask(kind, job.task, texts);
        if ('done' in came) onDone(job, JSON.parse(JSON.stringify(came.done)));
        else onSetAside(job, came.failed);
      }
    },
    close: () => undefined,
  };
};

const beside = <T, C>({ kind, shelf }: Asked<T, C>, workers: number, patienceMs: number): Doers<T> => {
  const first: First = { kind: kind.id, shelf };
  return openPool<Job<T>, unknown>({ file: workerFile, first, workers, patienceMs });
};

const elsewhere = async <T, C>(
  asked: Asked<T, C>,
  url: string,
  patienceMs: number,
  isKept: boolean,
): Promise<Doers<T>> => {
  const [{ openHandOut }, { readRedis }] = await Promise.all([
    import('./redis/hand-out.ts'),
    import('./redis/connect.ts'),
  ]);
  const at = readRedis(url);
  const { kind, shelf, plan } = asked;
  const out = await openHandOut(kind, { at, version: modelVersion(), plan, shelf, patienceMs, isKept });
  const interrupt = (): void => out.stop('stopped: what is done is kept, and the same command goes on from there');
  const leave = onStop(interrupt);
  return {
    doAll: out.doAll,
    close: async (isOver) => {
      leave();
      await out.close(isOver);
    },
  };
};

/** Calls `use` with whoever does jobs as the flags say. */
export const withCrew: typeof crewing = async (given, asked, use) => {
  const recordFile = textFlag(given, 'record');
  const release = recordFile === undefined ? null : held(`--record ${recordFile}`, resolved(recordFile));
  try {
    return await crewing(given, asked, use);
  } finally {
    release?.();
  }
};

const crewing = async <T, C, R>(
  given: Given,
  asked: Asked<T, C>,
  use: (crew: Crew<T, C>) => Promise<R>,
): Promise<R> => {
  const { kind } = asked;
  const workers = countFlag(given, 'workers', availableParallelism(), workersMax);
  const patienceMs = countFlag(given, 'patience', kind.patienceSeconds, secondsMax) * 1000;
  const share = shareOf(given);
  const url = textFlag(given, 'redis');
  const recordFile = textFlag(given, 'record');
  if (share !== null && url !== undefined)
    throw new Mistake('--shard is for machines that have no --redis between them: give one of them');
  if (share !== null && recordFile === undefined)
    throw new Mistake(
      `--shard ${share.nth}/${share.of} wants a --record FILE: what a share comes to is put together from it`,
    );
  const before = recordFile !== undefined && isThere(resolved(recordFile)) ? recordOf(recordFile, headOf(asked)) : null;
  // Anew with what is whole in it: its last line may have been cut short.
  if (recordFile !== undefined) {
    const lines = [...(before?.done ?? [])].map(([name, came]) => doneLine(name, came));
    write(`--record ${recordFile}`, recordFile, [headLine(headOf(asked)), ...lines].join(''));
  }
  const record = recordFile === undefined ? null : openSync(resolved(recordFile), 'a');
  const keep = (line: string): void => {
    if (record !== null) written(`--record ${recordFile}`, () => appendFileSync(record, line));
  };
  let doers: Doers<T> | null = null;
  let isOver = false;
  const doersFor = async (open: number): Promise<Doers<T>> => {
    if (url !== undefined) {
      doers ??= await elsewhere(asked, url, patienceMs, recordFile !== undefined);
      return doers;
    }
    if (doers === null && open < kind.fewest) return here(asked);
    doers ??= beside(asked, workers, patienceMs);
    return doers;
  };
  const doAll: Crew<T, C>['doAll'] = async (jobs, { words, isForAll = false } = {}) => {
    const own = isForAll ? jobs : inShare(share, jobs);
    const known =
      before === null ? null : knownOf(kind, jobs, [{ ...before, setAside: new Map(), file: recordFile ?? '' }]);
    const done = new Map(known?.done ?? []);
    const setAside = new Map<string, string>();
    const open = own.filter(({ name }) => !done.has(name));
    const began = performance.now();
    let breaks = 0;
    let finished = 0;
    const tell = (): void => {
      finished += 1;
      const left = open.length - finished;
      progress(
        `${words === undefined ? '' : `${words}: `}${thousands(own.length - left)} of ${thousands(own.length)}, ${plural(breaks, 'run')} with a break${pace(finished, left, performance.now() - began)}`,
      );
    };
    const onSetAside = ({ name }: Job<T>, why: string): void => {
      setAside.set(name, why);
      keep(setAsideLine({ name, why }));
      tell();
    };
    const onDone = (job: Job<T>, value: unknown): void => {
      const came = kind.readCame(value, job.task);
      if (came === null) {
        onSetAside(job, 'what came back is no answer to it');
        return;
      }
      done.set(job.name, came);
      keep(doneLine(job.name, came));
      if (kind.isBreak(came)) breaks += 1;
      tell();
    };
    if (open.length > 0) await (await doersFor(open.length)).doAll(open, { onDone, onSetAside });
    progress('');
    return { done, setAside };
  };
  try {
    const result = await use({ doAll });
    isOver = true;
    return result;
  } finally {
    progress('');
    if (record !== null) closeSync(record);
    await (doers as Doers<T> | null)?.close(isOver);
  }
};

/** Tells of jobs that were set aside, each with why, and how to have it alone. */
export const tellSetAside = <T, C>(
  { again }: Pick<Kind<T, C>, 'again'>,
  jobs: readonly Job<T>[],
  { setAside }: Known<C>,
): void => {
  for (const { name, task } of jobs) {
    const why = setAside.get(name);
    if (why === undefined) continue;
    print(`set aside: ${name}: ${oneLine(why)}`);
    print(`    ${again(task)}`);
  }
};
