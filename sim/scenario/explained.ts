/**
 * What a word of a scenario means, for whoever points at it while writing: told by the schema, and where that knows no more (who
 * acts, and which verb) by what completion says of the same word.
 */
import { guaranteeTexts, isGuaranteeId } from '../../machines/guarantee-texts.ts';
import { isObject, type Json, type JsonObject, stringAt } from '../../machines/json.ts';
import { clauseName, questionName } from '../../machines/naming.ts';
import { roleNamed } from '../attackers/roles/index.ts';
import { deviceNameIn, ownerIn } from '../engine/player.ts';
import { type Completion, completions, namesIn } from './completions.ts';
import { clauses, questions } from './ledger.ts';
import { type Place, placeOf } from './place.ts';
import { scenarioSchema } from './schema.ts';
import type { Names } from './story.ts';
import { limits } from './yaml.ts';

/** `from` to `to` (UTF-16 units) is the word; `title` names it, `text` says what it is. */
export type Explanation = {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly text: string;
};

const schema = scenarioSchema();

// --- the schema at a place --------------------------------------------------------------------------

const listAt = (node: JsonObject, key: string): readonly Json[] => {
  const list = node[key];
  return Array.isArray(list) ? list : [];
};

/** A part of the schema, with all it may be instead: references followed, alternatives laid side by side. */
const alternatives = (node: Json | undefined): readonly JsonObject[] => {
  if (!isObject(node)) return [];
  const reference = stringAt(node, '$ref')?.replace('#/$defs/', '');
  const defs = schema.$defs;
  const meant = reference !== undefined && isObject(defs) ? alternatives(defs[reference]) : [];
  return [node, ...meant, ...listAt(node, 'anyOf').flatMap(alternatives)];
};

const propertyOf = (node: JsonObject, key: string): Json | undefined => {
  const { properties, patternProperties, additionalProperties } = node;
  if (isObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  if (isObject(patternProperties))
    for (const [pattern, one] of Object.entries(patternProperties)) if (new RegExp(pattern).test(key)) return one;
  return additionalProperties;
};

const below = (nodes: readonly JsonObject[], key: string): readonly JsonObject[] =>
  nodes.flatMap((node) => alternatives(key === '-' ? node.items : propertyOf(node, key)));

/** What the schema says of the key or value `word` at a place. */
const described = ({ path, due, siblings }: Place, word: string): string | null => {
  const here = path.reduce<readonly JsonObject[]>(below, alternatives(schema));
  const value = due === 'value' ? descriptionIn(here.filter((node) => node.const === word)) : null;
  if (value !== null) return value;
  // On a line of its own below a key, the first of its own keys is due as well.
  const own = here.filter(({ properties }) => isObject(properties) && Object.hasOwn(properties, word));
  const beside = own.filter(({ properties }) => siblings.every((one) => isObject(properties) && one in properties));
  return descriptionIn(below(beside.length > 0 ? beside : own, word));
};
const descriptionIn = (nodes: readonly JsonObject[]): string | null =>
  nodes.map((node) => stringAt(node, 'description')).find((text) => text !== undefined && text !== '') ?? null;

// --- names of the ledger and of the cast ------------------------------------------------------------

/** A clause, guarantee or question by its name, where the ledger has one. */
const titleOf = (word: string): string => {
  if (clauses.has(word)) return `${clauseName(word)} (${word})`;
  if (isGuaranteeId(word)) return `${guaranteeTexts[word].short} (${word})`;
  const [question = ''] = word.split(':');
  return questions.has(question) ? `${questionName(question)} (${word})` : word;
};

/** Who of the cast bears that name. */
const whoIs = ({ cast, devices }: Names, word: string): string | null => {
  const attacker = cast.attackers.find(({ name }) => name === word);
  if (attacker !== undefined)
    return `An attacker, ${attacker.plays}${attacker.of === null ? '' : ` of ${attacker.of}`}. ${roleNamed(attacker.plays)?.text ?? ''}`.trim();
  const user = cast.users.find(({ name }) => name === word);
  if (user !== undefined)
    return `A person on ${user.server}, with ${user.devices.map(({ name }) => name).join(', ') || 'no device'}.`;
  if (cast.servers.includes(word)) return 'A homeserver, and whoever runs it.';
  if (word === 'everyone') return 'All devices and servers together.';
  return devices.includes(word) ? `A device of ${ownerIn(word)}, called ${deviceNameIn(word) ?? ''}.` : null;
};

// --- the word under the pointer ---------------------------------------------------------------------

const isAct = ([section, part]: readonly string[]): boolean =>
  section === 'story' || (section === 'explore' && part === 'acts');

/** Where the word ends in which `offset` stands. What is within quotes is one word. */
const endOfWord = (text: string, offset: number): number => {
  const begin = placeOf(text, offset).from;
  const quote = text[begin - 1];
  const line = text.indexOf('\n', offset);
  const rest = text.slice(offset, line < 0 ? text.length : line);
  const end = quote === '"' || quote === "'" ? rest.indexOf(quote) : rest.search(/:(?=\s|$)|[,{}[\]]| #/);
  const word = text.slice(begin, offset + (end < 0 ? rest.length : end));
  return begin + word.trimEnd().length;
};

/**
 * What the word at `offset` (UTF-16 units) of `text` means; `null` where nothing is known of it. The text may be unfinished or
 * broken. Never throws.
 */
export const explained = (text: string, offset: number): Explanation | null => {
  if (text.length > limits.characters || offset < 0 || offset > text.length) return null;
  const to = endOfWord(text, offset);
  const place = placeOf(text, to);
  const word = place.typed;
  if (word === '' || word.includes('\n') || offset < place.from || to < place.from) return null;
  const offered = completions(text, to).find(({ label }) => label === word);
  const told = offered?.detail ?? '';
  const bySchema = described(place, word);
  const said = isAct(place.path)
    ? told || whoIs(namesIn(text, to), word) || bySchema
    : bySchema || told || (offered === undefined ? null : whoIs(namesIn(text, to), word));
  return said == null || said === '' ? null : { from: place.from, to, title: titleOf(word), text: said };
};

/** What can stand at a place (`completions`), each with what the schema says of it where the table of names says nothing. */
export const explainedCompletions = (text: string, offset: number): readonly Completion[] => {
  const place = placeOf(text, offset);
  return completions(text, offset).map((one) => {
    if (one.detail !== '') return one;
    const detail = isAct(place.path) ? null : described(place, one.label);
    return detail === null ? one : { ...one, detail };
  });
};
