/** What guarantees about the backup preference remember alike: what a user chose, and what each client goes by. */
import { isObject, stringAt } from '../../../machines/json.ts';
import { named } from '../../names.ts';
import type { Moment, PlayerId, Step } from '../../types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import { askedIn, doneIn } from './asked.ts';
import type { Refusals } from './refusals.ts';

type Why = 'preference' | 'own default' | 'user';
export type Decision = { readonly isOn: boolean; readonly why: Why };

export type Preferences = {
  /** User → whether there is to be a backup, by what she last did on a client that records it. */
  readonly chosen: { readonly [user: string]: boolean };
  /** Device → what it goes by. */
  readonly decided: { readonly [player: PlayerId]: Decision };
  /** Devices that were logged in in the story, after their user had chosen (`true`) or before. */
  readonly newcomers: { readonly [player: PlayerId]: boolean };
  /** Users of whom a server, or a thief, says what they did not. */
  readonly lied: readonly string[];
  /** Absent as long as nobody was asked about a new backup version. */
  readonly refusals?: Refusals;
};
export const noPreferences: Preferences = { chosen: {}, decided: {}, newcomers: {}, lied: [] };

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

/** What somebody chose by what they did; `null`: nothing. */
const choiceIn = (moment: Extract<Moment, { kind: 'acted' }>): boolean | null => {
  if (moment.what !== 'set account data') return turns.get(moment.what) ?? null;
  const content: unknown = JSON.parse(stringAt(moment.detail, 'content') ?? '{}');
  if (!isObject(content)) return null;
  if (moment.detail.type === 'm.key_backup') return typeof content.enabled === 'boolean' ? content.enabled : null;
  return moment.detail.type === 'm.org.matrix.custom.backup_disabled' && typeof content.disabled === 'boolean'
    ? !content.disabled
    : null;
};

const liedAbout = (before: Preferences, user: string): Preferences =>
  before.lied.includes(user) ? before : { ...before, lied: [...before.lied, user] };

export const preferencesAfter = (before: Preferences, moment: Moment, step: Step, witness: Witness): Preferences => {
  if (!isStory(step)) return before;
  switch (moment.kind) {
    case 'acted': {
      const user = witness.ownerOf(moment.player);
      const isOn = choiceIn(moment);
      // What is chosen on a client that leaves the preference alone is chosen for that client.
      const isLocal = witness.option(moment.player, 'preference') === 'ignore';
      if (user === null || isOn === null || isLocal || !witness.honest(moment.player)) return before;
      return witness.implementsText(moment.player, 'MSC4287')
        ? { ...before, chosen: { ...before.chosen, [user]: isOn } }
        : before;
    }
    case 'stored': {
      if (moment.patch.patch !== 'backup preference') return before;
      const { isOn, why } = moment.patch;
      const user = witness.ownerOf(moment.player);
      const isAnswer =
        why === 'user' &&
        user !== null &&
        witness.option(moment.player, 'preference') !== 'ignore' &&
        takesPart(moment.player, witness);
      return {
        ...before,
        decided: { ...before.decided, [moment.player]: { isOn, why } },
        ...(isAnswer ? { chosen: { ...before.chosen, [user]: isOn } } : {}),
      };
    }
    case 'request': {
      if (doneIn(moment)?.asks === 'log in') {
        const user = witness.ownerOf(moment.from);
        if (user === null || !witness.implementsText(moment.from, 'MSC4287')) return before;
        return {
          ...before,
          newcomers: { ...before.newcomers, [moment.from]: named(before.chosen, user) !== undefined },
        };
      }
      // A thief writes what the user did not choose.
      const asked = askedIn(moment);
      if (asked?.asks !== 'set account data' || witness.honest(moment.from)) return before;
      return liedAbout(before, witness.personOf(asked.user) ?? '');
    }
    case 'forged': {
      const user = moment.victim === null ? null : witness.ownerOf(moment.victim);
      const isHeard = moment.victim !== null && witness.implementsText(moment.victim, 'MSC4287');
      return user !== null && isHeard && moment.accountData !== undefined ? liedAbout(before, user) : before;
    }
    default:
      return before;
  }
};

/** A client that takes part goes by something anew. */
export const decisionIn = (moment: Moment, witness: Witness): (Decision & { readonly player: PlayerId }) | null =>
  moment.kind === 'stored' && moment.patch.patch === 'backup preference' && takesPart(moment.player, witness)
    ? { player: moment.player, isOn: moment.patch.isOn, why: moment.patch.why }
    : null;
