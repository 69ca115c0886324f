import type { Break, Subject } from '../engine/breaks.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { among, deviceOf, isFalseDevice, userOf } from './evidence/accounts.ts';
import { keysInTheClear, keysStored, storedAs } from './evidence/requests.ts';
import { broughtBy, indexIn, isVouchedFor, sessionIdIn } from './evidence/room-keys.ts';
import { membershipOf } from './evidence/rooms.ts';
import { isFirstHand, noSessions, type Sessions, type SessionTruth, sessionsAfter } from './evidence/sessions.ts';
import { isSignedThief, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

type Memory = Sessions & { readonly signed: Signed };

/**
 * MSC4268, "`shared_history` property in `m.room_key` messages": a server that lies to a sender is met by the indicator alone. Where
 * the maker of a session was shown, before any message of it went out, that those who come later may read it, the text has done its part.
 */
const acceptedForLie = (session: SessionTruth, witness: Witness) =>
  session.later === 'deceived' && session.isWarned && !witness.off(session.maker, '4268-ui-sender-indicator')
    ? '4268-ui-sender-indicator'
    : null;

const aboutKey = ({ room }: SessionTruth, sessionId: string): Subject => ({ is: 'room key', room, sessionId });

/** Keys that a device takes on another's word although their makers let nobody have them who comes later. */
const imported = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] =>
  keysStored(moment).flatMap(({ player, held }) => {
    const session = memory.sessions[held.session.sessionId];
    const user = userOf(memory.accounts, player);
    if (session === undefined || user === null || !witness.honest(player) || !isVouchedFor(held)) return [];
    if (isFirstHand(session, user) || session.later === 'yes') return [];
    return {
      at: player,
      about: aboutKey(session, held.session.sessionId),
      why: `${player} is given a room key of ${session.maker}, who let nobody have it that came later`,
      acceptedBy: acceptedForLie(session, witness),
      ...broughtBy(player, held),
    };
  });

/** A room key goes to somebody who was never asked into the room. */
const givenOutside = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player)) return [];
  const { room, to } = stored.patch;
  if (memory.rooms[room] === undefined) return [];
  const strangers = among([], ...to.flatMap(({ user }) => (membershipOf(memory, room, user) === null ? [user] : [])));
  return strangers.map((user) => ({
    at: stored.player,
    about: { is: 'member', room, user },
    why: `${stored.player} gives a room key to ${user}, whom nobody has asked into ${room}`,
    acceptedBy: null,
  }));
};

type Learned = Extract<Moment, { kind: 'learned' }>;

/** Who came to know it: whoever shares what they know passes on their own right to it. */
const learnerOf = (moment: Learned): string => moment.how.sharedBy ?? moment.player;

/**
 * Whether it came by what the maker gave, first-hand, to a device that nobody logged in: that it was given is `device-authenticity`'s
 * matter. What is learned by another way, by others, or from before what was given is not.
 */
const isGivenToGhost = (memory: Sessions, session: SessionTruth, moment: Learned, witness: Witness): boolean => {
  const { ghostsFrom } = session;
  if (ghostsFrom === null || (indexIn(moment.term) ?? -1) < ghostsFrom) return false;
  return moment.how.through?.some((player) => isFalseDevice(memory.accounts, witness, player)) === true;
};

/**
 * The device in a thief's hands by which it came: of somebody who was given the session, signed by them, and theirs when it took the
 * key. What its other keys open elsewhere did not come by it, and is conceded by no sentence.
 */
const thiefOf = (memory: Memory, session: SessionTruth, moment: Learned, witness: Witness): PlayerId | null => {
  const { accounts, signed } = memory;
  const isTheirs = (player: PlayerId): boolean => {
    const login = deviceOf(accounts, player);
    // What it holds it took while it was still in the account.
    const wasThere = login !== null && (!login.isGone || moment.how.by === 'held');
    return wasThere && isFirstHand(session, login.user) && isSignedThief(signed, witness, player);
  };
  return moment.how.through?.find(isTheirs) ?? null;
};

const learned = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  if (moment.kind !== 'learned') return [];
  const sessionId = sessionIdIn(moment.term) ?? '';
  const session = memory.sessions[sessionId];
  if (session === undefined || isGivenToGhost(memory, session, moment, witness)) return [];
  const learner = learnerOf(moment);
  const isTheirs = (user: string): boolean => witness.personOf(user) === learner;
  if (session.to.some(isTheirs)) return [];
  const isLaterMember = Object.entries(memory.rooms[session.room]?.members ?? {}).some(
    ([user, is]) => isTheirs(user) && (is === 'join' || is === 'invite'),
  );
  if (isLaterMember && session.later === 'yes') return [];
  const thief = thiefOf(memory, session, moment, witness);
  return [
    {
      at: moment.player,
      about: aboutKey(session, sessionId),
      why: `${moment.player} learns a room key of ${session.maker}: ${moment.how.text}`,
      acceptedBy:
        thief !== null && !witness.off(thief, '4147-stolen-device')
          ? '4147-stolen-device'
          : isLaterMember
            ? acceptedForLie(session, witness)
            : null,
    },
  ];
};

const inTheClear = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  const open = keysInTheClear(moment);
  if (open === null || moment.kind !== 'request' || !witness.honest(moment.from)) return [];
  if (Object.keys(memory.rooms).length === 0) return [];
  const why = `${moment.from} ${open.how}: ${moment.to} reads the room keys`;
  return [{ at: moment.from, about: open.about, why, acceptedBy: null }];
};

export const historyConfidentiality: Guarantee<Memory> = {
  id: 'history-confidentiality',
  kind: 'always',
  accepts: ['4147-stolen-device', '4268-ui-sender-indicator'],
  begin: { ...noSessions, signed: noneSigned },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const signed = signedAfter(before.signed, moment, step, witness);
      const sessions = sessionsAfter(before, moment, witness);
      const now = sessions === before && signed === before.signed ? before : { ...before, ...sessions, signed };
      const allowed = keysStored(moment).some(({ player, held }) => {
        const session = now.sessions[held.session.sessionId];
        const user = userOf(now.accounts, player);
        return isVouchedFor(held) && session?.later === 'yes' && user !== null && !isFirstHand(session, user);
      });
      const breaks = [imported, givenOutside, learned, inTheClear].flatMap((look) => look(now, moment, witness));
      return { memory: now, breaks, shadow: allowed };
    }),
};
