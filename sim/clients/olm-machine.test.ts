import { expect, test } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { objectAt } from '../../machines/json.ts';
import { emptyHomeserver, hasNews, registerUser } from '../homeserver/index.ts';
import { holdHomeserver } from './holder.ts';
import * as client from './olm-machine/index.ts';

const alice = '@alice:example.org';
/** What the production stack calls a pushed secret while MSC4385 is not merged. */
const pushType = 'io.element.msc4385.secret.push';

/** Alice's phone and laptop signed by her identity, and a tablet that somebody logged in and nobody signed. */
const threeMachines = async () => {
  const held = holdHomeserver(registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland'));
  const logIn = (deviceId: string) =>
    client.logInMachine(held.send, { userId: alice, password: 'wonderland', deviceId });
  const phone = await logIn('PHONE');
  const laptop = await logIn('LAPTOP');
  const tablet = await logIn('TABLET');
  await client.bootstrapIdentity(phone);
  await client.shareIdentity(phone, laptop);
  await client.publishKeys(tablet);
  for (const machine of [phone, laptop, tablet]) await client.syncMachine(machine);
  return { held, phone, laptop, tablet };
};

/** A push from `from` that skips the sender's own rules about whom to push to. */
const pushAnyway = (from: client.RealMachine, to: client.RealMachine, secret: string) =>
  client.sendAnything(from, to, pushType, { name: BACKUP_SECRET, secret });

test('a backup key pushed by one cross-signed machine lands in the inbox of the other', async () => {
  const { phone, laptop } = await threeMachines();
  const { secret } = await client.createBackup(phone);
  const sent = await client.pushBackupKey(phone);
  const [received] = await client.syncMachine(laptop);
  expect(received).toMatchObject({ outcome: 'decrypted', event: { type: pushType, content: { secret } } });
  expect(await client.inbox(laptop, BACKUP_SECRET)).toEqual([secret]);
  expect(sent.map(({ request }) => Object.keys(objectAt(objectAt(request.body, 'messages'), alice)))).toEqual([
    ['LAPTOP'],
  ]);
});

test('a push from a machine that nobody cross-signed opens and still does not land', async () => {
  const { laptop, tablet } = await threeMachines();
  const { secret } = await client.createBackup(tablet);
  await pushAnyway(tablet, laptop, secret);
  const [received] = await client.syncMachine(laptop);
  expect(received).toMatchObject({ outcome: 'decrypted', event: { type: pushType, content: { secret } } });
  expect(await client.inbox(laptop, BACKUP_SECRET)).toEqual([]);
});

test('the same push lands once the machine that sends it is cross-signed', async () => {
  const { phone, laptop, tablet } = await threeMachines();
  await client.shareIdentity(phone, tablet);
  await client.syncMachine(laptop);
  const { secret } = await client.createBackup(tablet);
  await pushAnyway(tablet, laptop, secret);
  await client.syncMachine(laptop);
  expect(await client.inbox(laptop, BACKUP_SECRET)).toEqual([secret]);
});

test('a push in clear text, which is all a server could write, does not land', async () => {
  const { held, phone, laptop } = await threeMachines();
  const content = { name: BACKUP_SECRET, secret: (await client.createBackup(phone)).secret };
  held.send({
    accessToken: phone.accessToken,
    method: 'PUT',
    path: `/_matrix/client/v3/sendToDevice/${pushType}/clear`,
    body: { messages: { [alice]: { LAPTOP: content } } },
  });
  expect(await client.syncMachine(laptop)).toMatchObject([{ outcome: 'in the clear', event: { content } }]);
  expect(await client.inbox(laptop, BACKUP_SECRET)).toEqual([]);
});

test('a machine keeps fifty one-time keys and a fallback key published', async () => {
  const { held, phone, laptop } = await threeMachines();
  await client.createBackup(phone);
  await client.pushBackupKey(phone);
  const published = () => held.now().users[alice]?.keys.LAPTOP;
  expect(published()?.oneTime).toHaveLength(49);
  await client.syncMachine(laptop);
  expect(published()?.oneTime).toHaveLength(50);
  expect(published()?.fallback.signed_curve25519?.used).toBe(false);
});

test('machines that have synced to the end have no news left', async () => {
  const { held, phone, laptop, tablet } = await threeMachines();
  for (let round = 0; round < 3; round += 1)
    for (const machine of [phone, laptop, tablet]) await client.syncMachine(machine);
  for (const { deviceId } of [phone, laptop, tablet]) expect(hasNews(held.now(), alice, deviceId)).toBe(false);
});

test('a machine stops at a refused request and shows the refusal', async () => {
  const held = holdHomeserver(registerUser(emptyHomeserver('example.org'), 'alice', 'wonderland'));
  const machine = await client.startMachine(held.send, { userId: alice, deviceId: 'PHONE', accessToken: 'stale' });
  const exchanges = await client.pump(machine);
  expect(exchanges.map(({ response }) => response.status)).toContain(401);
});
