/** One push between cross-signed devices, with claim and sync: ours beside the production library, in one process. */
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { Suite } from '../../machines/suite.ts';
import { holdHomeserver } from '../clients/holder.ts';
import * as client from '../clients/olm-machine/index.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { tellDevice } from '../engine/loop.ts';
import { syncs } from '../engine/people.ts';
import { begin } from '../engine/prologue.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import { emptyHomeserver, registerUser } from '../homeserver/index.ts';
import { stageWith } from '../verbs/port.ts';
import { printRounds, roundsOf } from './measure.ts';

const alice = '@alice:example.org';

/** Milliseconds of one first push from phone to laptop, in a world that was set up with keys of its own. */
const ourPushMs = (suite: Suite): number => {
  const stage = stageWith(aliceAndDevices({ devices: ['phone', 'laptop'] }), { suite });
  const world = begin(stage);
  const start = performance.now();
  const pushed = tellDevice(stage, world, 'alice.phone', { type: 'user.push secret', name: BACKUP_SECRET });
  const synced = syncs(stage, pushed.world, 'alice.laptop');
  const took = performance.now() - start;
  const origin = synced.world.devices['alice.laptop']?.store.secrets[BACKUP_SECRET]?.origin;
  if (origin?.how !== 'push') throw new Error('the push that was measured did not arrive');
  return took;
};

/** The same between two machines of the production library. */
const theirPushMs = async (): Promise<number> => {
  const held = holdHomeserver(registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland'));
  const logIn = (deviceId: string) =>
    client.logInMachine(held.send, { userId: alice, password: 'wonderland', deviceId });
  const phone = await logIn('PHONE');
  const laptop = await logIn('LAPTOP');
  await client.bootstrapIdentity(phone);
  await client.shareIdentity(phone, laptop);
  for (const machine of [phone, laptop]) await client.syncMachine(machine);
  const { secret } = await client.createBackup(phone);
  const start = performance.now();
  await client.pushBackupKey(phone);
  await client.syncMachine(laptop);
  const arrived = await client.inbox(laptop, BACKUP_SECRET);
  const took = performance.now() - start;
  if (arrived[0] !== secret) throw new Error('the push that was measured did not arrive');
  return took;
};

/** Each time a pair of fresh devices. */
export const printPushBench = async (): Promise<void> => {
  const rounds = await roundsOf(async (run) => ({
    production: { ms: await theirPushMs() },
    noble: { ms: ourPushMs(makeRealSuite(`push ${run}`)) },
    node: { ms: ourPushMs(makeRealSuite(`push ${run}`, nodeCurves)) },
  }));
  const names = ['production library', 'ours, noble curves', "ours, Node's curves"] as const;
  printRounds('One push between cross-signed devices, with claim and sync', names, ['ms'], rounds);
};

if (import.meta.main) await printPushBench();
