import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/types.ts';
import { knowledgeOf } from '../figures/knowledge.ts';
import { rowsOf } from '../figures/rows.ts';
import { planted, refused } from '../planted-key-testing.ts';
import { told } from '../story-testing.ts';
import { type Belief, beliefsAt, beliefsOf } from './beliefs.ts';
import { forkOf } from './fork.ts';
import { type KnowsNode, knowledgeTrees } from './knowledge-tree.ts';
import { stoppedWords } from './stopped-words.ts';

const held = (run: Run, step: number, device: string): readonly Belief[] =>
  beliefsAt(beliefsOf(run), step).filter((one) => one.device === device);

describe('what devices hold', () => {
  it('is told with how it came, on whose word and past which clauses', () => {
    const last = planted.steps.length - 1;
    const [key] = held(planted, last, 'alice.phone').filter(({ what }) => what.startsWith('the backup key'));
    expect(key).toMatchObject({ how: 'pushed', from: 'Mallory’s tablet', step: 7, until: null });
    expect(key?.checkedBy).toContain('4385-push-same-user');
    expect(key?.checkedBy).toContain('spec-olm-sender');
    // It is off: what is not asked has checked nothing.
    expect(key?.checkedBy).not.toContain('4385-push-cross-signed-only');
  });

  it('is on nobody’s word where it was made here', () => {
    const [key] = held(planted, 0, 'alice.laptop').filter(({ what }) => what.startsWith('the backup key'));
    expect(key).toMatchObject({ how: 'made here', from: null });
  });

  it('follows the step: what is replaced is held until then', () => {
    const keys = (step: number): readonly string[] =>
      held(planted, step, 'alice.phone').flatMap(({ what, from }) =>
        what.startsWith('the backup key') ? [String(from)] : [],
      );
    expect(keys(0)).toEqual([]);
    expect(keys(6)).toEqual(['Alice’s laptop']);
    expect(keys(7)).toEqual(['Mallory’s tablet']);
  });

  it('tells room keys by who sent them, and bundles by whose word they are', () => {
    const run = told(
      [
        'servers: [example.org]',
        'users:',
        '  alice: { server: example.org, devices: [phone] }',
        '  bob: { server: example.org, devices: [phone] }',
        '  carol: { server: example.org, devices: [phone] }',
        'rooms:',
        '  den: { history: shared, members: [alice, carol] }',
      ],
      [
        'carol: { send: hello, in: den }',
        'everyone: settle',
        'alice: { invite: bob, to: den }',
        'everyone: settle',
        'bob: { join: den }',
        'everyone: settle',
      ],
    );
    const last = run.steps.length - 1;
    const of = (device: string) => held(run, last, device).filter(({ what }) => what.startsWith('room key'));
    expect(of('carol.phone')).toMatchObject([{ how: 'made here', from: null }]);
    expect(of('alice.phone')).toMatchObject([{ how: 'sent by its maker', from: 'Carol’s phone' }]);
    expect(of('bob.phone')).toMatchObject([{ how: 'in a bundle', from: 'Alice' }]);
  });
});

describe('what an attacker knows, as trees', () => {
  const facts = knowledgeOf(planted).filter(({ player }) => player === 'mallory');
  const below = ({ fact, from }: KnowsNode): readonly (typeof fact)[] => [fact, ...from.flatMap(below)];

  it('has every fact, each with what it follows from below it', () => {
    const trees = knowledgeTrees(facts);
    expect(facts.length).toBeGreaterThan(1);
    expect(new Set(trees.flatMap(below))).toEqual(new Set(facts));
    for (const tree of trees) {
      const check = ({ fact, from, isAgain }: KnowsNode): void => {
        if (!isAgain) expect(from.length).toBeLessThanOrEqual(fact.from.length);
        for (const source of from) {
          expect(facts.indexOf(source.fact)).toBeLessThan(facts.indexOf(fact));
          check(source);
        }
      };
      check(tree);
    }
    expect(trees.some(({ from }) => from.length > 0)).toBe(true);
  });

  it('does not go round where two things are said to follow from each other', () => {
    const one = { player: 'm', step: 0, by: 'saw', text: '', term: '' } as const;
    const a = { ...one, what: 'A', from: [{ what: 'B', step: 0 }] };
    const b = { ...one, what: 'B', from: [{ what: 'A', step: 0 }] };
    const c = {
      ...one,
      what: 'C',
      from: [
        { what: 'B', step: 0 },
        { what: 'A', step: 0 },
      ],
    };
    expect(knowledgeTrees([a, b, c])).toEqual([
      {
        fact: c,
        isAgain: false,
        from: [
          { fact: b, isAgain: false, from: [{ fact: a, from: [], isAgain: false }] },
          { fact: a, from: [], isAgain: true },
        ],
      },
    ]);
  });
});

describe('a fork', () => {
  const { stem, decision, ends } = forkOf(refused, planted);

  it('has what both runs share once, up to the step that is otherwise', () => {
    expect(stem.steps).toBe(7);
    expect(ends.map(({ rows }) => rows[0]?.step)).toEqual([7, 7]);
    expect(stem.rows.length + ends[0].rows.length).toBe(rowsOf(refused).rows.length);
    expect(stem.rows.length + ends[1].rows.length).toBe(rowsOf(planted).rows.length);
  });

  it('says what is decided, and how each end ends', () => {
    expect(decision).toEqual({ what: '“Only take pushes from cross-signed devices”', ends: ['in force', 'off'] });
    expect(forkOf(planted, refused).decision.ends).toEqual(['off', 'in force']);
    expect(ends.map(({ judgements }) => judgements.map(({ verdict }) => verdict))).toEqual([
      ['holds', 'holds', 'holds', 'holds', 'holds'],
      ['breaks', 'breaks', 'breaks', 'unsettled', 'accepted'],
    ]);
  });
});

it('says where no clause is seen to decide that none of the guarantees asked about breaks, and nothing of others', () => {
  expect(stoppedWords({ is: 'not seen', runs: 2 }).text).toBe(
    'no clause is seen to decide: none of the guarantees asked about here breaks in both runs here',
  );
});
