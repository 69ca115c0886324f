import { stringAt } from '../../machines/json.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { among, filed, userOf } from './accounts.ts';
import { keysStored, shownAs, storedAs } from './room-evidence.ts';
import { isVouchedFor } from './room-keys.ts';
import { noSessions, type Sessions, sessionsAfter } from './sessions.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { gravest, isStory, type Look, throughout } from './watching.ts';

type Memory = Sessions & {
  /** Device → names of the room keys it holds. */
  readonly holds: Readonly<Record<PlayerId, readonly string[]>>;
  /** `<user> <version>` → names of the room keys that some device of theirs has backed up. */
  readonly backedUp: Readonly<Record<string, readonly string[]>>;
  /** Device → the backup version it uses. */
  readonly version: Readonly<Record<PlayerId, string>>;
};

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory: Memory = { ...before, ...sessionsAfter(before, moment, witness) };
  for (const { player, name, held } of keysStored(moment)) {
    if (memory.sessions[held.session.sessionId] === undefined || !witness.honest(player)) continue;
    const known = memory.holds[player] ?? [];
    const now = among(known, name);
    if (now !== known) memory = { ...memory, holds: filed(memory.holds, player, now) };
  }
  const backedUp = storedAs(moment, 'backed up');
  const user = backedUp === null ? null : userOf(memory.accounts, backedUp.player);
  if (backedUp !== null && user !== null && witness.honest(backedUp.player)) {
    const place = `${user} ${backedUp.patch.version}`;
    const known = memory.backedUp[place] ?? [];
    // Of sessions that were made in no room of the story nothing is owed.
    const mine = backedUp.patch.sessions.filter((name) => isOfRoom(memory, name));
    const now = among(known, ...mine);
    if (now !== known) memory = { ...memory, backedUp: filed(memory.backedUp, place, now) };
  }
  const backup = storedAs(moment, 'backup');
  if (backup !== null && witness.honest(backup.player)) {
    const { [backup.player]: _, ...others } = memory.version;
    const version = backup.patch.backup?.version;
    memory = { ...memory, version: version === undefined ? others : filed(others, backup.player, version) };
  }
  return memory;
};

const isOfRoom = (memory: Memory, name: string): boolean =>
  memory.sessions[name.slice(name.indexOf(' ') + 1)] !== undefined;

/** Sessions of a room that a device can share: it holds them, or its backup does, and their makers let it. */
const owed = (memory: Memory, player: PlayerId, user: UserId, room: string): readonly string[] => {
  const names = among(memory.holds[player] ?? [], ...(memory.backedUp[`${user} ${memory.version[player]}`] ?? []));
  return Object.entries(memory.sessions).flatMap(([id, session]) =>
    session.room === room && session.flag && names.includes(roomKeyName(room, id)) ? [id] : [],
  );
};

/** A bundle, or word that there is none for want of keys, that leaves out what could have been shared. */
const lacking = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  const shared = storedAs(moment, 'history shared');
  const none = shownAs(moment, 'history not shared');
  const player = shared?.player ?? (none?.notice.why === 'no keys' ? none.player : undefined);
  const user = player === undefined ? null : userOf(memory.accounts, player);
  if (player === undefined || user === null || !witness.honest(player)) return [];
  const room = shared?.patch.room ?? stringAt(none?.notice, 'room') ?? '';
  const left = owed(memory, player, user, room).filter((id) => shared?.patch.sessions.includes(id) !== true);
  return left.length === 0
    ? []
    : [
        {
          at: player,
          why: `${player} leaves ${left.length} shareable room keys out of what it shares`,
          acceptedBy: null,
        },
      ];
};

/** A room key whose flag is no longer what its maker gave it. */
const unflagged = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] =>
  keysStored(moment).flatMap(({ player, held }) => {
    const session = memory.sessions[held.session.sessionId];
    if (session === undefined || !witness.honest(player) || !witness.implementsText(player, 'MSC4268')) return [];
    // What reaches somebody on another's word without a flag is a matter of confidentiality.
    if (held.sharedHistory === session.flag || (isVouchedFor(held) && !session.flag)) return [];
    const how = held.sharedHistory ? 'may be shared with later members' : 'may not be shared with later members';
    return {
      at: player,
      why: `${player} stores a room key as one that ${how}, which is not what ${session.maker} said`,
      acceptedBy: null,
    };
  });

const look = (before: Memory, moment: Moment, witness: Witness, inStory: boolean): Look<Memory> => {
  const memory = remembering(before, moment, witness);
  const broken = [...lacking(memory, moment, witness), ...unflagged(memory, moment, witness)];
  const shared = storedAs(moment, 'history shared');
  const passesOn = shared?.patch.sessions.some((id) => {
    const session = memory.sessions[id];
    return session !== undefined && session.maker !== shared.player;
  });
  const comesBack = keysStored(moment).some(
    ({ held }) => held.origin.how === 'backup' && memory.sessions[held.session.sessionId]?.flag === true,
  );
  return { memory, broken: gravest(broken), shadow: inStory && (passesOn === true || comesBack) };
};

export const historyCompleteness: Guarantee<Memory> = {
  id: 'history-completeness',
  kind: 'always',
  text: 'The bundle contains every session the inviter is entitled to share, and flags survive storage.',
  shadow: 'a bundle has a session of somebody else, or a flag comes back from a backup',
  begin: { ...noSessions, holds: {}, backedUp: {}, version: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => look(before, moment, witness, isStory(step))),
};
