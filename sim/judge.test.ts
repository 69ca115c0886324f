/** What judges make of a run: which break counts, what is left open, and what was off on the way. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../machines/json.ts';
import { makeSymbolicSuite } from './crypto/symbolic/suite.ts';
import { judging, judgingOne, watchedWitness, witnessOf } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { begin } from './prologue.ts';
import type { Break, Guarantee } from './properties/types.ts';
import { restlessAfter } from './quiet.ts';
import { setStage } from './stage.ts';
import { aliceAndDevices } from './testing.ts';
import type { Moment, Step } from './types.ts';

const stage = setStage(
  aliceAndDevices({
    devices: ['phone', 'laptop'],
    attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
    story: [[{ who: 'alice.phone', verb: 'sync', args: {} }]],
  }),
  { suite: makeSymbolicSuite('1'), turns: [{ turn: 'off', clause: '4385-push-encrypted', for: 'alice.phone' }] },
);
const stepOf = (id: string, ...moments: readonly Moment[]): Step => ({
  choice: { id, who: 'alice.phone', sentence: id },
  moments,
});
const broken = (why: string, acceptedBy: string | null = null): Break => ({ at: 'alice.phone', why, acceptedBy });

let made = 0;
/** A guarantee of its own name (judges remember what each makes of a step) that says of each step what stands here under its id. */
const saying = (
  said: Readonly<Record<string, { readonly broken?: Break; readonly shadow?: true }>>,
  more: Partial<Guarantee> = {},
): Guarantee =>
  ({
    id: `test ${made++}`,
    kind: 'always',
    begin: 0,
    see: (memory: Json, { choice }: Step) => ({
      memory: Number(memory) + 1,
      broken: said[choice.id]?.broken ?? null,
      shadow: said[choice.id]?.shadow ?? false,
    }),
    ...more,
  }) as unknown as Guarantee;
const judged = (guarantee: Guarantee, steps: readonly Step[], settled = true) => {
  const one = judgingOne(guarantee, 0, watchedWitness(stage));
  for (const step of steps) one.see(step);
  return { ...one.end(settled), isDecided: one.isDecided() };
};
const clause = (name: string, says: 'permits' | 'refuses' | 'done' | 'not done', off: boolean): Moment => ({
  kind: 'clause',
  player: 'alice.phone',
  chart: 'c',
  clause: name,
  role: 'guard',
  says,
  off,
});

describe('a judge', () => {
  it('says that all holds where nothing broke, and whether the shadow happened', () => {
    expect(judged(saying({}), [stepOf('a'), stepOf('b')])).toMatchObject({
      verdict: 'holds',
      step: null,
      shadow: false,
    });
    expect(judged(saying({ a: { shadow: true } }), [stepOf('a'), stepOf('b')])).toMatchObject({
      verdict: 'holds',
      shadow: true,
    });
  });

  it('goes by the first break, with its step', () => {
    const said = { b: { broken: broken('first') }, c: { broken: broken('second') } };
    expect(judged(saying(said), [stepOf('a'), stepOf('b'), stepOf('c')])).toMatchObject({
      verdict: 'breaks',
      step: 1,
      at: 'alice.phone',
      why: 'first',
      isDecided: true,
    });
  });

  it('does not let a break that a text accepts hide one that none does, and not the other way round', () => {
    const accepted = { broken: broken('conceded', 'x-argument') };
    const real = { broken: broken('real') };
    const steps = [stepOf('a'), stepOf('b')];
    expect(judged(saying({ a: accepted }), steps)).toMatchObject({
      verdict: 'accepted',
      acceptedBy: 'x-argument',
      isDecided: false,
    });
    expect(judged(saying({ a: accepted, b: real }), steps)).toMatchObject({ verdict: 'breaks', step: 1, why: 'real' });
    expect(judged(saying({ a: real, b: accepted }), steps)).toMatchObject({ verdict: 'breaks', step: 0, why: 'real' });
    const twice = { a: accepted, b: { broken: broken('again', 'y-argument') } };
    expect(judged(saying(twice), steps)).toMatchObject({ verdict: 'accepted', step: 0, acceptedBy: 'x-argument' });
  });

  it('leaves open what must come about in the end, as long as not all is quiet', () => {
    const end = { kind: 'finally', end: () => broken('too late') } as const;
    const steps = [stepOf('a'), stepOf('b')];
    expect(judged(saying({}, end), steps, false)).toMatchObject({
      verdict: 'unsettled',
      step: null,
      why: 'the run ends before all is quiet',
    });
    expect(judged(saying({}, end), steps, true)).toMatchObject({ verdict: 'breaks', step: 1, why: 'too late' });
    expect(judged(saying({ a: { broken: broken('seen') } }, end), steps, false)).toMatchObject({
      verdict: 'breaks',
      step: 0,
    });
    expect(judged(saying({}, { ...end, concerns: () => false }), steps, false)).toMatchObject({ verdict: 'breaks' });
    expect(judged(saying({}, { end: () => null }), steps, false)).toMatchObject({ verdict: 'holds' });
  });

  it('names the clauses that were off and would have refused or done something, up to the break', () => {
    const steps = [
      stepOf('a', clause('z', 'refuses', true), clause('y', 'not done', true), clause('in-force', 'refuses', false)),
      stepOf('b', clause('z', 'refuses', true), clause('permits', 'permits', true), clause('done', 'done', true)),
      stepOf('c', clause('later', 'refuses', true)),
    ];
    expect(judged(saying({ b: { broken: broken('w') } }), steps).missed).toEqual(['y', 'z']);
    expect(judged(saying({}), steps).missed).toEqual([]);
  });

  it('sees a step as it is, whatever it remembered of another run', () => {
    const shared = stepOf('a');
    const counting = saying({}, { end: (memory: Json) => (Number(memory) === 2 ? null : broken(`saw ${memory}`)) });
    expect(judged(counting, [shared, stepOf('b')]).verdict).toBe('holds');
    expect(judged(counting, [shared])).toMatchObject({ verdict: 'breaks', why: 'saw 1' });
    expect(judged(counting, [stepOf('c'), shared]).verdict).toBe('holds');
  });
});

describe('judges', () => {
  const before = stepOf('before');
  it('are all guarantees, or those asked for, and are decided once each has a break that stands', () => {
    expect(judging(stage, before).end(true).length).toBeGreaterThan(15);
    const two = judging(stage, before, ['secret-authenticity', 'secret-confidentiality']);
    expect([two.isDecided(), two.end(true).map(({ guarantee }) => guarantee)]).toEqual([
      false,
      ['secret-authenticity', 'secret-confidentiality'],
    ]);
    expect(judging(stage, before, []).isDecided()).toBe(false);
  });
});

describe('a witness', () => {
  const told: string[] = [];
  const witness = witnessOf(stage, () => void told.push('dials'));

  it('knows who is honest, whose is whose, and what was stolen', () => {
    const players = ['alice.phone', 'alice.laptop', 'mallory', 'alice.tablet', 'constructor.phone'];
    expect(players.map(witness.honest)).toEqual([true, false, false, true, false]);
    expect(players.map(witness.ownerOf)).toEqual(['alice', 'alice', null, 'alice', null]);
    expect(players.map(witness.stolen)).toEqual([false, true, false, false, false]);
    expect(players.map(witness.signedAtStart)).toEqual([true, true, false, false, false]);
    expect([witness.devicesOf('alice'), witness.devicesOf('mallory')]).toEqual([['alice.phone', 'alice.laptop'], []]);
    expect(told).toEqual([]);
  });

  it('says that it looked at dials where it did', () => {
    expect([
      witness.off('alice.phone', '4385-push-encrypted'),
      witness.off('alice.laptop', '4385-push-encrypted'),
    ]).toEqual([true, false]);
    expect([
      witness.implementsText('alice.phone', 'MSC4385'),
      witness.implementsText('alice.phone', 'MSC4153'),
    ]).toEqual([true, false]);
    expect(witness.implementsText('alice.phone', 'MSC9999')).toBe(false);
    expect(told).toHaveLength(5);
  });
});

describe('a story', () => {
  const world = begin(stage);
  const idle = (count: number): Step[] =>
    Array.from({ length: count }, (_, nth) => ({
      choice: { id: `sync:${nth % 2}`, who: nth % 2 === 0 ? 'alice.phone' : 'alice.laptop', sentence: 's' },
      moments: [],
    }));
  const outcome = (steps: readonly Step[]) =>
    outcomeOf(
      stage,
      steps.map((step) => ({ step, before: world })),
      world,
    );

  it('is endless when nobody acts for longer than any cast takes to rest, by the two who answer each other', () => {
    const most = restlessAfter(world);
    expect(outcome([stepOf('act'), ...idle(most - 1)]).endless).toBeNull();
    expect(outcome([stepOf('act'), ...idle(most)]).endless).toEqual({
      players: ['alice.phone', 'alice.laptop'],
      step: most,
    });
    expect(outcome([...idle(most - 1), stepOf('act'), ...idle(most - 1)]).endless).toBeNull();
    expect(outcome([...idle(most - 1), stepOf('wake:0'), ...idle(most - 1)]).endless).toBeNull();
  });
});
