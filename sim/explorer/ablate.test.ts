/** What an ablation says: held against the file that is checked in, in samples, and against real bytes. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { implementedClauses } from '../../machines/parts.ts';
import { readArenas } from '../cli/arenas.ts';
import { realSuite } from '../crypto/node/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Scenario } from '../engine/types.ts';
import { parseTrace } from '../runs/trace.ts';
import { layOut } from '../scenario/layout.ts';
import { parseScenario } from '../scenario/parse.ts';
import {
  asItIs,
  type Missed,
  type Outcome,
  type Row,
  rowOf,
  silentIn,
  speakersOf,
  spokenIn,
  switchableIn,
  taskFor,
  tryClause,
  tryOut,
} from './ablate.ts';
import { type Ablation, ablationOf, differences, plainOf, rowName } from './ablate-data.ts';
import { runOf, toldBy, unconfirmed } from './ablate-stories.ts';
import { ablateWhole, doJob } from './ablate-whole.ts';
import { type Arena, knownArena as known } from './arena.ts';

const suite = makeSymbolicSuite('1');
const arenas = readArenas();
const switchable = switchableIn(arenas);
const knownArena = (id: string): Arena => known(arenas, id);
const text = readFileSync('scenarios/ablation.json', 'utf8');
const filed = JSON.parse(text) as Ablation;
const rows = [...filed.rows, ...filed.pairs];

const stories = new Map<string, Scenario>();
for (const file of globSync('scenarios/**/*.yaml').sort()) {
  const id = file.slice('scenarios/'.length, -'.yaml'.length);
  const parsed = parseScenario(readFileSync(file, 'utf8'), id);
  if (parsed.ok) stories.set(id, parsed.scenario);
}
const storyOf = (id: string) => stories.get(id);

const rowFor = (clauses: readonly string[], who = 'everyone'): Row => {
  const row = rows.find((one) => rowName(one) === rowName({ clauses, who }));
  if (row === undefined) throw new Error(`scenarios/ablation.json has no row ${rowName({ clauses, who })}`);
  return row;
};
const broken = (row: Row) => row.missed.map(({ guarantee }) => guarantee);
/** Every nth of them. */
const sampled = <T>(all: readonly T[], many: number): readonly T[] =>
  all.filter((_, nth) => nth % Math.ceil(all.length / many) === 0);

/** Small arenas, one of each kind. */
const small = ['nobody', 'two-names', 'an-inviter-elsewhere', 'a-stranger-who-points', 'a-deleted-backup'].map((id) =>
  knownArena(`arenas/${id}`),
);
const searched = new Map<string, Outcome>();
const asIs = (arena: string): Outcome => {
  const known = searched.get(arena) ?? tryOut(suite, arenas, asItIs(knownArena(arena)));
  searched.set(arena, known);
  return known;
};

describe('a clause of which nobody speaks in an arena', () => {
  it.each(small.map(({ id }) => id))('makes no difference there: %s', (arena) => {
    const { found, worlds } = asIs(arena);
    const silent = switchable.filter((clause) => !spokenIn(asIs(arena)).has(clause));
    for (const clause of sampled(silent, 3)) {
      const off = tryOut(suite, arenas, { ...asItIs(knownArena(arena)), clauses: [clause] });
      expect([clause, off.worlds, off.found.map(({ line, ...one }) => one)]).toEqual([
        clause,
        worlds,
        found.map(({ line, ...one }) => one),
      ]);
    }
  });

  it('is the same off for everyone and for the one device that has it', () => {
    const arena = knownArena('arenas/a-stranger-who-points');
    const clause = '4268-inviter-match';
    const task = taskFor(arena, asIs('arenas/a-stranger-who-points'), clause);
    if (task === null) throw new Error(`nobody speaks of ${clause} there any more`);
    expect(speakersOf(asIs(task.arena), clause)).toEqual(['bob.phone']);
    const [all, one] = tryClause(suite, arenas, asIs(task.arena), task);
    const alone = tryOut(suite, arenas, { ...task, who: 'bob.phone' });
    expect(all?.found.map(({ verdict }) => verdict)).toContain('breaks');
    expect(one).toMatchObject({ who: 'bob.phone', found: alone.found, worlds: alone.worlds });
  });
});

describe('the ablation that is checked in', () => {
  it('knows every arena, and every clause of a chart that some arena’s text has', () => {
    expect(filed.arenas.map(({ id }) => id)).toEqual([...arenas.keys()]);
    const clauses = [...new Set(implementedClauses.map(({ clause }) => clause))];
    const silences = [...arenas.values()].map(silentIn);
    const said = clauses.filter((clause) => silences.some((silent) => !silent.has(clause)));
    expect(said.filter((clause) => filed.rows.every((row) => row.clauses[0] !== clause))).toEqual([]);
    expect(clauses.filter((clause) => !said.includes(clause))).toEqual(unsaid);
    expect(filed.rows.filter(({ who }) => who === 'everyone').map(({ clauses: [clause] }) => clause)).toEqual(
      switchable,
    );
    expect(text).toBe(`${layOut(plainOf(filed))}\n`);
  });

  it('stands on arenas as they are now, in a sample (else: npx hearsay ablate --out scenarios/ablation.json)', async () => {
    const wanted = { all: arenas, arenas: small, clauses: [], pairs: false };
    const whole = await ablateWhole(wanted, (_round, jobs) =>
      Promise.resolve(jobs.map((job) => doJob(suite, arenas, job))),
    );
    expect(differences(filed, ablationOf(arenas, whole, []), false)).toEqual([]);
  });

  const found = filed.rows.flatMap((row) =>
    row.missed.flatMap((missed) =>
      missed.by === 'arena' && row.who === 'everyone' && (note(missed)?.worlds ?? 0) < 500 ? [{ row, missed }] : [],
    ),
  );
  it.each(sampled(found, 12).map(({ row, missed }) => [row.clauses[0] ?? '', missed] as const))(
    'is found again without %s',
    (clause, missed) => {
      const task = taskFor(knownArena(missed.scenario), asIs(missed.scenario), clause);
      if (task === null) throw new Error(`nobody speaks of ${clause} in ${missed.scenario} any more`);
      const row = rowOf(arenas, [clause], 'everyone', [tryOut(suite, arenas, task)], (arena) => [asIs(arena)]);
      expect(row.missed).toContainEqual(missed);
    },
  );

  it('replays, step by step, to the same break at the same place', () => {
    expect(rows.flatMap((row) => unconfirmed(row, storyOf, 'symbolic'))).toEqual([]);
    expect(rows.flatMap(({ missed }) => missed).length).toBeGreaterThan(200);
  });

  it('does so with real bytes as well, in a sample', () => {
    const all = rows.flatMap(({ missed }) => missed);
    expect(unconfirmed({ missed: sampled(all, 40) }, storyOf, realSuite)).toEqual([]);
  });

  it('counts the steps of its lines, and says them with its clauses off for whom the row says', () => {
    for (const { clauses, who, missed } of rows)
      for (const { line, steps, scenario } of missed) {
        const parsed = parseTrace(line);
        const arena = arenas.get(scenario);
        expect(parsed.ok && parsed.trace.scenario).toBe(arena?.scenario.id ?? scenario);
        const all = parsed.ok ? parsed.trace.turns : [];
        expect(all.slice(0, arena?.turns.length ?? 0)).toEqual(arena?.turns ?? []);
        const turns = all.slice(arena?.turns.length ?? 0);
        expect(turns.map((turn) => turn.turn === 'off' && turn.clause).toSorted()).toEqual(clauses.toSorted());
        expect(turns.every((turn) => turn.turn === 'off' && (turn.for ?? 'everyone') === who)).toBe(true);
        expect(parsed.ok && parsed.trace.choices).toHaveLength(steps);
      }
  });

  it('leaves out nothing that a story tells, in a sample', () => {
    const told = toldBy(
      sampled(
        [...stories.values()].filter(({ explore }) => explore === null),
        60,
      ),
      'symbolic',
    ).filter(({ clauses }) => clauses.length === 1);
    expect(told.length).toBeGreaterThan(20);
    // What no arena's text has stands in no row.
    const inRows = told.filter(({ clauses: [clause = ''] }) => switchable.includes(clause));
    for (const { clauses, who, missed } of inRows) {
      const row = rowFor(clauses, who);
      expect([clauses, broken(row)]).toEqual([clauses, expect.arrayContaining([missed.guarantee])]);
    }
  });

  it('names a masked pair only where neither of its clauses breaks the same alone', () => {
    expect(filed.pairs.length).toBeGreaterThan(3);
    for (const { clauses, missed } of sampled(filed.pairs, 6))
      for (const { scenario, guarantee, by } of missed.slice(0, 1))
        for (const clause of by === 'arena' ? clauses : []) {
          const { found: alone } = tryOut(suite, arenas, {
            arena: scenario,
            clauses: [clause],
            who: 'everyone',
            guarantees: [guarantee],
          });
          expect([clause, scenario, alone.some(({ verdict }) => verdict === 'breaks')]).toEqual([
            clause,
            scenario,
            false,
          ]);
        }
  });
});

/** Clauses of charts that only texts have which no arena implements. */
const unsaid: readonly string[] = ['4147-unstable-name', '4147-ed25519-is-sender-key', '4268-withheld-usual-code-old'];

function note({ scenario }: Missed) {
  return filed.arenas.find(({ id }) => id === scenario);
}

describe('an ablation', () => {
  it('says that one careless phone is enough where the phone is who believes, and a careless laptop is not', () => {
    const off = '1946-verify-responder';
    expect(broken(rowFor([off], 'alice.phone'))).toContain('secret-authenticity');
    expect(rows.some((row) => rowName(row) === rowName({ clauses: [off], who: 'alice.laptop' }))).toBe(false);
  });

  it('names the weakest attacker: nobody, where a careless client is enough', () => {
    expect(rowFor(['4385-push-encrypted']).missed[0]).toMatchObject({ attacker: null, strength: 0 });
    expect(rowFor(['4385-push-cross-signed-only']).missed[0]).toMatchObject({ attacker: 'stolen-token', steps: 4 });
    expect(rowFor(['4268-inviter-match']).missed.map(({ attacker }) => attacker)).toContain('malicious-inviter');
  });

  it('tells what it found as a run', () => {
    const [first] = rowFor(['4385-push-same-user']).missed;
    if (first === undefined) throw new Error('nobody misses same-user any more');
    const { steps, judgements } = runOf(first, storyOf, 'symbolic');
    expect(steps).toHaveLength(first.steps);
    expect(judgements.find(({ guarantee }) => guarantee === first.guarantee)?.missed).toContain('4385-push-same-user');
    expect(() => runOf({ line: 'arenas/nowhere?seed=1&run=act' }, storyOf)).toThrow('no arena and no story tells this');
  });

  it('says what differs from the file, row by row', () => {
    const [row] = filed.rows;
    if (row === undefined) throw new Error('the file is empty');
    const other: Ablation = {
      ...filed,
      pairs: [],
      rows: [{ ...row, missed: rowFor(['4385-push-encrypted']).missed }],
    };
    const told = differences(filed, other, false);
    expect(
      told.some((one) => one.startsWith(`${rowName(row)}: secret-confidentiality: nothing in the file, breaks`)),
    ).toBe(true);
    expect(differences(filed, other, true).filter((one) => one.endsWith('not found now'))).toHaveLength(
      rows.length - 1,
    );
    expect(differences(filed, filed, true)).toEqual([]);
  });
});
