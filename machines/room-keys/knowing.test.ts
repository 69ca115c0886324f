import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import { startChart } from '../chart.ts';
import type { CoreRequest } from '../effects.ts';
import type { RoomKeysContext } from './context.ts';
import type { Effect, RoomKeysEvent } from './events.ts';
import { effectsOf, hearAll, me, room, synced } from './testing.ts';

const send: RoomKeysEvent = { type: 'user.send', room, text: 'hello', atMs: 0 };
const set = (visibility: string, isMade = false): RoomKeysEvent => ({
  type: 'told.room state',
  room,
  visibility,
  isMade,
});
const contextOf = (events: readonly RoomKeysEvent[], change: Partial<ChartInput> = {}) =>
  hearAll(events, change).state.context as unknown as RoomKeysContext;
const asks = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.type === 'core' && effect.request.ask === 'outbound room key'
      ? [effect.request as Extract<CoreRequest<RoomKeysEvent>, { ask: 'outbound room key' }>]
      : [],
  );
/** The flag that the next session is asked for with. */
const flagAfter = (...events: readonly RoomKeysEvent[]) => asks(effectsOf([...events, send]))[0]?.sharedHistory;

/** The first sync that tells of the room. */
const first = (visibility: string): RoomKeysEvent => ({ ...synced(visibility, null), before: null }) as RoomKeysEvent;

describe('who has joined and heard nothing of the room yet', () => {
  it('lets nobody have what they write that comes later, however silence is read (question q15), until a sync tells', () => {
    const noEvent = synced(null, null);
    for (const q15 of ['A', 'B'] as const) {
      const flags = (...events: readonly RoomKeysEvent[]) =>
        asks(effectsOf([...events, send], { readings: { q15 } })).map(({ sharedHistory }) => sharedHistory);
      expect(flags()).toEqual([false]);
      expect(flags(synced('shared'))).toEqual([true]);
      expect(flags(noEvent)).toEqual([q15 === 'A']);
    }
  });
  it('is told that those who come later may read once that is known', () => {
    const told = (...events: readonly RoomKeysEvent[]) =>
      effectsOf([...events, send]).some((effect) => effect.type === 'show');
    expect(told()).toBe(false);
    expect(told(synced('shared'))).toBe(true);
  });
});

describe('what a person has just set', () => {
  it('is what counts for what they write before a sync tells of it', () => {
    expect(flagAfter(set('joined', true))).toBe(false);
    expect(flagAfter(set('shared', true))).toBe(true);
    expect(flagAfter(synced('shared'), set('joined'))).toBe(false);
    expect(flagAfter(synced('joined'), set('world_readable'))).toBe(true);
  });
  it('counts until a sync tells otherwise', () => {
    expect(flagAfter(set('joined', true), synced('shared'))).toBe(true);
    expect(flagAfter(synced('shared'), set('joined'), synced('shared'))).toBe(true);
  });
  it('with a room goes for no room that a sync has told of, whatever a server answers', () => {
    expect(flagAfter(synced('joined'), set('shared', true))).toBe(false);
    const { state, chart } = hearAll([synced('joined')]);
    const again = startChart(chart, me, chart.persists(state.context)).state;
    expect(again.context).toMatchObject({ isToldOf: true, visibility: 'joined' });
  });
  it('is given to whoever is in the room alone, where that is how it is read (question q52)', () => {
    const asks = (readings: Readonly<Record<string, 'A' | 'B'>>) =>
      hearAll([synced('shared'), { type: 'user.send', room, text: 'hello', atMs: 0 }], { readings }).effects.flat();
    const asking = (more: object) =>
      expect.objectContaining({ request: expect.objectContaining({ ask: 'outbound room key', ...more }) });
    expect(asks({ q52: 'B' })).toContainEqual(asking({ isForJoined: true }));
    expect(asks({ q52: 'A' })).not.toContainEqual(asking({ isForJoined: true }));
  });
  it('is pinned no more where the person’s word was kept to (question q16)', () => {
    const careful = { readings: { q16: 'B' } } as const;
    const user: RoomKeysEvent = { type: 'user.set history', room, visibility: 'invited', atMs: 0 };
    expect(contextOf([synced('joined'), user], careful).pinned).toEqual({ visibility: 'invited' });
    expect(contextOf([synced('joined'), user, set('invited')], careful)).toMatchObject({
      pinned: null,
      visibility: 'invited',
    });
    expect(contextOf([synced('joined'), user, set('invited')])).not.toHaveProperty('pinned');
  });
  it('is a crossing like any other for whoever counts them (question q17)', () => {
    const counts = { readings: { q17: 'B' } } as const;
    const why = 'the history visibility went and came back';
    expect(contextOf([synced('shared'), set('joined')], counts).rotate).toBe(why);
    expect(contextOf([synced('shared'), set('world_readable')], counts).rotate).toBeNull();
    expect(contextOf([synced('shared'), set('joined')]).rotate).toBeNull();
  });
});

describe('a client that asks its server first', () => {
  const visibility = {
    type: 'request',
    method: 'GET',
    path: '/_matrix/client/v3/rooms/!den%3Aexample.org/state/m.room.history_visibility/',
    answerAs: 'room-keys.visibility',
  };
  const members = { type: 'core', request: { ask: 'members of', room, answerAs: 'room-keys.asked' } };
  const goOn = { type: 'tell self', event: { type: 'room-keys.asked' } };
  it.each([
    ['who may read', { q18: 'B' }, [visibility, goOn]],
    ['who is there', { q27: 'B' }, [members]],
    ['both', { q18: 'B', q27: 'B' }, [visibility, members]],
  ] as const)('asks %s before it writes', (_what, readings, expected) => {
    const { effects, state } = hearAll([synced('shared'), send], { readings });
    expect([effects.at(-1), state.value]).toEqual([expected, 'asking']);
  });
  it('does not where it goes by what syncs tell', () => {
    expect(hearAll([synced('shared'), send], { readings: { q18: 'A', q27: 'A' } }).state.value).toBe('sending');
  });
  const answered = (status: number, body: { readonly history_visibility?: string }): RoomKeysEvent => ({
    type: 'room-keys.visibility',
    answers: 'request',
    status,
    body,
  });
  it.each([
    [200, { history_visibility: 'joined' }, false],
    [200, { history_visibility: 'shared' }, true],
    [200, {}, true],
    [404, { history_visibility: 'shared' }, false],
  ] as const)('goes by the answer %s %o', (status, body, flag) => {
    const before = synced(status === 404 ? 'joined' : 'invited');
    const { effects, state } = hearAll([before, send, send, answered(status, body), { type: 'room-keys.asked' }], {
      readings: { q18: 'B' },
    });
    expect(asks(effects.at(-1) ?? []).map(({ sharedHistory }) => sharedHistory)).toEqual([flag]);
    expect([state.value, (state.context as unknown as RoomKeysContext).pending.length]).toEqual(['sending', 2]);
  });
  it('goes on once the members are known', () => {
    const known: RoomKeysEvent = { type: 'room-keys.asked', answers: 'members of', status: 200 };
    expect(asks(effectsOf([synced('shared'), send, known], { readings: { q27: 'B' } }))).toHaveLength(1);
  });
});

describe('a client that keeps to what its person knows (question q16)', () => {
  const careful = { readings: { q16: 'B' } } as const;
  const notices = (events: readonly RoomKeysEvent[], change: Partial<ChartInput> = careful) =>
    hearAll(events, change).effects.map((effects) =>
      effects.flatMap((effect) => (effect.type === 'show' ? [effect.notice.visibility] : [])),
    );
  const accepts: RoomKeysEvent = { type: 'user.accepts', atMs: 0 };
  it('warns where a closed room is said to be open, and writes as though it were not', () => {
    const opened = [first('joined'), synced('shared', 'joined')];
    expect(notices(opened)).toEqual([[], ['shared']]);
    expect(contextOf(opened, careful).pinned).toEqual({ visibility: 'joined' });
    expect(asks(effectsOf([...opened, send], careful))[0]?.sharedHistory).toBe(false);
  });
  it('takes it as it is when its person accepts, or it is taken back', () => {
    const opened = [first('joined'), synced('shared', 'joined')];
    expect(asks(effectsOf([...opened, accepts, send], careful))[0]?.sharedHistory).toBe(true);
    expect(contextOf([...opened, synced('joined', 'shared')], careful).pinned).toBeNull();
  });
  it('hears of no change within a class, of none that it knew of, and of what comes first', () => {
    expect(notices([first('shared'), synced('world_readable', 'shared')])).toEqual([[], []]);
    expect(notices([first('shared')])).toEqual([[]]);
    const sets: RoomKeysEvent = { type: 'user.set history', room, visibility: 'shared', atMs: 0 };
    expect(notices([first('joined'), sets, synced('shared', 'joined')]).at(-1)).toEqual([]);
    expect(contextOf([first('joined'), sets, synced('shared', 'joined')], careful).pinned).toBeNull();
  });
  it('warns where a room that was made closed is open by the first sync that tells of it', () => {
    const events = [set('joined', true), first('shared')];
    expect(notices(events)).toEqual([[], ['shared']]);
    expect(asks(effectsOf([...events, send], careful))[0]?.sharedHistory).toBe(false);
    expect(notices([set('joined', true), first('joined')])).toEqual([[], []]);
  });
  it('warns where an open room is closed, and pins nothing', () => {
    expect(notices([first('shared'), synced('joined', 'shared')]).at(-1)).toEqual(['joined']);
    expect(contextOf([first('shared'), synced('joined', 'shared')], careful).pinned).toBeNull();
  });
  it('is none by reading A, nor without the proposal', () => {
    const events = [first('joined'), synced('shared', 'joined')];
    expect(notices(events, {}).flat()).toEqual([]);
    expect(notices(events, { ...careful, implements: {} }).flat()).toEqual([]);
    const sets: RoomKeysEvent = { type: 'user.set history', room, visibility: 'joined', atMs: 0 };
    expect(contextOf([sets])).not.toHaveProperty('pinned');
  });
  it('keeps what is pinned through a restart', () => {
    const { state, chart } = hearAll([first('joined'), synced('shared', 'joined')], careful);
    expect(chart.persists(state.context)).toMatchObject({ pinned: { visibility: 'joined' }, visibility: 'shared' });
    expect(chart.persists(hearAll([synced('joined')]).state.context)).not.toHaveProperty('pinned');
  });
});
