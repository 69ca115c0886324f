/**
 * Stories to start from, where a file says what there is and not what was done: rooms and how many keys each has, told again by two people
 * of the model.
 */
import { oneLine } from '../../scenario/showing.ts';
import { type FromLog, type MadeOfLog, scenarioFrom, type Words } from '../serve/scenario.ts';
import type { Line, Told } from '../serve/told.ts';
import { plural } from '../terminal.ts';
import type { Made, Start } from './opening.ts';
import { byRoom, type RoomKey } from './room-keys.ts';

/** More rooms and messages would be no story that anybody reads. */
const most = { rooms: 3, messages: 5 } as const;

const server = 'example.org';
const device = (name: string) => ({ name, isSigned: true });
export const users = {
  alice: { name: 'alice', server, devices: [device('phone'), device('laptop')] },
  bob: { name: 'bob', server, devices: [device('phone')] },
} as const;
const told = (people: Told['users'], lines: readonly Line[]): Told => ({
  users: people,
  lines,
  told: lines.length,
  byItself: 0,
  untold: new Map(),
});

/** What comes of a log or a template: the text, and what is to be told beside it. */
export const madeOf = (from: FromLog, notes: (made: MadeOfLog) => readonly string[]): Made =>
  from.ok ? { ok: true, text: from.text, notes: notes(from) } : from;

export const startWith = (people: Told['users'], lines: readonly Line[], words: Words): Start => ({
  can: true,
  made: () =>
    madeOf(scenarioFrom(told(people, lines), words), ({ undone }) =>
      undone.map(({ act }) => `left out: ${oneLine(act)}`),
    ),
});

const why = (of: string): string =>
  `Made of ${of}, which says which room keys there are and not what was done. Say here what went wrong, tell it in the story, and change what is expected to what should have come of it.`;
const says = (name: string, room: string, count: number): readonly Line[] =>
  Array.from({ length: Math.min(count, most.messages) }, (_, nth) => ({
    who: name,
    does: { send: `message ${nth + 1}`, in: room },
  }));
const headFor = (keys: readonly RoomKey[]): readonly string[] => {
  const rooms = byRoom(keys);
  return [
    `The file has ${plural(keys.length, 'room key')} of ${plural(rooms.size, 'room')}; here are at most ${most.rooms} rooms, and a message for each key, at most ${most.messages}.`,
    ...[...rooms.keys()].slice(0, most.rooms).map((room, nth) => `room ${nth + 1} stands for ${room}`),
  ];
};
/** Rooms of alice in which something is said for each key. */
const roomsSaid = (keys: readonly RoomKey[]): readonly Line[] =>
  [...byRoom(keys).values()]
    .slice(0, most.rooms)
    .flatMap((some, nth): readonly Line[] => [
      { who: 'alice.phone', does: { 'create room': `room-${nth + 1}`, history: 'shared' } },
      ...says('alice.phone', `room-${nth + 1}`, some.length),
    ]);

/** Keys are exported by one device and imported by another. */
export const startOfExport = (keys: readonly RoomKey[]): Start =>
  startWith([users.alice], [...roomsSaid(keys), { who: 'alice.laptop', does: { 'import room keys': 'alice.phone' } }], {
    title: 'A key export goes from one device to another',
    about: ['SPEC'],
    why: why('a key export'),
    head: headFor(keys),
  });

/** A backup is filled by one device and restored by another. */
export const startOfBackup = (keys: readonly RoomKey[]): Start =>
  startWith(
    [users.alice],
    [
      { who: 'alice.phone', does: 'reset backup' },
      { who: 'everyone', does: 'settle' },
      ...roomsSaid(keys),
      { who: 'everyone', does: 'settle' },
      { who: 'alice.laptop', does: 'restore backup' },
    ],
    {
      title: 'A key backup is restored by another device',
      about: ['SPEC'],
      why: why('a key backup'),
      head: headFor(keys),
    },
  );

/** Somebody is asked into a room, and is handed its history. `withheld`: how many keys the bundle keeps back. */
export const startOfBundle = (keys: readonly RoomKey[], withheld: number): Start =>
  startOfInvite(keys, withheld, 'a room key bundle', [
    `The bundle has ${plural(keys.length, 'room key')} and keeps ${withheld} back; here is a message for each, at most ${most.messages}.`,
  ]);

/** The same, of an event that points to a bundle: how many keys are in that it does not say. */
export const startOfPointer = (): Start => startOfInvite([], 0, 'an event that points to a room key bundle', []);

const startOfInvite = (keys: readonly RoomKey[], withheld: number, of: string, head: readonly string[]): Start =>
  startWith(
    [users.alice, users.bob],
    [
      { who: 'alice.phone', does: { 'create room': 'room', history: withheld > 0 ? 'joined' : 'shared' } },
      ...says('alice.phone', 'room', withheld),
      ...(withheld > 0 ? [{ who: 'alice.phone', does: { 'set history': 'shared', in: 'room' } }] : []),
      ...says('alice.phone', 'room', Math.max(1, keys.length)),
      { who: 'alice.phone', does: { invite: 'bob', to: 'room' } },
      { who: 'bob.phone', does: 'sync' },
      { who: 'bob.phone', does: { join: 'room' } },
      { who: 'everyone', does: 'settle' },
      { who: 'bob.phone', does: { 'scroll back': 'room' } },
    ],
    {
      title: 'Somebody is asked in and handed the history of the room',
      about: ['MSC4268'],
      why: why(of),
      head,
    },
  );
