import { clausesOf } from '../../machines/acceptances.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { Recipient } from '../../machines/types.ts';
import type { Break, Subject } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, deviceOf, filed, userOf } from './evidence/accounts.ts';
import { broughtBy, isVouched, keysCome, type Way } from './evidence/arrivals.ts';
import type { RequestMoment } from './evidence/asked.ts';
import { asCopied } from './evidence/beginning.ts';
import { goingOut, type Meant, type Unsent } from './evidence/meant.ts';
import { identityKeyIn, keysInTheClear, storedAs } from './evidence/requests.ts';
import { indexIn, sessionIdIn } from './evidence/room-keys.ts';
import { membershipOf } from './evidence/rooms.ts';
import { isFirstHandAt, noSessions, type Sessions, type SessionTruth, sessionsAfter } from './evidence/sessions.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

type Memory = Sessions & {
  /** Player that runs a device which nobody logged in → whose, and which, its keys say it is. */
  readonly ghosts: Readonly<Record<PlayerId, Recipient>>;
  /** Room keys that were meant for devices, by room, and wait. */
  readonly unsent: Unsent<RoomId>;
};

/** Devices that a server made up never log in: they say whose they are where they publish their keys ("Device keys"). */
const meeting = (before: Memory, moment: Moment): Memory => {
  const published = identityKeyIn(moment);
  if (published === null || deviceOf(before.accounts, published.player) !== null) return before;
  const { player, user, device } = published;
  return { ...before, ghosts: filed(before.ghosts, player, { user, device }) };
};

const remember = (earlier: Memory, moment: Moment, witness: Witness): Memory => {
  const before = asCopied(earlier, moment, 'unsent');
  const met = meeting(before, moment);
  const sessions = sessionsAfter(met, moment, witness);
  return sessions === met ? met : { ...met, ...sessions };
};

/**
 * MSC4268, "`shared_history` property in `m.room_key` messages": a server that lies to a sender is met by the indicator alone. Where
 * the maker of a session was shown, before any message of it went out, that those who come later may read it, the text has done its part.
 */
const acceptedForLie = (session: SessionTruth, witness: Witness) =>
  session.later === 'deceived' && session.isWarned
    ? concededBy(witness, session.maker, '4268-ui-sender-indicator')
    : null;

const aboutKey = ({ room }: SessionTruth, sessionId: string): Subject => ({ is: 'room key', room, sessionId });

/** Whether somebody else than its maker gave it: in a bundle, forwarded, or as though it were their own. */
const isHandedOn = (session: SessionTruth, way: Way): boolean =>
  isVouched(way) || (way.how === 'room_key' && way.user !== session.user);

/**
 * Keys that a device takes on another's word although their makers let nobody have them who comes later, nor gave them to its user: what
 * was given from some message on opens nothing of what was said before.
 */
const imported = (memory: Sessions, moment: Moment, witness: Witness, step: Step): readonly Break[] =>
  keysCome(step, moment, witness).flatMap((come) => {
    const { player, held, way } = come;
    const session = memory.sessions[held.session.sessionId];
    const user = userOf(memory.accounts, player) ?? '';
    if (session === undefined || !witness.honest(player) || !isHandedOn(session, way)) return [];
    if (isFirstHandAt(session, user, held.session.firstKnownIndex) || session.later === 'yes') return [];
    return {
      at: player,
      about: aboutKey(session, held.session.sessionId),
      why: `${player} is given a room key of ${session.maker}, who let nobody have it that came later`,
      acceptedBy: acceptedForLie(session, witness),
      ...broughtBy(come),
    };
  });

/** A room key that an honest device gives out; `null`: other moments, and keys of no room. */
const giftIn = (memory: Memory, moment: Moment, witness: Witness): Meant<RoomId> | null => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player)) return null;
  const { room, to } = stored.patch;
  return memory.rooms[room] === undefined ? null : { at: stored.player, to, what: room };
};

/** A room key goes to somebody who was never asked into the room. */
const givenOutside = (memory: Memory, out: readonly Meant<RoomId>[]): readonly Break[] =>
  out.flatMap(({ at, to, what: room }) =>
    among([], ...to.map(({ user }) => user))
      .filter((user) => membershipOf(memory, room, user) === null)
      .map((user) => ({
        at,
        about: { is: 'member', room, user },
        why: `${at} gives a room key to ${user}, whom nobody has asked into ${room}`,
        acceptedBy: null,
      })),
  );

type Learned = Extract<Moment, { kind: 'learned' }>;

/** Who came to know it: whoever shares what they know passes on their own right to it. */
const learnerOf = (moment: Learned): string => moment.how.sharedBy ?? moment.player;

/**
 * Whether it came by what the maker gave, first-hand, to that very device, which nobody of its user's logged in: that it was given is
 * `device-authenticity`'s matter. What is learned by another way, through another ghost, or from before what was given is not.
 */
const isGivenToGhost = ({ accounts, ghosts }: Memory, session: SessionTruth, moment: Learned): boolean => {
  const isGiven = (player: PlayerId): boolean => {
    const acts = deviceOf(accounts, player) ?? ghosts[player];
    const from = acts === undefined ? undefined : session.ghosts[acts.user]?.[acts.device];
    return Number(indexIn(moment.term)) >= (from ?? Number.POSITIVE_INFINITY);
  };
  return moment.how.through?.some(isGiven) === true;
};

const learned = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  if (moment.kind !== 'learned') return [];
  const sessionId = sessionIdIn(moment.term) ?? '';
  const session = memory.sessions[sessionId];
  if (session === undefined || isGivenToGhost(memory, session, moment)) return [];
  const learner = learnerOf(moment);
  const isTheirs = (user: string): boolean => witness.personOf(user) === learner;
  const index = indexIn(moment.term) ?? 0;
  if (Object.keys(session.to).some((user) => isTheirs(user) && isFirstHandAt(session, user, index))) return [];
  const isLaterMember = Object.entries(memory.rooms[session.room]?.members ?? {}).some(
    ([user, is]) => isTheirs(user) && (is === 'join' || is === 'invite'),
  );
  if (isLaterMember && session.later === 'yes') return [];
  return [
    {
      at: moment.player,
      about: aboutKey(session, sessionId),
      why: `${moment.player} learns a room key of ${session.maker}: ${moment.how.text}`,
      acceptedBy: isLaterMember ? acceptedForLie(session, witness) : null,
    },
  ];
};

const inTheClear = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  const open = keysInTheClear(moment);
  if (open === null || Object.keys(memory.rooms).length === 0) return [];
  // Nothing but a request carries anything.
  const { from, to } = moment as RequestMoment;
  if (!witness.honest(from)) return [];
  const why = `${from} ${open.how}: ${to} reads the room keys`;
  return [{ at: from, about: open.about, why, acceptedBy: null }];
};

export const historyConfidentiality: Guarantee<Memory> = {
  id: 'history-confidentiality',
  kind: 'always',
  accepts: clausesOf('history-confidentiality'),
  begin: { ...noSessions, ghosts: {}, unsent: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const known = remember(before, moment, witness);
      const { unsent, out } = goingOut(known.unsent, moment, step, giftIn(known, moment, witness));
      const now = unsent === known.unsent ? known : { ...known, unsent };
      const allowed = keysCome(step, moment, witness).some(({ player, held, way }) => {
        const session = now.sessions[held.session.sessionId];
        const user = userOf(now.accounts, player);
        const isLate =
          session?.later === 'yes' && user !== null && !isFirstHandAt(session, user, held.session.firstKnownIndex);
        return isLate && isVouched(way);
      });
      const breaks = [
        ...[imported, learned, inTheClear].flatMap((look) => look(now, moment, witness, step)),
        ...givenOutside(now, out),
      ];
      return { memory: now, breaks, shadow: allowed };
    }),
};
