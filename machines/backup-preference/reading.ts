/** What account data say of the user's wish (MSC4287, "Proposal", "Behaviour on sign-in" and "Unstable prefix"). */
import type { Rules } from '../clauses.ts';
import { isObject, objectAt } from '../json.ts';
import { writesUnstable, writtenName, writtenNames } from '../names.ts';
import { type Answer, type Form, type PreferenceContext, readingOf, type Stated } from './context.ts';
import { type On, type PreferenceParts, words } from './events.ts';

const { permits, remembers } = words;

export const STABLE_TYPE = writtenName('preference', 'stable');
export const UNSTABLE_TYPE = writtenName('preference', 'unstable');
/** Where a client that follows no text keeps the choice: nobody else looks there. */
export const PRIVATE_TYPE = 'org.example.client.settings';

/** The name of a type and of its field, and whether the field says that there is to be no backup. */
export type Shape = {
  readonly form: Form;
  readonly type: string;
  readonly field: string;
  readonly isInverted: boolean;
};

/** The shapes in which this client reads and writes the preference, by the identifiers it is set to. */
export const shapesOf = ({ me }: PreferenceContext, rules: Rules): readonly Shape[] => {
  const isUnstable = writesUnstable('preference', me.identifiers) && rules.does('4287-unstable-name');
  const types = isUnstable ? writtenNames('preference', me.identifiers) : [STABLE_TYPE];
  const forms = types.map((type): Form => (type === STABLE_TYPE ? 'stable' : 'unstable'));
  return forms.map((form) =>
    form === 'stable'
      ? {
          form,
          type: rules.does('4287-event-type') ? STABLE_TYPE : PRIVATE_TYPE,
          field: 'enabled',
          isInverted: false,
        }
      : { form, type: UNSTABLE_TYPE, field: 'disabled', isInverted: rules.does('4287-unstable-inverted') },
  );
};

/** Whether this client takes the content to lie within an object that bears the type's name (question q48). */
export const isNested = ({ me }: PreferenceContext, rules: Rules): boolean =>
  !rules.does('4287-flat-example') || (readingOf(me, 'q48') === 'A' && rules.does('4287-nested-example'));

const isFailure = ({ status }: Answer): boolean => status !== 200 && status !== 404;

/** One answer, read. Where a sentence that calls it unusable is skipped, it is read as a sloppy client would. */
const readOne = (context: PreferenceContext, rules: Rules, shape: Shape, answer: Answer): Stated => {
  if (isFailure(answer)) return 'unknown';
  if (answer.status === 404) return rules.may('4287-invalid-missing-event') ? 'off' : 'undetermined';
  const content = isNested(context, rules) ? objectAt(answer.content, shape.type) : answer.content;
  const value = content[shape.field];
  if (value === undefined && !rules.may('4287-invalid-missing-property')) return 'undetermined';
  if (value !== undefined && typeof value !== 'boolean' && !rules.may('4287-invalid-non-boolean'))
    return 'undetermined';
  return Boolean(value) !== shape.isInverted ? 'on' : 'off';
};

/** All that was answered, as one statement. Question q42: the stable event hides the interim one (A), or "off" wins (B). */
export const statementOf = (context: PreferenceContext, rules: Rules): Stated => {
  const read = shapesOf(context, rules).flatMap((shape) => {
    const answer = context.answers[shape.form];
    return answer === undefined ? [] : [{ answer, said: readOne(context, rules, shape, answer) }];
  });
  const said = read.map((one) => one.said);
  const [first] = read;
  if (first !== undefined && read.length > 1 && readingOf(context.me, 'q42') !== 'B')
    return first.answer.status === 404 && first.said === 'undetermined' ? (said[1] ?? first.said) : first.said;
  return (['off', 'unknown', 'on'] as const).find((one) => said.includes(one)) ?? 'undetermined';
};

/** Permission to read as a choice what is none: never given. */
const never = (): boolean => false;

export const readingParts = {
  /** "Proposal": the preference lives under that type. */
  '4287-event-type': { kind: 'format', isDoneBy: 'asks for the preference' },
  /** "Proposal" of the seed: its sample, taken at its word (question q48, reading A). */
  '4287-nested-example': { kind: 'format', isDoneBy: 'weighs the preference' },
  '4287-flat-example': { kind: 'format', isDoneBy: 'weighs the preference', isImplied: true },
  /** "Unstable prefix": the interim type and field, of the opposite sense. */
  '4287-unstable-name': { kind: 'format', isDoneBy: 'asks for the preference' },
  '4287-unstable-inverted': { kind: 'format', isDoneBy: 'weighs the preference' },
  /** "Behaviour on sign-in": what is no statement of anything. Permission to read it as one. */
  '4287-invalid-missing-event': { kind: 'guard', permitsItem: never },
  '4287-invalid-missing-property': { kind: 'guard', permitsItem: never },
  '4287-invalid-non-boolean': { kind: 'guard', permitsItem: never },
  'keeps the answer': remembers((context, { status, body, with: { form } }: On<'preference.read'>) => ({
    answers: { ...context.answers, [form]: { status, content: isObject(body) ? body : {} } },
  })),
  'all is answered': permits(({ asked, answers }) => asked.every((form) => answers[form] !== undefined)),
} satisfies PreferenceParts;
