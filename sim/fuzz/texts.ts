/** Texts of scenarios and lines of replays, bent in bytes and in structure: readers say what is wrong, and where, and never throw. */
import { parse, stringify } from 'yaml';
import type { Json } from '../../machines/json.ts';
import type { Scenario } from '../engine/types.ts';
import { formatTrace, parseTrace } from '../runs/trace.ts';
import { parseScenario } from '../scenario/parse.ts';
import { printScenario } from '../scenario/print.ts';
import { digestOf, type Luck, luckOf, oddWords, ordered } from './luck.ts';
import { failing, fewest, type Outcome, type Part, type Text, type Wrong } from './part.ts';
import { randomScenario } from './scenarios.ts';
import { bent, bentText } from './values.ts';

const splicedLines = (luck: Luck, text: string): string => {
  const lines = text.split('\n');
  const at = luck.below(lines.length);
  const other = lines[luck.below(lines.length)] ?? '';
  switch (luck.below(5)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, other).join('\n');
    case 2:
      return lines.with(at, `  ${lines[at]}`).join('\n');
    case 3:
      return lines.with(at, `${lines[at]} ${luck.one(oddWords)}`).join('\n');
    default:
      return lines.with(at, (lines[at] ?? '').replace(/: .*/, `: ${luck.one(oddWords)}`)).join('\n');
  }
};

/** What its YAML means, with one thing changed, as YAML again. */
const restructured = (luck: Luck, text: string): string => {
  const value = failing(() => parse(text, { logLevel: 'silent' }) as Json);
  return 'ok' in value ? stringify(bent(luck, value.ok)) : text;
};

const bentScenario = (luck: Luck, text: string): string => {
  const times = 1 + luck.below(3);
  let now = text;
  for (let nth = 0; nth < times; nth += 1) now = luck.one([bentText, splicedLines, restructured])(luck, now);
  return now;
};

/** All that a file says, but not where in it. */
const saidBy = (scenario: Scenario): string => ordered({ ...scenario, places: null });

const wrongWithScenario = (text: string): Wrong | null => {
  const parsed = parseScenario(text, 'fuzz/bent');
  if (parsed.ok) {
    const again = parseScenario(printScenario(parsed.scenario), 'fuzz/bent');
    if (again.ok && saidBy(again.scenario) === saidBy(parsed.scenario)) return null;
    const why = again.ok ? '' : JSON.stringify(again.errors[0]);
    return { cause: 'a scenario reads differently once it is printed', message: `${why}` };
  }
  if (parsed.errors.length === 0) return { cause: 'a text is refused without an error', message: '' };
  const lines = text.split(/\r\n|\r|\n/).length;
  const astray = parsed.errors.find(({ line, column }) => !(line >= 1 && column >= 1 && line <= lines));
  return astray === undefined
    ? null
    : { cause: 'an error stands nowhere in its text', message: JSON.stringify(astray) };
};

/** A line as a run might be told, of a drawn story. */
const lineFor = (luck: Luck, seed: string): string => {
  const scenario = randomScenario(seed, 0, luck.below(1000));
  const turns = scenario.without.flatMap((one) => one.turns);
  const choices = Array.from({ length: luck.below(12) }, () =>
    luck.one(['act', 'act:1', 'sync:alice~phone', 'deliver:a:b', 'wake:0']),
  );
  return formatTrace({ scenario: scenario.id, turns, seed: String(luck.below(100)), choices });
};

const bentLine = (luck: Luck, line: string): string => {
  const parts = line.split('&');
  const at = luck.below(parts.length);
  switch (luck.below(4)) {
    case 0:
      return parts.toSpliced(at, 0, parts[luck.below(parts.length)] ?? '').join('&');
    case 1:
      return parts.with(at, `${parts[at]}${luck.one(oddWords)}`).join('&');
    case 2:
      return line.replace(/\d+/, () => luck.one(['0', '-1', '99999', '1e9', '٣', '']));
    default:
      return bentText(luck, line);
  }
};

const wrongWithLine = (line: string): Wrong | null => {
  const parsed = parseTrace(line);
  if (!parsed.ok)
    return parsed.error.message === '' || parsed.error.expected === ''
      ? { cause: 'a line is refused without a reason', message: line }
      : null;
  const again = parseTrace(formatTrace(parsed.trace));
  return again.ok && ordered(again.trace) === ordered(parsed.trace)
    ? null
    : { cause: 'a line reads differently once it is written anew', message: line };
};

const tried = (text: string, wrongWith: (text: string) => Wrong | null): Wrong | null => {
  const done = failing(() => wrongWith(text));
  return 'ok' in done ? done.ok : done.thrown;
};

const shortest = (text: string, unit: string, fails: (shorter: string) => boolean): string =>
  fewest(text.split(unit), (fewer) => fails(fewer.join(unit))).join(unit);

const outcomeOf = (text: string, wrongWith: (text: string) => Wrong | null, shrinks: boolean): Outcome => {
  const wrong = tried(text, wrongWith);
  if (wrong === null) return { digest: digestOf([text]), failure: null, looks: [] };
  const fails = (shorter: string): boolean => tried(shorter, wrongWith)?.cause === wrong.cause;
  const small = shrinks
    ? ['\n', ' ', ''].reduce((now, unit) => (now.length > 5000 && unit === '' ? now : shortest(now, unit, fails)), text)
    : text;
  return { digest: digestOf([wrong.cause]), failure: { ...wrong, shrunk: small }, looks: [] };
};

export const textPart: Part = {
  name: 'text',
  perCase: 1,
  begin: ({ seed, shrinks, library }) => {
    return (nth): Outcome => {
      const luck = luckOf(`text/${seed}/${nth}`);
      if (luck.oneIn(3)) return outcomeOf(bentLine(luck, lineFor(luck, seed)), wrongWithLine, shrinks);
      const source: Text = luck.one(library);
      return outcomeOf(bentScenario(luck, source.text), wrongWithScenario, shrinks);
    };
  },
};
