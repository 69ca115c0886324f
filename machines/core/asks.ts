/** What charts ask of the core: all that needs the suite or the store. */
import type { CoreRequest } from '../effects.ts';
import type { Asker } from '../events.ts';
import { own } from '../json.ts';
import { paths } from '../paths.ts';
import type { Store } from '../store.ts';
import { makeBackup, makeRoomKey, readBackup, sealRoomKeys } from './backup.ts';
import { send, startSessions } from './courier.ts';
import { answer, type CoreStep, type Env, isHeard, news, replyTo } from './env.ts';
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
import { makeIdentity, signDevice, uploadKeys } from './own-keys.ts';
import { askMembers, askMessages } from './rooms.ts';
import { signUser } from './verifying.ts';

/** Carries out what a chart asks of the core, and answers it. */
export const ask = (env: Env, store: Store, asker: Asker, request: CoreRequest): CoreStep => {
  const reply = replyTo(asker, request);
  switch (request.ask) {
    case 'upload keys':
      return uploadKeys(env, store, store.counts['one-time keys on server'] ?? 0);
    case 'identity':
      return makeIdentity(env, store, reply, request.auth);
    case 'sign device':
      return signDevice(env, store, request.device, request.keys, reply);
    case 'sign user':
      return signUser(env, store, request, reply);
    case 'make backup':
      return makeBackup(env, store, reply);
    case 'seal room keys':
      return sealRoomKeys(env, store, request, reply);
    case 'read backup':
      return readBackup(env, store, request.rooms, reply);
    case 'backup version':
      return asking(store, reply, (then) => ({
        out: 'request',
        method: 'GET',
        path: paths.backupVersions,
        waiting: { core: { task: 'backup version', then } },
      }));
    case 'make room key':
      return makeRoomKey(env, store, request.room, reply);
    case 'query users':
      return { store, outs: [queryUsers(request.users, reply)] };
    case 'keep users':
      return keepUsers(env, store, request.users);
    case 'siblings': {
      const held = Object.keys(store.secrets).sort();
      return { store, outs: answer(reply, 'siblings', { siblings: siblings(env.suite, store), held }) };
    }
    case 'held secret': {
      const secret = own(store.secrets, request.name)?.secret ?? null;
      return { store, outs: answer(reply, 'held secret', { name: request.name, secret }) };
    }
    case 'drop inbox':
      return { store, outs: [{ out: 'drop inbox' }] };
    case 'send': {
      const { ask: _ask, answerAs: _as, with: _with, ...message } = request as typeof request & { with?: unknown };
      return message.encrypt && isHeard(env, 'envelope.outgoing')
        ? { store, outs: [news({ type: 'envelope.outgoing', message, reply })] }
        : send(env, store, message, reply);
    }
    case 'dispatch':
      return send(env, store, request.message, request.reply);
    case 'start sessions':
      return startSessions(env, store, request.message, request.keys);
    case 'hand on':
      return { store, outs: [heardBy(env, request.letter)] };
    case 'discard':
      return {
        store,
        outs: [
          {
            out: 'moment',
            moment: { kind: 'discarded', event: request.event, why: request.why, cause: request.cause },
          },
        ],
      };
    case 'outbound room key':
      return outboundRoomKey(env, store, request, reply);
    case 'encrypt':
      return encrypt(env, store, request, reply);
    case 'devices of':
      return answerDevicesOf(env, store, request, reply);
    case 'export room keys':
      return exportRoomKeys(env, store, request, reply);
    case 'read room keys':
      return readRoomKeys(env, store, request, reply);
    case 'seal attachment':
      return sealAttachment(env, store, request, reply);
    case 'open attachment':
      return openAttachment(env, store, request, reply);
    case 'read again':
      return readAgain(env, store, request.room);
    case 'members of':
      return asking(store, reply, (then) => askMembers(request.room, then));
    case 'messages of':
      return { store, outs: [askMessages(request.room, 1)] };
  }
};

/** A question that is nothing without somebody who waits for the answer. */
const asking = (
  store: Store,
  reply: ReturnType<typeof replyTo>,
  out: (then: NonNullable<typeof reply>) => CoreStep['outs'][number],
): CoreStep => ({
  store,
  outs: reply === null ? [] : [out(reply)],
});
