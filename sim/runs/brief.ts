/**
 * Runs as text to read through: the transcript without what charts heard inwardly, clauses that said the same in one line, and of
 * a run with a setting turned only the steps that went otherwise. The whole of it is what the replay line at the end writes.
 */
import type { Run } from '../engine/types.ts';
import { transcript } from './transcript.ts';

/** A transcript in its parts: what it is, each step, and what is said at the end. */
type Parts = { readonly head: string; readonly steps: readonly string[]; readonly end: string };

const partsOf = (run: Run): Parts => {
  const [head = '', ...blocks] = transcript(run).split(/\n(?=\d+\. )/);
  const last = blocks.at(-1) ?? '';
  // The last step ends where a line stands that is none of its own.
  const own = last.match(/^.*(?:\n {3}.*)*/)?.[0] ?? last;
  return { head, steps: [...blocks.slice(0, -1), own].map((step) => step.trimEnd()), end: last.slice(own.length) };
};

/** A clause that is off and would have permitted changed nothing. */
const asIfInForce = (step: string | undefined): string | undefined =>
  step?.replaceAll(/^( {3}clause .*) is off \(would permit\)$/gm, '$1 permits');

/** How many steps two runs have in common from the beginning on: the same in every line of their transcripts. */
export const commonSteps = (one: Run, other: Run): number => {
  const [own, its] = [partsOf(one).steps, partsOf(other).steps];
  const parts = own.findIndex((step, nth) => asIfInForce(step) !== asIfInForce(its[nth]));
  return parts === -1 ? own.length : parts;
};

/** `   clause    alice.phone envelope  spec-olm-sender permits` in its parts: what, who, at which chart or to whom, and the words. */
const lineShape = /^ {3}(\S+) +(\S+)(?: (->) (\S+)| (\S+))? {2}(.*)$/;
type Line = { readonly who: string; readonly words: string; readonly list: string | null };

const lineOf = (text: string): Line | null => {
  const [, tag = '', who = '', arrow, to, chart, words = ''] = lineShape.exec(text) ?? [];
  if (tag === '' || tag === 'heard') return null;
  const [, clause, says] = tag === 'clause' ? (/^(\S+) (permits|done)$/.exec(words) ?? []) : [];
  if (clause !== undefined) return { who, words: says === 'done' ? 'done' : 'permit', list: clause };
  const where =
    arrow !== undefined ? ` ${tag === 'delivery' ? 'for' : 'to'} ${to}` : chart === undefined ? '' : ` ${chart}`;
  return { who, words: `${tag}${where}  ${words}`, list: null };
};

/** A step without what charts heard: by player, and clauses that said the same in one line. */
const briefStep = (step: string): string => {
  const [head = '', ...rest] = step.split('\n');
  const lines: string[] = [head];
  let [who, listed] = ['', ''];
  for (const line of rest.flatMap((text) => lineOf(text) ?? [])) {
    if (line.who !== who) lines.push(`  ${line.who}`);
    const key = line.list === null ? '' : `${line.who} ${line.words}`;
    if (line.list === null) lines.push(`    ${line.words}`);
    else if (key !== listed) lines.push(`    ${line.words}: ${line.list}`);
    else lines[lines.length - 1] += `, ${line.list}`;
    [who, listed] = [line.who, key];
  }
  return lines.join('\n');
};

/** A run to read through. */
export const briefText = (run: Run): string => {
  const { head, steps, end } = partsOf(run);
  return `${[head.trimEnd(), '', ...steps.flatMap((step) => [briefStep(step), ''])].join('\n').trimEnd()}${end}`;
};

/** The same of `other`; for steps that went as in `base` it names the `file` that has them. */
export const briefFork = (base: Run, other: Run, file: string): string => {
  const own = new Set(partsOf(base).steps.map(asIfInForce));
  const { head, steps, end } = partsOf(other);
  const blocks: string[] = [];
  let alike: readonly number[] = [];
  const close = (): void => {
    const [first, last] = [alike[0], alike.at(-1)];
    if (first !== undefined)
      blocks.push(first === last ? `${first}. As in ${file}.` : `${first} to ${last}. As in ${file}.`, '');
    alike = [];
  };
  for (const [nth, step] of steps.entries()) {
    if (own.has(asIfInForce(step))) {
      alike = [...alike, nth + 1];
      continue;
    }
    close();
    blocks.push(briefStep(step), '');
  }
  close();
  return `${[head.trimEnd(), '', ...blocks].join('\n').trimEnd()}${end}`;
};
