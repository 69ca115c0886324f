/**
 * The JSON Schema (2020-12) of scenario files, for editors: made from the tables that the parser itself reads, so that
 * what is completed is what is accepted. Names of the cast are beyond a schema; the parser checks those.
 */
import type { Json, JsonObject } from '../../machines/json.ts';
import { endpointNames } from '../endpoints.ts';
import type { Arg } from './arguments.ts';
import { verdicts } from './expect.ts';
import { interactions } from './interactions.ts';
import { clauses, guaranteeNames, proposals, questions } from './ledger.ts';
import { identifierForms, type OptionKind, options } from './options.ts';
import { sections } from './parse.ts';
import { roles } from './plays.ts';
import { errorCodes } from './refused.ts';
import { joinRules, visibilities } from './rooms.ts';
import { usageOf } from './story.ts';
import { faults, type Verb, verbs, verbsOf } from './verbs.ts';

const text = (description: string, more: JsonObject = {}): JsonObject => ({ type: 'string', description, ...more });
const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const listOf = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description });
const object = (
  description: string,
  properties: Readonly<Record<string, Json>>,
  more: { readonly required?: readonly string[]; readonly patternProperties?: JsonObject } = {},
): JsonObject => ({ type: 'object', description, properties, ...more, additionalProperties: false });
/** One of these words, each with what it means. */
const words = (known: Iterable<readonly [string, string]>): JsonObject => ({
  anyOf: [...known].map(([word, description]) => ({ const: word, description })),
});
const each = (known: Iterable<readonly [string, string]>, schema: JsonObject): Readonly<Record<string, Json>> =>
  Object.fromEntries([...known].map(([name, description]) => [name, { ...schema, description }]));

const name = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const device = `^${name}\\.${name}$`;
const count = (max: number): JsonObject => ({
  description: `a whole number from 1 to ${max}`,
  anyOf: [
    { type: 'integer', minimum: 1, maximum: max },
    { type: 'string', pattern: '^[0-9][0-9_]*$' },
  ],
});

const argSchema = (arg: Arg): JsonObject => {
  switch (arg.is) {
    case 'device':
      return text('a device, as in alice.phone', { pattern: device });
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
      return text('an endpoint: keys/query, or with an event type sendToDevice/m.room.encrypted', {
        pattern: `^/?(?:${endpointNames.join('|')}|media/v3/upload)(?:/|$)`,
        examples: endpointNames,
      });
    case 'count':
      return count(arg.max);
  }
};

/** That a line expects to be refused. */
const refusedSchema = (): JsonObject => ({
  description: 'It is refused: with this status and error code, with one of the two, or (true) with whatever it is.',
  anyOf: [
    { const: true },
    { type: 'integer', minimum: 400, maximum: 499 },
    { enum: errorCodes },
    { type: 'string', pattern: `^4[0-9][0-9](?: (?:${errorCodes.join('|')}))?$`, examples: ['403 M_FORBIDDEN'] },
  ],
});

/** A verb with what stands beside it: `{ push secret: …, to: … }`. */
const verbObject = (verb: Verb, extra: Readonly<Record<string, Json>>): JsonObject => {
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

const standsAlone = ({ takes, more }: Verb): boolean =>
  (takes === null || takes.optional === true) && Object.values(more).every((arg) => arg.optional === true);

/** What anybody may do. Who may do what, the parser knows. */
const actSchema = (extra: Readonly<Record<string, Json>>): JsonObject => {
  const alone = new Map(verbs.filter(standsAlone).map(({ verb, text: about }) => [verb, about]));
  const objects = verbs.map((verb) => verbObject(verb, extra));
  // Device and attacker may share a verb's form; one of them is enough here.
  const seen = new Set<string>();
  const distinct = objects.filter((one) => {
    const form = JSON.stringify([Object.keys(one.properties as JsonObject), one.required ?? null]);
    return !seen.has(form) && seen.add(form);
  });
  return { anyOf: [words(alone), ...distinct] };
};

const lineSchema = (act: JsonObject): JsonObject => ({
  type: 'object',
  description: 'who: what',
  minProperties: 1,
  maxProperties: 1,
  properties: {
    everyone: {
      anyOf: [
        words(
          verbsOf('everyone')
            .filter(standsAlone)
            .map(({ verb, text: about }) => [verb, about]),
        ),
        ...verbsOf('everyone').map((verb) => verbObject(verb, { refused: ref('refused') })),
      ],
    },
  },
  additionalProperties: act,
});

const castSchema = (): JsonObject =>
  object(
    'Who takes part.',
    {
      servers: { ...listOf(text('the name of a homeserver'), 'The homeservers, as in [example.org].'), minItems: 1 },
      users: {
        type: 'object',
        description: 'Honest people, by name.',
        minProperties: 1,
        additionalProperties: object(
          'A person with their devices: cross-signed and verified, unless said otherwise.',
          {
            server: text('the homeserver they live on'),
            knows: listOf(
              text('another user, or an attacker with an account'),
              'Whose keys they have seen, and so pinned, before the story begins (the usual: everybody’s). [] for nobody: then every contact is the first.',
            ),
            devices: {
              type: 'array',
              minItems: 1,
              items: {
                anyOf: [
                  text('a device', { pattern: `^${name}$` }),
                  {
                    type: 'object',
                    maxProperties: 1,
                    additionalProperties: object('A device that differs.', {
                      'cross-signed': {
                        type: 'boolean',
                        description: 'Signed before the story begins (the usual: true).',
                      },
                    }),
                  },
                ],
              },
            },
          },
          { required: ['server', 'devices'] },
        ),
      },
      attackers: {
        type: 'object',
        description: 'Attackers, by name.',
        additionalProperties: object(
          'An attacker.',
          {
            plays: words(roles.map(({ plays, text: about }) => [plays, about])),
            of: text('the user, device or server it lives off'),
            budget: object('Moves it has in free play, by kind.', {
              moves: { ...count(1000), description: 'moves of any kind' },
              ...each(new Map(verbs.map(({ verb, text: about }) => [verb, about])), count(1000)),
            }),
            colludes: listOf(text('another attacker'), 'Attackers it shares all it knows with.'),
            skips: listOf(ref('clause'), 'Clauses that a sloppy client skips.'),
          },
          { required: ['plays'] },
        ),
      },
      backup: {
        type: 'boolean',
        description: 'Whether users have a key backup before the story begins (the usual: true).',
      },
      rooms: {
        type: 'object',
        description: 'Encrypted rooms that are there before the story begins, by name: !den:example.org is den.',
        additionalProperties: object(
          'A room: its first member makes it on their server, the others are asked in and join.',
          {
            history: { enum: visibilities, description: 'Who may read what was said (the usual: shared).' },
            members: { ...listOf(text('a user, or an attacker with an account'), 'Who is in it.'), minItems: 1 },
            server: text('where it is made: the server of its first member'),
            'join rule': { enum: joinRules, description: 'Who may join (the usual: invite).' },
            allow: text('a room above it, whose members may join unasked where the join rule is restricted'),
          },
          { required: ['members'] },
        ),
      },
    },
    { required: ['servers', 'users'] },
  );

const optionSchema = (kind: OptionKind): JsonObject => {
  switch (kind.is) {
    case 'switch':
      return { type: 'boolean' };
    case 'one of':
      return { enum: kind.words };
    case 'words':
      return { type: 'array', items: { type: 'string' } };
    case 'count':
      return count(kind.max);
  }
};

/** Dials by name, each for everyone or, under a device's name, for that device. */
const byDevice = (description: string, properties: Readonly<Record<string, Json>>): JsonObject => {
  const own = object(description, properties);
  return object(description, { ...properties, everyone: own }, { patternProperties: { [device]: own } });
};

const dialsSchema = (): JsonObject => {
  const identifiers = { enum: identifierForms, description: 'Which names are used on the wire.' };
  const off = listOf(ref('clause'), 'Clauses switched off: a guard permits, a duty is not done.');
  const revisions = [...proposals].map(([proposal, texts]) => [
    proposal,
    words([...texts, ['none', 'Not implemented at all.']]),
  ]);
  const questionForms = [...questions].map(([id, { question, A, B }]) => [
    id,
    {
      description: question,
      ...words([
        ['A', A],
        ['B', B],
      ]),
    },
  ]);
  const optionForms = [...options].map(([option, { kind, text: about }]) => [
    option,
    { description: about, ...optionSchema(kind) },
  ]);
  return object('What devices implement, and how: for everyone, or under a device’s name for that device.', {
    implements: byDevice('Proposal: revision, or none.', { ...Object.fromEntries(revisions), identifiers }),
    identifiers: {
      anyOf: [
        identifiers,
        object('By device.', { everyone: identifiers }, { patternProperties: { [device]: identifiers } }),
      ],
    },
    off: { anyOf: [off, object('By device.', { everyone: off }, { patternProperties: { [device]: off } })] },
    readings: byDevice('Question: A or B.', Object.fromEntries(questionForms)),
    options: byDevice('What the texts leave to the client.', Object.fromEntries(optionForms)),
  });
};

const verdictWords: Readonly<Record<string, string>> = {
  holds: 'The promise is kept, and what it is about did happen.',
  breaks: 'The promise is broken; the value may say at whom.',
  happens: 'It comes about.',
  never: 'It does not come about.',
  unsettled: 'A limit was hit: nothing is known.',
  accepted: 'It breaks, and the text itself says so; the value may say in which clause.',
};

const expectationSchema = (): JsonObject => {
  const where = { anyOf: [{ const: true }, text('at whom, as in alice.phone')] };
  const forms = verdicts.map((verdict) => [
    verdict,
    {
      description: verdictWords[verdict] ?? '',
      ...(verdict === 'accepted' ? { anyOf: [{ const: true }, ref('clause')] } : where),
    },
  ]);
  return {
    anyOf: [
      words(verdicts.map((verdict) => [verdict, verdictWords[verdict] ?? ''])),
      object('One verdict, and where.', {
        ...Object.fromEntries(forms),
        shadow: {
          enum: ['happens', 'never'],
          description: 'Whether what the promise is about happens at all; never has to be said out loud.',
        },
      }),
    ],
  };
};

const withoutSchema = (): JsonObject => ({
  type: 'object',
  description:
    'The same story with a dial turned: which verdicts change. A clause can be off for one device alone, as in "4385-push-encrypted for alice.phone"; several dials are joined by " + ".',
  properties: {
    ...each(clauses, ref('expect')),
    ...each(
      [...questions].flatMap(([id, { A, B }]) => [[`${id}: A`, A] as const, [`${id}: B`, B] as const]),
      ref('expect'),
    ),
    ...each(
      [...proposals].flatMap(([proposal, texts]) =>
        [...texts, ['none', 'Not implemented at all.'] as const].map(
          ([revision, about]) => [`${proposal}: ${revision}`, about] as const,
        ),
      ),
      ref('expect'),
    ),
  },
  patternProperties: { '\\+|^[0-9]+-\\S+ for \\S+$|^q[0-9]+:[AB]$|^MSC[0-9]+:\\S': ref('expect') },
  additionalProperties: false,
});

/** The schema as a JSON value. */
export const scenarioSchema = (): JsonObject => {
  const timesMax = 20;
  const faultCounts = object('Accidents that may happen, and how often.', each(faults, count(timesMax)));
  const line = lineSchema(ref('act'));
  const fields: Readonly<Record<keyof typeof sections, JsonObject>> = {
    title: text('A claim, as one sentence.', { minLength: 1, maxLength: 160 }),
    about: listOf(
      words([...proposals.keys()].map((proposal) => [proposal, `${proposal} and its revisions`])),
      'The proposals it is about.',
    ),
    refs: listOf(words(interactions), 'The interactions of the ledger that it acts out.'),
    why: text('Why it matters, in a sentence or two.', { minLength: 1, maxLength: 4000 }),
    cast: castSchema(),
    dials: dialsSchema(),
    faults: faultCounts,
    story: listOf(
      { anyOf: [line, listOf(line, 'Acts of one line that may come in any order.')] },
      'What happens, line by line.',
    ),
    explore: object(
      'Free play: every order is looked at.',
      {
        acts: listOf(
          lineSchema(ref('act in free play')),
          'What may be done, each at most once unless it says how often.',
        ),
        faults: faultCounts,
        until: object('How far.', { depth: count(200), worlds: count(100_000_000) }, { required: ['depth', 'worlds'] }),
      },
      { required: ['acts', 'until'] },
    ),
    expect: ref('expect'),
    without: withoutSchema(),
  };
  const required = Object.entries(sections).flatMap(([field, need]) => (need === 'needed' ? [field] : []));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A Hearsay scenario',
    ...object('What happens among devices, people, servers and attackers, and which promises hold.', fields, {
      required,
    }),
    anyOf: [{ required: ['story'] }, { required: ['explore'] }],
    $defs: {
      clause: words(clauses),
      refused: refusedSchema(),
      act: actSchema({ refused: ref('refused') }),
      'act in free play': actSchema({ times: count(timesMax) }),
      expect: {
        type: 'object',
        description: 'Expected verdicts: claims that a person stands behind.',
        minProperties: 1,
        properties: each(guaranteeNames, ref('expectation')),
        additionalProperties: false,
      },
      expectation: expectationSchema(),
    },
  };
};

const columns = 120;

/** A JSON value as text, laid out as the house's formatter does: lists of words on one line where they fit. */
export const layOut = (value: Json, indent = 0, before = 0): string => {
  const pad = ' '.repeat(indent + 2);
  const close = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const flat = value.every((item) => item === null || typeof item !== 'object');
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (value.length === 0 || (flat && indent + before + line.length + 1 <= columns)) return line;
    return `[\n${value.map((item) => `${pad}${layOut(item, indent + 2)}`).join(',\n')}\n${close}]`;
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const label = `${JSON.stringify(key)}: `;
    return `${pad}${label}${layOut(item, indent + 2, label.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${close}}`;
};

/** The text of `scenarios/schema.json`. */
export const schemaText = (): string => `${layOut(scenarioSchema())}\n`;
