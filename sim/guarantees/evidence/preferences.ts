/** What guarantees about the backup preference remember alike: what a user chose, and what each client goes by. */
import { type Json, objectAt, stringAt, without } from '../../../machines/json.ts';
import { allNames } from '../../../machines/names.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import {
  type Accounts,
  accountsAfter,
  among,
  deviceOf,
  filed,
  filedIn,
  noAccounts,
  noted,
  unnoted,
} from './accounts.ts';
import { askedIn, doneIn, toldAs } from './asked.ts';
import { asCopied, type Copied, noneCopied } from './beginning.ts';

type Why = 'preference' | 'own default' | 'user';
export type Decision = { readonly isOn: boolean; readonly why: Why };

/** What account data of one type say: whether to back up, nothing (there is none), or nothing that anybody can use. */
type Says = 'on' | 'off' | 'nothing' | 'unusable';
/**
 * `byServer`: whoever runs the server made it up; else its user, or a thief, has written it. `isChosen`: a client of its user's wrote it
 * when that was what she had chosen.
 */
type Word = { readonly says: Says; readonly byServer: boolean; readonly isChosen?: true };
/** By the type of the account data. */
type Words = Readonly<Record<string, Word>>;
/** What a client goes by, and what it went by when it came to that. */
export type Decided = Decision & {
  /** It follows what its server has made up for it: a value, or that there is none. */
  readonly isMisled: boolean;
  /** What was written in the account then, whatever the client was shown: something to go by, something unusable, or nothing. */
  readonly found: 'value' | 'unusable' | 'nothing';
};

export type Preferences = Copied & {
  /** User → whether there is to be a backup, by what she last did on a client that records it. */
  readonly chosen: { readonly [user: string]: boolean };
  /** User → the device on which she chose that last; `null` where that has begun anew since, and is another one. */
  readonly chosenOn: { readonly [user: string]: PlayerId | null };
  /** User → devices that do not know the preference, on which she has chosen since to back up: for each of them alone. */
  readonly chosenThere: { readonly [user: string]: readonly PlayerId[] };
  /** User → what that device wrote of her choice, where its server has not taken it. */
  readonly untaken: { readonly [user: string]: Says };
  /** Device → what it goes by. */
  readonly decided: { readonly [player: PlayerId]: Decided };
  /** Devices that were logged in in the story, after their user had chosen (`true`) or before. */
  readonly newcomers: { readonly [player: PlayerId]: boolean };
  readonly accounts: Accounts;
  /** User → what is written in her account. */
  readonly written: { readonly [user: string]: Words };
  /** Device → what its server shows it instead. */
  readonly lies: { readonly [player: PlayerId]: Words };
  /** Device → the names of the preference that it has asked for; absent: it has asked for none. */
  readonly read: { readonly [player: PlayerId]: readonly string[] };
};
export const noPreferences: Preferences = {
  ...noneCopied,
  chosen: {},
  chosenOn: {},
  chosenThere: {},
  untaken: {},
  decided: {},
  newcomers: {},
  accounts: noAccounts,
  written: {},
  lies: {},
  read: {},
};

/** Whether a client takes part in the preference at all. */
export const takesPart = (player: PlayerId, witness: Witness): boolean =>
  witness.honest(player) &&
  witness.implementsText(player, 'MSC4287') &&
  (witness.option(player, 'preference') !== 'ignore' || witness.off(player, '4287-opt-out'));

const turns: ReadonlyMap<string, boolean> = new Map([
  ['turn backup on', true],
  ['create backup', true],
  ['reset backup', true],
  ['turn backup off', false],
  ['delete backup', false],
]);

const [stableType] = allNames('preference');
const types: readonly string[] = allNames('preference');

/** What content of that type says ("Proposal"; "Unstable prefix": of the opposite sense). Also in the form of the first text's sample. */
export const saidIn = (type: string, content: Json): Says => {
  const [field, isInverted] = type === stableType ? ['enabled', false] : ['disabled', true];
  const value = objectAt(content, type)[field] ?? objectAt({ content }, 'content')[field];
  return typeof value !== 'boolean' ? 'unusable' : value === isInverted ? 'off' : 'on';
};

const saysOf = (isOn: boolean): Says => (isOn ? 'on' : 'off');

/** What somebody chose by what they did; `null`: nothing. */
const choiceIn = (moment: Extract<Moment, { kind: 'acted' }>): boolean | null => {
  if (moment.what !== 'set account data') return turns.get(moment.what) ?? null;
  const content = JSON.parse(stringAt(moment.detail, 'content') ?? '{}') as Json;
  const type = stringAt(moment.detail, 'type') ?? '';
  if (!types.includes(type)) return null;
  const says = saidIn(type, content);
  return says === 'on' ? true : says === 'off' ? false : null;
};

const chooses = (before: Preferences, user: string, player: PlayerId, isOn: boolean): Preferences => ({
  ...before,
  chosen: { ...before.chosen, [user]: isOn },
  chosenOn: { ...before.chosenOn, [user]: player },
  chosenThere: without(before.chosenThere, user),
  untaken: without(before.untaken, user),
});

/**
 * What a user has chosen, as it binds a client: what her server would not take is in nobody's account data ("Behaviour on setting
 * change"), and binds the client that she chose it on alone. A client that never tries to write it has no such excuse for the others.
 */
export const chosenFor = (
  { chosen, chosenOn, chosenThere, untaken, written }: Preferences,
  user: string,
  player: PlayerId,
): boolean | undefined => {
  if (named(chosenThere, user)?.includes(player) === true) return true;
  const [isOn, on] = [named(chosen, user), named(chosenOn, user)];
  if (isOn === undefined || on === player) return isOn;
  const says = saysOf(isOn);
  const isWritten = Object.values(named(written, user) ?? {}).some((word) => word.says === says);
  return named(untaken, user) === says && !isWritten ? undefined : isOn;
};

/** Account data are written. By a device that nobody ever logged in it is the server's own doing. */
const writing = (before: Preferences, moment: Moment, witness: Witness): Preferences => {
  const asked = askedIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'set account data' || !types.includes(asked.type)) return before;
  const user = witness.personOf(asked.user);
  if (user === null) return before;
  const isOfChoice = named(before.chosenOn, user) === moment.from;
  if (doneIn(moment) === null)
    return isOfChoice ? { ...before, untaken: filed(before.untaken, user, saidIn(asked.type, moment.body)) } : before;
  const says = saidIn(asked.type, moment.body);
  const byServer = deviceOf(before.accounts, moment.from) === null;
  const chosen = named(before.chosen, user);
  const isChosen = witness.honest(moment.from) && chosen !== undefined && saysOf(chosen) === says;
  const word: Word = { says, byServer, ...(isChosen ? { isChosen } : {}) };
  return {
    ...before,
    untaken: isOfChoice ? without(before.untaken, user) : before.untaken,
    written: filed(before.written, user, filed(named(before.written, user) ?? {}, asked.type, word)),
  };
};

/** A client asks for the preference under a name that it knows. */
const reading = (before: Preferences, moment: Extract<Moment, { kind: 'request' }>): Preferences => {
  const asked = askedIn(moment);
  if (asked?.asks !== 'account data' || !types.includes(asked.type)) return before;
  const { from } = moment;
  return { ...before, read: { ...before.read, [from]: among(before.read[from] ?? [], asked.type) } };
};

const showing = (before: Preferences, moment: Extract<Moment, { kind: 'forged' }>): Preferences => {
  const { victim, accountData: type = '' } = moment;
  if (victim === null) return before;
  if (moment.isTruthAgain === true) return { ...before, lies: filed(before.lies, victim, {}) };
  if (!types.includes(type)) return before;
  const says: Says = moment.after === null ? 'nothing' : saidIn(type, moment.after);
  const word: Word = { says, byServer: true };
  return { ...before, lies: filedIn(before.lies, victim, type, word) };
};

/** What a client is shown under the names that it asks for: what stands under one that it never asked for leads it nowhere. */
const shownTo = ({ written, lies, read }: Preferences, player: PlayerId, witness: Witness): readonly Word[] =>
  Object.entries({ ...named(written, witness.ownerOf(player) ?? ''), ...lies[player] }).flatMap(([type, word]) =>
    read[player]?.includes(type) === false ? [] : [word],
  );

/** Whether its user did choose what stands there: in the end, or when it was written, where a later word of hers was never taken. */
export const choseWhatStands = (memory: Preferences, player: PlayerId, isOn: boolean, witness: Witness): boolean =>
  named(memory.chosen, witness.ownerOf(player) ?? '') === isOn ||
  shownTo(memory, player, witness).some(({ says, isChosen }) => isChosen === true && says === saysOf(isOn));

/** What a client goes by now, beside what stands in the account and what it is shown. */
const deciding = (memory: Preferences, player: PlayerId, { isOn, why }: Decision, witness: Witness): Decided => {
  const truth = named(memory.written, witness.ownerOf(player) ?? '') ?? {};
  const seen = shownTo(memory, player, witness);
  const says: readonly Says[] = why === 'preference' ? [saysOf(isOn)] : ['nothing', 'unusable'];
  const stands = Object.values(truth);
  return {
    isOn,
    why,
    // Where somebody else has written the same under another name, the server's word changed nothing.
    isMisled:
      why !== 'user' &&
      seen.some((word) => word.byServer && says.includes(word.says)) &&
      !(why === 'preference' && seen.some((word) => !word.byServer && says.includes(word.says))),
    found: stands.some((word) => word.says === 'on' || word.says === 'off')
      ? 'value'
      : stands.length > 0
        ? 'unusable'
        : 'nothing',
  };
};

export const preferencesAfter = (before: Preferences, moment: Moment, step: Step, witness: Witness): Preferences => {
  const accounts = accountsAfter(before.accounts, moment);
  const now = accounts === before.accounts ? before : { ...before, accounts };
  return isStory(step) ? inStory(asCopied(now, moment, 'decided', 'read'), moment, witness) : now;
};

const inStory = (before: Preferences, moment: Moment, witness: Witness): Preferences => {
  switch (moment.kind) {
    case 'acted': {
      const user = witness.ownerOf(moment.player) ?? '';
      const isOn = choiceIn(moment);
      // What is chosen on a client that leaves the preference alone is chosen for that client, and so it is on one that does not know it.
      const isLocal = witness.option(moment.player, 'preference') === 'ignore';
      if (isOn === null || isLocal || !witness.honest(moment.player)) return before;
      if (witness.implementsText(moment.player, 'MSC4287')) return chooses(before, user, moment.player, isOn);
      // Where nobody has chosen for all, there is nothing to be chosen otherwise.
      if (named(before.chosen, user) === undefined) return before;
      const chosenThere = (isOn ? noted : unnoted)(before.chosenThere, user, moment.player);
      return { ...before, chosenThere };
    }
    case 'stored': {
      if (moment.patch.patch !== 'backup preference') return before;
      const { isOn, why } = moment.patch;
      const { player } = moment;
      const user = witness.ownerOf(player) ?? '';
      const isAnswer =
        why === 'user' && witness.option(player, 'preference') !== 'ignore' && takesPart(player, witness);
      const decision = deciding(before, player, { isOn, why }, witness);
      const after = { ...before, decided: { ...before.decided, [player]: decision } };
      return isAnswer ? chooses(after, user, player, isOn) : after;
    }
    case 'request': {
      // A login whose answer got lost has made no client.
      if (toldAs(moment, 'log in') === null) return writing(reading(before, moment), moment, witness);
      const user = witness.ownerOf(moment.from);
      if (user === null || !witness.implementsText(moment.from, 'MSC4287')) return before;
      const isAnother = named(before.chosenOn, user) === moment.from;
      const now = isAnother ? { ...before, chosenOn: filed(before.chosenOn, user, null) } : before;
      const hasChosen = chosenFor(now, user, moment.from) !== undefined;
      return { ...now, newcomers: { ...before.newcomers, [moment.from]: hasChosen } };
    }
    case 'forged':
      return showing(before, moment);
    default:
      return before;
  }
};

/** A client that takes part goes by something anew. */
export const decisionIn = (moment: Moment, witness: Witness): (Decision & { readonly player: PlayerId }) | null =>
  moment.kind === 'stored' && moment.patch.patch === 'backup preference' && takesPart(moment.player, witness)
    ? { player: moment.player, isOn: moment.patch.isOn, why: moment.patch.why }
    : null;
