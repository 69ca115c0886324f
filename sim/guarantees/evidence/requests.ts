/** What the moments of a step say of rooms: requests that were answered, and what syncs brought. Read once, judged elsewhere. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { HeldRoomKey, Membership, RoomId } from '../../../machines/room-types.ts';
import type { StorePatch } from '../../../machines/store.ts';
import type { DeviceId, Recipient, UserId } from '../../../machines/types.ts';
import { fromBase64 } from '../../crypto/real/base64.ts';
import { textOf } from '../../crypto/real/bytes.ts';
import type { Subject } from '../../engine/breaks.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { askedIn, doneAs, doneIn, type MembershipChange, type RequestMoment, toldAs } from './asked.ts';

/**
 * What is true at the server once the request is answered: `user: null` is whoever asked. Of an `address` (e-mail) that is asked in only
 * the server's identity server knows whose it is.
 */
export type RoomAct =
  | { readonly act: 'visibility'; readonly room: RoomId; readonly is: string }
  | { readonly act: 'member'; readonly room: RoomId; readonly user: UserId | null; readonly is: Membership }
  | { readonly act: 'address'; readonly room: RoomId; readonly address: string };

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const becomes: Readonly<Record<MembershipChange, Membership>> = {
  join: 'join',
  knock: 'knock',
  leave: 'leave',
  invite: 'invite',
  kick: 'leave',
  ban: 'ban',
  unban: 'leave',
};
/** What people do about themselves; the others are done to somebody. */
const ofOneself: readonly MembershipChange[] = ['join', 'knock', 'leave'];

/** What an answered client-server request has done to rooms ("Creation", "Room membership", "Room history visibility"). */
export const roomActs = (moment: Moment): readonly RoomAct[] => {
  const asked = doneIn(moment);
  if (asked === null || moment.kind !== 'request') return [];
  const { body, response } = moment;
  switch (asked.asks) {
    case 'create room':
      return created(stringAt(response, 'room_id') ?? '', body);
    case 'set state': {
      const is = asked.type === 'm.room.history_visibility' ? stringAt(body, 'history_visibility') : undefined;
      return is === undefined ? [] : [{ act: 'visibility', room: asked.room, is }];
    }
    case 'change member': {
      const is = becomes[asked.change];
      if (ofOneself.includes(asked.change))
        return [{ act: 'member', room: stringAt(response, 'room_id') ?? asked.room, user: null, is }];
      const user = stringAt(body, 'user_id');
      if (user !== undefined) return [{ act: 'member', room: asked.room, user, is }];
      const address = is === 'invite' && stringAt(body, 'medium') === 'email' ? stringAt(body, 'address') : undefined;
      return address === undefined ? [] : [{ act: 'address', room: asked.room, address }];
    }
    case 'take member': {
      // A server speaks for its own users, who have asked it to: whether its answer reaches them is another matter.
      const user = stringAt(body, 'state_key');
      return user === undefined ? [] : [{ act: 'member', room: asked.room, user, is: becomes[asked.change] }];
    }
    default:
      return [];
  }
};

const created = (room: RoomId, body: Json): readonly RoomAct[] => {
  const state = listOf(isObject(body) ? body.initial_state : undefined);
  const said = state.find((one) => stringAt(one, 'type') === 'm.room.history_visibility');
  const invited = listOf(isObject(body) ? body.invite : undefined).filter((one) => typeof one === 'string');
  return [
    // Servers begin every room with this ("Room history visibility", the default of all presets).
    { act: 'visibility', room, is: stringAt(objectAt(said, 'content'), 'history_visibility') ?? 'shared' },
    { act: 'member', room, user: null, is: 'join' },
    ...invited.map((user) => ({ act: 'member', room, user, is: 'invite' }) as const),
  ];
};

/** A message that a device has sent to a room, sealed. */
export type Sent = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly sessionId: string;
  readonly event: string;
};
export const sentIn = (moment: Moment): Sent | null => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'send event' || asked.type !== 'm.room.encrypted') return null;
  const sessionId = stringAt(moment.body, 'session_id');
  const event = stringAt(moment.response, 'event_id') ?? '';
  return sessionId === undefined ? null : { player: moment.from, room: asked.room, sessionId, event };
};

/** What a sync told a device of one room. */
export type RoomNews = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly limited: boolean;
  /** In order; also of state that came without a timeline. */
  readonly members: readonly { readonly user: UserId; readonly is: string }[];
  readonly visibilities: readonly string[];
  /** Event id and session id of what came sealed. */
  readonly sealed: readonly { readonly event: string; readonly sessionId: string }[];
};

const sections = ['invite', 'join', 'knock', 'leave'] as const;

/** A sync whose answer reached its device; `null` for other moments. */
const syncIn = (moment: Moment): RequestMoment | null => toldAs(moment, 'sync');

/** The rooms of a sync that reached its device; none where the moment is something else. */
export const syncedIn = (moment: Moment): readonly RoomNews[] => {
  const sync = syncIn(moment);
  if (sync === null) return [];
  const rooms = objectAt(sync.response, 'rooms');
  return sections.flatMap((section) =>
    Object.entries(objectAt(rooms, section)).map(([room, data]) => newsOf(sync.from, room, data ?? null)),
  );
};

export type VisibilityNews = Pick<RoomNews, 'player' | 'room' | 'visibilities'>;

/** What a device's own user has just set of who may read a room: it needs no sync to be known. */
export const visibilitiesSet = (moment: Moment): readonly VisibilityNews[] =>
  moment.kind !== 'request' || moment.lost === true
    ? []
    : roomActs(moment).flatMap((act) =>
        act.act === 'visibility' ? [{ player: moment.from, room: act.room, visibilities: [act.is] }] : [],
      );

/** What a device hears of who may read a room, oldest first: as a sync tells it, or as its own user has just set it. */
export const visibilitiesHeard = (moment: Moment): readonly VisibilityNews[] => [
  ...syncedIn(moment),
  ...visibilitiesSet(moment),
];

const newsOf = (player: PlayerId, room: RoomId, data: Json): RoomNews => {
  const events = ['state', 'invite_state', 'knock_state', 'timeline'].flatMap((part) =>
    listOf(objectAt(data, part).events),
  );
  const ofType = (type: string) => events.filter((event) => stringAt(event, 'type') === type);
  return {
    player,
    room,
    limited: objectAt(data, 'timeline').limited === true,
    members: ofType('m.room.member').map((event) => ({
      user: stringAt(event, 'state_key') ?? '',
      is: stringAt(objectAt(event, 'content'), 'membership') ?? '',
    })),
    visibilities: ofType('m.room.history_visibility').flatMap(
      (event) => stringAt(objectAt(event, 'content'), 'history_visibility') ?? [],
    ),
    sealed: ofType('m.room.encrypted').flatMap((event) => {
      const sessionId = stringAt(objectAt(event, 'content'), 'session_id');
      return sessionId === undefined ? [] : [{ event: stringAt(event, 'event_id') ?? '', sessionId }];
    }),
  };
};

/** An invitation by address that has found its owner, as a sync tells of it: who asked whom in ("m.room.member", `third_party_invite`). */
export type FoundByAddress = { readonly room: RoomId; readonly user: UserId; readonly by: UserId };
export const foundByAddressIn = (moment: Moment): readonly FoundByAddress[] =>
  Object.entries(objectAt(objectAt(syncIn(moment)?.response, 'rooms'), 'join')).flatMap(([room, data]) =>
    ['state', 'timeline']
      .flatMap((part) => listOf(objectAt(data, part).events))
      .filter((event) => stringAt(event, 'type') === 'm.room.member' && isByAddress(objectAt(event, 'content')))
      .map((event) => ({ room, user: stringAt(event, 'state_key') ?? '', by: stringAt(event, 'sender') ?? '' })),
  );

const isByAddress = (content: JsonObject): boolean =>
  stringAt(content, 'membership') === 'invite' && isObject(content.third_party_invite);

type PatchOf<K extends StorePatch['patch']> = Extract<StorePatch, { patch: K }>;
/** A device's room keys go to the backup, and the server takes them. */
export const uploadsRoomKeys = (moment: Moment): moment is RequestMoment =>
  Object.keys((doneAs(moment, 'upload room keys')?.body as JsonObject | null | undefined) ?? {}).length > 0;

/** Moments that say nothing of rooms and room keys: nine in ten, passed over at once. */
export const isBesideRooms = ({ kind }: Moment): boolean =>
  kind !== 'request' && kind !== 'stored' && kind !== 'shown' && kind !== 'acted';

/** The patch of that name that a moment tells of, and whose store it is; `null` for other moments. */
export const storedAs = <K extends StorePatch['patch']>(
  moment: Moment,
  name: K,
): { readonly player: PlayerId; readonly patch: PatchOf<K> } | null =>
  moment.kind === 'stored' && moment.patch.patch === name
    ? { player: moment.player, patch: moment.patch as PatchOf<K> }
    : null;

/** Room keys stored in a moment, by the name they are filed under. */
export const keysStored = (
  moment: Moment,
): readonly { readonly player: PlayerId; readonly name: string; readonly held: HeldRoomKey }[] => {
  const stored = storedAs(moment, 'room keys');
  return stored === null
    ? []
    : Object.entries(stored.patch.keys).map(([name, held]) => ({ player: stored.player, name, held }));
};

/** What a person was shown of that kind. */
export const shownAs = (moment: Moment, about: string) =>
  moment.kind === 'shown' && moment.notice.about === about
    ? { player: moment.player, notice: moment.notice as JsonObject }
    : null;

/** A file fetched from the media repository, whatever came of it. `bytes`: what came, `null` where nothing did. */
export type Download = {
  readonly player: PlayerId;
  readonly url: string;
  readonly status: number;
  readonly bytes: number | null;
};
export const downloadIn = (moment: Moment): Download | null => {
  const asked = askedIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'download file') return null;
  const data = stringAt(moment.response, 'data');
  const bytes = moment.status !== 200 || data === undefined ? null : Math.floor((data.length * 3) / 4);
  return { player: moment.from, url: asked.url, status: moment.status, bytes };
};

/** Where the file lies that a server has taken; `null` for other moments. */
export const uploadedIn = (moment: Moment): string | null =>
  stringAt(doneAs(moment, 'upload file')?.response, 'content_uri') ?? null;

/** Where a key bundle lies, as a pointer that came to a device says: sealed or in the clear. */
export type Pointer = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly url: string;
  readonly sender: UserId;
};
const pointerTypes: readonly string[] = ['m.room_key_bundle', 'io.element.msc4268.room_key_bundle'];
export const pointerIn = (moment: Moment): Pointer | null => {
  if (moment.kind !== 'delivery') return null;
  const type = moment.opened?.type ?? stringAt(moment.event, 'type') ?? '';
  if (!pointerTypes.includes(type)) return null;
  const content = moment.opened?.content ?? objectAt(moment.event, 'content');
  const url = stringAt(objectAt(content, 'file'), 'url');
  const room = stringAt(content, 'room_id');
  return url === undefined || room === undefined
    ? null
    : { player: moment.to, room, url, sender: moment.facts.claimedSender };
};

/** What is handed in for a device. */
type Letter = Recipient & { readonly content: Json };

/** What a request hands in for other devices ("Send-to-device messaging"); `null` for other requests. */
export const lettersIn = (moment: Moment): { readonly type: string; readonly letters: readonly Letter[] } | null => {
  const asked = askedIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'send to device') return null;
  const messages = objectAt(moment.body, 'messages');
  const letters = Object.keys(messages).flatMap((user) =>
    Object.entries(objectAt(messages, user)).map(([device, content = null]) => ({ user, device, content })),
  );
  return { type: asked.type, letters };
};

/** The Curve25519 keys for which letters of a request are sealed ("m.olm.v1.curve25519-aes-sha2", `ciphertext`). */
export const sealedFor = (moment: Moment): readonly (Recipient & { readonly curve25519: string })[] =>
  (lettersIn(moment)?.letters ?? []).flatMap(({ content, ...to }) =>
    Object.keys(objectAt(content, 'ciphertext')).map((curve25519) => ({ ...to, curve25519 })),
  );

/** Devices of a user that a list names which its reader has got ("Device keys", `keys/query`), by user. */
export const listedIn = (
  moment: Moment,
): readonly { readonly player: PlayerId; readonly user: UserId; readonly devices: readonly DeviceId[] }[] => {
  const query = toldAs(moment, 'query keys');
  if (query === null) return [];
  const lists = objectAt(query.response, 'device_keys');
  return Object.keys(lists).map((user) => ({ player: query.from, user, devices: Object.keys(objectAt(lists, user)) }));
};

/** A device publishes its keys ("Device keys"): whose it says it is, and its Curve25519 key. */
export type PublishedKeys = Recipient & { readonly player: PlayerId; readonly curve25519: string };

/** The keys that a device says are its own, which they are whether or not the server takes them; `null` for other moments. */
export const ownKeysIn = (moment: Moment): PublishedKeys | null => {
  if (moment.kind !== 'request' || askedIn(moment)?.asks !== 'upload device keys') return null;
  const published = objectAt(moment.body, 'device_keys');
  const keys = objectAt(published, 'keys');
  const name = Object.keys(keys).find((one) => one.startsWith('curve25519:'));
  const curve25519 = stringAt(keys, name ?? '');
  if (curve25519 === undefined) return null;
  const [user, device] = [stringAt(published, 'user_id') ?? '', stringAt(published, 'device_id') ?? ''];
  return { player: moment.from, user, device, curve25519 };
};

/** Those that the server takes, and that others know it by. */
export const identityKeyIn = (moment: Moment): PublishedKeys | null =>
  doneAs(moment, 'upload device keys') === null ? null : ownKeysIn(moment);

type SentSecret = { readonly player: PlayerId; readonly to: readonly Recipient[]; readonly secret: string };
/** A secret that a device sends to others, by whatever name the message goes, before it is sealed or unsealed; `null` for other moments. */
export const secretSentIn = (moment: Moment): SentSecret | null => {
  if (moment.kind === 'request') return bareSecretIn(moment);
  if (moment.kind !== 'heard' || moment.event.type !== 'envelope.outgoing') return null;
  const { message } = moment.event;
  if (message === undefined || typeof message === 'string') return null;
  const secret = stringAt(message.content, 'secret') ?? '';
  return secret === '' ? null : { player: moment.player, to: message.to, secret };
};

/** A secret that goes out as anybody can read it. */
const bareSecretIn = (moment: RequestMoment): SentSecret | null => {
  const letters = (lettersIn(moment)?.letters ?? []).flatMap(({ content, user, device }) => {
    const secret = stringAt(content, 'secret') ?? '';
    return secret === '' ? [] : [{ user, device, secret }];
  });
  const [first] = letters;
  if (first === undefined) return null;
  return { player: moment.from, to: letters.map(({ user, device }) => ({ user, device })), secret: first.secret };
};

/** How whoever carries a request can read room keys in it, and what they are about; `null` where they cannot. */
export const keysInTheClear = (moment: Moment): { readonly how: string; readonly about: Subject } | null => {
  if (moment.kind !== 'request') return null;
  const asked = askedIn(moment);
  if (asked?.asks === 'upload file') {
    const url = stringAt(moment.response, 'content_uri') ?? '';
    return isBareBundle(moment.body) ? { how: 'uploads a key bundle in the clear', about: { is: 'file', url } } : null;
  }
  const letters = lettersIn(moment);
  if (letters === null || letters.type === 'm.room.encrypted') return null;
  const open = letters.letters.find(
    ({ content }) => stringAt(content, 'session_key') !== undefined || hasFileKey(objectAt(content, 'file')),
  )?.content;
  if (open === undefined) return null;
  return {
    how: `sends ${letters.type} in the clear`,
    about: { is: 'room', room: stringAt(open, 'room_id') ?? '' },
  };
};
const hasFileKey = (file: JsonObject): boolean => stringAt(objectAt(file, 'key'), 'k') !== undefined;

const isBareBundle = (body: Json): boolean => {
  const bytes = fromBase64(stringAt(body, 'data') ?? '');
  const text = bytes === null ? null : textOf(bytes);
  try {
    const bundle: unknown = JSON.parse(text ?? '');
    return isObject(bundle) && listOf(bundle.room_keys).length > 0;
  } catch {
    return false; // sealed, or something else
  }
};

/** Withheld codes that say that what was said before is not for those who come later: the specification's, and that of the unstable prefix. */
export const notShared: readonly string[] = ['m.history_not_shared', 'io.element.msc4268.history_not_shared'];
