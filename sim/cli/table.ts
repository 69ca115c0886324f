/** Results as people read them. */

import type { Expectation, Judgement } from '../engine/types.ts';
import { otherLines, whereText } from '../runs/break-words.ts';
import { replayCommand } from '../runs/replay-command.ts';
import { keyWords } from '../runs/telling/setting-words.ts';
import { oneLine } from '../scenario/showing.ts';
import { io, withIo } from './io.ts';
import { outcomeOf, type Result } from './results.ts';
import { bold, dim, green, plural, red, verdictWord } from './terminal.ts';

/** ` (m.megolm_backup.v1)`: the secret that is meant, where one is. */
const ofWhich = ({ of }: Expectation): string => (of === undefined ? '' : ` (${oneLine(of)})`);

const wordsOf = ({ claims }: Result): string =>
  claims
    .map(({ expected, got }) => `${verdictWord(got?.verdict ?? 'unsettled')} ${expected.guarantee}${ofWhich(expected)}`)
    .join('  ');

const marks = {
  'as expected': () => green('as expected'),
  'not as expected': () => red('NOT AS EXPECTED'),
  'wrong input': () => red('NO RESULT'),
  'fault of hearsay': () => red('NO RESULT'),
} as const;

/** Longer lines are told as the story they are of: nobody reads them, and no terminal takes them. */
const lineMax = 2000;
const replayLine = ({ replay, story }: Result, isShort: boolean): string | null => {
  if (story !== null && (isShort || replay === null || replay.length > lineMax)) return story;
  return replay;
};

/** Where, when and on what evidence. */
const foundWords = (got: Judgement | null): string => {
  const where = got === null ? '' : whereText(got);
  const told = [...(where === '' ? [] : [where]), ...(got?.why == null ? [] : [oneLine(got.why)])];
  return told.length === 0 ? '' : ` (${told.join(': ')})`;
};

const linesOf = (result: Result, withLines: boolean): readonly string[] => {
  const { ok, without, claims, problems } = result;
  const variant = without === null ? '' : `${dim('without')} ${keyWords(without)}: `;
  const wrong = claims.flatMap(({ expected, wrong: why, got }) =>
    why === null
      ? []
      : [
          red(`    ${expected.guarantee}${ofWhich(expected)}: ${why}${foundWords(got)}`),
          ...(got === null ? [] : otherLines(got)).map((line) => red(`      ${line}`)),
        ],
  );
  const replay = ok && !withLines ? null : replayLine(result, ok);
  return [
    `  ${marks[outcomeOf([result])]()}  ${variant}${wordsOf(result)}`.trimEnd(),
    ...problems.flatMap(({ lines: [first = '', ...more] }) => [
      red(`    ${oneLine(first)}`),
      ...more.map((line) => `    ${oneLine(line)}`),
    ]),
    ...wrong,
    ...(replay === null ? [] : [ok ? dim(`    ${replayCommand(replay)}`) : `    ${replayCommand(replay)}`]),
  ];
};

/**
 * The verdict table: a scenario's title, then what each run says.
 *
 * @param withLines also a line that replays each run which is as expected; the others have theirs in any case
 */
export const table = (results: readonly Result[], withLines = false): readonly string[] =>
  results.flatMap((result, nth) => [
    ...(nth > 0 && results[nth - 1]?.file === result.file
      ? []
      : [
          '',
          `${bold(oneLine(result.title))}  ${dim(oneLine(result.title === result.file ? '' : result.id))}`.trimEnd(),
        ]),
    ...linesOf(result, withLines),
  ]);

/** The same without colours, for whoever shows texts of others. */
export const plainTable = (results: readonly Result[]): readonly string[] =>
  withIo({ ...io(), isColoured: false }, () => table(results));

/** `266 scenarios, 629 runs: all as expected`, or how many are not, and how many came to nothing. */
export const summary = (results: readonly Result[]): string => {
  const count = (outcome: string): number => results.filter((one) => outcomeOf([one]) === outcome).length;
  const runs = results.filter((one) => outcomeOf([one]) !== 'wrong input');
  const stories = new Set(runs.map(({ file }) => file)).size;
  const [wrong, unread, faults] = [count('not as expected'), count('wrong input'), count('fault of hearsay')];
  const bad = [
    ...(wrong === 0 ? [] : [`${wrong} not as expected`]),
    ...(unread === 0 ? [] : [plural(unread, 'file is no scenario', 'files are no scenarios')]),
    ...(faults === 0 ? [] : [`${plural(faults, 'fault')} of hearsay`]),
  ];
  return `${plural(stories, 'scenario')}, ${plural(runs.length, 'run')}: ${bad.length === 0 ? green('all as expected') : red(bad.join(', '))}`;
};

/** Steps count from 1, as everywhere people see them. */
const stepNumber = (index: number | null | undefined): number | null => (index == null ? null : index + 1);

/** The same for machines. */
export const plain = (result: Result) => ({
  scenario: result.id,
  title: result.title,
  file: result.file,
  without: result.without,
  ok: result.ok,
  outcome: outcomeOf([result]),
  verdicts: result.claims.map(({ expected, got, wrong }) => ({
    guarantee: expected.guarantee,
    expected: expected.verdict,
    verdict: got?.verdict ?? null,
    at: got?.at ?? null,
    why: got?.why ?? null,
    cause: stepNumber(got?.cause),
    certain: stepNumber(got?.certain),
    breaks: (got?.breaks ?? []).map(({ cause, certain, breaks }) => ({
      cause: cause + 1,
      certain: certain + 1,
      breaks: breaks.map(({ at, about, why, acceptedBy }) => ({ at, about, why, acceptedBy })),
    })),
    wrong,
  })),
  problems: result.problems.map(({ is, lines }) => ({ is, lines })),
  replay: result.replay ?? result.story,
  story: result.story,
});
