/** Which step sent, or planted, the letter that a break came with. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import type { EnvelopeFacts } from '../../../machines/types.ts';
import type { Origin } from '../../engine/breaks.ts';
import type { Moment, Step } from '../../engine/types.ts';
import { causeOf } from './causes.ts';

const stepOf = (...moments: readonly Moment[]): Step => ({
  choice: { id: 'x', who: 'alice.phone', sentence: 's', kind: 'sync' },
  moments,
});
const idle = stepOf();
const sealed = (ciphertext: string): JsonObject => ({ algorithm: 'm.olm', ciphertext });
const sends = (content: JsonObject, from = 'mallory.tablet'): Moment => ({
  kind: 'request',
  from,
  to: 'example.org',
  method: 'PUT',
  path: '/_matrix/client/v3/sendToDevice/m.room.encrypted/t1',
  body: { messages: { '@alice:example.org': { PHONE: content } } },
  status: 200,
  response: {},
});
const facts = { claimedSender: '@mallory:example.org' } as unknown as EnvelopeFacts;
const arrives = (
  content: JsonObject,
  inside: JsonObject | null,
  to = 'alice.phone',
  type = 'm.secret.send',
): Moment => ({
  kind: 'delivery',
  from: 'example.org',
  to,
  event: { type: 'm.room.encrypted', sender: '@mallory:example.org', content },
  opened: inside === null ? null : { type, content: inside },
  facts,
});
const forges = (before: Json, after: Json): Moment => ({
  kind: 'forged',
  player: 'eve',
  server: 'example.org',
  victim: 'alice.phone',
  what: 'w',
  before,
  after,
});
const secret: Origin = { brought: 'secret', to: 'alice.phone', secret: 's3' };
const [one, other] = [sealed('one'), sealed('other')];

describe('a letter', () => {
  it('was sent in the step in which a device handed it in, whatever came between', () => {
    const steps = [stepOf(sends(other)), stepOf(sends(one)), idle, stepOf(arrives(one, { secret: 's3' }))];
    expect(causeOf(secret, steps)).toBe(1);
  });

  it('is known by what it held and by whom it reached', () => {
    const steps = [
      stepOf(sends(one)),
      stepOf(sends(other)),
      stepOf(arrives(one, { secret: 's3' })),
      stepOf(arrives(other, { secret: 's4' })),
      stepOf(arrives(other, { secret: 's3' }, 'alice.laptop')),
    ];
    expect(causeOf(secret, steps)).toBe(0);
    expect(causeOf({ ...secret, secret: 's4' }, steps)).toBe(1);
    expect(causeOf({ ...secret, to: 'alice.laptop' }, steps)).toBe(1);
    expect(causeOf({ ...secret, secret: 's5' }, steps)).toBeNull();
    expect(causeOf({ ...secret, to: 'alice.tablet' }, steps)).toBeNull();
  });

  it('that came twice counts the last time it came, and is the doing of whoever sent it again', () => {
    const replayed = [
      stepOf(sends(one)),
      stepOf(arrives(one, { secret: 's3' })),
      stepOf(forges(null, { type: 'm.room.encrypted', content: one })),
      stepOf(arrives(one, { secret: 's3' })),
    ];
    expect([causeOf(secret, replayed), causeOf(secret, replayed.slice(0, 2))]).toEqual([2, 0]);
  });

  it('that a server let through late is that server’s doing, and one that lay there already is not', () => {
    const event = { type: 'm.room.encrypted', content: one };
    const late = [
      stepOf(sends(one)),
      stepOf(forges([event], [])),
      stepOf(forges(null, [event])),
      stepOf(arrives(one, { secret: 's3' })),
    ];
    expect(causeOf(secret, late)).toBe(2);
    const reordered = [
      stepOf(sends(one)),
      stepOf(forges([event, {}], [{}, event])),
      stepOf(arrives(one, { secret: 's3' })),
    ];
    expect(causeOf(secret, reordered)).toBe(0);
  });

  it('that nobody was seen sending counts where it arrived', () => {
    expect(causeOf(secret, [idle, stepOf(arrives(one, { secret: 's3' })), idle])).toBe(1);
    expect(causeOf(secret, [idle, idle])).toBeNull();
  });

  it('sent after it arrived is another one', () => {
    expect(causeOf(secret, [stepOf(sends(one)), stepOf(arrives(one, { secret: 's3' })), stepOf(sends(one))])).toBe(0);
  });

  it('in the clear says what it holds itself', () => {
    const clear = { secret: 's3' };
    expect(causeOf(secret, [stepOf(sends(clear)), idle, stepOf(arrives(clear, null))])).toBe(0);
  });

  it('brings a room key by its session, and a bundle by where it lies', () => {
    const key: Origin = { brought: 'room key', to: 'alice.phone', sessionId: 'sid' };
    const keys = [stepOf(sends(one)), stepOf(arrives(one, { session_id: 'sid' }, 'alice.phone', 'm.room_key'))];
    expect([causeOf(key, keys), causeOf({ ...key, sessionId: 'no' }, keys)]).toEqual([0, null]);
    const bundle: Origin = { brought: 'bundle', to: 'alice.phone', url: 'mxc://example.org/m1' };
    const inside = { room_id: '!den:example.org', file: { url: 'mxc://example.org/m1' } };
    const pointers = [stepOf(sends(one)), idle, stepOf(arrives(one, inside, 'alice.phone', 'm.room_key_bundle'))];
    expect([causeOf(bundle, pointers), causeOf({ ...bundle, url: 'mxc://example.org/m2' }, pointers)]).toEqual([
      0,
      null,
    ]);
  });
});
