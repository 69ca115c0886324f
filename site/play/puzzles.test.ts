/** Sabotage, Defend and Bet: each question has an answer, and it is what the runs say now. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import { runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { errorLine, parseScenario } from '../../sim/scenario/parse.ts';
import { forgotten, lanesOf, leastOf, type Stands, standOf } from './answers.ts';
import { changesWords, notTheOne } from './came-words.ts';
import { bets, defences, sabotages } from './puzzles.ts';
import { setsOf } from './sets.ts';
import { safeWords } from './stand-words.ts';
import filed from './stands.json' with { type: 'json' };

const stands = filed as Readonly<Record<string, Stands>>;
const scenarioOf = (id: string) => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(id, error)).join('\n'));
  return parsed.scenario;
};

it('asks at least four questions of each kind', () => {
  for (const questions of [sabotages, defences, bets]) expect(questions.length).toBeGreaterThanOrEqual(4);
});

describe.each(sabotages)('the sabotage “$id”', (sabotage) => {
  it('is of a story in which every guarantee holds, and exactly one of its clauses breaks what is asked about', () => {
    const scenario = scenarioOf(sabotage.scenario);
    const run = runStory(scenario);
    expect(run.judgements.map(({ guarantee }) => guarantee).toSorted()).toEqual(guaranteeIds.toSorted());
    expect(run.judgements.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(inQuestion(run).judgements.length).toBeGreaterThan(0);
    const breaking = forgotten(sabotage, scenario).filter(({ broken }) => broken.length > 0);
    expect(breaking.map(({ clause }) => clause)).toHaveLength(1);
  });
});

it('tells of an answer that breaks another guarantee alone which one that is, and only of one that breaks none that nothing does', () => {
  const told = sabotages.flatMap((sabotage) =>
    forgotten(sabotage, scenarioOf(sabotage.scenario)).flatMap(({ clause, broken, besides }) =>
      broken.length > 0 || besides.length === 0 ? [] : [[clause, ...besides.map(({ guarantee }) => guarantee)]],
    ),
  );
  expect(told).toEqual([
    ['1219-confirm-new-version', 'consent-awareness'],
    ['4268-ui-sender-indicator', 'consent-awareness'],
    ['4268-defer-download', 'availability'],
  ]);
  expect(changesWords([], true)).toBe('all verdicts are the same');
  expect(changesWords([], false)).toBe('these verdicts are the same');
  expect(changesWords(['“A” breaks', '“B” holds'], false)).toBe('“A” breaks, “B” holds');
  expect(notTheOne([]).words).toBe('Nothing breaks. Try another.');
  expect(notTheOne([{ name: 'Nobody is surprised', verdict: 'breaks' }])).toEqual({
    tone: 'warn',
    words: 'Not what is asked about, but another guarantee: “Nobody is surprised” breaks. Try another.',
  });
});

describe.each(defences)('the defence “$id”', (defence) => {
  const known = stands[defence.id] ?? [];

  it('was searched for every set of its clauses, as it is searched now', () => {
    const scenario = scenarioOf(defence.ground);
    expect(setsOf(defence.clauses).map((on) => standOf(defence, scenario, on))).toEqual(known);
  });

  it('begins with an attack, ends with none, and any set within a least one leaves an attack', () => {
    expect(known).toHaveLength(2 ** defence.clauses.length);
    expect(known[0]?.attack).not.toBe(null);
    expect(known.at(-1)?.attack).toBe(null);
    const least = leastOf(known);
    expect(least.length).toBeGreaterThan(0);
    for (const set of least)
      for (const { on, attack } of known)
        if (on.length < set.length && on.every((clause) => set.includes(clause))) expect(attack).not.toBe(null);
  });

  it('is not done by whatever one switches on first: no least set is all there is', () => {
    for (const set of leastOf(known)) expect(set.length).toBeLessThan(defence.clauses.length);
  });
});

it('says of a defence in which something breaks all the same what the text concedes, and by which clause', () => {
  const safe = (stands['an-inviter-elsewhere'] ?? []).filter(({ attack }) => attack === null);
  expect(safe.length).toBeGreaterThan(0);
  for (const { conceded } of safe)
    expect(conceded).toEqual([{ guarantee: 'cache-integrity', by: '4268-no-authoritative-sender' }]);
  expect(safeWords(52, { conceded: [{ name: 'A', clause: 'B' }], idle: [] }, 0, 2)).toBe(
    '✓ No attack is left but what the text concedes: 52 worlds were searched, all there are. “A” still breaks, which the text concedes by “B”. Fewer do not.',
  );
  expect(safeWords(52, { conceded: [], idle: [] }, 1, 2)).toBe(
    '✓ No attack is left: 52 worlds were searched, all there are, and what is to be kept breaks in none. It can be done with 2 clauses.',
  );
});

it('says of a defence for which guarantees nothing was at stake', () => {
  expect(safeWords(52, { conceded: [], idle: ['A'] }, 0, 2)).toBe(
    '✓ No attack is left: 52 worlds were searched, all there are, and what is to be kept breaks in none. Nothing was at stake there for “A”: its shadow never happened. Fewer do not.',
  );
  for (const [id, all] of Object.entries(stands))
    for (const { attack, idle, conceded } of all) {
      const kept = defences.find((one) => one.id === id)?.guarantees ?? [];
      expect(kept).toEqual(expect.arrayContaining([...idle]));
      expect(attack === null || idle.length === 0).toBe(true);
      expect(conceded.some(({ guarantee }) => idle.includes(guarantee))).toBe(false);
    }
});

it('counts no set as searched to the last world in which all was broken before', () => {
  const all = Object.values(stands).flat();
  const early = all.filter(({ end }) => end === 'all broken');
  expect(early.length).toBeGreaterThan(0);
  expect(early.every(({ attack }) => attack !== null)).toBe(true);
  expect(all.filter(({ attack }) => attack === null).every(({ end }) => end === 'all seen')).toBe(true);
});

describe.each(bets)('the bet “$id”', (bet) => {
  it('has one lane that breaks at most, in a step that can be chosen, and others that hold', () => {
    const { run, lanes } = lanesOf(bet, scenarioOf(bet.scenario));
    const breaking = lanes.filter(({ steps }) => steps.length > 0);
    expect(breaking.length).toBeLessThanOrEqual(1);
    expect(lanes.length - breaking.length).toBeGreaterThanOrEqual(2);
    for (const step of breaking.flatMap(({ steps }) => steps)) {
      expect(step).toBeGreaterThanOrEqual(1);
      expect(step).toBeLessThanOrEqual(run.steps.length);
    }
  });
});

it('has a bet that nothing breaks, so that it is worth thinking', () => {
  const broken = bets.map((bet) => lanesOf(bet, scenarioOf(bet.scenario)).lanes.some(({ steps }) => steps.length > 0));
  expect(broken).toContain(true);
  expect(broken).toContain(false);
});

describe('a search in slices', async () => {
  const { answerOf, beginSearching, boundsFor, boundsMost, progressOf } = await import('./searching.ts');
  const asked = {
    scenario: scenarioOf('arenas/a-stolen-token'),
    turns: [],
    guarantees: null,
    depth: null,
    worlds: null,
  } as const;

  it('comes to what a search at once comes to, and says its bounds', () => {
    const search = beginSearching(asked);
    let slices = 1;
    while (!search.advance(64)) slices += 1;
    const answer = answerOf(search, asked);
    expect(slices).toBeGreaterThan(10);
    expect(answer.limit).toBe(null);
    expect(answer.bounds).toEqual({ depthMax: 40, worldsMax: 20_000 });
    expect(answer.found.map(({ verdict }) => verdict)).toEqual(Array(5).fill('holds'));
  });

  it('that is left settles nothing, and tells how far it was', () => {
    const search = beginSearching(asked);
    search.advance(64);
    expect(progressOf(search).worlds).toBeGreaterThan(60);
    const { limit, found } = answerOf(search, asked);
    expect(limit).toBe('stopped');
    expect(new Set(found.map(({ verdict }) => verdict))).toEqual(new Set(['unsettled']));
  });

  it('goes no further than a page can hold, whatever is asked', () => {
    const { depthMax, worldsMax } = boundsMost;
    for (const [depth, worlds] of [
      [1e9, 1e12],
      [Number.NaN, Number.POSITIVE_INFINITY],
      [-5, 0],
    ] as const) {
      const bounds = boundsFor({ ...asked, depth, worlds });
      expect(bounds.depthMax).toBeGreaterThanOrEqual(1);
      expect(bounds.depthMax).toBeLessThanOrEqual(depthMax);
      expect(bounds.worldsMax).toBeGreaterThanOrEqual(1);
      expect(bounds.worldsMax).toBeLessThanOrEqual(worldsMax);
    }
  });
});
