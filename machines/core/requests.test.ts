import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { CoreRequest } from '../effects.ts';
import type { Letter, Message } from '../events.ts';
import type { Store } from '../store.ts';
import { userOf } from './facts.ts';
import { ownDeviceKeys } from './own-keys.ts';
import { ask } from './requests.ts';
import {
  answersIn,
  incomingIn,
  meets,
  momentsIn,
  newsIn,
  noting,
  person,
  requestsIn,
  sure,
  withIdentity,
  withKeys,
} from './testing.ts';

const suite = makeSymbolicSuite('asks');
const { env, store } = withIdentity(person(suite, '@alice:x', 'PHONE'));
const laptop = person(suite, '@alice:x', 'LAPTOP');
const room = '!den:x';
const asker = { chart: 'flow', room };
const named = { answerAs: 'test.answered', with: { n: 1 } };

const doing = (request: CoreRequest, before: Store = store, charts = env.charts) =>
  ask({ ...env, charts }, before, asker, request);
const answerTo = (request: CoreRequest, before?: Store) => {
  const { outs } = doing(request, before);
  const incoming = sure(incomingIn(outs).find(({ from }) => from === 'answer'));
  expect(incoming).toMatchObject({ to: asker, event: { type: 'test.answered', with: { n: 1 } } });
  return sure(answersIn(outs)[0]);
};

describe('a question to the core', () => {
  it('is answered to whoever asked, under the name they gave, with what they wanted to remember', () => {
    expect(answerTo({ ask: 'siblings', ...named })).toEqual({
      type: 'test.answered',
      answers: 'siblings',
      siblings: [],
      held: ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing'],
      life: [],
      with: { n: 1 },
    });
    const { outs } = doing({ ask: 'siblings', answerAs: 'test.answered', with: undefined });
    expect(answersIn(outs)[0]).not.toHaveProperty('with');
  });

  it('about ids says which device of its name it is, and how often it came up from a copy', () => {
    const life = (counts: Store['counts']) => answerTo({ ask: 'siblings', ...named }, { ...store, counts });
    expect(life({ former: 1, restored: 2 })).toMatchObject({ life: ['login 2', 'restored 2'] });
    expect(life({ restored: 1, messages: 3 })).toMatchObject({ life: ['restored 1'] });
  });

  it('that asks after other devices of one’s own is told of those, and of the secrets that are held in order', () => {
    const met = meets({ env, store }, [laptop]).store;
    const secrets = {
      b: sure(store.secrets['m.cross_signing.master']),
      a: sure(store.secrets['m.cross_signing.master']),
    };
    expect(answerTo({ ask: 'siblings', ...named }, { ...met, secrets })).toMatchObject({
      siblings: [{ device: 'LAPTOP' }],
      held: ['a', 'b'],
    });
  });

  it('is told a secret that is held, and that one is not, whatever its name', () => {
    const { secret } = sure(store.secrets['m.cross_signing.master']);
    expect(answerTo({ ask: 'held secret', name: 'm.cross_signing.master', ...named })).toMatchObject({
      name: 'm.cross_signing.master',
      secret,
    });
    for (const name of ['m.megolm_backup.v1', 'constructor', '__proto__'])
      expect(answerTo({ ask: 'held secret', name, ...named })).toMatchObject({ name, secret: null });
  });

  it.each<[string, CoreRequest]>([
    ['identity', { ask: 'identity', ...named }],
    ['make backup', { ask: 'make backup', ...named }],
    [
      'seal room keys',
      {
        ask: 'seal room keys',
        backup: { version: '1', publicKey: 'k' },
        flags: { names: [], keepsTrue: true, keepsFalse: true, means: 'shareable' },
        ...named,
      },
    ],
    ['read backup', { ask: 'read backup', rooms: {}, ...named }],
    ['make room key', { ask: 'make room key', room, ...named }],
    ['outbound room key', { ask: 'outbound room key', room, sharedHistory: false, fresh: false, atMs: 0, ...named }],
    ['devices of', { ask: 'devices of', users: [], ...named }],
    ['export room keys', { ask: 'export room keys', room: null, ...named }],
    ['read room keys', { ask: 'read room keys', room, entries: [], form: 'signed', ...named }],
    ['seal attachment', { ask: 'seal attachment', plaintext: 'p', ...named }],
    ['open attachment', { ask: 'open attachment', ciphertext: 'c', file: {} as never, ...named }],
    ['sign device', { ask: 'sign device', device: 'LAPTOP', keys: ownDeviceKeys(laptop.env, laptop.store), ...named }],
  ])('%s is answered as such', (answers, request) => {
    expect(answerTo(request).answers).toBe(answers);
  });

  it('to encrypt is answered with what the room’s session makes of it', () => {
    const begun = doing({
      ask: 'outbound room key',
      room,
      sharedHistory: false,
      fresh: false,
      atMs: 0,
      ...named,
    }).store;
    expect(answerTo({ ask: 'encrypt', room, type: 't', content: {}, ...named }, begun)).toMatchObject({ txn: 't0' });
    const again = { ...begun, counts: { ...begun.counts, former: 1 } };
    expect(answerTo({ ask: 'encrypt', room, type: 't', content: {}, ...named }, again)).toMatchObject({ txn: 't2.0' });
  });

  it('for a new identity goes with what the user says to the server', () => {
    expect(answerTo({ ask: 'identity', auth: { a: 1 }, ...named }).keys).toHaveProperty('auth', { a: 1 });
    expect(answerTo({ ask: 'identity', ...named }).keys).not.toHaveProperty('auth');
  });

  it.each<[CoreRequest, string, string]>([
    [{ ask: 'backup version', ...named }, 'GET', '/room_keys/version'],
    [{ ask: 'members of', room, ...named }, 'GET', '/members'],
    [{ ask: 'query users', users: ['@b:x'], ...named }, 'POST', '/keys/query'],
  ])('%o is asked on of the server, for whoever asked', (request, method, path) => {
    const [out, ...others] = doing(request).outs;
    expect(others).toEqual([]);
    const then = { to: asker, as: 'test.answered', with: { n: 1 } };
    const waiting = { core: { then } };
    expect(out).toMatchObject({ out: 'request', method, path: expect.stringContaining(path), waiting });
  });

  it('whose answer nobody waits for is not put, but devices are looked up and messages fetched all the same', () => {
    for (const request of [{ ask: 'backup version' }, { ask: 'members of', room }])
      expect(doing(request as CoreRequest)).toEqual({ store, outs: [] });
    const query = requestsIn(doing({ ask: 'query users', users: ['@b:x'] }).outs);
    const then = null;
    expect(query).toMatchObject([{ waiting: { core: { task: 'queried', then } } }]);
    expect(requestsIn(doing({ ask: 'messages of', room }).outs)).toMatchObject([
      { query: { dir: 'b' }, waiting: { core: { task: 'messages', room, pages: 1 } } },
    ]);
  });

  it('to upload keys goes by what the last sync has said of them', () => {
    const known = withKeys({ env, store }).store;
    const uploaded = (onServer: Store['counts']) =>
      requestsIn(doing({ ask: 'upload keys' }, { ...known, counts: { ...known.counts, ...onServer } }).outs).map(
        ({ body }) => Object.keys((body as { one_time_keys: object }).one_time_keys).length,
      );
    expect([
      uploaded({}),
      uploaded({ 'one-time keys on server': 4 }),
      uploaded({ 'one-time keys on server': 6 }),
    ]).toEqual([[6], [2], []]);
  });
});

describe('a message to be sent', () => {
  const message: Message = {
    type: 'm.test',
    content: { n: 1 },
    encrypt: true,
    to: [{ user: '@alice:x', device: 'LAPTOP' }],
  };
  const charts = [noting('envelope', 'envelope.outgoing')];
  const then = { to: asker, as: 'test.answered', with: { n: 1 } };

  it('that is to be sealed is looked at by the chart of envelopes first, as it is, with whom to tell', () => {
    const step = doing({ ask: 'send', ...message, ...named }, store, charts);
    expect(step.store).toBe(store);
    expect(newsIn(step.outs, 'envelope.outgoing')).toEqual([{ type: 'envelope.outgoing', message, reply: then }]);
    expect(newsIn(doing({ ask: 'send', ...message }, store, charts).outs, 'envelope.outgoing')).toMatchObject([
      { reply: null },
    ]);
  });

  it('leaves by itself when that has handed it on, is in the clear, or there is no such chart', () => {
    const met = meets({ env, store }, [laptop]).store;
    const asked = [
      doing({ ask: 'dispatch', message, reply: then }, met, charts),
      doing({ ask: 'send', ...message, ...named }, met),
    ];
    for (const step of asked) {
      expect(requestsIn(step.outs)).toMatchObject([{ path: '/_matrix/client/v3/keys/claim' }]);
      expect(step.store.outbox).toEqual([{ id: 'm0', ...message, reply: then }]);
    }
    const clear = doing({ ask: 'send', ...message, encrypt: false }, met, charts);
    expect(requestsIn(clear.outs)).toMatchObject([{ path: '/_matrix/client/v3/sendToDevice/m.test/t0' }]);
  });

  it('goes on with the sessions that are made of the keys a chart has chosen', () => {
    const other = withKeys(laptop);
    const waiting = doing({ ask: 'send', ...message }, meets({ env, store }, [other]).store).store;
    const key = sure(Object.values(other.store.account.oneTime)[0]).public;
    const keys = [{ user: '@alice:x', device: 'LAPTOP', key, isSigned: true }];
    const step = doing({ ask: 'start sessions', message: 'm0', keys }, waiting);
    expect(requestsIn(step.outs)).toMatchObject([
      { method: 'PUT', waiting: { core: { task: 'sent', message: 'm0' } } },
    ]);
  });
});

describe('what a chart has judged', () => {
  const letter = { type: 'to-device m.known', sender: '@b:x', content: {} } as unknown as Letter;

  it('is handed on to whoever knows its type, discarded with its reason, or kept', () => {
    expect(doing({ ask: 'hand on', letter }, store, [noting('flow', letter.type)]).outs).toEqual([
      { out: 'hear', incoming: { from: 'wire', event: letter } },
    ]);
    expect(newsIn(doing({ ask: 'hand on', letter }).outs, 'inbox.unknown type')).toEqual([
      { type: 'inbox.unknown type', unknown: 'm.known' },
    ]);
    const event = { type: 'm.room.encrypted' };
    expect(
      momentsIn(doing({ ask: 'discard', event, why: 'it lies', cause: 'contradiction' }).outs, 'discarded'),
    ).toEqual([{ kind: 'discarded', event, why: 'it lies', cause: 'contradiction' }]);
    expect(doing({ ask: 'drop inbox' }).outs).toEqual([{ out: 'drop inbox' }]);
    const identity = { master: null, selfSigning: null, userSigning: null };
    const kept = doing({ ask: 'keep users', users: [{ user: '@b:x', devices: [], identity }] });
    expect(userOf(kept.store, '@b:x').outdated).toBe(false);
  });

  it('may have what waits for a key read again', () => {
    const event = { type: 'm.room.encrypted', event_id: '$1', content: { session_id: 's' } };
    const note = { room, sessionId: 's' } as never;
    const waiting = { ...store, unread: [{ room, event }], withheld: { [`${room} s`]: note } };
    expect(newsIn(doing({ ask: 'read again', room }, waiting).outs, 'room.event')).toHaveLength(1);
    expect(doing({ ask: 'read again', room: '!attic:x' }, waiting).outs).toEqual([]);
  });
});
