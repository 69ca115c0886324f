/** How the user's choice is recorded (MSC4287, "Behaviour on setting change"). */
import type { Part, Rules } from '../clauses.ts';
import { isObject, objectAt, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { DeviceEvent, Effect } from '../types.ts';
import type { PreferenceContext } from './context.ts';
import { isNested, type Shape, shapesOf } from './reading.ts';

/** Whether the option leaves the preference alone, and the text lets it. */
export const isOptedOut = ({ me }: PreferenceContext, rules: Rules): boolean =>
  me.options.preference === 'ignore' && rules.does('4287-opt-out');

const contentOf = (context: PreferenceContext, rules: Rules, shape: Shape, isOn: boolean) => {
  const value = isOn !== shape.isInverted;
  const flat = { [shape.field]: rules.does('4287-enabled-boolean') ? value : String(value) };
  return isNested(context, rules) ? { [shape.type]: flat } : flat;
};

const pathOf = ({ me }: PreferenceContext, rules: Rules, { type }: Shape): string =>
  rules.does('4287-global-scope')
    ? paths.accountData(me.user, type)
    : paths.roomAccountData(me.user, `!settings:${me.user.split(':').slice(1).join(':')}`, type);

const put = (context: PreferenceContext, rules: Rules, shape: Shape, isOn: boolean, more: object = {}): Effect => ({
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
          context.me.readings.q47 === 'B' || (context.me.readings.q45 === 'B' && by === 'client')
            ? {
                type: 'request',
                method: 'GET',
                path: pathOf(context, rules, shape),
                answerAs: 'preference.looked up',
                with: { form: shape.form, isOn, by },
              }
            : put(context, rules, shape, isOn),
      );

const turnsOn = (event: DeviceEvent): boolean =>
  ['user.turn backup on', 'user.create backup', 'user.reset backup'].includes(event.type);

export const writingParts = {
  '4287-enabled-boolean': { kind: 'format', isDoneBy: '4287-write-true' },
  '4287-global-scope': { kind: 'format', isDoneBy: '4287-write-true' },
  /** "Potential issues": some clients may leave the value alone, for reading and for writing. */
  '4287-opt-out': { kind: 'duty', isDoneBy: '4287-write-true' },
  /** "Behaviour on setting change". */
  '4287-write-true': {
    kind: 'duty',
    perform: (context, event, rules) => {
      const effects = turnsOn(event) ? recorded(context, rules, true, 'user') : [];
      return effects.length === 0 ? null : { effects };
    },
  },
  '4287-write-false': {
    kind: 'duty',
    perform: (context, event, rules) => {
      const effects = turnsOn(event) ? [] : recorded(context, rules, false, 'user');
      return effects.length === 0 ? null : { effects };
    },
  },
  'notes what the user turned': {
    kind: 'plain',
    perform: (_context, event) => {
      const isOn = turnsOn(event);
      return {
        context: { isOn, isPending: false, question: null },
        effects: [{ type: 'store', patch: { patch: 'backup preference', isOn, why: 'user' } }],
      };
    },
  },
  'writes beside what is there': {
    kind: 'plain',
    perform: (context, event, rules) => {
      const { form, isOn, by } = objectAt(event, 'with');
      const shape = shapesOf(context, rules).find((one) => one.form === form);
      if (shape === undefined || typeof isOn !== 'boolean') return null;
      const content = event.status === 200 && isObject(event.body) ? event.body : {};
      if (context.me.readings.q45 === 'B' && by === 'client' && typeof content[shape.field] === 'boolean') return null;
      return { effects: [put(context, rules, shape, isOn, context.me.readings.q47 === 'B' ? content : {})] };
    },
  },
  /** "Alternatives": that a backup is gone is noticed, since uploads begin to fail. Permission to go on in silence. */
  '4287-notice-deleted-backup': {
    kind: 'guard',
    permits: (_context, event) => event.status === 200,
  },
  'tells that the backup is gone': {
    kind: 'plain',
    perform: (_context, event) => ({
      effects: [
        {
          type: 'show',
          notice: {
            about: 'backup gone',
            text: 'Room keys are no longer taken into the key backup.',
            error: stringAt(event.body, 'errcode') ?? null,
          },
        },
      ],
    }),
  },
} satisfies Readonly<Record<string, Part<PreferenceContext>>>;
