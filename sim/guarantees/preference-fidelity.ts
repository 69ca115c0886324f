import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, hasLeft } from './evidence/accounts.ts';
import { doneIn } from './evidence/asked.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import {
  chosenFor,
  decisionIn,
  noPreferences,
  type Preferences,
  preferencesAfter,
  takesPart,
} from './evidence/preferences.ts';
import { againstRefusal, type Refusals, refusalsAfter } from './evidence/refusals.ts';
import { uploadsRoomKeys } from './evidence/requests.ts';
import { admission } from './server-distrust.ts';
import type { Guarantee, Witness } from './types.ts';
import { some, throughout } from './watching.ts';

/** Device → rooms into which its person has asked somebody, for whom a bundle is made now or once they have another device. */
type Inviting = Readonly<Record<PlayerId, readonly RoomId[]>>;
type Memory = Copied & {
  readonly preferences: Preferences;
  readonly refusals: Refusals;
  readonly inviting: Inviting;
};

/**
 * A client that signed in before its user chose may go on as it was, where the text does not have it watch ("Not actively monitoring
 * this setting"): not the one on which she chose, and not one that has come to stop.
 */
const goesOn = (
  player: PlayerId,
  user: string,
  { newcomers, chosenOn, decided }: Preferences,
  witness: Witness,
): ClauseId | null => {
  if (newcomers[player] === true || !witness.implementsText(player, 'MSC4287')) return null;
  if (named(chosenOn, user) === player || decided[player]?.isOn === false) return null;
  return concededBy(witness, player, '4287-no-required-monitoring');
};

/** A client that goes by a forged yes uploads in consequence: what lets it be led lets it do that. */
const isLedOn = (player: PlayerId, now: Preferences, witness: Witness): ClauseId | null =>
  now.decided[player]?.isOn === true ? admission(player, now, witness) : null;

const decidedAgainst = (memory: Preferences, moment: Moment, witness: Witness): Break | null => {
  const decision = decisionIn(moment, witness);
  if (decision === null || decision.why === 'user') return null;
  const user = witness.ownerOf(decision.player) ?? '';
  const chosen = chosenFor(memory, user, decision.player);
  if (chosen === undefined || chosen === decision.isOn) return null;
  return {
    at: decision.player,
    about: { is: 'preference', user },
    why: `${decision.player} ${decision.isOn ? 'backs up' : 'backs up nothing'}, and ${user} chose otherwise`,
    acceptedBy: admission(decision.player, memory, witness),
  };
};

const uploadedAgainst = (memory: Preferences, moment: Moment, witness: Witness): Break | null => {
  if (!uploadsRoomKeys(moment) || !witness.honest(moment.from)) return null;
  const user = witness.ownerOf(moment.from) ?? '';
  if (chosenFor(memory, user, moment.from) !== false) return null;
  // Whoever leaves the preference alone is nobody's concern here.
  if (witness.implementsText(moment.from, 'MSC4287') && !takesPart(moment.from, witness)) return null;
  return {
    at: moment.from,
    about: { is: 'preference', user },
    why: `${moment.from} uploads room keys, and ${user} chose that nothing is backed up`,
    acceptedBy: goesOn(moment.from, user, memory, witness) ?? isLedOn(moment.from, memory, witness),
  };
};

const asksIn: readonly string[] = ['invite', 'confirm invite'];

const invitingAfter = (before: Inviting, moment: Moment): Inviting => {
  if (moment.kind !== 'acted' || !asksIn.includes(moment.what)) return before;
  const room = stringAt(moment.detail, 'room');
  return room === undefined ? before : filed(before, moment.player, among(before[moment.player] ?? [], room));
};

/** A client that has come to back up nothing, or one that has signed in after the choice and come to nothing yet. */
const goesWithout = (player: PlayerId, { decided, newcomers }: Preferences): boolean =>
  decided[player] === undefined ? newcomers[player] === true : !decided[player].isOn;

/**
 * A client that backs up nothing looks into the backup all the same. For whoever is being invited into that very room the proposal has
 * it so, without exception ("Room key bundle format"); the specification makes one.
 */
const fetchedAgainst = ({ preferences, inviting }: Memory, moment: Moment, witness: Witness): Break | null => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'download room keys' || asked.room === null) return null;
  if (!witness.honest(moment.from)) return null;
  const player = moment.from;
  const user = witness.ownerOf(player) ?? '';
  if (chosenFor(preferences, user, player) !== false || !goesWithout(player, preferences)) return null;
  const isAsked =
    inviting[player]?.includes(asked.room) === true && !witness.isMeantBy(player, '4268-backup-only-in-use');
  return {
    at: player,
    about: { is: 'room', room: asked.room },
    why: `${player} fetches room keys from the backup, and ${user} chose to do without one`,
    acceptedBy: isAsked ? concededBy(witness, player, '4268-backup-download-first') : null,
  };
};

export const preferenceFidelity: Guarantee<Memory> = {
  id: 'preference-fidelity',
  kind: 'finally',
  accepts: clausesOf('preference-fidelity'),
  begin: { ...noneCopied, preferences: noPreferences, refusals: {}, inviting: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (earlier, moment) => {
      const before = asCopied(earlier, moment, 'refusals');
      const preferences = preferencesAfter(before.preferences, moment, step, witness);
      const decision = decisionIn(moment, witness);
      const user = decision === null ? null : witness.ownerOf(decision.player);
      return {
        memory: {
          copied: before.copied,
          preferences,
          refusals: refusalsAfter(before.refusals, moment),
          inviting: invitingAfter(before.inviting, moment),
        },
        breaks: some(
          againstRefusal(before.refusals, moment, witness),
          decidedAgainst(preferences, moment, witness),
          uploadedAgainst(preferences, moment, witness),
          fetchedAgainst({ ...before, preferences }, moment, witness),
        ),
        shadow:
          decision !== null &&
          decision.why !== 'user' &&
          chosenFor(preferences, user ?? '', decision.player) === decision.isOn,
      };
    }),
  concerns: ({ preferences }) => Object.keys(preferences.chosen).length > 0,
  end: ({ preferences }, witness) => {
    const { newcomers, decided, accounts } = preferences;
    return Object.entries(newcomers).flatMap(([player, isAfter]) =>
      isAfter &&
      // Who has come to nothing yet goes without, be it that its person was asked and says nothing: that is what she chose.
      chosenFor(preferences, witness.ownerOf(player) ?? '', player) !== false &&
      !hasLeft(accounts, player) &&
      takesPart(player, witness) &&
      // A client that cannot back up decides nothing.
      witness.implementsText(player, 'MSC1219') &&
      decided[player] === undefined
        ? [
            {
              at: player,
              about: { is: 'preference', user: witness.ownerOf(player) ?? '' } as const,
              why: `${player} never comes to do as its user chose`,
              acceptedBy: null,
            },
          ]
        : [],
    );
  },
};
