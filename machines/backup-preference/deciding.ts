/** What becomes of the user's stated wish (MSC4287, "Behaviour on sign-in" and "Not actively monitoring this setting"). */

import type { Rules } from '../clauses.ts';
import type { CoreNews, News } from '../events.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { implemented } from '../registration.ts';
import { hasClause } from '../wording.ts';
import { type PreferenceContext, type Question, readingOf, type Stated } from './context.ts';
import { type Change, type Effect, type PreferenceParts, words } from './events.ts';
import { optionOf } from './options.ts';
import { shapesOf, statementOf } from './reading.ts';
import { isOptedOut, recorded } from './writing.ts';

const { causes, performs, permits, store, tell } = words;

type Why = 'preference' | 'own default' | 'user';
const never = (): boolean => false;

/** What this client does where nobody has said anything. */
const ownDefault = ({ me }: PreferenceContext): boolean => optionOf(me, 'backup by default') !== 'off';

/** From now on this client backs up, or does not. Question q44: whether that makes a backup or ends one (A), or is a hint (B). */
const decided = ({ me }: PreferenceContext, isOn: boolean, why: Why, more: readonly Effect[] = []): Change => {
  const isHint = readingOf(me, 'q44') === 'B' && why === 'preference';
  const told: News<'told.backup wanted' | 'told.backup refrained'> =
    isOn || isHint ? { type: 'told.backup wanted', isMadeIfNone: isOn && !isHint } : { type: 'told.backup refrained' };
  return {
    context: { isOn, isPending: false, question: null, stated: null },
    effects: [...more, store({ patch: 'backup preference', isOn, why }), tell(told)],
  };
};

const questionText: Readonly<Record<Question['about'], string>> = {
  value: 'Shall this client back up room keys? What was chosen before is marked.',
  confirmation: 'Your server says how you want key backup to be. Is it so?',
  change: 'Your server says that you have changed your mind about key backup. Have you?',
  default: 'Shall this client back up room keys?',
};
const asks = (question: Question): Change => ({
  context: { question, stated: null },
  effects: [
    show('backup preference asked', questionText[question.about], { why: question.about, isOn: question.isOn }),
  ],
});

/** The stored value is followed. */
const follows = (context: PreferenceContext, rules: Rules, isOn: boolean): Change => {
  const isShown = rules.does('4287-show-when-affecting') || rules.does('4287-show-setting-seed');
  const notice = isOn
    ? 'This client backs up room keys, as your account data ask for.'
    : 'This client backs up no room keys, as your account data ask for.';
  return decided(context, isOn, 'preference', isShown ? [show('backup preference followed', notice, { isOn })] : []);
};

const onStated = (context: PreferenceContext, rules: Rules, isOn: boolean): Change => {
  // Each text has one of the first two, and one that it has not permits.
  const isOverruled =
    (rules.may('4287-signin-obey') && rules.may('4287-signin-consider')) ||
    rules.may(isOn ? '4287-true-means-on' : '4287-false-means-off');
  if (isOverruled) return decided(context, ownDefault(context), 'own default');
  const how = optionOf(context.me, 'preference');
  if (how === 'prompt' && rules.does('4287-signin-may-prompt')) return asks({ about: 'value', isOn });
  if (how === 'confirm' && rules.does('4287-signin-may-confirm')) return asks({ about: 'confirmation', isOn });
  return rules.does('4287-signin-may-auto') ? follows(context, rules, isOn) : asks({ about: 'value', isOn });
};

/** Nothing that counts is stated. The seed has two ways, the later texts leave it to the client. */
const onNothing = (context: PreferenceContext, rules: Rules): Change => {
  if (optionOf(context.me, 'backup by default') === 'ask') return asks({ about: 'default', isOn: true });
  const wants = ownDefault(context);
  if (hasClause(context.me, '4287-invalid-choose-and-record')) {
    const way = optionOf(context.me, 'nothing stated') ?? (wants ? 'record' : 'off');
    // Off: whoever had settled for the second way is left with its default.
    if (way === 'off') return decided(context, !rules.does('4287-invalid-or-off') && wants, 'own default');
    const isRecorded = rules.does('4287-invalid-choose-and-record');
    return decided(context, wants, 'own default', isRecorded ? recorded(context, rules, wants, 'client') : []);
  }
  const isOn = rules.does('4287-invalid-may-decide') && wants;
  // Question q41: whether what a client chose by itself is recorded (B).
  const isRecorded = isOn && readingOf(context.me, 'q41') === 'B' && !rules.may('4287-undetermined');
  return decided(context, isOn, 'own default', isRecorded ? recorded(context, rules, true, 'client') : []);
};

const onAnswer = (context: PreferenceContext, rules: Rules, isYes: boolean): Change => {
  const question = context.question;
  if (question === null) return null;
  const isOn = isYes === question.isOn;
  if (question.about === 'change' && !isYes) return { context: { question: null } };
  const isNews = question.about === 'default' || (question.about === 'value' && !isYes);
  // What the user answers is a choice of theirs, and is recorded as any other.
  const isRecorded = isNews && rules.does(isOn ? '4287-write-true' : '4287-write-false');
  return decided(context, isOn, 'user', isRecorded ? recorded(context, rules, isOn, 'user') : []);
};

/** What account data that changed say now of the preference, beside what was read of it; `null`: nothing that counts. */
const changedTo = (
  context: PreferenceContext,
  event: CoreNews<'sync.account data'>,
  rules: Rules,
  read: PreferenceContext['answers'],
): boolean | null => {
  const shape = shapesOf(context, rules).find(({ type }) => type === event.name);
  if (shape === undefined || isOptedOut(context, rules)) return null;
  const answers = { ...read, [shape.form]: { content: event.content, status: 200 } };
  const stated = statementOf({ ...context, answers }, rules);
  return stated === 'on' || stated === 'off' ? stated === 'on' : null;
};

/** The value changed while the user is asked: an answer to what it said before would be none to what it says now. */
const onChangeAsked = (context: PreferenceContext, event: CoreNews<'sync.account data'>, rules: Rules): Change => {
  const { question } = context;
  if (question === null) return null;
  const isChange = question.about === 'change';
  const isOn = changedTo(context, event, rules, isChange ? {} : context.answers);
  if (isOn === null || (isOn === question.isOn && question.about !== 'default')) return null;
  return isChange ? { context: { question: null } } : onStated(context, rules, isOn);
};

/** The value changed while this client runs. */
const onChange = (context: PreferenceContext, event: CoreNews<'sync.account data'>, rules: Rules): Change => {
  const monitor = optionOf(context.me, 'monitor');
  if (monitor !== 'follow' && monitor !== 'ask') return null;
  const isOn = changedTo(context, event, rules, {});
  if (isOn === null || isOn === (context.isOn ?? true)) return null;
  if (!rules.does('4287-may-monitor')) return null;
  const isAlone = monitor === 'follow' ? rules.may('4287-signin-only') : !rules.does('4287-monitor-caution');
  if (isAlone) return follows(context, rules, isOn);
  return monitor === 'ask' || rules.does('4287-monitor-caution') ? asks({ about: 'change', isOn }) : null;
};

export const decidingParts = {
  'is a sign-in': permits(
    // Question q46: a restart is none (A), or each start is one (B).
    ({ me, isSignedIn, isPending }) => !isSignedIn || isPending || readingOf(me, 'q46') === 'B',
  ),
  /** "Behaviour on sign-in": these rules are for clients that encrypt and back up. */
  '4287-scope-capable-clients': {
    kind: 'guard',
    permits: ({ me }) => implemented('MSC1219')(me),
  },
  'asks for the preference': performs((context, _event, rules) => {
    if (isOptedOut(context, rules)) {
      const alone = decided(context, ownDefault(context), 'own default');
      return { ...alone, context: { ...alone?.context, asked: [], answers: {}, isSignedIn: true } };
    }
    const shapes = shapesOf(context, rules);
    return {
      context: {
        asked: shapes.map(({ form }) => form),
        answers: {},
        stated: null,
        question: null,
        isPending: true,
        isSignedIn: true,
      },
      effects: [
        // Until the user's wish is known nothing is backed up.
        tell({ type: 'told.backup refrained' }),
        ...shapes.map(
          ({ type, form }): Effect => ({
            type: 'request',
            method: 'GET',
            path: paths.accountData(context.me.user, type),
            answerAs: 'preference.read',
            with: { form },
          }),
        ),
      ],
    };
  }),
  /** "Behaviour on sign-in": a value that counts decides. Permission to go by one's own default instead. */
  '4287-signin-obey': { kind: 'guard', permitsItem: never },
  '4287-signin-consider': { kind: 'guard', permitsItem: never },
  /** "Proposal": permission to do something else than `true` or `false` says. */
  '4287-true-means-on': { kind: 'guard', permitsItem: never, isImplied: true },
  '4287-false-means-off': { kind: 'guard', permitsItem: never, isImplied: true },
  '4287-signin-may-auto': { kind: 'duty', isDoneBy: 'weighs the preference', isImplied: true },
  '4287-signin-may-prompt': { kind: 'ui', isDoneBy: 'weighs the preference' },
  '4287-signin-may-confirm': { kind: 'ui', isDoneBy: 'weighs the preference' },
  '4287-show-setting-seed': { kind: 'ui', isDoneBy: 'weighs the preference' },
  '4287-show-when-affecting': { kind: 'ui', isDoneBy: 'weighs the preference' },
  /** "Proposal": permission to leave unrecorded what the client chose by itself. */
  '4287-undetermined': { kind: 'guard', permitsItem: never },
  '4287-invalid-choose-and-record': { kind: 'duty', isDoneBy: 'weighs the preference' },
  '4287-invalid-or-off': { kind: 'duty', isDoneBy: 'weighs the preference' },
  '4287-invalid-may-decide': { kind: 'duty', isDoneBy: 'weighs the preference' },
  'weighs the preference': performs((context, _event, rules) => {
    if (!context.isPending) return null; // left alone
    const stated: Stated = statementOf(context, rules);
    // A client that cannot back up and reads the preference all the same takes its own "off" for the user's.
    if (!implemented('MSC1219')(context.me))
      return decided(context, false, 'own default', recorded(context, rules, false, 'client'));
    if (stated === 'on' || stated === 'off') return onStated(context, rules, stated === 'on');
    // Question q43: not to know is the same as that nothing is there (A), or a reason to wait (B).
    if (stated === 'unknown' && readingOf(context.me, 'q43') === 'B') return { context: { stated } };
    return onNothing(context, rules);
  }),
  'is undecided': permits(({ stated }) => stated === 'unknown'),
  /** Where no answer came there may be no news for a sync to bring: one is made all the same. */
  'waits for a sync': causes(({ answers }) =>
    Object.values(answers).some((answer) => answer?.status === 0) ? { type: 'await sync' } : null,
  ),
  'asks the user': permits(({ question }) => question !== null),
  'asks nothing': permits(({ question }) => question === null),
  /** A restart takes no question back that nobody has answered. */
  'asks once more': performs(({ question }) => (question === null ? null : asks(question))),
  'asks no more, or of another value': performs(onChangeAsked),
  'follows a yes': performs((context, _event, rules) => onAnswer(context, rules, true)),
  'follows a no': performs((context, _event, rules) => onAnswer(context, rules, false)),
  /** "Not actively monitoring this setting": clients may watch the value, with care. */
  '4287-may-monitor': { kind: 'duty', isDoneBy: 'sees a change' },
  '4287-monitor-caution': { kind: 'ui', isDoneBy: 'sees a change' },
  /** "Alternatives": the value only bites at sign-in. Permission to act on a change of it without a word. */
  '4287-signin-only': { kind: 'guard', permitsItem: never },
  'sees a change': performs(onChange),
} satisfies PreferenceParts;
