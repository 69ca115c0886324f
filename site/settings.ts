/**
 * What can be turned on the page of a scenario, in sentences: clauses that spoke in it, readings of questions, texts, options and faults. It is worked out
 * when the page is made, and stands in the file that is fetched when somebody turns something.
 */
import { ledgerClauses, ledgerQuestions, ledgerRevisions } from '../machines/ledger.ts';
import { register } from '../machines/register.ts';
import { ledgerProposals } from '../machines/standing.ts';
import { faultsAt } from '../sim/engine/faulted.ts';
import type { Run, Scenario, Turn } from '../sim/engine/types.ts';
import { capitalised } from '../sim/runs/figures/words.ts';
import { revisionWords, switchValue } from '../sim/runs/telling/base-words.ts';
import { settingWords } from '../sim/runs/telling/risks.ts';
import { switchName } from '../sim/runs/telling/setting-words.ts';
import { optionChoices, options } from '../sim/scenario/options.ts';
import { secretsNamed } from '../sim/scenario/secret-names.ts';
import { devicesOf } from '../sim/scenario/turns.ts';
import { strikable } from '../sim/verbs/forms.ts';
import { verbPort } from '../sim/verbs/port.ts';
import type { Choice, KnownSettings, Setting, SettingGroup, SettingList, ShortSettings } from './setting-list.ts';
import { forgettable, spokenIn } from './spoken.ts';

const clauseSetting = (turn: Turn): Setting => {
  const { text, ifTurned } = settingWords(turn);
  return { is: 'clause', turn, name: text, ifTurned };
};

const takenQuestions = new Set<string>(register.flatMap(({ questions = [] }) => questions));

const questionSetting = (written: 'A' | 'B' | undefined, question: string): readonly Setting[] => {
  const asked = ledgerQuestions.find(({ id }) => id === question);
  if (asked === undefined) return [];
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

const textsOf = (proposal: string): readonly string[] => Object.keys(ledgerRevisions[proposal] ?? {});
const textSetting = (written: string | undefined, proposal: string): readonly Setting[] => {
  // A device that has none of it stays as it is.
  if (written === undefined || written === 'none') return [];
  const whole = ledgerProposals.find(({ id }) => id === proposal)?.runsWhole === true;
  const others = [...(whole ? [] : textsOf(proposal)), 'none'].filter((one) => one !== written);
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

type Value = Scenario['settings']['everyone']['options'][string];
const optionSetting = (written: Value | undefined, option: string, secrets: readonly string[]): readonly Setting[] => {
  const known = options.get(option);
  if (known?.kind.is === 'count')
    return [
      {
        is: 'count',
        name: known.text,
        option,
        written: typeof written === 'number' ? written : null,
        most: known.kind.max,
      },
    ];
  if (known?.kind.is === 'words') {
    const own = Array.isArray(written) ? written.map(String) : null;
    const names = [...new Set([...secrets, ...(own ?? [])])];
    return [{ is: 'names', name: known.text, option, written: own, names }];
  }
  const values = optionChoices.get(option);
  const text = known?.text;
  if (values === undefined || text === undefined) return [];
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

/** The secrets that a list can name. */
const secretsIn = ({ story }: Scenario): readonly string[] => secretsNamed(story.flat());

/** What goes wrong by a line. */
const spareable = (scenario: Scenario, line: number): readonly Setting[] => {
  const acts = scenario.story[line - 1] ?? [];
  const faults = faultsAt(verbPort.isFault, scenario, line).flatMap((nth) => acts[nth] ?? []);
  if (faults.length === 0) return [];
  const turn: Turn = { turn: 'spared', line };
  const name = `Line ${line}: ${faults.map(verbPort.said).join(', ')}`;
  return [{ is: 'fault', turn, name, ifTurned: settingWords(turn).ifTurned }];
};

const accidents: KnownSettings['accidents'] = {
  name: 'Something goes wrong that nobody means',
  faults: [...strikable].map(([name, text]) => ({ name, text })),
};
const strikeable = (scenario: Scenario): readonly Setting[] => {
  const devices = devicesOf(scenario);
  if (scenario.story.length === 0 || devices.length === 0) return [];
  return [
    {
      is: 'accidents',
      ...accidents,
      lines: scenario.story.map((acts) => acts.map(verbPort.said).join(', or before it: ')),
      devices,
    },
  ];
};

const settingOf = (scenario: Scenario, turn: Turn): readonly Setting[] => {
  const { everyone } = scenario.settings;
  switch (turn.turn) {
    case 'off':
      return [clauseSetting(turn)];
    case 'reading':
      return questionSetting(everyone.readings[turn.question], turn.question);
    case 'revision':
      return textSetting(everyone.implements[turn.proposal], turn.proposal);
    case 'option':
      return optionSetting(everyone.options[turn.option], turn.option, secretsIn(scenario));
    case 'spared':
      return spareable(scenario, turn.line);
    case 'struck':
      return strikeable(scenario);
    // A story has no free play.
    case 'dealt':
      return [];
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
 *   in one of these runs, the questions whose readings devices take, and the texts; then options, and what goes wrong.
 */
export const settingList = (base: Run, others: readonly Run[]): SettingList => {
  const { scenario } = base;
  const { everyone } = scenario.settings;
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
      const clauses = forgettable(spoken)
        .filter(({ proposal }) => proposal === id)
        .map((clause) => clauseSetting({ turn: 'off', clause: clause.id }));
      const questions = ledgerQuestions
        .filter((question) => question.proposal === id && takenQuestions.has(question.id))
        .flatMap((question) => questionSetting(everyone.readings[question.id], question.id));
      const settings = once([...textSetting(everyone.implements[id], id), ...clauses, ...questions]);
      return { name: `${name}, ${id}`, settings: settings.filter((one) => !known.has(JSON.stringify(one))) };
    });
  const optional = optionsIn(scenario, (id) => about.has(id)).flatMap((name) =>
    optionSetting(everyone.options[name], name, secretsIn(scenario)),
  );
  const faulty = [...scenario.story.flatMap((_, nth) => spareable(scenario, nth + 1)), ...strikeable(scenario)];
  const together = ordered.flatMap(({ turns }) =>
    turns.length < 2 ? [] : [{ turns, words: turns.map(switchName).join(' · ') }],
  );
  return {
    groups: [
      { name: 'Decides here', settings: first },
      ...groups,
      { name: 'What is left to clients', settings: optional.filter((one) => !known.has(JSON.stringify(one))) },
      { name: 'What goes wrong', settings: faulty.filter((one) => !known.has(JSON.stringify(one))) },
    ].filter(({ settings }) => settings.length > 0),
    together,
  };
};

const everySetting: readonly Setting[] = once([
  ...ledgerClauses.map(({ id }) => clauseSetting({ turn: 'off', clause: id })),
  ...ledgerQuestions.flatMap(({ id }) => (['A', 'B', undefined] as const).flatMap((one) => questionSetting(one, id))),
  ...ledgerProposals.flatMap(({ id }) => textsOf(id).flatMap((one) => textSetting(one, id))),
  ...[...optionChoices].flatMap(([name, values]) =>
    [...values, undefined].flatMap((one) => optionSetting(one, name, [])),
  ),
]);
const places: ReadonlyMap<string, number> = new Map(everySetting.map((one, nth) => [JSON.stringify(one), nth]));

/** Every setting that the texts know, whichever way a scenario has it written: in one file, as most stand on hundreds of pages. */
export const knownSettings: KnownSettings = { settings: everySetting, accidents };

/** The same list, in which a known setting is told by its place among them. */
export const shortened = ({ groups, together }: SettingList): ShortSettings => ({
  groups: groups.map(({ name, settings }) => ({
    name,
    settings: settings.map((one) =>
      one.is === 'accidents'
        ? { is: one.is, lines: one.lines, devices: one.devices }
        : (places.get(JSON.stringify(one)) ?? one),
    ),
  })),
  together,
});
