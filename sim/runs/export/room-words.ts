/** What is stored about rooms, in words: for transcripts and for whoever inspects a step. */
import type { Membership, RoomKeyOrigin } from '../../../machines/room-types.ts';
import type { StorePatch } from '../../../machines/store.ts';
import { counted, shortRoom } from '../../engine/names.ts';
import { shortTerm } from './short.ts';

type RoomPatch = Extract<
  StorePatch,
  {
    readonly patch:
      | 'room keys'
      | 'withheld'
      | 'room key given'
      | 'history shared'
      | 'room made'
      | 'room visibility'
      | 'room member';
  }
>;

const listed = (words: readonly string[]): string => [...new Set(words)].join(', ');

/** On whose word a room key rests; nothing where it is a device's own, or came back out of the own backup. */
export const originWords = (origin: RoomKeyOrigin): string | null => {
  switch (origin.how) {
    case 'made':
    case 'backup':
      return null;
    case 'room_key':
      return `from ${origin.user} ${origin.device ?? '(device unknown)'}`;
    case 'forwarded':
      return `forwarded by ${origin.user} ${origin.device ?? '(device unknown)'}`;
    case 'export':
      return 'from a key file';
    case 'bundle':
      return `from a bundle of ${origin.user} for ${shortRoom(origin.room)}`;
  }
};

/** Who somebody is in a room: `invited to den`. */
const memberWords: Readonly<Record<Membership, string>> = {
  join: 'in',
  invite: 'invited to',
  leave: 'out of',
  ban: 'banned from',
  knock: 'knocking at',
};

/** What changed, as a clause without a subject: `2 room keys of den from @alice:example.org PHONE`. */
export const roomPatchWords = (patch: RoomPatch): string => {
  switch (patch.patch) {
    case 'room keys': {
      const keys = Object.values(patch.keys);
      const count = counted(keys.length, 'room key');
      const groups = new Map<string, number>();
      for (const { room, origin } of keys) {
        const from = originWords(origin);
        const name = from === null ? '' : `of ${shortRoom(room)} ${from}`;
        groups.set(name, (groups.get(name) ?? 0) + 1);
      }
      const [[only] = ['']] = groups;
      if (groups.size <= 1) return only === '' ? count : `${count} ${only}`;
      return `${count}: ${[...groups].map(([name, many]) => `${many} ${name === '' ? 'its own' : name}`).join(', ')}`;
    }
    case 'withheld': {
      const entries = Object.values(patch.entries);
      const said = entries.map(({ code, room, from, how }) => `${code} in ${shortRoom(room)} by ${from}, ${how}`);
      return `${counted(entries.length, 'room key')} withheld: ${listed(said)}`;
    }
    case 'room key given': {
      const { room, sessionId, index, flag, visibility, to } = patch;
      const whom = to.map(({ user, device }) => `${user} ${device}`);
      return [
        `room key ${shortTerm(sessionId)} of ${shortRoom(room)} from message ${index}`,
        flag ? 'to be shared on' : 'not to be shared on',
        `visibility ${visibility ?? 'unknown'}`,
        whom.length === 0 ? 'to nobody' : `to ${whom.join(', ')}`,
      ].join('; ');
    }
    case 'history shared': {
      const { room, user, devices, sessions, withheld, url } = patch;
      const held = Object.values(withheld);
      return [
        `history of ${shortRoom(room)} with ${user}${devices.length === 0 ? '' : ` ${devices.join(', ')}`}`,
        counted(sessions.length, 'room key'),
        ...(held.length === 0 ? [] : [`${held.length} withheld (${listed(held)})`]),
        `at ${url}`,
      ].join('; ');
    }
    case 'room made':
      return `has made ${shortRoom(patch.room)}, visibility ${patch.view.historyVisibility ?? 'unknown'}`;
    case 'room visibility':
      return `has set the visibility of ${shortRoom(patch.room)} to ${patch.visibility}`;
    case 'room member':
      return `knows that ${patch.user} is ${memberWords[patch.membership]} ${shortRoom(patch.room)}`;
  }
};
