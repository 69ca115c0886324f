/** Story lines and free play: who does what, checked against the table of verbs. */

import { isObject, type JsonObject } from '../../machines/json.ts';
import { isOrdinary } from '../attackers/roles/index.ts';
import { phoneOf } from '../engine/attacker.ts';
import { durationMs } from '../engine/duration.ts';
import { endpointNames, isEndpoint } from '../engine/endpoints.ts';
import { deviceId } from '../engine/names.ts';
import { ownerIn } from '../engine/player.ts';
import { roomIdFor, roomIdOf } from '../engine/rooms.ts';
import type { Act, Cast, Explore, PlayerId } from '../engine/types.ts';
import type { Arg } from '../verbs/arguments.ts';
import { faults, forms, formsOf } from '../verbs/forms.ts';
import type { Actor, Form } from '../verbs/verb.ts';
import { reportOneId, withAccount } from './cast.ts';
import { clauses } from './ledger.ts';
import { nearest } from './nearest.ts';
import { checkOrder, type PlacedAct } from './order.ts';
import {
  asCount,
  asCounts,
  asList,
  asMapping,
  asNameOf,
  asSaid,
  asSwitch,
  asWord,
  fieldsOf,
  isName,
  knows,
  type Report,
} from './reader.ts';
import { readRefused } from './refused.ts';
import { roomNames } from './rooms.ts';
import { quoted } from './showing.ts';
import type { Entry, Mapping, Tree } from './yaml.ts';

const most = { lines: 10_000, racing: 8, acts: 40, times: 20, depth: 200, worlds: 100_000_000 } as const;

/** Every name a story may use. Devices that somebody logs in or adds during the story are known from its first line on. */
export type Names = {
  readonly cast: Cast;
  readonly devices: readonly PlayerId[];
  readonly users: readonly string[];
  /** What a room may be called → its id. Rooms that somebody creates in the story are known from its first line on. */
  readonly rooms: ReadonlyMap<string, string>;
};

export const namesOf = (cast: Cast, sections: readonly (Tree | undefined)[]): Names => {
  const accounts = withAccount(cast).filter((name) => cast.attackers.some((one) => one.name === name));
  const own = cast.users.flatMap((user) => user.devices.map(({ name }) => `${user.name}.${name}`));
  const owners = new Set([...cast.users, ...cast.attackers].map(({ name }) => name));
  const later = sections.flatMap((section) => (section === undefined ? [] : newcomers(section, owners, 'new device')));
  const made = sections.flatMap((section) => (section === undefined ? [] : newcomers(section, null, 'new room')));
  return {
    cast,
    devices: [
      ...new Set([
        ...own,
        ...accounts.map((name) => `${name}.phone`),
        ...later.map(({ who, name }) => `${who}.${name}`),
      ]),
    ],
    users: withAccount(cast),
    rooms: roomNames(
      cast,
      made.map(({ who, name }) => ({ name, maker: ownerIn(who) })),
    ),
  };
};

/** What acts by `owners` (`null`: by anybody) name for the first time. */
const newcomers = (
  tree: Tree,
  owners: ReadonlySet<string> | null,
  kind: 'new device' | 'new room',
): readonly { readonly who: string; readonly name: string }[] => {
  if (tree.is === 'list') return tree.items.flatMap((item) => newcomers(item, owners, kind));
  if (tree.is !== 'mapping') return [];
  return tree.entries.flatMap(({ key, value }) => {
    if (value.is !== 'mapping') return key === 'acts' ? newcomers(value, owners, kind) : [];
    if (owners !== null && !owners.has(key)) return [];
    const [first] = value.entries;
    const names = forms.some(({ verb, takes }) => verb === first?.key && takes?.is === kind);
    return names && first?.value.is === 'scalar' ? [{ who: key, name: first.value.text }] : [];
  });
};

/** What kind of actor a name is; `null` for names that do not act. */
const actorOf = ({ cast, devices }: Names, name: string): Actor | null => {
  if (name === 'everyone') return 'everyone';
  const attacker = cast.attackers.find((one) => one.name === name);
  if (attacker !== undefined) return attacker.plays;
  if (cast.users.some((user) => user.name === name)) return 'person';
  if (cast.servers.includes(name)) return 'server';
  const isOwn = cast.users.some((user) => name.startsWith(`${user.name}.`));
  const isPocketed = cast.attackers.some((one) => isOrdinary(one) && name === phoneOf(one.name));
  return devices.includes(name) && (isOwn || isPocketed) ? 'device' : null;
};

export const actorsOf = (names: Names): readonly string[] => [
  ...names.devices.filter((name) => actorOf(names, name) === 'device'),
  ...names.cast.users.map(({ name }) => name),
  ...names.cast.attackers.map(({ name }) => name),
  ...names.cast.servers,
  'everyone',
];

/** The verbs that whoever bears `name` may act. */
export const verbsFor = (names: Names, name: string): readonly Form[] => {
  const actor = actorOf(names, name);
  return actor === null ? [] : formsOf(actor);
};

const actorWords = (actor: Actor): string => {
  if (actor === 'everyone') return 'everyone';
  return actor === 'device' || actor === 'person' || actor === 'server'
    ? `a ${actor}`
    : `an attacker that plays ${actor}`;
};

/** The devices that `who` means by a short name, as full names. */
export const ownDevices = ({ cast, devices }: Names, who: string): ReadonlyMap<string, PlayerId> => {
  const owner = ownerIn(who);
  const thieves = cast.attackers.filter(({ of }) => of !== null && ownerIn(of) === owner).map(({ name }) => name);
  const own = [owner, ...thieves].flatMap((name) => devices.filter((device) => device.startsWith(`${name}.`)));
  const known = new Map<string, PlayerId>();
  for (const device of own) {
    const short = device.slice(device.indexOf('.') + 1);
    if (device === who) continue;
    if (!known.has(short)) known.set(short, device);
    known.set(device, device);
  }
  return known;
};

/** The first device name of the account that `who` acts on which comes to the same device id as `name`. */
const firstOfThatId = (names: Names, who: string, name: string): string | null => {
  const of = names.cast.attackers.find((one) => one.name === who)?.of ?? null;
  const account = of !== null && names.cast.users.some((user) => user.name === ownerIn(of)) ? ownerIn(of) : who;
  const shorts = [...ownDevices(names, account).keys()].filter((one) => !one.includes('.'));
  return shorts.find((one) => deviceId(one) === deviceId(name)) ?? null;
};

const isContent = (text: string): boolean => {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
};

const readArg = (report: Report, names: Names, who: string, arg: Arg, tree: Tree): string | number | null => {
  const others = names.cast.servers.filter((server) => server !== who);
  switch (arg.is) {
    case 'device':
      return asNameOf(report, tree, 'a device of the story', names.devices, 'a device, as in alice.phone');
    case 'own device': {
      const own = ownDevices(names, who);
      const name = asNameOf(report, tree, `another device of ${ownerIn(who)}`, own.keys(), 'a device of its own');
      return name === null ? null : (own.get(name) ?? null);
    }
    case 'new device': {
      const name = asWord(report, tree, 'a name for a new device');
      if (name === null || !isName(report, tree.at, name, 'a device')) return null;
      const other = firstOfThatId(names, who, name);
      if (other === null || other === name) return name;
      reportOneId(report, tree.at, name, other);
      return null;
    }
    case 'user':
      return asNameOf(report, tree, 'a user of the cast', names.users, 'a user');
    case 'room': {
      const name = asNameOf(report, tree, 'a room of the story', names.rooms.keys(), 'a room');
      return name === null ? null : (names.rooms.get(name) ?? null);
    }
    case 'new room': {
      const name = asWord(report, tree, 'a name for a new room');
      if (name === null || !isName(report, tree.at, name, 'a room')) return null;
      const id = roomIdFor(names.cast, name, ownerIn(who));
      if (!(names.cast.rooms ?? []).some((room) => roomIdOf(names.cast, room) === id)) return name;
      report(tree.at, `${quoted(name)} is a room of the cast already`, 'a name of its own');
      return null;
    }
    case 'server':
      return asNameOf(report, tree, 'another server of the cast', others, 'another server');
    case 'asker': {
      const all = [...names.devices, ...others];
      return asNameOf(
        report,
        tree,
        'a device of the story or another server',
        all,
        'who asks: a device, or another server',
      );
    }
    case 'clause':
      return asNameOf(report, tree, 'a clause', clauses.keys());
    case 'duration': {
      const text = asWord(report, tree, 'a span of time, as in 25h');
      if (text === null || durationMs(text) !== null) return text;
      report(tree.at, `${quoted(text)} is no span of time`, 'a number with ms, s, m, h or d, as in 25h');
      return null;
    }
    case 'one of':
      return asNameOf(report, tree, 'a value for this', arg.words, oneOfThem(arg.words));
    case 'word':
      return asSaid(report, tree, arg.what);
    case 'content': {
      const text = asSaid(report, tree, arg.what);
      if (text === null || isContent(text)) return text;
      report(tree.at, `${quoted(text)} is no JSON object`, `${arg.what}, as in ${arg.suggest[0] ?? "'{}'"}`);
      return null;
    }
    case 'count':
      return asCount(report, tree, arg.max);
    case 'endpoint': {
      const name = asWord(report, tree, 'an endpoint, as in keys/query');
      if (name === null || isEndpoint(name)) return name;
      report(
        tree.at,
        `${quoted(name)} is no endpoint`,
        `one of: ${endpointNames.join(', ')}`,
        nearest(name, endpointNames),
      );
      return null;
    }
  }
};

/** How a verb is written, for error messages and help: `{ push secret: …, to: …, value: …? }`. */
export const usageOf = ({ verb, takes, more }: Form): string => {
  const rest = Object.entries(more).map(([name, arg]) => `${name}: …${arg.optional === true ? '?' : ''}`);
  if (takes === null && rest.length === 0) return verb;
  const main = takes === null ? verb : `${verb}: …${takes.optional === true ? '?' : ''}`;
  return `{ ${[main, ...rest].join(', ')} }`;
};

/** A few words as a choice; of many the first ones. */
const oneOfThem = (words: readonly string[]): string =>
  words.length <= 12 ? words.join(' or ') : `one of ${words.length}, as in ${words.slice(0, 3).join(', ')}`;

const isNothing = (tree: Tree | undefined): boolean =>
  tree === undefined || (tree.is === 'scalar' && tree.value === null);

/** What may stand beside the arguments of any verb: in a story, and in free play, where it is `times`. */
export const inStory: readonly string[] = ['refused'];
export const inPlay: readonly string[] = ['times'];

/** One act. `extra` are fields beside the verb's own that the place allows (`times` in free play). */
const readAct = (report: Report, names: Names, entry: Entry, extra: readonly string[] = inStory): Act | null => {
  const actor = actorOf(names, entry.key);
  if (actor === null) {
    knows(report, entry.at, entry.key, 'anybody who acts', actorsOf(names));
    return null;
  }
  const { value } = entry;
  const first: Entry | undefined =
    value.is === 'mapping'
      ? value.entries[0]
      : value.is === 'scalar' && value.value !== null
        ? { key: value.text, at: value.at, value: { is: 'scalar', at: value.at, value: null, text: '' } }
        : undefined;
  if (first === undefined) {
    report(value.at, `${entry.key} does nothing`, 'a verb, or { verb: …, … }');
    return null;
  }
  const verb = formsOf(actor).find((one) => one.verb === first.key);
  if (verb === undefined) {
    const may = formsOf(actor).map((one) => one.verb);
    if (forms.some((one) => one.verb === first.key))
      report(first.at, `${actorWords(actor)} does not ${quoted(first.key)}`, `one of: ${may.join(', ')}`);
    else knows(report, first.at, first.key, `a verb of ${actorWords(actor)}`, may);
    return null;
  }
  const args = readArgs(report, names, entry.key, verb, first, value.is === 'mapping' ? value : null, extra);
  if (args === null) return null;
  const said =
    extra === inStory && value.is === 'mapping' ? value.entries.find(({ key }) => key === 'refused') : undefined;
  const refused = said === undefined ? null : readRefused(report, said.value);
  return { who: entry.key, verb: verb.verb, args, ...(refused === null ? {} : { refused }) };
};

const readArgs = (
  report: Report,
  names: Names,
  who: string,
  verb: Form,
  first: Entry,
  mapping: Mapping | null,
  extra: readonly string[],
): JsonObject | null => {
  const args: [string, string | number][] = [];
  let complete = true;
  const take = (name: string, arg: Arg, tree: Tree): void => {
    const read = readArg(report, names, who, arg, tree);
    if (read === null) complete = false;
    else args.push([name, read]);
  };
  if (verb.takes !== null && !isNothing(first.value)) take(verb.verb, verb.takes, first.value);
  else if (verb.takes !== null && verb.takes.optional !== true) {
    report(first.at, `${quoted(verb.verb)} says not what`, usageOf(verb));
    complete = false;
  } else if (verb.takes === null && !isNothing(first.value)) {
    report(first.value.at, `${quoted(verb.verb)} takes nothing`, `“${usageOf(verb)}” by itself`);
    complete = false;
  }
  const given = mapping?.entries.slice(1) ?? [];
  for (const entry of given) {
    const arg = Object.hasOwn(verb.more, entry.key) ? verb.more[entry.key] : undefined;
    if (arg !== undefined) take(entry.key, arg, entry.value);
    else if (!extra.includes(entry.key)) {
      knows(report, entry.at, entry.key, `an argument of ${quoted(verb.verb)}`, [...Object.keys(verb.more), ...extra]);
      complete = false;
    }
  }
  for (const [name, arg] of Object.entries(verb.more))
    if (arg.optional !== true && !given.some(({ key }) => key === name)) {
      report(first.at, `${quoted(verb.verb)} has no ${quoted(name)}`, usageOf(verb));
      complete = false;
    }
  return complete ? Object.fromEntries(args) : null;
};

const oneActor = (report: Report, tree: Tree): Entry | null => {
  const mapping = asMapping(report, tree, 'who: what, as in alice.phone: sync');
  const [entry, second] = mapping?.entries ?? [];
  if (second !== undefined)
    report(second.at, 'a second actor in one line', 'a line of its own, or a list of acts that may race');
  else if (mapping !== null && entry === undefined) report(tree.at, 'an empty line', 'who: what');
  return second === undefined ? (entry ?? null) : null;
};

const readLine = (report: Report, names: Names, tree: Tree): readonly PlacedAct[] => {
  const items = tree.is === 'list' ? tree.items : [tree];
  if (items.length === 0) report(tree.at, 'an empty line', 'at least one act');
  if (items.length > most.racing)
    report(tree.at, `${items.length} acts that may race are too many`, `at most ${most.racing}`);
  const acts = items.slice(0, most.racing).flatMap((item) => {
    const entry = oneActor(report, item);
    const act = entry === null ? null : readAct(report, names, entry);
    if (act?.who === 'everyone' && items.length > 1) report(item.at, 'everyone cannot race', 'a line of its own');
    return act === null || entry === null ? [] : [{ act, at: entry.at }];
  });
  return acts;
};

/** The lines of a story, each act with its place. What cannot happen in this order is reported. */
export const readStory = (report: Report, names: Names, tree: Tree): readonly (readonly PlacedAct[])[] => {
  const items = asList(report, tree, 'a list of lines, each who: what');
  if (items.length > most.lines) report(tree.at, `${items.length} lines are too many`, `at most ${most.lines}`);
  const lines = items.slice(0, most.lines).map((line) => readLine(report, names, line));
  checkOrder(report, names.cast, lines);
  return lines;
};

export const readFaults = (report: Report, tree: Tree): Readonly<Record<string, number>> =>
  asCounts(report, tree, 'a fault', faults.keys(), most.times);

/** Fields of free play. */
export const playFields = { 'story first': 'optional', acts: 'optional', faults: 'optional', until: 'needed' } as const;

export const readExplore = (report: Report, names: Names, tree: Tree): Explore | null => {
  const mapping = asMapping(report, tree, 'free play: acts, faults, until');
  if (mapping === null) return null;
  const fields = fieldsOf(report, mapping, 'free play', playFields);
  const isStoryFirst = fields['story first'] !== undefined && asSwitch(report, fields['story first'].value) === true;
  const items = fields.acts ? asList(report, fields.acts.value, 'a list of acts') : [];
  if (items.length > most.acts) report(mapping.at, `${items.length} acts are too many`, `at most ${most.acts}`);
  const acts = items.slice(0, most.acts).flatMap((item) => {
    const entry = oneActor(report, item);
    const act = entry === null ? null : readAct(report, names, entry, inPlay);
    const times = entry?.value.is === 'mapping' ? entry.value.entries.find(({ key }) => key === 'times') : undefined;
    const count = times === undefined ? 1 : asCount(report, times.value, most.times);
    return act === null || count === null ? [] : [{ act, times: count }];
  });
  const until = fields.until && asMapping(report, fields.until.value, '{ depth: 16, worlds: 200000 }');
  const bounds = until ? fieldsOf(report, until, 'the bounds', { depth: 'needed', worlds: 'needed' }) : {};
  const depth = bounds.depth ? asCount(report, bounds.depth.value, most.depth) : null;
  const worlds = bounds.worlds ? asCount(report, bounds.worlds.value, most.worlds) : null;
  if (depth === null || worlds === null) return null;
  return {
    ...(isStoryFirst ? { storyFirst: true as const } : {}),
    acts,
    faults: fields.faults ? readFaults(report, fields.faults.value) : {},
    until: { depth, worlds },
  };
};
