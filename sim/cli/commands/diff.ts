import { realSuite } from '../../crypto/node/suite.ts';
import type { Judgement } from '../../engine/types.ts';
import { ledgerClauses, placeOf, placeWords } from '../../ledger/registry.ts';
import { sameness, type TextChanges, textChanges } from '../../ledger/revision-diff.ts';
import { type Compared, compare, differingIn, partingLines, partingPlain } from '../../ledger/run-diff.ts';
import { whenText } from '../../runs/break-words.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { proposals } from '../../scenario/ledger.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { libraryIds } from '../places.ts';
import {
  bold,
  dim,
  green,
  Mistake,
  misnamed,
  plural,
  print,
  printJson,
  progress,
  red,
  verdictWord,
} from '../terminal.ts';
import { proposalNamed } from './clauses.ts';
import { storiesAmong } from './run.ts';

type Asked = { readonly proposal: string; readonly from: string; readonly to: string };

const revisionFlag = (given: Given, name: string, proposal: string): string => {
  const revisions = [...(proposals.get(proposal)?.keys() ?? [])];
  const word = textFlag(given, name);
  if (word === undefined) throw new Mistake(`--${name} needs a revision of ${proposal}: ${revisions.join(', ')}`);
  if (revisions.includes(word)) return word;
  throw misnamed(`no revision “${word}” of ${proposal}`, word, revisions, `: one of ${revisions.join(', ')}`);
};

const asked = (given: Given): Asked => {
  const [word] = given.words;
  if (word === undefined) throw new Mistake(`name a proposal: ${[...proposals.keys()].join(', ')}`);
  const proposal = proposalNamed(word);
  const [from, to] = [revisionFlag(given, 'from', proposal), revisionFlag(given, 'to', proposal)];
  if (from === to) throw new Mistake(`--from ${from} --to ${to}: two different revisions expected`);
  return { proposal, from, to };
};

const listed = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${bold(heading)} (${lines.length})`, ...lines.map((line) => `  ${line}`), ''];

const textLines = ({ came, went, replaced, strength }: TextChanges): readonly string[] => {
  const unbuilt = (clause: TextChanges['came'][number]): string => {
    const place = placeOf(clause);
    return place === null ? dim(` (${placeWords(place)})`) : '';
  };
  return [
    ...listed(
      'Came',
      came.map((one) => `${green('+')} ${one.id}  ${dim(one.level)}  ${one.statement}${unbuilt(one)}`),
    ),
    ...listed(
      'Went',
      went.map((one) => `${red('−')} ${one.id}  ${dim(one.level)}  ${one.statement}${unbuilt(one)}`),
    ),
    ...listed(
      'Took another’s place',
      replaced.map(({ old, by }) => `${old} → ${by}`),
    ),
    ...listed(
      'Changed in strength',
      strength.map(({ clause, from, to }) => `${clause.id}: ${from} → ${to}`),
    ),
  ];
};

const ids = (clauses: TextChanges['came']): readonly string[] => clauses.map(({ id }) => id);

const said = ({ verdict, cause, certain, why }: Judgement): string =>
  `${verdictWord(verdict)}${cause === null || certain === null ? '' : ` ${whenText(cause, certain)}`}${why === null ? '' : dim(` (${why})`)}`;

const scenarioLines = (compared: Compared, { from, to }: Asked, changes: TextChanges): readonly string[] => {
  const { scenario, parting, lines } = compared;
  // What follows from a change speaks in one run alone too; here are the changed sentences themselves.
  const changed = new Set(ids([...changes.came, ...changes.went]));
  const only = compared.only.map((clauses) => clauses.filter((clause) => changed.has(clause)));
  const width = Math.max(from.length, to.length);
  return [
    `${bold(scenario.title)}  ${dim(scenario.id)}`,
    ...differingIn(compared).flatMap(({ guarantee, one, other }) => [
      `  ${guarantee}`,
      `    ${from.padEnd(width)}  ${said(one)}`,
      `    ${to.padEnd(width)}  ${said(other)}`,
    ]),
    ...(parting === null
      ? [scenario.explore === null ? '    the same happens under both: what differs is what was promised' : '']
      : partingLines(parting, [from, to]).map((line) => `    ${line}`)),
    ...[from, to].flatMap((name, nth) =>
      only[nth]?.length ? [dim(`    speaking only under ${name}: ${only[nth].join(', ')}`)] : [],
    ),
    ...lines.flatMap((line) => (line === null ? [] : [`    ${replayCommand(line)}`])),
    '',
  ].filter((line, nth, all) => line !== '' || nth === all.length - 1);
};

const summary = (all: readonly Compared[], left: number, { proposal }: Asked): string => {
  const differ = all.filter((one) => differingIn(one).length > 0).length;
  const other = all.filter((one) => differingIn(one).length === 0 && one.parting !== null).length;
  return [
    `${plural(all.length, 'scenario', 'scenarios')} about ${proposal} under both texts: verdicts differ in ${differ}, in ${other} something else happens to the same verdicts, ${all.length - differ - other} go the same`,
    ...(left === 0 ? [] : [`${plural(left, 'free play', 'free plays')} left out: --play`]),
  ].join('; ');
};

const plain = (compared: Compared) => ({
  scenario: compared.scenario.id,
  title: compared.scenario.title,
  verdicts: differingIn(compared).map(({ guarantee, one, other }) => ({
    guarantee,
    from: { verdict: one.verdict, at: one.at, why: one.why },
    to: { verdict: other.verdict, at: other.at, why: other.why },
  })),
  parting: partingPlain(compared.parting, ['from', 'to']),
  only: { from: compared.only[0], to: compared.only[1] },
  replay: { from: compared.lines[0], to: compared.lines[1] },
});

export const diff: Command = {
  usage: 'diff PROPOSAL [scenario …] --from REVISION --to REVISION [--play] [--json]',
  text: 'What a change of a proposal’s text changes: its clauses, and the verdicts of the scenarios about it.',
  flags: {
    from: { type: 'string', value: 'REVISION', text: 'one text of the proposal: seed-diff' },
    to: { type: 'string', value: 'REVISION', text: 'the other' },
    play: { type: 'boolean', text: 'free play too: every world within its bounds, under both texts' },
    json: { type: 'boolean', text: 'the same as JSON' },
  },
  names: () => [...proposals.keys(), ...libraryIds()],
  run: (given) => {
    const texts = asked(given);
    const { proposal, from, to } = texts;
    const names = given.words.slice(1);
    const about = scenariosFor(names)
      .map(({ scenario }) => scenario)
      .filter((scenario) => scenario.about.includes(proposal));
    if (names.length > 0 && about.length === 0) throw new Mistake(`no scenario of these is about ${proposal}`);
    const scenarios = names.length > 0 || given.flags.play === true ? about : storiesAmong(about);
    const changes = textChanges(proposal, from, to, ledgerClauses);
    const same = sameness(proposal, from, to);
    const isJson = given.flags.json === true;
    if (!isJson) {
      print(bold(`${proposal}: ${from} → ${to}`));
      for (const name of [from, to]) print(dim(`  ${name}: ${proposals.get(proposal)?.get(name) ?? ''}`));
      print('');
      for (const line of textLines(changes)) print(line);
      if (same !== null) print(`${same}\n`);
    }
    const all = scenarios.map((scenario, nth) => {
      progress(`${nth + 1} of ${scenarios.length}  ${scenario.id}`);
      const turn = (revision: string) => [{ turn: 'revision', proposal, revision } as const];
      return compare(scenario, [turn(from), turn(to)], realSuite);
    });
    progress('');
    const differ = all.filter((one) => differingIn(one).length > 0);
    if (isJson) {
      const { replaced, strength } = changes;
      const told = strength.map(({ clause, ...levels }) => ({ clause: clause.id, ...levels }));
      printJson({
        ...texts,
        came: ids(changes.came),
        went: ids(changes.went),
        replaced,
        strength: told,
        same,
        compared: all.map(({ scenario }) => scenario.id),
        differ: differ.map(plain),
      });
      return 0;
    }
    for (const one of differ) for (const line of scenarioLines(one, texts, changes)) print(line);
    print(summary(all, about.length - scenarios.length, texts));
    return 0;
  },
};
