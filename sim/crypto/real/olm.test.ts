import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { nobleCurves as curves } from './noble-curves.ts';
import { readPreKey } from './olm-message.ts';
import { type ByteMessage, type BytePair, decrypt, encrypt, inbound, outbound, type Session } from './olm-session.ts';
import { readSession, writeSession } from './olm-state.ts';

let drawn = 0;
const pair = (): BytePair => {
  const secret = new Uint8Array(32).fill(1);
  new DataView(secret.buffer).setUint32(4, ++drawn);
  return { secret, public: curves.exchangePublic(secret) };
};

/** Two identities and a one-time key, and a session between them begun by the first. */
const alice = pair();
const bob = pair();
const oneTime = pair();
const begun = (): Session => {
  const session = outbound(curves, alice, bob.public, oneTime.public, pair(), pair());
  if (session === null) throw new Error('good keys were refused');
  return session;
};
const say = (session: Session, text: string) => encrypt(curves, session, utf8(text), pair);
const hear = (session: Session, message: ByteMessage) => {
  const opened = decrypt(curves, session, message);
  return opened && { ...opened, text: Buffer.from(opened.plaintext).toString() };
};
const accept = (message: ByteMessage) => {
  const preKey = readPreKey(message.body);
  return preKey && inbound(curves, bob, oneTime.secret, preKey);
};
/** The value, or an end to the test: what must open has opened. */
const sure = <T>(value: T | null): T => {
  if (value === null) throw new Error('what should have opened did not');
  return value;
};
/** `count` messages one after another. */
const saying = (session: Session, count: number): { session: Session; messages: readonly ByteMessage[] } => {
  let now = session;
  const messages = Array.from({ length: count }, (_, i) => {
    const said = say(now, `message ${i}`);
    now = said.session;
    return said.message;
  });
  return { session: now, messages };
};
const at = <T>(list: readonly T[], index: number): T => {
  const found = list.at(index);
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
};
/** Both ends after Bob has heard one message and answered it. */
const settled = (): { a: Session; b: Session } => {
  const first = say(begun(), 'hello');
  const answered = say(sure(accept(first.message)).session, 'welcome');
  return { a: sure(hear(first.session, answered.message)).session, b: answered.session };
};

describe('an Olm session', () => {
  it('delivers every message once, whatever the order, as long as no limit is passed', () => {
    // Each turn: who speaks, how many, and how many of the messages in flight the other hears, from which end.
    const turn = fc.record({
      alice: fc.boolean(),
      say: fc.integer({ min: 1, max: 4 }),
      hear: fc.nat(5),
      newest: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 8 }), (turns) => {
        const { a, b } = settled();
        const ends = { a, b };
        const inFlight: { to: 'a' | 'b'; text: string; message: ByteMessage }[] = [];
        let count = 0;
        const deliver = (to: 'a' | 'b', newest: boolean): void => {
          const mine = inFlight.filter((letter) => letter.to === to);
          const letter = newest ? mine.at(-1) : mine[0];
          if (letter === undefined) return;
          inFlight.splice(inFlight.indexOf(letter), 1);
          const heard = sure(hear(ends[to], letter.message));
          expect(heard.text).toBe(letter.text);
          expect(hear(heard.session, letter.message)).toBeNull();
          ends[to] = readSession(JSON.parse(JSON.stringify(writeSession(heard.session))));
        };
        for (const { alice: byAlice, say: words, hear: heard, newest } of turns) {
          const [from, to] = byAlice ? (['a', 'b'] as const) : (['b', 'a'] as const);
          for (let i = 0; i < words; i++) {
            const text = `message ${count++}`;
            const said = say(ends[from], text);
            ends[from] = said.session;
            inFlight.push({ to, text, message: said.message });
          }
          for (let i = 0; i < heard; i++) deliver(to, newest);
        }
        // At most eight turns make at most four chains to each end, so nothing has been dropped.
        while (inFlight.length > 0) deliver(at(inFlight, 0).to, true);
      }),
      { numRuns: 12 },
    );
  });

  it('sends pre-key messages until it has heard an answer', () => {
    const { session, messages } = saying(begun(), 2);
    const answer = say(sure(accept(at(messages, 0))).session, 'yes');
    const after = sure(hear(session, answer.message)).session;
    expect([...messages, answer.message, say(after, 'good').message].map(({ type }) => type)).toEqual([0, 0, 1, 1]);
  });

  it('steps its root once for each change of direction', () => {
    const { a, b } = settled();
    const first = say(a, '1');
    const second = say(first.session, '2');
    expect(second.session.root).toEqual(first.session.root);
    expect(first.session.root).not.toEqual(a.root);
    expect(sure(hear(b, second.message)).session.root).toEqual(second.session.root);
  });

  it('keeps the newest 40 skipped keys of a chain', () => {
    const { messages } = saying(begun(), 43);
    const last = sure(accept(at(messages, 42)));
    const opens = (index: number) => hear(last.session, at(messages, index))?.text ?? null;
    expect([0, 1, 2, 41].map(opens)).toEqual([null, null, 'message 2', 'message 41']);
    expect(at(last.session.receiving, 0).skipped).toHaveLength(40);
  });

  it('drops the oldest skipped keys also when they come in several gaps', () => {
    const { messages } = saying(begun(), 62);
    const half = sure(accept(at(messages, 30)));
    const end = sure(hear(half.session, at(messages, 61)));
    const opens = (index: number) => hear(end.session, at(messages, index))?.text ?? null;
    expect([19, 20, 29, 31, 60].map(opens)).toEqual([null, 'message 20', 'message 29', 'message 31', 'message 60']);
  });

  it('takes a gap of 2000 messages and refuses one more', () => {
    const { messages } = saying(begun(), 2003);
    const first = sure(accept(at(messages, 0))).session;
    expect(hear(first, at(messages, 2002))).toBeNull();
    expect(hear(first, at(messages, 2001))?.text).toBe('message 2001');
    expect(accept(at(messages, 2001))).toBeNull();
    expect(accept(at(messages, 2000))).not.toBeNull();
  });

  it('keeps five receiving chains and forgets the oldest', () => {
    let { a, b } = settled();
    const held: ByteMessage[] = [];
    for (let round = 0; round < 6; round++) {
      const kept = say(a, `kept ${round}`);
      const told = say(kept.session, 'told');
      held.push(kept.message);
      const answer = say(sure(hear(b, told.message)).session, 'heard');
      a = sure(hear(told.session, answer.message)).session;
      b = answer.session;
    }
    expect(b.receiving).toHaveLength(5);
    expect(held.map((message) => hear(b, message)?.text ?? null)).toEqual([
      null,
      ...[1, 2, 3, 4, 5].map((n) => `kept ${n}`),
    ]);
  });

  it('is as good as before after anything it refused', () => {
    const { a, b } = settled();
    const { messages } = saying(a, 3);
    const before = structuredClone(b);
    const good = at(messages, 2);
    fc.assert(
      fc.property(fc.nat(good.body.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const body = good.body.with(index, (good.body[index] ?? 0) ^ change);
        expect(hear(b, { type: 1, body })).toBeNull();
      }),
      { numRuns: 40 },
    );
    for (const length of [0, 1, 8, 34, good.body.length - 1])
      expect(hear(b, { type: 1, body: good.body.subarray(0, length) })).toBeNull();
    expect(b).toEqual(before);
    expect(messages.map((message) => hear(b, message)?.text)).toEqual(['message 0', 'message 1', 'message 2']);
  });

  it('refuses a new ratchet key while it has no ratchet key of its own to answer', () => {
    const other = say(settled().a, 'from elsewhere').message;
    const fresh = sure(accept(say(begun(), 'hello').message)).session;
    expect(fresh.sending).toBeNull();
    expect(hear(fresh, other)).toBeNull();
  });

  it('refuses keys of low order wherever they come from', () => {
    const zero = new Uint8Array(32);
    expect(outbound(curves, alice, zero, oneTime.public, pair(), pair())).toBeNull();
    expect(outbound(curves, alice, bob.public, zero, pair(), pair())).toBeNull();
    const session = sure(outbound(curves, alice, bob.public, oneTime.public, pair(), { ...pair(), public: zero }));
    expect(accept(say(session, 'trap').message)).toBeNull();
  });

  it('refuses a pre-key message of another session', () => {
    const mine = sure(accept(say(begun(), 'mine').message)).session;
    expect(hear(mine, say(begun(), 'other').message)).toBeNull();
  });
});
