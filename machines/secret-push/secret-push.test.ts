import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../algorithms.ts';
import { type ChartInput, type ChartStep, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { JsonObject } from '../json.ts';
import type { BackupFacts, DeviceFacts, EnvelopeFacts } from '../types.ts';
import { secretPushChart } from './chart.ts';
import type { Effect, Push, PushEvent } from './events.ts';
import { arrived, laptop, phoneWith } from './push-testing.ts';

const me = phoneWith('push-variant');
const push = (
  change: Partial<EnvelopeFacts> = {},
  content: JsonObject = { name: BACKUP_SECRET, secret: 'secret 2' },
  type: Push['type'] = 'to-device m.secret.push',
): PushEvent => ({ type, ...arrived(content, change) });
const described = (publicKey: string): PushEvent => ({
  type: 'push.published',
  answers: 'backup version',
  status: 200,
  facts: {
    version: '2',
    publicKey,
    signedByPinnedMaster: true,
    signedByDevices: [],
    matchesHeldSecret: false,
    heldFrom: null,
  } satisfies BackupFacts,
});

type Heard = {
  readonly last: ChartStep;
  readonly stored: readonly string[];
  readonly shown: readonly string[];
  readonly said: ChartStep['said'];
};
/** Hears events one after the other; what the chart tells itself is heard in between, as a device would. */
const hears = (events: readonly PushEvent[], change: Partial<ChartInput> = {}, off: readonly string[] = []): Heard => {
  const chart = secretPushChart({ ...nothing, off });
  let last = startChart(chart, { ...me, ...change });
  const stored: string[] = [];
  const shown: string[] = [];
  const said: ChartStep['said'][number][] = [];
  const queue = [...events];
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    last = hearChart(chart, last.state, event);
    said.push(...last.said);
    for (const effect of last.effects as readonly Effect[]) {
      if (effect.type === 'store' && effect.patch.patch === 'secret') stored.push(effect.patch.held.secret);
      if (effect.type === 'show') shown.push(effect.notice.about);
      if (effect.type === 'tell self') queue.unshift(effect.event);
      if (effect.type === 'person answers') queue.unshift({ ...effect.act, atMs: 0 });
    }
  }
  return { last, stored, shown, said };
};
const done: PushEvent = { type: 'sync.done', atMs: 0 };

describe('a push', () => {
  it('is stored when it passes every check and fits what is published', () => {
    const { stored, shown } = hears([push(), done, described('public 2')]);
    expect(stored).toEqual(['secret 2']);
    expect(shown).toEqual(['secret replaced']);
  });

  it('is told of in words that are true whether or not there was a secret before', () => {
    const notices = hears([push(), done, described('public 2')]).last.effects.flatMap((effect) =>
      effect.type === 'show' ? [(effect as Extract<Effect, { type: 'show' }>).notice] : [],
    );
    expect(notices).toMatchObject([
      {
        about: 'secret replaced',
        text: 'This device keeps a secret that another device of yours sent, in place of any that it had.',
      },
    ]);
  });

  it('waits for the next sync where nobody says what is published', () => {
    const unheard: PushEvent = { type: 'push.published', answers: 'backup version', status: 0, facts: null };
    const none: PushEvent = { ...unheard, status: 404 };
    const waits = hears([push(), done, unheard]);
    expect([waits.stored, waits.last.effects]).toEqual([[], [{ type: 'await sync' }]]);
    expect(hears([push(), done, unheard, done, described('public 2')]).stored).toEqual(['secret 2']);
    expect(hears([push(), done, none, done, described('public 2')]).stored).toEqual([]);
  });

  it.each<[string, PushEvent, string]>([
    ['in the clear', push({ encrypted: false }), '4385-push-reject-plaintext'],
    ['from another user', push({ ownUser: false }), '4385-push-same-user'],
    [
      'from a device nobody signed',
      push({ sender: { ...laptop, crossSignedBy: null, byPinnedIdentity: false } }),
      '4385-push-cross-signed-only',
    ],
    [
      'signed by an identity that is not the pinned one',
      push({ sender: { ...laptop, byPinnedIdentity: false } }),
      '4385-push-cross-signed-only',
    ],
    [
      'from a device that is not in the list any more',
      push({ sender: { ...laptop, source: 'embedded' } }),
      '4385-push-cross-signed-only',
    ],
    ['from a sender that cannot be told', push({ sender: null }), '4385-push-cross-signed-only'],
    ['without a name', push({}, { secret: 'secret 2' }), '4385-push-name-field'],
    ['without a secret', push({}, { name: BACKUP_SECRET }), '4385-push-secret-field'],
    ['with an empty secret', push({}, { name: BACKUP_SECRET, secret: '' }), '4385-push-secret-field'],
  ])('%s is refused, and believed once that clause is off', (_how, event, clause) => {
    const refused = hears([event, done, described('public 2')]);
    expect(refused.stored).toEqual([]);
    expect(refused.said).toContainEqual(expect.objectContaining({ clause, says: 'refuses', off: false }));
    const believed = hears([event, done, described('public 2')], {}, [clause]);
    expect(believed.said).toContainEqual(expect.objectContaining({ clause, says: 'refuses', off: true }));
    expect(believed.said).toContainEqual(expect.objectContaining({ clause: '4385-push-pick-current' }));
  });

  it.each<[string, Partial<ChartInput>, PushEvent]>([
    [
      'q01 A: any served identity will do',
      { readings: { q01: 'A' } },
      push({ sender: { ...laptop, byPinnedIdentity: false } }),
    ],
    [
      'q02 B: the keys it was sent with are judged',
      { readings: { q02: 'B' } },
      push({ sender: { ...laptop, source: 'embedded' } }),
    ],
    ['q04 A: only senders are told to encrypt', { readings: { q04: 'A' } }, push({ encrypted: false })],
    ['q13 A: whatever was sent is stored', { readings: { q13: 'A' } }, push({}, { name: BACKUP_SECRET, secret: '' })],
  ])('is believed by a client that reads %s', (_reading, change, event) => {
    expect(hears([event, done, described('public 2')]).stored).toEqual([]);
    expect(hears([event, done, described('public 2')], change).stored).toHaveLength(1);
  });

  it('that does not fit what is published is dropped, or kept and tried again where question q07 is read so', () => {
    const late = [push(), done, described('public 1'), done, described('public 2')];
    expect(hears(late).stored).toEqual([]);
    expect(hears(late, { readings: { q07: 'B' } }).stored).toEqual(['secret 2']);
  });

  it('is picked from several by the test, whatever the order they come in', () => {
    const old = push({ secretPublic: 'public 1' }, { name: BACKUP_SECRET, secret: 'secret 1' });
    for (const order of [
      [old, push()],
      [push(), old],
    ])
      expect(hears([...order, done, described('public 2')]).stored).toEqual(['secret 2']);
    expect(hears([old, push(), done, described('public 2')], {}, ['4385-push-pick-current']).stored).toEqual([]);
    expect(hears([push(), old, done, described('public 2')], {}, ['4385-push-works-test']).stored).toEqual([
      'secret 1',
    ]);
  });

  it('of a name with no public half is taken or left as question q08 is read', () => {
    const untested = push({ secretPublic: null }, { name: 'org.example.notes', secret: 's' });
    const published: PushEvent = { type: 'push.published', facts: null };
    expect(hears([untested, done, published]).stored).toEqual([]);
    expect(hears([untested, done, published], { readings: { q08: 'A' } }).stored).toEqual(['s']);
  });

  it.each([
    ['accept', ['secret 2']],
    ['refuse', []],
  ])('is put to the user, who may %s it', (prompt, stored) => {
    const asked = hears([push(), done, described('public 2')], { options: { prompt } });
    expect(asked.stored).toEqual(stored);
    expect(asked.shown).toContain('secret pushed');
  });

  it('waits for a user who has not answered, across a restart', () => {
    const chart = secretPushChart(nothing);
    const waiting = hears([push(), done, described('public 2')], { options: { prompt: 'ask' } });
    expect(waiting.last.state.value).toBe('prompting');
    expect(chart.persists(waiting.last.state.context).candidates).toHaveLength(1);
    const forgetful = hears([push(), done, described('public 2')], {
      options: { prompt: 'ask' },
      readings: { q12: 'B' },
    });
    expect(chart.persists(forgetful.last.state.context).candidates).toBeUndefined();
  });

  it('is taken only for the names a client accepts, and not for signing keys where it wants them verified', () => {
    const accept = { options: { accept: ['m.other'] } };
    expect(hears([push(), done, described('public 2')], accept).stored).toEqual([]);
    const signing = push(
      { secretPublic: 'pub', publishedPublic: 'pub' },
      { name: 'm.cross_signing.self_signing', secret: 's' },
    );
    const published: PushEvent = { type: 'push.published', facts: null };
    expect(hears([signing, done, published]).stored).toEqual(['s']);
    expect(hears([signing, done, published], { options: { reverify: true } }).stored).toEqual([]);
  });

  it('is heard under the names the client knows', () => {
    const interim = push({}, undefined, 'to-device io.element.msc4385.secret.push');
    expect(hears([interim, done, described('public 2')]).stored).toEqual([]);
    expect(hears([interim, done, described('public 2')], { identifiers: 'unstable' }).stored).toEqual(['secret 2']);
    expect(hears([push(), done, described('public 2')], { identifiers: 'unstable' }).stored).toEqual([]);
  });
});

describe('a changed secret', () => {
  const changed: PushEvent = { type: 'told.secret changed', name: BACKUP_SECRET, secret: 's' };
  const offer = (sibling: DeviceFacts): PushEvent => ({
    type: 'push.offer',
    name: BACKUP_SECRET,
    secret: 's',
    sibling,
  });
  const sent = (events: readonly PushEvent[], change: Partial<ChartInput> = {}, off: readonly string[] = []) => {
    const chart = secretPushChart({ ...nothing, off });
    let state = startChart(chart, { ...me, ...change }).state;
    const queue = [...events];
    const effects: Effect[] = [];
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      const step = hearChart(chart, state, event);
      state = step.state;
      for (const effect of step.effects as readonly Effect[]) {
        if (effect.type === 'tell self') queue.unshift(effect.event);
        effects.push(effect);
      }
    }
    return effects.flatMap((effect) => (effect.type === 'core' ? [effect.request] : []));
  };

  it('is offered to the siblings of its own accord', () => {
    expect(sent([changed])).toEqual([expect.objectContaining({ ask: 'siblings' })]);
    expect(sent([changed], {}, ['4385-both-unsolicited-share'])).toEqual([]);
    expect(sent([changed], {}, ['4385-push-no-request-needed'])).toEqual([]);
  });

  it('is sent sealed, named and of its own type to a signed sibling, and not to another', () => {
    const content = { name: BACKUP_SECRET, secret: 's' };
    expect(sent([offer(laptop)])).toEqual([
      { ask: 'send', type: 'm.secret.push', content, encrypt: true, to: [{ user: '@alice:x', device: 'LAPTOP' }] },
    ]);
    expect(sent([offer({ ...laptop, byPinnedIdentity: false })])).toEqual([]);
  });

  it.each<[string, object]>([
    ['4385-push-encrypted', { encrypt: false }],
    ['4385-push-name-field', { content: { secret: 's' } }],
    ['4385-push-secret-field', { content: { name: BACKUP_SECRET } }],
    ['4385-push-event-type', { type: 'm.secret.send' }],
  ])('is sent otherwise without %s', (clause, otherwise) => {
    expect(sent([offer(laptop)], {}, [clause])).toEqual([expect.objectContaining(otherwise)]);
  });

  it('goes out under the interim name, or both, as the device is set', () => {
    const types = (identifiers: ChartInput['identifiers'], off: readonly string[] = []) =>
      sent([offer(laptop)], { identifiers }, off).map((request) => ('type' in request ? request.type : ''));
    expect(types('unstable')).toEqual(['io.element.msc4385.secret.push']);
    expect(types('both')).toEqual(['m.secret.push', 'io.element.msc4385.secret.push']);
    expect(types('unstable', ['4385-push-unstable-name'])).toEqual(['m.secret.push']);
  });
});
