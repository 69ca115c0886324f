/**
 * YAML text to a small tree that knows where everything stands. Scenario text is hostile input: size and depth are
 * bounded before anything recursive touches it, and there are no tags, no anchors, no aliases, no merge keys.
 */
import { Composer, type CST, isMap, isScalar, isSeq, LineCounter, Parser, type Node as YamlNode } from 'yaml';
import { isShowable, oneLine } from './showing.ts';

/** A place in the text, in UTF-16 units from its beginning. */
export type Offset = number;
export type Scalar = {
  readonly is: 'scalar';
  readonly at: Offset;
  readonly value: string | number | boolean | null;
  /** As it stands in the file, without quotes. */
  readonly text: string;
};
export type List = { readonly is: 'list'; readonly at: Offset; readonly items: readonly Tree[] };
export type Entry = { readonly key: string; readonly at: Offset; readonly value: Tree };
export type Mapping = { readonly is: 'mapping'; readonly at: Offset; readonly entries: readonly Entry[] };
export type Tree = Scalar | List | Mapping;

export type Fault = { readonly at: Offset; readonly message: string; readonly expected: string };
export type ReadYaml = {
  readonly tree: Tree | null;
  readonly faults: readonly Fault[];
  /** 1-based line and column of a place. */
  readonly placeOf: (at: Offset) => { readonly line: number; readonly column: number };
};

export const limits = {
  /** Characters of a scenario file: a story of ten thousand lines has about half as many. */
  characters: 1_048_576,
  /** Characters of one line of it. */
  line: 65_536,
  /** Line ends and YAML's own marks: each value takes one. A story of ten thousand lines has less than eighty thousand. */
  marks: 100_000,
  /** Mappings and lists within each other. */
  depth: 12,
} as const;

type Token = CST.Token | CST.SourceToken;

/** Everything within a token that is not text, and how deep it is: iterative, so that depth costs no stack. */
const inspect = (root: Token): Fault | null => {
  const open: { readonly token: Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limits.depth)
      return { at: token.offset, message: 'nested too deep', expected: `at most ${limits.depth} levels` };
    if (token.type === 'anchor' || token.type === 'alias')
      return { at: token.offset, message: 'anchors and aliases are not read', expected: 'the value itself' };
    if (token.type === 'tag') return { at: token.offset, message: 'tags are not read', expected: 'a plain value' };
    if (token.type === 'directive')
      return { at: token.offset, message: 'directives are not read', expected: 'a plain document' };
    const within: (Token | null | undefined)[] = [];
    if ('items' in token)
      for (const item of token.items) {
        within.push(...item.start, item.key, ...(item.sep ?? []), item.value);
      }
    if (token.type === 'document') within.push(...token.start, token.value);
    if (token.type === 'block-scalar') within.push(...token.props);
    const deeper = 'items' in token ? depth + 1 : depth;
    for (const one of within.reverse()) if (one != null) open.push({ token: one, depth: deeper });
  }
  return null;
};

const longLine = (text: string): Fault | null => {
  let at = 0;
  for (const { length } of text.split('\n')) {
    if (length > limits.line)
      return { at, message: `${length} characters in one line are too many`, expected: `at most ${limits.line}` };
    at += length + 1;
  }
  return null;
};

/** Where the text is that has more marks than anybody writes; a parser takes long for these, and little for all else. */
const manyMarks = (text: string): Fault | null => {
  let count = 0;
  for (const { index } of text.matchAll(/[\n:,[\]{}?-]/g)) {
    count += 1;
    if (count > limits.marks)
      return {
        at: index,
        message: 'more keys, items and lines than are read',
        expected: `at most ${limits.marks} line ends and marks such as “:”, “,” and “-”`,
      };
  }
  return null;
};

/** Reads `text`. `tree` is `null` when there is nothing, or nothing that can be read. Never throws. */
export const readYaml = (text: string): ReadYaml => {
  const lines = new LineCounter();
  const faults: Fault[] = [];
  const placeOf = (at: Offset) => {
    const { line, col } = lines.linePos(Math.max(0, at));
    return line < 1 ? { line: 1, column: 1 } : { line, column: col };
  };
  if (text.length > limits.characters)
    return {
      tree: null,
      placeOf,
      faults: [{ at: 0, message: `${text.length} characters are too many`, expected: `at most ${limits.characters}` }],
    };
  const unread = longLine(text) ?? manyMarks(text);
  if (unread !== null) {
    // Nothing is parsed, which would have told the lines.
    // One by one: a million of them at once is more than a stack holds.
    lines.addNewLine(0);
    for (const { index } of text.slice(0, unread.at).matchAll(/\n/g)) lines.addNewLine(index + 1);
    return { tree: null, placeOf, faults: [unread] };
  }
  const tokens: CST.Token[] = [];
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    const wrong = inspect(token);
    if (wrong !== null) return { tree: null, faults: [wrong], placeOf };
    tokens.push(token);
  }
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const [first, second] = [...composer.compose(tokens, true, text.length)];
  if (first === undefined) return { tree: null, faults, placeOf };
  // What follows the first error is what a reader makes of it that has lost its way.
  const [broken] = first.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (broken !== undefined) {
    const fault = { at: broken.pos[0], message: plainWords(broken.message), expected: 'valid YAML' };
    return { tree: null, faults: [fault], placeOf };
  }
  if (second !== undefined)
    faults.push({ at: second.range[0], message: 'a second document', expected: 'one scenario in a file' });
  const tree = first.contents === null ? null : treeOf(first.contents, faults);
  return { tree, faults, placeOf };
};

const plainWords = (message: string): string => message.slice(0, 1).toLowerCase() + message.slice(1).split('\n')[0];

const treeOf = (node: YamlNode | null, faults: Fault[], at: Offset = 0): Tree => {
  const begin = node?.range?.[0] ?? at;
  if (isMap(node)) {
    const entries: Entry[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = pair.key as YamlNode | null;
      const keyAt = key?.range?.[0] ?? begin;
      if (!isScalar(key)) {
        faults.push({ at: keyAt, message: 'a key that is no word', expected: 'a word before the colon' });
        continue;
      }
      const name = textOf(key.value, key.source);
      if (!isShowable(name))
        faults.push({ at: keyAt, message: 'a character that cannot be shown', expected: 'a plain word as key' });
      else if (seen.has(name))
        faults.push({ at: keyAt, message: `${oneLine(name)} stands here twice`, expected: 'each key once' });
      else entries.push({ key: name, at: keyAt, value: treeOf(pair.value as YamlNode | null, faults, keyAt) });
      seen.add(name);
    }
    return { is: 'mapping', at: begin, entries };
  }
  if (isSeq(node))
    return { is: 'list', at: begin, items: node.items.map((item) => treeOf(item as YamlNode | null, faults, begin)) };
  if (!isScalar(node)) return { is: 'scalar', at: begin, value: null, text: '' };
  const value = node.value;
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { is: 'scalar', at: begin, value: plain, text: textOf(value, node.source) };
};

const textOf = (value: unknown, source: string | undefined): string =>
  typeof value === 'string' ? value : (source ?? (value === null ? '' : String(value)));
