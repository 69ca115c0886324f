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

const median = (times: readonly number[]): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

export type PushTimes = { readonly productionMs: number; readonly nobleMs: number; readonly nodeMs: number };

/** Medians over `runs` pairs of fresh devices, taken in turn so that all see the same machine. */
export const pushBench = async (runs = 15): Promise<PushTimes> => {
  const times: { production: number[]; noble: number[]; node: number[] } = { production: [], noble: [], node: [] };
  for (let run = -2; run < runs; run += 1) {
    const production = await theirPushMs();
    const noble = ourPushMs(makeRealSuite(`push ${run}`));
    const node = ourPushMs(makeRealSuite(`push ${run}`, nodeCurves));
    if (run < 0) continue; // warming up
    times.production.push(production);
    times.noble.push(noble);
    times.node.push(node);
  }
  return { productionMs: median(times.production), nobleMs: median(times.noble), nodeMs: median(times.node) };
};

export const printPushBench = async (): Promise<void> => {
  const { productionMs, nobleMs, nodeMs } = await pushBench();
  console.log(
    'One push between cross-signed devices, with claim and sync (median ms, and as a share of the production library)',
  );
  console.log(`  production library   ${productionMs.toFixed(2).padStart(8)}`);
  console.log(`  ours, noble curves   ${nobleMs.toFixed(2).padStart(8)}   ${(nobleMs / productionMs).toFixed(2)}×`);
  console.log(`  ours, Node's curves  ${nodeMs.toFixed(2).padStart(8)}   ${(nodeMs / productionMs).toFixed(2)}×`);
};

if (import.meta.main) await printPushBench();
