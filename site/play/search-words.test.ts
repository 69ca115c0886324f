/** A search says that it saw every world only where it did, and what holds says what was not tried. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { endWords, holdsWords, triedOf } from './search-words.ts';
import { answerOf, beginSearching, type ExploreAnswered } from './searching.ts';

const searched = (
  id: string,
  guarantees: readonly GuaranteeId[] | null = null,
  worlds: number | null = null,
): ExploreAnswered => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  const asked = { scenario: parsed.scenario, turns: [], guarantees, depth: null, worlds };
  const search = beginSearching(asked);
  while (!search.advance(512));
  return answerOf(search, asked);
};

it('says that it ended as nothing was left to break, where there are more worlds than it saw', () => {
  const broken = searched('play/history-went-to-every-device');
  const whole = searched('play/history-went-to-every-device', ['history-liveness']);
  expect(broken.limit).toBeNull();
  expect(broken.worlds).toBeLessThan(whole.worlds);
  expect(endWords(broken)).toMatch(/^29 worlds, depth 2: until nothing was left to break; there may be more worlds \(/);
  expect(endWords(whole)).toMatch(/^234 worlds, depth \d+: every world there is \(the bounds were at most /);
});

it('says what was tried and what was not where something holds, and nothing of it elsewhere', () => {
  const [tried, not, ...more] = triedOf(searched('play/history-went-to-every-device', ['history-liveness']));
  expect(tried).toMatch(/^Tried: .+\.$/);
  expect(not).toMatch(/^Not tried: attackers: .*stolen-token.*; faults: .*restart.*\.$/);
  expect(more).toEqual([]);
  expect(triedOf(searched('play/history-went-to-every-device'))).toEqual([]);
});

it('says by which bound it was cut short', () => {
  const cut = searched('arenas/a-stolen-token', null, 20);
  expect(endWords(cut)).toContain(': cut short by the bound of worlds (');
  expect(triedOf(cut)).toEqual([]);
});

it('says of what holds whether its shadow happened in any world', () => {
  const ground = 'play/history-went-to-every-device';
  const [idle] = searched(ground, ['history-liveness']).found;
  const [tried] = searched(ground, ['notice-truth']).found;
  if (idle === undefined || tried === undefined) throw new Error('nothing was looked for');
  expect([idle.verdict, tried.verdict]).toEqual(['holds', 'holds']);
  expect(holdsWords(idle, 234)).toBe('holds in all 234 worlds, but its shadow never happened');
  expect(holdsWords(tried, 234)).toBe('holds in all 234 worlds');
});
