/**
 * A trace as one line: `secret-push/a-story?off=4385-push-encrypted&reading=q07:B&seed=1&run=act.sync:alice~phone*2`.
 *
 * A clause that is off for one device alone has that device behind it: `off=4385-push-encrypted:alice.phone`.
 * The line is safe within a shell's single quotes and in the fragment of a URL. Dials stand in the order they were turned;
 * choices are joined by `.`, and `*3` says that a choice is made three times in a row. Nothing else of a run is kept.
 */
import type { Trace, Turn } from './types.ts';

export type WrongTrace = {
  readonly message: string;
  readonly expected: string;
};
export type ParsedTrace =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly error: WrongTrace };

const limits = { characters: 65_536, choices: 20_000, turns: 16 } as const;
const idPattern = /^[a-z0-9-]{1,120}(?:\/[a-z0-9-]{1,120}){0,3}$/;
const seedPattern = /^[A-Za-z0-9_~-]{1,64}$/;
const namePattern = /^[A-Za-z0-9-]{1,80}$/;
const valuePattern = /^[A-Za-z0-9.-]{1,80}$/;
const playerPattern = /^[a-z][a-z0-9.-]{0,79}$/;
const choicePattern = /^[A-Za-z0-9:_~-]{1,120}$/;

/** Whether a text can be a seed: one to 64 letters, digits, `_`, `~`, `-`. */
export const isSeed = (text: string): boolean => seedPattern.test(text);

/**
 * The line of a trace. Throws only on what no run produces: an id, a seed or a choice with other characters than
 * a line may hold.
 */
export const formatTrace = ({ scenario, turns, seed, choices }: Trace): string => {
  const parts = [...turns.map(formatTurn), `seed=${seed}`, `run=${formatChoices(choices)}`];
  const line = `${scenario}?${parts.join('&')}`;
  const parsed = parseTrace(line);
  if (!parsed.ok)
    throw new Error(`this trace makes no line (${parsed.error.message}): does a choice id hold another character?`);
  return line;
};

const formatTurn = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return `off=${turn.clause}${turn.for === undefined ? '' : `:${turn.for}`}`;
    case 'reading':
      return `reading=${turn.question}:${turn.reading}`;
    case 'revision':
      return `revision=${turn.proposal}:${turn.revision}`;
  }
};

const formatChoices = (choices: readonly string[]): string => {
  const runs: { readonly choice: string; times: number }[] = [];
  for (const choice of choices) {
    const last = runs.at(-1);
    if (last?.choice === choice) last.times += 1;
    else runs.push({ choice, times: 1 });
  }
  return runs.map(({ choice, times }) => (times === 1 ? choice : `${choice}*${times}`)).join('.');
};

const wrong = (message: string, expected: string): ParsedTrace => ({ ok: false, error: { message, expected } });
const shown = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

/** Reads a line. Total: hostile text gives an error, never an exception, and costs no more than its length. */
export const parseTrace = (text: string): ParsedTrace => {
  if (text.length > limits.characters) return wrong('the line is too long', `at most ${limits.characters} characters`);
  const line = text.trim();
  const mark = line.indexOf('?');
  const scenario = mark < 0 ? line : line.slice(0, mark);
  if (!idPattern.test(scenario))
    return wrong(`${shown(scenario)} names no scenario`, 'folder/name, then ? and the run');
  const turns: Turn[] = [];
  let seed: string | null = null;
  let choices: readonly string[] | null = null;
  for (const part of mark < 0 ? [] : line.slice(mark + 1).split('&')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1);
    if (name === 'off' || name === 'reading' || name === 'revision') {
      const turn = parseTurn(name, value);
      if (turn === null) return wrong(`${shown(part)} turns no dial`, turnForms[name]);
      turns.push(turn);
      if (turns.length > limits.turns) return wrong('too many dials turned', `at most ${limits.turns}`);
    } else if (name === 'seed') {
      if (seed !== null || !isSeed(value))
        return wrong(`${shown(part)} is no seed`, 'one seed=, of letters and digits');
      seed = value;
    } else if (name === 'run') {
      if (choices !== null) return wrong('two runs in one line', 'one run=');
      const parsed = parseChoices(value);
      if (typeof parsed === 'string') return wrong(parsed, 'run=choice.choice*2.choice');
      choices = parsed;
    } else return wrong(`${shown(part)} is no part of a trace`, 'off=, reading=, revision=, seed= or run=');
  }
  return { ok: true, trace: { scenario, turns, seed: seed ?? '1', choices: choices ?? [] } };
};

const turnForms = {
  off: 'off= and a clause, or a clause with one device, as in 4385-push-encrypted:alice.phone',
  reading: 'reading= and a question with its reading, as in q07:B',
  revision: 'revision= and a proposal with its revision, as in MSC4385:send-variant',
} as const;

const parseTurn = (kind: keyof typeof turnForms, value: string): Turn | null => {
  const colon = value.indexOf(':');
  if (kind === 'off' && colon < 0) return namePattern.test(value) ? { turn: 'off', clause: value } : null;
  const name = value.slice(0, Math.max(0, colon));
  const choice = value.slice(colon + 1);
  if (!namePattern.test(name)) return null;
  if (kind === 'off') return playerPattern.test(choice) ? { turn: 'off', clause: name, for: choice } : null;
  if (kind === 'reading')
    return choice === 'A' || choice === 'B' ? { turn: 'reading', question: name, reading: choice } : null;
  return valuePattern.test(choice) ? { turn: 'revision', proposal: name, revision: choice } : null;
};

/** The choices, or what is wrong with them. */
const parseChoices = (text: string): readonly string[] | string => {
  if (text === '') return [];
  const choices: string[] = [];
  for (const part of text.split('.')) {
    const star = part.indexOf('*');
    const choice = star < 0 ? part : part.slice(0, star);
    const count = star < 0 ? '1' : part.slice(star + 1);
    if (!choicePattern.test(choice) || !/^[1-9]\d{0,4}$/.test(count)) return `${shown(part)} is no choice`;
    const times = Number(count);
    if (choices.length + times > limits.choices) return `more than ${limits.choices} choices`;
    for (let nth = 0; nth < times; nth += 1) choices.push(choice);
  }
  return choices;
};
