/**
 * Where in a scenario's text the cursor stands, while the text is still being written and no parser would take it: which
 * mappings and lists it is within, and whether a key or a value is due there. Reads lines and brackets, nothing more.
 */

export type Place = {
  /** Keys from the outside in; a list's item is `-`. */
  readonly path: readonly string[];
  readonly due: 'key' | 'value';
  /** Keys that this mapping has before the cursor. */
  readonly siblings: readonly string[];
  /** What is written of the word so far, without an opening quote. */
  readonly typed: string;
  /** Where that word begins. */
  readonly from: number;
};

type Frame = {
  readonly kind: 'block' | '{' | '[';
  readonly indent: number;
  /** The key whose value we are in; `-` in a list; `null` before the first colon. */
  key: string | null;
  readonly keys: string[];
};

/** Reads what stands before `offset`. Total: any text has a place. */
export const placeOf = (text: string, offset: number): Place => {
  const frames: Frame[] = [];
  let at = 0;
  for (const line of text.slice(0, offset).split('\n')) {
    const last = at + line.length >= Math.min(offset, text.length);
    const word = readLine(frames, line);
    if (last) return placeFrom(frames, line, at, word);
    at += line.length + 1;
  }
  return { path: [], due: 'key', siblings: [], typed: '', from: offset };
};

const placeFrom = (frames: readonly Frame[], line: string, at: number, word: Word): Place => {
  const inner = frames.at(-1);
  const due = inner === undefined || (inner.kind !== '[' && inner.key === null) ? 'key' : 'value';
  const path = frames.flatMap(({ key }) => (key === null ? [] : [key]));
  const quoted = /^["']/.test(line.slice(word.from));
  const from = word.from + (quoted ? 1 : 0);
  return {
    path,
    due,
    siblings: inner === undefined ? [] : due === 'key' ? inner.keys : [],
    typed: line.slice(from),
    from: at + from,
  };
};

/** Where the word begins (column) that the line ends in. */
type Word = { readonly from: number };

const inFlow = (frames: readonly Frame[]): boolean => {
  const inner = frames.at(-1);
  return inner !== undefined && inner.kind !== 'block';
};

const readLine = (frames: Frame[], line: string): Word => {
  let column = line.length - line.trimStart().length;
  if (!inFlow(frames)) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) {
      // A line with nothing on it yet belongs to whatever its indent says.
      if (line.trim() === '') leave(frames, column, false);
      return { from: line.length };
    }
    column = enterBlock(frames, line, column);
  }
  return readRest(frames, line, column);
};

/** Leaves what is not above a line indented by `indent`. A list may stand at the indent of its own key. */
const leave = (frames: Frame[], indent: number, isItem: boolean): void => {
  for (let inner = frames.at(-1); inner !== undefined && inner.kind === 'block'; inner = frames.at(-1)) {
    if (inner.indent < indent || (inner.indent === indent && inner.key !== '-' && isItem)) return;
    if (inner.indent === indent && inner.key !== '-' && !isItem) {
      inner.key = null;
      return;
    }
    frames.pop();
  }
};

/** Takes the dashes of a line, and opens a mapping where a key is due. Returns where the rest begins. */
const enterBlock = (frames: Frame[], line: string, begin: number): number => {
  let column = begin;
  leave(frames, column, line[column] === '-');
  while (line[column] === '-' && (line[column + 1] === ' ' || column + 1 === line.length)) {
    frames.push({ kind: 'block', indent: column, key: '-', keys: [] });
    column += 1;
    while (line[column] === ' ') column += 1;
  }
  const inner = frames.at(-1);
  if (column < line.length && '[{'.includes(line[column] ?? '')) return column;
  if (inner === undefined || inner.indent < column || inner.key === '-')
    frames.push({ kind: 'block', indent: column, key: null, keys: [] });
  return column;
};

const readRest = (frames: Frame[], line: string, begin: number): Word => {
  let from = begin;
  let quote = '';
  for (let column = begin; column < line.length; column += 1) {
    const character = line[column] ?? '';
    const inner = frames.at(-1);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && line.slice(from, column).trim() === '') quote = character;
    else if (character === '#' && line[column - 1] === ' ') return { from: line.length };
    else if (character === '{' || character === '[') {
      if (line.slice(from, column).trim() !== '') continue; // within a plain word it is a letter
      frames.push({ kind: character, indent: column, key: character === '[' ? '-' : null, keys: [] });
      from = column + 1;
    } else if (character === '}' || character === ']') {
      if (inner?.kind === (character === '}' ? '{' : '[')) frames.pop();
      from = column + 1;
    } else if (character === ',' && inFlow(frames)) {
      if (inner?.kind === '{') inner.key = null;
      from = column + 1;
    } else if (
      character === ':' &&
      (line[column + 1] === ' ' || column + 1 === line.length) &&
      inner !== undefined &&
      inner.kind !== '[' &&
      inner.key === null
    ) {
      inner.key = line
        .slice(from, column)
        .trim()
        .replaceAll(/^["']|["']$/g, '');
      inner.keys.push(inner.key);
      from = column + 1;
    }
    if (line.slice(from, column + 1).trim() === '') from = column + 1;
  }
  return { from };
};
