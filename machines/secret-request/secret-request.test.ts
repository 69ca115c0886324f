import { describe, expect, it } from 'vitest';
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import { plaintext } from '../secret-push/push-testing.ts';
import type { DeviceFacts, EnvelopeFacts } from '../types.ts';
import { secretRequestChart } from './chart.ts';
import type { Effect, On, RequestEvent } from './events.ts';

const me: ChartInput = {
  user: '@alice:x',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: {},
};
const laptop: DeviceFacts = {
  user: '@alice:x',
  device: 'LAPTOP',
  curve25519: 'c',
  ed25519: 'e',
  selfSigned: true,
  crossSignedBy: 'm',
  byPinnedIdentity: true,
  source: 'listed',
};
const facts: Omit<EnvelopeFacts, 'encrypted'> = {
  claimedSender: '@alice:x',
  ownUser: true,
  sender: laptop,
  secretPublic: null,
  publishedPublic: null,
};
const asked = (action: string, id = 'r1'): RequestEvent => ({
  type: 'to-device m.secret.request',
  sender: '@alice:x',
  content: { action, name: 'm.megolm_backup.v1', request_id: id, requesting_device_id: 'LAPTOP' },
  facts: { ...facts, encrypted: false },
  atMs: 0,
});
const confirms: RequestEvent = { type: 'user.confirms sharing', atMs: 0 };
const declines: RequestEvent = { type: 'user.declines sharing', atMs: 0 };

/** Hears events in order; gives what was asked of the core. */
const hears = (
  events: readonly RequestEvent[],
  options: ChartInput['options'] = {},
  off: readonly string[] = [],
  readings: ChartInput['readings'] = {},
) => {
  const chart = secretRequestChart({ ...nothing, off });
  let state: ChartState = startChart(chart, { ...me, options, readings }).state;
  const effects: Effect[] = [];
  for (const event of events) {
    const step = hearChart(chart, state, event);
    state = step.state;
    effects.push(...(step.effects as readonly Effect[]));
  }
  const stored = effects.flatMap((effect) =>
    effect.type === 'store' && effect.patch.patch === 'secret' ? [effect.patch.name] : [],
  );
  return { state, stored, asks: effects.flatMap((effect) => (effect.type === 'core' ? [effect.request.ask] : [])) };
};

describe('a request for a secret', () => {
  it('of a verified own device is answered at once, or when the user agrees', () => {
    expect(hears([asked('request')]).asks).toEqual(['held secret']);
    expect(hears([asked('request')], { 'confirm share': true }).asks).toEqual([]);
    expect(hears([asked('request'), confirms], { 'confirm share': true }).asks).toEqual(['held secret']);
    expect(
      hears([asked('request'), declines, confirms], {
        'confirm share': true,
      }).asks,
    ).toEqual([]);
  });

  it('that is called off while it waits for the user is not answered any more; another still is', () => {
    const events = [asked('request'), asked('request', 'r2'), asked('request_cancellation'), confirms];
    expect(hears(events, { 'confirm share': true }).asks).toEqual(['held secret']);
  });
});

describe('a request of a device that was verified a while ago', () => {
  const hour = 60 * 60 * 1000;
  const verifies: RequestEvent = { type: 'user.verifies', device: 'LAPTOP', keys: {}, atMs: 1000 };
  const asksAt = (atMs: number): RequestEvent => ({ ...asked('request'), atMs }) as RequestEvent;
  const answered = (q57: 'A' | 'B', ...events: readonly RequestEvent[]) =>
    hears(events, {}, [], { q57 }).asks.includes('held secret');

  it('is answered whenever it comes, or within the hour after it was verified here (question q57)', () => {
    expect(answered('A', asksAt(0))).toBe(true);
    expect(answered('B', asksAt(0))).toBe(false);
    expect(answered('B', verifies, asksAt(1000 + hour))).toBe(true);
    expect(answered('B', verifies, asksAt(1001 + hour))).toBe(false);
    expect(answered('A', verifies, asksAt(1001 + hour))).toBe(true);
  });

  it('is as late after a restart as before', () => {
    const chart = secretRequestChart(nothing);
    const { state } = hears([verifies], {}, [], { q57: 'B' });
    expect(chart.persists(state.context)).toMatchObject({ verified: { LAPTOP: 1000 } });
  });
});

describe('an answer', () => {
  const answer = (requestId = 'PHONE.0'): RequestEvent => ({
    type: 'to-device m.secret.send',
    sender: '@alice:x',
    content: { request_id: requestId, secret: 's' },
    facts: { ...facts, encrypted: true, plaintext },
    listedFacts: { ...facts, encrypted: true },
    atMs: 0,
  });
  const tablet = { ...laptop, device: 'TABLET' };
  const opened: On<'request.siblings'> = {
    type: 'request.siblings',
    answers: 'siblings',
    siblings: [laptop, tablet],
    held: [],
    life: [],
    with: { names: ['m.megolm_backup.v1'], isForLacking: false },
  };

  it('answers no question of another device of that name, nor one of after a copy has come up', () => {
    for (const life of [['login 2'], ['restored 1'], ['login 2', 'restored 1']]) {
      const another = { ...opened, life };
      const id = ['PHONE', ...life, 0].join('.');
      expect(hears([another, answer()]).stored).toEqual([]);
      expect(hears([another, answer(id)]).stored).toEqual(['m.megolm_backup.v1']);
      expect(hears([opened, answer(id)]).stored).toEqual([]);
    }
  });

  it('is taken once, and the question called off at the others', () => {
    const { asks, state } = hears([opened, answer(), answer()]);
    expect(asks).toEqual(['send', 'send']); // the request, and its cancellation
    expect(state.value).toBe('idle');
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'whose request id is called %s is like one of any other unknown id',
    (id) => {
      expect(hears([opened, answer(id)]).stored).toEqual([]);
      const unmatched = hears([opened, answer(id)], {}, ['1946-request-id-match']);
      expect(unmatched.stored).toEqual(['m.megolm_backup.v1']);
      expect(unmatched).toEqual(hears([opened, answer('nobody’s')], {}, ['1946-request-id-match']));
    },
  );

  it('is tested first where that is how it is read, and one that does not work leaves the question open (question q58)', () => {
    const published = (publicKey: string | null, held: string | null): RequestEvent => ({
      type: 'request.published',
      answers: 'backup version',
      status: 200,
      facts: {
        version: '1',
        publicKey,
        signedByPinnedMaster: false,
        signedByDevices: [],
        matchesHeldSecret: false,
        heldFrom: null,
      },
      with: {
        requestId: 'PHONE.0',
        held: { secret: 's', public: held, origin: { how: 'request', user: '@alice:x', device: 'LAPTOP' } },
        device: 'LAPTOP',
      },
    });
    const read = (...events: readonly RequestEvent[]) => hears([opened, answer(), ...events], {}, [], { q58: 'B' });
    expect(read().stored).toEqual([]);
    expect(read().asks).toEqual(['send', 'backup version']);
    for (const [there, held] of [
      ['pub', 'other'],
      ['pub', null],
      [null, null],
    ] as const)
      expect([read(published(there, held)).stored, read(published(there, held)).state.value]).toEqual([[], 'waiting']);
    const { stored, asks, state } = read(published('pub', 'pub'));
    expect([stored, asks, state.value]).toEqual([
      ['m.megolm_backup.v1'],
      ['send', 'backup version', 'send'], // the request, the test, and the cancellation
      'idle',
    ]);
    const unheard = { ...published(null, 'pub'), status: 0, facts: null } as RequestEvent;
    const done: RequestEvent = { type: 'sync.done', atMs: 0 };
    expect([read(unheard).stored, read(unheard).state.value]).toEqual([[], 'waiting']);
    const again = read(unheard, done, published('pub', 'pub'), done);
    expect([again.stored, again.asks]).toEqual([
      ['m.megolm_backup.v1'],
      ['send', 'backup version', 'backup version', 'send'],
    ]);
    const signing: RequestEvent = { ...opened, with: { names: ['m.cross_signing.master'], isForLacking: false } };
    expect(hears([signing, answer()], {}, [], { q58: 'B' }).stored).toEqual(['m.cross_signing.master']);
  });

  it('to a question nobody asked is ignored', () => {
    expect(hears([answer()]).asks).toEqual([]);
  });
});
