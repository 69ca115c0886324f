/** Rooms in which the production crypto stack and simulated devices write, and hand on what was written. Nothing is mocked. */
import { expect, test } from 'vitest';
import { type JsonObject, stringAt } from '../../machines/json.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import * as client from './olm-machine/index.ts';
import {
  bringTogether,
  complaints,
  older,
  prefixed,
  type Said,
  shown,
  type Together,
  userOf,
  withOptions,
} from './together.ts';

/** Somebody simulated who was asked in comes in, and looks around. */
const comesIn = ({ sync, tell }: Together, name: string, room: string) => {
  const asked = sync(`${name}.phone`);
  return [...asked, ...tell(`${name}.phone`, { type: 'user.join', room }), ...sync(`${name}.phone`)];
};
const writes = ({ sync, tell }: Together, name: string, room: string, text: string): void => {
  sync(`${name}.phone`);
  tell(`${name}.phone`, { type: 'user.send', room, text });
};
const keyOf = ({ world }: Together, name: string, room: string, session: string) =>
  world().devices[`${name}.phone`]?.store.roomKeys[roomKeyName(room, session)];

/** What a real machine makes of each encrypted event of a room, by who sent it. */
const readings = async (machine: client.RealMachine, { timelines }: client.Synced, room: string) => {
  const encrypted = (timelines[room] ?? []).filter(({ type }) => type === 'm.room.encrypted');
  const read: Record<string, client.Reading> = {};
  for (const event of encrypted) read[senderOf(event)] = await client.readEvent(machine, room, event);
  return read;
};
const senderOf = (event: JsonObject): string => stringAt(event, 'sender') ?? '';

/** Who said what, each pair once. */
const kinds = (said: readonly Said[]): readonly string[] => [
  ...new Set(said.map(({ by, what }) => `${by.replace(/^@|[.:].*$/g, '')}: ${what}`)),
];

test('messages go both ways between the production crypto stack and a simulated device', async () => {
  const all = bringTogether({ simulated: ['bob'], real: ['alice'] });
  const alice = await all.logIn('alice');
  const room = await client.createRoom(alice, 'yard', 'shared');
  await client.invite(alice, room, userOf('bob'));
  comesIn(all, 'bob', room);
  await client.syncRooms(alice);
  const { content } = await client.sendText(alice, room, 'hello from the real one');
  expect(shown(all.sync('bob.phone'), 'message')).toMatchObject([
    { sender: userOf('alice'), message: 'hello from the real one', sharedBy: null, origin: 'room_key', warning: null },
  ]);
  // The name that production gives the flag is understood.
  expect(keyOf(all, 'bob', room, stringAt(content, 'session_id') ?? '')?.sharedHistory).toBe(true);
  writes(all, 'bob', room, 'hello from the simulated one');
  const read = await readings(alice, await client.syncRooms(alice), room);
  expect(read[userOf('bob')]).toEqual({
    opened: true,
    text: 'hello from the simulated one',
    sender: userOf('bob'),
    forwarder: null,
    forwarderDevice: null,
    shield: null,
  });
  expect(complaints(all.said())).toEqual([]);
});

test('the production crypto stack marks the keys of a closed room as not to be shared, and so does a simulated device', async () => {
  const all = bringTogether({ simulated: ['bob'], real: ['alice'] });
  const alice = await all.logIn('alice');
  const room = await client.createRoom(alice, 'yard', 'joined');
  await client.invite(alice, room, userOf('bob'));
  comesIn(all, 'bob', room);
  await client.syncRooms(alice);
  const { content } = await client.sendText(alice, room, 'among ourselves');
  writes(all, 'bob', room, 'quite so');
  await client.syncRooms(alice);
  expect(keyOf(all, 'bob', room, stringAt(content, 'session_id') ?? '')?.sharedHistory).toBe(false);
  const flags = all.said().flatMap(({ what, value }) => (what === 'm.room_key' ? [value] : []));
  expect(flags).toMatchObject([{ 'm.shared_history': false }, { 'm.shared_history': false, shared_history: false }]);
});

test('a device that nobody signed is told by either side that it gets no key', async () => {
  const all = bringTogether({
    simulated: ['bob', 'dave'],
    unsigned: ['dave'],
    real: ['alice', 'carol'],
    byDevice: { 'bob.phone': withOptions({ 'share with': 'signed' }) },
  });
  const alice = await all.logIn('alice');
  const carol = await all.logIn('carol', 'unsigned');
  const room = await client.createRoom(alice, 'yard', 'shared');
  for (const name of ['bob', 'carol', 'dave']) await client.invite(alice, room, userOf(name));
  for (const name of ['bob', 'dave']) comesIn(all, name, room);
  await client.join(carol, room);
  for (const machine of [alice, carol]) await client.syncRooms(machine);
  writes(all, 'bob', room, 'signed devices only');
  expect((await readings(carol, await client.syncRooms(carol), room))[userOf('bob')]).toMatchObject({
    opened: false,
    withheld: 'm.unverified',
  });
  await client.sendText(alice, room, 'signed devices only', 'signed');
  expect(shown(all.sync('dave.phone'), 'unreadable message').at(-1)).toMatchObject({
    sender: userOf('alice'),
    reason: 'm.unverified',
    withheldBy: userOf('alice'),
  });
  expect(kinds(all.said())).toEqual(expect.arrayContaining(['alice: m.room_key.withheld', 'bob: m.room_key.withheld']));
  expect(complaints(all.said())).toEqual([]);
});

test('a bundle of the production crypto stack is imported by a simulated device', async () => {
  const all = bringTogether({
    simulated: ['bob', 'erin', 'dave'],
    real: ['alice'],
    byDevice: { 'dave.phone': older },
  });
  const alice = await all.logIn('alice');
  const room = await client.createRoom(alice, 'yard', 'shared');
  for (const name of ['erin', 'dave']) {
    await client.invite(alice, room, userOf(name));
    comesIn(all, name, room);
  }
  await client.syncRooms(alice);
  const own = await client.sendText(alice, room, 'by the inviter');
  writes(all, 'erin', room, 'by a member');
  writes(all, 'dave', room, 'by a member with an older client');
  await client.syncRooms(alice);
  const { uri, pointers } = await client.inviteWithHistory(alice, room, userOf('bob'));
  expect(pointers).toHaveLength(1);

  const moments = comesIn(all, 'bob', room);
  expect(shown(moments, 'bundle imported')).toMatchObject([{ user: userOf('alice'), sessions: 2, url: uri }]);
  expect(shown(moments, 'message')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ sender: userOf('alice'), message: 'by the inviter', sharedBy: null, origin: 'bundle' }),
      expect.objectContaining({
        sender: userOf('erin'),
        message: 'by a member',
        sharedBy: userOf('alice'),
        origin: 'bundle',
      }),
    ]),
  );
  expect(shown(moments, 'unreadable message').at(-1)).toMatchObject({
    sender: userOf('dave'),
    reason: 'm.history_not_shared',
    withheldBy: userOf('alice'),
  });
  expect(keyOf(all, 'bob', room, stringAt(own.content, 'session_id') ?? '')).toMatchObject({
    sharedHistory: true,
    origin: { how: 'bundle', user: userOf('alice'), device: 'REAL', room, url: uri },
  });
  expect(complaints(all.said())).toEqual([]);
});

test('a bundle of a simulated device is imported by the production crypto stack', async () => {
  const all = bringTogether({
    simulated: ['bob', 'erin', 'dave'],
    real: ['carol'],
    rooms: [{ name: 'den', history: 'shared', members: ['bob', 'erin', 'dave'] }],
    byDevice: { 'dave.phone': older },
  });
  const room = '!den:example.org';
  const carol = await all.logIn('carol');
  for (const name of ['bob', 'erin', 'dave']) writes(all, name, room, `by ${name}`);
  all.sync('bob.phone');
  all.tell('bob.phone', { type: 'user.invite', room, user: userOf('carol') });
  await client.joinWithHistory(carol, room, userOf('bob'));
  const synced = await client.syncRooms(carol);
  expect(await client.importHistory(carol, room, userOf('bob'))).toMatchObject({ sender: userOf('bob') });
  const read = await readings(carol, synced, room);
  const shared = { opened: true, forwarder: userOf('bob'), forwarderDevice: 'PHONE' };
  expect(read[userOf('bob')]).toMatchObject({ text: 'by bob', ...shared });
  expect(read[userOf('erin')]).toMatchObject({ text: 'by erin', ...shared });
  expect(read[userOf('dave')]).toMatchObject({ opened: false, withheld: 'm.history_not_shared' });
  expect(complaints(all.said())).toEqual([]);
});

test('history goes from the production crypto stack to a simulated device and on to another real machine and another simulated device', async () => {
  const all = bringTogether({
    simulated: ['bob', 'frank', 'erin', 'dave'],
    real: ['alice', 'carol'],
    byDevice: { 'dave.phone': older },
  });
  const alice = await all.logIn('alice');
  const carol = await all.logIn('carol');
  const room = await client.createRoom(alice, 'yard', 'shared');
  for (const name of ['erin', 'dave']) {
    await client.invite(alice, room, userOf(name));
    comesIn(all, name, room);
  }
  await client.syncRooms(alice);
  await client.sendText(alice, room, 'by whoever invited first');
  writes(all, 'erin', room, 'by a member');
  writes(all, 'dave', room, 'by a member with an older client');
  await client.syncRooms(alice);

  await client.inviteWithHistory(alice, room, userOf('bob'));
  comesIn(all, 'bob', room);
  all.tell('bob.phone', { type: 'user.invite', room, user: userOf('carol') });

  await client.joinWithHistory(carol, room, userOf('bob'));
  const synced = await client.syncRooms(carol);
  expect(await client.importHistory(carol, room, userOf('bob'))).not.toBe(null);
  const read = await readings(carol, synced, room);
  expect(read[userOf('alice')]).toMatchObject({ text: 'by whoever invited first', forwarder: userOf('bob') });
  expect(read[userOf('erin')]).toMatchObject({ text: 'by a member', forwarder: userOf('bob') });
  expect(read[userOf('dave')]).toMatchObject({ opened: false, withheld: 'm.history_not_shared' });

  await client.inviteWithHistory(carol, room, userOf('frank'));
  const moments = comesIn(all, 'frank', room);
  expect(shown(moments, 'message')).toContainEqual(
    expect.objectContaining({ sender: userOf('erin'), message: 'by a member', sharedBy: userOf('carol') }),
  );
  expect(shown(moments, 'unreadable message').at(-1)).toMatchObject({
    sender: userOf('dave'),
    reason: 'm.history_not_shared',
    withheldBy: userOf('carol'),
  });

  const bundles = ['alice', 'bob', 'carol'].flatMap((name) => [`${name}: m.room_key_bundle`, `${name}: bundle`]);
  expect(kinds(all.said())).toEqual(expect.arrayContaining(bundles));
  expect(complaints(all.said())).toEqual([]);
});

test('a pointer under the unstable prefix is understood by the production crypto stack', async () => {
  const all = bringTogether({
    simulated: ['bob', 'erin', 'dave'],
    real: ['carol'],
    rooms: [{ name: 'den', history: 'shared', members: ['bob', 'erin', 'dave'] }],
    byDevice: { 'bob.phone': prefixed, 'erin.phone': prefixed, 'dave.phone': older },
  });
  const room = '!den:example.org';
  const carol = await all.logIn('carol');
  for (const name of ['erin', 'dave']) writes(all, name, room, `by ${name}`);
  all.sync('bob.phone');
  all.tell('bob.phone', { type: 'user.invite', room, user: userOf('carol') });
  await client.joinWithHistory(carol, room, userOf('bob'));
  const synced = await client.syncRooms(carol);
  expect(await client.importHistory(carol, room, userOf('bob'))).toMatchObject({ sender: userOf('bob') });
  const read = await readings(carol, synced, room);
  expect(read[userOf('erin')]).toMatchObject({ text: 'by erin', forwarder: userOf('bob') });
  // The code has a prefix in that bundle.
  expect(read[userOf('dave')]).toMatchObject({ opened: false, withheld: 'm.history_not_shared' });
});

test('a pointer of a production machine that nobody signed is not taken by a simulated device', async () => {
  const all = bringTogether({ simulated: ['bob'], real: ['carol'] });
  const carol = await all.logIn('carol', 'unsigned');
  const room = await client.createRoom(carol, 'yard', 'shared');
  await client.sendText(carol, room, 'by somebody unsigned');
  // The machine itself would refuse to share anything, so it is made to.
  await expect(client.inviteWithHistory(carol, room, userOf('bob'))).rejects.toThrow('cross-signing');
  const bundle = await client.buildBundle(carol, room);
  if (bundle === null) throw new Error('the machine has nothing to share: was its message sent?');
  const file = { ...JSON.parse(bundle.info), url: await client.upload(carol, bundle.ciphertext) };
  const to = { userId: userOf('bob'), deviceId: 'PHONE' };
  await client.sendAnything(carol, to, 'm.room_key_bundle', { room_id: room, file });
  await client.invite(carol, room, userOf('bob'));
  const moments = comesIn(all, 'bob', room);
  expect(moments).toContainEqual(
    expect.objectContaining({ kind: 'delivery', opened: expect.objectContaining({ type: 'm.room_key_bundle' }) }),
  );
  expect(shown(moments, 'bundle imported')).toEqual([]);
  expect(shown(moments, 'unreadable message')).toMatchObject([{ sender: userOf('carol'), reason: 'no key' }]);
});

test('a pointer of a simulated device that nobody signed is not taken by the production crypto stack', async () => {
  const all = bringTogether({
    simulated: ['dave'],
    unsigned: ['dave'],
    real: ['carol'],
    rooms: [{ name: 'den', history: 'shared', members: ['dave'] }],
  });
  const room = '!den:example.org';
  const carol = await all.logIn('carol');
  writes(all, 'dave', room, 'by somebody unsigned');
  all.tell('dave.phone', { type: 'user.invite', room, user: userOf('carol') });
  await client.joinWithHistory(carol, room, userOf('dave'));
  const synced = await client.syncRooms(carol);
  expect(kinds(all.said())).toContain('dave: bundle');
  // It downloads what was pointed at, and takes nothing of it in.
  await client.importHistory(carol, room, userOf('dave'));
  expect((await readings(carol, synced, room))[userOf('dave')]).toMatchObject({ opened: false, withheld: null });
});
