/** The fewest clauses that keep a story, and which stories can be defended. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { forgettable, spokenIn } from '../spoken.ts';
import { type LeastProgress, least } from '../worker/answers/least.ts';
import { keptWords } from './came-words.ts';
import { withoutOthers } from './sets.ts';
import { defended } from './told-clauses.ts';

const scenarioAt = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  return parsed.scenario;
};
const planted = scenarioAt('secret-push/a-stolen-token-cannot-plant-a-backup-key');
const turnedTo =
  (scenario: Scenario) =>
  (turns: readonly Turn[]): Run =>
    inQuestion(runStory(scenario, { turns, suite: 'symbolic' }));

describe('the fewest clauses', () => {
  it('are sets with which nothing breaks, where something does with each that is smaller', async () => {
    const clauses = ['4385-push-cross-signed-only', '4385-push-reject-plaintext'];
    const told: LeastProgress[] = [];
    const desk = { report: (one: LeastProgress) => void told.push(one), isWanted: async () => true };
    const { sets, tried } = await least({ scenario: planted, clauses }, desk);
    expect(sets.length).toBeGreaterThan(0);
    expect(told.map((one) => one.tried)).toEqual(Array.from({ length: tried }, (_, nth) => nth + 1));
    const breaks = (on: readonly string[]): boolean =>
      runStory(planted, { turns: withoutOthers(clauses, on) }).judgements.some(({ verdict }) => verdict === 'breaks');
    for (const set of sets) {
      expect(breaks(set)).toBe(false);
      for (const one of set) expect(breaks(set.filter((other) => other !== one))).toBe(true);
    }
  });

  it('are told of with the guarantees asked about, by name, and not of what nobody judged', () => {
    const letter = scenarioAt('specification/a-letter-to-somebody-else-is-not-read');
    const clauses = ['spec-olm-recipient', 'spec-olm-recipient-keys'];
    const all = letter.without
      .flatMap(({ turns }) => turns)
      .flatMap((turn) => (turn.turn === 'off' ? [turn.clause] : []));
    const turns = withoutOthers([...new Set(all)], clauses);
    const run = runStory(letter, { turns });
    expect(run.judgements.find(({ guarantee }) => guarantee === 'device-authenticity')?.verdict).toBe('breaks');
    const asked = inQuestion(run).judgements.map(({ guarantee, verdict }) => ({ name: guarantee, verdict }));
    expect(asked.map(({ verdict }) => verdict)).not.toContain('breaks');
    const { tone, words } = keptWords(asked, clauses.length);
    expect(tone).toBe('ok');
    expect(words).toMatch(/^✓ None of the guarantees asked about here breaks, with 2 clauses kept: “/);
    for (const { name } of asked) expect(words).toContain(`“${name}”`);
    expect(words).not.toContain('device-authenticity');
  });

  it('say which guarantee breaks, and of one that breaks as the text accepts that it does', () => {
    const broken = { name: 'A', verdict: 'breaks' } as const;
    const owned = { name: 'B', verdict: 'accepted' } as const;
    expect(keptWords([broken, owned], 1)).toEqual({ tone: 'bad', words: '✕ “A” breaks.' });
    expect(keptWords([{ name: 'A', verdict: 'holds' }, owned], 1).words).toBe(
      '✓ None of the guarantees asked about here breaks but for what the text accepts (“B”), with 1 clause kept: “A”.',
    );
  });

  it('are given up where nobody waits for them', async () => {
    const desk = { report: () => undefined, isWanted: async () => false };
    expect(await least({ scenario: planted, clauses: ['4385-push-cross-signed-only'] }, desk)).toEqual({
      sets: [],
      tried: 0,
    });
  });
});

describe('a story', () => {
  it('is defended where somebody attacks, it holds as written, and breaks without its clauses', () => {
    const attacked = scenarioAt('interactions/one-false-identity-knocks-at-three-doors');
    const play = turnedTo(attacked);
    const clauses = ['4268-identity-pinning', '4147-owner-via-cross-signing'];
    expect(defended(attacked, play([]), play)).toEqual(clauses);
    const broken = play(clauses.map((clause): Turn => ({ turn: 'off', clause })));
    expect(defended(attacked, broken, play)).toBeNull();
    expect(defended(attacked, play([]), () => play([]))).toBeNull();
    const peaceful = { ...attacked, cast: { ...attacked.cast, attackers: [] } };
    expect(defended(peaceful, play([]), play)).toBeNull();
  });

  it('lets those clauses be forgotten that speak in it', () => {
    const spoken = forgettable(spokenIn([turnedTo(planted)([])])).map(({ id }) => id);
    expect(spoken).toContain('4385-push-cross-signed-only');
    expect(spoken).not.toContain('4268-inviter-match');
  });
});
