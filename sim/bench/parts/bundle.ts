/** A key bundle of a thousand sessions, made and taken in: ours beside the production library, in one process. */

import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { type HeldRoomKey, roomKeyName } from '../../../machines/room-types.ts';
import type { Suite } from '../../../machines/suite.ts';
import * as client from '../../clients/olm-machine/index.ts';
import { scenarioOf, userOf } from '../../clients/together.ts';
import { nodeBulk, nodeCurves, plainNodeCurves } from '../../crypto/node/backend.ts';
import { type Bulk, nobleBulk } from '../../crypto/real/attachment.ts';
import { type Curves, remembering } from '../../crypto/real/curves.ts';
import { plainNobleCurves } from '../../crypto/real/noble-curves.ts';
import { makeRealSuite } from '../../crypto/real/suite.ts';
import { type Kernel, plainKernel } from '../../engine/kernel.ts';
import { tellDevice } from '../../engine/loop.ts';
import { syncs } from '../../engine/people.ts';
import { begin } from '../../engine/prologue.ts';
import type { World } from '../../engine/world.ts';
import { stageWith } from '../../verbs/port.ts';
import { aliceAndBob } from '../alice-and-bob.ts';
import { besideProduction, type Part, rounds } from '../measure.ts';

const sessionsMade = 1000;
const room = '!den:example.org';

/** In milliseconds. */
type Times = { readonly buildMs: number; readonly importMs: number };

/** Sessions that nobody has used, each from its beginning. */
const freshSessions = (seed: string, room: string): readonly HeldRoomKey[] => {
  const suite = makeRealSuite(seed, nodeCurves);
  return Array.from({ length: sessionsMade }, (_, nth) => {
    const owner = `bench/owner/${nth % 20}`;
    const session = suite.megolmInbound(suite.megolmSessionKey(suite.megolmOutbound(`bench/${nth}`)), 'signed');
    if (session === null) throw new Error('the suite does not read the session key it has just written');
    return {
      room,
      session,
      senderKey: suite.backupKey(owner).public,
      senderEd25519: suite.signingKey(owner).public,
      sharedHistory: true,
      origin: { how: 'room_key', user: userOf('carol'), device: 'PHONE' },
      backedUpIn: null,
    };
  });
};

/** All who live in one program find the curve points that others have looked at; a device of its own finds none. */
const forgetPoints = (): void => {
  for (let nth = 0; nth < 1200; nth += 1)
    plainNobleCurves.isSigningKey(new Uint8Array(32).fill(nth).fill(nth >> 8, 0, 1));
};

/** A kernel that says when a server is asked for something, and when it has answered. */
const watching = (path: string, seen: { askedMs: number; answeredMs: number }): Kernel => ({
  ...plainKernel,
  respond: (world, server, request, now) => {
    if (!request.path.includes(path)) return plainKernel.respond(world, server, request, now);
    seen.askedMs = performance.now();
    const answered = plainKernel.respond(world, server, request, now);
    seen.answeredMs = performance.now();
    return answered;
  },
});

/** Alice's phone with those sessions, and Bob's, in a world that was set up with keys of its own. */
const ourWorld = (seed: string) => {
  const scenario = scenarioOf({
    simulated: ['alice', 'bob'],
    real: [],
    rooms: [{ name: 'den', history: 'shared', members: ['alice'] }],
  });
  const world = begin(stageWith(scenario, { suite: makeRealSuite(seed, nodeCurves) }));
  const phone = world.devices['alice.phone'];
  if (phone === undefined) throw new Error('the prologue did not log Alice in');
  const keys = freshSessions(seed, room).map((key) => [roomKeyName(room, key.session.sessionId), key] as const);
  const store = { ...phone.store, roomKeys: Object.fromEntries(keys) };
  return { scenario, world: { ...world, devices: { ...world.devices, 'alice.phone': { ...phone, store } } } };
};

/**
 * Build: from Alice's inviting Bob until the ciphertext is on its way up; with looking up his devices. Import: from when Bob's phone has the
 * ciphertext until it is at rest. Each with a suite that has computed nothing yet.
 */
const ourTimes = (seed: string, curves: Curves, bulk: Bulk): Times => {
  const { scenario, world } = ourWorld(seed);
  const suite = (): Suite => {
    forgetPoints();
    return makeRealSuite(seed, remembering(curves), bulk);
  };
  const up = { askedMs: 0, answeredMs: 0 };
  const inviting = stageWith(scenario, { suite: suite(), kernel: watching(paths.mediaUpload, up) });
  const begunMs = performance.now();
  const invited = tellDevice(inviting, world, 'alice.phone', { type: 'user.invite', room, user: userOf('bob') });
  const buildMs = up.askedMs - begunMs;

  const down = { askedMs: 0, answeredMs: 0 };
  const joining = stageWith(scenario, { suite: suite(), kernel: watching('/media/download/', down) });
  const synced = syncs(joining, invited.world, 'bob.phone');
  const joined = tellDevice(joining, synced.world, 'bob.phone', { type: 'user.join', room });
  const importMs = performance.now() - down.answeredMs;
  if (down.answeredMs === 0 || heldBy(joined.world) < sessionsMade)
    throw new Error('the bundle that was measured did not arrive');
  return { buildMs, importMs };
};
const heldBy = (world: World): number => Object.keys(world.devices['bob.phone']?.store.roomKeys ?? {}).length;

/** `buildRoomKeyBundle` until its ciphertext is there, and `receiveRoomKeyBundle`. */
const theirTimes = async (seed: string): Promise<Times> => {
  const { alice, bob } = await aliceAndBob();
  const den = await client.createRoom(alice, 'den', 'shared');
  const suite = makeRealSuite(seed, nodeCurves);
  const exported: Json = freshSessions(seed, den).map(({ session, senderKey, senderEd25519 }) => ({
    algorithm: MEGOLM_ALGORITHM,
    room_id: den,
    session_id: session.sessionId,
    session_key: suite.megolmExport(session, session.firstKnownIndex),
    sender_key: senderKey,
    sender_claimed_keys: { ed25519: senderEd25519 },
    forwarding_curve25519_key_chain: [],
    'm.shared_history': true,
  }));
  await alice.olm.importExportedRoomKeys(JSON.stringify(exported), () => undefined);

  await client.lookUp(alice, [userOf('bob')]);
  const begunMs = performance.now();
  const bundle = await client.buildBundle(alice, den);
  const buildMs = performance.now() - begunMs;
  if (bundle === null) throw new Error('the production library shares none of the sessions it was given');

  await client.pointAt(alice, den, userOf('bob'), bundle);
  await client.invite(alice, den, userOf('bob'));
  await client.joinWithHistory(bob, den, userOf('alice'));
  await client.syncMachine(bob);
  const taken = await client.importHistory(bob, den, userOf('alice'));
  if (taken === null) throw new Error('the bundle that was measured did not arrive');
  return { buildMs, importMs: taken.tookMs };
};

export const bundle: Part = {
  name: 'bundle',
  title: `A key bundle of ${sessionsMade} sessions, in one process`,
  async *measure({ runs }) {
    const all = await rounds(
      runs(5, 15),
      async (run) => ({
        production: await theirTimes(`production ${run}`),
        noble: ourTimes(`noble ${run}`, plainNobleCurves, nobleBulk),
        node: ourTimes(`node ${run}`, plainNodeCurves, nodeBulk),
      }),
      1,
    );
    yield* besideProduction({ buildMs: 'a bundle made', importMs: 'a bundle taken in' }, all);
  },
};
