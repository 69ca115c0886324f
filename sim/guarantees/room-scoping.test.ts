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

it('asks nothing of those who do as they like, and no text concedes it', () => {
  expect(watched(roomScoping, [about(t.attic)], witness({ stolen: [guest] })).breaks).toEqual([]);
  expect(roomScoping.accepts).toEqual([]);
});
