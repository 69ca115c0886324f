/**
 * A record of jobs that are done, one line of JSON each, in the order in which they came to be: what a sweep goes on from, and what shards
 * are merged from. Its first line says of which plan it is, and by which version.
 */
import { isObject } from '../../../machines/json.ts';
import type { Done } from './job.ts';
import type { Plan } from './plan.ts';
import type { SetAside } from './pool.ts';

export type Head = { readonly hearsay: string; readonly plan: string; readonly jobs: number };
/** What is known of a plan's jobs by their names. */
export type Known = { readonly done: ReadonlyMap<string, Done>; readonly setAside: ReadonlyMap<string, string> };
/** Of a plan of which nothing is done. */
export const nothingKnown: Known = { done: new Map(), setAside: new Map() };
export type ReadRecord =
  | ({ readonly ok: true; readonly head: Head } & Known)
  | { readonly ok: false; readonly why: string };

export const headOf = ({ jobs, digest }: Plan, version: string): Head => ({
  hearsay: version,
  plan: digest,
  jobs: jobs.length,
});

export const lineOf = (one: Head | Done | (SetAside & { readonly setAside: true })): string =>
  `${JSON.stringify(one)}\n`;

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};
const isHead = (value: unknown): value is Head =>
  isObject(value) &&
  typeof value.hearsay === 'string' &&
  typeof value.plan === 'string' &&
  typeof value.jobs === 'number';
const isDone = (value: unknown): value is Done =>
  isObject(value) &&
  typeof value.name === 'string' &&
  typeof value.replay === 'string' &&
  Array.isArray(value.verdicts) &&
  value.verdicts.every((one) => isObject(one) && typeof one.guarantee === 'string' && typeof one.verdict === 'string');
const isSetAside = (value: unknown): value is SetAside =>
  isObject(value) && value.setAside === true && typeof value.name === 'string' && typeof value.why === 'string';

/** Reads one. A last line that was cut short, as whoever wrote it was ended, is left out. Never throws. */
export const readRecord = (text: string): ReadRecord => {
  const lines = text.split('\n');
  const head = parsed(lines[0] ?? '');
  if (!isHead(head)) return { ok: false, why: 'is no record of a sweep: its first line does not say of which' };
  const done = new Map<string, Done>();
  const setAside = new Map<string, string>();
  for (const [nth, line] of lines.slice(1).entries()) {
    if (line === '') continue;
    const one = parsed(line);
    if (isDone(one)) {
      done.set(one.name, one);
      setAside.delete(one.name);
    } else if (isSetAside(one)) setAside.set(one.name, one.why);
    else if (nth + 2 < lines.length)
      return { ok: false, why: `is no record of a sweep: line ${nth + 2} is none of it` };
  }
  return { ok: true, head, done, setAside };
};
