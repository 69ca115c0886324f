/** What free play leaves to an attacker: how many moves, and which; and whether a story comes first. */
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/types.ts';
import { completions } from './completions.ts';
import { parseScenario } from './parse.ts';
import { printScenario } from './print.ts';

const fileOf = (budget: string, explore = 'until: { depth: 9, worlds: 99 }'): string => `title: A claim
about: [MSC4385]
why: Because.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
  attackers:
    eve: { plays: lying-server, of: example.org, budget: ${budget} }
explore: { ${explore} }
expect:
  secret-authenticity: holds
`;
const scenarioOf = (text: string): Scenario => {
  const parsed = parseScenario(text, 'test/one');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const budgetOf = (text: string) => scenarioOf(fileOf(text)).cast.attackers[0]?.budget;
const mistakesIn = (text: string): readonly (readonly [string, string | null])[] => {
  const parsed = parseScenario(text, 'test/one');
  return parsed.ok ? [] : parsed.errors.map(({ message, nearest }) => [message, nearest]);
};
const budgets = [
  '{ moves: 2 }',
  '{ moves: 2, add device: 1 }',
  '{ moves: 2, never: [drop, replay] }',
  '{ moves: 2, also: [hide device] }',
  '{ moves: 2, never: [drop], also: [hide device, show entries] }',
  '{ moves: 3, only: [add device, hide device] }',
  '{ moves: 1, only: [point], also: [point] }',
  '{ moves: 1, only: [] }',
] as const;

describe('the budget of an attacker', () => {
  it('leaves out what it never does, and brings in what it does only where it is told to', () => {
    expect(budgetOf('{ moves: 2, never: [drop], also: [hide device] }')).toEqual({
      moves: 2,
      drop: 0,
      'hide device': 2,
    });
  });

  it('may name the only moves: all others that it makes by itself are left out, of those named none is held to a number', () => {
    const budget = budgetOf('{ moves: 3, only: [add device, hide device] }') ?? {};
    expect(budget).toMatchObject({ moves: 3, 'hide device': 3, drop: 0, 'swap identity': 0, 'forge membership': 0 });
    expect(Object.keys(budget)).not.toContain('add device');
    expect(Object.values(budgetOf('{ moves: 1, only: [] }') ?? {}).filter((count) => count > 0)).toEqual([1]);
  });

  it('counts a move as it is told to, whatever list brings it in', () => {
    expect(budgetOf('{ moves: 5, also: [hide device], hide device: 1 }')).toEqual({ moves: 5, 'hide device': 1 });
    expect(budgetOf('{ moves: 5, only: [drop], drop: 1 }')).toMatchObject({ moves: 5, drop: 1, replay: 0 });
  });

  it.each(budgets)('reads back as the same when it is printed: %s', (text) => {
    const scenario = scenarioOf(fileOf(text));
    expect(scenarioOf(printScenario(scenario)).cast).toEqual(scenario.cast);
  });

  it.each([
    ['a move that is none', '{ moves: 2, never: [dorp] }', '“dorp” is not a kind of move', 'drop'],
    ['a move of others', '{ moves: 2, only: [poison] }', '“poison” is not a kind of move', null],
    ['a list that is none', '{ moves: 2, nevr: [drop] }', '“nevr” is not a kind of move', 'never'],
    ['a move for a list', '{ moves: 2, never: drop }', 'a text stands here', null],
    ['a list without a number of moves', '{ never: [drop] }', 'a list of moves, and no number of them', null],
    [
      'a move that is made and never made',
      '{ moves: 2, only: [drop], never: [drop] }',
      '“drop” is among the moves it makes, and among those it never makes',
      null,
    ],
  ])('is refused with a reason: %s', (_what, text, message, nearest) => {
    expect(mistakesIn(fileOf(text))).toEqual([[message, nearest]]);
  });
});

describe('free play', () => {
  const play = (explore: string) => scenarioOf(fileOf('{ moves: 1 }', explore)).explore;

  it('may be an attacker’s alone, with nothing that people do', () => {
    expect(play('until: { depth: 9, worlds: 99 }')?.acts).toEqual([]);
  });

  it('may have its story told first', () => {
    expect(play('story first: true, until: { depth: 9, worlds: 99 }')).toHaveProperty('storyFirst', true);
    expect(play('story first: false, until: { depth: 9, worlds: 99 }')).not.toHaveProperty('storyFirst');
    const scenario = scenarioOf(fileOf('{ moves: 1 }', 'story first: true, until: { depth: 9, worlds: 99 }'));
    expect(scenarioOf(printScenario(scenario)).explore).toEqual(scenario.explore);
    expect(mistakesIn(fileOf('{ moves: 1 }', 'story first: 1, until: { depth: 9, worlds: 99 }'))).toHaveLength(1);
  });

  it.each([
    ['lists beside kinds of moves', 'budget: { moves: 2, ne', ['never']],
    ['moves of the role in a list', 'budget: { moves: 2, never: [swap i', ['swap identity']],
    ['what free play consists of', 'explore: { story', ['story first']],
  ])('is completed: %s', (_what, upTo, expected) => {
    const text = fileOf('{ moves: 2, never: [swap identity] }', 'story first: true, until: { depth: 9, worlds: 99 }');
    const offset = text.indexOf(upTo) + upTo.length;
    expect(
      completions(text, offset)
        .map(({ label }) => label)
        .slice(0, expected.length),
    ).toEqual(expected);
  });
});
