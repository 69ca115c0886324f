/** What was done in a run that matters most: three acts at most, in the order of their steps. */
import type { Run, Step } from '../../engine/types.ts';
import { isAttacker } from '../figures/sides.ts';
import { actsOf, deedText } from './act-words.ts';
import { cameOf } from './came-words.ts';
import { type Speech, shortened } from './speech.ts';

/** `step`: index into `run.steps`. `again`: later steps in which the very same was done. `text`: a sentence without its steps. */
export type Deed = { readonly step: number; readonly again: readonly number[]; readonly text: string };

/** Steps (indices) that decide how a run ends. */
export type Focus = {
  /** Where a clause spoke, where the run parts from the one it is held against, where the first break was done. */
  readonly decisive: readonly number[];
  /** Where breaks were done. */
  readonly causes: readonly number[];
  /** Where they were done in the other run. */
  readonly elsewhere: readonly number[];
};

type Candidate = Deed & { readonly byAttacker: boolean; readonly weight: number };

/** Acts in which nothing is done but to take what comes. */
const idle = new Set(['settle', 'sync', 'scroll back', 'check backup']);
/** Those of them that are worth telling where they decide. */
const ownWords = new Set(['scroll back', 'check backup']);
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
  'wait',
]);

/** Acts that set the scene. */
const settingUp = new Set(['send', 'log in as', 'create room', 'hide device', 'show device', 'start room key']);
/** Acts after which something is no longer as it was. */
const changing = new Set([
  'reset backup',
  'delete backup',
  'reset cross-signing',
  'log out',
  'leave',
  'kick',
  'ban',
  'remove',
]);
/** Of what attackers do, that which the rest stands on. */
const forging: Readonly<Record<string, number>> = {
  'swap identity': 4,
  'add device': 1,
  'hide device': -3,
  'show device': -3,
};

const actKinds: readonly Step['choice']['kind'][] = ['story', 'attacker', 'fault', 'play'];

/** What an attacker learned in a step, as a deed of theirs. */
const learnedIn = (step: Step, nth: number, speech: Speech): readonly Candidate[] => {
  const [learned] = step.moments.filter((moment) => moment.kind === 'learned' && moment.how.by !== 'held');
  if (learned === undefined || learned.kind !== 'learned') return [];
  const what = speech.plain(learned.what).replace(/^A(?=n? )|^The /, (article) => article.toLowerCase());
  const text = `${speech.plain(speech.name(learned.player))} learns ${/^(?:an?|the) /.test(what) ? what : `the ${what.slice(0, 1).toLowerCase()}${what.slice(1)}`}`;
  return [{ step: nth, again: [], text: shortened(text, most), byAttacker: true, weight: 2 }];
};

const most = 98;

/** The same done more than once is told once, where it was done first, with the weight of what weighs most. */
const together = (done: readonly Candidate[]): readonly Candidate[] =>
  [...Map.groupBy(done, ({ text }) => text).values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [
          {
            ...first,
            again: rest.map(({ step }) => step),
            weight: Math.max(first.weight, ...rest.map(({ weight }) => weight)),
          },
        ],
  );

/**
 * Three acts at most: what was done where it was decided, then by an attacker, then what led there. `until`: the last step (index) that
 * counts.
 */
export const deedsOf = (
  run: Run,
  speech: Speech,
  { decisive, causes, elsewhere }: Focus,
  until: number,
): readonly Deed[] => {
  const acts = actsOf(run);
  const theirs = new Set(run.players.filter(isAttacker).map(({ id }) => id));
  for (const { name } of run.scenario.cast.attackers) theirs.add(name);
  const hasAttacker = run.players.some(({ kind }) => kind === 'attacker');
  const isFocus = new Set([...decisive, ...causes, ...elsewhere]);
  const last = Math.max(-1, ...isFocus);
  const done = run.steps.slice(0, until + 1).flatMap((step, nth): readonly Candidate[] => {
    if (!isFocus.has(nth) && !actKinds.includes(step.choice.kind)) return [];
    const act = acts.get(nth);
    const who = act?.who ?? step.choice.who;
    const byAttacker = hasAttacker && theirs.has(who);
    const verb = act?.verb ?? '';
    const isFault = faults.has(verb);
    const isIdle = act === undefined ? ['sync', 'wake', 'deliver'].includes(step.choice.kind) : idle.has(verb);
    if (isIdle && !isFocus.has(nth)) return [];
    if (nth > last && last >= 0 && !byAttacker && !isFault) return [];
    const isDecisive = isFocus.has(nth);
    const hasWords = !isIdle || byAttacker || ownWords.has(verb) || cameOf(run, step, speech) !== null;
    // Where nobody did anything to speak of, somebody may have learned something.
    const [learned] = hasWords ? [] : learnedIn(step, nth, speech);
    const text = learned?.text ?? deedText(run, step, act, speech, { isAttacker: byAttacker, isDecisive });
    const isTold = hasWords || learned !== undefined;
    const weight =
      (nth <= last && !settingUp.has(verb) ? 1 : 0) +
      (nth === decisive[0]
        ? 20
        : decisive.includes(nth)
          ? 12
          : causes.includes(nth)
            ? 8
            : elsewhere.includes(nth)
              ? 5
              : 0) +
      (changing.has(verb) ? 5 : 0) +
      (byAttacker ? (last < 0 || nth <= last ? 9 : 5) + (forging[verb] ?? 0) : 0) +
      (isFault ? 5 : 0) +
      (Object.values(act?.args ?? {}).some((value) => theirs.has(String(value))) ? 3 : 0);
    return [{ step: nth, again: [], text, byAttacker, weight: isTold ? weight : -1 }];
  });
  const hasTheirs = done.some(({ byAttacker }) => byAttacker);
  const learned =
    hasAttacker && !hasTheirs ? run.steps.slice(0, until + 1).flatMap((step, nth) => learnedIn(step, nth, speech)) : [];
  // Of what weighs the same the later counts for more: it is nearer to what came of it.
  const ranked = together([...done, ...learned]).toSorted(
    (one, other) => other.weight - one.weight || other.step - one.step,
  );
  // That somebody synced says nothing, unless there is nothing else to say.
  const telling = ranked.some(({ weight }) => weight >= 0) ? ranked.filter(({ weight }) => weight >= 0) : ranked;
  return telling
    .filter(({ step }, nth) => telling.findIndex((one) => one.step === step) === nth)
    .slice(0, 3)
    .toSorted((one, other) => one.step - other.step)
    .map(({ step, again, text }) => ({ step, again, text }));
};
