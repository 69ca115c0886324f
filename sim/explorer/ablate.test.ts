/** What an ablation says: held against the file that is checked in, and against real bytes. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ledger from '../../machines/ledger/clauses.json' with { type: 'json' };
import { realSuite } from '../cli/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { judgedBy } from '../properties/index.ts';
import { layOut } from '../scenario/schema.ts';
import { parseTrace } from '../trace.ts';
import { ablate, baseline, pairsToTry, type Row, runOf, standingOf, switchable, unconfirmed } from './ablate.ts';
import { type Ablation, ablationOf, differences, plainOf, rowName } from './ablate-data.ts';
import { arenaOf } from './arenas.ts';
import { explore } from './explore.ts';

const text = readFileSync('scenarios/ablation.json', 'utf8');
const filed = JSON.parse(text) as Ablation;
const must = switchable.filter((clause) => ledger.find(({ id }) => id === clause)?.level === 'MUST');
const rowOf = (clauses: readonly string[], who = 'everyone'): Row => {
  const row = filed.rows.find((one) => rowName(one) === rowName({ clauses, who }));
  if (row === undefined) throw new Error(`scenarios/ablation.json has no row ${rowName({ clauses, who })}`);
  return row;
};
const broken = (row: Row) => row.missed.map(({ guarantee }) => guarantee);

describe('a clause that makes no difference in an arena', () => {
  const suite = makeSymbolicSuite('1');
  const before = baseline(suite);
  const mattered = (arena: string) => before.get(arena)?.mattered;

  // One that is missed in a few arenas, one in none, one that refuses nothing anywhere, one that guarantees go by.
  it.each([
    ['1946-share-verified-own', 'everyone'],
    ['4385-push-reverify-cross-signing', 'everyone'],
    ['4385-push-same-user', 'alice.phone'],
    ['4385-push-legacy-wasted', 'alice.laptop'],
  ])('is not searched for there, and nothing is overlooked: %s off for %s', (clause, who) => {
    const asked = { suite, before: standingOf(before), clauses: [clause], who };
    const [thorough, quick] = [ablate(asked), ablate({ ...asked, mattered })];
    expect(quick.row).toEqual(thorough.row);
    expect(quick.worlds).toBeLessThanOrEqual(thorough.worlds);
  });

  it('is told by what clauses say; those that guarantees go by are named', () => {
    const sources = readdirSync('sim/properties').map((file) => readFileSync(`sim/properties/${file}`, 'utf8'));
    const named = sources.flatMap((source) =>
      [...source.matchAll(/\.off\([^()]*,\s*'([^']+)'\)/g)].map(([, id]) => id),
    );
    expect([...new Set(named)].sort()).toEqual(judgedBy);
  });
});

describe('the ablation that is checked in', () => {
  const suite = makeSymbolicSuite('1');
  const before = baseline(suite);

  it('stands on the arenas as they are now (else: npx hearsay ablate --out scenarios/ablation.json)', () => {
    expect(differences(filed, ablationOf(before, [], 0, 0), false)).toEqual([]);
    expect(text).toBe(`${layOut(plainOf(filed))}\n`);
  });

  it.each(must)('is found again without %s, a clause of level MUST', (clause) => {
    const mattered = (arena: string) => before.get(arena)?.mattered;
    const { row } = ablate({ suite, before: standingOf(before), clauses: [clause], who: 'everyone', mattered });
    expect(differences(filed, { ...filed, rows: [row] }, false)).toEqual([]);
    expect(row.unsettled).toEqual([]);
  });

  it('has a row for every clause, off for everyone and for each device, and for each pair that masks', () => {
    expect(must.length).toBeGreaterThanOrEqual(12);
    const devices = ['alice.phone', 'alice.laptop', 'alice.tablet'];
    const singles = switchable.flatMap((clause) =>
      ['everyone', ...devices].map((who) => rowName({ clauses: [clause], who })),
    );
    expect(filed.rows.slice(0, singles.length).map(rowName)).toEqual(singles);
    const pairs = filed.rows.slice(singles.length);
    expect(
      pairs.every(({ clauses, who, missed }) => clauses.length === 2 && who === 'everyone' && missed.length > 0),
    ).toBe(true);
    const alone = new Map(switchable.map((clause) => [clause, { row: rowOf([clause]) }]));
    expect(pairsToTry(alone)).toHaveLength(filed.pairs);
  });

  it('names a masked pair only where neither of its clauses breaks the same alone', () => {
    const masks = filed.rows.filter(({ clauses }) => clauses.length === 2);
    expect(masks.map(({ clauses }) => clauses)).toContainEqual(['1946-ignore-unasked', '1946-request-id-match']);
    for (const { clauses, missed } of masks)
      for (const { arena, guarantee } of missed)
        for (const clause of clauses) {
          const scenario = arenaOf(arena)?.scenario;
          if (scenario === undefined) throw new Error(`${arena} is no arena`);
          const turns = [{ turn: 'off', clause } as const];
          const [found] = explore(scenario, { suite, turns, guarantees: [guarantee] }).found;
          expect([clause, arena, found?.verdict]).toEqual([clause, arena, 'holds']);
        }
  });

  it('replays with real bytes, step by step, to the same break at the same place', () => {
    const wrong = filed.rows.flatMap((row) => unconfirmed(row, realSuite));
    expect(wrong).toEqual([]);
    expect(filed.rows.flatMap(({ missed }) => missed).length).toBeGreaterThan(50);
  });

  it('counts the steps of its lines, and says them with its clauses off for whom the row says', () => {
    for (const { clauses, who, missed } of filed.rows)
      for (const { line, steps, arena } of missed) {
        const parsed = parseTrace(line);
        expect(parsed.ok && parsed.trace).toMatchObject({
          scenario: arena,
          turns: clauses.map((clause) =>
            who === 'everyone' ? { turn: 'off', clause } : { turn: 'off', clause, for: who },
          ),
        });
        expect(parsed.ok && parsed.trace.choices).toHaveLength(steps);
      }
  });
});

describe('an ablation', () => {
  it('says that one careless phone is enough where the phone is who believes, and a careless laptop is not', () => {
    const off = '1946-verify-responder';
    expect(broken(rowOf([off], 'alice.phone'))).toContain('secret-authenticity');
    expect(broken(rowOf([off], 'alice.laptop'))).not.toContain('secret-authenticity');
  });

  it('names the weakest attacker: nobody, where a careless client is enough', () => {
    expect(rowOf(['4385-push-encrypted']).missed[0]).toMatchObject({ attacker: null, steps: 1 });
    expect(rowOf(['4385-push-cross-signed-only']).missed[0]).toMatchObject({ attacker: 'stolen-token', steps: 4 });
  });

  it('tells what it found as a run', () => {
    const [first] = rowOf(['4385-push-same-user']).missed;
    if (first === undefined) throw new Error('nobody misses same-user any more');
    const { steps, judgements } = runOf(first, 'symbolic');
    expect(steps).toHaveLength(first.steps);
    expect(judgements.find(({ guarantee }) => guarantee === first.guarantee)?.missed).toContain('4385-push-same-user');
    expect(() => runOf({ line: 'arena/nowhere?run=act' })).toThrow('no arena tells this');
  });

  it('says what differs from the file, row by row', () => {
    const [row] = filed.rows;
    if (row === undefined) throw new Error('the file is empty');
    const other: Ablation = {
      ...filed,
      bounds: { ...filed.bounds },
      rows: [{ ...row, missed: rowOf(['4385-push-encrypted']).missed }],
    };
    const told = differences(filed, other, false);
    expect(told).toContain(
      `${rowName(row)}: secret-confidentiality: nothing in the file, breaks at alice.laptop in 1 (arena/nobody) now`,
    );
    expect(differences(filed, other, true).filter((one) => one.endsWith('not found now'))).toHaveLength(
      filed.rows.length - 1,
    );
    expect(differences(filed, filed, true)).toEqual([]);
  });
});
