import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../algorithms.ts';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { JsonObject } from '../json.ts';
import { secretRequestChart } from '../secret-request/chart.ts';
import type { RequestEvent } from '../secret-request/events.ts';
import type { BackupFacts, EnvelopeFacts } from '../types.ts';
import { secretSendChart } from './chart.ts';
import type { Effect, On, PushEvent } from './events.ts';
import { kindOfSend } from './messages.ts';
import { arrived, laptop, phoneWith } from './push-testing.ts';

const me = phoneWith('send-variant');
const share = (content: JsonObject = {}, change: Partial<EnvelopeFacts> = {}): On<'to-device m.secret.send'> => ({
  type: 'to-device m.secret.send',
  ...arrived({ name: BACKUP_SECRET, secret: 'secret 2', ...content }, change),
});
const published: BackupFacts = {
  version: '2',
  publicKey: 'public 2',
  signedByPinnedMaster: true,
  signedByDevices: [],
  matchesHeldSecret: false,
  heldFrom: null,
};

/** What is stored, and sent, after an event and all that the chart tells itself of it. */
const comesOf = (event: PushEvent, change: Partial<ChartInput> = {}, off: readonly string[] = []) => {
  const chart = secretSendChart({ ...nothing, off });
  let state = startChart(chart, { ...me, ...change }).state;
  const queue: PushEvent[] = [
    event,
    { type: 'sync.done', atMs: 0 },
    { type: 'push.published', answers: 'backup version', status: 200, facts: published },
  ];
  const stored: string[] = [];
  const sent: JsonObject[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const step = hearChart(chart, state, next);
    state = step.state;
    for (const effect of step.effects as readonly Effect[]) {
      if (effect.type === 'store' && effect.patch.patch === 'secret') stored.push(effect.patch.held.secret);
      if (effect.type === 'tell self') queue.unshift(effect.event);
      if (effect.type === 'core' && effect.request.ask === 'send') sent.push(effect.request as unknown as JsonObject);
    }
  }
  return { stored, sent };
};

describe('an m.secret.send', () => {
  it.each<[JsonObject, 'A' | 'B', 'A' | 'B', string]>([
    [{ name: 'n' }, 'A', 'A', 'unasked'],
    [{ request_id: 'r' }, 'A', 'A', 'answer'],
    [{ request_id: 'r', name: 'n' }, 'A', 'A', 'answer'],
    [{ request_id: 'r', name: 'n' }, 'B', 'A', 'neither'],
    [{}, 'A', 'A', 'unasked'],
    [{}, 'B', 'A', 'neither'],
    [{ request_id: null, name: 'n' }, 'A', 'A', 'answer'],
    [{ request_id: null, name: 'n' }, 'A', 'B', 'unasked'],
    [{ request_id: 0, name: 'n' }, 'B', 'B', 'unasked'],
    [{ request_id: '', name: 'n' }, 'A', 'B', 'answer'],
  ])('%j is, with q05 read as %s and q06 as %s: %s', (content, q05, q06, kind) => {
    expect(kindOfSend(content, { readings: { q05, q06 } })).toBe(kind);
  });

  it('without request id is stored when it passes what is asked of shares', () => {
    expect(comesOf(share()).stored).toEqual(['secret 2']);
  });

  it.each<[string, PushEvent, string]>([
    ['from another user', share({}, { ownUser: false }), '4385-send-same-user'],
    [
      'from a device nobody signed',
      share({}, { sender: { ...laptop, crossSignedBy: null, byPinnedIdentity: false } }),
      '4385-send-cross-signed-only',
    ],
    ['with a request id', share({ request_id: 'r' }), '4385-send-solicited-unchanged'],
    ['of a key that does not work', share({}, { secretPublic: 'public 1' }), '4385-send-works-test'],
  ])('%s is not, unless a clause is off', (_how, event, clause) => {
    expect(comesOf(event).stored).toEqual([]);
    expect(comesOf(event, {}, [clause]).stored).toEqual(['secret 2']);
  });

  it.each<[string, Partial<EnvelopeFacts>]>([
    ['in the clear', { encrypted: false }],
    ['from another user', { ownUser: false }],
    ['from a device nobody signed', { sender: { ...laptop, crossSignedBy: null, byPinnedIdentity: false } }],
    ['by an identity that a server put in place of the pinned one', { sender: { ...laptop, byPinnedIdentity: false } }],
  ])('with a request id and %s is no answer, even for a client that takes answers unasked', (_how, change) => {
    expect(comesOf(share({ request_id: 'r' }, change), {}, ['4385-send-solicited-unchanged']).stored).toEqual([]);
  });

  it('with a request id gets past what is asked of shares for a client that takes answers unasked', () => {
    const filtered = { options: { accept: ['m.cross_signing.master'] } };
    expect(comesOf(share({}), filtered).stored).toEqual([]);
    expect(comesOf(share({ request_id: 'r' }), filtered, ['4385-send-solicited-unchanged']).stored).toEqual([
      'secret 2',
    ]);
  });

  it('in the clear, or without a value, is not', () => {
    expect(comesOf(share({}, { encrypted: false })).stored).toEqual([]);
    expect(comesOf(share({}, { encrypted: false }), { readings: { q04: 'A' } }).stored).toEqual(['secret 2']);
    expect(comesOf(share({ secret: '' })).stored).toEqual([]);
  });

  it('is written sealed, with a name and without a request id', () => {
    const offer: PushEvent = { type: 'push.offer', name: BACKUP_SECRET, secret: 's', sibling: laptop };
    const content = { name: BACKUP_SECRET, secret: 's' };
    expect(comesOf(offer).sent).toEqual([
      { ask: 'send', type: 'm.secret.send', content, encrypt: true, to: [{ user: '@alice:x', device: 'LAPTOP' }] },
    ]);
    const strays = ['made up', 'nothing', 'empty', 'number'].map((stray) =>
      comesOf(offer, { options: { 'stray request id': stray } }, ['4385-send-omit-request-id']).sent.map(
        (one) => one.content,
      ),
    );
    expect(strays).toEqual(['LAPTOP.0', null, '', 0].map((request_id) => [{ ...content, request_id }]));
  });
});

describe('a client that asks for secrets', () => {
  const chart = secretRequestChart(nothing);
  const hears = (events: readonly RequestEvent[], change: Partial<ChartInput>) => {
    let state = startChart(chart, { ...me, ...change }).state;
    const heard = events.map((event) => {
      const step = hearChart(chart, state, event);
      state = step.state;
      return step;
    });
    return heard.at(-1);
  };
  const asked: RequestEvent = {
    type: 'request.siblings',
    answers: 'siblings',
    siblings: [laptop, { ...laptop, device: 'TABLET' }],
    held: [],
    life: [],
    with: { names: [BACKUP_SECRET], isForLacking: false },
  };

  it('leaves a share to others where it has the text for it, and throws it away as malformed where it has not', () => {
    expect(hears([share()], {})?.said).toEqual([]);
    expect(hears([share()], { implements: {} })?.said).toEqual([
      { clause: '4385-send-legacy-discard', role: 'guard', says: 'refuses', off: false },
      { clause: '1946-request-id-required', role: 'format', says: 'refuses', off: false },
    ]);
  });

  it('takes a push for the answer, and calls the question off, only where question q09 is read so', () => {
    const pushed: RequestEvent = { type: 'told.secret pushed', name: BACKUP_SECRET, device: 'LAPTOP' };
    expect(hears([asked, pushed], {})?.effects).toEqual([]);
    const closed = hears([asked, pushed], { readings: { q09: 'A' } });
    expect(closed?.state.value).toBe('idle');
    expect(closed?.effects).toEqual([
      expect.objectContaining({
        request: expect.objectContaining({
          content: expect.objectContaining({ action: 'request_cancellation' }),
          to: [{ user: '@alice:x', device: 'TABLET' }],
        }),
      }),
    ]);
    const other: RequestEvent = { ...pushed, name: 'm.cross_signing.master' };
    expect(hears([asked, other], { readings: { q09: 'A' } })?.state.value).toBe('waiting');
  });
});
