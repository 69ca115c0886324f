/** Attackers as a file writes them: sloppy clients, lies to one device, content that is JSON. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../machines/json.ts';
import { unplaced } from '../engine/testing.ts';
import type { Scenario } from '../engine/types.ts';
import { runStory } from '../runs/run.ts';
import { completions } from './completions.ts';
import { parseScenario } from './parse.ts';
import { printScenario } from './print.ts';

const file = (attackers: string, story: string, settings = ''): string => `title: A claim
about: [MSC4385]
why: Because.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop, tablet] }
  attackers:
${attackers}
${settings}
story:
${story}
expect:
  secret-confidentiality: holds
`;
const resets = '  - alice.tablet: reset backup\n  - everyone: settle';
const sloppy = (more = ', skips: [4385-push-encrypted]', of = 'alice.tablet') =>
  `    careless: { plays: sloppy-client, of: ${of}${more} }`;
const scenarioOf = (text: string): Scenario => {
  const parsed = parseScenario(text, 'test');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const errorOf = (text: string) => {
  const parsed = parseScenario(text, 'test');
  if (parsed.ok || parsed.errors.length !== 1) throw new Error(`one error expected: ${JSON.stringify(parsed)}`);
  return parsed.errors[0];
};

describe('a sloppy client', () => {
  const scenario = scenarioOf(file(sloppy(), resets));

  it('runs without the clauses it skips, and nobody else does', () => {
    expect(scenario.settings.byDevice['alice.tablet']?.off).toEqual(['4385-push-encrypted']);
    expect(Object.keys(scenario.settings.byDevice)).toEqual(['alice.tablet']);
    expect(scenario.settings.everyone.off).toEqual([]);
  });

  it('has what its settings say besides', () => {
    const settings = 'dials: { off: { alice.tablet: [4385-push-may-filter] }, readings: { alice.tablet: { q07: B } } }';
    const own = scenarioOf(file(sloppy(), resets, settings)).settings.byDevice['alice.tablet'];
    expect([own?.off, own?.readings]).toEqual([['4385-push-encrypted', '4385-push-may-filter'], { q07: 'B' }]);
  });

  it('may be all clients of a user', () => {
    const { byDevice } = scenarioOf(file(sloppy(undefined, 'alice'), resets)).settings;
    expect(Object.keys(byDevice)).toEqual(['alice.phone', 'alice.laptop', 'alice.tablet']);
  });

  it('is an honest device to everybody: drawn as its user’s, and what it breaks is broken at it', () => {
    const run = runStory(scenario, { suite: 'symbolic' });
    expect(run.players.map(({ id, kind }) => [id, kind])).not.toContainEqual(['careless', 'attacker']);
    expect(run.players.find(({ id }) => id === 'alice.tablet')?.kind).toBe('device');
    const judged = run.judgements.find(({ guarantee }) => guarantee === 'secret-confidentiality');
    expect([judged?.verdict, judged?.at, judged?.missed]).toEqual(['breaks', 'alice.tablet', ['4385-push-encrypted']]);
  });

  it('reads back as it is printed, with what it skips in one place', () => {
    const text = printScenario(scenario);
    const again = parseScenario(text, 'test');
    expect(again.ok && unplaced(again.scenario)).toEqual(unplaced(scenario));
    expect(text.split('4385-push-encrypted')).toHaveLength(2);
  });

  it.each([
    ['an unknown clause', sloppy(', skips: [4385-push-encrytped]'), '4385-push-encrypted'],
    ['nothing skipped', sloppy(''), null],
    ['somebody else who skips', '    m: { plays: stolen-token, of: alice, skips: [4385-push-encrypted] }', null],
  ])('is said plainly when it is wrong: %s', (_what, attackers, nearest) => {
    const error = errorOf(file(attackers, resets));
    expect(error?.nearest).toBe(nearest);
    expect(error?.message).toMatch(/is not a clause|skips nothing|skips no clauses/);
  });

  it('is completed: the field, and the clauses', () => {
    const at = (text: string) => completions(text.replace('|', ''), text.indexOf('|')).map(({ label }) => label);
    expect(at(file(sloppy(', sk|'), resets))).toEqual(['skips']);
    expect(at(file(sloppy(', skips: [4385-push-encr|'), resets))).toEqual(['4385-push-encrypted']);
  });
});

describe('a lie in a story', () => {
  const eve = '    eve: { plays: lying-server, of: example.org }';
  const told = (line: string) => parseScenario(file(eve, `  - eve: { ${line} }`), 'test');

  it.each([
    'hide device: alice.tablet, from: alice.laptop',
    'show device: alice.tablet, to: alice.laptop',
    'swap identity: alice, for: alice.phone',
    'swap one-time key: alice.phone, for: alice.laptop, by: copy',
    'add device: ghost, to: alice, only: alice.phone',
    'hold back: alice.phone',
    'release: alice.phone',
    'show entries: none, to: alice.phone',
    `show account data: m.key_backup, to: alice.phone, content: '{"enabled": false}'`,
    'show account data: m.key_backup, to: alice.phone',
    'tell the truth: alice.phone',
    'create backup: mine, of: alice, signed by: master',
    'fail: sendToDevice, for: alice.phone',
  ])('can be %s', (line) => {
    expect(told(line)).toMatchObject({ ok: true });
    expect(parse(`{ ${line} }`) as Json).toBeTypeOf('object');
  });

  it.each([
    ['show account data: m.key_backup, to: alice.phone, content: "[1]"', 'is no JSON object'],
    ['show account data: m.key_backup, to: alice.phone, content: "{"', 'is no JSON object'],
    ['show entries: some, to: alice.phone', 'is not a value for this'],
    ['hide device: alice.tablet', '“hide device” has no “from”'],
  ])('is said plainly when it is wrong: %s', (line, message) => {
    expect(errorOf(file(eve, `  - eve: { ${line} }`))?.message).toContain(message);
  });

  it('is not told by whoever only listens', () => {
    const listener = eve.replace('lying-server', 'eavesdropper');
    expect(errorOf(file(listener, '  - eve: { drop: alice.phone }'))?.message).toContain('does not “drop”');
    expect(parseScenario(file(listener, '  - eve: { hold back: alice.phone }'), 'test')).toMatchObject({ ok: true });
  });
});
