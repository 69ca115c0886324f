import { describe, expect, it } from 'vitest';
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { DeviceEvent, DeviceFacts, Effect, EnvelopeFacts } from '../types.ts';
import { secretRequestChart } from './chart.ts';

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
const facts: EnvelopeFacts = {
  encrypted: false,
  claimedSender: '@alice:x',
  ownUser: true,
  sender: laptop,
  secretPublic: null,
  publishedPublic: null,
};
const asked = (action: string, id = 'r1'): DeviceEvent => ({
  type: 'm.secret.request',
  content: { action, name: 'm.megolm_backup.v1', request_id: id, requesting_device_id: 'LAPTOP' },
  facts,
});

/** Hears events in order; gives what was asked of the core. */
const hears = (events: readonly DeviceEvent[], options: ChartInput['options'] = {}) => {
  const chart = secretRequestChart(nothing);
  let state: ChartState = startChart(chart, { ...me, options }).state;
  const effects: Effect[] = [];
  for (const event of events) {
    const step = hearChart(chart, state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, asks: effects.flatMap((effect) => (effect.type === 'core' ? [effect.request.ask] : [])) };
};

describe('a request for a secret', () => {
  it('of a verified own device is answered at once, or when the user agrees', () => {
    expect(hears([asked('request')]).asks).toEqual(['held secret']);
    expect(hears([asked('request')], { 'confirm share': true }).asks).toEqual([]);
    expect(hears([asked('request'), { type: 'user.confirms sharing' }], { 'confirm share': true }).asks).toEqual([
      'held secret',
    ]);
    expect(
      hears([asked('request'), { type: 'user.declines sharing' }, { type: 'user.confirms sharing' }], {
        'confirm share': true,
      }).asks,
    ).toEqual([]);
  });

  it('that is called off while it waits for the user is not answered any more; another still is', () => {
    const events = [
      asked('request'),
      asked('request', 'r2'),
      asked('request_cancellation'),
      { type: 'user.confirms sharing' },
    ];
    expect(hears(events, { 'confirm share': true }).asks).toEqual(['held secret']);
  });
});

describe('an answer', () => {
  const answer: DeviceEvent = {
    type: 'm.secret.send',
    content: { request_id: 'PHONE.0', secret: 's' },
    facts: { ...facts, encrypted: true },
  };
  const tablet = { ...laptop, device: 'TABLET' };
  const opened: DeviceEvent = {
    type: 'request.siblings',
    siblings: [laptop, tablet],
    held: [],
    with: { names: ['m.megolm_backup.v1'] },
  };

  it('is taken once, and the question called off at the others', () => {
    const { asks, state } = hears([opened, answer, answer]);
    expect(asks).toEqual(['send', 'send']); // the request, and its cancellation
    expect(state.value).toBe('idle');
  });

  it('to a question nobody asked is ignored', () => {
    expect(hears([answer]).asks).toEqual([]);
  });
});
