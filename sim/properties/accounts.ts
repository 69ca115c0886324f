/** Whose device is whose: told from who logged it in, not from what a server lists. */

import { stringAt } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { deviceId } from '../names.ts';
import type { Moment, PlayerId } from '../types.ts';
import type { Witness } from './types.ts';

/** `@alice:example.org PHONE` → who logged it in; and those that were logged out since. */
export type Accounts = {
  readonly loggedInBy: Readonly<Record<string, PlayerId>>;
  readonly gone: readonly string[];
};
export const noAccounts: Accounts = { loggedInBy: {}, gone: [] };

const address = (user: UserId, device: DeviceId): string => `${user} ${device}`;

/** `alice` of `@alice:example.org`: names are those of the cast, and each is there once. */
export const nameOf = (user: UserId): string => user.slice(1).split(':', 1)[0] ?? user;

/** `record` with one more entry, its names in order: memories that are equal are equal as texts. */
export const filed = <T>(record: Readonly<Record<string, T>>, name: string, value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    [...Object.entries({ ...record, [name]: value })].sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** `list` with `more` in it, each once, in order; the same list where nothing is new. */
export const among = (list: readonly string[], ...more: readonly string[]): readonly string[] =>
  more.every((one) => list.includes(one)) ? list : [...new Set([...list, ...more])].sort();

/** Accounts after a moment: logins, logouts and removals of devices, as their servers confirmed them. */
export const accountsAfter = (accounts: Accounts, moment: Moment): Accounts => {
  if (moment.kind !== 'request' || moment.status !== 200 || moment.method === 'GET') return accounts;
  const { path, from, response, method } = moment;
  if (path.endsWith('/v3/login')) {
    const user = stringAt(response, 'user_id');
    const device = stringAt(response, 'device_id');
    if (user === undefined || device === undefined) return accounts;
    const where = address(user, device);
    return {
      loggedInBy: filed(accounts.loggedInBy, where, from),
      gone: accounts.gone.filter((one) => one !== where),
    };
  }
  const isRemoval = method === 'DELETE' && path.includes('/v3/devices/');
  if (!isRemoval && !path.endsWith('/v3/logout')) return accounts;
  const self = deviceOf(accounts, from);
  if (self === null) return accounts;
  const device = isRemoval ? decodeURIComponent(path.split('/').at(-1) ?? '') : self.device;
  return { ...accounts, gone: among(accounts.gone, address(self.user, device)) };
};

// Every request is asked after, and logins are few.
const actsAs = new WeakMap<Accounts['loggedInBy'], Map<PlayerId, ReturnType<typeof deviceOf>>>();

/** The account and device id that a player acts with; `null` for servers, and for devices nobody logged in. */
export const deviceOf = (
  { loggedInBy }: Accounts,
  player: PlayerId,
): { readonly user: UserId; readonly device: DeviceId } | null => {
  const known = actsAs.get(loggedInBy) ?? new Map<PlayerId, ReturnType<typeof deviceOf>>();
  actsAs.set(loggedInBy, known);
  const before = known.get(player);
  if (before !== undefined) return before;
  const found = findDevice(loggedInBy, player);
  known.set(player, found);
  return found;
};

const findDevice = (loggedInBy: Accounts['loggedInBy'], player: PlayerId): ReturnType<typeof deviceOf> => {
  const [owner = player, name = ''] = player.split('.');
  const found = Object.entries(loggedInBy).find(
    ([where, by]) => by === player || (by === owner && where.endsWith(` ${deviceId(name)}`)),
  );
  const [user, device] = found?.[0].split(' ') ?? [];
  return user === undefined || device === undefined ? null : { user, device };
};

/** The account a player acts with; `null` where there is none. */
export const userOf = (accounts: Accounts, player: PlayerId): UserId | null => deviceOf(accounts, player)?.user ?? null;

/** Who runs a device: `null` where nobody ever logged it in (a server made it up). */
export const runnerOf = ({ loggedInBy }: Accounts, user: UserId, device: DeviceId): PlayerId | null =>
  loggedInBy[address(user, device)] ?? null;

/** Whether the person whose account it is logged the device in. */
export const isGenuineDevice = (accounts: Accounts, user: UserId, device: DeviceId): boolean =>
  runnerOf(accounts, user, device)?.split('.')[0] === nameOf(user);

export const isGone = ({ gone }: Accounts, user: UserId, device: DeviceId): boolean =>
  gone.includes(address(user, device));

/** Whether the device is genuine and in the hands of a thief. */
export const isStolen = (accounts: Accounts, witness: Witness, user: UserId, device: DeviceId): boolean => {
  const player = runnerOf(accounts, user, device);
  return player !== null && witness.stolen(player);
};
