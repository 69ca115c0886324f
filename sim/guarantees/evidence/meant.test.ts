/** What devices mean to give, what of it goes out, and what waits. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, Step } from '../../engine/types.ts';
import { claims } from '../letters-testing.ts';
import * as t from '../testing.ts';
import { alice, bob, charlie, phoneOf } from '../testing.ts';
import { goingOut, isGiftTo, type Meant, type Unsent } from './meant.ts';

const phone = 'alice.phone';
const decides = t.writes(phone, 'a decision');
const meant: Meant<string> = { at: phone, to: [phoneOf(bob), phoneOf(charlie)], what: 'a key' };
const letter = (user: string, by = phone): Moment => t.sealsFor(by, user, 'PHONE', 'curve');
const inClear = (type: string, content: JsonObject): Moment =>
  t.request(phone, {
    method: 'PUT',
    path: paths.sendToDevice(type, 't'),
    body: { messages: { [bob]: { PHONE: content } } },
  });
/** A step in which that is decided, and all moments of it looked at in turn: who was given something, and who waits for it. */
const told = (step: Step, before: Unsent<string> = {}) => {
  let unsent = before;
  const out: string[] = [];
  for (const moment of step.moments) {
    const now = goingOut(unsent, moment, step, moment === decides ? meant : null);
    unsent = now.unsent;
    out.push(...now.out.flatMap(({ to, what }) => to.map(({ user }) => `${what} to ${user}`)));
  }
  return { out, unsent, waits: (unsent[phone] ?? []).map(({ user }) => user) };
};

describe('what a device means to give', () => {
  it('goes out to whom a letter leaves in the same step, before or after, and to nobody else', () => {
    const expected = { out: [`a key to ${bob}`], waits: [] };
    expect(told(t.step(decides, letter(bob)))).toMatchObject(expected);
    expect(told(t.step(letter(bob), decides))).toMatchObject(expected);
    expect(told(t.step(decides, letter(bob), letter(bob)))).toMatchObject(expected);
    expect(told(t.step(decides, letter(alice), letter(bob, 'alice.laptop')))).toMatchObject({ out: [], waits: [] });
  });

  it('waits for whose one-time keys nobody answered, and goes out with the next letter to them', () => {
    const lost = { ...claims(phone, [phoneOf(bob)]), lost: true } as Moment;
    for (const unanswered of [claims(phone, [phoneOf(bob)], 503), claims(phone, [phoneOf(bob)], 0), lost]) {
      const { unsent, out, waits } = told(t.step(decides, unanswered));
      expect([out, waits]).toEqual([[], [bob]]);
      expect(told(t.step(letter(charlie), letter(bob, 'bob.phone')), unsent)).toMatchObject({ out: [], waits: [bob] });
      expect(told(t.step(letter(bob)), unsent)).toEqual({ out: [`a key to ${bob}`], unsent: {}, waits: [] });
    }
    const others = claims(phone, [phoneOf(alice)], 503);
    expect(told(t.step(decides, others)).waits).toEqual([]);
    expect(told(t.step(decides, claims('alice.laptop', [phoneOf(bob)], 503))).waits).toEqual([]);
  });

  it('waits where the server does not take the letter, and goes out with one that it takes', () => {
    const refused = { ...letter(bob), status: 503 } as Moment;
    const { unsent, out, waits } = told(t.step(decides, claims(phone, [phoneOf(bob)]), refused));
    expect([out, waits]).toEqual([[], [bob]]);
    expect(told(t.step({ ...letter(bob), status: 429 } as Moment), unsent)).toMatchObject({ out: [], waits: [bob] });
    expect(told(t.step(letter(bob)), unsent)).toEqual({ out: [`a key to ${bob}`], unsent: {}, waits: [] });
    expect(told(t.step(decides, { ...letter(bob), lost: true } as Moment))).toMatchObject({
      out: [`a key to ${bob}`],
      waits: [],
    });
    expect(told(t.step(decides, refused, letter(bob)))).toMatchObject({ out: [`a key to ${bob}`], waits: [] });
    expect([isGiftTo(refused, phone, bob), isGiftTo(letter(bob), phone, bob)]).toEqual([false, true]);
    // What is not sealed whoever refuses it has read.
    const open = { ...inClear('m.secret.push', { secret: 's' }), status: 503 } as Moment;
    expect(isGiftTo(open, phone, bob)).toBe(true);
  });

  it('is given up where there are no one-time keys, then or later', () => {
    expect(told(t.step(decides, claims(phone, [phoneOf(bob)])))).toMatchObject({ out: [], waits: [] });
    const { unsent } = told(t.step(decides, claims(phone, [phoneOf(bob), phoneOf(charlie)], 503)));
    expect(told(t.step(claims(phone, [phoneOf(bob)])), unsent)).toMatchObject({ out: [], waits: [charlie] });
    const again = told(t.step(claims(phone, [phoneOf(bob)]), letter(bob)), unsent);
    expect(again).toMatchObject({ out: [`a key to ${bob}`], waits: [charlie] });
    const none = t.step(claims('bob.phone', [phoneOf(bob)]), t.writes(phone, 'hello'));
    expect(told(none, unsent).unsent).toBe(unsent);
  });

  it('goes out as it is where the request itself shows it', () => {
    const open = inClear('m.secret.push', { secret: 's' });
    const { out } = goingOut({}, open, t.step(open), meant);
    expect(out).toEqual([meant]);
  });
});

describe('a letter that can give something', () => {
  it('is sealed, or shows a secret, a room key or where a file lies', () => {
    const file = { url: t.bundleAt };
    for (const open of [
      inClear('m.secret.push', { secret: 's' }),
      inClear('m.room_key', { session_key: 'k' }),
      inClear('m.room_key_bundle', { file }),
      letter(bob),
    ])
      expect(isGiftTo(open, phone, bob)).toBe(true);
    for (const none of [
      inClear('m.room_key.withheld', { code: 'm.unverified' }),
      inClear('m.secret.request', { name: 'n' }),
      letter(charlie),
      letter(bob, 'alice.laptop'),
      t.writes(phone, 'hello'),
    ])
      expect(isGiftTo(none, phone, bob)).toBe(false);
  });
});
