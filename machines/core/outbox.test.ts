import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Message } from '../events.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import type { OlmMessage } from '../suite.ts';
import type { Recipient } from '../types.ts';
import { open } from './decrypt.ts';
import type { CoreStep } from './env.ts';
import { claimed, retry, retryLater, send, sent, startSessions } from './outbox.ts';
import { withSignature } from './own-keys.ts';
import {
  answersIn,
  listingOf,
  meets,
  newsIn,
  noting,
  type Person,
  person,
  replyFor,
  requestsIn,
  sure,
  withKeys,
} from './testing.ts';

const suite = makeSymbolicSuite('courier');
const bob = withKeys(person(suite, '@bob:x', 'PHONE'));
const laptop = withKeys(person(suite, '@bob:x', 'LAPTOP'));
const carol = withKeys(person(suite, '@carol:x', 'PHONE'));
const alice = meets(person(suite, '@alice:x', 'PHONE'), [bob, laptop, carol, person(suite, '@alice:x', 'PHONE')]);

const addressOf = ({ store: { me } }: Person): Recipient => ({ user: me.user, device: me.device });
const secretly: Message = { type: 'm.test', content: { n: 1 }, encrypt: true, to: [addressOf(bob)] };
/** The one-time key a server gives of a device, signed as it uploaded it; changed by `change`. */
const oneTimeKeyOf = ({ env, store }: Person, nth = 0): JsonObject =>
  withSignature(
    env,
    { key: sure(Object.values(store.account.oneTime)[nth]).public },
    store.me.user,
    `ed25519:${store.me.device}`,
    store.account.ed25519.secret,
  );
const given = (of: readonly (readonly [Person, JsonObject])[]) => ({
  status: 200,
  body: {
    one_time_keys: Object.fromEntries(
      [...Map.groupBy(of, ([who]) => who.store.me.user)].map(([user, all]) => [
        user,
        Object.fromEntries(all.map(([who, key]) => [who.store.me.device, { 'signed_curve25519:AAAA': key }])),
      ]),
    ),
  },
});
const sendsOf = (step: CoreStep) => requestsIn(step.outs).filter(({ method }) => method === 'PUT');
const bodyOf = (step: CoreStep) =>
  sure(sendsOf(step)[0]).body as { messages: Record<string, Record<string, JsonObject>> };
const begin = (message: Message, from = alice) => send(from.env, from.store, message, replyFor('test.sent'));
/** Sends it, and the claim is answered with the first one-time key of all `who`. */
const sendTo = (message: Message, who: readonly Person[], from = alice): CoreStep =>
  claimed(from.env, begin(message, from).store, 'm0', given(who.map((one) => [one, oneTimeKeyOf(one)])));
/** What a device reads of the letter to it in the first send. */
const readBy = (who: Person, step: CoreStep): JsonObject => {
  const { user, device } = who.store.me;
  const content = sure(bodyOf(step).messages[user]?.[device]);
  const { ciphertext, sender_key: key } = content as { ciphertext: Record<string, OlmMessage>; sender_key: string };
  const message = sure(ciphertext[who.store.account.curve25519.public]);
  return JSON.parse(sure(suite.olmInbound(who.store.account, key, message)).plaintext);
};

describe('a message to be sealed', () => {
  it('waits in the outbox while one-time keys are claimed for those devices that there is no session with', () => {
    const step = begin({ ...secretly, to: [addressOf(bob), addressOf(laptop), addressOf(carol)] });
    expect(requestsIn(step.outs)).toEqual([
      {
        out: 'request',
        method: 'POST',
        path: '/_matrix/client/v3/keys/claim',
        body: {
          one_time_keys: {
            '@bob:x': { PHONE: 'signed_curve25519', LAPTOP: 'signed_curve25519' },
            '@carol:x': { PHONE: 'signed_curve25519' },
          },
        },
        waiting: { core: { task: 'claimed', message: 'm0' } },
      },
    ]);
    const to = [bob, laptop, carol].map(addressOf);
    const reply = replyFor('test.sent');
    expect(step.store.outbox).toStrictEqual([{ ...secretly, id: 'm0', to, reply }]);
    expect(send(alice.env, alice.store, secretly, null).store.outbox).toStrictEqual([{ ...secretly, id: 'm0' }]);
    expect(answersIn(step.outs)).toEqual([]);
  });

  it('goes by a transaction that no device of its name has used, whoever logged in under it before', () => {
    const path = (counts: Store['counts']) =>
      requestsIn(send(alice.env, { ...alice.store, counts }, { ...secretly, encrypt: false }, null).outs)[0]?.path;
    expect(path({})).toMatch(/\/t0$/);
    expect(path({ former: 1, transactions: 3 })).toMatch(/\/t2\.3$/);
    expect(path({ former: 2, restored: 1 })).toMatch(/\/t3\.0$/);
  });

  it('goes to each with keys and plaintext of its own, and says so when the server has taken it', () => {
    const step = sendTo({ ...secretly, to: [addressOf(bob), addressOf(carol)] }, [bob, carol]);
    const put = sure(sendsOf(step)[0]);
    expect(put).toMatchObject({
      path: '/_matrix/client/v3/sendToDevice/m.room.encrypted/t0',
      waiting: { core: { task: 'sent', message: 'm0' } },
    });
    expect(bodyOf(step).messages['@bob:x']?.PHONE).toMatchObject({
      algorithm: 'm.olm.v1.curve25519-aes-sha2',
      sender_key: alice.store.account.curve25519.public,
    });
    for (const who of [bob, carol])
      expect(readBy(who, step)).toEqual({
        type: 'm.test',
        content: { n: 1 },
        sender: '@alice:x',
        sender_device_keys: listingOf(alice),
        recipient: who.store.me.user,
        recipient_keys: { ed25519: who.store.account.ed25519.public },
        keys: { ed25519: alice.store.account.ed25519.public },
      });
    expect(answersIn(step.outs)).toEqual([]);
    const done = sent(step.store, 'm0', 200);
    expect(answersIn(done.outs)).toEqual([{ type: 'test.sent', answers: 'send' }]);
    expect(done.store.outbox).toEqual([]);
  });

  it('carries the device’s own keys under the name it is told, or not at all, or has none to carry', () => {
    const plaintextWith = (embed: string | false, from = alice) =>
      Object.keys(readBy(bob, sendTo({ ...secretly, embed }, [bob], from)));
    const others = ['type', 'content', 'sender', 'recipient', 'recipient_keys', 'keys'];
    expect(plaintextWith(false)).toEqual(others);
    expect(plaintextWith('org.matrix.msc4147.device_keys').filter((name) => !others.includes(name))).toEqual([
      'org.matrix.msc4147.device_keys',
    ]);
    const unlisted = meets(person(suite, '@alice:x', 'PHONE'), [bob]);
    expect(plaintextWith('sender_device_keys', unlisted)).toEqual(others);
    const called = meets(person(suite, '@alice:x', 'constructor'), [bob]);
    expect(plaintextWith('sender_device_keys', called)).toEqual(others);
  });

  it('is sealed at once where there are sessions, each time under a further number, and claims only what is lacking', () => {
    const first = sendTo(secretly, [bob]);
    const at = sent(first.store, 'm0', 200).store;
    const second = send(alice.env, at, secretly, null);
    expect(requestsIn(second.outs).map(({ path }) => path)).toEqual([
      '/_matrix/client/v3/sendToDevice/m.room.encrypted/t1',
    ]);
    const both = send(alice.env, at, { ...secretly, to: [addressOf(bob), addressOf(carol)] }, null);
    expect(requestsIn(both.outs)).toMatchObject([{ body: { one_time_keys: { '@carol:x': {} } } }]);
    expect((sure(requestsIn(both.outs)[0]).body as JsonObject).one_time_keys).not.toHaveProperty('@bob:x');
    const heard = (step: CoreStep, by: Person) => {
      const raw = {
        type: 'm.room.encrypted',
        sender: '@alice:x',
        content: sure(bodyOf(step).messages['@bob:x']?.PHONE),
      };
      return open(by.env, by.store, raw, 0);
    };
    const one = heard(first, bob);
    expect(one).toHaveProperty('inside.type', 'm.test');
    expect(heard(second, { ...bob, store: one.store })).toHaveProperty('inside.type', 'm.test');
    expect(heard(first, { ...bob, store: one.store })).toHaveProperty('discarded');
  });

  it('goes on the session that was used last', () => {
    const at = sendTo(secretly, [bob]).store;
    const keys = [{ ...addressOf(bob), key: sure(Object.values(bob.store.account.oneTime)[1]).public, isSigned: true }];
    const again = startSessions(alice.env, at, 'm0', keys);
    const sessions = sure(again.store.olm[bob.store.account.curve25519.public]);
    expect(sessions).toHaveLength(2);
    const message = bodyOf(again).messages['@bob:x']?.PHONE?.ciphertext as Record<string, OlmMessage>;
    expect(suite.olmSessionIdOf(sure(message[bob.store.account.curve25519.public]))).toBe(sessions[1]?.id);
    expect(sessions[0]?.id).not.toBe(sessions[1]?.id);
  });
});

describe('keys that were claimed', () => {
  const to = [addressOf(bob), addressOf(laptop)];

  it('are told with whether their device has signed them, for a chart to say what of them is used', () => {
    const charts = [noting('envelope', 'keys.claimed')];
    const from = { ...alice, env: { ...alice.env, charts } };
    const { signatures: _gone, ...unsigned } = oneTimeKeyOf(laptop);
    const waiting = begin({ ...secretly, to: [...to, addressOf(carol)] }, from).store;
    const forged = withSignature(
      carol.env,
      { key: 'k' },
      '@carol:x',
      'ed25519:PHONE',
      bob.store.account.ed25519.secret,
    );
    const step = claimed(
      from.env,
      waiting,
      'm0',
      given([
        [bob, oneTimeKeyOf(bob)],
        [laptop, unsigned],
        [carol, forged],
      ]),
    );
    expect(newsIn(step.outs, 'keys.claimed')).toEqual([
      {
        type: 'keys.claimed',
        message: 'm0',
        keys: [
          { ...addressOf(bob), key: oneTimeKeyOf(bob).key, isSigned: true },
          { ...addressOf(laptop), key: unsigned.key, isSigned: false },
          { ...addressOf(carol), key: 'k', isSigned: false },
        ],
      },
    ]);
    expect(step.store).toBe(waiting);
    expect(sendsOf(step)).toEqual([]);
  });

  it('are used as they are where no chart looks at them', () => {
    const { signatures: _gone, ...unsigned } = oneTimeKeyOf(laptop);
    const step = claimed(alice.env, begin({ ...secretly, to }).store, 'm0', given([[laptop, unsigned]]));
    expect(Object.keys(bodyOf(step).messages['@bob:x'] ?? {})).toEqual(['LAPTOP']);
  });

  it('leave out whoever was given none, whose key is none, or who is not listed, and the others are written to', () => {
    const eve = person(suite, '@eve:x', 'PHONE');
    const message = { ...secretly, to: [...to, addressOf(carol), addressOf(eve)] };
    const answered = given([
      [bob, oneTimeKeyOf(bob)],
      [laptop, { key: 'no key' }],
      [carol, { key: 5 }],
      [eve, { key: oneTimeKeyOf(bob).key }],
    ]);
    const step = claimed(alice.env, begin(message).store, 'm0', answered);
    expect(Object.keys(bodyOf(step).messages)).toEqual(['@bob:x']);
    expect(Object.keys(bodyOf(step).messages['@bob:x'] ?? {})).toEqual(['PHONE']);
    expect(Object.keys(step.store.olm)).toEqual([bob.store.account.curve25519.public]);
  });

  it('that are nobody’s end the message: it has gone as far as it can', () => {
    for (const body of [
      {},
      null,
      { one_time_keys: { '@bob:x': 'text' } },
      { one_time_keys: { '@bob:x': { PHONE: [] } } },
    ]) {
      const step = claimed(alice.env, begin(secretly).store, 'm0', { status: 200, body });
      expect(sendsOf(step)).toEqual([]);
      expect(answersIn(step.outs)).toEqual([{ type: 'test.sent', answers: 'send' }]);
      expect(step.store.outbox).toEqual([]);
      expect(step.store.counts.transactions).toBeUndefined();
    }
  });

  it('are for the message they were claimed for, whatever else waits, and for listed devices', () => {
    const other = { ...secretly, type: 'm.other', to: [addressOf(carol)] };
    const waiting = send(alice.env, begin({ ...secretly, to }).store, other, null).store;
    const step = claimed(alice.env, waiting, 'm1', given([[carol, oneTimeKeyOf(carol)]]));
    expect(Object.keys(bodyOf(step).messages)).toEqual(['@carol:x']);
    expect(readBy(carol, step).type).toBe('m.other');
    const eve = { user: '@eve:x', device: 'PHONE', key: String(oneTimeKeyOf(bob).key), isSigned: true };
    expect(startSessions(alice.env, waiting, 'm1', [eve]).store.olm).toEqual({});
    const charts = [noting('envelope', 'keys.claimed')];
    const odd = claimed({ ...alice.env, charts }, waiting, 'm0', given([[bob, { key: 5 }]]));
    expect(newsIn(odd.outs, 'keys.claimed')).toEqual([{ type: 'keys.claimed', message: 'm0', keys: [] }]);
  });

  it('come to nothing for a message that has left already', () => {
    const answer = given([[bob, oneTimeKeyOf(bob)]]);
    expect(claimed(alice.env, alice.store, 'm0', answer)).toEqual({ store: alice.store, outs: [] });
    expect(startSessions(alice.env, alice.store, 'm0', [])).toEqual({ store: alice.store, outs: [] });
  });
});

describe('the outbox', () => {
  const stays = (step: CoreStep, before: Store) => {
    expect(step.outs).toEqual([]);
    expect(step.store).toBe(before);
  };

  it('keeps what could not leave, and tries it again from where it stood', () => {
    const waiting = begin(secretly).store;
    stays(claimed(alice.env, waiting, 'm0', { ...given([[bob, oneTimeKeyOf(bob)]]), status: 500 }), waiting);
    const again = retry(alice.env, waiting, ['m0']);
    expect(requestsIn(again.outs)).toMatchObject([{ method: 'POST', waiting: { core: { task: 'claimed' } } }]);
    const left = claimed(alice.env, again.store, 'm0', given([[bob, oneTimeKeyOf(bob)]])).store;
    stays(sent(left, 'm0', 0), left);
    stays(sent(left, 'm0', 502), left);
    const third = retry(alice.env, left, ['m0']);
    expect(requestsIn(third.outs)).toMatchObject([{ method: 'PUT', path: expect.stringMatching(/t1$/) }]);
    expect(answersIn(sent(third.store, 'm0', 200).outs)).toHaveLength(1);
  });

  it('tries again later what had not left when it was asked, and of that what still has not', () => {
    expect(retryLater(alice.store)).toEqual([]);
    const two = send(alice.env, begin(secretly).store, { ...secretly, encrypt: false }, null).store;
    expect(retryLater(two)).toMatchObject([{ out: 'later', incoming: { task: { messages: ['m0', 'm1'] } } }]);
    const more = send(alice.env, sent(two, 'm1', 200).store, { ...secretly, encrypt: false }, null).store;
    expect(requestsIn(retry(alice.env, more, ['m0', 'm1']).outs)).toMatchObject([
      { waiting: { core: { message: 'm0' } } },
    ]);
  });

  it('takes out the one that was sent and no other, and hears of the same twice without harm', () => {
    const two = send(alice.env, begin(secretly).store, { ...secretly, type: 'm.other' }, null).store;
    expect(two.outbox.map(({ id, type }) => [id, type])).toEqual([
      ['m0', 'm.test'],
      ['m1', 'm.other'],
    ]);
    const one = sent(two, 'm0', 200);
    expect(one.store.outbox.map(({ id }) => id)).toEqual(['m1']);
    stays(sent(one.store, 'm0', 200), one.store);
    // Whoever did not want to know is not told.
    expect(sent(one.store, 'm1', 200).outs).toEqual([]);
  });
});

describe('a message in the clear', () => {
  it('goes under its own type to all it names, listed or not, without a claim', () => {
    const to = [addressOf(bob), { user: '@eve:x', device: '*' }];
    const step = begin({ ...secretly, encrypt: false, to });
    expect(requestsIn(step.outs)).toMatchObject([
      {
        path: '/_matrix/client/v3/sendToDevice/m.test/t0',
        body: { messages: { '@bob:x': { PHONE: { n: 1 } }, '@eve:x': { '*': { n: 1 } } } },
      },
    ]);
    expect(answersIn(begin({ ...secretly, encrypt: false, to: [] }).outs)).toHaveLength(1);
  });

  it('reaches users and devices of any name', () => {
    const to = ['constructor', '__proto__'].map((name) => ({ user: name, device: name }));
    const body = JSON.stringify(requestsIn(begin({ ...secretly, encrypt: false, to }).outs)[0]?.body);
    expect(body).toBe('{"messages":{"constructor":{"constructor":{"n":1}},"__proto__":{"__proto__":{"n":1}}}}');
  });

  it('is claimed for, sealed and sent to them just the same', () => {
    for (const name of ['constructor', '__proto__']) {
      const odd = withKeys(person(suite, name, name));
      const { user, device } = odd.store.me;
      const from = meets(alice, [odd]);
      const claim = begin({ ...secretly, to: [{ user, device }] }, from);
      expect(JSON.stringify(requestsIn(claim.outs)[0]?.body)).toBe(
        `{"one_time_keys":{"${name}":{"${name}":"signed_curve25519"}}}`,
      );
      const step = claimed(from.env, claim.store, 'm0', given([[odd, oneTimeKeyOf(odd)]]));
      expect(Object.keys(bodyOf(step).messages)).toEqual([name]);
    }
  });
});
