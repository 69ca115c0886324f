/** Random legal scenarios, from the tables the parser reads by: whatever verb or option is added is drawn from then on. */

import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { isOrdinary, roles } from '../attackers/roles/index.ts';
import { phoneOf } from '../engine/attacker.ts';
import { endpointNames } from '../engine/endpoints.ts';
import { ownerIn } from '../engine/player.ts';
import { roomIdFor, roomIdOf, visibilities } from '../engine/rooms.ts';
import type { Role } from '../engine/stage.ts';
import type {
  Act,
  Cast,
  CastAttacker,
  CastRoom,
  CastSettings,
  CastUser,
  ExpectedRefusal,
  PlayerId,
  Scenario,
  StoryLine,
  Turn,
} from '../engine/types.ts';
import { defaultSettings } from '../scenario/by-default.ts';
import { withAccount } from '../scenario/cast.ts';
import { clauses, proposals, questions } from '../scenario/ledger.ts';
import { identifierForms, options } from '../scenario/options.ts';
import { checkOrder } from '../scenario/order.ts';
import { canBeName } from '../scenario/reader.ts';
import { errorCodes } from '../scenario/refused.ts';
import { withSkips } from '../scenario/settings.ts';
import { turnsKey } from '../scenario/written.ts';
import type { Arg } from '../verbs/arguments.ts';
import { budgetKinds, faults, formsOf, namedBy, newDeviceOf } from '../verbs/forms.ts';
import type { Actor, Form } from '../verbs/verb.ts';
import { type Luck, luckOf, oddWords } from './luck.ts';

const deviceNames = ['phone', 'laptop', 'tablet', 'old-laptop', 'constructor', 'a1'].filter(canBeName);
const roomNames = ['den', 'attic', 'valueof', 'constructor', 'b-2'].filter(canBeName);
const people = ['alice', 'bob', 'carol'];
const thieves = ['mallory', 'eve'];

/** Those who are there before the story: drawn for many stories at once, because their beginnings take the most time. */
const castFor = (luck: Luck): Cast => {
  const servers = luck.oneIn(3) ? ['example.org', 'other.example'] : ['example.org'];
  const users = people.slice(0, 1 + luck.below(luck.oneIn(3) ? 3 : 2)).map(
    (name): CastUser => ({
      name,
      server: luck.one(servers),
      devices: [...new Set([luck.one(deviceNames), ...luck.some(deviceNames, 2)])].map((device) => ({
        name: device,
        crossSigned: !luck.oneIn(6),
      })),
    }),
  );
  const cast: Cast = { servers, users, attackers: attackersFor(luck, servers, users), backup: !luck.oneIn(5) };
  return luck.oneIn(3) ? cast : furnished(luck, cast);
};

const attackersFor = (luck: Luck, servers: readonly string[], users: readonly CastUser[]): readonly CastAttacker[] => {
  const names = thieves.slice(0, luck.below(3));
  return names.map((name): CastAttacker => {
    const one = attackerFor(luck, name, servers, users);
    return {
      ...one,
      budget: luck.oneIn(4) ? budgetOf(luck, budgetKinds(one.plays)) : {},
      colludes: luck.oneIn(3) ? names.filter((other) => other !== name) : [],
    };
  });
};
const attackerFor = (
  luck: Luck,
  name: string,
  servers: readonly string[],
  users: readonly CastUser[],
): CastAttacker => {
  const role = luck.one(roles);
  const of = preyOf(luck, role, servers, users);
  return {
    name,
    plays: role.plays,
    of: role.optional && luck.oneIn(2) ? null : of,
    budget: {},
    colludes: [],
    ...(role.isSloppy ? { skips: [...new Set([luck.one(clauseIds), luck.one(clauseIds)])] } : {}),
  };
};
/** One who is not in the cast yet, of any role, with two moves. */
export const oneMoreAttacker = (luck: Luck, { servers, users }: Cast): CastAttacker => ({
  ...attackerFor(luck, 'zed', servers, users),
  budget: { moves: 2 },
});
/** Some moves, of any kind or of one; or moves but for that kind. */
const budgetOf = (luck: Luck, kinds: readonly string[]): CastAttacker['budget'] => {
  const kind = luck.one(kinds);
  const count = 1 + luck.below(5);
  return kind !== 'moves' && luck.oneIn(3) ? { moves: count, [kind]: 0 } : { [kind]: count };
};
const clauseIds = [...clauses.keys()];

const preyOf = (luck: Luck, role: Role, servers: readonly string[], users: readonly CastUser[]): string => {
  const user = luck.one(users);
  switch (luck.one(role.of)) {
    case 'server':
      return luck.one(servers);
    case 'user':
      return user.name;
    case 'device':
      return `${user.name}.${luck.one(user.devices).name}`;
  }
};

const furnished = (luck: Luck, cast: Cast): Cast => {
  const all = withAccount(cast);
  const rooms = luck.some(roomNames, 2).map((name): CastRoom => {
    const members = luck.some(all, 3);
    const maker = luck.one(all);
    return { name, history: luck.one(visibilities), members: [...new Set([maker, ...members])] };
  });
  const ids = new Set<string>();
  const apart = rooms.filter((room) => !ids.has(roomIdOf(cast, room)) && ids.add(roomIdOf(cast, room)));
  return apart.length === 0 ? cast : { ...cast, rooms: apart };
};

/** What a story may name, as the parser has it: devices that are logged in later among them. */
export type Names = {
  readonly cast: Cast;
  readonly devices: readonly PlayerId[];
  readonly users: readonly string[];
  readonly rooms: readonly string[];
};

export type Planned = { readonly who: PlayerId; readonly verb: Form; readonly fresh: string | null };

const actorsOf = (cast: Cast, devices: readonly PlayerId[]): readonly (readonly [PlayerId, Actor])[] => [
  ...devices
    .filter(
      (device) =>
        cast.users.some(({ name }) => device.startsWith(`${name}.`)) ||
        cast.attackers.some((one) => isOrdinary(one) && device === phoneOf(one.name)),
    )
    .map((device) => [device, 'device'] as const),
  ...cast.users.map(({ name }) => [name, 'person'] as const),
  ...cast.attackers.map(({ name, plays }) => [name, plays] as const),
  ...cast.servers.map((name) => [name, 'server'] as const),
  ['everyone', 'everyone'],
];

/** Verbs come before arguments: devices and rooms that some line makes may be named in every other. */
const storyFor = (luck: Luck, cast: Cast, lines: number): readonly StoryLine[] => {
  const own = devicesBefore(cast);
  const planned: Planned[][] = [];
  const later: PlayerId[] = [];
  const made = new Map<string, string>();
  for (let nth = 0; nth < lines; nth += 1) {
    const racing = luck.oneIn(12) ? 2 + luck.below(2) : 1;
    const line: Planned[] = [];
    for (let act = 0; act < racing; act += 1) {
      const actors = actorsOf(cast, [...own, ...later]).filter(
        ([who, actor]) => formsOf(actor).length > 0 && (who !== 'everyone' || racing === 1),
      );
      const [who, actor] = luck.oneIn(4) && racing === 1 ? (['everyone', 'everyone'] as const) : luck.one(actors);
      const verb = luck.one(formsOf(actor));
      const fresh =
        verb.takes?.is === 'new device'
          ? luck.one(deviceNames)
          : verb.takes?.is === 'new room'
            ? luck.one(roomNames)
            : null;
      if (verb.takes?.is === 'new device') later.push(`${who}.${fresh}`);
      if (verb.takes?.is === 'new room' && fresh !== null) {
        const id = roomIdFor(cast, fresh, ownerIn(who));
        if ((cast.rooms ?? []).some((room) => roomIdOf(cast, room) === id)) continue;
        made.set(id, fresh);
      }
      line.push({ who, verb, fresh });
    }
    planned.push(line);
  }
  const names: Names = {
    cast,
    devices: [...new Set([...own, ...later])],
    users: withAccount(cast),
    rooms: [...(cast.rooms ?? []).map((room) => roomIdOf(cast, room)), ...made.keys()],
  };
  const told = planned
    .map((line) => line.flatMap((one) => actOf(luck, names, one) ?? []))
    .filter((line) => line.length > 0);
  const possible = withoutImpossible(cast, told);
  return possible.length > 0 ? possible : [[{ who: 'everyone', verb: 'settle', args: {} }]];
};

/** Without acts that the lines alone show to be impossible: those are refused before a run, and so is what they would have made. */
const withoutImpossible = (cast: Cast, story: readonly StoryLine[]): readonly StoryLine[] => {
  const impossible = new Set<number>();
  let count = 0;
  const placed = story.map((line) => line.map((act) => ({ act, at: count++ })));
  checkOrder((at) => impossible.add(at), cast, placed);
  const known = madeIn(cast, story.flat());
  for (const { act, at } of placed.flat())
    if (namedBy(act, 'device', 'own device', 'asker', 'room').some((name) => !known.has(name))) impossible.add(at);
  if (impossible.size === 0) return story;
  const left = placed.map((line) => line.flatMap(({ act, at }) => (impossible.has(at) ? [] : [act])));
  return withoutImpossible(
    cast,
    left.filter((line) => line.length > 0),
  );
};

/** Devices, servers and rooms there are, and those that these acts make. */
const madeIn = (cast: Cast, acts: readonly Act[]): ReadonlySet<string> =>
  new Set([
    ...cast.servers,
    ...devicesBefore(cast),
    ...(cast.rooms ?? []).map((room) => roomIdOf(cast, room)),
    ...acts.flatMap((act) => newDeviceOf(act) ?? []),
    ...acts.flatMap((act) => namedBy(act, 'new room').map((name) => roomIdFor(cast, name, ownerIn(act.who)))),
  ]);

const devicesBefore = (cast: Cast): readonly PlayerId[] => [
  ...cast.users.flatMap(({ name, devices }) => devices.map((device) => `${name}.${device.name}`)),
  ...withAccount(cast)
    .filter((name) => cast.attackers.some((one) => one.name === name))
    .map(phoneOf),
];

export const actOf = (luck: Luck, names: Names, { who, verb, fresh }: Planned): Act | null => {
  const args: [string, string | number][] = [];
  const wanted: (readonly [string, Arg])[] = [
    ...(verb.takes === null ? [] : [[verb.verb, verb.takes] as const]),
    ...Object.entries(verb.more),
  ];
  for (const [name, arg] of wanted) {
    if (arg.optional === true && luck.oneIn(2)) continue;
    const value = fresh !== null && name === verb.verb ? fresh : argFor(luck, names, who, arg);
    if (value === null && arg.optional !== true) return null;
    if (value !== null) args.push([name, value]);
  }
  return {
    who,
    verb: verb.verb,
    args: Object.fromEntries(args),
    ...(luck.oneIn(20) ? { refused: refusalFor(luck) } : {}),
  };
};

const refusalFor = (luck: Luck): ExpectedRefusal =>
  luck.oneIn(3)
    ? { status: null, errcode: null }
    : {
        status: luck.oneIn(2) ? 400 + luck.below(30) : null,
        errcode: luck.oneIn(2) ? luck.one(errorCodes) : null,
      };

const contents: readonly string[] = [
  '{}',
  '{"enabled":false}',
  '{"enabled":true}',
  '{"enabled":null}',
  '{"__proto__":{"a":1}}',
  '{"constructor":"x","toString":0}',
  '{"request_id":"r1","secret":"s"}',
  '{"name":"m.megolm_backup.v1","action":"request","requesting_device_id":"PHONE","request_id":"x"}',
  '{"room_id":"!den:example.org","file":{}}',
  `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
];
const spans = ['1ms', '1s', '90m', '25h', '7d', '60d'];

/** An argument of that kind; `null` where there is none to be had. */
const argFor = (luck: Luck, names: Names, who: PlayerId, arg: Arg): string | number | null => {
  const drawn = <T>(list: readonly T[]): T | null => (list.length === 0 ? null : luck.one(list));
  switch (arg.is) {
    case 'device':
      return drawn(names.devices);
    case 'own device': {
      const owner = ownerIn(who);
      const their = [
        owner,
        ...names.cast.attackers.filter(({ of }) => of !== null && ownerIn(of) === owner).map(({ name }) => name),
      ];
      return drawn(names.devices.filter((one) => one !== who && their.some((name) => one.startsWith(`${name}.`))));
    }
    case 'new device':
      return luck.one(deviceNames);
    case 'new room':
      return luck.one(roomNames);
    case 'user':
      return drawn(names.users);
    case 'room':
      return drawn(names.rooms);
    case 'server':
      return drawn(names.cast.servers.filter((server) => server !== who));
    case 'asker':
      return drawn([...names.devices, ...names.cast.servers.filter((server) => server !== who)]);
    case 'clause':
      return drawn([...clauses.keys()]);
    case 'duration':
      return luck.one(spans);
    case 'one of':
      return luck.one(arg.words);
    case 'content':
      return luck.one(contents);
    case 'endpoint':
      return luck.one(endpointNames);
    case 'count':
      return 1 + luck.below(luck.oneIn(3) ? arg.max : Math.min(3, arg.max));
    case 'word':
      return luck.oneIn(4) || arg.suggest.length === 0 ? luck.one(oddWords) : luck.one(arg.suggest);
  }
};

const optionFor = (luck: Luck, name: string): Json => {
  const kind = options.get(name)?.kind ?? { is: 'switch' as const };
  switch (kind.is) {
    case 'switch':
      return luck.oneIn(2);
    case 'one of':
      return luck.one(kind.words);
    case 'count':
      return 1 + luck.below(Math.min(kind.max, 5));
    case 'words':
      return [...new Set([luck.one(oddWords), luck.one(oddWords)])];
  }
};

const revisionFor = (luck: Luck, proposal: string): string =>
  luck.one([...(proposals.get(proposal)?.keys() ?? []), 'none']);

/** Settings with a few things turned. */
const turnedSettings = (luck: Luck, base: DeviceSettings): DeviceSettings => {
  const texts = luck.some([...proposals.keys()], 3).map((proposal) => [proposal, revisionFor(luck, proposal)]);
  const readings = luck.some([...questions.keys()], 2).map((id) => [id, luck.one(['A', 'B'] as const)] as const);
  const chosen = luck.some([...options.keys()], 2).map((name) => [name, optionFor(luck, name)] as const);
  return {
    implements: { ...base.implements, ...Object.fromEntries(texts) },
    identifiers: luck.oneIn(5) ? luck.one(identifierForms) : base.identifiers,
    off: [...new Set([...base.off, ...luck.some(clauseIds, 3)])].sort(),
    readings: { ...base.readings, ...Object.fromEntries(readings) },
    options: { ...base.options, ...Object.fromEntries(chosen) },
  };
};

const settingsFor = (luck: Luck, scenario: Pick<Scenario, 'cast' | 'story'>): CastSettings => {
  const hasRooms =
    (scenario.cast.rooms ?? []).length > 0 || scenario.story.flat().some(({ verb }) => verb === 'create room');
  const base = defaultSettings(hasRooms);
  if (luck.oneIn(3)) return withSkips({ everyone: base, byDevice: {} }, scenario.cast);
  const everyone = turnedSettings(luck, base);
  const devices = scenario.cast.users.flatMap(({ name, devices }) => devices.map((device) => `${name}.${device.name}`));
  const own = luck.oneIn(3) ? luck.some(devices, 2) : [];
  const byDevice = Object.fromEntries(own.map((device) => [device, turnedSettings(luck, everyone)]));
  return withSkips({ everyone, byDevice }, scenario.cast);
};

const turnFor = (luck: Luck): Turn => {
  if (luck.oneIn(4))
    return { turn: 'reading', question: luck.one([...questions.keys()]), reading: luck.one(['A', 'B']) };
  const proposal = luck.one([...proposals.keys()]);
  if (luck.oneIn(4)) return { turn: 'revision', proposal, revision: revisionFor(luck, proposal) };
  return { turn: 'off', clause: luck.one(clauseIds) };
};

const faultsFor = (luck: Luck): Readonly<Record<string, number>> =>
  luck.oneIn(6) ? Object.fromEntries(luck.some([...faults.keys()], 2).map((fault) => [fault, 1 + luck.below(3)])) : {};

/** How many casts a block of scenarios is drawn from. */
const castsMax = 16;

/** The `nth` scenario under a seed: legal by the tables, and as the parser would read it. */
export const randomScenario = (seed: string, block: number, nth: number): Scenario => {
  const luck = luckOf(`scenario/${seed}/${nth}`);
  const cast = castFor(luckOf(`cast/${seed}/${block}/${luck.below(castsMax)}`));
  const story = storyFor(luck, cast, 3 + luck.below(10));
  const turn = luck.oneIn(4) ? turnFor(luck) : null;
  return {
    id: 'fuzz/drawn',
    title: 'Drawn by lot',
    about: luck.some([...proposals.keys()], 2),
    why: luck.oneIn(8) ? luck.one(oddWords).trim() : 'Nobody knows',
    cast,
    settings: settingsFor(luck, { cast, story }),
    faults: faultsFor(luck),
    story,
    explore: null,
    expect: [{ guarantee: luck.one(guaranteeIds), verdict: 'holds', at: null, by: null, shadow: 'happens' }],
    without:
      turn === null
        ? []
        : [
            {
              key: turnsKey([turn]),
              turns: [turn],
              expect: [{ guarantee: luck.one(guaranteeIds), verdict: 'holds', at: null, by: null, shadow: 'never' }],
            },
          ],
  };
};
