/** What charts ask of the core: all that needs the suite or the store. */
import type { CoreRequest, Store } from '../types.ts';
import { makeBackup, makeRoomKey, openBackup, sealRoomKeys } from './backup.ts';
import { send } from './courier.ts';
import type { CoreStep, Env } from './env.ts';
import { siblings } from './facts.ts';
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

/** Carries out what a chart asks of the core. */
export const ask = (env: Env, store: Store, request: CoreRequest): CoreStep => {
  switch (request.ask) {
    case 'upload keys':
      return uploadKeys(env, store, store.counts['one-time keys on server'] ?? 0);
    case 'identity':
      return makeIdentity(env, store, request.answerAs, request.auth);
    case 'sign device':
      return signDevice(env, store, request.device, request.keys, request.answerAs);
    case 'make backup':
      return makeBackup(env, store, request.answerAs);
    case 'seal room keys':
      return sealRoomKeys(env, store, request.backup, request.flags, request.answerAs);
    case 'open backup':
      return openBackup(env, store, request.rooms, request.told);
    case 'make room key':
      return makeRoomKey(env, store, request.room, request.answerAs);
    case 'siblings':
      return {
        store,
        outs: [
          {
            out: 'hear',
            event: {
              type: request.answerAs,
              siblings: siblings(env.suite, store),
              held: Object.keys(store.secrets).sort(),
              with: request.with,
            },
          },
        ],
      };
    case 'held secret': {
      const held = store.secrets[request.name];
      const answer = { type: request.answerAs, name: request.name, with: request.with };
      return {
        store,
        outs: [{ out: 'hear', event: held === undefined ? answer : { ...answer, secret: held.secret } }],
      };
    }
    case 'drop inbox':
      return { store, outs: [{ out: 'drop later', type: 'core.inbox' }] };
    case 'send':
      return request.encrypt && env.charts.some(({ hears }) => hears.has('envelope.outgoing'))
        ? { store, outs: [{ out: 'hear', event: { type: 'envelope.outgoing', outgoing: request } }] }
        : send(env, store, request);
    case 'dispatch':
      return send(env, store, request.outgoing);
    case 'discard':
      return {
        store,
        outs: [{ out: 'moment', moment: { kind: 'discarded', event: request.event, why: request.why } }],
      };
    case 'outbound room key':
      return outboundRoomKey(env, store, request);
    case 'encrypt':
      return encrypt(env, store, request);
    case 'devices of':
      return answerDevicesOf(env, store, request);
    case 'export room keys':
      return exportRoomKeys(env, store, request);
    case 'read room keys':
      return readRoomKeys(env, store, request);
    case 'seal attachment':
      return sealAttachment(env, store, request);
    case 'open attachment':
      return openAttachment(env, store, request);
    case 'read again':
      return readAgain(env, store, request.room);
  }
};
