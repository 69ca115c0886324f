import { expect, it } from 'vitest';
import { roomScoping } from './room-scoping.ts';
import * as t from './testing.ts';
import { step, watched, witness } from './testing.ts';

const guest = 'charlie.phone';
const about = (room: string) => step(t.holds(guest, 'bob.phone/1', t.fromBundle(t.alice, 'PHONE', room)));

it('names the room that the key is for, of which the bundle was not about', () => {
  const { breaks, shadow } = watched(roomScoping, [about(t.attic)]);
  expect(breaks).toMatchObject([{ at: guest, about: { is: 'room', room: t.den }, acceptedBy: null }]);
  expect(shadow).toBe(false);
});

it('goes by the pointer that came and the file that was fetched, whatever the device has forgotten of that', () => {
  const takes = step(t.downloads(guest), t.holds(guest, 'bob.phone/1', { how: 'export' }));
  const isPointed = (...rooms: readonly string[]) => step(rooms.map((room) => t.isPointed(guest, t.alice, room)));
  const why = `${guest} takes a room key for ${t.den} from a bundle about ${t.attic}`;
  expect(watched(roomScoping, [isPointed(t.attic), takes])).toMatchObject({
    breaks: [{ at: guest, why }],
    shadow: false,
  });
  expect(watched(roomScoping, [isPointed(t.den), takes])).toMatchObject({ breaks: [], shadow: true });
  // It is not known which of the two it has followed.
  expect(watched(roomScoping, [isPointed(t.attic, t.den), takes])).toMatchObject({ breaks: [], shadow: true });
  expect(watched(roomScoping, [takes])).toMatchObject({ breaks: [], shadow: false });
  const lies = step(t.downloads(guest), t.holds(guest, 'bob.phone/1', t.fromBundle(t.alice, null, t.den)));
  expect(watched(roomScoping, [isPointed(t.attic), lies]).breaks).toMatchObject([{ at: guest, why }]);
});

it('remembers what no letter pointed at no more than what is said twice', () => {
  const pointed = step(t.isPointed(guest, t.alice));
  expect(t.isNews(roomScoping, [], pointed)).toBe(true);
  expect(t.isNews(roomScoping, [pointed], pointed)).toBe(false);
  expect(t.isNews(roomScoping, [], about(t.den))).toBe(false);
});

it('asks nothing of those who do as they like, and no text concedes it', () => {
  expect(watched(roomScoping, [about(t.attic)], witness({ stolen: [guest] })).breaks).toEqual([]);
  expect(roomScoping.accepts).toEqual([]);
});
