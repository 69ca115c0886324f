import { realSuite } from '../../crypto/node/suite.ts';
import type { Scenario, Turn } from '../../engine/types.ts';
import type { Bounds } from '../../explorer/explore.ts';
import {
  type Asking,
  askingsOf,
  ledgerQuestions,
  type Question,
  standingWords,
  withoutSettingOf,
} from '../../ledger/readings.ts';
import { type Compared, compare, differingIn, partingLines, partingPlain } from '../../ledger/run-diff.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { turnsKey } from '../../scenario/written.ts';
import { type Command, countFlag, type Given } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { bold, dim, Mistake, misnamed, print, printJson, progress, verdictWord, yellow } from '../terminal.ts';
import { exploredLines, exploredPlain, exploreQuestion } from './ask-explorer.ts';
import { storiesAmong } from './run.ts';

const questionNamed = (word: string): Question => {
  const found = ledgerQuestions.find(({ id }) => id === word.toLowerCase());
  if (found !== undefined) return found;
  const ids = ledgerQuestions.map(({ id }) => id);
  throw misnamed(`no question “${word}”`, word, ids, ': hearsay ask lists them');
};

const listLine = (question: Question, scenarios: readonly Scenario[]): string =>
  `  ${question.id}  ${dim(question.proposal)}  ${question.question}  ${dim(`(${standingWords(question, scenarios)})`)}`;

const readingLines = ({ readings }: Question): readonly string[] =>
  (['A', 'B'] as const).flatMap((name) => [
    `  ${bold(name)}  ${readings[name].text}`,
    `     ${dim('risk:')} ${readings[name].risk}`,
  ]);

const readAs = (question: string, reading: 'A' | 'B', beside: readonly Turn[]): readonly Turn[] => [
  ...beside,
  { turn: 'reading', question, reading },
];

/** The guarantees that a scenario speaks of, and whatever else the readings judge differently. */
const worthTelling = ({ scenario, verdicts }: Compared): Compared['verdicts'] => {
  const claimed = new Set(
    [scenario.expect, ...scenario.without.map(({ expect }) => expect)].flat().map(({ guarantee }) => guarantee),
  );
  return verdicts.filter(({ guarantee, one, other }) => claimed.has(guarantee) || one.verdict !== other.verdict);
};

const comparedLines = (compared: Compared, { beside }: Asking): readonly string[] => {
  const { scenario, parting, lines } = compared;
  const told = worthTelling(compared);
  const width = Math.max(0, ...told.map(({ guarantee }) => guarantee.length));
  return [
    `${bold(scenario.title)}  ${dim(scenario.id)}`,
    ...(beside.length === 0 ? [] : [`  ${dim('with')} ${turnsKey(beside)} ${dim('turned')}`]),
    ...told.flatMap(({ guarantee, one, other }) => {
      const isSame = one.verdict === other.verdict;
      const whys = [one, other].flatMap(({ why }, nth) =>
        why === null || (isSame && nth === 1) ? [] : [dim(`    ${isSame ? '' : `${nth === 0 ? 'A' : 'B'}: `}${why}`)],
      );
      return [
        `  ${isSame ? ' ' : yellow('≠')} ${guarantee.padEnd(width)}  A ${verdictWord(one.verdict)}  B ${verdictWord(other.verdict)}`,
        ...whys,
      ];
    }),
    ...(parting === null
      ? ['    the same happens under both']
      : partingLines(parting, ['A', 'B']).map((line) => `    ${line}`)),
    ...lines.flatMap((line) => (line === null ? [] : [`    ${replayCommand(line)}`])),
    '',
  ];
};

const plainOf = (compared: Compared, { beside }: Asking) => ({
  scenario: compared.scenario.id,
  title: compared.scenario.title,
  beside: beside.length === 0 ? null : turnsKey(beside),
  verdicts: worthTelling(compared).map(({ guarantee, one, other }) => ({
    guarantee,
    A: { verdict: one.verdict, at: one.at, why: one.why },
    B: { verdict: other.verdict, at: other.at, why: other.why },
  })),
  parting: partingPlain(compared.parting, ['A', 'B']),
  replay: { A: compared.lines[0], B: compared.lines[1] },
});

const listAll = (stories: readonly Scenario[], isJson: boolean): void => {
  if (isJson) {
    const plain = ledgerQuestions.map((question) => ({
      ...question,
      standing: standingWords(question, stories),
      scenarios: askingsOf(question.id, stories).map(({ scenario }) => scenario.id),
    }));
    printJson(plain);
    return;
  }
  for (const question of ledgerQuestions) print(listLine(question, stories));
};

type Answer = { readonly asking: Asking; readonly compared: Compared };

/** Each scenario under both readings. What is turned beside by the way is told only where it makes the readings differ. */
const answersOf = (question: Question, askings: readonly Asking[]): readonly Answer[] => {
  const answers = askings.map((asking, nth) => {
    const { scenario, beside } = asking;
    progress(`${nth + 1} of ${askings.length}  ${scenario.id}`);
    const turns = [readAs(question.id, 'A', beside), readAs(question.id, 'B', beside)] as const;
    return { asking, compared: compare(scenario, turns, realSuite) };
  });
  progress('');
  return answers.filter(({ asking, compared }) => !asking.isAside || differingIn(compared).length > 0);
};

/** What is said last: how many scenarios turn it, or why none can. */
const standingLine = (question: Question, askings: readonly Asking[], standing: string): string => {
  if (askings.length > 0) return standing;
  return withoutSettingOf(question) === null ? `no scenario turns it: ${standing}` : `not acted out, ${standing}`;
};

const askOne = (question: Question, library: readonly Scenario[], isJson: boolean, bounds: Partial<Bounds>): void => {
  const stories = storiesAmong(library);
  const plays = askingsOf(
    question.id,
    library.filter((scenario) => !stories.includes(scenario)),
  );
  const askings = askingsOf(question.id, stories);
  const compared = answersOf(question, askings);
  const explored = exploreQuestion(question, plays, compared, bounds);
  const standing = standingWords(question, stories);
  if (isJson) {
    const scenarios = compared.map((one) => plainOf(one.compared, one.asking));
    printJson({ ...question, standing, scenarios, explored: exploredPlain(explored) });
    return;
  }
  print(`${bold(question.id)}  ${dim(question.proposal)}  ${question.question}`);
  for (const line of readingLines(question)) print(line);
  print('');
  for (const one of compared) for (const line of comparedLines(one.compared, one.asking)) print(line);
  for (const line of exploredLines(explored)) print(line);
  for (const id of new Set(plays.map(({ scenario }) => scenario.id)))
    print(dim(`Free play turns it too: hearsay explore ${id} --without '${question.id}: A', and the same with B`));
  print(standingLine(question, askings, standing));
};

const boundsOf = (given: Given): Partial<Bounds> => ({
  worldsMax: countFlag(given, 'worlds', 2000, 1_000_000),
  depthMax: countFlag(given, 'until-depth', 40, 1000),
});

export const ask: Command = {
  usage: 'ask [qNN] [--worlds N] [--until-depth N] [--json]',
  text: 'An open question of a text: both readings with their risks, what scenarios make of them side by side, and the shortest way to a break under each.',
  flags: {
    worlds: { type: 'string', value: 'N', text: 'worlds at most in each search (2000)' },
    'until-depth': { type: 'string', value: 'N', text: 'choices at most on the way to a world (40)' },
    json: { type: 'boolean', text: 'the same as JSON' },
  },
  names: () => ledgerQuestions.map(({ id }) => id),
  run: (given) => {
    const { words, flags } = given;
    const [word, more] = words;
    if (more !== undefined) throw new Mistake('name one question, or none for a list of all');
    const question = word === undefined ? null : questionNamed(word);
    const bounds = boundsOf(given);
    const library = scenariosFor([]).map(({ scenario }) => scenario);
    if (question === null) listAll(storiesAmong(library), flags.json === true);
    else askOne(question, library, flags.json === true, bounds);
    return 0;
  },
};
