import type { RoomId } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { type Accounts, accountsAfter, among, filed, noAccounts, userOf } from './evidence/accounts.ts';
import { askedIn } from './evidence/asked.ts';
import { keysStored, roomActs, sentIn, storedAs, syncedIn } from './evidence/requests.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = {
  readonly accounts: Accounts;
  /** Session → who can hold it: they made it, were given it or a bundle with it, stored or learned it. */
  readonly holders: Readonly<Record<string, readonly UserId[]>>;
  /** Room → server → who left as far as it can know: they, or whoever put them out, said so there. */
  readonly left: Readonly<Record<RoomId, Readonly<Record<string, readonly UserId[]>>>>;
  /** Device → room → who it has been told is out. */
  readonly told: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
};

const isOut = (is: string): boolean => is === 'leave' || is === 'ban';

const changed = (list: readonly UserId[], user: UserId, isIn: boolean): readonly UserId[] =>
  isIn ? among(list, user) : list.includes(user) ? list.filter((one) => one !== user) : list;

const withHolders = (memory: Memory, sessionId: string, ...users: readonly UserId[]): Memory => {
  const known = memory.holders[sessionId] ?? [];
  const now = among(known, ...users);
  return now === known ? memory : { ...memory, holders: filed(memory.holders, sessionId, now) };
};

/** Who can hold which session after a moment. */
const holding = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const given = storedAs(moment, 'room key given');
  if (given !== null) return withHolders(memory, given.patch.sessionId, ...given.patch.to.map(({ user }) => user));
  const shared = storedAs(moment, 'history shared');
  if (shared !== null)
    return shared.patch.devices.length === 0
      ? memory
      : shared.patch.sessions.reduce((now, id) => withHolders(now, id, shared.patch.user), memory);
  if (moment.kind === 'learned') {
    const id = sessionIdIn(moment.term);
    const own = memory.accounts.logins.find(({ user }) => witness.personOf(user) === moment.player)?.user;
    return id === null || own === undefined ? memory : withHolders(memory, id, own);
  }
  return keysStored(moment).reduce((now, { player, held }) => {
    const user = userOf(now.accounts, player);
    return user === null ? now : withHolders(now, held.session.sessionId, user);
  }, memory);
};

/** Who a server can know to be out: what was asked of it, and what other servers handed to it. */
const leaving = (memory: Memory, moment: Moment): Memory => {
  if (moment.kind !== 'request' || moment.status !== 200) return memory;
  const asker = userOf(memory.accounts, moment.from);
  const acts = askedIn(moment)?.asks === 'hand over' ? handedOver(moment) : roomActs(moment);
  let left = memory.left;
  for (const act of acts) {
    if (act.act !== 'member') continue;
    const user = act.user ?? asker;
    if (user === null) continue;
    const inRoom = left[act.room] ?? {};
    const known = inRoom[moment.to] ?? [];
    const now = changed(known, user, isOut(act.is));
    if (now !== known) left = filed(left, act.room, filed(inRoom, moment.to, now));
  }
  return left === memory.left ? memory : { ...memory, left };
};

const handedOver = (moment: Extract<Moment, { kind: 'request' }>): ReturnType<typeof roomActs> => {
  const pdus = (moment.body as { readonly pdus?: unknown } | null)?.pdus;
  return (Array.isArray(pdus) ? pdus : []).flatMap((pdu) =>
    pdu?.type === 'm.room.member' && typeof pdu.state_key === 'string' && typeof pdu.room_id === 'string'
      ? [{ act: 'member', room: pdu.room_id, user: pdu.state_key, is: pdu.content?.membership } as const]
      : [],
  );
};

/** Who a device has been told is out: said in a sync, or passed over in one that leaves a gap where its server knew. */
const hearing = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request' || !witness.honest(moment.from)) return memory;
  let told = memory.told;
  for (const { room, members, limited } of syncedIn(moment)) {
    const inRoom = told[moment.from] ?? {};
    const known = inRoom[room] ?? [];
    const hidden = limited ? (memory.left[room]?.[moment.to] ?? []) : [];
    const now = members.reduce((list, { user, is }) => changed(list, user, isOut(is)), among(known, ...hidden));
    if (now !== known) told = filed(told, moment.from, filed(inRoom, room, now));
  }
  return told === memory.told ? memory : { ...memory, told };
};

const look = (before: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const accounts = accountsAfter(before.accounts, moment);
  const known = accounts === before.accounts ? before : { ...before, accounts };
  const memory = hearing(leaving(holding(known, moment, witness), moment), moment, witness);
  const message = sentIn(moment);
  if (message === null || !witness.honest(message.player)) return { memory };
  const { player, room, sessionId } = message;
  const sender = userOf(accounts, player);
  const holders = memory.holders[sessionId] ?? [];
  const out = memory.told[player]?.[room] ?? [];
  const reader = holders.find((user) => user !== sender && out.includes(user));
  return {
    memory,
    breaks:
      reader === undefined
        ? []
        : [
            {
              at: player,
              about: { is: 'room key', room, sessionId },
              why: `${player} knows that ${reader} is out of ${room}, and writes under a room key that ${reader} holds`,
              acceptedBy: null,
            },
          ],
    shadow: reader === undefined && holders.some((user) => user !== sender),
  };
};

export const forwardExclusion: Guarantee<Memory> = {
  id: 'forward-exclusion',
  kind: 'always',
  accepts: [],
  begin: { accounts: noAccounts, holders: {}, left: {}, told: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness)),
};
