import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { counted } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { userOf } from './evidence/accounts.ts';
import { isVouched, keysCome } from './evidence/arrivals.ts';
import { lookIn } from './evidence/backed-up.ts';
import { type Holdings, holdingsAfter, noHoldings, reachOf } from './evidence/holdings.ts';
import { keysStored, roomActs, shownAs, storedAs } from './evidence/requests.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

/** The room keys of a room that a device found in its backup in that step; `null`: it did not look. */
const foundBy = (step: Step, player: PlayerId, room: RoomId): readonly string[] | null => {
  const looks = step.moments.flatMap((moment) => lookIn(moment) ?? []);
  const own = looks.filter((look) => look.player === player && (look.room === null || look.room === room));
  return own.length === 0 ? null : own.flatMap(({ found }) => found);
};

/**
 * Sessions of a room that a device can share: it holds them, or its backup does, and their makers let it. Whoever looked into the backup,
 * and was turned away or not answered, or shown less than lies there, has not found the rest. Who does not look has no such excuse.
 */
const owed = (memory: Holdings, step: Step, player: PlayerId, user: UserId, room: RoomId): readonly string[] => {
  const found = foundBy(step, player, room);
  return Object.entries(memory.sessions).flatMap(([id, session]) => {
    if (session.room !== room || !session.flag) return [];
    const name = roomKeyName(room, id);
    const isThere =
      memory.holds[player]?.[name] !== undefined ||
      (found?.includes(name) !== false && reachOf(memory, player, user, room, id) !== null);
    return isThere ? [id] : [];
  });
};

type SharedOfRoom = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly user: UserId;
  readonly sessions: readonly string[];
};
/** A bundle, or word that there is none for want of keys: what a device says to have shared of a room, and with whom. */
const sharedIn = (moment: Moment): SharedOfRoom | null => {
  const none = shownAs(moment, 'history not shared');
  if (none !== null && none.notice.why === 'no keys')
    return {
      player: none.player,
      room: stringAt(none.notice, 'room') ?? '',
      user: stringAt(none.notice, 'user') ?? '',
      sessions: [],
    };
  const shared = storedAs(moment, 'history shared');
  return shared === null ? null : { player: shared.player, ...shared.patch };
};

/** It leaves out what could have been shared. */
const lacking = (memory: Holdings, moment: Moment, step: Step, witness: Witness): readonly Break[] => {
  const shared = sharedIn(moment);
  if (shared === null || !witness.honest(shared.player)) return [];
  const { player, room, user, sessions } = shared;
  const own = userOf(memory.accounts, player) ?? '';
  const left = owed(memory, step, player, own, room).filter((id) => !sessions.includes(id));
  return left.length === 0
    ? []
    : [
        {
          at: player,
          about: { is: 'member', room, user },
          why: `${player} leaves ${counted(left.length, 'shareable room key')} out of what it shares`,
          acceptedBy: null,
        },
      ];
};

/** Somebody is invited by a device that has nothing at hand, and does not look into its backup. */
const silent = (memory: Holdings, step: Step, witness: Witness): readonly Break[] => {
  const isSaid = step.moments.some(
    (moment) => storedAs(moment, 'history shared') !== null || shownAs(moment, 'history not shared') !== null,
  );
  if (isSaid) return [];
  return step.moments.flatMap((moment) => {
    if (moment.kind !== 'request' || !witness.honest(moment.from)) return [];
    const [act] = roomActs(moment);
    const player = moment.from;
    const user = userOf(memory.accounts, player) ?? '';
    if (act?.act !== 'member' || act.is !== 'invite') return [];
    if (!witness.implementsText(player, 'MSC4268')) return [];
    const isAtHand = Object.entries(memory.sessions).some(
      ([id, session]) => session.room === act.room && memory.holds[player]?.[roomKeyName(act.room, id)] !== undefined,
    );
    const left = isAtHand ? [] : owed(memory, step, player, user, act.room);
    return left.length === 0
      ? []
      : [
          {
            at: player,
            about: { is: 'member', room: act.room, user: act.user ?? user },
            why: `${player} invites without ${counted(left.length, 'room key')} in its backup`,
            acceptedBy: null,
          },
        ];
  });
};

/** A room key whose flag is no longer what its maker gave it. */
const unflagged = (memory: Holdings, moment: Moment, step: Step, witness: Witness): readonly Break[] =>
  keysCome(step, moment, witness).flatMap(({ player, held, way }) => {
    const { sessionId } = held.session;
    const session = memory.sessions[sessionId];
    if (session === undefined || !witness.honest(player) || !witness.implementsText(player, 'MSC4268')) return [];
    // What reaches somebody on another's word without a flag is a matter of confidentiality.
    if (held.sharedHistory === session.flag || (isVouched(way) && !session.flag)) return [];
    const how = held.sharedHistory ? 'may be shared with later members' : 'may not be shared with later members';
    return {
      at: player,
      about: { is: 'room key', room: session.room, sessionId },
      why: `${player} stores a room key as one that ${how}, which is not what ${session.maker} said`,
      acceptedBy: null,
    };
  });

const look = (before: Holdings, moment: Moment, step: Step, witness: Witness): Look<Holdings> => {
  const memory = holdingsAfter(before, moment, witness);
  const breaks = [...lacking(memory, moment, step, witness), ...unflagged(memory, moment, step, witness)];
  const shared = storedAs(moment, 'history shared');
  const passesOn = shared?.patch.sessions.some((id) => {
    const maker = memory.sessions[id]?.maker;
    return maker !== undefined && maker !== shared.player;
  });
  const comesBack = keysStored(moment).some(
    ({ held }) => held.origin.how === 'backup' && memory.sessions[held.session.sessionId]?.flag === true,
  );
  return { memory, breaks, shadow: isStory(step) && (passesOn === true || comesBack) };
};

export const historyCompleteness: Guarantee<Holdings> = {
  id: 'history-completeness',
  kind: 'always',
  accepts: clausesOf('history-completeness'),
  begin: noHoldings,
  see: (memory, step, witness) => {
    const seen = throughout(memory, step, (before, moment) => look(before, moment, step, witness));
    return { ...seen, breaks: [...seen.breaks, ...silent(seen.memory, step, witness)] };
  },
};
