import { named } from '../names.ts';
import type { Moment, PlayerId } from '../types.ts';
import { doneIn } from './evidence/asked.ts';
import { decisionIn, noPreferences, type Preferences, preferencesAfter, takesPart } from './evidence/preferences.ts';
import { againstRefusal, refusalsAfter } from './evidence/refusals.ts';
import { uploadsRoomKeys } from './evidence/requests.ts';
import { admission } from './server-distrust.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { some, throughout } from './watching.ts';

/** A client that signed in before its user chose may go on as it was, where the text does not have it watch. */
const goesOn = (player: PlayerId, { newcomers }: Preferences, witness: Witness): string | null => {
  if (newcomers[player] === true || !witness.implementsText(player, 'MSC4287')) return null;
  return witness.isMeantBy(player, '4287-no-required-monitoring') && !witness.off(player, '4287-no-required-monitoring')
    ? '4287-no-required-monitoring'
    : null;
};

/** A client that goes by a forged yes uploads in consequence: what lets it be led lets it do that. */
const isLedOn = (player: PlayerId, user: string, { decided, lied }: Preferences, witness: Witness): string | null => {
  const isLed = decided[player]?.isOn === true && decided[player].why === 'preference' && lied.includes(user);
  return isLed ? admission(player, true, witness) : null;
};

const decidedAgainst = (memory: Preferences, moment: Moment, witness: Witness): Break | null => {
  const decision = decisionIn(moment, witness);
  if (decision === null || decision.why === 'user') return null;
  const user = witness.ownerOf(decision.player) ?? '';
  const chosen = named(memory.chosen, user);
  if (chosen === undefined || chosen === decision.isOn) return null;
  return {
    at: decision.player,
    about: { is: 'preference', user },
    why: `${decision.player} ${decision.isOn ? 'backs up' : 'backs up nothing'}, and ${user} chose otherwise`,
    acceptedBy: memory.lied.includes(user) ? admission(decision.player, decision.isOn, witness) : null,
  };
};

const uploadedAgainst = (memory: Preferences, moment: Moment, witness: Witness): Break | null => {
  if (!uploadsRoomKeys(moment) || !witness.honest(moment.from)) return null;
  const user = witness.ownerOf(moment.from) ?? '';
  if (named(memory.chosen, user) !== false) return null;
  // Whoever leaves the preference alone is nobody's concern here.
  if (witness.implementsText(moment.from, 'MSC4287') && !takesPart(moment.from, witness)) return null;
  return {
    at: moment.from,
    about: { is: 'preference', user },
    why: `${moment.from} uploads room keys, and ${user} chose that nothing is backed up`,
    acceptedBy: goesOn(moment.from, memory, witness) ?? isLedOn(moment.from, user, memory, witness),
  };
};

/** A client that backs up nothing looks into the backup all the same: for whoever is invited, as the text has it without exception. */
const fetchedAgainst = (memory: Preferences, moment: Moment, witness: Witness): Break | null => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'download room keys' || asked.room === null) return null;
  if (!witness.honest(moment.from)) return null;
  const player = moment.from;
  const user = witness.ownerOf(player) ?? '';
  if (named(memory.chosen, user) !== false || memory.decided[player]?.isOn !== false) return null;
  const isAsked = witness.isMeantBy(player, '4268-backup-download-first');
  return {
    at: player,
    about: { is: 'preference', user },
    why: `${player} fetches room keys from the backup, and ${user} chose to do without one`,
    acceptedBy: isAsked && !witness.off(player, '4268-backup-download-first') ? '4268-backup-download-first' : null,
  };
};

export const preferenceFidelity: Guarantee<Preferences> = {
  id: 'preference-fidelity',
  kind: 'finally',
  accepts: [
    '4287-no-required-monitoring',
    '4287-forced-on-attack',
    '4287-forced-off-attack',
    '4268-backup-download-first',
  ],
  begin: noPreferences,
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const { refusals = {} } = before;
      const refused = refusalsAfter(refusals, moment);
      const after = preferencesAfter(before, moment, step, witness);
      const now = refused === refusals ? after : { ...after, refusals: refused };
      const decision = decisionIn(moment, witness);
      const user = decision === null ? null : witness.ownerOf(decision.player);
      return {
        memory: now,
        breaks: some(
          againstRefusal(refusals, moment, witness),
          decidedAgainst(now, moment, witness),
          uploadedAgainst(now, moment, witness),
          fetchedAgainst(now, moment, witness),
        ),
        shadow: decision !== null && decision.why !== 'user' && named(now.chosen, user ?? '') === decision.isOn,
      };
    }),
  concerns: ({ chosen }) => Object.keys(chosen).length > 0,
  end: ({ newcomers, decided }, witness) =>
    Object.entries(newcomers).flatMap(([player, isAfter]) =>
      isAfter &&
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
    ),
};
