import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { QueriedDevice } from '../events.ts';
import type { JsonObject } from '../json.ts';
import { paths } from '../paths.ts';
import { notIn } from '../revisions.ts';
import type { HeldSecret } from '../types.ts';
import { identityChart } from './chart.ts';
import type { IdentityEvent } from './events.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
const me: ChartInput = {
  user: alice,
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4153: 'spec-v1.19' },
};
const step = (event: IdentityEvent, off: readonly string[] = [], more: Partial<ChartInput> = {}) => {
  const input = { ...me, ...more };
  const chart = identityChart({ ...nothing, ...notIn(input.implements), off });
  return hearChart(chart, startChart(chart, input).state, event);
};
const effects = (...given: Parameters<typeof step>) => step(...given).effects;
const core = (request: object) => ({ type: 'core', request });

describe('a client that starts', () => {
  it('uploads its keys and looks its user up', () => {
    const { effects: done, state } = step({ type: 'user.start', users: [alice], atMs: 0 });
    expect(done).toEqual([core({ ask: 'upload keys' }), core({ ask: 'query users', users: [alice] })]);
    expect(state.value).toBe('published');
  });

  it('uploads further keys when few are left, and looks up whoever has changed, if anybody has', () => {
    expect(effects({ type: 'sync.key counts', onServer: 0 })).toEqual([core({ ask: 'upload keys' })]);
    expect(effects({ type: 'sync.device lists', users: [bob, alice] })).toEqual([
      core({ ask: 'query users', users: [bob, alice] }),
    ]);
    expect(effects({ type: 'sync.device lists', users: [] })).toEqual([]);
  });
});

describe('what a key query lists', () => {
  const device = (more: Partial<QueriedDevice> = {}): QueriedDevice => ({
    device: 'LAPTOP',
    keys: { device_id: 'LAPTOP' },
    selfSigned: true,
    isNamedAsMaster: false,
    known: null,
    ...more,
  });
  const identity = { master: { user_id: bob }, selfSigning: null, userSigning: null };
  const kept = (listed: QueriedDevice, off: readonly string[] = []): unknown => {
    const [done] = effects({ type: 'keys.queried', users: [{ user: bob, devices: [listed], identity }] }, off);
    const request = done?.type === 'core' && done.request.ask === 'keep users' ? done.request : null;
    expect(request?.users[0]).toMatchObject({ user: bob, identity });
    return request?.users[0]?.devices.map(({ keys }) => keys);
  };

  it('is known from then on', () => {
    expect(kept(device())).toEqual([{ device_id: 'LAPTOP' }]);
  });

  it('is no device where it has not signed itself, or bears the name of the master key, unless that is off', () => {
    expect(kept(device({ selfSigned: false }))).toEqual([]);
    expect(kept(device({ selfSigned: false }), ['spec-device-self-signature'])).toHaveLength(1);
    expect(kept(device({ isNamedAsMaster: true }))).toEqual([]);
    expect(kept(device({ isNamedAsMaster: true }), ['spec-device-id-no-master'])).toHaveLength(1);
  });

  it('is said of by the rules: of all that holds, and of what does not', () => {
    const saidOf = (listed: QueriedDevice) =>
      step({ type: 'keys.queried', users: [{ user: bob, devices: [listed], identity }] }).said.map(
        ({ clause, says }) => `${clause} ${says}`,
      );
    const permits = ['spec-device-self-signature permits', 'spec-device-id-no-master permits'];
    expect(saidOf(device())).toEqual([...permits, 'spec-device-keys-stay permits']);
    expect(saidOf(device({ known: {} }))).toEqual([...permits, 'spec-device-keys-stay refuses']);
    expect(saidOf(device({ selfSigned: false }))).toEqual(['spec-device-self-signature refuses']);
  });

  it('leaves a known device with the keys it had, unless that is off', () => {
    const before = { device_id: 'LAPTOP', keys: 'as before' };
    expect(kept(device({ known: before }))).toEqual([before]);
    expect(kept(device({ known: before }), ['spec-device-keys-stay'])).toEqual([{ device_id: 'LAPTOP' }]);
  });
});

describe('an identity', () => {
  it('is made when its person sets it up, or anew with their password', () => {
    expect(effects({ type: 'user.set up cross-signing', atMs: 0 })).toEqual([
      core({ ask: 'identity', answerAs: 'identity.made' }),
    ]);
    expect(effects({ type: 'user.reset cross-signing', auth: { password: 'x' }, atMs: 0 })).toEqual([
      core({ ask: 'identity', answerAs: 'identity.made', auth: { password: 'x' } }),
    ]);
  });

  it('is published before the signature on this device is', () => {
    const { effects: done, state } = step({
      type: 'identity.made',
      answers: 'identity',
      keys: { master_key: {} },
      signatures: { [alice]: {} },
    });
    const post = (path: string, body: object) => ({ type: 'request', method: 'POST', path, body, answerAs: null });
    expect(done).toEqual([
      post(paths.deviceSigningUpload, { master_key: {} }),
      post(paths.signaturesUpload, { [alice]: {} }),
    ]);
    expect(state.value).toBe('cross-signed');
  });

  it('signs a device that its person has verified, and publishes that', () => {
    const keys = { device_id: 'LAPTOP' };
    expect(effects({ type: 'user.verifies', device: 'LAPTOP', keys, atMs: 0 })).toEqual([
      core({ ask: 'sign device', device: 'LAPTOP', keys, answerAs: 'identity.signed' }),
    ]);
    expect(effects({ type: 'identity.signed', answers: 'sign device', signatures: { [alice]: {} } })).toMatchObject([
      { method: 'POST', path: paths.signaturesUpload, body: { [alice]: {} }, answerAs: null },
    ]);
  });

  it('is pinned when its person verifies this device, with the secrets that come along or news that there are none', () => {
    const held: HeldSecret = { secret: 's', public: 'p', origin: { how: 'made' } };
    const pin = { type: 'store', patch: { patch: 'pin', user: alice, master: 'M' } };
    expect(step({ type: 'user.verified', master: 'M', secrets: {}, atMs: 0 }).state.value).toBe('cross-signed');
    expect(effects({ type: 'user.verified', master: 'M', secrets: {}, atMs: 0 })).toEqual([
      pin,
      { type: 'tell', event: { type: 'told.verified' } },
    ]);
    expect(effects({ type: 'user.verified', master: 'M', secrets: { name: held }, atMs: 0 })).toEqual([
      pin,
      {
        type: 'store',
        patch: { patch: 'secret', name: 'name', held: { ...held, origin: { how: 'verification' } } },
      },
      { type: 'tell', event: { type: 'told.secret stored', name: 'name' } },
    ]);
  });

  const news = (user: string, pinned: string | null): IdentityEvent => ({
    type: 'told.identity',
    news: { user, master: 'new', pinned },
  });

  it('of somebody else is pinned when it is first seen, and one’s own is not', () => {
    expect(effects(news(bob, null))).toEqual([{ type: 'store', patch: { patch: 'pin', user: bob, master: 'new' } }]);
    expect(effects(news(alice, null))).toEqual([]);
  });

  it('that is replaced is told to its person, unless the clause is off', () => {
    expect(effects(news(bob, 'old'))).toMatchObject([
      { notice: { about: 'identity changed', user: bob, master: 'new' } },
    ]);
    expect(effects(news(bob, 'old'), ['1756-notify-master-change'])).toEqual([]);
    expect(effects(news(alice, 'old'))).toMatchObject([{ notice: { about: 'own identity changed', master: 'new' } }]);
    expect(effects(news(alice, 'old'), ['4153-own-identity-change'])).toEqual([]);
  });

  it('of somebody else is looked up and signed when its person has compared keys with them', () => {
    const compared = { user: bob, master: 'M' };
    expect(effects({ type: 'user.verifies user', ...compared, atMs: 0 })).toEqual([
      core({ ask: 'query users', users: [bob], answerAs: 'identity.looked up', with: compared }),
    ]);
    expect(effects({ type: 'identity.looked up', answers: 'query users', status: 200, with: compared })).toEqual([
      core({ ask: 'sign user', ...compared, answerAs: 'identity.compared', with: compared }),
    ]);
  });

  it('of somebody else is pinned once compared, published where it could be signed, and neither where it is another', () => {
    const answered = (matches: boolean, signatures: JsonObject | null) =>
      effects({
        type: 'identity.compared',
        answers: 'sign user',
        matches,
        signatures,
        with: { user: bob, master: 'M' },
      });
    const pin = { type: 'store', patch: { patch: 'pin', user: bob, master: 'M' } };
    const shown = { type: 'show', notice: { about: 'user verified', user: bob, master: 'M' } };
    const signatures = { [bob]: { M: {} } };
    expect(answered(true, signatures)).toMatchObject([
      pin,
      { type: 'request', method: 'POST', path: paths.signaturesUpload, body: signatures, answerAs: null },
      shown,
    ]);
    expect(answered(true, null)).toMatchObject([pin, shown]);
    expect(answered(false, null)).toMatchObject([
      { type: 'show', notice: { about: 'verification failed', user: bob } },
    ]);
    expect(effects({ type: 'told.identity verified', user: bob, master: 'M' })).toMatchObject([pin, shown]);
  });

  it('that is replaced is told of louder where it was verified', () => {
    const loud = effects({
      type: 'told.identity',
      news: { user: bob, master: 'new', pinned: 'old', wasVerified: true },
    });
    expect(loud).toMatchObject([{ notice: { about: 'identity changed', user: bob, wasVerified: true } }]);
    expect(effects(news(bob, 'old'))[0]).not.toHaveProperty('notice.wasVerified');
    const textOf = (done: typeof loud) => (done[0]?.type === 'show' ? done[0].notice.text : '');
    expect(textOf(loud)).not.toBe(textOf(effects(news(bob, 'old'))));
  });

  it('leaves nothing to remember over a restart', () => {
    expect(identityChart(nothing).persists({ me: { ...me } })).toEqual({});
  });
});
