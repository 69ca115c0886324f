/** What a scenario as written is: by the texts as they stand, or with what was chosen. */
import type { Json } from '../../../machines/json.ts';
import { clauseName, readingWords } from '../../../machines/naming.ts';
import type { DeviceSettings } from '../../../machines/types.ts';
import { deviceNameIn, ownerIn } from '../../engine/player.ts';
import type { OptionValue, PlayerId, Scenario } from '../../engine/types.ts';
import { defaultSettings, hasRooms } from '../../scenario/by-default.ts';
import { capitalised } from '../figures/words.ts';

/** Texts that are neither the merged proposal nor a release, by proposal and revision: when they stood. */
const moments: Readonly<Record<string, string>> = {
  'MSC4385 send-variant': '3 December 2025',
  'MSC4385 push-variant': '8 December 2025',
  'MSC4385 pr-head': 'June 2026',
  'MSC4268 seed-draft': 'March 2025',
  'MSC4268 seed-diff-before': 'May 2025',
  'MSC4268 seed-diff': 'October 2025',
  'MSC4287 seed': 'May 2025',
};

/** `as MSC4268 merged`, `as MSC4268 of March 2025`, `without MSC4268`. */
export const revisionWords = (proposal: string, revision: string): string => {
  const moment = moments[`${proposal} ${revision}`];
  if (moment !== undefined) return `as ${proposal} of ${moment}`;
  switch (revision) {
    case 'none':
      return `without ${proposal}`;
    case 'merged':
      return `as ${proposal} merged`;
    case 'spec-main':
      return `as the specification after v1.19 has ${proposal}`;
    default:
      return `as ${revision.replace(/^spec-/, '')} of the specification has ${proposal}`;
  }
};

const identifierWords: Readonly<Record<DeviceSettings['identifiers'], string>> = {
  stable: 'under the final names',
  unstable: 'under the trial names',
  both: 'under both the trial and the final names',
  'stable only': 'under the final names, knowing no others',
  'unstable only': 'under the trial names, knowing no others',
  production: 'under the names of clients in use',
};

/** What an option is set to, as people read it. */
export const switchValue = (value: OptionValue): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : typeof value === 'object' ? namesOf(value) : String(value);
const namesOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

export const optionWords = (name: string, value: Json): string => {
  if (typeof value === 'boolean') return `with “${name}” ${value ? 'on' : 'off'}`;
  return `with “${name}”: ${Array.isArray(value) ? namesOf(value.map(String)) : String(value)}`;
};

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Entries of `own` that are not so in `base`. */
const chosen = <T extends Json>(own: Readonly<Record<string, T>>, base: Readonly<Record<string, T>>) =>
  Object.entries(own).filter(([name, value]) => !isSame(value, base[name]));

/** What `own` settings have that `base` has not, a phrase a setting. */
const phrases = (own: DeviceSettings, base: DeviceSettings): readonly string[] => [
  ...chosen(own.implements, base.implements)
    // To go without what nobody has by default is no choice.
    .filter(([proposal, revision]) => revision !== 'none' || proposal in base.implements)
    .map(([proposal, revision]) => revisionWords(proposal, revision)),
  ...(own.identifiers === base.identifiers ? [] : [identifierWords[own.identifiers]]),
  ...own.off.filter((clause) => !base.off.includes(clause)).map((clause) => `without “${clauseName(clause)}”`),
  ...chosen(own.readings, base.readings).map(
    ([question, reading]) => `with reading ${reading} of ${question} (${readingWords(question, reading)})`,
  ),
  ...chosen(own.options, base.options).map(([name, value]) => optionWords(name, value)),
];

/** `Bob’s phone`, by its id. */
const deviceWords = (player: PlayerId): string => {
  const owner = ownerIn(player);
  return `${capitalised(owner)}’s ${deviceNameIn(player) ?? player}`;
};

/** Settings of devices that differ from everyone's, devices with the same ones together: `at Bob’s phone: without MSC4268`. */
const deviceParts = ({ everyone, byDevice }: Scenario['settings']): readonly string[] => {
  const own = Object.entries(byDevice)
    .map(([player, settings]) => ({ player, words: phrases(settings, everyone).join(', ') }))
    .filter(({ words }) => words !== '');
  return [...Map.groupBy(own, ({ words }) => words)].map(
    ([words, devices]) => `at ${devices.map(({ player }) => deviceWords(player)).join(' and ')}: ${words}`,
  );
};

/** By which texts a scenario goes for which nothing was chosen: those of the proposals that it is about. */
export const textWords = ({ about, settings }: Pick<Scenario, 'about' | 'settings'>): string => {
  const texts = about.flatMap((proposal) => {
    const revision = settings.everyone.implements[proposal];
    return revision === undefined ? [] : [revisionWords(proposal, revision)];
  });
  return texts.length === 0 ? 'as v1.19 of the specification has it' : texts.join(', ');
};

/**
 * What a scenario as written is, in words: `As MSC4268 of March 2025, with “forwarded keys”: any`, `At Bob’s phone: without MSC4268`.
 * One for which nothing was chosen is the texts that it is about: `As MSC4268 merged`; to choose what holds anyway is no choice.
 */
export const baseWords = (scenario: Scenario): string => {
  const base = defaultSettings(hasRooms(scenario));
  const everyone = phrases(scenario.settings.everyone, base).join(', ');
  const words = [...(everyone === '' ? [] : [everyone]), ...deviceParts(scenario.settings)].join('; ');
  return capitalised(words === '' ? textWords(scenario) : words);
};
