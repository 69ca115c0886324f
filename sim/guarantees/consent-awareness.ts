import { clausesOf } from '../../machines/acceptances.ts';
import { own, sameJson, stringAt } from '../../machines/json.ts';
import type { StorePatch } from '../../machines/store.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { filed, filedOrNot } from './evidence/accounts.ts';
import { asCopied, type Copied, forgetting, noneCopied } from './evidence/beginning.ts';
import { type AccountConsent, accountConsentAfter, noAccountConsent } from './evidence/consent-in-accounts.ts';
import { noRoomConsent, type RoomConsent, roomConsentAfter, roomConsentIn } from './evidence/consent-in-rooms.ts';
import { decisionIn } from './evidence/preferences.ts';
import { secretStored } from './evidence/secrets.ts';
import type { Guarantee } from './types.ts';
import { some } from './watching.ts';

/** What a person was told: of a secret that a device of theirs sent, or of what the account data say. */
type Word =
  | { readonly of: 'secret'; readonly name: string; readonly device: string; readonly public: string | null }
  | { readonly of: 'preference'; readonly isOn: boolean };

type Memory = Copied & {
  /** Device → what its user has been told of and not yet seen done. */
  readonly told: Readonly<Record<PlayerId, readonly Word[]>>;
  readonly rooms: RoomConsent;
  readonly accounts: AccountConsent;
};

const ofSecrets: readonly string[] = ['secret pushed', 'secret replaced'];

/** What a person is told in a moment, and on which device; `null`: nothing of that. */
const wordIn = (moment: Moment): { readonly player: PlayerId; readonly word: Word } | null => {
  if (moment.kind !== 'shown') return null;
  const { player, notice } = moment;
  if (notice.about === 'backup preference followed')
    return { player, word: { of: 'preference', isOn: notice.isOn === true } };
  if (!ofSecrets.includes(notice.about)) return null;
  const [name, device] = [stringAt(notice, 'name') ?? '', stringAt(notice, 'device') ?? ''];
  return { player, word: { of: 'secret', name, device, public: stringAt(notice, 'public') ?? null } };
};

/** A person turns down a push. */
const isRefusal = (moment: Moment): moment is Extract<Moment, { kind: 'heard' }> =>
  moment.kind === 'heard' &&
  (moment.chart === 'secret-push' || moment.chart === 'secret-send') &&
  moment.event.type === 'user.refuses';

/** Whether a person was told of a secret that is kept now: which one, and of whom. What is replaced is not always named by its public half. */
const isWordOf = ({ name, held }: Extract<StorePatch, { patch: 'secret' }>, word: Word): boolean =>
  word.of === 'secret' &&
  word.name === name &&
  held.origin.how === 'push' &&
  word.device === held.origin.device &&
  (word.public === null || held.public === null || word.public === held.public);

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
    const use = (player: PlayerId, isIt: (word: Word) => boolean): boolean => {
      const known = own(told, player) ?? [];
      const left = known.filter((word) => !isIt(word));
      if (left.length < known.length) told = filedOrNot(told, player, left.length === 0 ? null : left);
      return left.length < known.length;
    };
    for (const moment of step.moments) {
      ({ copied, told, rooms } = asCopied(forgetting({ copied, told, rooms }, moment), moment, 'told'));
      rooms = roomConsentAfter(rooms, moment);
      const inRooms = roomConsentIn(rooms, moment, witness);
      breaks.push(...some(inRooms.broken));
      shadow = shadow || inRooms.isTold;
      const said = wordIn(moment);
      if (said !== null) {
        const known = own(told, said.player) ?? [];
        if (!known.some((one) => sameJson(one, said.word))) told = filed(told, said.player, [...known, said.word]);
      }
      // What they were asked about and would not have they are told of anew if it is taken all the same.
      if (isRefusal(moment)) use(moment.player, ({ of }) => of === 'secret');
      const decision = decisionIn(moment, witness);
      if (decision !== null && decision.why === 'preference') {
        const { player, isOn } = decision;
        if (use(player, (one) => one.of === 'preference' && one.isOn === isOn)) shadow = true;
        else
          breaks.push({
            at: player,
            about: { is: 'preference', user: witness.ownerOf(player) ?? '' },
            why: `${player} goes by the account data and tells nobody`,
            acceptedBy: null,
          });
      }
      const stored = secretStored(moment);
      if (stored === null || !witness.honest(stored.player) || stored.patch.held.origin.how !== 'push') continue;
      const { player, patch } = stored;
      if (use(player, (one) => isWordOf(patch, one))) shadowOf.push(patch.name);
      else
        breaks.push({
          at: player,
          about: { is: 'secret', user: witness.ownerOf(player) ?? '', name: patch.name },
          why: `${player} replaces ${patch.name} and tells nobody`,
          acceptedBy: null,
        });
    }
    return {
      memory: { copied, told, rooms, accounts: inAccounts.memory },
      breaks,
      shadow: shadow || shadowOf.length > 0,
      shadowOf,
    };
  },
};
