/**
 * A trace as one line: `secret-push/a-story?off=4385-push-encrypted&reading=q07:B&seed=1&run=act.sync:alice~phone*2`.
 *
 * A clause that is off for one device alone has that device behind it: `off=4385-push-encrypted:alice.phone`; options and faults are
 * written as `sim/scenario/turn-text.ts` says: `fault=3:restart:alice.phone`. A story that is a file
 * outside the library is named by its path from where one stands, or from the root: `./my%20file.yaml?seed=1&run=act`.
 * The line is safe within a shell's single quotes and in the fragment of a URL: any other character is percent-encoded. Settings stand
 * in the order they were turned; choices are joined by `.`, and `*3` says that a choice is made three times in a row. Nothing else
 * of a run is kept. A line without `run=` means the story as it is written.
 */

import type { Trace, Turn } from '../engine/types.ts';
import { oneLine } from '../scenario/showing.ts';
import { faultIn, faultText, optionIn, optionText, playerPattern } from '../scenario/turn-text.ts';

export type WrongTrace = {
  readonly message: string;
  readonly expected: string;
};
export type ParsedTrace =
  /** `asWritten`: it names no choices, and means those of the story as it is written. */
  | { readonly ok: true; readonly trace: Trace; readonly asWritten?: true }
  | { readonly ok: false; readonly error: WrongTrace };

/** What is read. What a run of any length comes to is written all the same. */
const limits = { characters: 4_194_304, choices: 1_000_000, turns: 16, choice: 1000, scenario: 4096 } as const;
const seedPattern = /^[A-Za-z0-9_~-]{1,64}$/;
const namePattern = /^[A-Za-z0-9-]{1,80}$/;
const valuePattern = /^[A-Za-z0-9.-]{1,80}$/;
/** Letters of any writing are read as they stand; these are not, and others where the line has a use for them. */
const neverRaw = /[\s?#&'"\\<>\p{C}]/u;

/** Whether a text can be a seed: one to 64 letters, digits, `_`, `~`, `-`. */
export const isSeed = (text: string): boolean => seedPattern.test(text);

/** The line of a trace. Never throws. */
export const formatTrace = (trace: Trace): string => `${formatWritten(trace)}&run=${formatChoices(trace.choices)}`;

/** The line of a story as it is written, with settings turned: as much of a trace as tells it, while its file stays as it is. */
export const formatWritten = ({ scenario, turns, seed }: Omit<Trace, 'choices'>): string =>
  `${encoded(scenario, /[A-Za-z0-9._~/-]/)}?${[...turns.map(formatTurn), `seed=${encoded(seed, /[A-Za-z0-9_~-]/)}`].join('&')}`;

/** Percent-encoded but for what is `plain`. Half a character, which no encoding has, becomes U+FFFD. */
const encoded = (text: string, plain: RegExp): string =>
  [...text.toWellFormed()].map((character) => (plain.test(character) ? character : percent(character))).join('');
const percent = (character: string): string => {
  const known = encodeURIComponent(character);
  return known === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : known;
};
/** `null` where something else than encoded UTF-8 stands behind a `%`. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

const name = (text: string): string => encoded(text, /[A-Za-z0-9.-]/);
const listed = (text: string): string => encoded(text, /[A-Za-z0-9._:,[\]-]/);
const formatTurn = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return `off=${name(turn.clause)}${turn.for === undefined ? '' : `:${name(turn.for)}`}`;
    case 'reading':
      return `reading=${name(turn.question)}:${turn.reading}`;
    case 'revision':
      return `revision=${name(turn.proposal)}:${name(turn.revision)}`;
    case 'option':
      return `option=${listed(optionText(turn))}`;
    case 'spared':
    case 'struck':
    case 'dealt':
      return `fault=${listed(faultText(turn))}`;
  }
};

const formatChoice = (choice: string): string => encoded(choice, /[A-Za-z0-9:_~-]/);
const formatChoices = (choices: readonly string[]): string => {
  const runs: { readonly choice: string; times: number }[] = [];
  for (const choice of choices) {
    const last = runs.at(-1);
    if (last?.choice === choice) last.times += 1;
    else runs.push({ choice, times: 1 });
  }
  return runs
    .map(({ choice, times }) => (times === 1 ? formatChoice(choice) : `${formatChoice(choice)}*${times}`))
    .join('.');
};

const wrong = (message: string, expected: string): ParsedTrace => ({ ok: false, error: { message, expected } });
const shown = (text: string): string => `“${oneLine(text.length > 40 ? `${text.slice(0, 40)}…` : text)}”`;

/** The id or path of a scenario; `null` for what cannot be one. */
const parseScenario = (text: string): string | null => {
  if (text.length === 0 || text.length > 3 * limits.scenario || neverRaw.test(text)) return null;
  const parts = text.split('/').map(decoded);
  const isPath = parts.every(
    (part) => part !== null && part !== '..' && !part.includes('/') && !part.includes('\u0000'),
  );
  const path = parts.join('/');
  return isPath && path.length <= limits.scenario && /[^./]/.test(path) ? path : null;
};

/** Reads a line. Total: hostile text gives an error, never an exception, and costs no more than its length. */
export const parseTrace = (text: string): ParsedTrace => {
  if (text.length > limits.characters) return wrong('the line is too long', `at most ${limits.characters} characters`);
  const line = text.trim();
  const mark = line.indexOf('?');
  const named = mark < 0 ? line : line.slice(0, mark);
  const scenario = parseScenario(named);
  if (scenario === null) return wrong(`${shown(named)} names no scenario`, 'folder/name, then ? and the run');
  const turns: Turn[] = [];
  let seed: string | null = null;
  let choices: readonly string[] | null = null;
  for (const part of mark < 0 ? [] : line.slice(mark + 1).split('&')) {
    const equals = part.indexOf('=');
    const field = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1);
    if (field === 'off' || field === 'reading' || field === 'revision' || field === 'option' || field === 'fault') {
      const turn = parseTurn(field, value);
      if (turn === null) return wrong(`${shown(part)} turns no setting`, turnForms[field]);
      turns.push(turn);
      if (turns.length > limits.turns) return wrong('too many settings turned', `at most ${limits.turns}`);
    } else if (field === 'seed') {
      if (seed !== null || !isSeed(value))
        return wrong(`${shown(part)} is no seed`, 'one seed=, of letters and digits');
      seed = value;
    } else if (field === 'run') {
      if (choices !== null) return wrong('two runs in one line', 'one run=');
      const parsed = parseChoices(value);
      if (typeof parsed === 'string') return wrong(parsed, 'run=choice.choice*2.choice');
      choices = parsed;
    } else
      return wrong(`${shown(part)} is no part of a trace`, 'off=, reading=, revision=, option=, fault=, seed= or run=');
  }
  const trace = { scenario, turns, seed: seed ?? '1', choices: choices ?? [] };
  return choices === null ? { ok: true, trace, asWritten: true } : { ok: true, trace };
};

const turnForms = {
  off: 'off= and a clause, or a clause with one device, as in 4385-push-encrypted:alice.phone',
  reading: 'reading= and a question with its reading, as in q07:B',
  option: 'option= and an option with its value, as in forwarded%20keys:any',
  fault: 'fault= and what goes wrong, as in 3:restart:alice.phone, 3:none or restart:2',
  revision: 'revision= and a proposal with its revision, as in MSC4385:send-variant',
} as const;

const parseTurn = (kind: keyof typeof turnForms, value: string): Turn | null => {
  const colon = value.indexOf(':');
  if (kind === 'off' && colon < 0) return namePattern.test(value) ? { turn: 'off', clause: value } : null;
  if (kind === 'option' || kind === 'fault') {
    const text = decoded(value);
    return text === null ? null : kind === 'option' ? optionIn(text) : faultIn(text);
  }
  const setting = value.slice(0, Math.max(0, colon));
  const choice = value.slice(colon + 1);
  if (!namePattern.test(setting)) return null;
  if (kind === 'off') return playerPattern.test(choice) ? { turn: 'off', clause: setting, for: choice } : null;
  if (kind === 'reading')
    return choice === 'A' || choice === 'B' ? { turn: 'reading', question: setting, reading: choice } : null;
  return valuePattern.test(choice) ? { turn: 'revision', proposal: setting, revision: choice } : null;
};

/** A choice as it was written, and only so; `null` for anything else. */
const parseChoice = (text: string): string | null => {
  if (text.length === 0 || text.length > limits.choice) return null;
  const choice = decoded(text);
  return choice !== null && formatChoice(choice) === text ? choice : null;
};

/** The choices, or what is wrong with them. */
const parseChoices = (text: string): readonly string[] | string => {
  if (text === '') return [];
  const choices: string[] = [];
  for (const part of text.split('.')) {
    const star = part.indexOf('*');
    const choice = parseChoice(star < 0 ? part : part.slice(0, star));
    const count = star < 0 ? '1' : part.slice(star + 1);
    if (choice === null || !/^[1-9]\d{0,6}$/.test(count)) return `${shown(part)} is no choice`;
    const times = Number(count);
    if (choices.length + times > limits.choices) return `more than ${limits.choices} choices`;
    for (let nth = 0; nth < times; nth += 1) choices.push(choice);
  }
  return choices;
};
