/** Whose text concedes what, and when: what a device goes by otherwise later, or what others go by, excuses nothing. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { closedRoom } from './closed-room.ts';
import { concededBy, firstConceded } from './conceded.ts';
import { historyLiveness } from './history-liveness.ts';
import * as t from './testing.ts';
import { alice, charlie, everybody, step } from './testing.ts';
import type { Guarantee, Witness } from './types.ts';

const [phone, guest, third] = ['alice.phone', 'charlie.phone', 'bob.phone'];
const key = 'alice.phone/1';
const decline = '4268-decline-when-currently-closed';
/** The text of these devices alone has the sentences. */
const textOf = (...players: readonly PlayerId[]): Witness => ({
  ...t.witness(),
  isMeantBy: (one) => players.includes(one),
});
const nobodys = textOf();
/** What is found where each step is seen by the witness of its own time. */
const seen = (guarantee: unknown, steps: readonly (readonly [Step, Witness])[]): readonly (string | null)[] => {
  const { begin, see, end } = guarantee as Guarantee;
  let memory = begin;
  const found: (string | null)[] = [];
  for (const [one, who] of steps) {
    const sight = see(memory, one, who);
    memory = sight.memory;
    found.push(...sight.breaks.map(({ acceptedBy }) => acceptedBy));
  }
  found.push(...(end?.(memory, steps.at(-1)?.[1] ?? nobodys) ?? []).map(({ acceptedBy }) => acceptedBy));
  return found;
};

describe('a sentence concedes', () => {
  it('where the text of that device has it, and the device goes by it', () => {
    const meant = textOf(phone);
    expect(concededBy(meant, phone, decline)).toBe(decline);
    expect(concededBy(meant, guest, decline)).toBeNull();
    expect(concededBy({ ...meant, off: (one) => one === phone }, phone, decline)).toBeNull();
    expect(concededBy({ ...meant, off: (one) => one === guest }, phone, decline)).toBe(decline);
  });

  it('as the first of several that does', () => {
    const second = { ...textOf(phone), off: (_: PlayerId, clause: string) => clause === 'one' };
    expect(firstConceded(second, phone, ['one', 'two', 'three'])).toBe('two');
    expect(firstConceded(nobodys, phone, ['one'])).toBeNull();
  });
});

describe('history that an inviter keeps back', () => {
  const written = step(t.makes(key), t.gives(key, [t.phoneOf(alice)]));
  const asks: Moment = {
    kind: 'acted',
    player: phone,
    what: 'invite',
    detail: { room: t.den, user: charlie },
  };
  const declines = step(
    asks,
    t.shown(phone, 'history not shared', { user: charlie, why: 'closed' }),
    t.invites(phone, charlie),
  );
  const found = (then: Witness, later: Witness = then) =>
    seen(historyLiveness, [
      [everybody('shared'), then],
      [written, then],
      [step(t.sets(phone, 'joined')), then],
      [declines, then],
      [step(t.joins(guest)), later],
    ]);

  it('is conceded by the inviter’s own text, as it was then', () => {
    expect(found(textOf(phone))).toEqual([decline]);
    expect(found(textOf(guest))).toEqual([null]);
    expect(found(textOf(phone), nobodys)).toEqual([decline]);
    expect(found(nobodys, textOf(phone))).toEqual([null]);
  });
});

describe('what a newcomer reads of a closed room', () => {
  const said = t.request(
    phone,
    { method: 'PUT', path: paths.roomSend(t.den, 'm.room.encrypted', 't1'), body: { session_id: key } },
    { event_id: '$1' },
  );
  const reads = step(t.shown(guest, 'message', { event: '$1', sender: alice }));
  const found = (then: Witness, later: Witness = then) =>
    seen(closedRoom, [
      [everybody('shared', third), then],
      [step(t.makes(key), said), then],
      [step(t.sets(phone, 'joined')), then],
      [step(t.shares(third, charlie, [key]), t.invites(third, charlie)), then],
      [step(t.joins(guest)), later],
      [step(t.holds(guest, key, t.fromBundle(t.bob))), later],
      [reads, later],
    ]);

  it('is conceded to whoever shared it, and not to whoever wrote it, as their text was when they did', () => {
    expect(found(textOf(third))).toEqual([decline]);
    expect(found(textOf(phone))).toEqual([null]);
    expect(found(textOf(third), nobodys)).toEqual([decline]);
    expect(found(nobodys, textOf(third))).toEqual([null]);
  });
});
