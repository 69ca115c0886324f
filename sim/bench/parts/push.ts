/** A secret pushed, for the first time and again: ours beside the production library, in one process. */
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import type { Suite } from '../../../machines/suite.ts';
import { holdHomeserver } from '../../clients/holder.ts';
import * as client from '../../clients/olm-machine/index.ts';
import { nodeBulk, nodeCurves } from '../../crypto/node/backend.ts';
import { makeRealSuite } from '../../crypto/real/suite.ts';
import { tellDevice } from '../../engine/loop.ts';
import { syncs } from '../../engine/people.ts';
import { begin } from '../../engine/prologue.ts';
import { aliceAndDevices } from '../../engine/testing.ts';
import { emptyHomeserver, registerUser } from '../../homeserver/index.ts';
import { stageWith } from '../../verbs/port.ts';
import { besideProduction, type Part, rounds } from '../measure.ts';

const alice = '@alice:example.org';

/** Milliseconds. */
type Times = { readonly first: number; readonly again: number };

/** From phone to laptop, in a world that was set up with keys of its own; and the same key once more. */
const ourPushes = (suite: Suite): Times => {
  const stage = stageWith(aliceAndDevices({ devices: ['phone', 'laptop'] }), { suite });
  let world = begin(stage);
  const push = (): number => {
    const start = performance.now();
    const pushed = tellDevice(stage, world, 'alice.phone', { type: 'user.push secret', name: BACKUP_SECRET });
    const synced = syncs(stage, pushed.world, 'alice.laptop');
    const took = performance.now() - start;
    const isStored = synced.moments.some((moment) => moment.kind === 'stored' && moment.patch.patch === 'secret');
    if (!isStored) throw new Error('the push that was measured did not arrive');
    ({ world } = synced);
    return took;
  };
  return { first: push(), again: push() };
};

/** The same between two machines of the production library. */
const theirPushes = async (): Promise<Times> => {
  const held = holdHomeserver(registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland'));
  const logIn = (deviceId: string) =>
    client.logInMachine(held.send, { userId: alice, password: 'wonderland', deviceId });
  const phone = await logIn('PHONE');
  const laptop = await logIn('LAPTOP');
  await client.bootstrapIdentity(phone);
  await client.shareIdentity(phone, laptop);
  for (const machine of [phone, laptop]) await client.syncMachine(machine);
  const { secret } = await client.createBackup(phone);
  const push = async (): Promise<number> => {
    const start = performance.now();
    await client.pushBackupKey(phone);
    const received = await client.syncMachine(laptop);
    const arrived = await client.inbox(laptop, BACKUP_SECRET);
    const took = performance.now() - start;
    if (!received.some(({ outcome }) => outcome === 'decrypted') || arrived.at(-1) !== secret)
      throw new Error('the push that was measured did not arrive');
    return took;
  };
  return { first: await push(), again: await push() };
};

export const push: Part = {
  name: 'push',
  title: 'A secret pushed between two cross-signed devices, in one process',
  async *measure({ runs }) {
    const all = await rounds(
      runs(15, 41),
      async (run) => ({
        production: await theirPushes(),
        noble: ourPushes(makeRealSuite(`push ${run}`)),
        node: ourPushes(makeRealSuite(`push ${run}`, nodeCurves, nodeBulk)),
      }),
      2,
    );
    const done = {
      first: 'the first push, with claim and sync',
      again: 'the next push, within the session that there is',
    };
    yield* besideProduction(done, all);
  },
};
