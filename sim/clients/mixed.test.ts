/** A real `OlmMachine` as one of Alice's devices, among simulated ones, on the simulated homeserver. Nothing is mocked. */
import { expect, test } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { sendAs } from '../attackers/account.ts';
import { tellDevice } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { passwordOf, syncs } from '../engine/people.ts';
import { begin } from '../engine/prologue.ts';
import { step } from '../engine/step.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Moment } from '../engine/types.ts';
import type { Progress, World } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import * as client from './olm-machine/index.ts';

const alice = '@alice:example.org';
const interim = 'io.element.msc4385.secret.push';

/** Alice's phone and laptop are simulated; her tablet is real, and signed by the identity her phone made. */
const mixed = async (story: Parameters<typeof aliceAndDevices>[0]['story'] = []) => {
  const scenario = aliceAndDevices({
    devices: ['phone', 'laptop'],
    identifiers: 'both',
    attackers: [{ name: 'mallory', plays: 'stolen-token', of: 'alice' }],
    story,
  });
  const stage = stageWith(scenario);
  let world: World = begin(stage);
  const moments: Moment[] = [];
  const take = (progress: Progress): void => {
    world = progress.world;
    moments.push(...progress.moments);
  };
  const tablet = await client.logInMachine(
    ({ accessToken, method, path, query, body }) => {
      const asked = call(stage, world, 'alice.tablet', 'example.org', {
        accessToken,
        method,
        path,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body }),
      });
      take(asked);
      if (asked.answer === null) throw new Error('the simulated network lost a real request: no fault was set');
      return asked.answer;
    },
    { userId: alice, password: passwordOf('alice'), deviceId: 'TABLET' },
  );
  const secretOf = (name: string) => world.devices['alice.phone']?.store.secrets[name]?.secret ?? '';
  await client.publishKeys(tablet);
  await tablet.olm.importCrossSigningKeys(
    secretOf('m.cross_signing.master'),
    secretOf('m.cross_signing.self_signing'),
    secretOf('m.cross_signing.user_signing'),
  );
  await client.lookUp(tablet, [alice]);
  const own = await tablet.olm.getDevice(client.userIdOf(alice), client.deviceIdOf('TABLET'));
  if (own === undefined) throw new Error('the real machine does not know its own device');
  await client.carry(tablet, await own.verify());
  await client.syncMachine(tablet);
  for (const player of ['alice.phone', 'alice.laptop']) take(syncs(stage, world, player));
  return { stage, tablet, moments, take, world: () => world, secretOf };
};

test('a push from a simulated device lands in the inbox of the production crypto stack', async () => {
  const { stage, tablet, take, world, secretOf } = await mixed();
  take(tellDevice(stage, world(), 'alice.phone', { type: 'user.reset backup' }));
  const received = await client.syncMachine(tablet);
  expect(received).toContainEqual(
    expect.objectContaining({ outcome: 'decrypted', event: expect.objectContaining({ type: interim }) }),
  );
  expect(await client.inbox(tablet, BACKUP_SECRET)).toEqual([secretOf(BACKUP_SECRET)]);
});

test('a push from the production crypto stack is tested, believed and used by a simulated device', async () => {
  const { stage, tablet, take, world } = await mixed();
  const { secret, version, publicKey } = await client.createBackup(tablet);
  await client.pushBackupKey(tablet);
  take(syncs(stage, world(), 'alice.laptop'));
  const { secrets, backup } = world().devices['alice.laptop']?.store ?? {};
  expect(secrets?.[BACKUP_SECRET]).toMatchObject({
    secret,
    public: publicKey,
    origin: { how: 'push', user: alice, device: 'TABLET' },
  });
  expect(backup).toEqual({ version, publicKey });
});

test('a push from a simulated device that nobody cross-signed opens and does not land', async () => {
  const logIn = [{ who: 'mallory', verb: 'log in as', args: { 'log in as': 'watch' } }];
  const { stage, tablet, take, world } = await mixed([logIn]);
  const stepped = step(stage, world(), 'act');
  take({ world: stepped.world, moments: stepped.step.moments });
  await client.syncMachine(tablet);
  const secret = stage.suite.backupKey('mallory').secret;
  take(
    sendAs(
      stage,
      world(),
      'mallory.watch',
      [{ user: alice, device: 'TABLET' }],
      interim,
      { name: BACKUP_SECRET, secret },
      true,
    ),
  );
  const received = await client.syncMachine(tablet);
  expect(received).toContainEqual(
    expect.objectContaining({ outcome: 'decrypted', event: expect.objectContaining({ type: interim }) }),
  );
  expect(await client.inbox(tablet, BACKUP_SECRET)).toEqual([]);
});
