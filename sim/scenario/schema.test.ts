import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../../machines/json.ts';
import { parseScenario } from './parse.ts';
import { scenarioSchema, schemaText } from './schema.ts';

const schema = scenarioSchema();

/** Keywords that say nothing about validity. */
const silent = ['$schema', '$defs', 'title', 'description', 'examples'];

/** A small reading of JSON Schema: the keywords our schema uses, and an exception for any other. */
const valid = (value: Json | undefined, against: Json | undefined): boolean => {
  if (typeof against === 'boolean') return against;
  if (!isObject(against)) throw new Error(`no schema: ${JSON.stringify(against)}`);
  return Object.entries(against).every(([keyword, says]) => keeps(value, keyword, says, against));
};

const keeps = (value: Json | undefined, keyword: string, says: Json | undefined, within: JsonObject): boolean => {
  const among = Array.isArray(says) ? says : [];
  const limit = typeof says === 'number' ? says : Number.NaN;
  switch (keyword) {
    case '$ref':
      return valid(value, (schema.$defs as JsonObject)[String(says).replace('#/$defs/', '')]);
    case 'type':
      return says === typeOf(value) || (says === 'number' && typeOf(value) === 'integer');
    case 'const':
      return value === says;
    case 'enum':
      return among.includes(value as Json);
    case 'anyOf':
      return among.some((one) => valid(value, one as Json));
    case 'required':
      return !isObject(value) || among.every((name) => Object.hasOwn(value, String(name)));
    case 'properties':
      return (
        !isObject(value) ||
        Object.entries(value).every(
          ([name, item]) => !Object.hasOwn(says as JsonObject, name) || valid(item, (says as JsonObject)[name]),
        )
      );
    case 'patternProperties':
      return (
        !isObject(value) ||
        Object.entries(says as JsonObject).every(([pattern, one]) =>
          Object.entries(value).every(([name, item]) => !new RegExp(pattern).test(name) || valid(item, one)),
        )
      );
    case 'additionalProperties':
      return (
        !isObject(value) || Object.entries(value).every(([name, item]) => isKnown(name, within) || valid(item, says))
      );
    case 'items':
      return !Array.isArray(value) || value.every((item) => valid(item as Json, says));
    case 'minItems':
      return !Array.isArray(value) || value.length >= limit;
    case 'maxItems':
      return !Array.isArray(value) || value.length <= limit;
    case 'minProperties':
      return !isObject(value) || Object.keys(value).length >= limit;
    case 'maxProperties':
      return !isObject(value) || Object.keys(value).length <= limit;
    case 'minLength':
      return typeof value !== 'string' || value.length >= limit;
    case 'maxLength':
      return typeof value !== 'string' || value.length <= limit;
    case 'minimum':
      return typeof value !== 'number' || value >= limit;
    case 'maximum':
      return typeof value !== 'number' || value <= limit;
    case 'pattern':
      return typeof value !== 'string' || new RegExp(String(says)).test(value);
    default:
      if (silent.includes(keyword)) return true;
      throw new Error(`this test does not read ${keyword}`);
  }
};

const isKnown = (name: string, { properties, patternProperties }: JsonObject): boolean =>
  (isObject(properties) && Object.hasOwn(properties, name)) ||
  (isObject(patternProperties) && Object.keys(patternProperties).some((pattern) => new RegExp(pattern).test(name)));

const typeOf = (value: Json | undefined): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
};

const accepts = (text: string): boolean => valid(parse(text) as Json, schema);
const planted = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');

describe('the schema of scenario files', () => {
  it('is as the tables have it (else: node sim/scenario/schema-main.ts)', () => {
    expect(readFileSync('scenarios/schema.json', 'utf8') === schemaText()).toBe(true);
    expect(JSON.parse(schemaText())).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it.each(globSync('scenarios/**/*.yaml').sort())('accepts %s, which names it on its first line', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(accepts(text)).toBe(true);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema.json');
  });

  it.each([
    [
      'race and free play',
      planted.replace(
        'story:',
        'explore:\n  acts:\n    - alice.phone: sync\n    - mallory: { push secret: x, to: alice.phone, times: 2 }\n  until: { depth: 9, worlds: 2_000 }\nstory:\n  - [{ alice.phone: sync }, { alice.laptop: sync }]',
      ),
    ],
    [
      'settings by device',
      planted.replace(
        'story:',
        'dials:\n  implements: { MSC4385: pr-head, alice.phone: { MSC4385: none, identifiers: both } }\n  off: { alice.phone: [4385-push-encrypted] }\n  readings: { q07: B }\n  options: { prompt: ask, alice.phone: { accept: [x] } }\nstory:',
      ),
    ],
    [
      'rooms and time',
      planted
        .replace('  attackers:', '  rooms: { den: { members: [alice] } }\n  attackers:')
        .replace(
          'story:',
          'dials: { options: { bundle window: 48 } }\nstory:\n  - alice: { send: hello, in: den }\n  - alice: { create room: attic, join rule: knock }\n  - everyone: { wait: 25h }\n  - alice.phone: sync with a gap',
        ),
    ],
    [
      'several settings turned',
      planted.replace(
        '  4385-push-cross-signed-only:',
        '  "q07: B + 4385-push-encrypted": { secret-convergence: never }\n  4385-push-encrypted for alice.phone: { secret-convergence: never }\n  "MSC4385: send-variant": { secret-convergence: never }\n  4385-push-cross-signed-only:',
      ),
    ],
    [
      'a verb with only its other arguments',
      planted
        .replace('stolen-token, of: alice', 'lying-server, of: example.org')
        .replaceAll(/ {2}- mallory: .*\n/g, '')
        .replace('story:', 'story:\n  - mallory: { create backup, of: alice }'),
    ],
  ])('accepts what the parser accepts: %s', (_what, text) => {
    const parsed = parseScenario(text, 'x');
    expect(parsed.ok ? [] : parsed.errors).toEqual([]);
    expect(accepts(text)).toBe(true);
  });

  it.each([
    ['an unknown field', `${planted}tilte: x\n`],
    ['a missing field', planted.replace(/^title.*\n/m, '')],
    ['an unknown verb', planted.replace('alice.phone: sync', 'alice.phone: snyc')],
    ['a verb without its argument', planted.replace('{ log in as: tablet }', 'log in as')],
    ['a missing argument', planted.replace(/push secret: .*, to: alice.phone/, 'answer request: m.megolm_backup.v1')],
    ['an unknown argument', planted.replace(', to: alice.phone', ', to: alice.phone, too: alice.phone')],
    ['two actors in a line', planted.replace('- alice.phone: sync', '- { alice.phone: sync, alice.laptop: sync }')],
    ['an unknown role', planted.replace('stolen-token,', 'stolen-tokne,')],
    ['an unknown guarantee', planted.replaceAll('secret-authenticity', 'secret-authenticty')],
    ['an unknown verdict', planted.replace('secret-authenticity: holds', 'secret-authenticity: hold')],
    ['an unknown clause', planted.replace('4385-push-cross-signed-only', '4385-push-cross-signed-onyl')],
    ['an unknown proposal', planted.replace('[MSC4385]', '[MSC9999]')],
    ['an unknown revision', planted.replace('story:', 'dials: { implements: { MSC4385: puhs } }\nstory:')],
    ['an unknown option', planted.replace('story:', 'dials: { options: { promt: ask } }\nstory:')],
    ['an unknown reading', planted.replace('story:', 'dials: { readings: { q07: C } }\nstory:')],
    ['neither story nor free play', planted.replace('story:', 'histroy:')],
  ])('refuses what the parser refuses: %s', (_what, text) => {
    expect(text).not.toBe(planted);
    expect(parseScenario(text, 'x').ok).toBe(false);
    expect(accepts(text)).toBe(false);
  });
});
