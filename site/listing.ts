/** The scenarios as a list: what each shows in one line, and by what it can be asked for. */
import { clauseName } from '../machines/naming.ts';
import { attackerWords } from './ablation.ts';
import { isBroken } from './badges.ts';
import { guarantees, turnWords } from './ledger.ts';
import { allProposals } from './proposals.ts';
import { type Entry, entries, type Variant } from './runs.ts';
import { questions } from './texts.ts';

const folders: Readonly<Record<string, readonly [name: string, text: string]>> = {
  'secret-push': [
    'Pushed secrets',
    'MSC4385: a device hands its siblings a secret nobody asked for. What may they believe?',
  ],
  'secret-request': ['Requested secrets', 'MSC1946: the older way, which a push leans on and does not replace.'],
  'key-backup': ['Key backup', 'MSC1219: where room keys are kept, and what speaks for a backup before they go there.'],
  'key-bundle': [
    'Key bundles',
    'MSC4268: the history of a room goes along with an invitation. To whom, and on whose word is it read?',
  ],
  'room-keys': ['Room keys', 'Who may be given a key later, and when a new one is due: the flag, and rotation.'],
  'device-keys': [
    'Device keys in letters',
    'MSC4147: what a message shows of the device it comes from, and what that proves.',
  ],
  'backup-preference': [
    'The backup preference',
    'MSC4287: the account data say whether the user wants a key backup. Whose word is that, and when does it count?',
  ],
  specification: [
    'What the specification asks already',
    'Whom a letter is from and to, what a device list may change, which room key counts: what becomes of each lie without the rule against it.',
  ],
  interactions: [
    'Where proposals meet',
    'Each does what it says, and together they do something else: fourteen places where one proposal leans on another, and what gives.',
  ],
  incidents: [
    'What really went wrong',
    'Public defects, replayed: the behaviour that failed and the behaviour that mends it.',
  ],
};
export const folderOf = (id: string): string => id.split('/')[0] ?? '';
// A folder without words of its own has those of the proposal that its scenarios are about.
const wordsFor = (folder: string): readonly [string, string] => {
  const about = entries.find(({ scenario }) => folderOf(scenario.id) === folder)?.scenario.about[0];
  const proposal = allProposals.find(({ id }) => id === about);
  return (
    folders[folder] ?? (proposal === undefined ? [folder, ''] : [proposal.name, `${proposal.id}: ${proposal.about}`])
  );
};
/** What a folder of scenarios is called. */
export const folderName = (folder: string): string => wordsFor(folder)[0];

/** Folders in the order of the house, those without words of their own last. */
export const folderList = [
  ...new Set([...Object.keys(folders), ...entries.map(({ scenario }) => folderOf(scenario.id))]),
].map((folder) => {
  const [name, text] = wordsFor(folder);
  return { folder, name, text, list: entries.filter(({ scenario }) => folderOf(scenario.id) === folder) };
});

const fallen = ({ run }: Variant) => run.judgements.filter(isBroken);
/** Turned runs in which some verdict is another than in the scenario as written. */
const turning = ({ variants: [base, ...others] }: Entry): readonly Variant[] =>
  others.filter(({ run }) => run.judgements.some(({ verdict }, at) => verdict !== base.run.judgements[at]?.verdict));
const clausesOf = (entry: Entry): readonly string[] => [
  ...new Set([
    ...entry.scenario.settings.everyone.off,
    ...turning(entry).flatMap(({ turns }) => turns.flatMap((turn) => (turn.turn === 'off' ? [turn.clause] : []))),
  ]),
];
const questionsOf = ({ scenario, variants }: Entry): readonly string[] => [
  ...new Set([
    ...Object.keys(scenario.settings.everyone.readings),
    ...variants.flatMap(({ turns }) => turns.flatMap((turn) => (turn.turn === 'reading' ? [turn.question] : []))),
  ]),
];
const attackersOf = ({ scenario }: Entry): readonly string[] => {
  const plays = [...new Set(scenario.cast.attackers.map((one) => one.plays))];
  return plays.length === 0 ? ['nobody'] : plays;
};
const incident = 'incident';

/** The tokens that the facets of a scenario ask for, parted by spaces. */
export const tokensOf = (entry: Entry): string =>
  [
    ...entry.scenario.about,
    ...attackersOf(entry),
    ...new Set(entry.variants.flatMap(fallen).map(({ guarantee }) => guarantee)),
    ...clausesOf(entry),
    ...questionsOf(entry),
    ...(folderOf(entry.scenario.id) === 'incidents' ? [incident] : []),
  ].join(' ');

/** What a scenario shows besides its verdict as written: `ends otherwise without “Only take pushes from cross-signed devices”`. */
export const turnedLine = (entry: Entry): string => {
  const [first, ...more] = turning(entry);
  if (first === undefined) return '';
  return `ends otherwise ${first.turns.map(turnWords).join(', ')}${more.length === 0 ? '' : ` and in ${more.length} more`}`;
};

const sorted = <T extends string>(list: readonly T[], order: readonly string[]): readonly T[] =>
  [...new Set(list)].toSorted((one, other) => order.indexOf(one) - order.indexOf(other));

const attackerKinds = [...new Set(entries.flatMap(attackersOf))].filter((plays) => plays !== 'nobody').toSorted();
/** By what scenarios can be asked for. */
export const facets = [
  {
    name: 'proposal',
    label: 'Proposal',
    options: allProposals
      .filter(({ scenarios }) => scenarios.length > 0)
      .map(({ id, name }) => [id, `${id}: ${name}`] as const),
  },
  {
    name: 'attacker',
    label: 'Attacker',
    options: [['nobody', 'nobody'] as const, ...attackerKinds.map((plays) => [plays, attackerWords(plays)] as const)],
  },
  {
    name: 'guarantee',
    label: 'Breaks, in some run',
    options: guarantees
      .filter(({ id }) => entries.some((entry) => entry.variants.flatMap(fallen).some((one) => one.guarantee === id)))
      .map(({ id, short }) => [id, short] as const),
  },
  {
    name: 'clause',
    label: 'Turns on the clause',
    options: [...new Set(entries.flatMap(clausesOf))]
      .map((id) => [id, clauseName(id)] as const)
      .toSorted(([, one], [, other]) => one.localeCompare(other, 'en')),
  },
  {
    name: 'question',
    label: 'Turns on the question',
    options: sorted(
      entries.flatMap(questionsOf),
      questions.map(({ id }) => id),
    ).map((id) => [id, `${id}: ${questions.find((one) => one.id === id)?.name ?? ''}`] as const),
  },
] as const;
export const marks = [{ name: 'incident', token: incident, label: 'really happened' }] as const;
