import { clausesOf } from '../../machines/acceptances.ts';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { own, stringAt, without } from '../../machines/json.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { HeldBackup } from '../../machines/store.ts';
import type { Break } from '../engine/breaks.ts';
import { counted, named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { among, filed, filedOrNot, hasLeft, inOrder, userOf } from './evidence/accounts.ts';
import { askedIn, doneIn, type RequestMoment } from './evidence/asked.ts';
import { asCopied, type Copied, copyIn, noneCopied } from './evidence/beginning.ts';
import { currentVersion, nothingPublished, type Published, publishedAfter } from './evidence/published.ts';
import { keysStored, shownAs, storedAs, uploadsRoomKeys } from './evidence/requests.ts';
import { type Halves, halvesAfter, secretStored } from './evidence/secrets.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

/** By the names that room keys are filed under; `from`: the first message that can be read with it. */
type ByName = Readonly<Record<string, { readonly room: RoomId; readonly sessionId: string; readonly from: number }>>;
type Memory = Copied & {
  /** User → room keys her devices have, each as the best of them has it. */
  readonly made: Readonly<Record<string, ByName>>;
  /** Device → room keys it holds: the first message that each can read. */
  readonly held: Readonly<Record<PlayerId, Readonly<Record<string, number>>>>;
  /** Device that was given its backup in the story → the room keys of its user's there were then: so much it is owed. */
  readonly restored: Readonly<Record<PlayerId, ByName>>;
  /** Device → the version to which the server takes no keys of it, while nobody is told. */
  readonly refused: Readonly<Record<PlayerId, string>>;
  readonly published: Published;
  /** User → public keys of all backup versions that she ever made. */
  readonly own: Readonly<Record<string, readonly string[]>>;
  /** Which public half belongs to which backup key. */
  readonly halves: Halves;
  /** Device → the public half of the backup key that it holds. */
  readonly opens: Readonly<Record<PlayerId, string>>;
  /** Device → the backup for which it has last sealed room keys that the server took. It counts while the device uses that backup. */
  readonly fills: Readonly<Record<PlayerId, Filled>>;
  /** Device → the backup that it uses. */
  readonly uses: Readonly<Record<PlayerId, HeldBackup>>;
};

/** `isOver`: the server takes no more for it, and until then a device of hers could open it. */
type Filled = HeldBackup & { readonly isOver?: true };

/** The server takes no keys, since the backup is another one or is gone. */
const isRefusal = (moment: Moment): moment is RequestMoment =>
  // Nothing but a request asks for anything.
  askedIn(moment)?.asks === 'upload room keys' && [403, 404].includes((moment as RequestMoment).status);

const isSame = (one: HeldBackup | null, other: HeldBackup | null): boolean =>
  one?.version === other?.version && one?.publicKey === other?.publicKey;

/** A device comes up from a copy of earlier: it has the backup key that has, and goes by the backup of that time. */
const fromCopy = (before: Memory, moment: Moment, witness: Witness): Memory => {
  const copy = copyIn(moment);
  if (copy === null) return before;
  const { player, holds } = copy;
  const secret = holds.secrets[BACKUP_SECRET];
  const ofName = named(named(before.halves, witness.ownerOf(player) ?? '') ?? {}, BACKUP_SECRET) ?? {};
  const half = Object.keys(ofName).find((one) => ofName[one] === secret) ?? null;
  const used = before.uses[player];
  const goesOn = isSame(used ?? null, holds.backup);
  return {
    ...before,
    held: filed(before.held, player, inOrder(holds.roomKeys)),
    opens: filedOrNot(before.opens, player, half),
    uses: goesOn ? before.uses : without(before.uses, player),
  };
};

/** What devices hold and use, as far as their backup goes. */
const backingUp = (before: Memory, moment: Moment): Memory => {
  const secret = secretStored(moment);
  if (secret?.patch.name === BACKUP_SECRET)
    return { ...before, opens: filed(before.opens, secret.player, secret.patch.held.public ?? '') };
  const forgotten = storedAs(moment, 'forget secret');
  if (forgotten?.patch.name === BACKUP_SECRET) return { ...before, opens: without(before.opens, forgotten.player) };
  const stored = storedAs(moment, 'backup');
  if (stored !== null) {
    const { player, patch } = stored;
    return { ...before, uses: filedOrNot(before.uses, player, patch.backup) };
  }
  if (!uploadsRoomKeys(moment)) return before;
  const used = before.uses[moment.from];
  const refused = without(before.refused, moment.from);
  return used === undefined
    ? { ...before, refused }
    : { ...before, refused, fills: filed(before.fills, moment.from, used) };
};

/** The device that is given what lies in its backup, of all rooms; `null` for other moments, and where nothing is there or it got lost. */
const restoredBy = (moment: Moment): PlayerId | null => {
  const asked = doneIn(moment);
  if (asked?.asks !== 'download room keys' || asked.room !== null) return null;
  const { from, lost } = moment as RequestMoment;
  return lost === true ? null : from;
};

/** What devices hold and ask for, as far as room keys go. */
const keeping = (before: Memory, moment: Moment, witness: Witness): Memory => {
  if (isRefusal(moment) && witness.honest(moment.from))
    return { ...before, refused: filed(before.refused, moment.from, moment.query?.version ?? '') };
  const told = shownAs(moment, 'backup gone');
  if (told !== null) return { ...before, refused: without(before.refused, told.player) };
  const restoring = restoredBy(moment);
  if (restoring !== null && witness.honest(restoring))
    return {
      ...before,
      restored: filed(before.restored, restoring, named(before.made, witness.ownerOf(restoring) ?? '') ?? {}),
    };
  if (moment.kind === 'restarted') return fromCopy(before, moment, witness);
  const stored = storedAs(moment, 'room keys');
  if (stored === null || !witness.honest(stored.player)) return before;
  const { player, patch } = stored;
  const user = witness.ownerOf(player) ?? '';
  let made = named(before.made, user) ?? {};
  let held = before.held[player] ?? {};
  for (const [name, { room, session }] of Object.entries(patch.keys)) {
    const { sessionId, firstKnownIndex: index } = session;
    made = filed(made, name, { room, sessionId, from: Math.min(index, own(made, name)?.from ?? index) });
    held = filed(held, name, index);
  }
  return { ...before, made: filed(before.made, user, made), held: filed(before.held, player, held) };
};

/** Whether a device of that user that is still there has the key to a backup. */
const isOpened = ({ opens, published }: Memory, user: string, publicKey: string, witness: Witness): boolean =>
  Object.entries(opens).some(
    ([player, half]) => half === publicKey && witness.ownerOf(player) === user && isHere(published, player, witness),
  );
const isHere = ({ accounts }: Published, player: PlayerId, witness: Witness): boolean =>
  witness.honest(player) && !hasLeft(accounts, player);

/**
 * A version is made on top of another, whoever makes it, or is deleted: from then on nobody fills it. Where nobody could open it before
 * either, what was sealed for it stays lost.
 */
const ending = (before: Memory, moment: Moment, witness: Witness): Memory => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || (asked?.asks !== 'create backup version' && asked?.asks !== 'delete backup version'))
    return before;
  const user = witness.personOf(userOf(before.published.accounts, moment.from) ?? '') ?? '';
  const made = stringAt(moment.response, 'version');
  const isEnded = (version: string): boolean =>
    asked.asks === 'delete backup version' ? version === asked.version : made !== undefined && version !== made;
  let { fills } = before;
  for (const [player, fill] of Object.entries(fills)) {
    if (witness.ownerOf(player) !== user || fill.isOver === true || !isEnded(fill.version)) continue;
    if (isOpened(before, user, fill.publicKey, witness)) fills = filed(fills, player, { ...fill, isOver: true });
  }
  return fills === before.fills ? before : { ...before, fills };
};

/** Where the version that was made last is deleted the one before it takes keys again. */
const leadingBack = (before: Memory, moment: Moment, witness: Witness): Memory => {
  if (doneIn(moment)?.asks !== 'delete backup version') return before;
  let { fills } = before;
  for (const [player, { isOver, ...fill }] of Object.entries(fills)) {
    const current = currentVersion(before.published, witness.ownerOf(player) ?? '');
    if (isOver === true && current?.version === fill.version) fills = filed(fills, player, fill);
  }
  return fills === before.fills ? before : { ...before, fills };
};

const remember = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const halves = halvesAfter(earlier.halves, moment, witness);
  const now = halves === earlier.halves ? earlier : { ...earlier, halves };
  // What it restored since its copy was made it has lost with the rest, by no client's doing.
  const before = asCopied(now, moment, 'restored');
  const kept = ending(keeping(backingUp(before, moment), moment, witness), moment, witness);
  const published = publishedAfter(kept.published, moment, step, witness);
  if (published === kept.published) return kept;
  return leadingBack({ ...kept, published, own: withOwn(kept.own, published) }, moment, witness);
};

const withOwn = (own: Memory['own'], { versions }: Published): Memory['own'] =>
  Object.entries(versions).reduce((known, [user, standing]) => {
    const keys = standing.flatMap((one) => one.public ?? []);
    return filed(known, user, among(named(known, user) ?? [], ...keys));
  }, own);

/** Devices that the server turned away, with nobody told: whoever has logged out since needs to know no more. */
const turnedAway = ({ refused, published }: Memory): readonly Break[] =>
  Object.entries(refused)
    .filter(([player]) => !hasLeft(published.accounts, player))
    .map(([player, version]) => ({
      at: player,
      about: { is: 'backup version', version },
      why: `the server takes no room keys of ${player} any more, and its user is not told`,
      acceptedBy: null,
    }));

/** Devices that restored everything and did not get it. */
const leftWithout = ({ held, restored, published }: Memory): readonly Break[] =>
  Object.entries(restored).flatMap(([player, owed]) => {
    if (hasLeft(published.accounts, player)) return [];
    const has = held[player] ?? {};
    const lost = Object.entries(owed).filter(([name, { from }]) => (own(has, name) ?? Number.POSITIVE_INFINITY) > from);
    const cut = lost.filter(([name]) => own(has, name) !== undefined).length;
    const left = [
      ...(cut < lost.length ? [`without ${counted(lost.length - cut, 'room key')}`] : []),
      ...(cut > 0 ? [`without the beginning of ${counted(cut, 'room key')}`] : []),
    ];
    const why = `${player} restores its backup and is left ${left.join(' and ')} of its user`;
    return lost.map(([, { room, sessionId }]) => ({
      at: player,
      about: { is: 'room key', room, sessionId },
      why,
      acceptedBy: null,
    }));
  });

/** Devices that go on with a backup of hers, while none of her devices has the key that opens it. */
const intoTheVoid = (memory: Memory, witness: Witness): readonly Break[] =>
  Object.entries(memory.fills).flatMap(([player, { version, publicKey, isOver }]) => {
    const user = witness.ownerOf(player) ?? '';
    // What it has filled and left is nobody's loss as long as it does not come back to it.
    if (isOver === true || !isSame(memory.uses[player] ?? null, { version, publicKey })) return [];
    if (!isHere(memory.published, player, witness)) return [];
    if (named(memory.own, user)?.includes(publicKey) !== true || isOpened(memory, user, publicKey, witness)) return [];
    const why = `${player} backs up to version ${version}, whose key no device of ${user} has any more`;
    return [{ at: player, about: { is: 'backup version', version }, why, acceptedBy: null }];
  });

export const dataDurability: Guarantee<Memory> = {
  id: 'data-durability',
  kind: 'finally',
  accepts: clausesOf('data-durability'),
  begin: {
    ...noneCopied,
    made: {},
    held: {},
    restored: {},
    refused: {},
    published: nothingPublished,
    own: {},
    halves: {},
    opens: {},
    fills: {},
    uses: {},
  },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const now = remember(before, moment, step, witness);
      const isRestored = keysStored(moment).some(({ player }) => now.restored[player] !== undefined);
      return { memory: now, shadow: isRestored };
    }),
  end: (memory, witness) => [...turnedAway(memory), ...leftWithout(memory), ...intoTheVoid(memory, witness)],
};
