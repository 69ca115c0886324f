import { clausesOf } from '../../machines/acceptances.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { loginOf, userOf } from './evidence/accounts.ts';
import {
  type Authors,
  authorsAfter,
  type Message,
  messageIn,
  noAuthors,
  timesShown,
  timesWritten,
  type Word,
} from './evidence/authors.ts';
import { invitersOf } from './evidence/rooms.ts';
import { isSignedThief, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = Authors & { readonly signed: Signed };

/** Whether the sender is an honest person, of whom it is known what they wrote. */
const isKnown = (witness: Witness, { sender }: Message): boolean =>
  witness.devicesOf(witness.personOf(sender) ?? '').length > 0;

/** Who has to be named beside the author: whoever handed the key on, unless that is the author, or the reader themselves. */
const owedTo = (memory: Authors, { player, sender }: Message, word: Word | null) =>
  word?.is === 'vouched' && word.by !== sender && word.by !== userOf(memory.accounts, player) ? word.by : null;

type Finding = Pick<Break, 'why' | 'acceptedBy'>;
const never = (why: string): Finding => ({ why, acceptedBy: null });

/** Whether it is said truly on whose word a message rests. */
const misnamed = (memory: Authors, witness: Witness, message: Message, word: Word | null): Finding | null => {
  const { player, sender, sharedBy } = message;
  if (sharedBy === sender) return never(`${player} is told that ${sender} shared what ${sender} wrote`);
  if (word?.is === 'unnamed' && sharedBy === null)
    return never(`${player} has forgotten on whose word it rests that ${sender} wrote this`);
  const owed = owedTo(memory, message, word);
  if (owed !== sharedBy)
    return never(
      sharedBy === null
        ? `${player} is not told that it rests on the word of ${owed} that ${sender} wrote this`
        : `${player} is told that ${sharedBy} vouches for a message${owed === null ? ', and nobody has to' : ` for which ${owed} does`}`,
    );
  return owed !== null && !message.isLabelled && witness.isMeantBy(player, '4268-label-messages')
    ? never(`${player} does not see at the message that it rests on the word of ${owed}`)
    : null;
};

/** Whether its author wrote it, and as often as it is shown. */
const untrue = (memory: Memory, witness: Witness, message: Message, word: Word | null): Finding | null => {
  if (message.isWarned || !isKnown(witness, message)) return null;
  const { player, sender, sharedBy } = message;
  const times = timesWritten(memory, message);
  if (times === 0)
    return {
      why: `${player} is shown as ${sender}’s what ${sender} never wrote${sharedBy === null ? '' : `, on the word of ${sharedBy}`}`,
      acceptedBy: acceptedFor(memory, witness, message, word),
    };
  return timesShown(memory, message) <= times
    ? null
    : never(`${player} is shown again, as though ${sender} had said it again, what they said ${times} times`);
};

/** The clause that concedes a false author, where the device's text has it in force. */
const acceptedFor = (memory: Memory, witness: Witness, message: Message, word: Word | null) => {
  const clause = concededIn(memory, witness, message, word);
  return clause === null ? null : concededBy(witness, message.player, clause);
};

const concededIn = (memory: Memory, witness: Witness, message: Message, word: Word | null) => {
  if (word?.is === 'backup')
    // MSC4268, "Out-of-scope": a backup does not say who handed on what a device has put there. What somebody else put there it does not mean.
    return word.before?.is === 'vouched' && isFalselyOwned(memory, message)
      ? '4268-forwarder-in-backup-out-of-scope'
      : word.before !== null && isFromThief(memory, witness, message, word.before)
        ? '4147-stolen-device'
        : null;
  if (word !== null && isFromThief(memory, witness, message, word)) return '4147-stolen-device';
  // MSC4268, "Security considerations": whoever invites may say falsely whose a session in their bundle is.
  return word?.is === 'vouched' && word.how === 'bundle' && isByInviter(memory, message, word.by)
    ? isFalselyOwned(memory, message)
      ? '4268-no-authoritative-sender'
      : null
    : null;
};

/** Under a session of the author's own nobody who handed it on has said anything false. */
const isFalselyOwned = ({ makers }: Authors, { sessionId, sender }: Message): boolean => makers[sessionId] !== sender;

const isByInviter = (memory: Authors, { player, room }: Message, by: string): boolean => {
  return invitersOf(memory, room, userOf(memory.accounts, player) ?? '').includes(by);
};

/**
 * MSC4147, "Security considerations", of a device that has been logged out: the key came from the very device of the author's that a
 * thief has, signed as they left it, and gone since.
 */
const isFromThief = (memory: Memory, witness: Witness, { sender }: Message, word: Word): boolean => {
  if (word.is !== 'first-hand' || word.user !== sender) return false;
  const login = loginOf(memory.accounts, sender, word.device ?? '');
  return login?.isGone === true && isSignedThief(memory.signed, witness, login.by);
};

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const signed = signedAfter(before.signed, moment, step, witness);
  const authors = authorsAfter(before, moment, witness);
  const memory = authors === before && signed === before.signed ? before : { ...before, ...authors, signed };
  const message = messageIn(moment);
  if (message === null || !witness.honest(message.player)) return { memory };
  const { player, room, event, sessionId } = message;
  const word = memory.words[player]?.[sessionId] ?? null;
  const found = misnamed(memory, witness, message, word) ?? untrue(memory, witness, message, word);
  const breaks = found === null ? [] : [{ at: player, about: { is: 'event', room, event } as const, ...found }];
  return { memory, breaks, shadow: found === null && message.sharedBy !== null };
};

export const attributionHonesty: Guarantee<Memory> = {
  id: 'attribution-honesty',
  kind: 'always',
  accepts: clausesOf('attribution-honesty'),
  begin: { ...noAuthors, signed: noneSigned },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
