/** Messages of a room, sealed and opened by whole devices: ours beside the production library, in one process. */
import { paths } from '../../../machines/paths.ts';
import type { Suite } from '../../../machines/suite.ts';
import * as client from '../../clients/olm-machine/index.ts';
import { scenarioOf, userOf } from '../../clients/together.ts';
import { nodeBulk, nodeCurves } from '../../crypto/node/backend.ts';
import { makeRealSuite } from '../../crypto/real/suite.ts';
import { tellDevice } from '../../engine/loop.ts';
import { syncs } from '../../engine/people.ts';
import { begin } from '../../engine/prologue.ts';
import { stageWith } from '../../verbs/port.ts';
import { aliceAndBob } from '../alice-and-bob.ts';
import { besideProduction, type Part, rounds } from '../measure.ts';

const messagesSent = 20;
/** Milliseconds a message. */
type Times = { readonly seal: number; readonly open: number };
const eachOf = (sealMs: number, openMs: number): Times => ({
  seal: sealMs / messagesSent,
  open: openMs / messagesSent,
});

/** From what its person writes until the server has it, and from the sync that brings it until it is shown. The first one, with its key, is not counted. */
const ourMessages = (suite: Suite): Times => {
  const room = '!den:example.org';
  const rooms = [{ name: 'den', history: 'shared', members: ['alice', 'bob'] }] as const;
  const stage = stageWith(scenarioOf({ simulated: ['alice', 'bob'], real: [], rooms }), { suite });
  let world = begin(stage);
  let [sealMs, openMs] = [0, 0];
  for (let nth = 0; nth <= messagesSent; nth += 1) {
    const text = `message ${nth}`;
    const begunMs = performance.now();
    const sent = tellDevice(stage, world, 'alice.phone', { type: 'user.send', room, text });
    const sentMs = performance.now();
    const synced = syncs(stage, sent.world, 'bob.phone');
    const openedMs = performance.now();
    const isShown = synced.moments.some(
      (moment) => moment.kind === 'shown' && JSON.stringify(moment.notice).includes(text),
    );
    if (!isShown) throw new Error('the message that was measured did not arrive');
    ({ world } = synced);
    if (nth > 0) [sealMs, openMs] = [sealMs + sentMs - begunMs, openMs + openedMs - sentMs];
  }
  return eachOf(sealMs, openMs);
};

/** The same between two machines of the production library, which are told who is in the room. */
const theirMessages = async (): Promise<Times> => {
  const { alice, bob } = await aliceAndBob();
  const room = await client.createRoom(alice, 'den', 'shared');
  await client.invite(alice, room, userOf('bob'));
  await client.ask(bob, { method: 'POST', path: paths.join(room), body: {} });
  for (const machine of [alice, bob]) await client.syncMachine(machine);
  const among = { room, users: [userOf('alice'), userOf('bob')], history: 'shared', sharing: 'all' } as const;
  let [sealMs, openMs] = [0, 0];
  for (let nth = 0; nth <= messagesSent; nth += 1) {
    const text = `message ${nth}`;
    const begunMs = performance.now();
    await client.sendAmong(alice, among, text);
    const sentMs = performance.now();
    const { timelines } = await client.syncRooms(bob);
    const read = [];
    for (const event of timelines[room] ?? [])
      if (event.type === 'm.room.encrypted') read.push(await client.readEvent(bob, room, event));
    const openedMs = performance.now();
    if (!read.some((one) => one.opened && one.text === text))
      throw new Error('the message that was measured did not arrive');
    if (nth > 0) [sealMs, openMs] = [sealMs + sentMs - begunMs, openMs + openedMs - sentMs];
  }
  return eachOf(sealMs, openMs);
};

export const messages: Part = {
  name: 'messages',
  title: 'A message in a room of two, after the first, in one process',
  async *measure({ runs }) {
    const all = await rounds(
      runs(7, 21),
      async (run) => ({
        production: await theirMessages(),
        noble: ourMessages(makeRealSuite(`messages ${run}`)),
        node: ourMessages(makeRealSuite(`messages ${run}`, nodeCurves, nodeBulk)),
      }),
      1,
    );
    yield* besideProduction({ seal: 'a message sealed and sent', open: 'a sync, and the message opened' }, all);
  },
};
