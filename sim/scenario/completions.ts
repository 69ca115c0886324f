/** What can stand at a place of a scenario that is being written: names of the cast, verbs, clauses, guarantees, settings. */

import { roleNamed, roles } from '../attackers/roles/index.ts';
import { endpointNames } from '../engine/endpoints.ts';
import { joinRules, visibilities } from '../engine/rooms.ts';
import type { Arg } from '../verbs/arguments.ts';
import { budgetKinds, faults } from '../verbs/forms.ts';
import type { Form } from '../verbs/verb.ts';
import { moveLists } from './budget.ts';
import { noCast, readCast } from './cast.ts';
import { verdicts } from './expect.ts';
import { interactions } from './interactions.ts';
import { clauses, guaranteePromises, proposals, questions } from './ledger.ts';
import { identifierForms, options } from './options.ts';
import { sections } from './parse.ts';
import { type Place, placeOf } from './place.ts';
import { errorCodes, refusedUsage } from './refused.ts';
import { knownSecrets } from './secret-names.ts';
import { actorsOf, inPlay, inStory, type Names, namesOf, ownDevices, playFields, usageOf, verbsFor } from './story.ts';
import { readTurns } from './turns.ts';
import { limits, readYaml, type Tree } from './yaml.ts';

/** `insert` replaces the text from `from` to `to` (UTF-16 units); `label` is what is shown and `detail` says what it means. */
export type Completion = {
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
  readonly from: number;
  readonly to: number;
};

type Offer = { readonly label: string; readonly detail: string; readonly insert: string };

const value = (label: string, detail = ''): Offer => ({ label, detail, insert: label });
const values = (known: Iterable<string>, detail = ''): readonly Offer[] =>
  [...known].map((word) => value(word, detail));
const explained = (known: Iterable<readonly [string, string]>): readonly Offer[] =>
  [...known].map(([word, detail]) => value(word, detail));
/** Keys that hold a colon are quoted, or YAML would read a mapping. */
const keyText = (key: string): string => `${key.includes(':') ? `"${key}"` : key}: `;
const asKeys = (offers: readonly Offer[]): readonly Offer[] =>
  offers.map((offer) => ({ ...offer, insert: keyText(offer.label) }));

/**
 * What can stand at `offset` (UTF-16 units) of `text`, which may be unfinished or broken: beginnings that fit first. An
 * empty list where nothing is known. Never throws.
 */
export const completions = (text: string, offset: number): readonly Completion[] => {
  if (text.length > limits.characters || offset < 0 || offset > text.length) return [];
  const place = placeOf(text, offset);
  const offers = offersAt(place, namesIn(text, offset));
  const typed = place.typed.toLowerCase();
  const fitting = offers.filter(({ label }) => label.toLowerCase().includes(typed));
  const first = fitting.filter(({ label }) => label.toLowerCase().startsWith(typed));
  const sorted = [...first, ...fitting.filter((offer) => !first.includes(offer))];
  return sorted.map((offer) => ({ ...offer, from: place.from, to: offset }));
};

/** The cast as far as it can be read; the line being written is what may be broken. */
export const namesIn = (text: string, offset: number): Names => {
  const before = text.lastIndexOf('\n', offset - 1) + 1;
  const after = text.indexOf('\n', offset);
  const rest = after < 0 ? '' : text.slice(after);
  for (const attempt of [text, text.slice(0, before) + rest, text.slice(0, before)]) {
    const { tree, faults: wrong } = readYaml(attempt);
    if (tree?.is !== 'mapping' || wrong.length > 0) continue;
    const field = (name: string): Tree | undefined => tree.entries.find(({ key }) => key === name)?.value;
    const castTree = field('cast');
    const silent = () => undefined;
    return namesOf(castTree === undefined ? noCast : readCast(silent, castTree), [field('story'), field('explore')]);
  }
  return namesOf(noCast, []);
};

const offersAt = ({ path, due, siblings, typed }: Place, names: Names): readonly Offer[] => {
  const [section, ...within] = path;
  if (section === 'without' && within.length === 0 && due === 'key' && typed.includes(' ')) {
    const forOne = devicesFor(typed, names);
    if (forOne.length > 0) return asKeys(forOne.filter(({ label }) => !siblings.includes(label)));
  }
  const found = section === undefined ? sectionOffers : (offersIn[section]?.(within, due, names, siblings) ?? []);
  const open = found.filter(({ label }) => !siblings.includes(label));
  return due === 'key' ? asKeys(open) : open;
};

const sectionOffers = values(Object.keys(sections));

type Offers = (
  within: readonly string[],
  due: Place['due'],
  names: Names,
  siblings: readonly string[],
) => readonly Offer[];

const verdictOffers: Offers = ([verdict], due, names) => {
  if (due === 'key')
    return [
      ...values(verdicts),
      value('of', 'The secret that is meant, where a guarantee is judged secret by secret.'),
      value('shadow', 'Whether what the guarantee is about happens at all.'),
    ];
  if (verdict === undefined) return values(verdicts);
  if (verdict === 'shadow') return values(['happens', 'never']);
  if (verdict === 'of') return explained(knownSecrets);
  return verdict === 'accepted'
    ? explained(clauses)
    : values(['true', ...actorsOf(names).filter((one) => one !== 'everyone')]);
};

const expectOffers: Offers = ([guarantee, ...rest], due, names, siblings) =>
  guarantee === undefined
    ? explained(guaranteePromises)
    : verdictOffers(rest[0] === '-' ? rest.slice(1) : rest, due, names, siblings);

const turnOffers: readonly Offer[] = [
  ...explained(clauses),
  ...explained([...questions].flatMap(([id, { A, B }]) => [[`${id}: A`, A] as const, [`${id}: B`, B] as const])),
  ...explained(
    [...proposals].flatMap(([proposal, texts]) =>
      [...texts].map(([revision, detail]) => [`${proposal}: ${revision}`, detail] as const),
    ),
  ),
];

/** `4385-push-encrypted f`: a clause off for one device alone. */
const devicesFor = (typed: string, { devices, cast }: Names): readonly Offer[] => {
  const [clause = ''] = typed.split(' ');
  const owned = devices.filter((device) => cast.users.some(({ name }) => device.startsWith(`${name}.`)));
  return clauses.has(clause)
    ? values(
        owned.map((device) => `${clause} for ${device}`),
        'off for this device alone',
      )
    : [];
};

/** Settings for everyone, or within a device's own; `known` are the settings, `values` what each can be. */
const byDevice =
  (known: readonly Offer[], valuesOf: (name: string) => readonly Offer[]): Offers =>
  ([first, ...rest], due, names) => {
    if (first === undefined) return [...known, ...values(names.devices, 'for this device')];
    if (!names.devices.includes(first) && first !== 'everyone') return valuesOf(first);
    const [inner] = rest;
    return inner === undefined ? (due === 'key' ? known : []) : valuesOf(inner);
  };

const settingOffers: Readonly<Record<string, Offers>> = {
  implements: byDevice([...values(proposals.keys()), value('identifiers')], (name) =>
    name === 'identifiers'
      ? values(identifierForms)
      : explained([...(proposals.get(name) ?? []), ['none', 'Not implemented at all.']]),
  ),
  identifiers: (_within, due, names) =>
    due === 'key' ? values(names.devices, 'for this device') : values(identifierForms),
  off: (_within, due, names) => (due === 'key' ? values(names.devices, 'for this device') : explained(clauses)),
  readings: byDevice(explained([...questions].map(([id, { question }]) => [id, question])), (name) => {
    const asked = questions.get(name);
    return asked === undefined ? [] : [value('A', asked.A), value('B', asked.B)];
  }),
  options: byDevice(explained([...options].map(([name, { text }]) => [name, text])), (name) => {
    const kind = options.get(name)?.kind;
    if (kind?.is === 'switch') return values(['true', 'false']);
    return kind?.is === 'one of' ? values(kind.words) : [];
  }),
};

const castOffers: Offers = ([part, who, field, ...rest], due, { cast, users, devices }) => {
  if (part === undefined) return values(['servers', 'users', 'attackers', 'backup', 'rooms']);
  if (part === 'backup') return values(['true', 'false']);
  if (who === undefined) return [];
  if (part === 'users') {
    if (field === undefined) return due === 'key' ? values(['server', 'devices', 'knows']) : [];
    if (field === 'server') return values(cast.servers);
    if (field === 'knows') return values(users.filter((name) => name !== who));
    return rest.length === 2 && due === 'key' ? values(['cross-signed']) : [];
  }
  if (part === 'rooms') {
    if (field === undefined) return due === 'key' ? values(['history', 'members', 'server', 'join rule', 'allow']) : [];
    if (field === 'join rule') return values(joinRules);
    if (field === 'allow') return values((cast.rooms ?? []).map(({ name }) => name).filter((name) => name !== who));
    return values(
      field === 'history' ? visibilities : field === 'members' ? users : field === 'server' ? cast.servers : [],
    );
  }
  if (part !== 'attackers') return [];
  if (field === undefined) return due === 'key' ? values(['plays', 'of', 'budget', 'colludes', 'skips']) : [];
  if (field === 'plays') return explained(roles.map(({ plays, text }) => [plays, text]));
  if (field === 'skips') return explained(clauses);
  if (field === 'budget') {
    // The attacker of a line still being written is not in the cast yet: moves of any kind it has in any case.
    const plays = cast.attackers.find(({ name }) => name === who)?.plays ?? '';
    const [list] = rest;
    if (list !== undefined) return Object.hasOwn(moveLists, list) ? values(budgetKinds(plays).slice(1)) : [];
    return due === 'key' ? [...values(budgetKinds(plays)), ...explained(Object.entries(moveLists))] : [];
  }
  if (field === 'colludes') return values(cast.attackers.map(({ name }) => name).filter((name) => name !== who));
  if (field !== 'of') return [];
  const of = roleNamed(cast.attackers.find(({ name }) => name === who)?.plays ?? '')?.of ?? [
    'user',
    'device',
    'server',
  ];
  return values([
    ...(of.includes('server') ? cast.servers : []),
    ...(of.includes('user') ? users : []),
    ...(of.includes('device') ? devices : []),
  ]);
};

const argOffers = (arg: Arg, who: string, names: Names): readonly Offer[] => {
  switch (arg.is) {
    case 'device':
      return values(names.devices);
    case 'own device':
      return values([...ownDevices(names, who).keys()].filter((name) => !name.includes('.')));
    case 'user':
      return values(names.users);
    case 'room':
      return values([...names.rooms.keys()].filter((name) => !name.startsWith('!')));
    case 'server':
      return values(names.cast.servers.filter((server) => server !== who));
    case 'clause':
      return explained(clauses);
    case 'asker':
      return values([...names.devices, ...names.cast.servers.filter((server) => server !== who)]);
    case 'duration':
      return values(['1h', '25h', '7d'], 'a span of time');
    case 'word':
    case 'content':
      return values(arg.suggest, arg.what);
    case 'one of':
      return values(arg.words);
    case 'endpoint':
      return values(endpointNames, 'an endpoint');
    default:
      return [];
  }
};

const verbValue = (verb: Form): Offer => {
  const bare = verb.takes === null && Object.keys(verb.more).length === 0;
  return {
    label: verb.verb,
    detail: `${verb.text} ${usageOf(verb)}`,
    insert: bare ? verb.verb : `{ ${keyText(verb.verb)}`,
  };
};

/** An act, below the dash (or dashes) of its line. `extra` are fields that the place allows beside the verb's own. */
const actOffers =
  (extra: readonly string[]): Offers =>
  (within, due, names, siblings) => {
    const [who, first, ...deeper] = within.slice(within.lastIndexOf('-') + 1);
    if (who === undefined) return values(actorsOf(names));
    const verbs = verbsFor(names, who);
    if (first === undefined) {
      if (due === 'value') return verbs.map(verbValue);
      const verb = verbs.find((one) => one.verb === siblings[0]);
      if (siblings.length === 0) return verbs.map((one) => value(one.verb, `${one.text} ${usageOf(one)}`));
      return verb === undefined ? [] : values([...Object.keys(verb.more), ...extra]);
    }
    if (deeper.length > 0) return [];
    if (first === 'refused' && extra.includes(first)) return values(['true', ...errorCodes], refusedUsage);
    const own = verbs.find((one) => one.verb === first)?.takes;
    const beside = verbs.find(({ verb, more }) => siblings.includes(verb) && Object.hasOwn(more, first))?.more[first];
    const any = verbs.find(({ more }) => Object.hasOwn(more, first))?.more[first];
    const arg = own ?? beside ?? any;
    return arg === undefined ? [] : argOffers(arg, who, names);
  };

const exploreOffers: Offers = ([part, ...rest], due, names, siblings) => {
  if (part === undefined) return due === 'key' ? values(Object.keys(playFields)) : [];
  if (part === 'story first') return values(['true', 'false']);
  if (part === 'acts') return rest.length === 0 ? [] : actOffers(inPlay)(rest, due, names, siblings);
  if (due === 'value') return [];
  return part === 'faults' ? explained(faults) : part === 'until' ? values(['depth', 'worlds']) : [];
};

const offersIn: Readonly<Record<string, Offers>> = {
  about: () => values(proposals.keys()),
  refs: () => explained(interactions),
  cast: castOffers,
  dials: ([setting, ...rest], due, names, siblings) =>
    setting === undefined
      ? values(Object.keys(settingOffers))
      : (settingOffers[setting]?.(rest, due, names, siblings) ?? []),
  faults: (_within, due) => (due === 'key' ? explained(faults) : []),
  story: (within, due, names, siblings) =>
    within.length === 0 ? [] : actOffers(inStory)(within, due, names, siblings),
  explore: exploreOffers,
  expect: expectOffers,
  without: ([key, ...rest], due, names, siblings) => {
    if (key === undefined) return due === 'key' ? turnOffers : [];
    // `q07` alone turns nothing: its reading belongs to the key, in quotes.
    return readTurns(key, { devices: names.devices, lines: Number.POSITIVE_INFINITY, hasFault: () => true }).wrong
      .length > 0
      ? []
      : expectOffers(rest, due, names, siblings);
  },
};
