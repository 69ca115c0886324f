/** What a patch does to the store. */
import type { Out } from '../effects.ts';
import { own } from '../json.ts';
import type { Store, StorePatch } from '../store.ts';
import { type Env, newsNext } from './env.ts';
import { secretPublic, userOf } from './facts.ts';
import { memberSet } from './rooms.ts';

/** A secret's public half is worked out under the name it is filed by: an answer to a request does not say its name. */
export const settled = (env: Env, patch: StorePatch): StorePatch =>
  patch.patch === 'secret'
    ? { ...patch, held: { ...patch.held, public: secretPublic(env.suite, patch.name, patch.held.secret) } }
    : patch;

export const patched = (store: Store, patch: StorePatch): Store => {
  switch (patch.patch) {
    case 'secret':
      return { ...store, secrets: { ...store.secrets, [patch.name]: patch.held } };
    case 'forget secret': {
      const { [patch.name]: _gone, ...secrets } = store.secrets;
      return { ...store, secrets };
    }
    case 'backup':
      return { ...store, backup: patch.backup };
    case 'backed up': {
      const roomKeys = { ...store.roomKeys };
      for (const id of patch.sessions) {
        const held = own(roomKeys, id);
        if (held !== undefined) roomKeys[id] = { ...held, backedUpIn: patch.version };
      }
      return { ...store, roomKeys };
    }
    case 'pin': {
      const before = userOf(store, patch.user);
      return {
        ...store,
        users: { ...store.users, [patch.user]: { ...before, identity: { ...before.identity, pinned: patch.master } } },
      };
    }
    case 'room keys':
      return { ...store, roomKeys: { ...store.roomKeys, ...patch.keys } };
    case 'room made':
      return own(store.rooms, patch.room) === undefined
        ? { ...store, rooms: { ...store.rooms, [patch.room]: patch.view } }
        : store;
    case 'room visibility': {
      const view = own(store.rooms, patch.room);
      return view === undefined
        ? store
        : { ...store, rooms: { ...store.rooms, [patch.room]: { ...view, historyVisibility: patch.visibility } } };
    }
    case 'room member': {
      const set = memberSet(store, patch);
      return set === null ? store : { ...store, rooms: { ...store.rooms, [patch.room]: set.view } };
    }
    case 'withheld':
      return { ...store, withheld: { ...store.withheld, ...patch.entries } };
    case 'room key given': {
      const outbound = own(store.outbound, patch.room);
      if (outbound === undefined) return store;
      const given = new Map(Object.entries(outbound.given));
      for (const { user, device } of patch.to) given.set(user, [...(given.get(user) ?? []), device]);
      return {
        ...store,
        outbound: { ...store.outbound, [patch.room]: { ...outbound, given: Object.fromEntries(given) } },
      };
    }
    case 'history shared':
    case 'backup preference':
      return store; // kept as evidence only: what was given away is gone, and what was decided the chart knows
  }
};

/** What charts are to hear of a patch before anybody goes on: who is out or in by what was done here is no news to wait for. */
export const newsOf = (store: Store, patch: StorePatch): readonly Out[] => {
  const set = patch.patch === 'room member' ? memberSet(store, patch) : null;
  return patch.patch !== 'room member' || set === null
    ? []
    : [newsNext({ type: 'told.member', room: patch.room, change: set.change })];
};
