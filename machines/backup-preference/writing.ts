/** How the user's choice is recorded (MSC4287, "Behaviour on setting change"). */
import type { Rules } from '../clauses.ts';
import type { News, UserAct } from '../events.ts';
import { isObject, type JsonObject } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { type PreferenceContext, readingOf } from './context.ts';
import { type Effect, type On, type PreferenceParts, words } from './events.ts';
import { optionOf } from './options.ts';
import { isNested, type Shape, shapesOf } from './reading.ts';

const { causes, performs, store } = words;

/** Whether the option leaves the preference alone, and the text lets it. */
export const isOptedOut = ({ me }: PreferenceContext, rules: Rules): boolean =>
  optionOf(me, 'preference') === 'ignore' && rules.does('4287-opt-out');

const contentOf = (context: PreferenceContext, rules: Rules, shape: Shape, isOn: boolean) => {
  const value = isOn !== shape.isInverted;
  const flat = { [shape.field]: rules.does('4287-enabled-boolean') ? value : String(value) };
  return isNested(context, rules) ? { [shape.type]: flat } : flat;
};

const pathOf = ({ me }: PreferenceContext, rules: Rules, { type }: Shape): string =>
  rules.does('4287-global-scope')
    ? paths.accountData(me.user, type)
    : paths.roomAccountData(me.user, `!settings:${me.user.split(':').slice(1).join(':')}`, type);

const put = (context: PreferenceContext, rules: Rules, shape: Shape, isOn: boolean, more: JsonObject = {}): Effect => ({
  type: 'request',
  method: 'PUT',
  path: pathOf(context, rules, shape),
  body: { ...more, ...contentOf(context, rules, shape, isOn) },
  answerAs: null,
});

/**
 * The requests that record a choice in each form this client writes. Questions q47 (B: fields of others are kept) and q45 (B: a
 * choice that the client made by itself gives way to one that came in between) ask for a look at what is there first.
 */
export const recorded = (
  context: PreferenceContext,
  rules: Rules,
  isOn: boolean,
  by: 'user' | 'client',
): readonly Effect[] =>
  isOptedOut(context, rules)
    ? []
    : shapesOf(context, rules).map(
        (shape): Effect =>
          readingOf(context.me, 'q47') === 'B' || (readingOf(context.me, 'q45') === 'B' && by === 'client')
            ? {
                type: 'request',
                method: 'GET',
                path: pathOf(context, rules, shape),
                answerAs: 'preference.looked up',
                with: { form: shape.form, isOn, by },
              }
            : put(context, rules, shape, isOn),
      );

type TurnedOn = UserAct<'user.turn backup on' | 'user.create backup' | 'user.reset backup'>;
type TurnedOff = UserAct<'user.turn backup off' | 'user.delete backup'>;
const turnsOn = ({ type }: TurnedOn | TurnedOff): boolean =>
  type !== 'user.turn backup off' && type !== 'user.delete backup';

export const writingParts = {
  '4287-enabled-boolean': { kind: 'format', isDoneBy: '4287-write-true' },
  '4287-global-scope': { kind: 'format', isDoneBy: '4287-write-true' },
  /** "Potential issues": some clients may leave the value alone, for reading and for writing. */
  '4287-opt-out': { kind: 'duty', isDoneBy: '4287-write-true' },
  /** "Behaviour on setting change". */
  '4287-write-true': {
    kind: 'duty',
    perform: (context, _event: TurnedOn, rules) => {
      const effects = recorded(context, rules, true, 'user');
      return effects.length === 0 ? null : { effects };
    },
  },
  '4287-write-false': {
    kind: 'duty',
    perform: (context, _event: TurnedOff, rules) => {
      const effects = recorded(context, rules, false, 'user');
      return effects.length === 0 ? null : { effects };
    },
  },
  'notes what the user turned': performs((_context, event: TurnedOn | TurnedOff) => {
    const isOn = turnsOn(event);
    return {
      context: { isOn, isPending: false, question: null },
      effects: [store({ patch: 'backup preference', isOn, why: 'user' })],
    };
  }),
  'writes beside what is there': causes(
    (context, { status, body, with: { form, isOn, by } }: On<'preference.looked up'>, rules) => {
      const shape = shapesOf(context, rules).find((one) => one.form === form);
      if (shape === undefined) return null;
      const content = status === 200 && isObject(body) ? body : {};
      if (readingOf(context.me, 'q45') === 'B' && by === 'client' && typeof content[shape.field] === 'boolean')
        return null;
      return put(context, rules, shape, isOn, readingOf(context.me, 'q47') === 'B' ? content : {});
    },
  ),
  /** "Alternatives": that a backup is gone is noticed, since uploads begin to fail. Permission to go on in silence. */
  '4287-notice-deleted-backup': {
    kind: 'guard',
    // What has no answer, or fails for now, says nothing of the backup ("Server-side key backups": 403 for another version, 404 for none).
    permits: (_context, { status }: News<'told.backup uploaded'>) => status !== 403 && status !== 404,
  },
  'tells that the backup is gone': causes((_context, { error }: News<'told.backup uploaded'>) =>
    show('backup gone', 'Room keys are no longer taken into the key backup.', { error }),
  ),
} satisfies PreferenceParts;
