/** The schema of the lines of a story: made from the table of verbs. */
import type { Json, JsonObject } from '../../machines/json.ts';
import { endpointNames } from '../engine/endpoints.ts';
import type { Arg } from '../verbs/arguments.ts';
import { forms, formsOf } from '../verbs/forms.ts';
import type { Form } from '../verbs/verb.ts';
import { errorCodes } from './refused.ts';
import { count, name, object, ref, text, words } from './schema-words.ts';
import { usageOf } from './story.ts';

/** What a fault lies on. */
export const endpointSchema = (): JsonObject =>
  text('an endpoint: keys/query, or with an event type sendToDevice/m.room.encrypted', {
    pattern: `^/?(?:${endpointNames.join('|')}|media/v3/upload)(?:/|$)`,
    examples: endpointNames,
  });

const argSchema = (arg: Arg): JsonObject => {
  switch (arg.is) {
    case 'device':
      return ref('device');
    case 'own device':
      return text('another device of the same user: laptop, or alice.laptop', { pattern: `^(?:${name}\\.)?${name}$` });
    case 'new device':
      return text('a name for a new device', { pattern: `^${name}$` });
    case 'user':
      return text('a user of the cast', { pattern: `^${name}$` });
    case 'room':
      return text('a room: den, or !den:example.org');
    case 'new room':
      return text('a name for a new room', { pattern: `^${name}$` });
    case 'server':
      return text('another server of the cast');
    case 'clause':
      return ref('clause');
    case 'asker':
      return text('a device, as in alice.phone, or another server of the cast');
    case 'duration':
      return text('a span of time', { pattern: '^[0-9]+(?:ms|s|m|h|d)$', examples: ['25h', '90m', '7d'] });
    case 'word':
      return text(arg.what, { examples: arg.suggest });
    case 'content':
      return text(arg.what, { pattern: '^\\s*\\{', examples: arg.suggest.map((one) => one.replaceAll("'", '')) });
    case 'one of':
      return { enum: arg.words };
    case 'endpoint':
      return ref('endpoint');
    case 'count':
      return count(arg.max);
  }
};

/** That a line expects to be refused. */
export const refusedSchema = (): JsonObject => ({
  description: 'It is refused: with this status and error code, with one of the two, or (true) with whatever it is.',
  anyOf: [
    { const: true },
    { type: 'integer', minimum: 400, maximum: 499 },
    { enum: errorCodes },
    { type: 'string', pattern: `^4[0-9][0-9](?: (?:${errorCodes.join('|')}))?$`, examples: ['403 M_FORBIDDEN'] },
  ],
});

/** A verb with what stands beside it: `{ push secret: …, to: … }`. */
const verbObject = (verb: Form, extra: Readonly<Record<string, Json>>): JsonObject => {
  const { takes, more } = verb;
  const nothing = { type: 'null' };
  const main =
    takes === null ? nothing : takes.optional === true ? { anyOf: [nothing, argSchema(takes)] } : argSchema(takes);
  const args = Object.entries(more).map(([argument, arg]) => [argument, argSchema(arg)] as const);
  const needed = Object.keys(more).filter((argument) => more[argument]?.optional !== true);
  return object(
    verb.text,
    { [verb.verb]: { title: usageOf(verb), ...main }, ...Object.fromEntries(args), ...extra },
    { required: [verb.verb, ...needed] },
  );
};

const standsAlone = ({ takes, more }: Form): boolean =>
  (takes === null || takes.optional === true) && Object.values(more).every((arg) => arg.optional === true);

/** What anybody may do. Who may do what, the parser knows. */
export const actSchema = (extra: Readonly<Record<string, Json>>): JsonObject => {
  const alone = new Map(forms.filter(standsAlone).map(({ verb, text: about }) => [verb, about]));
  const objects = forms.map((verb) => verbObject(verb, extra));
  // Device and attacker may share a verb's form; one of them is enough here.
  const seen = new Set<string>();
  const distinct = objects.filter((one) => {
    const form = JSON.stringify([Object.keys(one.properties as JsonObject), one.required ?? null]);
    return !seen.has(form) && seen.add(form);
  });
  return { anyOf: [words(alone), ...distinct] };
};

export const lineSchema = (act: JsonObject): JsonObject => ({
  type: 'object',
  description: 'who: what',
  minProperties: 1,
  maxProperties: 1,
  properties: {
    everyone: {
      anyOf: [
        words(
          formsOf('everyone')
            .filter(standsAlone)
            .map(({ verb, text: about }) => [verb, about]),
        ),
        ...formsOf('everyone').map((verb) => verbObject(verb, { refused: ref('refused') })),
      ],
    },
  },
  additionalProperties: act,
});
