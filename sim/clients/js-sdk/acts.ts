/** What its person does, as calls of the whole client: what it decides by itself (whose bundle, which backup, when history is shared) is its own. */
import { EncryptionSettings, type OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { ConnectionError, HTTPError, type MatrixClient, Preset, Visibility } from 'matrix-js-sdk';
import type { CryptoApi } from 'matrix-js-sdk/lib/crypto-api/index.js';
import { BACKUP_SECRET, MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { text } from '../olm-machine/in-rooms.ts';
import { userIdOf } from '../olm-machine/machine.ts';
import { roomIdOf } from '../olm-machine/rooms.ts';
import type { Act } from '../seat/client.ts';
import type { Watched } from './watch.ts';

/**
 * Parts that the client keeps to itself. What people do with two devices side by side (comparing, scanning) is not played here, only what
 * it ends with; these are how the client itself ends it.
 */
type Inside = {
  readonly outgoingRequestProcessor: { readonly makeOutgoingRequest: (request: object) => Promise<void> };
  readonly outgoingRequestsManager: { readonly doProcessOutgoingRequests: () => Promise<void> };
  readonly backupManager: { readonly handleBackupSecretReceived: (secret: string) => Promise<boolean> };
  readonly pushSecretToVerifiedDevices: (name: string) => Promise<void>;
};
export type Seated = {
  readonly client: MatrixClient;
  readonly crypto: CryptoApi;
  readonly olm: OlmMachine;
  readonly watched: Watched;
};
type Does = (seated: Seated, act: Act) => Promise<unknown>;

const inside = ({ crypto }: Seated): Inside => crypto as unknown as Inside;
const carry = (seated: Seated, request: object): Promise<void> =>
  inside(seated).outgoingRequestProcessor.makeOutgoingRequest(request);

/** Sends what its library wants sent now, as the client itself does after each sync. */
export const sendsNow = (seated: Seated): Promise<void> =>
  inside(seated).outgoingRequestsManager.doProcessOutgoingRequests();

/** A server's refusal, or none reached it: that is what its person is told, and no failure of the client. */
export const isRefusal = (error: unknown): boolean => error instanceof HTTPError || error instanceof ConnectionError;

/** Whatever the client says of it, it has said to its person. */
const told = async (done: Promise<unknown>): Promise<void> => {
  await done.catch(() => undefined);
};

const looksUp: Does = async (seated, act) => {
  const users = Array.isArray(act.users) ? act.users.filter((one) => typeof one === 'string') : [];
  await seated.olm.updateTrackedUsers(users.map(userIdOf));
  await carry(seated, seated.olm.queryKeysForUsers(users.map(userIdOf)));
  await sendsNow(seated);
};

const verifies: Does = async ({ crypto, client }, act) => {
  const device = text(act, 'device');
  await crypto.userHasCrossSigningKeys();
  await crypto.setDeviceVerified(client.getSafeUserId(), device);
  await crypto.crossSignDevice(device);
};

const isVerified: Does = async (seated, act) => {
  const { crypto, client, olm, watched } = seated;
  watched.says({ how: 'verification' });
  await crypto.userHasCrossSigningKeys();
  const secrets = objectAt(act, 'secrets');
  const [master_key, self_signing_key, user_signing_key] = ['master', 'self_signing', 'user_signing'].map((name) =>
    stringAt(secrets, `m.cross_signing.${name}`),
  );
  if (master_key !== undefined && self_signing_key !== undefined && user_signing_key !== undefined) {
    await crypto.importSecretsBundle?.({ cross_signing: { master_key, self_signing_key, user_signing_key } });
    await crypto.crossSignDevice(client.getDeviceId() ?? '');
  } else {
    const identity = await olm.getIdentity(userIdOf(client.getSafeUserId()));
    if (identity !== undefined) await carry(seated, await identity.verify());
  }
  await crypto.userHasCrossSigningKeys();
  const backupKey = stringAt(secrets, BACKUP_SECRET);
  if (backupKey !== undefined) await inside(seated).backupManager.handleBackupSecretReceived(backupKey);
  else await crypto.checkKeyBackupAndEnable();
  await olm.requestMissingSecretsIfNeeded();
  await sendsNow(seated);
  watched.says({ how: 'made' });
};

const verifiesUser: Does = async (seated, act) => {
  const { olm } = seated;
  const user = text(act, 'user');
  await looksUp(seated, { act: 'look up', users: [user] });
  const identity = await olm.getIdentity(userIdOf(user));
  if (identity === undefined) throw new Error(`it knows no identity of ${user}`);
  const keys = Object.values(objectAt(JSON.parse(identity.masterKey), 'keys'));
  if (keys.includes(text(act, 'master'))) await carry(seated, await identity.verify());
};

const createsRoom: Does = ({ client }, act) => {
  const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
  const [rule, allow] = [stringAt(act, 'joinRule'), stringAt(act, 'allow')];
  const rules = {
    join_rule: rule ?? 'invite',
    ...(allow === undefined ? {} : { allow: [{ type: 'm.room_membership', room_id: allow }] }),
  };
  return client.createRoom({
    name: text(act, 'name'),
    preset: Preset.PrivateChat,
    visibility: Visibility.Private,
    initial_state: [
      state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
      state('m.room.history_visibility', { history_visibility: text(act, 'history') }),
      ...(rule === undefined ? [] : [state('m.room.join_rules', rules)]),
    ],
  });
};

const sends: Does = async ({ client }, act) => {
  const room = text(act, 'room');
  // To a room of which it has not heard yet it would write in the clear.
  if (client.getRoom(room) === null) throw new Error(`it has not heard of ${room} yet`);
  await client.sendTextMessage(room, text(act, 'text'));
};

/** In a room that it does not know (a story's past may have one that no server has) its library alone makes a key, for devices of its own. */
const startsRoomKey: Does = async (seated, act) => {
  const { client, crypto, olm } = seated;
  const id = text(act, 'room');
  const room = client.getRoom(id);
  if (room !== null) return crypto.prepareToEncrypt(room);
  const us = [client.getSafeUserId()];
  const claim = await olm.getMissingSessions(us.map(userIdOf));
  if (claim !== null && claim !== undefined) await carry(seated, claim);
  const requests = await olm.shareRoomKey(roomIdOf(id), us.map(userIdOf), new EncryptionSettings());
  for (const request of requests) await carry(seated, request);
};

const inRoom =
  (does: (client: MatrixClient, room: string, user: string) => Promise<unknown>): Does =>
  ({ client }, act) =>
    does(client, text(act, 'room'), text(act, 'user'));

const setsHistory: Does = ({ client }, act) => {
  // Whatever a story says it is, also what nobody knows.
  const content = { history_visibility: text(act, 'visibility') } as never;
  return client.sendStateEvent(text(act, 'room'), 'm.room.history_visibility' as never, content, '');
};

/** By the names of acts (`machines/events.ts`, without `user.`). */
export const acts: Readonly<Record<string, Does>> = {
  'look up': looksUp,
  'set up cross-signing': ({ crypto }) =>
    crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (makes) => makes(null) }),
  'reset cross-signing': ({ crypto }, act) =>
    crypto.bootstrapCrossSigning({
      setupNewCrossSigning: true,
      authUploadDeviceSigningKeys: (makes) => makes(objectAt(act, 'auth') as Parameters<typeof makes>[0]),
    }),
  'create backup': ({ crypto }) => crypto.resetKeyBackup(),
  'reset backup': ({ crypto }) => crypto.resetKeyBackup(),
  'delete backup': ({ crypto }) => crypto.disableKeyStorage(),
  'restore backup': ({ crypto }) => told(crypto.restoreKeyBackup()),
  'check backup': ({ crypto }) => crypto.checkKeyBackupAndEnable(),
  'push secret': (seated, act) => inside(seated).pushSecretToVerifiedDevices(text(act, 'name')),
  verifies,
  verified: isVerified,
  'verifies user': verifiesUser,
  'start room key': startsRoomKey,
  'create room': createsRoom,
  invite: inRoom((client, room, user) => client.invite(room, user)),
  join: inRoom((client, room) => told(client.joinRoom(room))),
  send: sends,
  leave: inRoom((client, room) => client.leave(room)),
  decline: inRoom((client, room) => client.leave(room)),
  knock: inRoom((client, room) => client.knockRoom(room)),
  kick: inRoom((client, room, user) => client.kick(room, user)),
  ban: inRoom((client, room, user) => client.ban(room, user)),
  unban: inRoom((client, room, user) => client.unban(room, user)),
  'set history': setsHistory,
  'scroll back': async ({ client }, act) => {
    const room = client.getRoom(text(act, 'room'));
    if (room !== null) await client.scrollback(room, 100);
  },
};
