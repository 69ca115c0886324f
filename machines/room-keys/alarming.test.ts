import { describe, expect, it } from 'vitest';
import type { IdentityNews } from '../events.ts';
import type { On, RoomKeysEvent } from './events.ts';
import { effectsOf, hearAll, laptop, room, synced } from './testing.ts';

const bob = '@bob:example.org';
const swapped: IdentityNews = { user: bob, master: 'of a server', pinned: 'of Bob' };
const writes: RoomKeysEvent = { type: 'user.send', room, text: 'hello', atMs: 0 };
const outbound = (more: Partial<On<'room-keys.outbound'>> = {}): RoomKeysEvent => ({
  type: 'room-keys.outbound',
  answers: 'outbound room key',
  room,
  sessionId: 'session',
  sessionKey: 'key',
  senderKey: 'curve of mine',
  index: 0,
  sharedHistory: true,
  isNew: false,
  visibility: 'shared',
  lacking: [laptop],
  outdated: [],
  changed: [],
  hasDeparted: false,
  isSpent: false,
  with: { why: null },
  ...more,
});
const alarm = outbound({ changed: [swapped], isNew: true });
const goesOn: RoomKeysEvent = { type: 'room-keys.goes on' };
const desists: RoomKeysEvent = { type: 'room-keys.desists' };
const accepts: RoomKeysEvent = { type: 'user.accepts', atMs: 0 };
const refuses: RoomKeysEvent = { type: 'user.refuses', atMs: 0 };
const before = [synced('shared'), writes, alarm];
const notice = { type: 'show', notice: { about: 'identity changed before sending', room, users: [bob] } };
const self = (event: RoomKeysEvent) => ({ type: 'tell self', event });
const asks = { type: 'core', request: { ask: 'outbound room key', fresh: false } };
const givesKey = { type: 'core', request: { ask: 'send', type: 'm.room_key' } };

describe('whoever writes to somebody whose identity has changed', () => {
  it('is told before any key is given, and goes on', () => {
    expect(effectsOf(before)).toMatchObject([notice, self(goesOn)]);
    expect(effectsOf([...before, goesOn])).toMatchObject([asks]);
    expect(effectsOf([...before, goesOn, outbound({ changed: [swapped] })])).toContainEqual(
      expect.objectContaining({ type: 'core', request: expect.objectContaining(givesKey.request) }),
    );
  });

  it('writes on without a word where the clause is off', () => {
    const off = ['1756-notify-before-communication'];
    expect(effectsOf(before, {}, off)).toEqual([self(goesOn)]);
    expect(hearAll(before, {}, off).said).toContain('1756-notify-before-communication not done');
  });

  it('is told once of each identity', () => {
    const told = [...before, goesOn, outbound({ changed: [swapped] })];
    expect(hearAll(told).state.value).toBe('sending');
    const again = outbound({ changed: [{ ...swapped, master: 'yet another' }] });
    expect(effectsOf([...before, goesOn, again])).toMatchObject([notice, self(goesOn)]);
  });

  it('is asked where the client asks, and what is accepted is pinned', () => {
    const options = { 'changed identity': 'ask' };
    expect(effectsOf(before, { options })).toMatchObject([notice]);
    expect(effectsOf(before, { options })).toHaveLength(1);
    expect(effectsOf([...before, accepts], { options })).toMatchObject([
      { type: 'store', patch: { patch: 'pin', user: bob, master: 'of a server' } },
      asks,
    ]);
    expect(hearAll([...before, refuses], { options }).state).toMatchObject({
      value: 'idle',
      context: { pending: [], changes: [] },
    });
  });

  it('is asked about whom they have verified, though they go on as a rule', () => {
    const verified = outbound({ changed: [{ ...swapped, wasVerified: true }], isNew: true });
    const told = [synced('shared'), writes, verified];
    expect(effectsOf(told)).toMatchObject([{ type: 'show', notice: { ...notice.notice, verified: [bob] } }]);
    expect(effectsOf(told)).toHaveLength(1);
    expect(effectsOf([...told, accepts])).toMatchObject([{ type: 'store', patch: { patch: 'pin', user: bob } }, asks]);
    expect(effectsOf(told, { options: { 'changed identity': 'desist' } })).toMatchObject([{}, self(desists)]);
  });

  it('may not write at all', () => {
    const options = { 'changed identity': 'desist' };
    expect(effectsOf(before, { options })).toMatchObject([notice, self(desists)]);
    expect(hearAll([...before, desists], { options }).state.context).toMatchObject({ pending: [], knownChanges: {} });
    expect(effectsOf([...before, desists], { options })).toEqual([]);
  });

  it('may write more meanwhile, which goes with the rest', () => {
    const options = { 'changed identity': 'ask' };
    const { state } = hearAll([...before, { ...writes, text: 'more' }], { options });
    expect(state).toMatchObject({ value: 'alarmed', context: { pending: [{ text: 'hello' }, { text: 'more' }] } });
  });

  it('has a session that was made before the alarm counted as new after it, once', () => {
    const after = hearAll([...before, goesOn, outbound({ changed: [swapped] })]);
    expect(after.effects.at(-1)).toContainEqual({ type: 'tell', event: { type: 'told.new room key' } });
    expect(after.state.context).toMatchObject({ hasNewSession: false });
  });

  it('remembers over a restart of whom it was told', () => {
    const { state, chart } = hearAll([...before, goesOn]);
    expect(chart.persists(state.context)).toMatchObject({ knownChanges: { [bob]: 'of a server' } });
  });
});
