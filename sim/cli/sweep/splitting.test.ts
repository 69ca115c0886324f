/** What wander, explore, ablate and clients come to is the same, in shares as in one go, and by way of Redis. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../io.ts';
import { hearsayIn } from '../testing.ts';
import { type ClauseTask, clauseKind } from './kinds/clause.ts';
import { blocksOf, randomWalksKind, togetherOf, type WalksCame, type WalksTask } from './kinds/random-walks.ts';
import { type SearchTask, searchKind } from './kinds/search.ts';
import { type SeatTask, seatKind } from './kinds/seat.ts';
import { type WalkTask, walkKind } from './kinds/walk.ts';
import { modelVersion } from './model-version.ts';
import { readRedis } from './redis/connect.ts';
import { serverProgram, startServer } from './redis/testing.ts';
import { work } from './redis/work.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-split-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hearsay = (...args: readonly string[]) => hearsayIn(folder, ...args);

/** Each with how many rounds it has, of which one needs what came of the one before. */
const commands: readonly (readonly [command: string, rounds: number])[] = [
  ['wander play/a-stolen-token --runs 7 --steps 30', 1],
  ['explore arenas/nobody --order random --worlds 10050 --seed 7', 1],
  ['ablate spec-olm-sender spec-olm-recipient-keys --arena arenas/two-names --pairs', 2],
  ['clients room-keys/a-phone-that-logs-in-anew-begins-a-new-session secret-push/who-notices-can-ask', 1],
  ['clients --clauses 4385-push-reject-plaintext spec-megolm-replay', 1],
];

describe('a command in shares', () => {
  it.each(commands)('tells what it tells in one go: %s', async (command, rounds) => {
    const words = command.split(' ');
    const whole = await hearsay(...words);
    expect(whole.status).toBe(0);
    let known: readonly string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const records = ['1', '2'].map((nth) => `${words.slice(0, 2).join('-').replace('/', '-')}-${nth}-${round}.jsonl`);
      for (const [nth, record] of records.entries()) {
        if (known[0] !== undefined) await hearsay('merge', ...known, '--record', record);
        expect((await hearsay(...words, '--shard', `${nth + 1}/2`, '--record', record)).status).toBe(0);
      }
      known = records;
    }
    rmSync(join(folder, 'all.jsonl'), { force: true });
    expect(await hearsay('merge', ...known, '--record', 'all.jsonl')).toEqual({ status: 0, stdout: '', stderr: '' });
    const before = readFileSync(join(folder, 'all.jsonl'), 'utf8');
    expect(await hearsay(...words, '--record', 'all.jsonl')).toEqual(whole);
    // All of it was known: nothing was done again.
    expect(readFileSync(join(folder, 'all.jsonl'), 'utf8')).toBe(before);
    expect((await hearsay('wander', 'play/a-stolen-token', '--runs', '8', '--record', 'all.jsonl')).stderr).toMatch(
      /is the record of another sweep/,
    );
  });

  it.skipIf(serverProgram === null).each(commands)('or by way of Redis: %s', async (command) => {
    const server = await startServer(serverProgram ?? '');
    const stop = new AbortController();
    const working = work({
      at: readRedis(server.url),
      version: modelVersion(),
      file: pathToFileURL(join(root, 'sim/cli/sweep/worker-main.ts')),
      workers: 1,
      silenceMs: 10_000,
      isOnce: false,
      tell: () => undefined,
      onDone: () => undefined,
      stop: stop.signal,
    });
    const words = command.split(' ');
    const there = await hearsay(...words, '--redis', server.url);
    stop.abort();
    await working;
    expect(there.status).toBe(0);
    expect(there).toEqual(await hearsay(...words));
    await server.end();
  });
});

describe('what comes back is read as what anybody may have written', () => {
  const walk: WalkTask = { scenario: 'a', setting: null, seed: '1', stepsMax: 5 };
  const walks: WalksTask = {
    scenario: 'a',
    setting: null,
    guarantees: ['secret-authenticity'],
    seed: '1',
    worldsMax: 10,
    depthMax: null,
    bytesMax: 1024,
    isExact: false,
  };
  const search: SearchTask = {
    task: { arena: 'a', clauses: [], who: 'everyone', guarantees: ['secret-authenticity'] },
    spoke: null,
  };
  const seat: SeatTask = { scenario: 'a', seat: 'alice.phone', client: 'olm-machine', version: '1', seed: '1' };
  const clause: ClauseTask = { clause: 'c', seat: null, client: 'olm-machine', version: '1', seed: '1', found: [] };

  it.each<readonly [string, (value: unknown) => unknown]>([
    ['walk', (value) => walkKind.readCame(value, walk)],
    ['random walks', (value) => randomWalksKind.readCame(value, walks)],
    ['search', (value) => searchKind.readCame(value, search)],
    ['seat', (value) => seatKind.readCame(value, seat)],
    ['clause', (value) => clauseKind.readCame(value, clause)],
  ])('%s', (_, readCame) => {
    const found = { guarantee: 'constructor', verdict: 'breaks', at: null, why: null, told: null };
    const odd = {
      replay: 'x',
      verdicts: [found],
      found: [found],
      bounds: {},
      seat: 'alice.phone',
      is: 'played',
      rows: [found],
    };
    for (const value of [null, 3, 'x', [], {}, [{}], { verdicts: 3 }, odd, [odd]]) expect(readCame(value)).toBe(null);
  });

  it('and so is what is to be done: no command, no seed that is none, no count without an end', () => {
    for (const [kind, task] of [
      [walkKind, walk],
      [randomWalksKind, walks],
      [searchKind, search],
      [seatKind, seat],
      [clauseKind, clause],
    ] as const) {
      expect(kind.readTask(JSON.parse(JSON.stringify(task)))).toEqual(task);
      expect(kind.readTask({ ...task, seed: '../x', task: 3 })).toBe(null);
    }
    expect(seatKind.readTask({ ...seat, client: 'touch /tmp/x' })).toBe(null);
    expect(clauseKind.readTask({ ...clause, client: 'touch /tmp/x' })).toBe(null);
    expect(clauseKind.readTask({ ...clause, found: [{ line: 'x' }] })).toBe(null);
    expect(clauseKind.readCame([], { ...clause, seat: 'alice.phone' })).toEqual([]);
    expect(walkKind.readTask({ ...walk, stepsMax: 1e9 })).toBe(null);
    expect(randomWalksKind.readTask({ ...walks, worldsMax: 1e9 })).toBe(null);
  });
});

it('of several blocks of random walks the shortest way counts, of two as short the first', () => {
  const line = (count: number, seed: string): string => `a?seed=${seed}&run=act*${count}`;
  const came = (count: number | null, seed: string): WalksCame => ({
    worlds: 5,
    transitions: 5,
    depth: count ?? 9,
    worked: 1,
    bytes: 7,
    bounds: { depthMax: 9, worldsMax: 5, bytesMax: 99 },
    found: [
      {
        guarantee: 'secret-authenticity',
        verdict: count === null ? 'unsettled' : 'breaks',
        at: count === null ? null : 'alice.phone',
        why: null,
        acceptedBy: null,
        attacks: null,
        isLeast: false,
        shadow: count !== null,
        line: count === null ? null : line(count, seed),
      },
    ],
  });
  const together = togetherOf({ scenario: 'a', turns: [] }, [
    came(null, '1'),
    came(4, '2'),
    came(3, '3'),
    came(3, '4'),
  ]);
  expect(together).toMatchObject({ worlds: 20, depth: 9, bounds: { worldsMax: 20 }, limit: 'chance' });
  expect(together?.found[0]).toMatchObject({ verdict: 'breaks', shadow: true, trace: { seed: '3' } });
  expect(
    blocksOf(
      {
        ...{ scenario: 'a', setting: null, guarantees: [], depthMax: null, bytesMax: 1, isExact: false },
        worldsMax: 25_000,
      },
      's',
    ).map(({ seed, worldsMax }) => [seed, worldsMax]),
  ).toEqual([
    ['s', 10_000],
    ['s-1', 10_000],
    ['s-2', 5_000],
  ]);
});
