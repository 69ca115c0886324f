/**
 * Clients of two stacks at one served homeserver, over HTTP: two whole matrix-js-sdk, and matrix-nio on libolm. Each goes by its own
 * timers and its own sync loop, so everything here waits for what is to come about, and for nothing else.
 */
import { spawnSync } from 'node:child_process';
import {
  ClientEvent,
  createClient,
  type MatrixClient,
  type MatrixEvent,
  MatrixEventEvent,
  Preset,
} from 'matrix-js-sdk';
import { logger } from 'matrix-js-sdk/lib/logger.js';
import { RustBackupManager } from 'matrix-js-sdk/lib/rust-crypto/backup.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, objectAt, stringAt } from '../../../machines/json.ts';
import {
  type Client,
  isTrouble,
  PROTOCOL,
  type Shows,
  type Told,
  type WantedAnswer,
} from '../../clients/seat/client.ts';
import { childProcess } from '../../clients/seat/threads.ts';
import { replayed } from './log.ts';
import { type Ask, serving } from './testing.ts';

const [alice, bob, dave] = ['@alice:example.org', '@bob:example.org', '@dave:example.org'] as const;

const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import nio, olm'], { timeout: 20_000 }).status === 0,
);
const whyNoNio = python === undefined ? 'no Python here has matrix-nio and python-olm' : null;

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => silent };

let house: Awaited<ReturnType<typeof serving>>;
const clients: MatrixClient[] = [];
beforeAll(async () => {
  // Some of it logs past the logger that it is given.
  Object.assign(logger, silent, { log: silent.debug });
  // It waits up to ten seconds before it backs up, so that not all clients of a server do so at once.
  Object.defineProperty(RustBackupManager, 'maxBackupLoopStartDelayMillis', { value: 0 });
  house = await serving(alice, bob, dave);
});
afterAll(async () => {
  for (const client of clients) client.stopClient();
  await house.served.close();
});

/** Comes back with what `look` finds, as soon as it does: it looks again after each sync and whatever is decrypted. */
const until = <T>(client: MatrixClient, look: () => T | null | undefined): Promise<T> =>
  new Promise((resolve) => {
    const again = (): void => {
      const found = look();
      if (found === null || found === undefined) return;
      client.off(ClientEvent.Sync, again);
      client.off(MatrixEventEvent.Decrypted, again);
      resolve(found);
    };
    client.on(ClientEvent.Sync, again);
    client.on(MatrixEventEvent.Decrypted, again);
    again();
  });

/** A whole client, logged in with the password, syncing, and with an identity of its user's that signs it. */
const started = async (user: string, device: string): Promise<MatrixClient> => {
  const baseUrl = house.address();
  const login = await createClient({ baseUrl, logger: silent }).loginRequest({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user },
    password: 'secret',
    device_id: device,
  });
  const client = createClient({
    baseUrl,
    userId: login.user_id,
    deviceId: login.device_id,
    accessToken: login.access_token,
    cryptoCallbacks: {},
    logger: silent,
  });
  clients.push(client);
  await client.initRustCrypto({ useIndexedDB: false });
  await client.startClient();
  await until(client, () => client.isInitialSyncComplete() || null);
  await client.getCrypto()?.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (makes) => makes(null) });
  return client;
};

const messageIn = (client: MatrixClient, room: string, body: string): MatrixEvent | undefined =>
  client
    .getRoom(room)
    ?.getLiveTimeline()
    .getEvents()
    .find((event) => event.getWireType() === 'm.room.encrypted' && event.getContent().body === body);

/** matrix-nio, which says what it wants sent: it is sent to the homeserver, and its syncs wait there for news. */
const nioAt = (ask: Ask & { readonly token: string }, user: string, device: string) => {
  const client: Client = childProcess([python ?? 'python3', 'sim/clients/children/matrix-nio/main.py'])('1');
  let since: string | null = null;
  const tell = async (told: Told): Promise<Shows> => {
    let said = client.tell(told);
    for (;;) {
      if (isTrouble(said)) throw new Error(said.why);
      if ('cannot' in said) throw new Error(said.cannot);
      if ('hello' in said) throw new Error('it says hello again');
      if (!('wants' in said)) return said.shows;
      const answers: WantedAnswer[] = [];
      for (const { method, path, query = {}, body } of said.wants)
        answers.push(
          await ask(method, `${path}?${new URLSearchParams(query)}`, method === 'GET' ? undefined : (body ?? {})),
        );
      said = client.tell({ op: 'answered', answers, atMs: 0 });
    }
  };
  const syncs = async (): Promise<{ readonly body: Json; readonly shows: Shows }> => {
    const { body } = await ask('GET', since === null ? 'sync' : `sync?timeout=30000&since=${since}`);
    since = stringAt(body, 'next_batch') ?? since;
    return { body, shows: await tell({ op: 'sync', body, atMs: 0 }) };
  };
  return {
    begins: async (): Promise<void> => {
      client.tell({ op: 'hello', protocol: PROTOCOL, seed: '1' });
      await tell({ op: 'log in', user, device, server: 'example.org', accessToken: ask.token, atMs: 0 });
      await syncs();
    },
    does: (act: string, more: Readonly<Record<string, string>>) => tell({ op: 'act', act: { ...more, act }, atMs: 0 }),
    /** Syncs until `look` finds something. */
    until: async <T>(look: (synced: Awaited<ReturnType<typeof syncs>>) => T | null | undefined): Promise<T> => {
      for (;;) {
        const found = look(await syncs());
        if (found !== null && found !== undefined) return found;
      }
    },
    close: client.close,
  };
};

/** The request that a client sent and that was answered well, as soon as it was: of those that came, and of those to come. */
const happened = (method: string, path: RegExp): Promise<void> =>
  house.logged(
    ({ event, response }) =>
      'request' in event && event.request.method === method && path.test(event.request.path) && response.status === 200,
  );

describe('real clients at a served homeserver', () => {
  it('lets two matrix-js-sdk and a matrix-nio sign, back up, invite with history, join and read', {
    timeout: 60_000,
  }, async ({ skip }) => {
    if (whyNoNio !== null) skip(whyNoNio);
    const [a, b] = await Promise.all([started(alice, 'PHONE'), started(bob, 'PHONE')]);
    const nio = nioAt(await house.logIn(dave, 'TABLET'), dave, 'TABLET');
    try {
      await nio.begins();
      await a.getCrypto()?.resetKeyBackup();
      expect(await a.getCrypto()?.getActiveSessionBackupVersion()).toBe('1');

      const state = (type: string, content: object) => ({ type, state_key: '', content });
      const { room_id: room } = await a.createRoom({
        preset: Preset.PrivateChat,
        initial_state: [
          state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
          state('m.room.history_visibility', { history_visibility: 'shared' }),
        ],
      });
      await until(a, () => a.getRoom(room)?.hasEncryptionStateEvent() || null);

      // One of the other stack comes in, and reads what is said from then on.
      await a.invite(room, dave);
      await nio.until(({ body }) => objectAt(objectAt(body, 'rooms'), 'invite')[room]);
      await nio.does('join', { room });
      await until(a, () => a.getRoom(room)?.getMember(dave)?.membership === 'join' || null);
      await a.sendTextMessage(room, 'before Bob came');
      const heard = await nio.until(({ shows }) => shows.messages.find(({ text }) => text !== null));
      expect(heard).toMatchObject({ sender: alice, text: 'before Bob came' });
      await nio.does('send', { room, text: 'from the other stack' });
      expect((await until(a, () => messageIn(a, room, 'from the other stack'))).getSender()).toBe(dave);
      await happened('PUT', /\/room_keys\/keys$/);

      // Bob is given the history, and reads it: on Alice's word, and not what came from whoever gives none.
      await a.invite(room, bob);
      await until(b, () => b.getRoom(room)?.getMyMembership() === 'invite' || null);
      await b.joinRoom(room);
      await until(b, () => b.getRoom(room)?.getMyMembership() === 'join' || null);
      const joined = b.getRoom(room);
      if (joined !== null) await b.scrollback(joined, 100);
      const past = await until(b, () => messageIn(b, room, 'before Bob came'));
      expect(past.getSender()).toBe(alice);
      expect(past.getKeyForwardingUser()).toBe(alice);
      const events = () => joined?.getLiveTimeline().getEvents() ?? [];
      await until(b, () => events().find((event) => event.getSender() === dave && event.isDecryptionFailure()));

      // What is said now all three read.
      await b.sendTextMessage(room, 'now we are three');
      await until(a, () => messageIn(a, room, 'now we are three'));
      await nio.until(({ shows }) => shows.messages.find(({ text }) => text === 'now we are three'));
    } finally {
      nio.close();
    }
    expect(house.faults).toEqual([]);
    // What they asked that no server here has, they were told so as the specification says.
    const refused = house.entries.filter(({ response }) => response.status === 404 || response.status === 405);
    for (const { response } of refused)
      expect(['M_UNRECOGNIZED', 'M_NOT_FOUND']).toContain(isObject(response.body) ? response.body.errcode : null);
    expect(replayed({ users: [alice, bob, dave], entries: house.entries }).differs).toBeNull();
  });
});
