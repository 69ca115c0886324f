import { dirname } from 'node:path';
import { realSuite } from '../../crypto/node/suite.ts';
import type { Scenario } from '../../engine/types.ts';
import { type Command, type Given, oneOf, textFlag } from '../command.ts';
import { aReport } from '../file-kinds.ts';
import { firstSight } from '../first-sight.ts';
import { meaningLines } from '../guarantee-lines.ts';
import { junit } from '../junit.ts';
import { findAll, pathsFor, read } from '../library.ts';
import { exitCodes } from '../outcome.ts';
import { foldersIn, isFolder, libraryIds, namedOrOwn, resolved } from '../places.ts';
import { outcomeOf, resultsAt } from '../results.ts';
import { plain, summary, table } from '../table.ts';
import { complain, dim, Mistake, print, printJson, progress } from '../terminal.ts';
import { watching } from '../watching.ts';
import { writeOf } from '../writing.ts';

/** Free play takes longer than a glance: it runs when it is named or asked for. */
export const storiesAmong = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.filter(({ explore }) => explore === null);

/** Of one story that is named: what it says at first sight. */
const sightOf = (paths: readonly string[]): readonly string[] => {
  const [path, second] = paths;
  if (path === undefined || second !== undefined) return [];
  const file = read(path);
  return file.ok ? firstSight(file.scenario, realSuite) : [];
};

/** Runs what is asked for once, and tells it. @returns its exit code */
const runOnce = (given: Given): number => {
  const suite = oneOf(given, 'suite', ['real', 'symbolic'], 'real');
  const words = namedOrOwn(given.words);
  const { paths, lost } = findAll(words);
  if (paths.length === 0) throw new Mistake(lost.join('\n') || 'no scenario is in the library');
  const isNamed = words.length > 0;
  const results = resultsAt(
    paths,
    {
      suite: suite === 'real' ? realSuite : suite,
      withVariants: given.flags['no-without'] !== true,
      withPlay: isNamed || given.flags.play === true,
    },
    (nth, file) => progress(`${nth + 1} of ${paths.length}  ${file}`),
  );
  progress('');
  if (given.flags.json === true) printJson(results.map(plain));
  else {
    for (const line of sightOf(paths)) print(line);
    for (const line of table(results, isNamed || given.flags.lines === true)) print(line);
    // Of the whole library this would be all guarantees there are.
    const meant = isNamed ? meaningLines(results.flatMap(({ claims }) => claims.flatMap(({ got }) => got ?? []))) : [];
    for (const line of meant.length === 0 ? [] : ['', ...meant]) print(line);
    print('');
    print(summary(results));
    if (!isNamed && given.flags.lines !== true) print(dim('--lines shows a line that replays each run'));
  }
  for (const one of lost) complain(one);
  const report = textFlag(given, 'junit');
  if (report !== undefined) writeOf(aReport, `--junit ${report}`, report, junit(results));
  const code = exitCodes[outcomeOf(results)];
  return lost.length === 0 ? code : Math.max(code, exitCodes['wrong input']);
};

/** What is looked at for changes: the folders of the files that are run and those that are named, so that a new file is seen too. */
const watchedBy = (given: Given): readonly string[] => {
  const words = namedOrOwn(given.words);
  if (words.length === 0)
    throw new Mistake('nothing to watch: name a file or a folder, or begin one with npx hearsay init');
  const paths = pathsFor(words);
  const named = words.map(resolved);
  const folders = [...paths.map((path) => dirname(path)), ...named.filter(isFolder).flatMap(foldersIn)];
  return [...new Set(folders)];
};

export const run: Command = {
  usage:
    'run [scenario|file|folder …] [--play] [--no-without] [--lines] [--watch] [--suite real|symbolic] [--json] [--junit FILE]',
  text: 'Runs scenarios and holds their verdicts against what they expect: of the folder scenarios/ where you stand, or of the library, where none is named.',
  flags: {
    'no-without': { type: 'boolean', text: 'only the scenarios as they are written, without variants' },
    lines: {
      type: 'boolean',
      text: 'a line that replays each run, also of the whole library (the usual: of what is named; JSON and JUnit have it always)',
    },
    suite: { type: 'string', value: 'real|symbolic', text: 'bytes (the usual) or terms' },
    play: { type: 'boolean', text: 'free play too, where nobody wrote a story: every world within its bounds' },
    watch: { type: 'boolean', text: 'again whenever a file changes there, until Ctrl+C' },
    json: { type: 'boolean', text: 'the verdicts as JSON' },
    junit: { type: 'string', value: 'FILE', isToldBefore: true, text: 'the verdicts as a JUnit report too' },
  },
  names: libraryIds,
  run: (given) =>
    given.flags.watch === true
      ? watching(
          () => watchedBy(given),
          () => runOnce(given),
        )
      : runOnce(given),
};
