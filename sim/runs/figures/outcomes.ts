/**
 * What a clause did in a step: not what its guard said, but what became of what it was asked about. What a refusal means
 * stands in the ledger, clause by clause; what else the step has to say of it is read here.
 */
import { namedClause } from '../../../machines/naming.ts';
import { PLAYS_LIKE, playing } from '../../../machines/profiles.ts';
import type { DeviceSettings } from '../../../machines/types.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';

export type ClauseMoment = Extract<Moment, { kind: 'clause' }>;

/**
 * Of a clause that is in force. Only what is `thrown away` is refused; `some`: of several things that it was asked about others got in.
 * `what`: what is read, chosen or not done, in a few words.
 */
export type InForce =
  | { readonly is: 'passed' | 'kept for later' | 'not on this ground' | 'done' }
  | { readonly is: 'thrown away'; readonly some?: true }
  | { readonly is: 'not done' | 'read as' | 'chose'; readonly what: string };
/** `off`: with what it would have done. */
export type Outcome = InForce | { readonly is: 'off'; readonly would: InForce };

const playerOf = (moment: Moment): PlayerId =>
  'player' in moment ? moment.player : moment.kind === 'delivery' ? moment.to : moment.from;

/** The settings of a device in a run, with what it comes to that it plays like a client in use. */
const settingsIn = ({ scenario: { settings }, trace }: Run, player: PlayerId): DeviceSettings => {
  const own = settings.byDevice[player] ?? settings.everyone;
  const like = trace.turns.flatMap((turn) =>
    turn.turn === 'option' && turn.option === PLAYS_LIKE ? [turn.value] : [],
  );
  const value = like.at(-1);
  return playing(value === undefined ? own : { ...own, options: { ...own.options, [PLAYS_LIKE]: value } });
};

/** The reading of a question that a device has in a run. */
const readingIn = (run: Run, player: PlayerId, question: string): 'A' | 'B' | undefined =>
  run.trace.turns
    .flatMap((turn) => (turn.turn === 'reading' && turn.question === question ? [turn.reading] : []))
    .at(-1) ?? settingsIn(run, player).readings[question];

/** What the ledger says that a refusal means, with the readings of the device. */
const meant = (run: Run, { clause, player }: ClauseMoment): InForce => {
  const entry = namedClause(clause);
  const read = Object.entries(entry?.refusing_by_reading ?? {}).flatMap(([question, by]) => {
    const reading = readingIn(run, player, question);
    return reading === undefined ? [] : (by[reading] ?? []);
  })[0];
  const is = read ?? entry?.refusing ?? 'thrown away';
  return is === 'not done' || is === 'read as' || is === 'chose'
    ? { is, what: entry?.refusing_what ?? 'something else' }
    : { is };
};
const thrownAway = (step: Step, moment: ClauseMoment): InForce =>
  isSome(step, moment) ? { is: 'thrown away', some: true } : { is: 'thrown away' };

/** Moments of the same player that come after one, while `within` holds of them. */
const after = (step: Step, moment: ClauseMoment, within: (one: Moment) => boolean): readonly Moment[] => {
  const own = step.moments.slice(step.moments.indexOf(moment) + 1).filter((one) => playerOf(one) === moment.player);
  const end = own.findIndex((one) => !within(one));
  return end < 0 ? own : own.slice(0, end);
};
/** What else the same chart made of what it heard. */
const hearing = (step: Step, moment: ClauseMoment): readonly Moment[] =>
  after(step, moment, ({ kind }) => kind !== 'heard' && kind !== 'delivery');

/** Whether what the chart heard were several things, some of which got in: the clause passed them, or they were stored. */
const isSome = (step: Step, moment: ClauseMoment): boolean => {
  const own = step.moments.slice(0, step.moments.indexOf(moment)).filter((one) => playerOf(one) === moment.player);
  const before = own.slice(own.findLastIndex(({ kind }) => kind === 'heard') + 1);
  const ahead = hearing(step, moment);
  return (
    ahead.some(({ kind }) => kind === 'stored') ||
    [...before, ...ahead].some(
      (one) => one.kind === 'clause' && one.clause === moment.clause && one.says === 'permits' && !one.off,
    )
  );
};

/** What else of a sync is heard when a letter has been dealt with. */
const isNext = (one: Moment): boolean =>
  one.kind === 'delivery' ||
  one.kind === 'discarded' ||
  (one.kind === 'heard' && /^(?:sync|room|inbox|user)\./.test(one.event.type));

/** Whether another chart that was given the same letter had nothing against it. */
const isTakenElsewhere = (step: Step, moment: ClauseMoment): boolean => {
  const others = Map.groupBy(
    after(step, moment, (one) => !isNext(one)).filter((one) => one.kind === 'clause' && one.chart !== moment.chart),
    (one) => (one.kind === 'clause' ? one.chart : ''),
  );
  return [...others.values()].some((said) =>
    said.every((one) => one.kind !== 'clause' || one.off || one.says !== 'refuses'),
  );
};

/** Whether what was refused came as a letter: other charts may hear that too. */
const isOfLetter = (step: Step, moment: ClauseMoment): boolean => {
  const heard = step.moments
    .slice(0, step.moments.indexOf(moment))
    .findLast((one) => one.kind === 'heard' && one.player === moment.player);
  return heard?.kind === 'heard' && !heard.event.type.startsWith('sync.') && 'content' in heard.event;
};

const refusal = (run: Run, step: Step, moment: ClauseMoment): InForce => {
  const ledger = meant(run, moment);
  switch (ledger.is) {
    case 'kept for later': {
      const keeper = namedClause(moment.clause)?.kept_by;
      const isLost = hearing(step, moment).some((one) => one.kind === 'clause' && one.clause === keeper && one.off);
      return isLost ? thrownAway(step, moment) : ledger;
    }
    case 'not on this ground':
      return hearing(step, moment).some((one) => one.kind === 'discarded' && one.cause === 'unconfirmed')
        ? thrownAway(step, moment)
        : ledger;
    case 'thrown away':
      return isOfLetter(step, moment) && isTakenElsewhere(step, moment)
        ? { is: 'not on this ground' }
        : thrownAway(step, moment);
    default:
      return ledger;
  }
};

/** What became of what a clause was asked about, in a step of a run. */
export const outcomeOf = (run: Run, step: Step, moment: ClauseMoment): Outcome => {
  const { says, off } = moment;
  switch (says) {
    case 'permits':
      return off ? { is: 'off', would: { is: 'passed' } } : { is: 'passed' };
    case 'refuses':
      return off ? { is: 'off', would: meant(run, moment) } : refusal(run, step, moment);
    case 'done':
      return { is: 'done' };
    case 'not done':
      return off ? { is: 'off', would: { is: 'done' } } : { is: 'not done', what: 'not done' };
  }
};

const wouldWords = (would: InForce): string => {
  switch (would.is) {
    case 'passed':
      return 'off, would pass';
    case 'thrown away':
      return 'off, would refuse';
    case 'kept for later':
      return 'off, would keep it for later';
    case 'not on this ground':
      return 'off, would not pass';
    case 'done':
      return 'off, not done';
    case 'not done':
    case 'read as':
    case 'chose':
      return `off, otherwise ${outcomeWords(would)}`;
  }
};

/** In a few words: `refused`, `kept for later`, `uploads nothing`, `read as: not shareable`, `off, would refuse`. */
export const outcomeWords = (outcome: Outcome): string => {
  switch (outcome.is) {
    case 'passed':
      return 'passes';
    case 'thrown away':
      return outcome.some === true ? 'some of it refused' : 'refused';
    case 'read as':
    case 'chose':
      return `${outcome.is}: ${outcome.what}`;
    case 'not done':
      return outcome.what;
    case 'off':
      return wouldWords(outcome.would);
    case 'done':
    case 'kept for later':
    case 'not on this ground':
      return outcome.is;
  }
};

/** Whether a picture names the clause: something came of it that would not come of another check that passed. */
export const isTelling = ({ is, ...rest }: Outcome): boolean => {
  if (is === 'off') return 'would' in rest && rest.would.is !== 'passed';
  return is !== 'passed' && is !== 'done' && is !== 'not on this ground';
};
