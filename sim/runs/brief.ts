/**
 * Runs as text to read through: the transcript without what charts heard inwardly, clauses that said the same in one line, and of
 * a run with a setting turned only the steps that went otherwise. The whole of it is what the replay line at the end writes.
 */
import type { ClauseId, Moment, PlayerId, Run, Step } from '../engine/types.ts';
import { turnKey } from '../scenario/written.ts';
import { partBreak, turnedMark } from './brief-parts.ts';
import { momentLineIn } from './export/moment-line.ts';
import { capitalised } from './figures/words.ts';
import { stepKey } from './same-steps.ts';
import { turnWords } from './telling/setting-words.ts';
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

const stepAt = ({ steps }: Run, nth: number): Step => {
  const step = steps[nth];
  if (step === undefined) throw new Error(`a run of ${steps.length} steps has no step ${nth + 1}`);
  return step;
};

const toldIn = (run: Run, nth: number): readonly Told[] => {
  const isLone = run.players.filter(({ kind }) => kind === 'homeserver').length === 1;
  const step = stepAt(run, nth);
  return together(step.moments.flatMap((moment) => lineOf(run, step, moment, isLone) ?? []));
};

/** Lists of fewer clauses are written out each time, and so is what a step begins with in fewer lines. */
const [listMin, sameMin] = [3, 3];

/** Writes a step of a run. `like`: a step of the run above that may begin in the same way. Both are indices. */
type StepWriter = (nth: number, like: number | null) => readonly string[];
/** A run whose text stands above, and the steps in which its long lists of clauses are written out. */
type Above = { readonly run: Run; readonly lists: ReadonlyMap<string, number> };

/**
 * Writes steps one after the other: a long list of clauses stands once, and later steps point to it.
 * @param lists notes where lists of this run stand
 */
const stepWriter = (run: Run, lists: Map<string, number>, above: Above | null): StepWriter => {
  const whereOf = (list: string, nth: number): string | null => {
    const [here, there] = [lists.get(list), above?.lists.get(list)];
    if (here !== undefined) return here === nth ? 'before' : `in step ${here + 1}`;
    return there === undefined ? null : `in step ${there + 1} above`;
  };
  const inWords = (clauses: readonly ClauseId[], nth: number): string => {
    const list = clauses.join(', ');
    const where = whereOf(list, nth);
    if (where === null) lists.set(list, nth);
    return where === null || clauses.length < listMin ? list : `the same ${clauses.length} as ${where}`;
  };
  const alike = (told: readonly Told[], like: number | null): number => {
    const there = like === null || above === null ? [] : toldIn(above.run, like).map((one) => JSON.stringify(one));
    const parts = told.findIndex((one, place) => JSON.stringify(one) !== there[place]);
    const count = parts < 0 ? told.length : parts;
    return count < sameMin ? 0 : count;
  };
  return (nth, like) => {
    const told = toldIn(run, nth);
    const count = alike(told, like);
    const there = `step ${(like ?? 0) + 1} above`;
    const begin = count < told.length ? `  begins as ${there}, and then` : `  as ${there}`;
    return [
      stepHead(stepAt(run, nth), nth),
      ...(count === 0 ? [] : [begin]),
      ...told
        .slice(count)
        .flatMap(({ who, words, clauses }, place, rest) => [
          ...(rest[place - 1]?.who === who ? [] : [`  ${who}`]),
          `    ${words}${clauses.length === 0 ? '' : `: ${inWords(clauses, nth)}`}`,
        ]),
      '',
    ];
  };
};

/** Steps (indices) of `other` that say what steps of `base` say: with how far on those stand. */
const alikeIn = (base: Run, other: Run): readonly (number | null)[] => {
  const places = new Map<string, number[]>();
  for (const [nth, step] of base.steps.entries()) {
    const said = stepKey(base, step, 'said');
    places.set(said, [...(places.get(said) ?? []), nth]);
  }
  let shift = 0;
  return other.steps.map((step, nth) => {
    const found = places.get(stepKey(other, step, 'said')) ?? [];
    const [place] = found.includes(nth + shift) ? [nth + shift] : found;
    if (place === undefined) return null;
    shift = place - nth;
    return shift;
  });
};

const stepsText = (first: number, last: number): string =>
  first === last ? String(first + 1) : `${first + 1} to ${last + 1}`;

/** The steps of `other`; those that went as steps of `base` did are named, not told. */
const ownSteps = (base: Run, other: Run, written: StepWriter): readonly string[] => {
  const shifts = alikeIn(base, other);
  if (base.steps.length === other.steps.length && shifts.every((shift) => shift === 0))
    return ['The same in every step.', ''];
  /** The step of `base` that stands where this one does: the same choice, as far on as steps before it were. */
  const likeOf = (nth: number): number | null => {
    const there = nth + (shifts.slice(0, nth).findLast((shift) => shift !== null) ?? 0);
    return base.steps[there]?.choice.sentence === other.steps[nth]?.choice.sentence ? there : null;
  };
  return shifts.flatMap((shift, nth) => {
    if (shift === null) return written(nth, likeOf(nth));
    if (shifts[nth - 1] === shift) return [];
    const end = shifts.findIndex((one, place) => place > nth && one !== shift);
    const last = end === -1 ? shifts.length - 1 : end - 1;
    if (nth === 0 && shift === 0)
      return [last === 0 ? 'The first step is as above.' : `The first ${last + 1} steps are as above.`, ''];
    const there = shift === 0 ? '' : ` ${stepsText(nth + shift, last + shift)}`;
    return [`${stepsText(nth, last)}. As${there} above.`, ''];
  });
};

/** What is turned, how it ends, and the steps that went otherwise. */
const turnedPart = (above: Above, other: Run, nth: number): string => {
  const { turns } = other.trace;
  const head = `${turnedMark(nth)}. ${capitalised(turns.map(turnWords).join(', '))} (${turns.map(turnKey).join(' + ')})`;
  const steps = ownSteps(above.run, other, stepWriter(other, new Map(), above));
  return [head, '', ...endLines(other), '', ...steps].join('\n').trimEnd();
};

/** A scenario to read through: the run as it is written, whole, and then what becomes of it with each setting turned. */
export const briefText = (base: Run, others: readonly Run[]): string => {
  const lists = new Map<string, number>();
  const written = stepWriter(base, lists, null);
  const steps = base.steps.flatMap((_, nth) => written(nth, null));
  const whole = [...headLines(base), '', ...steps, ...endLines(base)].join('\n');
  return `${[whole, ...others.map((other, nth) => turnedPart({ run: base, lists }, other, nth))].join(partBreak)}\n`;
};
