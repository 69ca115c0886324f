/**
 * What can be turned on the page of a scenario, in sentences: clauses that spoke in it, readings of questions, texts, and options. It is worked out
 * when the page is made, and stands in the file that is fetched when somebody turns something.
 */
import { ledgerClauses, ledgerQuestions, ledgerRevisions } from '../machines/ledger.ts';
import { implementedClauses } from '../machines/parts.ts';
import { register } from '../machines/register.ts';
import { ledgerProposals } from '../machines/standing.ts';
import type { ClauseId, Run, Scenario, Turn } from '../sim/engine/types.ts';
import { capitalised } from '../sim/runs/figures/words.ts';
import { revisionWords, switchValue } from '../sim/runs/telling/base-words.ts';
import { settingWords } from '../sim/runs/telling/risks.ts';
import { switchName } from '../sim/runs/telling/setting-words.ts';
import { optionChoices, options } from '../sim/scenario/options.ts';

/** One of several; `turn` is `null` for how it is in the scenario as written. */
export type Choice = { readonly turn: Turn | null; readonly words: string };
export type Setting =
  /** In force, or off. */
  | { readonly is: 'clause'; readonly turn: Turn; readonly name: string; readonly ifTurned: string }
  /** One of several readings or texts, the first of which is as written. */
  | { readonly is: 'choice'; readonly name: string; readonly choices: readonly Choice[] };
export type SettingGroup = {
  /** `Decides here`, or the name of a proposal. */
  readonly name: string;
  readonly settings: readonly Setting[];
};
/** Settings that are turned at once in an entry of `without`. */
export type Together = { readonly turns: readonly Turn[]; readonly words: string };
export type SettingList = { readonly groups: readonly SettingGroup[]; readonly together: readonly Together[] };

const clauseSetting = (turn: Turn): Setting => {
  const { text, ifTurned } = settingWords(turn);
  return { is: 'clause', turn, name: text, ifTurned };
};

const spokenIn = (runs: readonly Run[]): ReadonlySet<ClauseId> =>
  new Set(
    runs.flatMap(({ steps }) =>
      steps.flatMap(({ moments }) => moments.flatMap((one) => (one.kind === 'clause' ? [one.clause] : []))),
    ),
  );

const takenQuestions = new Set<string>(register.flatMap(({ questions = [] }) => questions));
const inCharts = new Set(implementedClauses.map(({ clause }) => clause));

const questionSetting = ({ settings: { everyone } }: Scenario, question: string): readonly Setting[] => {
  const asked = ledgerQuestions.find(({ id }) => id === question);
  if (asked === undefined) return [];
  const written = everyone.readings[question];
  const choice = (reading: 'A' | 'B'): Choice => ({
    turn: written === reading ? null : { turn: 'reading', question, reading },
    words: `${reading}: ${asked.readings[reading].words}`,
  });
  const both = [choice('A'), choice('B')];
  const choices =
    written === undefined
      ? [{ turn: null, words: 'as clients do where nobody has chosen' }, ...both]
      : both.toSorted((one, other) => Number(one.turn !== null) - Number(other.turn !== null));
  return [{ is: 'choice', name: asked.name, choices }];
};

const textSetting = ({ settings: { everyone } }: Scenario, proposal: string): readonly Setting[] => {
  const written = everyone.implements[proposal];
  // A device that has none of it stays as it is.
  if (written === undefined || written === 'none') return [];
  const whole = ledgerProposals.find(({ id }) => id === proposal)?.runsWhole === true;
  const others = [...(whole ? [] : Object.keys(ledgerRevisions[proposal] ?? {})), 'none'].filter(
    (one) => one !== written,
  );
  const words = (revision: string): string => capitalised(revisionWords(proposal, revision));
  return [
    {
      is: 'choice',
      name: `Which text of ${proposal} do devices go by?`,
      choices: [
        { turn: null, words: words(written) },
        ...others.map(
          (revision): Choice => ({ turn: { turn: 'revision', proposal, revision }, words: words(revision) }),
        ),
      ],
    },
  ];
};

const optionSetting = ({ settings: { everyone } }: Scenario, option: string): readonly Setting[] => {
  const values = optionChoices.get(option);
  const text = options.get(option)?.text;
  if (values === undefined || text === undefined) return [];
  const written = everyone.options[option];
  const choices = values
    .map(
      (value): Choice => ({
        turn: value === written ? null : { turn: 'option', option, value },
        words: switchValue(value),
      }),
    )
    .toSorted((one, other) => Number(one.turn !== null) - Number(other.turn !== null));
  const unset = written === undefined ? [{ turn: null, words: 'the usual' }] : [];
  return [{ is: 'choice', name: text, choices: [...unset, ...choices] }];
};

/** The options of folders whose sentences spoke, and those that the scenario sets. */
const optionsIn = ({ settings: { everyone } }: Scenario, isAbout: (proposal: string) => boolean): readonly string[] => [
  ...new Set([
    ...Object.keys(everyone.options),
    ...register.flatMap((folder) =>
      folder.proposals.some(({ id }) => isAbout(id)) ? Object.keys(folder.options ?? {}) : [],
    ),
  ]),
];

const settingOf = (scenario: Scenario, turn: Turn): readonly Setting[] => {
  switch (turn.turn) {
    case 'off':
      return [clauseSetting(turn)];
    case 'reading':
      return questionSetting(scenario, turn.question);
    case 'revision':
      return textSetting(scenario, turn.proposal);
    case 'option':
      return optionSetting(scenario, turn.option);
  }
};

const once = (settings: readonly Setting[]): readonly Setting[] => {
  const keys = settings.map((one) => JSON.stringify(one));
  return settings.filter((_, nth) => keys.indexOf(keys[nth] ?? '') === nth);
};

const verdictsOf = ({ judgements }: Run): string => judgements.map(({ verdict }) => verdict).join();

/**
 * What can be turned in a scenario.
 *
 * @param base the run as written, judged by the guarantees in question; `others` those of its `without`, in order
 * @returns first what is turned in `without`, those that change a verdict before the others; then, by proposal, the clauses that spoke
 *   in one of these runs, the questions whose readings devices take, and the texts.
 */
export const settingList = (base: Run, others: readonly Run[]): SettingList => {
  const { scenario } = base;
  const isDeciding = (run: Run | undefined): boolean => run !== undefined && verdictsOf(run) !== verdictsOf(base);
  const entries = scenario.without.map(({ turns }, nth) => ({ turns, decides: isDeciding(others[nth]) }));
  const ordered = [...entries.filter(({ decides }) => decides), ...entries.filter(({ decides }) => !decides)];
  const first = once(ordered.flatMap(({ turns }) => turns.flatMap((turn) => settingOf(scenario, turn))));
  const known = new Set(first.map((one) => JSON.stringify(one)));
  const spoken = spokenIn([base, ...others]);
  const about = new Set([
    ...scenario.about,
    ...ledgerClauses.flatMap(({ id, proposal }) => (spoken.has(id) ? [proposal] : [])),
  ]);
  const groups = ledgerProposals
    .filter(({ id }) => about.has(id))
    .map(({ id, name }): SettingGroup => {
      const clauses = ledgerClauses
        .filter((clause) => clause.proposal === id && spoken.has(clause.id) && inCharts.has(clause.id))
        .map((clause) => clauseSetting({ turn: 'off', clause: clause.id }));
      const questions = ledgerQuestions
        .filter((question) => question.proposal === id && takenQuestions.has(question.id))
        .flatMap((question) => questionSetting(scenario, question.id));
      const settings = once([...textSetting(scenario, id), ...clauses, ...questions]);
      return { name: `${name}, ${id}`, settings: settings.filter((one) => !known.has(JSON.stringify(one))) };
    });
  const optional = optionsIn(scenario, (id) => about.has(id)).flatMap((name) => optionSetting(scenario, name));
  const together = ordered.flatMap(({ turns }) =>
    turns.length < 2 ? [] : [{ turns, words: turns.map(switchName).join(' · ') }],
  );
  return {
    groups: [
      { name: 'Decides here', settings: first },
      ...groups,
      { name: 'What is left to clients', settings: optional.filter((one) => !known.has(JSON.stringify(one))) },
    ].filter(({ settings }) => settings.length > 0),
    together,
  };
};
