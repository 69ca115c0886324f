/**
 * What is turned on the page of a scenario, as the query of its address:
 * `?off=4385-push-encrypted,4385-push-signed:alice.phone&q23=B&MSC4385=send-variant&opt=forwarded+keys:any&fault=3:none&beside=written&v=1a2b3c4d&was=hbh`.
 *
 * The step stands in the fragment (`#s6`), as on pages without a script. `v` is the model that the verdicts in `was` were given by, a letter
 * each in the order of the page. Names that are not ours are left alone: whoever passes links on adds some. Whether there are such clauses,
 * questions and texts is for the simulator to say; here is only how they are written.
 */
import type { Turn, Verdict } from '../sim/engine/types.ts';
import { oneLine } from '../sim/scenario/showing.ts';
import { faultIn, faultText, optionIn, optionText } from '../sim/scenario/turn-text.ts';
import { subjectOf } from '../sim/scenario/written.ts';

export type Address = {
  /** In the order in which they were turned. */
  readonly turns: readonly Turn[];
  /** Whether the run as written stands beside it. */
  readonly isBeside: boolean;
  /** By which model, and what it said of the guarantees in question; `null`: nobody has said. */
  readonly seen: { readonly model: string; readonly verdicts: readonly Verdict[] } | null;
};
export type ReadAddress =
  | { readonly ok: true; readonly address: Address }
  /** In a sentence that can be shown, without a full stop. */
  | { readonly ok: false; readonly why: string };

export const asWritten: Address = { turns: [], isBeside: false, seen: null };

const limits = { characters: 2000, turns: 16, verdicts: 64 } as const;
const namePattern = /^[A-Za-z0-9-]{1,80}$/;
const valuePattern = /^[A-Za-z0-9.-]{1,80}$/;
const playerPattern = /^[a-z][a-z0-9.-]{0,119}$/;
const questionPattern = /^q[0-9]{1,4}$/;
const proposalPattern = /^(?:MSC[0-9]{1,6}|SPEC)$/;
const modelPattern = /^[0-9a-f]{8}$/;

const letters = {
  holds: 'h',
  happens: 'y',
  breaks: 'b',
  never: 'n',
  accepted: 'a',
  unsettled: 'u',
} as const satisfies Readonly<Record<Verdict, string>>;
const verdictOf = new Map(Object.entries(letters).map(([verdict, letter]) => [letter as string, verdict as Verdict]));

const offWords = (turn: Turn): readonly string[] =>
  turn.turn !== 'off' ? [] : [turn.for === undefined ? turn.clause : `${turn.clause}:${turn.for}`];
const choiceWords = (turn: Turn): readonly string[] => {
  switch (turn.turn) {
    case 'off':
      return [];
    case 'reading':
      return [`${turn.question}=${turn.reading}`];
    case 'revision':
      return [`${turn.proposal}=${turn.revision}`];
    case 'option':
      return [`opt=${optionText(turn).replaceAll(' ', '+')}`];
    case 'spared':
    case 'struck':
    case 'dealt':
      return [`fault=${faultText(turn).replaceAll(' ', '+')}`];
  }
};

/** The query with its `?`; nothing where all is as written. */
export const writeAddress = ({ turns, isBeside, seen }: Address): string => {
  if (turns.length === 0 && !isBeside) return '';
  const off = turns.flatMap(offWords);
  const parts = [
    ...(off.length === 0 ? [] : [`off=${off.join(',')}`]),
    ...turns.flatMap(choiceWords),
    ...(isBeside ? ['beside=written'] : []),
    ...(seen === null ? [] : [`v=${seen.model}`, `was=${seen.verdicts.map((one) => letters[one]).join('')}`]),
  ];
  return `?${parts.join('&')}`;
};

const shown = (text: string): string => `“${oneLine(text.length > 40 ? `${text.slice(0, 40)}…` : text)}”`;

/** `null` where something else than encoded UTF-8 stands behind a `%`. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
};

const offOf = (text: string): Turn | null => {
  const colon = text.indexOf(':');
  const clause = colon < 0 ? text : text.slice(0, colon);
  const player = colon < 0 ? null : text.slice(colon + 1);
  if (!namePattern.test(clause)) return null;
  if (player === null) return { turn: 'off', clause };
  return playerPattern.test(player) ? { turn: 'off', clause, for: player } : null;
};

type Field = { readonly turns: readonly Turn[] } | { readonly is: 'beside' | 'v' | 'was' | 'other' } | string;

/** One field, or what is wrong with it. */
const fieldOf = (name: string, value: string): Field => {
  if (name === 'off') {
    const parts = value.split(',');
    const turns = parts.map(offOf);
    const wrong = turns.indexOf(null);
    return wrong < 0
      ? { turns: turns.filter((turn) => turn !== null) }
      : `${shown(parts[wrong] ?? '')} can be no clause: its id, or id:device, expected`;
  }
  if (questionPattern.test(name))
    return value === 'A' || value === 'B'
      ? { turns: [{ turn: 'reading', question: name, reading: value }] }
      : `${shown(value)} is no reading of ${name}: there are A and B`;
  if (proposalPattern.test(name))
    return valuePattern.test(value)
      ? { turns: [{ turn: 'revision', proposal: name, revision: value }] }
      : `${shown(value)} can be no text of ${name}: the name of a revision expected`;
  if (name === 'opt') {
    const option = optionIn(value);
    return option === null ? `${shown(value)} can be no option: name:value expected` : { turns: [option] };
  }
  if (name === 'fault') {
    const fault = faultIn(value);
    return fault === null
      ? `${shown(value)} can be no fault: line:none, line:fault:device or fault:times expected`
      : { turns: [fault] };
  }
  if (name === 'beside') return value === 'written' ? { is: name } : 'nothing can stand beside but “written”';
  if (name === 'v')
    return modelPattern.test(value)
      ? { is: name }
      : `${shown(value)} can be no version of the model: eight digits from 0 to f expected`;
  if (name === 'was') {
    const isRead = value.length <= limits.verdicts && [...value].every((letter) => verdictOf.has(letter));
    return isRead ? { is: name } : `${shown(value)} can be no verdicts: the link may have been cut`;
  }
  return { is: 'other' };
};

/** Reads the query of an address, with or without its `?`. Total: hostile text gives a sentence, and costs no more than its length. */
export const readAddress = (search: string): ReadAddress => {
  const wrong = (why: string): ReadAddress => ({ ok: false, why });
  if (search.length > limits.characters) return wrong(`it is longer than ${limits.characters} characters`);
  const turns: Turn[] = [];
  const own = new Map<string, string>();
  for (const part of search.replace(/^\?/, '').split('&')) {
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = decoded(equals < 0 ? '' : part.slice(equals + 1));
    if (name === null || value === null) return wrong(`${shown(part)} stands for no text: the link may have been cut`);
    const field = fieldOf(name, value);
    if (typeof field === 'string') return wrong(field);
    if ('turns' in field) turns.push(...field.turns);
    else if (field.is !== 'other') {
      if (own.has(name)) return wrong(`${shown(name)} stands in it twice`);
      own.set(name, value);
    }
  }
  if (turns.length > limits.turns) return wrong(`it turns more than ${limits.turns} settings`);
  const names = turns.map(subjectOf);
  const twice = names.find((name, nth) => names.indexOf(name) !== nth);
  if (twice !== undefined) return wrong(`it turns ${shown(twice.trim())} twice`);
  const model = own.get('v');
  const was = own.get('was');
  const verdicts = [...(was ?? '')].flatMap((letter) => verdictOf.get(letter) ?? []);
  return {
    ok: true,
    address: {
      turns,
      isBeside: own.has('beside'),
      seen: model === undefined || was === undefined ? null : { model, verdicts },
    },
  };
};
