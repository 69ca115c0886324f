import { writeFileSync } from 'node:fs';
import type { Scenario } from '../../types.ts';
import { type Command, oneOf, textFlag } from '../command.ts';
import { pathsFor } from '../library.ts';
import { type Result, resultsTogether } from '../results.ts';
import { bold, dim, green, print, progress, red, verdictWord } from '../terminal.ts';

/** Free play takes longer than a glance: it runs when it is named or asked for. */
export const storiesAmong = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.filter(({ explore }) => explore === null);

const wordsOf = ({ claims }: Result): string =>
  claims.map(({ expected, got }) => `${verdictWord(got?.verdict ?? 'unsettled')} ${expected.guarantee}`).join('  ');

/** The verdict table: a scenario's title, then what each run says. */
export const table = (results: readonly Result[]): readonly string[] => {
  const lines: string[] = [];
  for (const result of results) {
    if (result.without === null) lines.push('', `${bold(result.scenario.title)}  ${dim(result.scenario.id)}`);
    lines.push(
      `  ${result.ok ? green('as expected') : red('NOT AS EXPECTED')}  ${result.without === null ? '' : `${dim('without')} ${result.without}: `}${wordsOf(result)}`,
    );
    if (result.ok) continue;
    for (const { text } of result.lines) lines.push(red(`    ${text}`));
    for (const { expected, wrong, got } of result.claims)
      if (wrong !== null)
        lines.push(red(`    ${expected.guarantee}: ${wrong}${got?.why == null ? '' : ` (${got.why})`}`));
    if (result.replay !== null) lines.push(`    npm run replay -- '${result.replay}'`);
  }
  return lines;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const junit = (results: readonly Result[]): string => {
  const cases = results.map((result) => {
    const name =
      result.without === null ? result.scenario.title : `${result.scenario.title}, without ${result.without}`;
    const wrong = [
      ...result.lines.map(({ text }) => text),
      ...result.claims.flatMap(({ expected, wrong: why }) => (why === null ? [] : [`${expected.guarantee}: ${why}`])),
    ];
    const failure =
      wrong.length === 0
        ? ''
        : `<failure message="${escaped(wrong.join('; '))}">${escaped(result.replay === null ? '' : `npm run replay -- '${result.replay}'`)}</failure>`;
    return `  <testcase classname="${escaped(result.scenario.id)}" name="${escaped(name)}">${failure}</testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="hearsay" tests="${results.length}" failures="${results.filter(({ ok }) => !ok).length}">\n${cases.join('\n')}\n</testsuite>\n`;
};

const plain = ({ scenario, without, claims, lines, replay, ok }: Result) => ({
  scenario: scenario.id,
  title: scenario.title,
  without,
  ok,
  lines,
  verdicts: claims.map(({ expected, got, wrong }) => ({
    guarantee: expected.guarantee,
    expected: expected.verdict,
    verdict: got?.verdict ?? null,
    at: got?.at ?? null,
    why: got?.why ?? null,
    wrong,
  })),
  replay,
});

export const run: Command = {
  usage: 'run [scenario …] [--play] [--no-without] [--suite real|symbolic] [--json] [--junit FILE]',
  text: 'Runs scenarios and holds their verdicts against what they expect.',
  flags: {
    'no-without': { type: 'boolean', text: 'only the stories, not the runs with a dial turned' },
    suite: { type: 'string', value: 'real|symbolic', text: 'bytes (the usual) or terms' },
    play: { type: 'boolean', text: 'free play too, where nobody wrote a story: every world within its bounds' },
    json: { type: 'boolean', text: 'the verdicts as JSON' },
    junit: { type: 'string', value: 'FILE', text: 'the verdicts as a JUnit report too' },
  },
  run: async (given) => {
    const suite = oneOf(given, 'suite', ['real', 'symbolic'], 'real');
    const results = await resultsTogether(pathsFor(given.words), {
      suite,
      withVariants: given.flags['no-without'] !== true,
      withPlay: given.words.length > 0 || given.flags.play === true,
    });
    progress('');
    const stories = results.filter(({ without }) => without === null).length;
    const failed = results.filter(({ ok }) => !ok).length;
    const report = textFlag(given, 'junit');
    if (report !== undefined) writeFileSync(report, junit(results));
    if (given.flags.json === true) print(JSON.stringify(results.map(plain), null, 2));
    else {
      for (const line of table(results)) print(line);
      print('');
      print(
        `${stories} scenarios, ${results.length} runs: ${failed === 0 ? green('all as expected') : red(`${failed} not as expected`)}`,
      );
    }
    return failed === 0 ? 0 : 1;
  },
};
