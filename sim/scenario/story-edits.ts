/**
 * Steps of a story put in, dropped and moved, as edits of the text it is written in: whole lines of the file, so that comments, quotes
 * and layout stay as somebody wrote them.
 *
 * A step is a line of the story with all that is indented below it, and the comments that stand right above. Those go with it when it
 * is moved, and stay when it is dropped.
 */
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Act } from '../engine/types.ts';
import { lineOf } from './print.ts';
import { type Offset, readYaml } from './yaml.ts';

/** The text from `from` to `to` (UTF-16 units) is replaced by `insert`. */
export type Splice = { readonly from: Offset; readonly to: Offset; readonly insert: string };

export type StoryStep = {
  /** Where its first line begins, comments above it included, and where its last one ends, with the line feed. */
  readonly from: Offset;
  readonly to: Offset;
  /** Where the line of its dash begins. */
  readonly dash: Offset;
  /** The line of its dash, counted from 1. */
  readonly line: number;
  /** As it stands there, without dash, comments and line feeds. */
  readonly text: string;
};

/** The steps of a story; or in a sentence why it cannot be changed step by step. */
export type StorySteps =
  | {
      readonly ok: true;
      readonly steps: readonly StoryStep[];
      /** What stands before each dash. */
      readonly indent: string;
      /** Behind the colon of `story:`. */
      readonly colon: Offset;
      /** Where a further step would begin. */
      readonly end: Offset;
    }
  | { readonly ok: false; readonly why: string };

const no = (why: string): StorySteps => ({ ok: false, why });

const lineBegin = (text: string, at: Offset): Offset => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: Offset): Offset => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};
const lineAt = (text: string, begin: Offset): string => text.slice(begin, lineEnd(text, begin)).trimEnd();
const isRemark = (line: string): boolean => /^\s*#/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';

/** Where the comments begin that stand right above the line that begins at `begin`, none of them above `after`. */
const withRemarks = (text: string, begin: Offset, after: Offset): Offset => {
  let from = begin;
  while (from > after) {
    const above = lineBegin(text, from - 1);
    if (above < after || !isRemark(lineAt(text, above))) break;
    from = above;
  }
  return from;
};

/** Where the last line ends, before `limit`, that is neither blank nor a comment: those are of what follows. */
const lastLineOf = (text: string, begin: Offset, limit: Offset): Offset => {
  let end = lineEnd(text, begin);
  for (let at = end; at < limit; at = lineEnd(text, at)) {
    const line = lineAt(text, at);
    if (!isBlank(line) && !isRemark(line)) end = lineEnd(text, at);
  }
  return end;
};

/** Reads where the steps of the story in `text` stand. Hostile text is a reason, never a throw. */
export const storySteps = (text: string): StorySteps => {
  // Size, depth, tags and anchors are looked at first.
  const { faults, placeOf } = readYaml(text);
  if (faults.length > 0) return no('The text is no valid YAML yet.');
  const { contents } = parseDocument(text, { version: '1.2', schema: 'core', merge: false, uniqueKeys: false });
  const pair = isMap(contents) ? contents.items.find(({ key }) => isScalar(key) && key.value === 'story') : undefined;
  const story = pair?.value;
  if (pair === undefined || !isScalar(pair.key)) return no('There is no story: yet.');
  const [head, keyEnd] = pair.key.range ?? [0, 0];
  const below = lineEnd(text, head);
  const colon = text.indexOf(':', keyEnd) + 1;
  if (isScalar(story) && story.value === null) return { ok: true, steps: [], indent: '  ', colon, end: below };
  if (!isSeq(story)) return no('A story is a list of lines, each with a dash.');
  if (story.flow === true)
    return story.items.length === 0 && below >= (story.range?.[1] ?? 0)
      ? { ok: true, steps: [], indent: '  ', colon, end: below }
      : no('The story stands in brackets. Written as lines with dashes, it can be changed step by step.');
  const end = story.range?.[1] ?? text.length;
  const dashes: Offset[] = [];
  const first = story.range?.[0] ?? 0;
  const indent = text.slice(lineBegin(text, first), first);
  if (!isBlank(indent)) return no('The story begins on the line of its name.');
  for (let at = lineBegin(text, first); at < end; at = lineEnd(text, at))
    if (text.startsWith(`${indent}-`, at) && /^[ \n\r]/.test(`${text.slice(at + indent.length + 1)}\n`))
      dashes.push(at);
  if (dashes.length !== story.items.length)
    return no('Some lines of the story are laid out so that they cannot be told apart by their dashes.');
  const steps = dashes.map((dash, nth): StoryStep => {
    const limit = dashes[nth + 1] ?? end;
    const to = lastLineOf(text, dash, limit);
    const before = nth === 0 ? below : lastLineOf(text, dashes[nth - 1] ?? dash, dash);
    const words = text
      .slice(dash + indent.length + 1, to)
      .split('\n')
      .filter((line) => !isRemark(line));
    return {
      from: withRemarks(text, dash, before),
      to,
      dash,
      line: placeOf(dash).line,
      text: words
        .map((line) => line.trim())
        .join(' ')
        .trim(),
    };
  });
  return { ok: true, steps, indent, colon, end: steps.at(-1)?.to ?? below };
};

/** An act as a line of a story, without the dash: `alice.phone: sync`, `mallory: { log in as: tablet }`. */
export const actText = (act: Act): string => {
  const [[who, what] = [act.who, null]] = Object.entries(lineOf(act));
  const value = stringify(what, { collectionStyle: 'flow', flowCollectionPadding: true, lineWidth: 0, nullStr: '' });
  return `${stringify(who).trimEnd()}: ${value.trimEnd()}`;
};

const onItsOwn = (line: string): string => (line === '' || line.endsWith('\n') ? line : `${line}\n`);

/** Puts `line` (as `actText` writes it) before the step `nth`, counted from 0, or after the last one. */
export const inserted = (text: string, nth: number, line: string): Splice | null => {
  const read = storySteps(text);
  if (!read.ok || nth < 0 || nth > read.steps.length) return null;
  const at = read.steps[nth]?.from ?? read.end;
  const written = `${read.indent}- ${line}\n`;
  if (read.steps.length > 0) {
    // A file may end without a line feed.
    const isOpen = at > 0 && text[at - 1] !== '\n';
    return { from: at, to: at, insert: isOpen ? `\n${written}` : written };
  }
  // `story:` and `story: []` have nothing below them yet; what is said behind them stays.
  const begin = lineBegin(text, Math.max(0, read.end - 1));
  const head = text.slice(begin, read.end).replace(/^(["']?story["']?\s*:)\s*(?:\[\s*\]|~|null)?/, '$1');
  return { from: begin, to: read.end, insert: `${onItsOwn(head)}${written}` };
};

/** Drops the step `nth`. Comments above it stay. */
export const dropped = (text: string, nth: number): Splice | null => {
  const read = storySteps(text);
  const step = read.ok ? read.steps[nth] : undefined;
  if (!read.ok || step === undefined) return null;
  if (read.steps.length > 1) return { from: step.dash, to: step.to, insert: '' };
  // The last one leaves an empty list: nothing at all would be no story.
  return { from: read.colon, to: step.to, insert: ` []${text.slice(read.colon, step.dash)}` };
};

/** Moves the step `nth` to where it comes before the step that is now at `to`, or last. */
export const moved = (text: string, nth: number, to: number): Splice | null => {
  const read = storySteps(text);
  if (!read.ok || to < 0 || to > read.steps.length || to === nth || to === nth + 1) return null;
  const step = read.steps[nth];
  if (step === undefined) return null;
  const own = onItsOwn(text.slice(step.from, step.to));
  const target = read.steps[to]?.from ?? read.end;
  return target < step.from
    ? { from: target, to: step.to, insert: `${own}${text.slice(target, step.from)}` }
    : { from: step.from, to: target, insert: `${onItsOwn(text.slice(step.to, target))}${own}` };
};

export const spliced = (text: string, { from, to, insert }: Splice): string =>
  text.slice(0, from) + insert + text.slice(to);
