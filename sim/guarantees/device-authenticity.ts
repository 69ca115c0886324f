import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import {
  type Accounts,
  accountsAfter,
  among,
  filed,
  isGenuineDevice,
  isGone,
  isStolen,
  noAccounts,
  userOf,
} from './evidence/accounts.ts';
import { keysStored, storedAs } from './evidence/requests.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = {
  readonly accounts: Accounts;
  /** User → where the bundles lie that their genuine devices have shared. */
  readonly shared: Readonly<Record<UserId, readonly string[]>>;
};

/** A break when `device` is not `user`'s own; one in the hands of a thief is what the text says out loud it cannot tell. */
const falseDevice = (
  accounts: Accounts,
  witness: Witness,
  at: PlayerId,
  user: UserId,
  device: DeviceId,
  what: string,
): readonly Break[] => {
  if (isStolen(accounts, witness, user, device))
    return [
      {
        at,
        about: null,
        why: `${at} ${what} ${device} of ${user}, which a thief has`,
        acceptedBy: witness.off(at, '4147-stolen-device') ? null : '4147-stolen-device',
      },
    ];
  return isGenuineDevice(accounts, user, device)
    ? []
    : [{ at, about: null, why: `${at} ${what} ${device} of ${user}, which ${user} never logged in`, acceptedBy: null }];
};

const sharing = ({ accounts }: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  const stored = storedAs(moment, 'history shared');
  if (stored === null || !witness.honest(stored.player)) return [];
  const { player, patch } = stored;
  return patch.devices.flatMap((device) => [
    ...falseDevice(accounts, witness, player, patch.user, device, 'shares history with'),
    ...(isGone(accounts, patch.user, device) && !isStolen(accounts, witness, patch.user, device)
      ? [
          {
            at: player,
            about: null,
            why: `${player} shares history with ${device}, which ${patch.user} has removed`,
            acceptedBy: null,
          },
        ]
      : []),
  ]);
};

const giving = ({ accounts }: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player) || !witness.implementsText(stored.player, 'MSC4153')) return [];
  const { player, patch } = stored;
  return patch.to.flatMap(({ user, device }) =>
    falseDevice(accounts, witness, player, user, device, 'gives a room key to'),
  );
};

type FromOthers = Extract<RoomKeyOrigin, { readonly user: UserId }>;

const believing = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] =>
  keysStored(moment).flatMap(({ player, held: { origin } }) => {
    if (!witness.honest(player) || !('user' in origin)) return [];
    // Today's rules take room keys from devices that nobody signed; whoever implements MSC4153 does not.
    if (origin.how === 'room_key' && !witness.implementsText(player, 'MSC4153')) return [];
    return fromFalseDevice(memory, witness, player, origin);
  });

const fromFalseDevice = (
  { accounts, shared }: Memory,
  witness: Witness,
  player: PlayerId,
  origin: FromOthers,
): readonly Break[] => {
  const { user, device } = origin;
  const what = origin.how === 'bundle' ? 'takes room keys from a bundle of' : 'takes a room key from';
  if (device !== null) {
    const found = falseDevice(accounts, witness, player, user, device, what);
    if (found.length > 0) return found;
  }
  const isHonestUser = accounts.logins.some((login) => login.user === user && witness.honest(login.by));
  const isTheirs = origin.how !== 'bundle' || !isHonestUser || (shared[user] ?? []).includes(origin.url);
  return isTheirs
    ? []
    : [
        {
          at: player,
          about: null,
          why: `${player} believes a bundle to be ${user}’s that no device of theirs has shared`,
          acceptedBy: null,
        },
      ];
};

const look = (before: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const accounts = accountsAfter(before.accounts, moment);
  let memory: Memory = accounts === before.accounts ? before : { ...before, accounts };
  const stored = storedAs(moment, 'history shared');
  const sharer = stored === null ? null : userOf(accounts, stored.player);
  if (stored !== null && sharer !== null)
    memory = {
      ...memory,
      shared: filed(memory.shared, sharer, among(memory.shared[sharer] ?? [], stored.patch.url)),
    };
  const breaks = [sharing, giving, believing].flatMap((judge) => judge(memory, moment, witness));
  const isGenuine = stored?.patch.devices.some((device) => isGenuineDevice(accounts, stored.patch.user, device));
  return { memory, breaks, shadow: isGenuine === true && breaks.length === 0 };
};

export const deviceAuthenticity: Guarantee<Memory> = {
  id: 'device-authenticity',
  kind: 'always',
  accepts: ['4147-stolen-device'],
  begin: { accounts: noAccounts, shared: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness)),
};
