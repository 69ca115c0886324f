import { describe, expect, it } from 'vitest';
import type { Break } from '../engine/breaks.ts';
import type { Expectation, Judgement } from '../engine/types.ts';
import { runStories } from '../runs/run.ts';
import { checkClaims, expectedOf } from './claims.ts';
import { completions } from './completions.ts';
import { parseScenario } from './parse.ts';
import { printScenario } from './print.ts';

const backup = 'm.megolm_backup.v1';
const master = 'm.cross_signing.master';
const file = (claims: string, without = '') => `title: One secret of many
about: [MSC4385]
why: because
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
story:
  - alice.laptop: { enter secret: org.example.diary, value: known }
  - everyone: settle
expect:
  secret-convergence: ${claims}
${without}`;
const read = (text: string) => {
  const parsed = parseScenario(text, 'one');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const errorsOf = (text: string) => {
  const parsed = parseScenario(text, 'one');
  return parsed.ok ? [] : parsed.errors.map(({ message, expected, nearest }) => ({ message, expected, nearest }));
};

const broken = (at: string, name: string, acceptedBy: string | null = null): Break => ({
  at,
  about: { is: 'secret', user: 'alice', name },
  why: `${at} lacks ${name}`,
  acceptedBy,
});
const judged = (...breaks: readonly Break[]): Judgement => ({
  guarantee: 'secret-convergence',
  verdict: breaks.some(({ acceptedBy }) => acceptedBy === null) ? 'breaks' : 'accepted',
  cause: 1,
  certain: 2,
  breaks: [{ cause: 1, certain: 2, breaks }],
  at: breaks[0]?.at ?? null,
  why: breaks[0]?.why ?? null,
  missed: [],
  acceptedBy: breaks[0]?.acceptedBy ?? null,
  shadow: true,
});
const claim = (more: Partial<Expectation>): Expectation => ({
  guarantee: 'secret-convergence',
  verdict: 'holds',
  at: null,
  by: null,
  shadow: 'happens',
  ...more,
});
const wrongs = (judgement: Judgement, ...claims: readonly Expectation[]) =>
  checkClaims(claims, [judgement]).map(({ wrong }) => wrong);

describe('a claim about one secret', () => {
  it('is read, alone and in a list, and printed as it was', () => {
    const one = read(file(`{ breaks: alice.phone, of: ${backup} }`));
    expect(one.expect).toEqual([claim({ verdict: 'breaks', at: 'alice.phone', of: backup })]);
    const many = read(file(`[{ holds: true, of: ${backup}, shadow: never }, { breaks: true, of: ${master} }]`));
    expect(many.expect).toEqual([claim({ of: backup, shadow: 'never' }), claim({ verdict: 'breaks', of: master })]);
    for (const scenario of [one, many]) expect(read(printScenario(scenario)).expect).toEqual(scenario.expect);
  });

  it('can be about a secret that only the story names', () => {
    expect(read(file('{ holds: true, of: org.example.diary }')).expect[0]?.of).toBe('org.example.diary');
  });

  it('offers the nearest name for a secret that there is not', () => {
    expect(errorsOf(file('{ breaks: true, of: m.megolm_backup.v2 }'))).toMatchObject([
      { message: '“m.megolm_backup.v2” is not a secret', nearest: backup },
    ]);
  });

  it('is made of guarantees alone that are judged secret by secret', () => {
    const text = file('holds').replace('secret-convergence: holds', `data-durability: { holds: true, of: ${backup} }`);
    expect(errorsOf(text)).toMatchObject([{ message: '“data-durability” is not judged secret by secret' }]);
  });

  it('holds of an empty world where its shadow is that of another secret', () => {
    const scenario = read(file('holds').replace('{ enter secret: org.example.diary, value: known }', 'reset backup'));
    const { judgements } = runStories(scenario, [], { suite: 'symbolic' }).story;
    const wrong = (of: string) => checkClaims([claim({ of })], judgements)[0]?.wrong;
    expect(wrong(backup)).toBeNull();
    expect(wrong(master)).toMatch(/^its shadow never happened/);
  });

  it('is accepted by no clause that concedes nothing of that guarantee', () => {
    expect(errorsOf(file('{ accepted: 4147-stolen-device }'))).toMatchObject([
      {
        message: '“secret-convergence” is never accepted so',
        expected:
          'secret-convergence accepts by: 4385-push-legacy-wasted, 4385-send-legacy-wasted, 4385-push-may-prompt, 4385-send-may-prompt',
      },
    ]);
    expect(errorsOf(file('{ accepted: 4385-push-may-prompt }'))).toEqual([]);
    expect(errorsOf(file('accepted'))).toEqual([]);
    const never = (claims: string) => file('holds').replace('secret-convergence: holds', `room-scoping: ${claims}`);
    for (const claims of ['accepted', '{ accepted: true }', '{ accepted: 4385-push-may-prompt }'])
      expect(errorsOf(never(claims))).toMatchObject([{ expected: 'room-scoping accepts by: no clause' }]);
  });

  it('stands once for each secret', () => {
    const twice = `[{ holds: true, of: ${backup} }, { breaks: true, of: ${backup} }]`;
    expect(errorsOf(file(twice))).toMatchObject([{ message: 'two claims about the same' }]);
    expect(errorsOf(file('[]'))).toMatchObject([{ message: 'nothing is expected of it' }]);
  });

  it('is changed by a turned setting for that secret, and the others stay', () => {
    const scenario = read(
      file(
        `[{ holds: true, of: ${backup} }, { breaks: true, of: ${master} }]`,
        `without:\n  4385-push-encrypted:\n    secret-convergence: { breaks: alice.phone, of: ${backup} }\n`,
      ),
    );
    expect(expectedOf(scenario, scenario.without[0] ?? null)).toEqual([
      claim({ verdict: 'breaks', at: 'alice.phone', of: backup }),
      claim({ verdict: 'breaks', of: master }),
    ]);
  });

  it('takes the place of one about all secrets, and one about all that of those about one', () => {
    const turned = (base: string, changed: string) => {
      const scenario = read(file(base, `without:\n  4385-push-encrypted:\n    secret-convergence: ${changed}\n`));
      return expectedOf(scenario, scenario.without[0] ?? null);
    };
    expect(turned('holds', `{ breaks: true, of: ${backup} }`)).toEqual([claim({ verdict: 'breaks', of: backup })]);
    expect(turned(`{ holds: true, of: ${backup} }`, 'breaks')).toEqual([claim({ verdict: 'breaks' })]);
  });

  it('is completed', () => {
    const text = file(`{ breaks: alice.phone, of: `);
    const at = text.indexOf('of: ', text.indexOf('expect:')) + 4;
    expect(completions(text, at).map(({ label }) => label)).toContain(backup);
  });

  it('asks for what broke about that secret, whatever broke first', () => {
    const both = judged(broken('alice.laptop', master), broken('alice.phone', backup));
    expect(wrongs(both, claim({ verdict: 'breaks', at: 'alice.phone', of: backup }))).toEqual([null]);
    expect(wrongs(both, claim({ verdict: 'breaks', at: 'alice.laptop', of: backup }))).toEqual([
      'expected at alice.laptop, found at alice.phone',
    ]);
    expect(wrongs(judged(broken('alice.laptop', master)), claim({ of: backup }))).toEqual([null]);
    expect(wrongs(judged(broken('alice.laptop', master)), claim({ of: master }))).toEqual([
      'holds expected, breaks found',
    ]);
  });

  it('is accepted where that secret alone is, though another breaks', () => {
    const clause = '4385-push-legacy-wasted';
    const both = judged(broken('alice.laptop', master), broken('alice.phone', backup, clause));
    expect(wrongs(both, claim({ verdict: 'accepted', by: clause, of: backup }))).toEqual([null]);
    expect(wrongs(both, claim({ verdict: 'accepted', by: clause }))).toEqual(['accepted expected, breaks found']);
  });

  it('is unsettled where the whole is, and nothing broke about it', () => {
    const open: Judgement = { ...judged(), verdict: 'unsettled', breaks: [] };
    expect(wrongs(open, claim({ of: backup }))).toEqual(['holds expected, unsettled found']);
  });
});

describe('a claim that says at whom', () => {
  it('is right where one of several that broke is that one', () => {
    const both = judged(broken('alice.laptop', master), broken('alice.phone', backup));
    expect(wrongs(both, claim({ verdict: 'breaks', at: 'alice.phone' }))).toEqual([null]);
  });

  it('is wrong where it broke there with the leave of a text, and elsewhere without', () => {
    const both = judged(broken('alice.laptop', master), broken('alice.phone', backup, '4385-push-legacy-wasted'));
    expect(wrongs(both, claim({ verdict: 'breaks', at: 'alice.phone' }))).toEqual([
      'expected at alice.phone, found at alice.laptop',
    ]);
  });
});
