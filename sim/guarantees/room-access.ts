import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, deviceOf, filed, filedIn, isGone, userOf } from './evidence/accounts.ts';
import { asCopied } from './evidence/beginning.ts';
import { excuseOf, type Late, lateIn, withoutDevice } from './evidence/going-without.ts';
import { shareableBy } from './evidence/holdings.ts';
import { type Message, type Messages, messagesAfter, rightOf } from './evidence/messages.ts';
import { inviteesIn, type Newcomers, newcomersAfter, noNewcomers } from './evidence/newcomers.ts';
import { notShared, shownAs, storedAs, syncedIn } from './evidence/requests.ts';
import { invitersOf, membershipOf } from './evidence/rooms.ts';
import { isSigned, isSignedLogin } from './evidence/signed.ts';
import { type SignedThen, signedThenAfter, wasSigned } from './evidence/signed-then.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

/** What became of a message at a device: it is read, its user was told why it is not, or there it lies and nobody says anything. */
type Fate = { readonly is: 'read' } | { readonly is: 'told'; readonly reason: string } | { readonly is: 'silent' };

type Memory = Newcomers &
  Messages &
  SignedThen & {
    /** Device → event that came to it → what became of it. */
    readonly fates: Readonly<Record<PlayerId, Readonly<Record<string, Fate>>>>;
    /** Room → user → who has asked them in and could share history → the sessions that they could. */
    readonly could: Readonly<Record<RoomId, Readonly<Record<UserId, Readonly<Record<UserId, readonly string[]>>>>>>;
  };

const fated = (memory: Memory, player: PlayerId, event: string, fate: Fate): Memory => {
  const own = memory.fates[player] ?? {};
  if (memory.messages[event] === undefined || JSON.stringify(own[event]) === JSON.stringify(fate)) return memory;
  return { ...memory, fates: filedIn(memory.fates, player, event, fate) };
};

/** What comes to devices, and what they make of it. */
const arriving = (before: Memory, moment: Moment, witness: Witness): Memory => {
  const now = syncedIn(moment)
    .flatMap(({ player, sealed }) => sealed.map(({ event }) => ({ player, event })))
    .filter(({ player, event }) => witness.honest(player) && before.fates[player]?.[event] === undefined)
    .reduce((known, { player, event }) => fated(known, player, event, { is: 'silent' }), before);
  const read = shownAs(moment, 'message');
  const shown = read ?? shownAs(moment, 'unreadable message');
  if (shown === null || !witness.honest(shown.player)) return now;
  const event = stringAt(shown.notice, 'event') ?? '';
  const reason = stringAt(shown.notice, 'reason') ?? '';
  return fated(now, shown.player, event, read === null ? { is: 'told', reason } : { is: 'read' });
};

/** Whoever points to a bundle leaves out the devices of its reader that nobody has signed. */
const leavingOut = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const shared = storedAs(moment, 'history shared');
  if (shared === null || !witness.honest(shared.player)) return memory;
  const clause = concededBy(witness, shared.player, '4268-only-cross-signed-devices');
  if (clause === null) return memory;
  const by = userOf(memory.accounts, shared.player) ?? '';
  const { room, user, devices } = shared.patch;
  return memory.accounts.logins
    .filter((login) => login.user === user && !login.isGone && !devices.includes(login.device))
    .filter((login) => !isSignedLogin(memory.signed, login, witness))
    .reduce((now, { by: player }) => withoutDevice(now, { player, room, by, clause }), memory);
};

/** What each of those who ask somebody in could bring them: a client that has the text, and the keys. */
const inviting = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request') return memory;
  const by = userOf(memory.accounts, moment.from) ?? '';
  let { could } = memory;
  for (const { room, user } of inviteesIn(memory, moment, witness)) {
    // What another device of theirs could bring, who has asked them in too, they could bring as well.
    const known = could[room]?.[user] ?? {};
    const sessions = among(known[by] ?? [], ...Object.keys(shareableBy(memory, moment.from, room)));
    if (sessions !== known[by]) could = filedIn(could, room, user, filed(known, by, sessions));
  }
  return could === memory.could ? memory : { ...memory, could };
};

const look = (
  before: Memory,
  moment: Moment,
  witness: Witness,
  step: Step,
  late: ReadonlyMap<Moment, Late>,
): Look<Memory> => {
  const known = asCopied(newcomersAfter(before, moment, step, witness, late), moment, 'fates');
  let memory = messagesAfter(known, moment, witness);
  memory = leavingOut(arriving(signedThenAfter(memory, moment, witness), moment, witness), moment, witness);
  memory = inviting(memory, moment, witness);
  return { memory, shadow: isStory(step) && isReadLater(memory, moment, witness) };
};

/** Whether somebody reads what was said before they came. */
const isReadLater = (memory: Memory, moment: Moment, witness: Witness): boolean => {
  const read = shownAs(moment, 'message');
  if (read === null || !witness.honest(read.player)) return false;
  const message = memory.messages[stringAt(read.notice, 'event') ?? ''];
  return message !== undefined && rightOf(message, userOf(memory.accounts, read.player) ?? '') === 'later';
};

/**
 * Whether what a user was told is why they cannot read it. To have no key is no reason, and neither is a code that nobody knows. What
 * counts is how things were, not what whoever said it could know: a device whose signature is lost, or late, between servers is not
 * unverified, and its user looks for the fault where there is none.
 */
const isTrue = (memory: Memory, witness: Witness, player: PlayerId, event: string, reason: string): boolean => {
  const message = memory.messages[event];
  if (message === undefined) return false;
  const session = memory.sessions[message.session];
  if (notShared.includes(reason) || reason === 'm.unauthorised')
    return session?.flag === false && rightOf(message, userOf(memory.accounts, player) ?? '') === 'later';
  if (reason === 'm.unverified') return !wasSigned(memory, player, event);
  if (reason === 'unsigned device') return !isSigned(memory.signed, message.maker, witness);
  return false;
};

/** The sentence by which somebody who came later goes without; whoever was in, or asked in, when it was said was owed the key itself. */
const excuseFor = (memory: Memory, player: PlayerId, message: Message): ClauseId | null => {
  const user = userOf(memory.accounts, player) ?? '';
  const { room } = message;
  if (message.present.includes(user) || message.invited.includes(user)) return null;
  const could = memory.could[room]?.[user] ?? {};
  // Each of those who asked them in and could have brought it.
  const found = invitersOf(memory, room, user)
    .filter((by) => could[by]?.includes(message.session) === true)
    .map((by) => excuseOf(memory, { room, user, by, device: player }));
  return found.every((clause) => clause !== null) ? (found[0] ?? null) : null;
};

const judge = (memory: Memory, witness: Witness, player: PlayerId): readonly Break[] => {
  const login = deviceOf(memory.accounts, player);
  if (login === null || isGone(memory.accounts, login.user, login.device)) return [];
  if (!isSigned(memory.signed, player, witness)) return [];
  return Object.entries(memory.messages).flatMap(([event, message]): readonly Break[] => {
    const fate = memory.fates[player]?.[event];
    const right = rightOf(message, login.user);
    if (fate === undefined || fate.is === 'read' || right === null) return [];
    // It is promised to members; whoever has left is none any more.
    if (membershipOf(memory, message.room, login.user) !== 'join') return [];
    if (right === 'later' && !witness.implementsText(player, 'MSC4268')) return [];
    if (fate.is === 'told' && isTrue(memory, witness, player, event, fate.reason)) return [];
    const wrong = fate.is === 'told' && fate.reason === 'no key' ? 'does not say why' : 'is not why';
    const told = fate.is === 'told' ? `is told “${fate.reason}”, which ${wrong}` : 'is told nothing';
    return [
      {
        at: player,
        about: { is: 'event', room: message.room, event },
        why: `${player} cannot read what ${message.maker} said, which the room lets ${login.user} read, and ${told}`,
        acceptedBy: excuseFor(memory, player, message),
      },
    ];
  });
};

export const roomAccess: Guarantee<Memory> = {
  id: 'room-access',
  kind: 'finally',
  accepts: clausesOf('room-access'),
  begin: { ...noNewcomers, messages: {}, fates: {}, could: {}, signedThen: {} },
  concerns: ({ rooms }) => Object.keys(rooms).length > 0,
  see: (memory, step, witness) => {
    const late = lateIn(step);
    return throughout(memory, step, (before, moment) => look(before, moment, witness, step, late));
  },
  end: (memory, witness) => Object.keys(memory.fates).flatMap((player) => judge(memory, witness, player)),
};
