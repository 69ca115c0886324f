/**
 * The JSON Schema (2020-12) of scenario files, for editors: made from the tables that the parser itself reads, so that
 * what is completed is what is accepted. Names of the cast are beyond a schema; the parser checks those.
 */

import { guaranteeTexts } from '../../machines/guarantee-texts.ts';
import type { JsonObject } from '../../machines/json.ts';
import { roles } from '../attackers/roles/index.ts';
import { joinRules, visibilities } from '../engine/rooms.ts';
import { faults, forms } from '../verbs/forms.ts';
import { moveLists } from './budget.ts';
import { verdicts } from './expect.ts';
import { interactions } from './interactions.ts';
import { layOut } from './layout.ts';
import { clauses, proposals, questions } from './ledger.ts';
import { identifierForms, type OptionKind, optionChoices, options } from './options.ts';
import { sections } from './parse.ts';
import { actSchema, endpointSchema, lineSchema, refusedSchema } from './schema-acts.ts';
import { count, device, each, listOf, name, object, ref, text, words } from './schema-words.ts';
import { knownSecrets } from './secret-names.ts';
import { threadForm, threadsMax } from './threads.ts';

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
              moves: { ...ref('moves'), description: 'moves of any kind' },
              ...each(new Map(forms.map(({ verb, text: about }) => [verb, about])), ref('moves')),
              ...Object.fromEntries(
                Object.entries(moveLists).map(([list, about]) => [list, listOf(ref('move'), about)]),
              ),
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
        description:
          'Encrypted rooms that are there before the story begins, by name: !den:example.org is den. Where there are none, each device has a room key of its own making, so that there is something to back up.',
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

const identifiers = { enum: identifierForms, description: 'Which names are used on the wire.' };

/** Settings that have names of their own, with what each may be. */
const namedSettings = (): Readonly<Record<'implements' | 'readings' | 'options', JsonObject>> => {
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
  return {
    implements: object('Proposal: revision, or none.', { ...Object.fromEntries(revisions), identifiers }),
    readings: object('Question: A or B.', Object.fromEntries(questionForms)),
    options: object('What the texts leave to the client.', Object.fromEntries(optionForms)),
  };
};

/** For everyone, or under a device's name for that device. */
const byDevice = (name: string, { description, properties }: JsonObject): JsonObject => ({
  description,
  type: 'object',
  properties: { ...(properties as JsonObject), everyone: ref(name) },
  patternProperties: { [device]: ref(name) },
  additionalProperties: false,
});

const settingsSchema = (named: ReturnType<typeof namedSettings>): JsonObject => {
  const off = listOf(ref('clause'), 'Clauses switched off: a guard permits, a duty is not done.');
  return object('What devices implement, and how: for everyone, or under a device’s name for that device.', {
    implements: byDevice('implements', named.implements),
    identifiers: {
      anyOf: [
        identifiers,
        object('By device.', { everyone: identifiers }, { patternProperties: { [device]: identifiers } }),
      ],
    },
    off: { anyOf: [off, object('By device.', { everyone: off }, { patternProperties: { [device]: off } })] },
    readings: byDevice('readings', named.readings),
    options: byDevice('options', named.options),
  });
};

/** What an editor shows beside a guarantee: all that somebody who claims something of it has to know. */
const guaranteeNotes: readonly (readonly [string, string])[] = Object.entries(guaranteeTexts).map(
  ([id, { promise, ifBroken, forWhom, shadow }]) => [
    id,
    `${promise} For ${forWhom}. If it breaks: ${ifBroken} Its shadow: ${shadow}`,
  ],
);

const verdictWords: Readonly<Record<string, string>> = {
  holds: 'The guarantee holds, and what it is about did happen.',
  breaks: 'The guarantee breaks; the value may say at whom.',
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
        of: {
          description: 'The secret that is meant: what breaks about others is another matter.',
          anyOf: [words(knownSecrets), text('another secret that the story names')],
        },
        ...Object.fromEntries(forms),
        shadow: {
          enum: ['happens', 'never'],
          description: 'Whether what the guarantee is about happens at all; never has to be said out loud.',
        },
      }),
    ],
  };
};

/** Keys that turn faults, and options that are no choice between a few. */
const faultKeys = [
  '^line [1-9][0-9]*: ?\\S',
  `^(?:${[...faults.keys()].join('|')}): ?[0-9]+$`,
  `^(?:${[...options.keys()].filter((name) => !optionChoices.has(name)).join('|')}): ?\\S`,
].join('|');

const withoutSchema = (): JsonObject => ({
  type: 'object',
  description:
    'The same scenario with a setting turned: which verdicts change. A clause can be off for one device alone, as in "4385-push-encrypted for alice.phone"; several settings are joined by " + ".',
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
    ...each(
      [...optionChoices].flatMap(([name, values]) =>
        values.map((value) => [`${name}: ${value}`, options.get(name)?.text ?? ''] as const),
      ),
      ref('expect'),
    ),
  },
  patternProperties: { [`\\+|${faultKeys}|^[0-9]+-\\S+ for \\S+$|^q[0-9]+:[AB]$|^MSC[0-9]+:\\S`]: ref('expect') },
  additionalProperties: false,
});

/** The schema as a JSON value. */
export const scenarioSchema = (): JsonObject => {
  const faultCounts = object('Accidents that may happen, and how often.', each(faults, ref('times')));
  const named = namedSettings();
  const line = lineSchema(ref('act'));
  const fields: Readonly<Record<keyof typeof sections, JsonObject>> = {
    title: text('A claim, as one sentence.', { minLength: 1, maxLength: 160 }),
    about: listOf(
      words([...proposals.keys()].map((proposal) => [proposal, `${proposal} and its revisions`])),
      'The proposals it is about.',
    ),
    refs: listOf(words(interactions), 'The interactions of the ledger that it acts out.'),
    threads: {
      ...listOf(
        text('https://github.com/matrix-org/matrix-spec/issues/1', { pattern: threadForm }),
        'Public threads in which it was told first; they are shown, never fetched.',
      ),
      maxItems: threadsMax,
    },
    why: text('Why it matters, in a sentence or two.', { minLength: 1, maxLength: 4000 }),
    cast: castSchema(),
    dials: settingsSchema(named),
    faults: faultCounts,
    story: listOf(
      { anyOf: [line, listOf(line, 'Acts of one line that may come in any order.')] },
      'What happens, line by line.',
    ),
    explore: object(
      'Free play: every order is looked at.',
      {
        'story first': {
          type: 'boolean',
          description:
            'The story is told to its end before anything else may happen (the usual: syncs, servers and attackers come between).',
        },
        acts: listOf(
          lineSchema(ref('act in free play')),
          'What may be done, each at most once unless it says how often.',
        ),
        faults: faultCounts,
        until: object('How far.', { depth: count(200), worlds: count(100_000_000) }, { required: ['depth', 'worlds'] }),
      },
      { required: ['until'] },
    ),
    expect: ref('expect'),
    without: withoutSchema(),
  };
  const required = Object.entries(sections).flatMap(([field, need]) => (need === 'needed' ? [field] : []));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A Hearsay scenario',
    ...object('What happens among devices, people, servers and attackers, and which guarantees hold.', fields, {
      required,
    }),
    anyOf: [{ required: ['story'] }, { required: ['explore'] }],
    $defs: {
      clause: words(clauses),
      device: text('a device, as in alice.phone', { pattern: device }),
      endpoint: endpointSchema(),
      times: count(20),
      moves: count(1000),
      ...named,
      move: { enum: [...new Set(forms.map(({ verb }) => verb))] },
      refused: refusedSchema(),
      act: actSchema({ refused: ref('refused') }),
      'act in free play': actSchema({ times: ref('times') }),
      expect: {
        type: 'object',
        description: 'Expected verdicts: claims that a person stands behind.',
        minProperties: 1,
        properties: each(guaranteeNotes, ref('claims')),
        additionalProperties: false,
      },
      claims: {
        anyOf: [
          ref('expectation'),
          { ...listOf(ref('expectation'), 'Several claims, each about another secret.'), minItems: 1 },
        ],
      },
      expectation: expectationSchema(),
    },
  };
};

/** The text of `scenarios/schema.json`. */
export const schemaText = (): string => `${layOut(scenarioSchema())}\n`;
