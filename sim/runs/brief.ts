/**
 * Runs as text to read through: the transcript without what charts heard inwardly, clauses that said the same in one line, and of
 * a run with a setting turned only the steps that went otherwise. The whole of it is what the replay line at the end writes.
 */
import type { ClauseId, Moment, PlayerId, Run, Step } from '../engine/types.ts';
import { momentLineIn } from './export/moment-line.ts';
import { endLines, headLines, stepHead } from './transcript.ts';

/** What a moment says, under whom it stands. `clause`: all that it says is that this clause permitted, or that its duty was done. */
type Line = { readonly who: PlayerId; readonly words: string; readonly clause: ClauseId | null };

/** `null`: what a chart heard, which is said by what came of it. `isLone`: there is one server, and whoever asks asks that. */
const lineOf = (run: Run, step: Step, moment: Moment, isLone: boolean): Line | null => {
  const { tag, text } = momentLineIn(run, step, moment);
  switch (moment.kind) {
    case 'heard':
      return null;
    case 'request':
      return { who: moment.from, words: `${tag}${isLone ? '' : ` to ${moment.to}`}  ${text}`, clause: null };
    case 'delivery':
      return { who: moment.from, words: `${tag} for ${moment.to}  ${text}`, clause: null };
    case 'clause': {
      const { player, clause, says, off, chart } = moment;
      if (!off && says === 'permits') return { who: player, words: 'permit', clause };
      if (!off && says === 'done') return { who: player, words: says, clause };
      return { who: player, words: `${tag} ${chart}  ${text}`, clause: null };
    }
    case 'state':
      return { who: moment.player, words: `${tag} ${moment.chart}  ${text}`, clause: null };
    default:
      return { who: moment.player, words: `${tag}  ${text}`, clause: null };
  }
};

/** Lines that follow each other and differ in the clause alone, as one. */
type Told = { readonly who: PlayerId; readonly words: string; readonly clauses: readonly ClauseId[] };
const together = (lines: readonly Line[]): readonly Told[] => {
  const told: Told[] = [];
  for (const { who, words, clause } of lines) {
    const last = told.at(-1);
    if (clause !== null && last !== undefined && last.clauses.length > 0 && last.who === who && last.words === words)
      told[told.length - 1] = { ...last, clauses: [...last.clauses, clause] };
    else told.push({ who, words, clauses: clause === null ? [] : [clause] });
  }
  return told;
};

/** Lists of fewer clauses are written out each time. */
const listMin = 3;

/** Writes steps one after the other: a long list of clauses stands once, and later steps point to it. */
const stepWriter = (run: Run): ((nth: number) => readonly string[]) => {
  const isLone = run.players.filter(({ kind }) => kind === 'homeserver').length === 1;
  const listedIn = new Map<string, number>();
  const listed = (clauses: readonly ClauseId[], nth: number): string => {
    const list = clauses.join(', ');
    const before = listedIn.get(list);
    if (before === undefined) listedIn.set(list, nth);
    return before === undefined || clauses.length < listMin
      ? list
      : `the same ${clauses.length} as ${before === nth ? 'before' : `in step ${before + 1}`}`;
  };
  return (nth) => {
    const step = stepAt(run, nth);
    const told = together(step.moments.flatMap((moment) => lineOf(run, step, moment, isLone) ?? []));
    return [
      stepHead(step, nth),
      ...told.flatMap(({ who, words, clauses }, place) => [
        ...(told[place - 1]?.who === who ? [] : [`  ${who}`]),
        `    ${words}${clauses.length === 0 ? '' : `: ${listed(clauses, nth)}`}`,
      ]),
      '',
    ];
  };
};

const stepAt = ({ steps }: Run, nth: number): Step => {
  const step = steps[nth];
  if (step === undefined) throw new Error(`a run of ${steps.length} steps has no step ${nth + 1}`);
  return step;
};

/** A run to read through. */
export const briefText = (run: Run): string => {
  const written = stepWriter(run);
  return `${[...headLines(run), '', ...run.steps.flatMap((_, nth) => written(nth)), ...endLines(run)].join('\n')}\n`;
};

/** All that a step says; a clause that is off and would have permitted changed nothing. */
const saidIn = (run: Run, step: Step): string =>
  JSON.stringify([
    step.choice.sentence,
    ...step.moments.map((moment) =>
      momentLineIn(
        run,
        step,
        moment.kind === 'clause' && moment.off && moment.says === 'permits' ? { ...moment, off: false } : moment,
      ),
    ),
  ]);

/** Steps (indices) of `other` that say what steps of `base` say: with how far on those stand. */
const alikeIn = (base: Run, other: Run): readonly (number | null)[] => {
  const places = new Map<string, number[]>();
  for (const [nth, step] of base.steps.entries()) {
    const said = saidIn(base, step);
    places.set(said, [...(places.get(said) ?? []), nth]);
  }
  let shift = 0;
  return other.steps.map((step, nth) => {
    const found = places.get(saidIn(other, step)) ?? [];
    const [place] = found.includes(nth + shift) ? [nth + shift] : found;
    if (place === undefined) return null;
    shift = place - nth;
    return shift;
  });
};

const stepsText = (first: number, last: number): string =>
  first === last ? String(first + 1) : `${first + 1} to ${last + 1}`;

/** The same of `other`; for steps that went as in `base` it names those of the `file` that has them. */
export const briefFork = (base: Run, other: Run, file: string): string => {
  const written = stepWriter(other);
  const shifts = alikeIn(base, other);
  const lines = shifts.flatMap((shift, nth) => {
    if (shift === null) return written(nth);
    if (shifts[nth - 1] === shift) return [];
    const end = shifts.findIndex((one, place) => place > nth && one !== shift);
    const last = end === -1 ? shifts.length - 1 : end - 1;
    const there = shift === 0 ? '' : ` ${stepsText(nth + shift, last + shift)}`;
    return [`${stepsText(nth, last)}. As${there} in ${file}.`, ''];
  });
  return `${[...headLines(other), '', ...lines, ...endLines(other)].join('\n')}\n`;
};
