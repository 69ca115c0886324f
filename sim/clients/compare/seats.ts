/** Which devices of a scenario a client can play, and why not the others. Told from the scenario and from the run of the model alone. */
import type { Json } from '../../../machines/json.ts';
import { type Named, readNames, writtenName } from '../../../machines/names.ts';
import { PLAYS_LIKE } from '../../../machines/profiles.ts';
import type { ClauseId, DeviceSettings } from '../../../machines/types.ts';
import { ownerIn, playerId } from '../../engine/player.ts';
import { signedFirst } from '../../engine/prologue.ts';
import type { Act, CastDevice, Moment, PlayerId, Run, Scenario } from '../../engine/types.ts';
import { devicesOf } from '../../scenario/turns.ts';
import type { Hello } from '../seat/client.ts';

/** What the client in question is, as far as a scenario may ask for something else. */
export type Kind = {
  /** Proposal → the texts it can be said to go by; a proposal that is not here is none of its. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Proposals of which it makes no difference to it what a scenario says: no part of it looks at them. */
  readonly indifferent: readonly string[];
  /** What a device is said to play like that is this client. */
  readonly playsLike: readonly string[];
  /** Clauses that are decided in a layer above it, which is ours here. Absent: there is none. */
  readonly above?: readonly ClauseId[];
};

/** The production crypto library, as measured: the proposals it implements, and those that are left to the layer above. */
export const olmMachineKind: Kind = {
  texts: {
    MSC1219: ['spec-v1.19'],
    MSC1946: ['spec-v1.19'],
    MSC4385: ['push-variant', 'pr-head'],
    MSC4268: ['merged', 'spec-v1.19'],
    MSC4147: ['spec-main', 'spec-v1.19', 'merged'],
  },
  indifferent: ['MSC4287'],
  playsLike: ['matrix-sdk-crypto 0.19.1'],
  above: [
    // Which backup is gone by, and what a key that came is compared with (`upkeep.ts`).
    '1219-trust-by-signature',
    '1219-trust-by-private-key',
    '1219-trust-before-upload',
    '4385-both-unsolicited-share',
    '4385-push-no-request-needed',
    '4385-push-pick-current',
    '4385-push-works-test',
    // What rooms are like, who is in them, and what is shown of them (`in-rooms.ts`, `rooms.ts`).
    '4268-check-visibility-on-send',
    '4268-rotate-on-leave',
    '4268-leave-observe-state',
    '4268-invited-counts-as-holder',
    '4268-limited-sync-leave',
    '4268-label-messages',
    '4268-show-provenance',
    '4268-no-authoritative-sender',
    'spec-megolm-room-id',
    // Whether history is shared, when, and whose is waited for (`in-rooms.ts`).
    '4268-decline-when-currently-closed',
    '4268-members-may-share',
    '4268-bundle-before-invite',
    '4268-backup-download-first',
    '4268-fresh-device-list',
    '4268-upload-media',
    '4268-inviter-match',
    '4268-defer-download',
    '4268-recent-accept-download',
    '4268-recent-24h',
    '4268-process-on-accept',
  ],
};

/** Devices of honest people: those of the cast, and those that are logged in on the way. */
export const seatsOf = (scenario: Scenario): readonly PlayerId[] => {
  const { attackers } = scenario.cast;
  const others = attackers.flatMap(({ of, skips }) => (of === null && skips === undefined ? [] : [of ?? '']));
  const sloppy = new Set(attackers.filter(({ skips }) => skips !== undefined).map(({ name }) => name));
  // What free play would log in takes no seat: no client plays it.
  return [...new Set(devicesOf({ ...scenario, explore: null }))].filter(
    (player) => !others.includes(player) && !sloppy.has(ownerIn(player)),
  );
};

/** What an attacker says in the clear goes under the name that production reads, as all that devices say does. */
const inProductionNames = (act: Act): Act => {
  const things: readonly Named[] = ['push', 'pointer'];
  const named = (value: Json | undefined): Json => {
    const thing = things.find((one) => readNames(one, 'stable').includes(String(value)));
    return thing === undefined ? (value ?? null) : writtenName(thing, 'production');
  };
  const args = Object.entries(act.args).map(([name, value]) => [name, named(value)] as const);
  return { ...act, args: Object.fromEntries(args) };
};

/** Names as production writes them, for everybody whose names are nothing the scenario is about. */
export const withProductionNames = (scenario: Scenario): Scenario => {
  const { everyone, byDevice } = scenario.settings;
  const named = (one: DeviceSettings): DeviceSettings =>
    one.identifiers === 'stable' ? { ...one, identifiers: 'production' } : one;
  const own = Object.entries(byDevice).map(([player, one]) => [player, named(one)] as const);
  const thieves = scenario.cast.attackers.map(({ name }) => name);
  const isTheirs = ({ who }: Act): boolean => everyone.identifiers === 'stable' && thieves.includes(who);
  return {
    ...scenario,
    settings: { everyone: named(everyone), byDevice: Object.fromEntries(own) },
    story: scenario.story.map((line) => line.map((act) => (isTheirs(act) ? inProductionNames(act) : act))),
  };
};

export const settingsAt = ({ settings }: Scenario, seat: PlayerId): DeviceSettings =>
  settings.byDevice[seat] ?? settings.everyone;

/** With that device going by other settings. */
export const withSettings = (scenario: Scenario, seat: PlayerId, changed: Partial<DeviceSettings>): Scenario => {
  const { everyone, byDevice } = scenario.settings;
  const own = { ...settingsAt(scenario, seat), ...changed };
  return { ...scenario, settings: { everyone, byDevice: { ...byDevice, [seat]: own } } };
};

/** With that device going by these texts. */
export const withTexts = (scenario: Scenario, seat: PlayerId, texts: Hello['texts'] = {}): Scenario =>
  withSettings(scenario, seat, { implements: { ...settingsAt(scenario, seat).implements, ...texts } });

const optionWords = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** What a scenario sets that device to, and the client is not. */
const setOtherwise = (
  scenario: Scenario,
  seat: PlayerId,
  hello: Hello,
  { texts, indifferent, playsLike }: Kind,
): readonly string[] => {
  const { implements: asked, off, readings, options } = settingsAt(scenario, seat);
  return [
    ...Object.entries(asked).flatMap(([proposal, text]) => {
      if (indifferent.includes(proposal)) return [];
      // What a client says itself is what its device in the model goes by as well.
      if (hello.texts?.[proposal] !== undefined) return [];
      const known = texts[proposal] ?? ['none'];
      return known.includes(text) ? [] : [`it would have to go by ${proposal}: ${text}`];
    }),
    ...off.map((clause) => `it would have to skip ${clause}`),
    ...Object.entries(readings).map(([question, reading]) => `it would have to read ${question} as ${reading}`),
    ...Object.entries(options)
      .filter(([option, value]) => option !== PLAYS_LIKE || !playsLike.some((name) => name === value))
      .map(([option, value]) => `it would have to be set to ${option}: ${optionWords(value)}`),
  ];
};

const actedIn = (moments: readonly Moment[], seat: PlayerId): readonly string[] =>
  moments.flatMap((moment) => (moment.kind === 'acted' && moment.player === seat ? [moment.what] : []));

/** What is done with that device before the story; nothing with one that is logged in on the way. */
const doneBefore = ({ cast }: Scenario, seat: PlayerId): readonly string[] => {
  const owner = cast.users.find(({ name }) => name === ownerIn(seat));
  const [first, ...others] = signedFirst(owner?.devices ?? []);
  const isSeat = ({ name }: CastDevice): boolean => playerId(ownerIn(seat), name) === seat;
  const spoken = (cast.rooms ?? []).length === 0 ? ['start room key'] : [];
  const own = others.find(isSeat);
  if (own !== undefined) return [...(own.crossSigned ? ['verified'] : []), ...spoken];
  if (first === undefined || !isSeat(first)) return [];
  return [
    ...(first.crossSigned ? ['set up cross-signing'] : []),
    ...(cast.backup ? ['create backup'] : []),
    ...(others.some(({ crossSigned }) => crossSigned) ? ['verifies'] : []),
    ...spoken,
  ];
};

/** What is done with that device in the run, and the client cannot do. */
const actsBeyond = (run: Run, seat: PlayerId, { acts }: Hello): readonly string[] => {
  const moments = run.steps.flatMap((step) => step.moments);
  const isRestarted = moments.some(
    ({ kind, ...moment }) => kind === 'restarted' && 'player' in moment && moment.player === seat,
  );
  const copied = run.scenario.story
    .flat()
    .filter(({ who, verb }) => who === seat && ['copy', 'restore from copy', 'update to'].includes(verb))
    .map(({ verb }) => verb);
  const before = doneBefore(run.scenario, seat);
  const unknown = [...before, ...actedIn(moments, seat)].filter((what) => what !== 'start' && !acts.includes(what));
  const beyond = [...unknown, ...copied, ...(isRestarted && !acts.includes('restart') ? ['restart'] : [])];
  return [...new Set(beyond)].map((what) => `it has no way to do “${what}”`);
};

/** Why that device cannot be played; nothing where it can. @param run the model's */
export const whyNot = (scenario: Scenario, seat: PlayerId, run: Run, hello: Hello, kind: Kind): readonly string[] => [
  ...(scenario.explore === null ? [] : ['the scenario has free play, and a client goes forward only']),
  ...setOtherwise(scenario, seat, hello, kind),
  ...actsBeyond(run, seat, hello),
];
