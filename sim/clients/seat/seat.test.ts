/** The production crypto library in a seat of a story, and what becomes of clients that do not answer as agreed. Nothing is mocked. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { withProductionNames } from '../compare/seats.ts';
import type { Client, Said, Told } from './client.ts';
import { playWith } from './played.ts';
import { noShows } from './reading.ts';
import { olmMachine } from './threads.ts';

const scenarioOf = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return withProductionNames(parsed.scenario);
};
const stolen = scenarioOf('secret-push/a-stolen-token-cannot-plant-a-backup-key');

test('the production crypto library plays a device of a story: it keeps the pushed key, and not the planted one', () => {
  const { run, hello, notes } = playWith(stolen, 'alice.phone', olmMachine);
  expect(hello?.name).toBe('matrix-sdk-crypto-wasm');
  expect(notes).toEqual([]);
  const kept = run.steps
    .flatMap(({ moments }) => moments)
    .flatMap((moment) =>
      moment.kind === 'stored' && moment.player === 'alice.phone' && moment.patch.patch === 'secret'
        ? [moment.patch.held.origin]
        : [],
    );
  expect(kept).toEqual([{ how: 'push', user: '@alice:example.org', device: 'LAPTOP' }]);
  const deliveries = run.steps
    .flatMap(({ moments }) => moments)
    .filter((moment) => moment.kind === 'delivery' && moment.to === 'alice.phone');
  expect(deliveries).toHaveLength(2);
  expect(run.judgements.find(({ guarantee }) => guarantee === 'secret-authenticity')).toMatchObject({
    verdict: 'holds',
    shadow: true,
  });
});

test('the same seed gives the same bytes twice, another one others', () => {
  const played = (seed: string) => playWith(stolen, 'alice.laptop', olmMachine, seed).run.steps;
  const first = JSON.stringify(played('1'));
  expect(JSON.stringify(played('1'))).toBe(first);
  expect(JSON.stringify(played('2'))).not.toBe(first);
});

test('what is planted with the keys of a signed device is kept, and the guarantee breaks with real bytes', () => {
  const { run } = playWith(scenarioOf('secret-push/a-stolen-but-signed-device-is-believed'), 'alice.phone', olmMachine);
  const found = run.judgements.find(({ guarantee }) => guarantee === 'secret-authenticity');
  expect(found?.at).toBe('alice.phone');
  expect(found?.why).toContain('that no device of alice ever made');
});

/** A client that says hello, and to everything else what `says` has it say. */
const saying =
  (says: (told: Told) => Said | { readonly trouble: 'dead' | 'silent' | 'nonsense'; readonly why: string }) =>
  (): Client => ({
    tell: (told) =>
      told.op === 'hello'
        ? { hello: { name: 'a test', version: '1', acts: ['look up'], shows: ['secrets'] } }
        : says(told),
    close: () => undefined,
  });

test('a client that dies on the way leaves a device that does nothing, and a note', () => {
  const { run, notes } = playWith(
    stolen,
    'alice.phone',
    saying(() => ({ trouble: 'dead', why: 'it ended' })),
  );
  expect(notes).toContainEqual({ is: 'trouble', trouble: 'dead', why: 'it ended' });
  expect(run.steps.length).toBeGreaterThan(5);
  expect(run.steps.flatMap(({ moments }) => moments)).not.toContainEqual(
    expect.objectContaining({ kind: 'stored', player: 'alice.phone' }),
  );
});

test('an act that a client has not said that it can is not asked of it', () => {
  const told: string[] = [];
  const { notes } = playWith(
    stolen,
    'alice.laptop',
    saying((one) => {
      if (one.op === 'act') told.push(one.act.act);
      return { shows: noShows };
    }),
  );
  expect(told.every((act) => act === 'look up')).toBe(true);
  expect(notes).toContainEqual({ is: 'cannot', act: 'reset backup', why: 'it has not said that it can' });
});

test('a client that is never done wanting requests is in trouble, and the others go on', () => {
  const wants = [{ method: 'GET', path: '/_matrix/client/versions' }] as const;
  let told = 0;
  const { run, notes } = playWith(
    stolen,
    'alice.phone',
    saying(() => {
      told += 1;
      return { wants, shows: noShows };
    }),
  );
  expect(notes.filter(({ is }) => is === 'trouble')).toEqual([
    {
      is: 'trouble',
      trouble: 'nonsense',
      why: 'it has wanted more than 500 requests, and is not done with “log in”',
    },
  ]);
  expect(told).toBe(501);
  expect(run.steps.length).toBeGreaterThan(5);
});
