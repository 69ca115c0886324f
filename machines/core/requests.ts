/** What charts ask of the core: all that needs the suite or the store. */
import type { CoreAsks, CoreRequest, Out } from '../effects.ts';
import type { Asker, Message, Reply } from '../events.ts';
import { own } from '../json.ts';
import { paths } from '../paths.ts';
import type { Store } from '../store.ts';
import { makeBackup, makeRoomKey, readBackup, sealRoomKeys } from './backup.ts';
import {
  answer,
  type Carries,
  type CoreStep,
  type Env,
  isHeard,
  lifeOf,
  moment,
  news,
  replyTo,
  request,
} from './env.ts';
import { siblings } from './facts.ts';
import { heardBy } from './inbox.ts';
import { keepUsers, queryUsers } from './key-query.ts';
import {
  answerDevicesOf,
  encrypt,
  exportRoomKeys,
  openAttachment,
  outboundRoomKey,
  readAgain,
  readRoomKeys,
  sealAttachment,
} from './megolm.ts';
import { send, startSessions } from './outbox.ts';
import { makeIdentity, signDevice, uploadKeys } from './own-keys.ts';
import { askMembers, askMessages } from './rooms.ts';
import { signUser } from './verifying.ts';

const carried: { readonly [K in keyof CoreAsks]: Carries<K> } = {
  'upload keys': (env, store) => uploadKeys(env, store, store.counts['one-time keys on server'] ?? 0),
  identity: (env, store, { auth }, reply) => makeIdentity(env, store, reply, auth),
  'sign device': (env, store, { device, keys }, reply) => signDevice(env, store, device, keys, reply),
  'sign user': signUser,
  'make backup': (env, store, _, reply) => makeBackup(env, store, reply),
  'seal room keys': sealRoomKeys,
  'read backup': (env, store, { rooms }, reply) => readBackup(env, store, rooms, reply),
  'backup version': (_, store, _asked, reply) =>
    asking(store, reply, (then) => request('GET', paths.backupVersions, { task: 'backup version', then })),
  'make room key': (env, store, { room }, reply) => makeRoomKey(env, store, room, reply),
  'query users': (_, store, { users }, reply) => ({ store, outs: [queryUsers(users, reply)] }),
  'keep users': (env, store, { users }) => keepUsers(env, store, users),
  siblings: ({ suite }, store, _, reply) => {
    const held = Object.keys(store.secrets).sort();
    return {
      store,
      outs: answer(reply, 'siblings', { siblings: siblings(suite, store), held, life: lifeOf(store.counts) }),
    };
  },
  'held secret': (_, store, { name }, reply) => {
    const secret = own(store.secrets, name)?.secret ?? null;
    return { store, outs: answer(reply, 'held secret', { name, secret }) };
  },
  'drop inbox': (_, store) => ({ store, outs: [{ out: 'drop inbox' }] }),
  send: (env, store, asked, reply) => {
    const {
      ask: _ask,
      answerAs: _as,
      with: _with,
      ...message
    } = asked as Message & Record<'ask' | 'answerAs' | 'with', unknown>;
    return message.encrypt && isHeard(env, 'envelope.outgoing')
      ? { store, outs: [news({ type: 'envelope.outgoing', message, reply })] }
      : send(env, store, message, reply);
  },
  dispatch: (env, store, { message, reply }) => send(env, store, message, reply),
  'start sessions': (env, store, { message, keys }) => startSessions(env, store, message, keys),
  'hand on': (env, store, { letter }) => ({ store, outs: [heardBy(env, letter)] }),
  discard: (_, store, { event, why, cause }) => ({ store, outs: [moment({ kind: 'discarded', event, why, cause })] }),
  'outbound room key': outboundRoomKey,
  encrypt,
  'devices of': answerDevicesOf,
  'export room keys': exportRoomKeys,
  'read room keys': readRoomKeys,
  'seal attachment': sealAttachment,
  'open attachment': openAttachment,
  'read again': (env, store, { room }) => readAgain(env, store, room),
  'members of': (_, store, { room }, reply) => asking(store, reply, (then) => askMembers(room, then)),
  'messages of': (_, store, { room }) => ({ store, outs: [askMessages(room, 1)] }),
};

/** Carries out what a chart asks of the core, and answers it. */
export const ask = (env: Env, store: Store, asker: Asker, asked: CoreRequest): CoreStep => {
  const carries: Carries<never> = carried[asked.ask];
  // Each question finds what its own name stands for, which no type of a table follows.
  return carries(env, store, asked as never, replyTo(asker, asked));
};

/** A question that is nothing without somebody who waits for the answer. */
const asking = (store: Store, reply: Reply | null, out: (then: Reply) => Out): CoreStep => ({
  store,
  outs: reply === null ? [] : [out(reply)],
});
