/** Clients that take their time: nobody else waits for them, and they are cut off. How long they may take is given here, and short. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { stringAt } from '../../../machines/json.ts';
import { type Patience, usualPatience } from './server.ts';
import { servingWith } from './testing.ts';

const alice = '@alice:example.org';
type House = Awaited<ReturnType<typeof servingWith>>;
let house: House;
afterEach(() => house.served.close());

/** As soon as something is so. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((next) => setImmediate(next));
};
const connected = async ({ address }: House): Promise<Socket> => {
  const socket = connect(Number(new URL(address()).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};
/** All that comes, until the server ends the connection. */
const untilCutOff = async (socket: Socket): Promise<string> => {
  let said = '';
  socket.on('data', (part) => {
    said += part.toString();
  });
  await new Promise((closed) => socket.once('close', closed));
  return said;
};
/** Sends a text byte by byte, one in each turn of this process, for as long as anybody takes it. */
const trickle = async (socket: Socket, text: string): Promise<void> => {
  for (const letter of text) {
    if (socket.destroyed) return;
    socket.write(letter);
    await new Promise((next) => setTimeout(next, 5));
  }
};
const quick = (more: Partial<Patience>): Patience => ({ ...usualPatience, ...more });
const isServed = async (): Promise<boolean> => {
  const { status } = await house.ask('example.org', null)('GET', '/_matrix/client/versions');
  return status === 200;
};

const endless = 'x'.repeat(1_000_000);
it.each<[string, Partial<Patience>, string]>([
  ['the head of a request', { headMs: 100 }, `GET /_matrix/client/versions HTTP/1.1\r\nhost: x\r\nslow: ${endless}`],
  [
    'the body of a request',
    { requestMs: 200 },
    `POST /_matrix/client/v3/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"${endless}`,
  ],
])('whoever sends %s byte by byte holds up nobody, and is cut off', async (_what, more, text) => {
  house = await servingWith(quick(more), alice);
  const slow = await connected(house);
  const cutOff = untilCutOff(slow);
  void trickle(slow, text);
  await until(() => house.served.connections() > 0);
  const phone = await house.logIn(alice, 'PHONE');
  expect((await phone('GET', 'account/whoami')).status).toBe(200);
  expect(await cutOff).toMatch(/^(HTTP\/1\.1 408 |$)/);
  expect(await isServed()).toBe(true);
  // Nothing of what it did not come to say was done.
  expect(house.entries.map(({ event }) => 'request' in event && event.request.path)).toEqual([
    '/_matrix/client/v3/login',
    '/_matrix/client/v3/account/whoami',
    '/_matrix/client/versions',
  ]);
  expect(house.faults).toEqual([]);
});

it('whoever asks and takes nothing of a long answer holds up nobody, and is cut off', async () => {
  house = await servingWith(quick({ answerMs: 100 }), alice);
  const phone = await house.logIn(alice, 'PHONE');
  // More than the system keeps between the two.
  const upload = await fetch(`${house.address()}/_matrix/media/v3/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${phone.token}` },
    body: new Uint8Array(32 * 2 ** 20),
  });
  const uri = stringAt(await upload.json(), 'content_uri') ?? '';
  const before = house.served.connections();
  const deaf = await connected(house);
  deaf.pause();
  const path = `/_matrix/client/v1/media/download/${uri.slice('mxc://'.length)}`;
  deaf.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${phone.token}\r\n\r\n`);
  await until(() => house.entries.some(({ event }) => 'request' in event && event.request.path === path));
  const during = house.served.connections();
  expect(await isServed()).toBe(true);
  await until(() => house.served.connections() < during || house.served.connections() < before);
  expect(await isServed()).toBe(true);
  deaf.destroy();
  expect(house.faults).toEqual([]);
});

it('a sync may wait for news longer than a client may take to send or to read', async () => {
  house = await servingWith(quick({ headMs: 50, requestMs: 50, answerMs: 50 }), alice);
  const phone = await house.logIn(alice, 'PHONE');
  const since = stringAt((await phone('GET', 'sync')).body, 'next_batch') ?? '';
  const told = await phone('GET', `sync?timeout=400&since=${since}`);
  expect(told.status).toBe(200);
});
