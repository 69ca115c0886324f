/**
 * A turned setting, written: `4385-push-encrypted`, `4385-push-encrypted for alice.phone`, `q07: B`, `MSC4385: send-variant`,
 * `forwarded keys: any`, `bundle window: 1`, `accept: [m.megolm_backup.v1]`, `line 3: no fault`, `line 3: restart at alice.phone`, `restart: 0`
 * (in free play), several joined with ` + `.
 */
import { questionIds, standingClauses, textNames } from '../../machines/standing.ts';
import { faultsAt } from '../engine/faulted.ts';
import type { PlayerId, Scenario, Turn } from '../engine/types.ts';
import { usual } from '../verbs/usual.ts';
import { nearest, oneOfThese } from './nearest.ts';
import { type OptionKind, options, valuesOf } from './options.ts';
import { quoted } from './showing.ts';
import { countIn, namesIn } from './turn-text.ts';
import { turnKey } from './written.ts';

export type WrongTurn = { readonly message: string; readonly expected: string; readonly nearest: string | null };
export type ReadTurns = { readonly turns: readonly Turn[]; readonly wrong: readonly WrongTurn[] };

const { faults, forms, isFault, strikable } = usual;

const turnsMax = 16;
/** As often as a file may have it (`explore.faults`). */
const dealtMax = 20;

const clauses: ReadonlySet<string> = new Set(standingClauses.map(({ id }) => id));
const questions: ReadonlySet<string> = new Set(questionIds);
const proposals: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(textNames));

type Told = Pick<Scenario, 'cast' | 'story' | 'explore'>;
/** The devices of a scenario's users, with those that they log in later: what a clause can be off for. */
export const devicesOf = ({ cast, story, explore }: Told): readonly PlayerId[] => {
  const named = new Set(forms.flatMap(({ verb, takes }) => (takes?.is === 'new device' ? [verb] : [])));
  const acts = [...story.flat(), ...(explore?.acts ?? []).map(({ act }) => act)];
  return cast.users.flatMap(({ name, devices }) => [
    ...devices.map((device) => `${name}.${device.name}`),
    ...acts.flatMap(({ who, verb, args }) =>
      who === name && named.has(verb) ? [`${name}.${String(args[verb])}`] : [],
    ),
  ]);
};

/** What settings can name: devices, and lines of a story, of which some are faults. */
export type Turnable = {
  readonly devices: readonly PlayerId[];
  readonly lines: number;
  readonly hasFault: (line: number) => boolean;
};
export const turnableIn = (scenario: Told): Turnable => ({
  devices: devicesOf(scenario),
  lines: scenario.story.length,
  hasFault: (line) => faultsAt(({ verb }) => isFault(verb), scenario, line).length > 0,
});

/** Reads the key of a `without` entry. Never throws. */
export const readTurns = (key: string, scenario: Turnable): ReadTurns => {
  const parts = key.split('+').map((part) => part.trim());
  const turns: Turn[] = [];
  const wrong: WrongTurn[] = [];
  if (parts.length > turnsMax)
    return { turns, wrong: [{ message: 'too many settings turned', expected: `at most ${turnsMax}`, nearest: null }] };
  for (const part of parts) {
    const read = readTurn(part, scenario);
    if ('turn' in read) turns.push(read);
    else wrong.push(read);
  }
  return { turns, wrong };
};

/** What is wrong with settings that somebody has named, in a line or a link. */
export const wrongTurns = (turns: readonly Turn[], scenario: Turnable): readonly WrongTurn[] =>
  turns.flatMap((turn) => {
    const read = readTurn(turnKey(turn), scenario);
    return 'turn' in read ? [] : [read];
  });

const readTurn = (part: string, scenario: Turnable): Turn | WrongTurn => {
  const colon = part.indexOf(':');
  if (colon < 0) return readOff(part, scenario.devices);
  const name = part.slice(0, colon).trim();
  const value = part.slice(colon + 1).trim();
  if (questions.has(name))
    return value === 'A' || value === 'B'
      ? { turn: 'reading', question: name, reading: value }
      : unknown(value, `a reading of ${name}`, ['A', 'B']);
  const option = options.get(name);
  if (option !== undefined) return readOption(name, option.kind, value);
  const line = /^line ([1-9]\d{0,4})$/.exec(name)?.[1];
  if (line !== undefined) return readLine(Number(line), value, scenario);
  if (faults.has(name)) return readDealt(name, value);
  const revisions = proposals.get(name);
  if (revisions === undefined)
    return unknown(name, 'a question, a proposal, an option or a fault', [
      ...questions,
      ...proposals.keys(),
      ...options.keys(),
      ...faults.keys(),
    ]);
  return revisions.includes(value) || value === 'none'
    ? { turn: 'revision', proposal: name, revision: value }
    : unknown(value, `a revision of ${name}`, [...revisions, 'none']);
};

const readOption = (option: string, kind: OptionKind, text: string): Turn | WrongTurn => {
  switch (kind.is) {
    case 'switch':
    case 'one of': {
      const value = valuesOf(kind).find((one) => String(one) === text);
      return value === undefined
        ? unknown(text, `a value of “${option}”`, valuesOf(kind).map(String))
        : { turn: 'option', option, value };
    }
    case 'count': {
      const value = countFrom(1, kind.max, text);
      return value === null ? notWhole(text, 1, kind.max) : { turn: 'option', option, value };
    }
    case 'words': {
      const value = namesIn(text);
      return value === null
        ? { message: `${quoted(text)} is no list of ${kind.what}`, expected: '[one, another]', nearest: null }
        : { turn: 'option', option, value };
    }
  }
};

const countFrom = (least: number, most: number, text: string): number | null => {
  const value = countIn(text);
  return value !== null && value >= least && value <= most ? value : null;
};
const notWhole = (text: string, least: number, most: number): WrongTurn => ({
  message: `${quoted(text)} does not count`,
  expected: `a whole number from ${least} to ${most}`,
  nearest: null,
});

const readDealt = (fault: string, text: string): Turn | WrongTurn => {
  const times = countFrom(0, dealtMax, text);
  return times === null ? notWhole(text, 0, dealtMax) : { turn: 'dealt', fault, times };
};

const readLine = (line: number, text: string, { devices, lines, hasFault }: Turnable): Turn | WrongTurn => {
  const wrong = (message: string, expected: string): WrongTurn => ({ message, expected, nearest: null });
  if (line > lines)
    return wrong(`the story has no line ${line}`, lines === 0 ? 'a story' : `a line from 1 to ${lines}`);
  if (text === 'no fault')
    return hasFault(line)
      ? { turn: 'spared', line }
      : wrong(`nothing goes wrong in line ${line} by itself`, 'a line that is a fault');
  const [fault = '', ...rest] = text.split(/\s+at\s+/);
  if (!strikable.has(fault)) return unknown(fault, 'a fault', ['no fault', ...strikable.keys()]);
  const at = rest.join(' at ');
  return devices.includes(at) ? { turn: 'struck', line, fault, at } : unknown(at, 'a device of the cast', devices);
};

const readOff = (part: string, devices: readonly PlayerId[]): Turn | WrongTurn => {
  const [clause = '', ...rest] = part.split(/\s+for\s+/);
  if (!clauses.has(clause)) return unknown(clause, 'a clause', clauses);
  if (rest.length === 0) return { turn: 'off', clause };
  const device = rest.join(' for ');
  return devices.includes(device)
    ? { turn: 'off', clause, for: device }
    : unknown(device, 'a device of the cast', devices);
};

const unknown = (word: string, what: string, known: Iterable<string>): WrongTurn => {
  const names = [...known];
  return {
    message: `${quoted(word)} is not ${what}`,
    expected: oneOfThese(what, names),
    nearest: nearest(word, names),
  };
};
