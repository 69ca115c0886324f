/** What moments say of rooms, keys and letters. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { EnvelopeFacts } from '../../../machines/types.ts';
import { base64 } from '../../crypto/real/base64.ts';
import { utf8 } from '../../crypto/real/bytes.ts';
import type { Moment } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, bob, charlie, den } from '../testing.ts';
import * as requests from './requests.ts';

const phone = 'alice.phone';
type Asked = { readonly body?: Json; readonly status?: number };
const post = (path: string, { body = {}, status = 200 }: Asked = {}, response: Json = {}): Moment =>
  t.request(phone, { method: 'POST', path, body, status }, response);
const put = (path: string, { body = {}, status = 200 }: Asked = {}, response: Json = {}): Moment =>
  t.request(phone, { method: 'PUT', path, body, status }, response);
const beside: readonly Moment[] = [t.writes(phone, 'hello'), t.stores(phone, { patch: 'backup', backup: null })];

const visibility = (is: string) => ({ act: 'visibility', room: den, is });
const member = (user: string | null, is: string) => ({ act: 'member', room: den, user, is });

describe('what a request has done to a room', () => {
  const acts = (moment: Moment) => requests.roomActs(moment);
  const creates = (body: Json) => acts(post(paths.createRoom, { body }, { room_id: den }));
  const state = (history: string, type = 'm.room.history_visibility') => ({
    type,
    content: { history_visibility: history },
  });

  it('is to make it: shared, where nothing else is said, with those who were asked in', () => {
    expect(creates({})).toEqual([visibility('shared'), member(null, 'join')]);
    expect(creates(null)).toEqual([visibility('shared'), member(null, 'join')]);
    const body = { initial_state: [null, state('x', 'm.room.name'), state('joined')], invite: [bob, 5, charlie] };
    expect(creates(body)).toEqual([
      visibility('joined'),
      member(null, 'join'),
      member(bob, 'invite'),
      member(charlie, 'invite'),
    ]);
  });

  it('is to set its history visibility, and no other state', () => {
    const sets = (type: string, body: JsonObject) => acts(put(paths.roomState(den, type), { body }));
    expect(acts(t.sets(phone, 'joined'))).toEqual([visibility('joined')]);
    expect(sets('m.room.name', { history_visibility: 'joined' })).toEqual([]);
    expect(sets('m.room.history_visibility', {})).toEqual([]);
  });

  it('is what becomes of whoever asks, or of whom they name', () => {
    for (const [change, is] of [
      ['join', 'join'],
      ['leave', 'leave'],
    ] as const)
      expect(acts(post(paths.membership(den, change), { body: { user_id: bob } }))).toEqual([member(null, is)]);
    for (const [change, is] of [
      ['invite', 'invite'],
      ['kick', 'leave'],
      ['ban', 'ban'],
      ['unban', 'leave'],
    ] as const) {
      expect(acts(post(paths.membership(den, change), { body: { user_id: bob } }))).toEqual([member(bob, is)]);
      expect(acts(post(paths.membership(den, change)))).toEqual([]);
    }
    expect(acts(post(paths.join('#den:a.example'), {}, { room_id: den }))).toEqual([member(null, 'join')]);
    expect(acts(post(paths.knock(den)))).toEqual([member(null, 'knock')]);
  });

  it('is nothing where it was refused, is about something else, or is no request', () => {
    expect(acts(post(paths.join(den), { status: 403 }))).toEqual([]);
    expect(acts(t.syncs(phone, {}))).toEqual([]);
    for (const moment of beside) expect(acts(moment)).toEqual([]);
  });
});

describe('a message', () => {
  const sends = (type: string, body: JsonObject, status = 200) =>
    requests.sentIn(put(paths.roomSend(den, type, 't1'), { body, status }, { event_id: '$1' }));

  it('is what a device sealed for a room and the server took', () => {
    const sent = { player: phone, room: den, sessionId: 's', event: '$1' };
    expect(sends('m.room.encrypted', { session_id: 's' })).toEqual(sent);
    expect(sends('m.room.message', { session_id: 's' })).toBeNull();
    expect(sends('m.room.encrypted', {})).toBeNull();
    expect(sends('m.room.encrypted', { session_id: 's' }, 403)).toBeNull();
    const state = put(paths.roomState(den, 'm.room.encrypted'), { body: { session_id: 's' } });
    for (const moment of [state, ...beside]) expect(requests.sentIn(moment)).toBeNull();
  });
});

describe('what a sync tells', () => {
  const sync = (rooms: JsonObject, more: object = {}): Moment => ({
    ...t.request(phone, { method: 'GET', path: paths.sync }, { rooms }),
    ...more,
  });
  const joins = (user: string, content: JsonObject, more: JsonObject = {}) => ({
    type: 'm.room.member',
    state_key: user,
    content: { membership: 'join', ...content },
    ...more,
  });
  const history = { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } };
  const sealed = { type: 'm.room.encrypted', event_id: '$1', content: { session_id: 's' } };
  const nothing = { player: phone, limited: false, members: [], visibilities: [], sealed: [] };

  it('is who is in, who may read, and what came sealed, state before timeline', () => {
    const state = [joins(alice, {}), 'nonsense', history];
    const timeline = [{ type: 'm.room.name', content: { history_visibility: 'x', membership: 'x' } }, sealed];
    const room = { state: { events: state }, timeline: { events: [...timeline, joins(bob, {})], limited: true } };
    expect(requests.syncedIn(sync({ join: { [den]: room } }))).toEqual([
      {
        player: phone,
        room: den,
        limited: true,
        members: [
          { user: alice, is: 'join' },
          { user: bob, is: 'join' },
        ],
        visibilities: ['joined'],
        sealed: [{ event: '$1', sessionId: 's' }],
      },
    ]);
    const bare = { timeline: { events: [{ type: 'm.room.encrypted' }, { type: history.type }] } };
    expect(requests.syncedIn(sync({ join: { [den]: bare } }))).toEqual([{ room: den, ...nothing }]);
  });

  it('is told of rooms one is in, out of, or only asked to', () => {
    const rooms = {
      invite: { a: { invite_state: { events: [joins(alice, { membership: 'invite' })] } } },
      join: { b: {} },
      knock: { c: { knock_state: { events: [history] } } },
      leave: { d: {} },
    };
    expect(requests.syncedIn(sync(rooms))).toEqual([
      { room: 'a', ...nothing, members: [{ user: alice, is: 'invite' }] },
      { room: 'b', ...nothing },
      { room: 'c', ...nothing, visibilities: ['joined'] },
      { room: 'd', ...nothing },
    ]);
  });

  it('is that an invitation by address has found its owner', () => {
    const found = joins(bob, { membership: 'invite', third_party_invite: {} }, { sender: alice });
    const others = [
      joins(charlie, { membership: 'invite' }, { sender: alice }),
      joins(charlie, { membership: 'join', third_party_invite: {} }, { sender: alice }),
      { ...found, type: 'm.room.other' },
      'nonsense',
    ];
    const expected = [{ room: den, user: bob, by: alice }];
    for (const part of ['state', 'timeline']) {
      const rooms = { join: { [den]: { [part]: { events: [...others, found] } } } };
      expect(requests.foundByAddressIn(sync(rooms))).toEqual(expected);
      expect(requests.foundByAddressIn(sync(rooms, { lost: true }))).toEqual([]);
    }
    for (const moment of beside) expect(requests.foundByAddressIn(moment)).toEqual([]);
  });

  it('is nothing where the answer was lost or refused, or it is no sync', () => {
    const rooms = { join: { [den]: {} } };
    expect(requests.syncedIn(sync(rooms))).toHaveLength(1);
    expect(requests.syncedIn(sync(rooms, { lost: true }))).toEqual([]);
    expect(requests.syncedIn(sync(rooms, { status: 500 }))).toEqual([]);
    expect(requests.syncedIn(post(paths.keysQuery, {}, { rooms }))).toEqual([]);
    for (const moment of beside) expect(requests.syncedIn(moment)).toEqual([]);
  });
});

describe('keys and files that go up and down', () => {
  it('are room keys, where there are any and the server takes them', () => {
    const body = { rooms: {} };
    expect(requests.uploadsRoomKeys(put(paths.backupKeys, { body }))).toBe(true);
    expect(requests.uploadsRoomKeys(put(paths.backupKeys, { body, status: 403 }))).toBe(false);
    for (const empty of [{}, null])
      expect(requests.uploadsRoomKeys(put(paths.backupKeys, { body: empty }))).toBe(false);
    expect(requests.uploadsRoomKeys(post(paths.keysUpload, { body }))).toBe(false);
    for (const moment of beside) expect(requests.uploadsRoomKeys(moment)).toBe(false);
  });

  it('are files, by where they lie, with their size where they came', () => {
    expect(requests.uploadedIn(t.uploads(phone))).toBe(t.bundleAt);
    expect(requests.uploadedIn(t.uploads(phone, 413))).toBeNull();
    expect(requests.uploadedIn(post(paths.keysUpload, {}, { content_uri: 'x' }))).toBeNull();
    const file = { player: phone, url: t.bundleAt, status: 200 };
    expect(requests.downloadIn(t.downloads(phone, 200, 'AAAAA'))).toEqual({ ...file, bytes: 3 });
    expect(requests.downloadIn(t.downloads(phone, 404))).toEqual({ ...file, status: 404, bytes: null });
    const download = { method: 'GET', path: paths.mediaDownload('a.example', 'media1') };
    expect(requests.downloadIn(t.request(phone, download))).toEqual({ ...file, bytes: null });
    const half = t.request(phone, { ...download, status: 500 }, { data: 'AAAA' });
    expect(requests.downloadIn(half)).toEqual({ ...file, status: 500, bytes: null });
    for (const moment of beside) {
      expect(requests.uploadedIn(moment)).toBeNull();
      expect(requests.downloadIn(moment)).toBeNull();
    }
  });

  it('are the keys of a device, by the name it gives itself', () => {
    const publishes = (device_keys: JsonObject) =>
      requests.identityKeyIn(post(paths.keysUpload, { body: { device_keys } }));
    expect(requests.identityKeyIn(t.publishesKeys(phone, alice, 'PHONE'))).toEqual({
      player: phone,
      user: alice,
      device: 'PHONE',
      curve25519: t.curveOf(phone),
    });
    const keys = { 'ed25519:PHONE': 'e', 'curve25519:PHONE': 'c' };
    expect(publishes({ keys })).toEqual({ player: phone, user: '', device: '', curve25519: 'c' });
    for (const none of [{}, { 'ed25519:PHONE': 'e' }, { 'curve25519:PHONE': 5 }])
      expect(publishes({ keys: none })).toBeNull();
    const elsewhere = post(paths.signaturesUpload, { body: { device_keys: { keys } } });
    for (const moment of [elsewhere, t.downloads(phone, 200), put('/nowhere'), ...beside])
      expect(requests.identityKeyIn(moment)).toBeNull();
  });
});

describe('letters', () => {
  const letters = (type: string, messages: Json): Moment => put(paths.sendToDevice(type, 't1'), { body: { messages } });

  it('are what a request hands in for devices, by whatever user', () => {
    const messages = { [alice]: { PHONE: { a: 1 }, LAPTOP: { a: 2 } }, [bob]: { PHONE: { a: 3 } }, [charlie]: 'text' };
    expect(requests.lettersIn(letters('m.x', messages))).toEqual({
      type: 'm.x',
      letters: [
        { user: alice, device: 'PHONE', content: { a: 1 } },
        { user: alice, device: 'LAPTOP', content: { a: 2 } },
        { user: bob, device: 'PHONE', content: { a: 3 } },
      ],
    });
    for (const moment of [post(paths.keysUpload, { body: { messages } }), put('/nowhere'), ...beside])
      expect(requests.lettersIn(moment)).toBeNull();
  });

  it('are pointers to a bundle where they name a room and a file', () => {
    const content = { room_id: den, file: { url: t.bundleAt } };
    const pointer = { player: phone, room: den, url: t.bundleAt, sender: bob };
    const comes = (type: string, inside: JsonObject): Moment => ({
      kind: 'delivery',
      from: t.server,
      to: phone,
      event: { type, content: inside },
      opened: null,
      facts: { claimedSender: bob } as EnvelopeFacts,
    });
    expect(requests.pointerIn(t.isPointed(phone, bob))).toEqual(pointer);
    for (const type of ['m.room_key_bundle', 'io.element.msc4268.room_key_bundle'])
      expect(requests.pointerIn(comes(type, content))).toEqual(pointer);
    for (const inside of [{ room_id: den }, { file: content.file }, {}])
      expect(requests.pointerIn(comes('m.room_key_bundle', inside))).toBeNull();
    expect(requests.pointerIn(comes('m.room_key', content))).toBeNull();
    const event = { type: 'm.room_key_bundle', content };
    expect(requests.pointerIn({ kind: 'discarded', player: phone, event, why: 'in the clear' })).toBeNull();
  });

  it('are secrets that nobody seals, too', () => {
    const letter = (content: object, type = 'm.secret.push'): Moment =>
      t.request(phone, {
        method: 'PUT',
        path: paths.sendToDevice(type, 't'),
        body: { messages: { [bob]: { PHONE: content } } } as never,
      });
    const to = [t.phoneOf(bob)];
    expect(requests.secretSentIn(letter({ secret: 's' }))).toEqual({ player: phone, to, secret: 's' });
    expect(requests.secretSentIn(letter({ secret: '' }))).toBeNull();
    expect(requests.secretSentIn(letter({ name: 'm.megolm_backup.v1' }, 'm.secret.request'))).toBeNull();
    expect(requests.secretSentIn(letter({ ciphertext: {} }, 'm.room.encrypted'))).toBeNull();
  });

  it('are secrets before they are sealed, by whatever name', () => {
    const to = [t.phoneOf(bob)];
    const leaves = (event: object): Moment => t.heard(phone, event as never);
    const outgoing = (secret: string) => ({ type: 'envelope.outgoing', message: { content: { secret }, to } });
    expect(requests.secretSentIn(leaves(outgoing('s')))).toEqual({ player: phone, to, secret: 's' });
    const others = [
      outgoing(''),
      { type: 'envelope.outgoing', message: { content: {}, to } },
      { type: 'envelope.outgoing', message: 'm1' },
      { type: 'envelope.outgoing' },
      { ...outgoing('s'), type: 'keys.claimed' },
    ];
    for (const event of others) expect(requests.secretSentIn(leaves(event))).toBeNull();
    for (const moment of beside) expect(requests.secretSentIn(moment)).toBeNull();
  });
});

describe('keys that whoever carries a request can read', () => {
  const clear = (moment: Moment) => requests.keysInTheClear(moment);
  const uploads = (bytes: Uint8Array | string): Moment => {
    const data = typeof bytes === 'string' ? bytes : base64(bytes);
    return post(paths.mediaUpload, { body: { data } }, { content_uri: t.bundleAt });
  };
  const letters = (type: string, ...contents: readonly JsonObject[]): Moment => {
    const body = { messages: { [bob]: Object.fromEntries(contents.map((content, nth) => [`D${nth}`, content])) } };
    return put(paths.sendToDevice(type, 't1'), { body });
  };

  it('are those of a bundle that is not sealed', () => {
    const bundle = (room_keys: Json) => uploads(utf8(JSON.stringify({ room_keys })));
    expect(clear(bundle([{}]))).toEqual({
      how: 'uploads a key bundle in the clear',
      about: { is: 'file', url: t.bundleAt },
    });
    for (const other of [
      bundle([]),
      bundle({ a: 1 }),
      uploads(utf8('[{}]')),
      uploads(utf8('null')),
      uploads(utf8('{x')),
    ])
      expect(clear(other)).toBeNull();
    for (const sealed of [uploads(new Uint8Array([255, 254, 1])), uploads('no base64!'), post(paths.mediaUpload)])
      expect(clear(sealed)).toBeNull();
  });

  it('are in letters that bear a key, or the key of a file', () => {
    const about = { is: 'room', room: den };
    const key = { room_id: den, session_key: 'k' };
    expect(clear(letters('m.room_key', {}, key))).toEqual({ how: 'sends m.room_key in the clear', about });
    const pointer = { room_id: den, file: { url: t.bundleAt, key: { k: 'k' } } };
    expect(clear(letters('m.room_key_bundle', pointer))).toEqual({
      how: 'sends m.room_key_bundle in the clear',
      about,
    });
    expect(clear(letters('m.room.encrypted', key))).toBeNull();
    const keyless = { room_id: den, file: { url: t.bundleAt, key: {} } };
    expect(clear(letters('m.room_key_bundle', keyless, { room_id: den }))).toBeNull();
  });

  it('are in nothing else', () => {
    for (const moment of [t.syncs(phone, {}), put('/nowhere'), ...beside]) expect(clear(moment)).toBeNull();
  });
});

describe('stores and screens', () => {
  it('tell of the patch or the notice of that name', () => {
    const patch = { patch: 'backup', backup: null } as const;
    expect(requests.storedAs(t.stores(phone, patch), 'backup')).toEqual({ player: phone, patch });
    expect(requests.storedAs(t.stores(phone, patch), 'pin')).toBeNull();
    expect(requests.storedAs(t.writes(phone, 'hello'), 'backup')).toBeNull();
    expect(requests.keysStored(t.makes('alice.phone/1')).map(({ player, name }) => [player, name])).toEqual([
      [phone, `${den} alice.phone/1`],
    ]);
    expect(requests.keysStored(t.stores(phone, patch))).toEqual([]);
    expect(requests.shownAs(t.shown(phone, 'history visible', {}), 'history visible')?.player).toBe(phone);
    expect(requests.shownAs(t.shown(phone, 'history visible', {}), 'use new backup')).toBeNull();
    expect(requests.shownAs(t.writes(phone, 'hello'), 'use new backup')).toBeNull();
  });

  it('are what rooms are told from, with requests and what people do', () => {
    const telling = [t.syncs(phone, {}), t.makes('a/1'), t.shown(phone, 'history visible', {}), t.writes(phone, 'x')];
    expect(telling.map(requests.isBesideRooms)).toEqual([false, false, false, false]);
    expect(requests.isBesideRooms(t.heard(phone, { type: 'x' } as never))).toBe(true);
    expect(requests.isBesideRooms(t.isPointed(phone, bob))).toBe(true);
  });
});
