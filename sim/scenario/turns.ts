/**
 * A turned setting, written: `4385-push-encrypted`, `4385-push-encrypted for alice.phone`, `q07: B`, `MSC4385: send-variant`,
 * `forwarded keys: any`, several joined with ` + `.
 */
import { questionIds, standingClauses, textNames } from '../../machines/standing.ts';
import type { PlayerId, Scenario, Turn } from '../engine/types.ts';
import { forms } from '../verbs/forms.ts';
import { nearest } from './nearest.ts';
import { optionChoices } from './options.ts';
import { quoted } from './showing.ts';
import { turnKey } from './written.ts';

export type WrongTurn = { readonly message: string; readonly expected: string; readonly nearest: string | null };
export type ReadTurns = { readonly turns: readonly Turn[]; readonly wrong: readonly WrongTurn[] };

const turnsMax = 16;

const clauses: ReadonlySet<string> = new Set(standingClauses.map(({ id }) => id));
const questions: ReadonlySet<string> = new Set(questionIds);
const proposals: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(textNames));

/** The devices of a scenario's users, with those that they log in later: what a clause can be off for. */
export const devicesOf = ({ cast, story, explore }: Scenario): readonly PlayerId[] => {
  const named = new Set(forms.flatMap(({ verb, takes }) => (takes?.is === 'new device' ? [verb] : [])));
  const acts = [...story.flat(), ...(explore?.acts ?? []).map(({ act }) => act)];
  return cast.users.flatMap(({ name, devices }) => [
    ...devices.map((device) => `${name}.${device.name}`),
    ...acts.flatMap(({ who, verb, args }) =>
      who === name && named.has(verb) ? [`${name}.${String(args[verb])}`] : [],
    ),
  ]);
};

/** Reads the key of a `without` entry; `devices` are those a clause can be off for. Never throws. */
export const readTurns = (key: string, devices: readonly PlayerId[]): ReadTurns => {
  const parts = key.split('+').map((part) => part.trim());
  const turns: Turn[] = [];
  const wrong: WrongTurn[] = [];
  if (parts.length > turnsMax)
    return { turns, wrong: [{ message: 'too many settings turned', expected: `at most ${turnsMax}`, nearest: null }] };
  for (const part of parts) {
    const read = readTurn(part, devices);
    if ('turn' in read) turns.push(read);
    else wrong.push(read);
  }
  return { turns, wrong };
};

/** What is wrong with settings that somebody has named, in a line or a link; `devices` are those a clause can be off for. */
export const wrongTurns = (turns: readonly Turn[], devices: readonly PlayerId[]): readonly WrongTurn[] =>
  turns.flatMap((turn) => {
    const read = readTurn(turnKey(turn), devices);
    return 'turn' in read ? [] : [read];
  });

const readTurn = (part: string, devices: readonly PlayerId[]): Turn | WrongTurn => {
  const colon = part.indexOf(':');
  if (colon < 0) return readOff(part, devices);
  const name = part.slice(0, colon).trim();
  const value = part.slice(colon + 1).trim();
  if (questions.has(name))
    return value === 'A' || value === 'B'
      ? { turn: 'reading', question: name, reading: value }
      : unknown(value, `a reading of ${name}`, ['A', 'B']);
  const option = optionChoices.get(name);
  if (option !== undefined) {
    const chosen = option.find((one) => String(one) === value);
    return chosen === undefined
      ? unknown(value, `a value of “${name}”`, option.map(String))
      : { turn: 'option', option: name, value: chosen };
  }
  const revisions = proposals.get(name);
  if (revisions === undefined)
    return unknown(name, 'a question, a proposal or an option', [
      ...questions,
      ...proposals.keys(),
      ...optionChoices.keys(),
    ]);
  return revisions.includes(value) || value === 'none'
    ? { turn: 'revision', proposal: name, revision: value }
    : unknown(value, `a revision of ${name}`, [...revisions, 'none']);
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
    expected: names.length <= 12 ? `${what}: ${names.join(', ')}` : what,
    nearest: nearest(word, names),
  };
};
