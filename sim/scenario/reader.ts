/** Small readers of a scenario's tree. Each takes what is there, reports what is wrong and goes on, so that all errors of a file are found at once. */

import { nearest, oneOfThese } from './nearest.ts';
import { isShowable, quoted } from './showing.ts';
import { type Entry, limits, type Mapping, type Offset, type Tree } from './yaml.ts';

export type Report = (at: Offset, message: string, expected: string, nearestName?: string | null) => void;

const kindOf = (tree: Tree): string => {
  if (tree.is !== 'scalar') return `a ${tree.is}`;
  return tree.value === null ? 'nothing' : typeof tree.value === 'string' ? 'a text' : `a ${typeof tree.value}`;
};

const wrongKind = (report: Report, tree: Tree, expected: string): void =>
  report(tree.at, `${kindOf(tree)} stands here`, expected);

export const asMapping = (report: Report, tree: Tree, expected: string): Mapping | null => {
  if (tree.is === 'mapping') return tree;
  wrongKind(report, tree, expected);
  return null;
};

export const asList = (report: Report, tree: Tree, expected: string): readonly Tree[] => {
  if (tree.is === 'list') return tree.items;
  wrongKind(report, tree, expected);
  return [];
};

/** Tabs are no more needed in a name or sentence than what would disturb a terminal. */
const isPlain = (text: string): boolean => isShowable(text) && !text.includes('\t');

/** A text on one line or more, of at most `max` characters. */
export const asText = (report: Report, tree: Tree, expected: string, max = 4000): string | null => {
  if (tree.is !== 'scalar' || typeof tree.value !== 'string') {
    wrongKind(report, tree, expected);
    return null;
  }
  const text = tree.value.trim();
  if (text.length === 0) report(tree.at, 'an empty text', expected);
  else if (text.length > max) report(tree.at, `${text.length} characters are too many`, `at most ${max} characters`);
  else if (!isPlain(text)) report(tree.at, 'a character that cannot be shown', 'plain text');
  else return text;
  return null;
};

/** A word as the file has it, of at most `max` characters; numbers are words here too. */
export const asWord = (report: Report, tree: Tree, expected: string, max = 200): string | null => {
  if (tree.is !== 'scalar' || tree.value === null) {
    wrongKind(report, tree, expected);
    return null;
  }
  const { at, text } = tree;
  if (text.length === 0) report(at, 'an empty text', expected);
  else if (text.length > max) report(at, `${text.length} characters are too many`, `${expected}, of at most ${max}`);
  else if (!isPlain(text) || text.includes('\n')) report(at, 'a character that cannot be shown', expected);
  else return text;
  return null;
};

/** What somebody says or writes, on one line, as long as a file can be. */
export const asSaid = (report: Report, tree: Tree, expected: string): string | null =>
  asWord(report, tree, expected, limits.characters);

/** One of the names in `known`; `what` says of which kind they are ("a clause"), `expected` what stands here instead of anything else. */
export const asNameOf = (
  report: Report,
  tree: Tree,
  what: string,
  known: Iterable<string>,
  expected = what,
): string | null => {
  const name = asWord(report, tree, expected);
  return name === null || knows(report, tree.at, name, what, known, expected) ? name : null;
};

/** Those of a list that are such names; `expected` says what the list is of. */
export const asNamesOf = (
  report: Report,
  tree: Tree,
  expected: string,
  what: string,
  known: Iterable<string>,
): readonly string[] => {
  const names = new Set(known);
  return asList(report, tree, expected).flatMap((item) => asNameOf(report, item, what, names) ?? []);
};

/** @param many what is expected, in words, where there are too many to list */
export const knows = (
  report: Report,
  at: Offset,
  name: string,
  what: string,
  known: Iterable<string>,
  many?: string,
): boolean => {
  const names = new Set(known);
  if (names.has(name)) return true;
  report(at, `${quoted(name)} is not ${what}`, oneOfThese(what, [...names], many), nearest(name, names));
  return false;
};

export const asSwitch = (report: Report, tree: Tree, expected = 'true or false'): boolean | null => {
  if (tree.is === 'scalar' && typeof tree.value === 'boolean') return tree.value;
  wrongKind(report, tree, expected);
  return null;
};

/** A whole number from 1 to `max`. `2_000_000` is read as people mean it. */
export const asCount = (report: Report, tree: Tree, max: number): number | null => {
  const expected = `a whole number from 1 to ${max}`;
  const text = tree.is === 'scalar' ? tree.text : '';
  const value = /^\d[\d_]{0,15}$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  if (tree.is === 'scalar') report(tree.at, `${quoted(tree.text)} does not count`, expected);
  else wrongKind(report, tree, expected);
  return null;
};

/** Name → number of times, for names in `known`. */
export const asCounts = (
  report: Report,
  tree: Tree,
  what: string,
  known: Iterable<string>,
  max: number,
): Readonly<Record<string, number>> => {
  const names = [...known];
  const counts: [string, number][] = [];
  for (const { key, at, value } of asMapping(report, tree, `${what} and how many times`)?.entries ?? []) {
    const count = asCount(report, value, max);
    if (knows(report, at, key, what, names) && count !== null) counts.push([key, count]);
  }
  return Object.fromEntries(counts);
};

const namePattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const nameMax = 40;
/** `everyone` is an actor. */
const taken: readonly string[] = ['everyone'];

/** Whether people, devices and rooms can be called that: small letters, digits, hyphens. */
export const canBeName = (name: string): boolean =>
  namePattern.test(name) && name.length <= nameMax && !taken.includes(name);
/** The same, reported where it cannot. */
export const isName = (report: Report, at: Offset, name: string, what: string): boolean => {
  if (canBeName(name)) return true;
  if (namePattern.test(name) && name.length > nameMax)
    report(at, `${name.length} characters are too many for the name of ${what}`, `at most ${nameMax}`);
  else
    report(
      at,
      `${quoted(name)} cannot be ${what}${lookalike(name)}`,
      'small letters, digits and hyphens, a letter first',
    );
  return false;
};
/** The first character that is none of a keyboard's, by its number: it may show as another one, or not at all. */
const lookalike = (name: string): string => {
  const [character] = /[^ -~]/u.exec(name) ?? [];
  const number = character?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return number === undefined ? '' : `: it has the character U+${number}`;
};

/** Fields that may be left out, for `fieldsOf`. */
export const may = <K extends string>(...names: readonly K[]): Readonly<Record<K, 'optional'>> =>
  Object.fromEntries(names.map((name) => [name, 'optional'])) as Record<K, 'optional'>;

/** So many unknown fields of one mapping are told, with what may be meant: no file is told more errors than these. */
const unknownMax = 50;

/** The entries of a mapping by name; unknown and missing ones are reported. */
export const fieldsOf = <K extends string>(
  report: Report,
  mapping: Mapping,
  what: string,
  fields: Readonly<Record<K, 'needed' | 'optional'>>,
): Readonly<Partial<Record<K, Entry>>> => {
  const found: Partial<Record<K, Entry>> = {};
  const names = Object.keys(fields) as K[];
  /** What unknown ones are near to: such a one is misspelt, and not missing as well. */
  const meant = new Set<string | null>();
  let unknown = 0;
  for (const entry of mapping.entries)
    if (names.some((name) => name === entry.key)) found[entry.key as K] = entry;
    else if (unknown < unknownMax) {
      unknown += 1;
      meant.add(nearest(entry.key, names));
      knows(report, entry.at, entry.key, `a field of ${what}`, names);
    }
  for (const name of names)
    if (fields[name] === 'needed' && found[name] === undefined && !meant.has(name))
      report(mapping.at, `${what} has no ${quoted(name)}`, `${name}: …`);
  return found;
};
