/** Who stands against the guarantees in a run: an attacker, or what there is instead of one. */

import type { Json } from '../../../machines/json.ts';
import { clauseName, readingWords } from '../../../machines/naming.ts';
import { PLAYS_LIKE } from '../../../machines/profiles.ts';
import type { Reading } from '../../../machines/registration.ts';
import type { CastAttacker, ClauseId, PlayerId, Run } from '../../engine/types.ts';
import { defaultSettings, hasRooms } from '../../scenario/by-default.ts';
import { capitalised } from '../figures/words.ts';
import { revisionWords } from './base-words.ts';
import { fitting, inQuotes, listed, possessive, speechOf } from './speech.ts';

export type Attacker = { readonly name: string; readonly plays: string; readonly of: string | null };
export type Who =
  | { readonly is: 'attacker'; readonly attackers: readonly [Attacker, ...Attacker[]] }
  /** A client that goes without clauses; `device`: whose, where it is not everybody's. */
  | { readonly is: 'skips'; readonly clauses: readonly [ClauseId, ...ClauseId[]]; readonly device: PlayerId | null }
  /** `hangs`: another run of the scenario reads them otherwise, and ends otherwise. */
  | { readonly is: 'reading'; readonly hangs: boolean; readonly readings: readonly [Read, ...Read[]] }
  /** Clients that go by another text of a proposal than the usual, or by none; `device`: whose, where it is not everybody's. */
  | { readonly is: 'text'; readonly proposal: string; readonly revision: string; readonly device: PlayerId | null }
  /** Clients with an option set otherwise than usual. */
  | { readonly is: 'option'; readonly option: string; readonly value: Json; readonly device: PlayerId | null }
  /** Clients that use other names on the wire than the final ones. */
  | { readonly is: 'names' }
  | { readonly is: 'faults'; readonly faults: readonly [Fault, ...Fault[]] }
  | { readonly is: 'race' }
  | { readonly is: 'nobody' };
export type Read = { readonly question: string; readonly reading: Reading };
export type Matter = { readonly hangs: boolean; readonly readings: readonly Read[] };
export type Fault = 'lost' | 'failed' | 'twice' | 'late' | 'offline' | 'gone' | 'restored' | 'small';

const isSloppy = ({ skips }: CastAttacker): boolean => skips !== undefined;
type Some<T> = readonly [T, ...T[]];
const some = <T>([first, ...rest]: readonly T[]): Some<T> | null => (first === undefined ? null : [first, ...rest]);

const faultVerbs: Readonly<Record<string, Fault>> = {
  fail: 'failed',
  'lose answer of': 'lost',
  'lose transaction to': 'lost',
  'lose a sync': 'lost',
  'fail a request': 'failed',
  'fail a download': 'failed',
  repeat: 'twice',
  'repeat a request': 'twice',
  'hold transactions to': 'late',
  'go offline': 'offline',
  'expire media': 'gone',
  'limit uploads': 'small',
  'restore from copy': 'restored',
};
const faultsIn = ({ scenario }: Run): readonly Fault[] => [
  ...new Set(scenario.story.flatMap((line) => line.flatMap(({ verb }) => faultVerbs[verb] ?? []))),
];

/** Clauses that are off in a run beside what its scenario has: turned for it, or skipped in its settings. */
const skippedIn = ({
  scenario,
  trace,
}: Run): { readonly clauses: readonly ClauseId[]; readonly device: PlayerId | null } => {
  const turned = trace.turns.flatMap((turn) => (turn.turn === 'off' ? [turn] : []));
  if (turned.length > 0) {
    const devices = new Set(turned.map((turn) => turn.for));
    return {
      clauses: turned.map(({ clause }) => clause),
      device: devices.size === 1 ? (turned[0]?.for ?? null) : null,
    };
  }
  const sloppy = scenario.cast.attackers.find(isSloppy);
  if (sloppy !== undefined) return { clauses: sloppy.skips ?? [], device: sloppy.of };
  const { everyone, byDevice } = scenario.settings;
  if (everyone.off.length > 0) return { clauses: everyone.off, device: null };
  const own = Object.entries(byDevice).find(([, { off }]) => off.length > 0);
  return own === undefined ? { clauses: [], device: null } : { clauses: own[1].off, device: own[0] };
};

/** The text that a device goes by and not everybody, or everybody and not as usual. */
const otherTextIn = ({ scenario }: Run): Who | null => {
  const { everyone, byDevice } = scenario.settings;
  const usual = defaultSettings(hasRooms(scenario)).implements;
  const differing = (own: Readonly<Record<string, string>>, base: Readonly<Record<string, string>>) =>
    Object.entries(own).find(([proposal, revision]) => revision !== (base[proposal] ?? 'none'));
  const [own] = Object.entries(byDevice).flatMap(([device, { implements: texts }]) => {
    const found = differing(texts, everyone.implements);
    return found === undefined ? [] : [{ device, found }];
  });
  const found = own?.found ?? differing(everyone.implements, usual);
  return found === undefined
    ? null
    : { is: 'text', proposal: found[0], revision: found[1], device: own?.device ?? null };
};

/** The option that is set for everybody, or else for one device alone. */
const optionIn = ({ scenario: { settings } }: Run): Who | null => {
  const [set] = [['', settings.everyone] as const, ...Object.entries(settings.byDevice)].flatMap(
    ([device, { options }]) =>
      Object.entries(options).map(([option, value]) => ({ option, value, device: device === '' ? null : device })),
  );
  return set === undefined ? null : { is: 'option', ...set };
};
const hasOtherNames = ({ scenario: { settings } }: Run): boolean =>
  [settings.everyone, ...Object.values(settings.byDevice)].some(({ identifiers }) => identifiers !== 'stable');

/** @param matter the question that the runs of the scenario end otherwise by, or that is turned here, with how this run reads it */
export const whoIn = (run: Run, matter: Matter): Who => {
  const { scenario, trace } = run;
  const attackers = some(
    scenario.cast.attackers.filter((one) => !isSloppy(one)).map(({ name, plays, of }) => ({ name, plays, of })),
  );
  if (attackers !== null) return { is: 'attacker', attackers };
  const skipped = skippedIn(run);
  const clauses = some(skipped.clauses);
  if (clauses !== null) return { is: 'skips', clauses, device: skipped.device };
  const text = trace.turns.find((turn) => turn.turn === 'revision');
  if (text !== undefined) return { is: 'text', proposal: text.proposal, revision: text.revision, device: null };
  const turned = trace.turns.find((turn) => turn.turn === 'option');
  if (turned !== undefined) return { is: 'option', option: turned.option, value: turned.value, device: null };
  const readings = some(matter.readings);
  if (readings !== null) return { is: 'reading', hangs: matter.hangs, readings };
  const faults = some(faultsIn(run));
  if (faults !== null) return { is: 'faults', faults };
  const chosen = some(
    Object.entries(scenario.settings.everyone.readings).map(([question, reading]) => ({ question, reading })),
  );
  if (chosen !== null) return { is: 'reading', hangs: false, readings: chosen };
  const other = otherTextIn(run);
  if (other !== null) return other;
  if (hasOtherNames(run)) return { is: 'names' };
  const option = optionIn(run);
  if (option !== null) return option;
  return scenario.story.some((line) => line.length > 1) ? { is: 'race' } : { is: 'nobody' };
};

const usersOf = (run: Run, server: string): string =>
  listed(
    run.scenario.cast.users.filter((user) => user.server === server).map(({ name }) => capitalised(name)),
    3,
  );

/** What an attacker is and has, in few words where several are told. */
const attackerWords = (run: Run, { name, plays, of }: Attacker, isAlone: boolean): string => {
  const who = capitalised(name);
  const whose =
    of === null
      ? null
      : of.includes('.') && !run.scenario.cast.servers.includes(of)
        ? speechOf(run).name(of)
        : capitalised(of);
  switch (plays) {
    case 'stolen-token':
      return `${who}, with ${whose === null ? 'a' : possessive(of ?? '')} stolen access token`;
    case 'stolen-device':
      return `${who}, with ${whose === null ? 'a stolen device' : whose.includes('stolen') ? whose : whose.replace('’s ', '’s stolen ')}${isAlone ? ' and all keys on it' : ''}`;
    case 'lying-server': {
      const users = of === null ? '' : usersOf(run, of);
      if (!isAlone) return `${who}, whose homeserver lies`;
      return users === ''
        ? `${who}, who runs a homeserver and lies`
        : `${who}, who runs the homeserver of ${users}, and lies`;
    }
    case 'other-user':
      return isAlone ? `${who}, another user, who has no claim to what they ask for` : `${who}, another user`;
    case 'malicious-inviter':
      return isAlone ? `${who}, a user who sends others spoiled key bundles` : `${who}, who sends spoiled bundles`;
    case 'departed-member':
      return `${who}, who has left the room and kept its keys`;
    case 'typosquatter':
      return `${who}, whose account is named almost like ${whose === null ? 'another' : possessive(whose)}`;
    case 'eavesdropper':
      return isAlone
        ? `${who}, who reads all that passes a homeserver, and changes nothing`
        : `${who}, who only reads along`;
    default:
      return `${who}, who plays ${plays.replaceAll('-', ' ')}`;
  }
};

const faultWords: Readonly<Record<Fault, string>> = {
  lost: 'the network loses what is sent',
  failed: 'the homeserver fails once',
  twice: 'a request arrives twice',
  late: 'news between servers is late',
  offline: 'a device is offline for a while',
  gone: 'the server deletes files',
  restored: 'a device comes up from an old copy',
  small: 'the server takes only small files',
};

const most = 120;
const within = (words: readonly string[]): string => fitting(most, words);

/** At most 120 characters. */
export const whoWords = (run: Run, who: Who): string => {
  const nobody = 'Nobody lies here';
  switch (who.is) {
    case 'attacker': {
      const { attackers } = who;
      if (attackers.length === 1)
        return within([true, false].map((isAlone) => attackerWords(run, attackers[0], isAlone)));
      const short = attackers.map((one) => attackerWords(run, one, false));
      return within([
        short.join('; '),
        listed(
          attackers.map(({ name, plays }) => `${capitalised(name)} (${plays.replaceAll('-', ' ')})`),
          4,
        ),
        listed(
          attackers.map(({ name }) => capitalised(name)),
          4,
        ),
      ]);
    }
    case 'skips': {
      const client = who.device === null ? 'clients skip' : `${speechOf(run).name(who.device)} skips`;
      const [first, ...rest] = who.clauses;
      const one = `${inQuotes(clauseName(first))}${rest.length === 0 ? '' : ` and ${rest.length} more`}`;
      return within([
        `${nobody}: ${client} ${one}`,
        `Nobody lies: ${client} ${one}`,
        `Nobody lies: ${one} ${rest.length === 0 ? 'is' : 'are'} skipped`,
        `Nobody lies: somebody skips ${one}`,
      ]);
    }
    case 'reading': {
      const [{ question, reading }, ...rest] = who.readings;
      const said = inQuotes(readingWords(question, reading));
      if (rest.length > 0) {
        const read = listed([{ question, reading }, ...rest].map((one) => `${one.question} is read as ${one.reading}`));
        return within([`${nobody}; ${read}`]);
      }
      return who.hangs
        ? within([
            `${nobody}; it hangs on how ${question} is read: ${reading}, ${said}`,
            `${nobody}; it hangs on how ${question} is read, here as ${reading}`,
          ])
        : within([
            `${nobody}; ${question} is read as ${reading}, ${said}`,
            `${nobody}; ${question} is read as ${reading}`,
          ]);
    }
    case 'text':
      return within([
        `${nobody}: ${textWords(who.device === null ? 'everybody' : speechOf(run).name(who.device), who.proposal, who.revision)}`,
      ]);
    case 'option': {
      if (who.option === PLAYS_LIKE)
        return within([
          `${nobody}: ${who.device === null ? 'clients play' : `${speechOf(run).name(who.device)} plays`} like ${String(who.value)}`,
        ]);
      const value = Array.isArray(who.value)
        ? who.value.join(', ')
        : typeof who.value === 'boolean'
          ? who.value
            ? 'on'
            : 'off'
          : String(who.value);
      return within([
        `${nobody}: ${who.device === null ? 'clients have' : `${speechOf(run).name(who.device)} has`} “${who.option}” set to “${value}”`,
      ]);
    }
    case 'names':
      return `${nobody}: clients use other names on the wire than the final ones`;
    case 'faults':
      return within([
        `${nobody}: ${listed(who.faults.map((fault) => faultWords[fault]))}`,
        `${nobody}: ${faultWords[who.faults[0]]}`,
      ]);
    case 'race':
      return `${nobody}: it is a race, and whoever comes first decides`;
    case 'nobody':
      return `${nobody}: everybody does what the text says`;
  }
};

/** `everybody does as MSC4268 of March 2025`, `Bob’s phone goes without MSC4268`. */
const textWords = (who: string, proposal: string, revision: string): string => {
  const words = revisionWords(proposal, revision);
  return words.startsWith('without ') ? `${who} goes ${words}` : `${who} does ${words}`;
};
