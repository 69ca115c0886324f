/** What was done in a run that matters most: three acts at most, in the order of their steps. */
import type { Run, Step } from '../../engine/types.ts';
import { isAttacker } from '../figures/sides.ts';
import { actsOf, deedText } from './act-words.ts';
import { type Speech, shortened } from './speech.ts';

/** `step`: index into `run.steps`. `text`: a sentence without its step. */
export type Deed = { readonly step: number; readonly text: string };

type Candidate = Deed & { readonly byAttacker: boolean; readonly weight: number };

/** Acts in which nothing is done but to wait for what comes. */
const idle = new Set(['settle', 'sync', 'wait', 'scroll back', 'check backup']);
const faults = new Set([
  'fail',
  'lose answer of',
  'lose transaction to',
  'hold transactions to',
  'repeat',
  'expire media',
  'go offline',
  'restore from copy',
  'limit uploads',
]);

const actKinds: readonly Step['choice']['kind'][] = ['story', 'attacker', 'fault', 'play'];

/** What an attacker learned in a step, as a deed of theirs. */
const learnedIn = (step: Step, nth: number, speech: Speech): readonly Candidate[] => {
  const [learned] = step.moments.filter((moment) => moment.kind === 'learned' && moment.how.by !== 'held');
  if (learned === undefined || learned.kind !== 'learned') return [];
  const what = speech.plain(learned.what).replace(/^A(?=n? )|^The /, (article) => article.toLowerCase());
  const text = `${speech.plain(speech.name(learned.player))} learns ${/^(?:an?|the) /.test(what) ? what : `the ${what.slice(0, 1).toLowerCase()}${what.slice(1)}`}`;
  return [{ step: nth, text: shortened(text, most), byAttacker: true, weight: 2 }];
};

const most = 98;

/**
 * Three acts at most. `focus`: steps (indices) that decide how the run ends; what was done there, and by an attacker, comes first. `until`: the
 * last step (index) that counts.
 */
export const deedsOf = (run: Run, speech: Speech, focus: readonly number[], until: number): readonly Deed[] => {
  const acts = actsOf(run);
  const theirs = new Set(run.players.filter(isAttacker).map(({ id }) => id));
  for (const { name } of run.scenario.cast.attackers) theirs.add(name);
  const hasAttacker = run.players.some(({ kind }) => kind === 'attacker');
  const isFocus = new Set(focus);
  const last = Math.max(-1, ...focus);
  const done = run.steps.slice(0, until + 1).flatMap((step, nth): readonly Candidate[] => {
    if (step.choice.kind === 'deliver' || (!actKinds.includes(step.choice.kind) && !isFocus.has(nth))) return [];
    const act = acts.get(nth);
    const who = act?.who ?? step.choice.who;
    const byAttacker = hasAttacker && theirs.has(who);
    const isFault = act !== undefined && faults.has(act.verb);
    const isIdle = act === undefined ? step.choice.kind === 'sync' || step.choice.kind === 'wake' : idle.has(act.verb);
    if (isIdle && !isFocus.has(nth)) return [];
    if (nth > last && last >= 0 && !byAttacker && !isFault) return [];
    const text = shortened(deedText(run, step, act, speech, byAttacker), most);
    const weight =
      (nth <= last ? 1 : 0) +
      (isFocus.has(nth) ? (isIdle ? 1 : 8) : 0) +
      (byAttacker ? (last < 0 || nth <= last ? 9 : 5) : 0) +
      (isFault ? 5 : 0) +
      (Object.values(act?.args ?? {}).some((value) => theirs.has(String(value))) ? 3 : 0);
    return [{ step: nth, text, byAttacker, weight }];
  });
  const hasTheirs = done.some(({ byAttacker }) => byAttacker);
  const learned =
    hasAttacker && !hasTheirs ? run.steps.slice(0, until + 1).flatMap((step, nth) => learnedIn(step, nth, speech)) : [];
  // Of what weighs the same the later counts for more: it is nearer to what came of it.
  const ranked = [...done, ...learned].toSorted((one, other) => other.weight - one.weight || other.step - one.step);
  return ranked
    .filter(({ step }, nth) => ranked.findIndex((one) => one.step === step) === nth)
    .slice(0, 3)
    .toSorted((one, other) => one.step - other.step)
    .map(({ step, text }) => ({ step, text }));
};
