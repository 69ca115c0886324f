import { clausesOf } from '../../machines/acceptances.ts';
import type { Break } from '../engine/breaks.ts';
import { asCopied, type Copied, forgetting, noneCopied } from './evidence/beginning.ts';
import { type AccountConsent, accountConsentAfter, noAccountConsent } from './evidence/consent-in-accounts.ts';
import { noRoomConsent, type RoomConsent, roomConsentAfter, roomConsentIn } from './evidence/consent-in-rooms.ts';
import { decisionIn } from './evidence/preferences.ts';
import { secretStored } from './evidence/secrets.ts';
import type { Guarantee } from './types.ts';
import { some } from './watching.ts';

type Memory = Copied & {
  /** Device → secret names its user has been told of and not yet seen stored. */
  readonly told: { readonly [player: string]: readonly string[] };
  readonly rooms: RoomConsent;
  readonly accounts: AccountConsent;
};

/** Said when a client does what the account data say. */
const PREFERENCE = 'backup preference followed';
const about = new Set(['secret pushed', 'secret replaced']);

export const consentAwareness: Guarantee<Memory> = {
  id: 'consent-awareness',
  kind: 'always',
  accepts: clausesOf('consent-awareness'),
  begin: { ...noneCopied, told: {}, rooms: noRoomConsent, accounts: noAccountConsent },
  see: (memory, step, witness) => {
    let { copied, told, rooms } = memory;
    const inAccounts = accountConsentAfter(memory.accounts, rooms.pinned, step, witness);
    const breaks: Break[] = [...inAccounts.breaks];
    let shadow = inAccounts.isTold;
    const shadowOf: string[] = [];
    for (const moment of step.moments) {
      ({ copied, told, rooms } = asCopied(forgetting({ copied, told, rooms }, moment), moment, 'told'));
      rooms = roomConsentAfter(rooms, moment);
      const inRooms = roomConsentIn(rooms, moment, witness);
      breaks.push(...some(inRooms.broken));
      shadow = shadow || inRooms.isTold;
      if (moment.kind === 'shown' && about.has(moment.notice.about)) {
        const name = String(moment.notice.name);
        told = { ...told, [moment.player]: [...new Set([...(told[moment.player] ?? []), name])] };
      }
      if (moment.kind === 'shown' && moment.notice.about === PREFERENCE)
        told = { ...told, [moment.player]: [...new Set([...(told[moment.player] ?? []), PREFERENCE])] };
      const decision = decisionIn(moment, witness);
      if (decision !== null && decision.why === 'preference') {
        const known = told[decision.player] ?? [];
        if (known.includes(PREFERENCE)) shadow = true;
        else
          breaks.push({
            at: decision.player,
            about: { is: 'preference', user: witness.ownerOf(decision.player) ?? '' },
            why: `${decision.player} goes by the account data and tells nobody`,
            acceptedBy: null,
          });
        told = { ...told, [decision.player]: known.filter((name) => name !== PREFERENCE) };
      }
      const stored = secretStored(moment);
      if (stored === null || !witness.honest(stored.player) || stored.patch.held.origin.how !== 'push') continue;
      const known = told[stored.player] ?? [];
      if (known.includes(stored.patch.name)) shadowOf.push(stored.patch.name);
      else
        breaks.push({
          at: stored.player,
          about: { is: 'secret', user: witness.ownerOf(stored.player) ?? '', name: stored.patch.name },
          why: `${stored.player} replaces ${stored.patch.name} and tells nobody`,
          acceptedBy: null,
        });
      told = { ...told, [stored.player]: known.filter((name) => name !== stored.patch.name) };
    }
    return {
      memory: { copied, told, rooms, accounts: inAccounts.memory },
      breaks,
      shadow: shadow || shadowOf.length > 0,
      shadowOf,
    };
  },
};
