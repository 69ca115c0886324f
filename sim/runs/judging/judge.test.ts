/** What judges make of a run: which break counts, what is left open, and what was off on the way. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import type { Break } from '../../engine/breaks.ts';
import { aliceAndDevices } from '../../engine/testing.ts';
import type { CastAttacker, Moment, Step } from '../../engine/types.ts';
import { guarantees } from '../../guarantees/index.ts';
import type { Guarantee, Witness } from '../../guarantees/types.ts';
import { stageWith } from '../../verbs/port.ts';
import { judging, judgingOne, witnesses } from './judge.ts';

/** What the phone goes without after its update. */
const updatedOff = '4385-both-unsolicited-share';
const stage = stageWith(
  aliceAndDevices({
    devices: ['phone', 'laptop'],
    attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
    story: [[{ who: 'alice.phone', verb: 'stop keeping', args: { 'stop keeping': updatedOff } }]],
  }),
  { suite: makeSymbolicSuite('1'), turns: [{ turn: 'off', clause: '4385-push-encrypted', for: 'alice.phone' }] },
);
const stepOf = (id: string, ...moments: readonly Moment[]): Step => ({
  choice: { id, who: 'alice.phone', sentence: id, kind: 'play' },
  moments,
});
const broken = (why: string, acceptedBy: string | null = null): Break => ({
  at: 'alice.phone',
  about: null,
  why,
  acceptedBy,
});

const settled = { unrest: null, isCalm: () => true };

let made = 0;
/** A guarantee of its own name (judges remember what each makes of a step) that says of each step what stands here under its id. */
const saying = (
  said: Readonly<Record<string, { readonly broken?: Break; readonly shadow?: true }>>,
  more: Partial<Guarantee> = {},
): Guarantee =>
  ({
    id: `test ${made++}`,
    kind: 'always',
    accepts: ['x-argument', 'y-argument'],
    begin: 0,
    see: (memory: Json, { choice }: Step) => ({
      memory: Number(memory) + 1,
      breaks: [said[choice.id]?.broken ?? []].flat(),
      shadow: said[choice.id]?.shadow ?? false,
    }),
    ...more,
  }) as unknown as Guarantee;
const judged = (
  guarantee: Guarantee,
  steps: readonly Step[],
  unrest: string | null = null,
  calm: readonly number[] = [],
) => {
  const one = judgingOne(guarantee, 0, witnesses(stage));
  for (const step of steps) one.see(step);
  return one.end({ unrest, isCalm: (nth) => calm.includes(nth) });
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
      cause: null,
      certain: null,
      shadow: false,
    });
    expect(judged(saying({ a: { shadow: true } }), [stepOf('a'), stepOf('b')])).toMatchObject({
      verdict: 'holds',
      shadow: true,
    });
  });

  it('names the secrets of which the shadow happened, each once, and none where a guarantee does not go by secrets', () => {
    const of: Readonly<Record<string, readonly string[]>> = { a: ['m.one'], b: ['m.two', 'm.one'], d: ['m.two'] };
    const bySecret = saying(
      {},
      {
        see: (memory: Json, { choice: { id } }: Step) => ({
          memory,
          breaks: [],
          shadow: id in of,
          ...(of[id] && { shadowOf: of[id] }),
        }),
      },
    );
    const steps = ['a', 'b', 'c', 'd'].map((id) => stepOf(id));
    expect(judged(bySecret, steps).shadowOf).toEqual(['m.one', 'm.two']);
    expect(judged(bySecret, [stepOf('c')])).not.toHaveProperty('shadowOf');
  });

  it('goes by the first break, with its step', () => {
    const said = { b: { broken: broken('first') }, c: { broken: broken('second') } };
    expect(judged(saying(said), [stepOf('a'), stepOf('b'), stepOf('c')])).toMatchObject({
      verdict: 'breaks',
      cause: 1,
      certain: 1,
      at: 'alice.phone',
      why: 'first',
    });
  });

  it('does not let a break that a text accepts hide one that none does, and not the other way round', () => {
    const accepted = { broken: broken('conceded', 'x-argument') };
    const real = { broken: broken('real') };
    const steps = [stepOf('a'), stepOf('b')];
    expect(judged(saying({ a: accepted }), steps)).toMatchObject({
      verdict: 'accepted',
      acceptedBy: 'x-argument',
    });
    expect(judged(saying({ a: accepted, b: real }), steps)).toMatchObject({
      verdict: 'breaks',
      certain: 1,
      why: 'real',
    });
    expect(judged(saying({ a: real, b: accepted }), steps)).toMatchObject({
      verdict: 'breaks',
      certain: 0,
      why: 'real',
    });
    const twice = { a: accepted, b: { broken: broken('again', 'y-argument') } };
    expect(judged(saying(twice), steps)).toMatchObject({ verdict: 'accepted', certain: 0, acceptedBy: 'x-argument' });
  });

  it('leaves open what must come about in the end, as long as not all is quiet', () => {
    const end = { kind: 'finally', end: () => [broken('too late')] } as const;
    const steps = [stepOf('a'), stepOf('b')];
    expect(judged(saying({}, end), steps, 'somebody is away')).toMatchObject({
      verdict: 'unsettled',
      cause: null,
      certain: null,
      why: 'the run ends before all is quiet: somebody is away',
      missed: [],
    });
    expect(judged(saying({}, end), steps)).toMatchObject({ verdict: 'breaks', certain: 1, why: 'too late' });
    expect(judged(saying({ a: { broken: broken('seen') } }, end), steps, 'somebody is away')).toMatchObject({
      verdict: 'breaks',
      certain: 0,
    });
    expect(judged(saying({}, { ...end, concerns: () => false }), steps, 'somebody is away')).toMatchObject({
      verdict: 'breaks',
    });
    expect(judged(saying({}, { end: () => [] }), steps, 'somebody is away')).toMatchObject({ verdict: 'holds' });
  });

  it('tells all that broke, each once, with the step that did it and the one in which it was certain', () => {
    const at = (player: string, acceptedBy: string | null = null): Break => ({
      ...broken('w', acceptedBy),
      at: player,
    });
    const guarantee = saying({
      a: { broken: at('alice.phone', 'x-argument') },
      b: { broken: at('alice.laptop') },
      c: { broken: at('alice.laptop') },
    });
    const { breaks, ...more } = judged(guarantee, [stepOf('a'), stepOf('b'), stepOf('c')]);
    expect(more).toMatchObject({ verdict: 'breaks', cause: 1, certain: 1, at: 'alice.laptop' });
    expect(breaks).toEqual([
      { cause: 0, certain: 0, breaks: [at('alice.phone', 'x-argument')] },
      { cause: 1, certain: 1, breaks: [at('alice.laptop')] },
    ]);
    expect(judged(saying({}), [stepOf('a')]).breaks).toEqual([]);
  });

  it('finds in the end by which step it was done, and where nothing under way could mend it any more', () => {
    const late = saying({}, { kind: 'finally', end: (memory: Json) => (Number(memory) > 1 ? [broken('late')] : []) });
    const steps = ['a', 'b', 'c', 'd'].map((id) => stepOf(id));
    expect(judged(late, steps, null, [3])).toMatchObject({ verdict: 'breaks', cause: 1, certain: 3 });
    const still = saying(
      {},
      {
        kind: 'finally',
        see: (memory: Json, { choice }: Step) => ({
          memory: choice.id === 'b' ? 1 : memory,
          breaks: [],
          shadow: false,
        }),
        end: (memory: Json) => (memory === 1 ? [broken('late')] : []),
      },
    );
    expect(judged(still, steps, null, [0, 1, 2, 3])).toMatchObject({ cause: 1, certain: 1 });
    expect(judged(still, steps, null, [0, 2, 3])).toMatchObject({ cause: 1, certain: 2 });
  });

  it('asks nothing of the end where that is open, and tells what was seen all the same', () => {
    const end = { kind: 'finally', end: () => [{ ...broken('in the end'), at: null }] } as const;
    const seen = saying({ a: { broken: broken('seen', 'x-argument') } }, end);
    const steps = [stepOf('a')];
    expect(judged(seen, steps, 'somebody is away').breaks.flatMap(({ breaks }) => breaks)).toHaveLength(1);
    expect(judged(seen, steps)).toMatchObject({ verdict: 'breaks', why: 'in the end' });
    expect(judged(seen, []).verdict).toBe('breaks');
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

  it('takes a guarantee that accepts by a clause it has not declared for a bug, seen or found in the end', () => {
    const other = broken('conceded', '4268-flag-meaning');
    const seeing = saying({ b: { broken: other } });
    const ending = saying({}, { kind: 'finally', end: () => [broken('declared', 'x-argument'), other] });
    const says = (id: string) => `${id} accepts by 4268-flag-meaning: is it missing among`;
    expect(judged(seeing, [stepOf('a')]).verdict).toBe('holds');
    expect(() => judged(seeing, [stepOf('a'), stepOf('b')])).toThrow(says(seeing.id));
    expect(() => judged(ending, [stepOf('a')])).toThrow(says(ending.id));
    expect(judged(ending, [stepOf('a')], 'somebody is away').verdict).toBe('unsettled');
  });

  it('asks the end by what devices run after the last step, though nothing else changed', () => {
    const keeping = saying(
      {},
      {
        kind: 'finally',
        see: (memory: Json) => ({ memory, breaks: [], shadow: false }),
        end: (_: Json, { off }: Witness) => (off('alice.phone', updatedOff) ? [broken('off')] : []),
      },
    );
    const updated = stepOf('u', { kind: 'restarted', player: 'alice.phone', update: 0 });
    expect(judged(keeping, [stepOf('a')]).verdict).toBe('holds');
    expect(judged(keeping, [stepOf('a'), updated, stepOf('b')])).toMatchObject({ verdict: 'breaks', cause: 1 });
  });

  it('asks once what the end makes of a memory that many steps leave as it was', () => {
    const asked: Json[] = [];
    const still = saying(
      {},
      {
        kind: 'finally',
        see: (memory: Json, { choice }: Step) => ({
          memory: choice.id === 'makes' ? { of: 'it' } : memory,
          breaks: [],
          shadow: false,
        }),
        end: (memory: Json) => {
          asked.push(memory);
          return memory === 0 ? [] : [broken('late')];
        },
      },
    );
    const steps = ['a', 'b', 'makes', 'c', 'd', 'e'].map((id) => stepOf(id));
    expect(judged(still, steps)).toMatchObject({ verdict: 'breaks', cause: 2 });
    expect(asked).toEqual([{ of: 'it' }, 0]);
  });

  it('sees a step as it is, whatever it remembered of another run', () => {
    const shared = stepOf('a');
    const counting = saying({}, { end: (memory: Json) => (Number(memory) === 2 ? [] : [broken(`saw ${memory}`)]) });
    expect(judged(counting, [shared, stepOf('b')]).verdict).toBe('holds');
    expect(judged(counting, [shared])).toMatchObject({ verdict: 'breaks', why: 'saw 1' });
    expect(judged(counting, [stepOf('c'), shared]).verdict).toBe('holds');
  });
});

describe('judges', () => {
  const before = stepOf('before');
  it('are those that are given, in their order', () => {
    const given = guarantees.slice(0, 2).toReversed();
    expect(
      judging(given, stage, before)
        .end(settled)
        .map(({ guarantee }) => guarantee),
    ).toEqual(['secret-confidentiality', 'secret-authenticity']);
    expect(judging([], stage, before).end(settled)).toEqual([]);
  });
});

describe('what a guarantee makes of a step', () => {
  const thief = (of: string): CastAttacker => ({
    name: 'mallory',
    plays: 'stolen-device',
    of,
    budget: {},
    colludes: [],
  });
  const reader: CastAttacker = { ...thief('alice'), name: 'trudy', plays: 'stolen-token' };
  const staged = (attackers: readonly CastAttacker[], off: readonly string[] = [], devices = ['phone', 'laptop']) =>
    stageWith(aliceAndDevices({ devices, attackers }), {
      suite: stage.suite,
      turns: off.map((name) => ({ turn: 'off', clause: name, for: 'alice.phone' }) as const),
    });
  /** A guarantee that remembers what it is told by the witness, says it in the end, and counts how often it looked. */
  const asking = (ask: (witness: Witness) => Json) => {
    const looked: string[] = [];
    const guarantee = saying(
      {},
      {
        see: (memory: Json, { choice }: Step, witness: Witness) => {
          looked.push(choice.id);
          return { memory: `${String(memory)} ${String(ask(witness))}`, breaks: [], shadow: false };
        },
        end: (memory: Json) => [broken(String(memory))],
      },
    );
    return { guarantee, looked };
  };
  const whyOf = (guarantee: Guarantee, on: typeof stage, before: Step, ...steps: readonly Step[]) => {
    const all = judging([guarantee], on, before);
    for (const one of steps) all.see(one);
    return all.end(settled)[0]?.why;
  };
  const laptop = staged([thief('alice.laptop')]);

  it('before the story is worked out once for all runs that share it and the cast’s people', () => {
    const { guarantee, looked } = asking(({ stolen }) => stolen('alice.laptop'));
    const [before, shared] = [stepOf('before'), stepOf('shared')];
    const turned = staged([{ ...thief('alice.laptop'), budget: { moves: 1 } }], ['4385-push-encrypted']);
    for (const on of [laptop, laptop, turned]) expect(whyOf(guarantee, on, before, shared)).toBe('0 true true');
    expect(looked).toEqual(['before', 'shared', 'shared', 'shared']);
  });

  it('before the story is its own for each cast', () => {
    const before = stepOf('before');
    const { guarantee } = asking(({ stolen }) => stolen('alice.laptop'));
    expect([
      whyOf(guarantee, laptop, before),
      whyOf(guarantee, staged([thief('alice.phone')]), before),
      whyOf(guarantee, staged([{ ...reader, of: 'alice.laptop' }]), before),
    ]).toEqual(['0 true', '0 false', '0 false']);
    // Whose account it is depends on all who have one, be they thieves or not.
    const { guarantee: naming } = asking(({ personOf }) => personOf('@trudy:example.org'));
    const [whileStill, shared] = [stepOf('before'), stepOf('shared')];
    expect([
      whyOf(naming, laptop, whileStill, shared),
      whyOf(naming, staged([thief('alice.laptop'), reader]), whileStill, shared),
    ]).toEqual(['0 null null', '0 trudy trudy']);
    const { guarantee: listing } = asking(({ devicesOf }) => devicesOf('alice').length);
    expect([
      whyOf(listing, laptop, before),
      whyOf(listing, staged([thief('alice.laptop')], [], ['phone', 'laptop', 'tablet']), before),
    ]).toEqual(['0 2', '0 3']);
  });

  it('is its own for each run where it asks after settings', () => {
    const { guarantee, looked } = asking(({ off }) => off('alice.phone', '4385-push-encrypted'));
    const [before, shared] = [stepOf('before'), stepOf('shared')];
    const turned = staged([thief('alice.laptop')], ['4385-push-encrypted']);
    expect(whyOf(guarantee, laptop, before, shared)).toBe('0 false false');
    expect(whyOf(guarantee, turned, before, shared)).toBe('0 true true');
    expect(looked).toHaveLength(4);
    // The same memory of what was before, and yet another answer.
    const { guarantee: forgetful } = asking(({ off }) => off('alice.phone', '4385-push-encrypted'));
    const whyAlone = (on: typeof stage) => {
      const one = judgingOne(forgetful, 'x', witnesses(on));
      one.see(shared);
      return one.end(settled).why;
    };
    expect([whyAlone(laptop), whyAlone(turned)]).toEqual(['x false', 'x true']);
  });

  it('before the story is looked at again only where it depends on settings', () => {
    const looksTwice = (ask: (witness: Witness) => Json) => {
      const { guarantee, looked } = asking(ask);
      const before = stepOf('before');
      for (const on of [laptop, laptop]) whyOf(guarantee, on, before);
      return looked.length === 2;
    };
    expect([
      looksTwice(({ honest }) => honest('alice.phone')),
      looksTwice(({ off }) => off('alice.phone', 'x')),
      looksTwice(({ isMeantBy }) => isMeantBy('alice.phone', 'x')),
      looksTwice(({ option }) => option('alice.phone', 'x') ?? null),
      looksTwice(({ devicesOf }) => devicesOf('alice').length),
    ]).toEqual([false, true, true, true, false]);
  });
});
