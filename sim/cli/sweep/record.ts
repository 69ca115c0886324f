/**
 * A record of jobs that are done, one line of JSON each, in the order in which they came to be: what work goes on from, and what shares are
 * put together from. Its first line says of what it is, and by which version.
 */
import { isObject, objectIn } from '../../../machines/json.ts';
import type { KindId } from './kind.ts';
import { isKindId } from './kinds/kinds.ts';
import type { SetAside } from './pool.ts';

/** `plan`: the same where the same is asked for. */
export type Head = { readonly hearsay: string; readonly kind: KindId; readonly plan: string };

/** What is known of jobs by their names. */
export type Known<C> = { readonly done: ReadonlyMap<string, C>; readonly setAside: ReadonlyMap<string, string> };
/** What the lines say that jobs came to is not looked at. */
export type ReadRecord =
  | ({ readonly ok: true; readonly head: Head } & Known<unknown>)
  | { readonly ok: false; readonly why: string };

export const headLine = (head: Head): string => `${JSON.stringify(head)}\n`;
export const doneLine = (name: string, came: unknown): string => `${JSON.stringify({ name, came })}\n`;
export const setAsideLine = ({ name, why }: SetAside): string => `${JSON.stringify({ name, setAside: true, why })}\n`;

const isHead = (value: unknown): value is Head =>
  isObject(value) && typeof value.hearsay === 'string' && typeof value.plan === 'string' && isKindId(value.kind);
const isDone = (value: unknown): value is { readonly name: string; readonly came: unknown } =>
  isObject(value) && typeof value.name === 'string' && value.came !== undefined;
const isSetAside = (value: unknown): value is SetAside =>
  isObject(value) && value.setAside === true && typeof value.name === 'string' && typeof value.why === 'string';

/** Reads one. A last line that was cut short, as whoever wrote it was ended, is left out. Never throws. */
export const readRecord = (text: string): ReadRecord => {
  const lines = text.split('\n');
  const head = objectIn(lines[0] ?? '');
  if (!isHead(head)) return { ok: false, why: 'is no record of a sweep: its first line does not say of which' };
  const done = new Map<string, unknown>();
  const setAside = new Map<string, string>();
  for (const [nth, line] of lines.slice(1).entries()) {
    if (line === '') continue;
    const one = objectIn(line);
    if (isDone(one)) {
      done.set(one.name, one.came);
      setAside.delete(one.name);
    } else if (isSetAside(one)) setAside.set(one.name, one.why);
    else if (nth + 2 < lines.length)
      return { ok: false, why: `is no record of a sweep: line ${nth + 2} is none of it` };
  }
  return { ok: true, head: { hearsay: head.hearsay, kind: head.kind, plan: head.plan }, done, setAside };
};
