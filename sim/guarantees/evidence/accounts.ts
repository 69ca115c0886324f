/** Whose device is whose: told from who logged it in, not from what a server lists. */

import { own, stringAt, without } from '../../../machines/json.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import { deviceId } from '../../engine/names.ts';
import { deviceNameIn, ownerIn } from '../../engine/player.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { doneIn } from './asked.ts';

/** That somebody has signed in as a user. */
export type Login = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly by: PlayerId;
  /** Logged out, or removed, since. */
  readonly isGone: boolean;
};
/** By user and device id, each device once: the last login counts. */
export type Accounts = { readonly logins: readonly Login[] };
export const noAccounts: Accounts = { logins: [] };

/** `record` with its names in order: memories that are equal are equal as texts. */
export const inOrder = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

/** `record` with one more entry, in order. */
export const filed = <T>(record: Readonly<Record<string, T>>, name: string, value: T): Readonly<Record<string, T>> =>
  inOrder({ ...record, [name]: value });

/** The same with an entry in the record of `name`. */
export const filedIn = <T>(
  all: Readonly<Record<string, Readonly<Record<string, T>>>>,
  name: string,
  who: string,
  value: T,
): Readonly<Record<string, Readonly<Record<string, T>>>> => filed(all, name, filed(own(all, name) ?? {}, who, value));

/** `record` with that entry; without one of that name where it is `null`. */
export const filedOrNot = <T>(
  record: Readonly<Record<string, T>>,
  name: string,
  value: T | null,
): Readonly<Record<string, T>> => (value === null ? without(record, name) : filed(record, name, value));

/** `all` with that record under `name`; without one of that name where nothing is in it. */
export const filedIfAny = <T extends object>(
  all: Readonly<Record<string, T>>,
  name: string,
  record: T,
): Readonly<Record<string, T>> => filedOrNot(all, name, Object.keys(record).length === 0 ? null : record);

/** `all` without an entry in the record of `name`, or without that record where no other is in it; the same where there is none. */
export const withoutIn = <T>(
  all: Readonly<Record<string, Readonly<Record<string, T>>>>,
  name: string,
  who: string,
): Readonly<Record<string, Readonly<Record<string, T>>>> => {
  const before = own(all, name) ?? {};
  const now = without(before, who);
  return now === before ? all : filedIfAny(all, name, now);
};

/** `list` with `more` in it, each once, in order; the same list where nothing is new. */
export const among = (list: readonly string[], ...more: readonly string[]): readonly string[] =>
  more.every((one) => list.includes(one)) ? list : [...new Set([...list, ...more])].sort();

type Lists = Readonly<Record<string, readonly string[]>>;
/** `all` with `one` in the list of that name; the same where it is there already. */
export const noted = (all: Lists, name: string, ...more: readonly string[]): Lists => {
  const before = own(all, name) ?? [];
  const now = among(before, ...more);
  return now === before && Object.hasOwn(all, name) ? all : filed(all, name, now);
};
/** `all` without `one` in the list of that name, or without that list where nothing else is in it; the same where it is not there. */
export const unnoted = <T extends string>(
  all: Readonly<Record<string, readonly T[]>>,
  name: string,
  one: T,
): Readonly<Record<string, readonly T[]>> => {
  const before = own(all, name);
  if (before?.includes(one) !== true) return all;
  const left = before.filter((other) => other !== one);
  return filedOrNot(all, name, left.length === 0 ? null : left);
};
/** `noted` in the records of `name`. */
export const notedIn = (
  all: Readonly<Record<string, Lists>>,
  name: string,
  who: string,
  ...more: readonly string[]
): Readonly<Record<string, Lists>> => {
  const before = own(all, name) ?? {};
  const now = noted(before, who, ...more);
  return now === before ? all : filed(all, name, now);
};

const withLogin = ({ logins }: Accounts, login: Login): Accounts => ({
  logins: [...logins.filter(({ user, device }) => user !== login.user || device !== login.device), login].sort(
    (one, other) => (one.user === other.user ? (one.device < other.device ? -1 : 1) : one.user < other.user ? -1 : 1),
  ),
});

/** Accounts after a moment: logins, logouts and removals of devices, as their servers confirmed them. */
export const accountsAfter = (accounts: Accounts, moment: Moment): Accounts => {
  const asked = doneIn(moment);
  if (asked === null || moment.kind !== 'request') return accounts;
  const { from, response } = moment;
  if (asked.asks === 'log in') {
    const user = stringAt(response, 'user_id');
    const device = stringAt(response, 'device_id');
    if (user === undefined || device === undefined) return accounts;
    return withLogin(accounts, { user, device, by: from, isGone: false });
  }
  if (asked.asks !== 'remove device' && asked.asks !== 'log out') return accounts;
  const self = deviceOf(accounts, from);
  const gone = self === null ? null : loginOf(accounts, self.user, 'device' in asked ? asked.device : self.device);
  return gone === null || gone.isGone ? accounts : withLogin(accounts, { ...gone, isGone: true });
};

/**
 * The login that a player acts with; `null` for servers, and for devices nobody logged in. An attacker logs in by itself, and its device
 * goes on under a name of its own.
 */
export const deviceOf = ({ logins }: Accounts, player: PlayerId): Login | null => {
  const name = deviceId(deviceNameIn(player) ?? '');
  return (
    logins.find(({ by }) => by === player) ??
    logins.find(({ by, device }) => by === ownerIn(player) && device === name) ??
    null
  );
};

/** The account a player acts with; `null` where there is none. */
export const userOf = (accounts: Accounts, player: PlayerId): UserId | null => deviceOf(accounts, player)?.user ?? null;

/** The login of a device: `null` where nobody ever logged it in (a server made it up). */
export const loginOf = ({ logins }: Accounts, user: UserId, device: DeviceId): Login | null =>
  logins.find((one) => one.user === user && one.device === device) ?? null;

/** Whether it was the person whose account it is that logged in. */
export const isOwn = ({ user, by }: Login, witness: Witness): boolean =>
  witness.personOf(user) === witness.holderOf(by);

/** The same of whoever logged in that device; a device that nobody logged in is nobody's. */
export const isGenuineDevice = (accounts: Accounts, user: UserId, device: DeviceId, witness: Witness): boolean => {
  const login = loginOf(accounts, user, device);
  return login !== null && isOwn(login, witness);
};

/** Whether a player's device has logged out, or was removed by its user. */
export const hasLeft = (accounts: Accounts, player: PlayerId): boolean => deviceOf(accounts, player)?.isGone === true;

export const isGone = (accounts: Accounts, user: UserId, device: DeviceId): boolean =>
  loginOf(accounts, user, device)?.isGone === true;
