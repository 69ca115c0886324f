/** What the tests of the core have in common: people's devices, letters between them, and charts that write down what they hear. */
import { setup } from 'xstate';
import { OLM_ALGORITHM } from '../algorithms.ts';
import { type Chart, makeChart } from '../chart.ts';
import { actionsOf, nothing, type Part } from '../clauses.ts';
import type { AnyEffect, DeviceMoment, Out } from '../effects.ts';
import type { AnyEvent, CoreNews, Incoming, Reply } from '../events.ts';
import { type JsonObject, own } from '../json.ts';
import type { Store } from '../store.ts';
import type { OlmSession, Suite } from '../suite.ts';
import { hear, newDevice } from './device.ts';
import type { Device, Env } from './env.ts';
import { nobody, userOf } from './facts.ts';
import { makeIdentity, ownDeviceKeys, uploadKeys } from './own-keys.ts';

export const sure = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('what should be there is not');
  return value;
};

// --- charts ----------------------------------------------------------------------------------------

type Notes = { readonly room: string | null; readonly heard: readonly AnyEvent[]; readonly lasting: readonly string[] };
/** What a chart does at an event of each type. */
type Reactions = Readonly<Record<string, (event: AnyEvent) => readonly AnyEffect[]>>;

/**
 * A chart that hears these types. It keeps what it heard (`heard`) unless it is not `isNoting`, and over a restart the types of that
 * (`lasting`). At `test.moves` it goes to another state, in which it reacts to nothing but `test.wakes`. `kind`: of its parts.
 */
export const listener = (
  id: string,
  reactions: Reactions,
  perRoom = false,
  { kind = 'plain', isNoting = true }: { readonly kind?: 'plain' | 'duty'; readonly isNoting?: boolean } = {},
): Chart => {
  const parts = Object.fromEntries(
    Object.entries(reactions).map(([type, react]): [string, Part<Notes, AnyEvent, AnyEvent>] => [
      type,
      {
        kind,
        perform: ({ heard, lasting }, event) => ({
          ...(isNoting ? { context: { heard: [...heard, event], lasting: [...lasting, event.type] } } : {}),
          effects: react(event) as never,
        }),
      },
    ]),
  );
  const machine = setup({
    types: {} as { context: Notes; events: AnyEvent; input: { me: Env['input'] } & Partial<Notes> },
    actions: actionsOf<Notes, AnyEvent, string, AnyEvent>(parts),
  }).createMachine({
    id,
    context: ({ input: { me, lasting } }) => ({ room: me.room ?? null, heard: [], lasting: lasting ?? [] }),
    initial: 'listening',
    states: {
      listening: {
        on: {
          ...Object.fromEntries(Object.keys(reactions).map((type) => [type, { actions: type }])),
          'test.moves': 'deaf',
        },
      },
      deaf: { on: { 'test.wakes': 'listening' } },
    },
  });
  return makeChart<Notes, AnyEvent, AnyEvent>(id, machine, parts, nothing, ({ lasting }) => ({ lasting }), perRoom);
};

/** A chart that hears these types and does nothing about them. */
export const noting = (id: string, ...types: readonly string[]): Chart =>
  listener(id, Object.fromEntries(types.map((type) => [type, () => []])));

/** What an instance of a `listener` has heard since it was started; `undefined`: there is none. */
export const heardBy = ({ charts }: Device, name: string): readonly AnyEvent[] | undefined =>
  own(charts, name)?.context.heard as readonly AnyEvent[] | undefined;

// --- people ----------------------------------------------------------------------------------------

/** Somebody's device without its charts' states: what functions of the core take. */
export type Person = { readonly env: Env; readonly store: Store };

export const person = (suite: Suite, user: string, device: string, charts: readonly Chart[] = []): Person => {
  const env: Env = {
    suite,
    owner: `${user}/${device}`,
    charts,
    input: { user, device, identifiers: 'stable', readings: {}, options: {}, implements: {} },
    oneTimeKeysMin: 6,
  };
  return { env, store: newDevice(env, { user, device, server: 'example.org', accessToken: 'token' }).store };
};
export const deviceOf = ({ env, store }: Person): Device => ({ ...newDevice(env, store.me), store });

/** With one-time keys and a fallback key, as after the first upload. */
export const withKeys = ({ env, store }: Person): Person => ({ env, store: uploadKeys(env, store, 0).store });
/** With a cross-signing identity of its own making. */
export const withIdentity = ({ env, store }: Person): Person => ({ env, store: makeIdentity(env, store, null).store });

/** The device keys a server lists of somebody: cross-signed where they have made an identity. */
export const listingOf = ({ env, store }: Person): JsonObject =>
  own(userOf(store, store.me.user).devices, store.me.device)?.keys ?? ownDeviceKeys(env, store);

/** `one` after a key query for these: whoever has an identity is pinned with it, unless not `pinned`. */
export const meets = ({ env, store }: Person, others: readonly Person[], pinned = true): Person => {
  const users = new Map(Object.entries(store.users));
  for (const other of others) {
    const { user, device } = other.store.me;
    const known = users.get(user) ?? nobody;
    const shown = userOf(other.store, user).identity;
    const identity = shown.master === null ? known.identity : { ...shown, pinned: pinned ? shown.pinned : null };
    const devices = new Map(Object.entries(known.devices)).set(device, { keys: listingOf(other) });
    users.set(user, { outdated: false, identity, devices: Object.fromEntries(devices) });
  }
  return { env, store: { ...store, users: Object.fromEntries(users) } };
};

// --- letters ---------------------------------------------------------------------------------------

/** A session of `from` on the `nth` one-time key of `to`. */
export const sessionTo = (from: Person, to: Person, nth = 0): OlmSession =>
  sure(
    from.env.suite.olmOutbound(
      from.store.account,
      to.store.account.curve25519.public,
      sure(Object.values(to.store.account.oneTime)[nth]).public,
      `${from.env.owner}/test session/${nth}`,
    ),
  );

/** The plaintext an honest device writes, without its own keys. */
export const plaintextOf = (from: Person, to: Person, type: string, content: JsonObject = {}): JsonObject => ({
  type,
  content,
  sender: from.store.me.user,
  recipient: to.store.me.user,
  recipient_keys: { ed25519: to.store.account.ed25519.public },
  keys: { ed25519: from.store.account.ed25519.public },
});

/** A to-device event as a sync brings it, with that plaintext (JSON, or any text); and the session after it. */
export const sealedBy = (from: Person, to: Person, session: OlmSession, plaintext: JsonObject | string, nth = 0) => {
  const text = typeof plaintext === 'string' ? plaintext : JSON.stringify(plaintext);
  const sealed = from.env.suite.olmEncrypt(session, text, `${session.id}/${nth}`);
  const raw = {
    type: 'm.room.encrypted',
    sender: from.store.me.user,
    content: {
      algorithm: OLM_ALGORITHM,
      sender_key: from.store.account.curve25519.public,
      ciphertext: { [to.store.account.curve25519.public]: sealed.message },
    },
  };
  return { raw, session: sealed.session };
};

// --- what leaves a device --------------------------------------------------------------------------

export const replyFor = (as: string, more?: unknown): Reply => ({
  to: { chart: 'asker', room: null },
  as,
  ...(more === undefined ? {} : { with: more }),
});
export const requestsIn = (outs: readonly Out[]) => outs.filter((one) => one.out === 'request');
export const momentsIn = <K extends DeviceMoment['kind']>(outs: readonly Out[], kind: K) =>
  outs.flatMap((one) =>
    one.out === 'moment' && one.moment.kind === kind ? [one.moment as Extract<DeviceMoment, { kind: K }>] : [],
  );
/** What the queue is given to be heard, by whoever. */
export const incomingIn = (outs: readonly Out[]): readonly Incoming[] =>
  outs.flatMap((one) => (one.out === 'hear' || one.out === 'hear next' ? [one.incoming] : []));
/** News of the core of that type. */
export const newsIn = <T extends CoreNews['type']>(outs: readonly Out[], type: T): readonly CoreNews<T>[] =>
  incomingIn(outs).flatMap((one) =>
    one.from === 'core' && one.event.type === type ? [one.event as unknown as CoreNews<T>] : [],
  );
/** The answers, each without what names and types it. */
export const answersIn = (outs: readonly Out[]): readonly JsonObject[] =>
  incomingIn(outs).flatMap((one) => (one.from === 'answer' ? [one.event as unknown as JsonObject] : []));

/** One event and all that the queue brings after it, in the order in which a world has it. */
export const runToQuiet = (env: Env, device: Device, ...incoming: readonly Incoming[]) => {
  const queue = [...incoming];
  const later: Incoming[] = [];
  const outs: Out[] = [];
  let now = device;
  for (let next = queue.shift(); next !== undefined; next = queue.shift() ?? later.shift()) {
    const step = hear(env, now, next);
    now = step.device;
    outs.push(...step.outs);
    const first = step.outs.flatMap((one) => (one.out === 'hear next' ? [one.incoming] : []));
    queue.unshift(...first);
    for (const one of step.outs) {
      if (one.out === 'hear') queue.push(one.incoming);
      if (one.out === 'later') later.push(one.incoming);
    }
  }
  return { device: now, outs };
};
