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

/** `   clause    alice.phone envelope  spec-olm-sender permits`, as what is alike and what is not. */
const clauseLine = /^ {3}clause {4}(\S+ \S+) {2}(\S+) (permits|done)$/;

const said: Readonly<Record<string, string>> = { permits: 'permit', done: 'done' };

/** A step without what charts heard, and clauses of one chart that said the same in one line. */
const briefStep = (step: string): string => {
  const lines: string[] = [];
  let open: { readonly start: string; readonly clauses: readonly string[] } | null = null;
  const close = (): void => {
    if (open !== null) lines.push(`${open.start}${[...new Set(open.clauses)].join(', ')}`);
    open = null;
  };
  for (const line of step.split('\n')) {
    if (/^ {3}heard /.test(line)) continue;
    const [, who, clause, says] = clauseLine.exec(line) ?? [];
    if (who === undefined || clause === undefined || says === undefined) {
      close();
      lines.push(line);
      continue;
    }
    const start = `   clauses   ${who}  ${said[says]}: `;
    const before: readonly string[] = open?.start === start ? open.clauses : [];
    if (before.length === 0) close();
    open = { start, clauses: [...before, clause] };
  }
  close();
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
