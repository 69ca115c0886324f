/**
 * The whole matrix-js-sdk in a seat: what it decides by itself, and that it does the same twice. Nothing is mocked but its network, its
 * chance and its clock, and nothing waits for time to pass.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Moment, PlayerId, Scenario } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { withProductionNames } from '../compare/seats.ts';
import { playWith } from '../seat/played.ts';
import { jsSdk } from '../seat/threads.ts';
import { makeWire } from './wire.ts';

const textOf = (id: string): string => readFileSync(`scenarios/${id}.yaml`, 'utf8');
const scenarioIn = (text: string, id: string): Scenario => {
  const parsed = parseScenario(text, id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return withProductionNames(parsed.scenario);
};
const scenarioOf = (id: string): Scenario => scenarioIn(textOf(id), id);
const stolen = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';

type Of<K extends Moment['kind']> = Extract<Moment, { readonly kind: K }>;
const played = (scenario: Scenario, seat: PlayerId, seed?: string) => {
  const { run, hello, notes } = playWith(scenario, seat, jsSdk, seed);
  const moments = run.steps.flatMap((step) => step.moments);
  const of = <K extends Moment['kind']>(kind: K): readonly Of<K>[] =>
    moments.filter((moment): moment is Of<K> => moment.kind === kind);
  return { run, hello, notes, of };
};
const asked = (found: ReturnType<typeof played>, player: PlayerId): readonly string[] =>
  found.of('request').flatMap(({ from, method, path }) => (from === player ? [`${method} ${path}`] : []));

describe('matrix-js-sdk in a seat', () => {
  test('keeps the key that its own device pushed, and not the one that a stolen token planted', () => {
    const found = played(scenarioOf(stolen), 'alice.phone');
    expect(found.hello).toMatchObject({ name: 'matrix-js-sdk', version: '43.0.0' });
    expect(found.notes).toEqual([]);
    const kept = found
      .of('stored')
      .flatMap(({ player, patch }) =>
        player === 'alice.phone' && patch.patch === 'secret' ? [patch.held.origin] : [],
      );
    expect(kept).toEqual([{ how: 'push', user: '@alice:example.org', device: 'LAPTOP' }]);
    expect(found.of('delivery').filter(({ to }) => to === 'alice.phone')).toHaveLength(2);
    expect(found.run.judgements.find(({ guarantee }) => guarantee === 'secret-authenticity')).toMatchObject({
      verdict: 'holds',
      shadow: true,
    });
  });

  test('deletes the backup before, makes its own and pushes the key, when its person resets it', () => {
    const found = played(scenarioOf(stolen), 'alice.laptop');
    const path = '/_matrix/client/v3/room_keys/version';
    expect(asked(found, 'alice.laptop')).toEqual(
      expect.arrayContaining([`DELETE ${path}/1`, `POST ${path}`, 'PUT /_matrix/client/v3/room_keys/keys']),
    );
    const pushed = found.of('delivery').filter(({ to }) => to === 'alice.phone');
    expect(pushed.map(({ opened }) => opened?.type)).toContain('io.element.msc4385.secret.push');
  });

  test('shares all that it has of a room before it asks somebody in', () => {
    const found = played(scenarioOf('key-bundle/a-chain-of-invitations-loses-nothing'), 'bob.phone');
    expect(found.notes).toEqual([]);
    const shared = found
      .of('stored')
      .flatMap(({ player, patch }) => (player === 'bob.phone' && patch.patch === 'history shared' ? [patch] : []));
    expect(shared.map(({ user, devices, sessions }) => [user, devices, sessions.length])).toEqual([
      ['@carol:b.example', ['PHONE'], 2],
    ]);
    const does = asked(found, 'bob.phone');
    expect(does.indexOf('POST /_matrix/media/v3/upload')).toBeLessThan(
      does.indexOf('POST /_matrix/client/v3/rooms/!den%3Aa.example/invite'),
    );
  });

  test('reads what it was given, and says on whose word', () => {
    const found = played(scenarioOf('key-bundle/a-chain-of-invitations-loses-nothing'), 'carol.phone');
    expect(found.notes).toEqual([]);
    const read = found
      .of('shown')
      .flatMap(({ player, notice }) => (player === 'carol.phone' && notice.about === 'message' ? [notice] : []));
    expect(read.map(({ message, sender, sharedBy }) => [message, sender, sharedBy]).sort()).toEqual([
      ['before Bob came', '@alice:a.example', '@bob:b.example'],
      ['before Carol came', '@bob:b.example', '@bob:b.example'],
    ]);
  });

  test('waits a day for a bundle from its join on, and leaves alone what comes later: by its own clock', () => {
    const id = 'key-bundle/a-bundle-sent-a-day-after-the-join-is-left-alone';
    const imported = (scenario: Scenario): number =>
      played(scenario, 'bob.phone')
        .of('shown')
        .filter(({ player, notice }) => player === 'bob.phone' && notice.about === 'bundle imported').length;
    expect(imported(scenarioOf(id))).toBe(0);
    expect(imported(scenarioIn(textOf(id).replace('wait: 26h', 'wait: 23h'), id))).toBe(1);
  });

  test('does the same twice for a seed, to the byte, and something else for another', () => {
    const steps = (seed: string): string => JSON.stringify(played(scenarioOf(stolen), 'alice.laptop', seed).run.steps);
    const first = steps('1');
    expect(steps('1')).toBe(first);
    expect(steps('2')).not.toBe(first);
  });

  test('is left waiting where it goes on asking for ever, and the story goes on', () => {
    const found = played(scenarioOf('key-bundle/an-id-that-is-not-the-keys-own-is-refused'), 'bob.phone');
    const uploads = asked(found, 'bob.phone').filter((one) => one === 'PUT /_matrix/client/v3/room_keys/keys');
    expect(uploads.length).toBeGreaterThan(90);
    expect(found.notes).toEqual([]);
  });
});

describe('its wire', () => {
  const url = 'https://example.org/_matrix/client/v3';

  test('keeps what is fetched until somebody has sent it, and answers in that order', async () => {
    const wire = makeWire();
    const [first, second] = [
      wire.fetch(`${url}/one?a=b`),
      wire.fetch(`${url}/two`, { method: 'POST', body: '{"c":1}' }),
    ];
    expect(wire.isWaiting()).toBe(true);
    expect(wire.taken()).toEqual([
      { method: 'GET', path: '/_matrix/client/v3/one', query: { a: 'b' } },
      { method: 'POST', path: '/_matrix/client/v3/two', body: { c: 1 } },
    ]);
    expect(wire.isWaiting()).toBe(false);
    wire.answer([
      { status: 200, body: { nth: 1 } },
      { status: 403, body: { errcode: 'M_FORBIDDEN' } },
    ]);
    expect(await (await first).json()).toEqual({ nth: 1 });
    expect(await second).toMatchObject({ ok: false, status: 403 });
  });

  test('holds a sync open until one is told, and fails what nothing came back for', async () => {
    const wire = makeWire();
    const [sync, other] = [wire.fetch(`${url}/sync?timeout=30000`), wire.fetch(`${url}/versions`)];
    expect(wire.taken()).toHaveLength(1);
    wire.answer([{ status: 0, body: null }]);
    await expect(other).rejects.toThrow(TypeError);
    expect(wire.sync({ next_batch: 's1' })).toBe(true);
    expect(await (await sync).json()).toEqual({ next_batch: 's1' });
    expect(wire.sync({ next_batch: 's2' })).toBe(false);
  });
});
