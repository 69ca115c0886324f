/** What one thing that may happen would bring, by looking one step ahead: said before it is done. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { sameJson } from '../../machines/json.ts';
import { clauseName } from '../../machines/naming.ts';
import type { OpenChoice } from '../../sim/engine/choices.ts';
import type { Act, ClauseId, PlayerId, Run, Step } from '../../sim/engine/types.ts';
import { type Outcome, outcomeOf } from '../../sim/runs/figures/outcomes.ts';
import { capitalised, guaranteeWords, secretWords } from '../../sim/runs/figures/words.ts';
import { deedText } from '../../sim/runs/telling/act-words.ts';
import { cameOf } from '../../sim/runs/telling/came-words.ts';
import { type Speech, speechOf } from '../../sim/runs/telling/speech.ts';
import { after, openIn, type Position, runSoFar, type Table } from './position.ts';

export type Gain =
  /** A guarantee would break; `acceptedBy`: the clause that concedes it, and then it is no win. */
  | {
      readonly is: 'breaks';
      readonly guarantee: GuaranteeId;
      readonly words: string;
      readonly acceptedBy: ClauseId | null;
    }
  /** An attacker would learn that. */
  | { readonly is: 'learns'; readonly words: string }
  /** A clause would have it thrown away: at once, or as soon as whoever gets it syncs (`by`). */
  | { readonly is: 'refused'; readonly clause: ClauseId; readonly name: string; readonly by: string | null }
  /** It cannot be done at all, and why. */
  | { readonly is: 'impossible'; readonly words: string }
  /** A clause would have it left for now, or undone. */
  | { readonly is: 'left'; readonly clause: ClauseId; readonly name: string; readonly words: string }
  /** What else would come of it. */
  | { readonly is: 'comes'; readonly words: string };

/** Whose move it is: an attacker's, what people do, what brings others up to date, or an accident. */
export type Side = 'attacker' | 'people' | 'others' | 'accident';

/** Something that may happen: its number among all that may, and a sentence to click on. */
export type Offered = {
  readonly nth: number;
  readonly id: string;
  readonly who: PlayerId;
  readonly name: string;
  readonly side: Side;
  readonly words: string;
  readonly gains: readonly Gain[];
};

export const sideOf = ({ stage }: Table, { kind, who }: Pick<OpenChoice, 'kind' | 'who'>): Side => {
  switch (kind) {
    case 'attacker':
      return 'attacker';
    case 'story':
    case 'play':
    case 'before':
      return stage.scenario.cast.attackers.some(({ name }) => name === who) ? 'attacker' : 'people';
    case 'fault':
      return 'accident';
    case 'sync':
    case 'deliver':
    case 'wake':
      return 'others';
  }
};

const sentence = (run: Run, step: Step, choice: OpenChoice, side: Side, speech: Speech): string => {
  switch (choice.do) {
    case 'act': {
      const isAttacker = side === 'attacker';
      return deedText(run, step, choice.act, speech, { isAttacker, isDecisive: false }).replace(
        /, but is refused$/,
        '',
      );
    }
    case 'sync':
      return `${speech.plain(speech.name(choice.player))} syncs`;
    case 'deliver':
      return `${speech.plain(speech.name(choice.from))} passes on to ${speech.name(choice.to)} what waits`;
    case 'wake':
    case 'interrupted':
      return speech.plain(choice.sentence);
  }
};

/** One thing that was done, told without what came of it. */
export type Told = { readonly side: Side; readonly words: string };

/** All that was done on the way to a position. */
export const toldIn = (table: Table, position: Position): readonly Told[] => {
  const run = runSoFar(table, position);
  const speech = speechOf(run);
  return position.steps.flatMap((step, nth) => {
    const choice = position.taken[nth];
    if (choice === undefined) return [];
    const side = sideOf(table, choice);
    return [{ side, words: sentence(run, step, choice, side, speech) }];
  });
};

/** The clauses by which something ended so in a step, each once. */
const clausesBy = (run: Run, step: Step, ends: readonly Outcome['is'][]): readonly ClauseId[] => [
  ...new Set(
    step.moments.flatMap((moment) =>
      moment.kind === 'clause' && ends.includes(outcomeOf(run, step, moment).is) ? [moment.clause] : [],
    ),
  ),
];
const refusing = (run: Run, step: Step): readonly ClauseId[] => clausesBy(run, step, ['thrown away']);

/** Gains at most of one kind: whoever learns ten things is told of three. */
const learnedMost = 3;

const learnedIn = (step: Step, speech: Speech): readonly Gain[] => {
  const all = step.moments.flatMap((moment) =>
    moment.kind === 'learned' ? [capitalised(speech.plain(secretWords(moment.what)))] : [],
  );
  const told = [...new Set(all)];
  const more = told.length - learnedMost;
  return [
    ...told.slice(0, learnedMost).map((words): Gain => ({ is: 'learns', words })),
    ...(more > 0 ? [{ is: 'learns', words: `and ${more} more` } as const] : []),
  ];
};

/** Who would throw something away at the next sync, and by which clauses. */
export type Thrown = ReadonlyMap<PlayerId, { readonly clauses: readonly ClauseId[]; readonly name: string }>;

export const thrownNext = (table: Table, position: Position): Thrown =>
  new Map(
    openIn(table, position)
      .filter((choice) => choice.do === 'sync')
      .map((choice) => {
        const later = after(table, position, choice);
        const run = runSoFar(table, later);
        const last = later.steps.at(-1);
        const clauses = last === undefined ? [] : refusing(run, last);
        return [choice.who, { clauses, name: speechOf(run).name(choice.who) }] as const;
      }),
  );

/** What would be thrown away at the next sync that was not to be thrown away before: a move to no avail. */
const refusedLater = (before: Thrown, now: Thrown): readonly Gain[] =>
  [...now].flatMap(([who, { clauses, name }]) =>
    clauses
      .filter((clause) => before.get(who)?.clauses.includes(clause) !== true)
      .slice(0, 1)
      .map((clause): Gain => ({ is: 'refused', clause, name: clauseName(clause), by: name })),
  );

/** What a sync, or what a server passes on, came to: a letter that was left names the clause that has it left. */
const cameAs = (run: Run, step: Step, speech: Speech): readonly Gain[] => {
  const words = cameOf(run, step, speech);
  if (words === null) return [];
  if (!words.includes(' does not act on ')) return [{ is: 'comes', words }];
  const [clause] = clausesBy(run, step, ['not done', 'kept for later']);
  return clause === undefined ? [{ is: 'comes', words }] : [{ is: 'left', clause, name: clauseName(clause), words }];
};

/** What would come of one choice in a position, with the sentence it is called. @param thrown `thrownNext` of the position */
export const offeredIn = (
  table: Table,
  position: Position,
  choice: OpenChoice,
  nth: number,
  thrown: Thrown | null,
): Offered => {
  const next = after(table, position, choice);
  const run = runSoFar(table, next);
  const speech = speechOf(run);
  const last = next.steps.at(-1);
  if (last === undefined) throw new Error('a step was taken and there is none: is `after` broken?');
  const side = sideOf(table, choice);
  const impossible = last.moments.flatMap((moment): readonly Gain[] =>
    moment.kind === 'refused' ? [{ is: 'impossible', words: moment.reason }] : [],
  );
  const isLie = side === 'attacker' && thrown !== null && impossible.length === 0;
  const broken = next.fallen.map(
    ({ guarantee, why, acceptedBy }): Gain => ({
      is: 'breaks',
      guarantee,
      words: `${guaranteeWords(guarantee)}: ${speech.plain(why)}`,
      acceptedBy,
    }),
  );
  return {
    nth,
    id: choice.id,
    who: choice.who,
    name: speech.plain(speech.name(choice.who)),
    side,
    words: sentence(run, last, choice, side, speech),
    gains: [
      ...broken,
      ...impossible,
      ...refusing(run, last).map((clause): Gain => ({ is: 'refused', clause, name: clauseName(clause), by: null })),
      ...(isLie ? refusedLater(thrown, thrownNext(table, next)) : []),
      ...learnedIn(last, speech),
      ...(choice.do === 'act' ? [] : cameAs(run, last, speech)),
    ],
  };
};

/** What tells moves of one sentence apart: that one of them has the story go on, and the values in which they differ. */
const apart = (choices: readonly OpenChoice[], one: OpenChoice): string => {
  if (one.do !== 'act') return '';
  if (one.kind === 'story' && choices.some(({ kind }) => kind !== 'story')) return 'and the story goes on';
  const others = choices.filter((other) => other.do === 'act' && other !== one);
  const own = Object.entries(one.act.args).filter(([name, value]) =>
    others.some((other) => other.do === 'act' && other.act.args[name] !== value),
  );
  return own.map(([name, value]) => `${name} ${String(value)}`).join(', ');
};

/** Which of what people may do in any order is the same thing as one before it: either may be done, and then the other. */
const isAgain = (open: readonly OpenChoice[], one: OpenChoice): boolean => {
  if (one.do !== 'act' || one.kind !== 'play') return false;
  const first = open.find((other) => other.do === 'act' && other.kind === 'play' && isSameAct(other.act, one.act));
  return first !== one;
};
const isSameAct = (one: Act, other: Act): boolean =>
  one.who === other.who && one.verb === other.verb && sameJson(one.args, other.args);

/** Everything that may happen next, each once, under a sentence of its own. */
export const allOffered = (table: Table, position: Position): readonly Offered[] => {
  const open = openIn(table, position);
  const thrown = thrownNext(table, position);
  const all = open.flatMap((choice, nth) =>
    isAgain(open, choice) ? [] : [offeredIn(table, position, choice, nth, thrown)],
  );
  return all.map((one) => {
    const twins = all.filter(({ words }) => words === one.words);
    const choice = open[one.nth];
    const more =
      twins.length < 2 || choice === undefined
        ? ''
        : apart(
            twins.flatMap(({ nth }) => open[nth] ?? []),
            choice,
          );
    return more === '' ? one : { ...one, words: `${one.words} (${more})` };
  });
};
