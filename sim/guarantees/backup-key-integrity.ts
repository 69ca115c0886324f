import { clausesOf } from '../../machines/acceptances.ts';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { among, filed } from './evidence/accounts.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { argumentForGift, type Hijacked, hijackedAfter, nobodyHijacked } from './evidence/hijacked.ts';
import { versionMade } from './evidence/published.ts';
import { storedAs, uploadsRoomKeys } from './evidence/requests.ts';
import { type Halves, halvesAfter, secretStored } from './evidence/secrets.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, throughout } from './watching.ts';

type Memory = Copied & {
  /** User → public keys of backups whose private key a genuine device of hers made, or she entered. */
  readonly controlled: Readonly<Record<string, readonly string[]>>;
  /** Device → the public key it seals room keys to. */
  readonly sealsTo: Readonly<Record<PlayerId, string>>;
  readonly halves: Halves;
  readonly hijacked: Hijacked;
};

/** A backup key that its user typed in, or that a device of hers in good hands made, whether or not it kept it. */
const controlling = (controlled: Memory['controlled'], moment: Moment, step: Step, witness: Witness) => {
  const made = versionMade(moment, step, witness) ?? keyMade(moment, step, witness);
  return made === null || made.public === null
    ? controlled
    : filed(controlled, made.user, among(named(controlled, made.user) ?? [], made.public));
};

const keyMade = (moment: Moment, step: Step, witness: Witness) => {
  const stored = secretStored(moment);
  if (stored?.patch.name !== BACKUP_SECRET || (isStory(step) && !witness.honest(stored.player))) return null;
  const { origin, public: half } = stored.patch.held;
  const user = witness.ownerOf(stored.player) ?? '';
  return origin.how === 'made' || origin.how === 'entered' ? { user, public: half } : null;
};

const sealing = (sealsTo: Memory['sealsTo'], moment: Moment): Memory['sealsTo'] => {
  const stored = storedAs(moment, 'backup');
  return stored?.patch.backup == null ? sealsTo : filed(sealsTo, stored.player, stored.patch.backup.publicKey);
};

const remember = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const before = asCopied(earlier, moment, 'sealsTo');
  return {
    copied: before.copied,
    controlled: controlling(before.controlled, moment, step, witness),
    sealsTo: sealing(before.sealsTo, moment),
    halves: halvesAfter(before.halves, moment, witness),
    hijacked: hijackedAfter(before.hijacked, moment, step, witness),
  };
};

export const backupKeyIntegrity: Guarantee<Memory> = {
  id: 'backup-key-integrity',
  kind: 'always',
  accepts: clausesOf('backup-key-integrity'),
  begin: { ...noneCopied, controlled: {}, sealsTo: {}, halves: {}, hijacked: nobodyHijacked },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const now = remember(before, moment, step, witness);
      if (!uploadsRoomKeys(moment) || !witness.honest(moment.from)) return { memory: now };
      const player = moment.from;
      const user = witness.ownerOf(player) ?? '';
      const key = now.sealsTo[player];
      if (key === undefined) return { memory: now };
      if (named(now.controlled, user)?.includes(key) === true) return { memory: now, shadow: [BACKUP_SECRET] };
      const secret = named(named(named(now.halves, user) ?? {}, BACKUP_SECRET) ?? {}, key);
      const broken = {
        at: player,
        about: { is: 'secret', user, name: BACKUP_SECRET } as const,
        why: `${player} uploads room keys to a backup whose private key is not ${user}’s`,
        // Where the backup is trusted for a signature alone, nobody has pushed anything.
        acceptedBy: secret === undefined ? null : argumentForGift(now.hijacked, player, secret, witness),
      };
      return { memory: now, breaks: [broken] };
    }),
};
