/** Results as a JUnit report, which is well-formed whatever their files say. */

import { otherLines, whereText } from '../runs/break-words.ts';
import { replayCommand } from '../runs/replay-command.ts';
import { shown } from '../scenario/showing.ts';
import { outcomeOf, type Result } from './results.ts';

/** What XML 1.0 has no place for, not even escaped (section 2.2, `Char`), after `shown` has numbered what terminals obey. */
const unwritable = /[\ufffe\uffff]/g;

const escaped = (text: string): string =>
  shown(text)
    .replaceAll(unwritable, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
/** A reader of XML makes spaces of the lines in an attribute unless they are numbers. */
const attribute = (text: string): string => escaped(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** The line that replays a result, as people type it; empty where there is none. */
const replayWords = ({ replay, story }: Result): string => {
  const line = replay ?? story;
  return line === null ? '' : replayCommand(line);
};

const inside = (result: Result): string => {
  const { claims, problems } = result;
  const wrong = claims.flatMap(({ expected, wrong: why, got }) =>
    why === null
      ? []
      : [[`${expected.guarantee}: ${why}`, ...(got === null ? [] : [whereText(got)])].join(' ').trimEnd()],
  );
  const also = claims.flatMap(({ expected, wrong: why, got }) =>
    why === null || got === null ? [] : otherLines(got).map((line) => `${expected.guarantee} ${line}`),
  );
  const other = problems.flatMap(({ is, lines }) => (is === 'not as expected' ? lines : []));
  const errors = problems.filter(({ is }) => is !== 'not as expected');
  const replay = replayWords(result);
  const told = [...wrong, ...other];
  return [
    ...(told.length === 0
      ? []
      : [`<failure message="${attribute(told.join('; '))}">${escaped([...also, replay].join('\n'))}</failure>`]),
    ...errors.map(
      ({ is, lines }) =>
        `<error type="${attribute(is)}" message="${attribute(lines[0] ?? is)}">${escaped([...lines, replay].filter((line) => line !== '').join('\n'))}</error>`,
    ),
    ...(told.length + errors.length > 0 || replay === '' ? [] : [`<system-out>${escaped(replay)}</system-out>`]),
  ].join('');
};

export const junit = (results: readonly Result[]): string => {
  const cases = results.map((result) => {
    const { title, id, file, without, ms } = result;
    const name = without === null ? title : `${title}, without ${without}`;
    return `  <testcase classname="${attribute(id)}" name="${attribute(name)}" file="${attribute(file)}" time="${seconds(ms)}">${inside(result)}</testcase>`;
  });
  const count = (...outcomes: readonly string[]): number =>
    results.filter((result) => outcomes.includes(outcomeOf([result]))).length;
  const ms = results.reduce((sum, one) => sum + one.ms, 0);
  const counts = `tests="${results.length}" failures="${count('not as expected')}" errors="${count('wrong input', 'fault of hearsay')}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="hearsay" ${counts} time="${seconds(ms)}">\n${cases.join('\n')}\n</testsuite>\n`;
};
