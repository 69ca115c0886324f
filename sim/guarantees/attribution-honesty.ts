import { stringAt } from '../../machines/json.ts';
import type { HeldRoomKey, RoomId } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { type Accounts, accountsAfter, among, filed, noAccounts, userOf } from './evidence/accounts.ts';
import { keysStored, shownAs } from './evidence/requests.ts';
import { isVouchedFor, printOf } from './evidence/room-keys.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

/** On whose word a device holds a session: a user's, a backup's (which forgets), or that of somebody it does not name. */
type Word = { readonly by: UserId } | 'backup' | 'unnamed';

type Memory = {
  readonly accounts: Accounts;
  /** `<room> <user>` → prints of what they wrote there. */
  readonly wrote: Readonly<Record<string, readonly string[]>>;
  /** Device → session → on whose word, where it is not first-hand. */
  readonly words: Readonly<Record<PlayerId, Readonly<Record<string, Word>>>>;
  /** Devices whose person has given them a key file. */
  readonly importers: readonly PlayerId[];
};

/** An honest person writes; `null` for other moments. */
const writing = (memory: Memory, moment: Moment): Memory => {
  if (moment.kind !== 'acted') return memory;
  if (moment.what === 'import room keys') return { ...memory, importers: among(memory.importers, moment.player) };
  if (moment.what !== 'send') return memory;
  const user = userOf(memory.accounts, moment.player);
  const room = stringAt(moment.detail, 'room');
  if (user === null || room === undefined) return memory;
  const place = `${room} ${user}`;
  const known = memory.wrote[place] ?? [];
  const now = among(known, printOf(stringAt(moment.detail, 'text') ?? ''));
  return now === known ? memory : { ...memory, wrote: filed(memory.wrote, place, now) };
};

/** What a device files as from a key file that nobody gave it came from somebody, whom it has forgotten. */
const wordOf = ({ importers }: Memory, player: PlayerId, held: HeldRoomKey): Word | null => {
  const { origin } = held;
  if (isVouchedFor(held) && 'user' in origin) return { by: origin.user };
  if (origin.how === 'backup') return 'backup';
  return origin.how === 'export' && !importers.includes(player) ? 'unnamed' : null;
};

const remembering = (before: Memory, moment: Moment): Memory => {
  const accounts = accountsAfter(before.accounts, moment);
  let memory = writing(accounts === before.accounts ? before : { ...before, accounts }, moment);
  for (const { player, held } of keysStored(moment)) {
    const id = held.session.sessionId;
    const own = memory.words[player] ?? {};
    const word = wordOf(memory, player, held);
    if (JSON.stringify(own[id] ?? null) === JSON.stringify(word)) continue;
    const { [id]: _, ...others } = own;
    memory = { ...memory, words: filed(memory.words, player, word === null ? others : filed(own, id, word)) };
  }
  return memory;
};

type Message = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly sender: UserId;
  readonly text: string;
  readonly sharedBy: UserId | null;
  readonly isWarned: boolean;
  /** Whether it says so at the message itself. */
  readonly isLabelled: boolean;
  readonly word: Word | null;
};

const messageIn = (memory: Memory, moment: Moment): Message | null => {
  const shown = shownAs(moment, 'message');
  if (shown === null) return null;
  const { player, notice } = shown;
  return {
    player,
    room: stringAt(notice, 'room') ?? '',
    sender: stringAt(notice, 'sender') ?? '',
    text: stringAt(notice, 'message') ?? '',
    sharedBy: stringAt(notice, 'sharedBy') ?? null,
    isWarned: typeof notice.warning === 'string',
    isLabelled: notice.label !== null,
    word: memory.words[player]?.[stringAt(notice, 'session') ?? ''] ?? null,
  };
};

/** Whether the sender is an honest person, of whom it is known what they wrote. */
const isKnown = (witness: Witness, user: UserId): boolean => witness.devicesOf(witness.personOf(user) ?? '').length > 0;

const judge = (memory: Memory, witness: Witness, message: Message): Break | null => {
  const { player, room, sender, text, sharedBy, word, isWarned } = message;
  const at = player;
  if (sharedBy === sender)
    return { at, about: null, why: `${at} is told that ${sender} shared what ${sender} wrote`, acceptedBy: null };
  if (word === 'unnamed' && sharedBy === null)
    return {
      at,
      about: null,
      why: `${at} has forgotten on whose word it rests that ${sender} wrote this`,
      acceptedBy: null,
    };
  const voucher =
    typeof word === 'object' && word !== null && word.by !== userOf(memory.accounts, player) ? word.by : null;
  const owed = voucher === sender ? null : voucher;
  if (owed !== sharedBy)
    return {
      at,
      about: null,
      why:
        sharedBy === null
          ? `${at} is not told that it rests on the word of ${owed} that ${sender} wrote this`
          : `${at} is told that ${sharedBy} vouches for a message${owed === null ? ', and nobody has to' : ` for which ${owed} does`}`,
      acceptedBy: null,
    };
  if (owed !== null && !message.isLabelled && witness.isMeantBy(player, '4268-label-messages'))
    return {
      at,
      about: null,
      why: `${at} does not see at the message that it rests on the word of ${owed}`,
      acceptedBy: null,
    };
  const isTrue = !isKnown(witness, sender) || (memory.wrote[`${room} ${sender}`] ?? []).includes(printOf(text));
  if (isTrue || isWarned) return null;
  return {
    at,
    about: null,
    why: `${at} is shown as ${sender}’s what ${sender} never wrote${sharedBy === null ? '' : `, on the word of ${sharedBy}`}`,
    acceptedBy: acceptedFor(witness, message),
  };
};

/** Why a text says that a false author may be shown. */
const acceptedFor = (witness: Witness, { player, sender, sharedBy, word }: Message) => {
  if (sharedBy !== null)
    return witness.off(player, '4268-no-authoritative-sender') ? null : '4268-no-authoritative-sender';
  if (witness.devicesOf(witness.personOf(sender) ?? '').some(witness.stolen))
    return witness.off(player, '4147-stolen-device') ? null : '4147-stolen-device';
  return word === 'backup' && !witness.off(player, '4268-forwarder-in-backup-out-of-scope')
    ? '4268-forwarder-in-backup-out-of-scope'
    : null;
};

const look = (before: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment);
  const message = messageIn(memory, moment);
  if (message === null || !witness.honest(message.player)) return { memory };
  const broken = judge(memory, witness, message);
  return { memory, breaks: broken === null ? [] : [broken], shadow: broken === null && message.sharedBy !== null };
};

export const attributionHonesty: Guarantee<Memory> = {
  id: 'attribution-honesty',
  kind: 'always',
  accepts: ['4268-no-authoritative-sender', '4147-stolen-device', '4268-forwarder-in-backup-out-of-scope'],
  begin: { accounts: noAccounts, wrote: {}, words: {}, importers: [] },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness)),
};
