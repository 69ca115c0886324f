import type { Moment } from '../types.ts';
import { userOf } from './evidence/accounts.ts';
import { keysInTheClear, keysStored, storedAs } from './evidence/requests.ts';
import { isVouchedFor, sessionIdIn } from './evidence/room-keys.ts';
import { membershipOf } from './evidence/rooms.ts';
import {
  isFirstHand,
  noSessions,
  type Sessions,
  type SessionTruth,
  sessionsAfter,
  wasWarned,
} from './evidence/sessions.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

/** A lying server is told apart by the indicator alone: where its user was shown that history is visible, the text has done its part. */
const acceptedFor = (memory: Sessions, session: SessionTruth, witness: Witness) =>
  session.later === 'deceived' && wasWarned(memory, session) && !witness.off(session.maker, '4268-ui-sender-indicator')
    ? '4268-ui-sender-indicator'
    : null;

/** Keys that a device takes on another's word although their makers let nobody have them who comes later. */
const imported = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] =>
  keysStored(moment).flatMap(({ player, held }) => {
    const session = memory.sessions[held.session.sessionId];
    const user = userOf(memory.accounts, player);
    if (session === undefined || user === null || !witness.honest(player) || !isVouchedFor(held)) return [];
    if (isFirstHand(session, user) || session.later === 'yes') return [];
    return {
      at: player,
      about: null,
      why: `${player} is given a room key of ${session.maker}, who let nobody have it that came later`,
      acceptedBy: acceptedFor(memory, session, witness),
    };
  });

/** A room key goes to somebody who was never asked into the room. */
const givenOutside = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player)) return [];
  const { room, to } = stored.patch;
  if (memory.rooms[room] === undefined) return [];
  const stranger = to.find(({ user }) => membershipOf(memory, room, user) === null);
  return stranger === undefined
    ? []
    : [
        {
          at: stored.player,
          about: null,
          why: `${stored.player} gives a room key to ${stranger.user}, whom nobody has asked into ${room}`,
          acceptedBy: null,
        },
      ];
};

/** Who came to know it: whoever shares what they know passes on their own right to it. */
const learnerOf = (moment: Extract<Moment, { kind: 'learned' }>): string => moment.how.sharedBy ?? moment.player;

const learned = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  if (moment.kind !== 'learned') return [];
  const session = memory.sessions[sessionIdIn(moment.term) ?? ''];
  // What goes to ghosts beside everybody else is as today's rules have it: device-authenticity judges that.
  if (session === undefined || session.toGhosts) return [];
  const learner = learnerOf(moment);
  const isTheirs = (user: string): boolean => witness.personOf(user) === learner;
  if (session.to.some(isTheirs)) return [];
  const isLaterMember = Object.entries(memory.rooms[session.room]?.members ?? {}).some(
    ([user, is]) => isTheirs(user) && (is === 'join' || is === 'invite'),
  );
  if (isLaterMember && session.later === 'yes') return [];
  const stolen = session.to
    .flatMap((user) => witness.devicesOf(witness.personOf(user) ?? ''))
    .find((player) => witness.stolen(player) && moment.how.through?.includes(player) === true);
  return [
    {
      at: moment.player,
      about: null,
      why: `${moment.player} learns a room key of ${session.maker}: ${moment.how.text}`,
      acceptedBy:
        stolen !== undefined && !witness.off(stolen, '4147-stolen-device')
          ? '4147-stolen-device'
          : isLaterMember
            ? acceptedFor(memory, session, witness)
            : null,
    },
  ];
};

const inTheClear = (memory: Sessions, moment: Moment, witness: Witness): readonly Break[] => {
  const how = moment.kind === 'request' ? keysInTheClear(moment) : null;
  if (how === null || moment.kind !== 'request' || !witness.honest(moment.from)) return [];
  return Object.keys(memory.rooms).length === 0
    ? []
    : [
        {
          at: moment.from,
          about: null,
          why: `${moment.from} ${how}: ${moment.to} reads the room keys`,
          acceptedBy: null,
        },
      ];
};

export const historyConfidentiality: Guarantee<Sessions> = {
  id: 'history-confidentiality',
  kind: 'always',
  accepts: ['4147-stolen-device', '4268-ui-sender-indicator'],
  begin: noSessions,
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const now = sessionsAfter(before, moment, witness);
      const allowed = keysStored(moment).some(({ player, held }) => {
        const session = now.sessions[held.session.sessionId];
        const user = userOf(now.accounts, player);
        return isVouchedFor(held) && session?.later === 'yes' && user !== null && !isFirstHand(session, user);
      });
      const breaks = [imported, givenOutside, learned, inTheClear].flatMap((look) => look(now, moment, witness));
      return { memory: now, breaks, shadow: allowed };
    }),
};
