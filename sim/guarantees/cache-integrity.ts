import { clausesOf } from '../../machines/acceptances.ts';
import type { HeldRoomKey } from '../../machines/room-types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, filedIn, isOwn, loginOf, userOf } from './evidence/accounts.ts';
import { broughtBy, type Come, isVouched, keysCome } from './evidence/arrivals.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { ownKeysIn } from './evidence/requests.ts';
import { filedUnder, printOf, printsOf } from './evidence/room-keys.ts';
import { invitersOf, noRooms, type Rooms, roomsAfter } from './evidence/rooms.ts';
import { isSignedThief, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

/** A genuine session: whose keys it bears, and prints of its material by index, as those who have it first-hand hold it. */
type Genuine = { readonly owner: string; readonly keys: Readonly<Record<string, string>> };

type Memory = Rooms &
  Copied & {
    readonly signed: Signed;
    /** Prints of the Curve25519 keys of honest devices. */
    readonly honestKeys: readonly string[];
    readonly genuine: Readonly<Record<string, Genuine>>;
    /** Device → name it is filed under → first known index, and whether it is held first-hand. */
    readonly held: Readonly<Record<PlayerId, Readonly<Record<string, Held>>>>;
  };
type Held = { readonly index: number; readonly isFirstHand: boolean };

const isFirstHand = ({ origin }: HeldRoomKey): boolean => origin.how === 'made' || origin.how === 'room_key';

/** What agrees with a first-hand copy stays that, whoever has brought the messages before it. */
const restsOnWord = ({ held, way }: Come): boolean => isVouched(way) && !isFirstHand(held);

/** Curve25519 keys that honest devices say are theirs. */
const publishing = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const published = ownKeysIn(moment);
  if (published === null || !witness.honest(published.player)) return memory;
  const honestKeys = among(memory.honestKeys, printOf(published.curve25519));
  return honestKeys === memory.honestKeys ? memory : { ...memory, honestKeys };
};

/** `isWord`: it is false in what whoever hands on a session can only be taken at their word for: whose it is, and what it is. */
type Forgery = { readonly what: string; readonly isWord: boolean };

/** What is wrong with a key as it is stored; `null` where it is what its maker made, as far as anybody can say. */
const forgery = (memory: Memory, name: string, held: HeldRoomKey): Forgery | null => {
  const { owner, index, key } = printsOf(held);
  // That can be seen by whoever looks, and needs nobody's word.
  if (filedUnder(name) !== held.session.sessionId)
    return { what: 'a key that is of another session than it is filed under', isWord: false };
  const genuine = memory.genuine[held.session.sessionId];
  if (genuine === undefined)
    return memory.honestKeys.includes(printOf(held.senderKey))
      ? { what: 'a session as that of a device which never made it', isWord: true }
      : null;
  if (genuine.owner !== owner) return { what: 'a session under the name of another device than made it', isWord: true };
  const known = genuine.keys[String(index)];
  return known !== undefined && known !== key ? { what: 'a key that its maker never made', isWord: true } : null;
};

/** Whether what is stored is worse than what was held: less can be read with it, or it rests on a weaker word for nothing. */
const worsening = (before: Held | undefined, come: Come): string | null => {
  const { held } = come;
  if (before === undefined) return null;
  if (held.session.firstKnownIndex > before.index) return 'a room key by one that opens less';
  return before.isFirstHand && restsOnWord(come) && held.session.firstKnownIndex === before.index
    ? 'a room key it has first-hand by one on another’s word that opens no more'
    : null;
};

/**
 * MSC4268, "Security considerations": a false session that an inviter, or whoever has a signed device of theirs, made up under that
 * name, for the room they invited to: the recipient "is taking the word of the sender of that key bundle". It lets nobody put another
 * in the place of what is held, nor speaks of bundles that somebody else made or bent, or of what can be seen from the entry itself.
 */
const acceptedFor = (memory: Memory, witness: Witness, player: PlayerId, { room, origin }: HeldRoomKey) => {
  if (origin.how !== 'bundle' || origin.room !== room) return null;
  const isInviter = invitersOf(memory, room, userOf(memory.accounts, player) ?? '').includes(origin.user);
  const login = loginOf(memory.accounts, origin.user, origin.device ?? '');
  if (!isInviter || login === null || !isOwn(login, witness) || witness.honest(login.by)) return null;
  if (witness.stolen(login.by) && !isSignedThief(memory.signed, witness, login.by)) return null;
  return concededBy(witness, player, '4268-no-authoritative-sender');
};

/** Whether a key really came from an honest device, sealed, or was made where it is stored: what its receiver has noted proves nothing. */
const isOfMaker = ({ accounts }: Memory, { held, way }: Come, witness: Witness): boolean => {
  if (held.origin.how === 'made') return true;
  if (way.how !== 'room_key' || way.inClear === true || way.device === null) return false;
  const login = loginOf(accounts, way.user, way.device);
  return login !== null && isOwn(login, witness) && witness.honest(login.by);
};

/** What an honest device has first-hand: a key under which it says that the session is its own, or one that its maker gave it. */
const learning = (memory: Memory, held: HeldRoomKey): Memory => {
  const { owner, index, key } = printsOf(held);
  const id = held.session.sessionId;
  const known = memory.genuine[id];
  const before = known?.keys[String(index)];
  // Who got it first-hand has the maker's material at a later index: there it can be compared too.
  if (held.origin.how !== 'made' && (known?.owner !== owner || before !== undefined)) return memory;
  if (before === key) return memory;
  const keys = filed(known?.keys ?? {}, String(index), key);
  return { ...memory, genuine: filed(memory.genuine, id, { owner, keys }) };
};

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  let memory = publishing(roomsAfter(asCopied(before, moment, 'held'), moment), moment, witness);
  const signed = signedAfter(memory.signed, moment, step, witness);
  if (signed !== memory.signed) memory = { ...memory, signed };
  const breaks: Break[] = [];
  let shadow = false;
  for (const come of keysCome(step, moment, witness)) {
    const { player, name, held, way } = come;
    if (!Object.hasOwn(memory.rooms, held.room) && way.how !== 'bundle') continue;
    const already = memory.genuine[held.session.sessionId];
    if (!witness.honest(player)) continue;
    if (isFirstHand(held) && isOfMaker(memory, come, witness)) memory = learning(memory, held);
    const before = memory.held[player]?.[name];
    const worse = worsening(before, come);
    const forged = forgery(memory, name, held);
    const about = { is: 'room key', room: held.room, sessionId: filedUnder(name) } as const;
    if (forged !== null) {
      const isOnWord = forged.isWord && before === undefined;
      const acceptedBy = isOnWord ? acceptedFor(memory, witness, player, held) : null;
      breaks.push({
        at: player,
        about,
        why: `${player} stores ${forged.what}`,
        acceptedBy,
        ...broughtBy(come),
      });
    } else if (worse !== null)
      breaks.push({
        at: player,
        about,
        why: `${player} replaces ${worse}`,
        acceptedBy: null,
        ...broughtBy(come),
      });
    else if (isStory(step) && restsOnWord(come) && already !== undefined) shadow = true;
    memory = holding(memory, player, name, {
      index: held.session.firstKnownIndex,
      isFirstHand: isFirstHand(held),
    });
  }
  return { memory, breaks, shadow };
};

const holding = (memory: Memory, player: PlayerId, name: string, now: Held): Memory => {
  const known = memory.held[player]?.[name];
  if (known?.index === now.index && known.isFirstHand === now.isFirstHand) return memory;
  return { ...memory, held: filedIn(memory.held, player, name, now) };
};

export const cacheIntegrity: Guarantee<Memory> = {
  id: 'cache-integrity',
  kind: 'always',
  accepts: clausesOf('cache-integrity'),
  begin: { ...noRooms, ...noneCopied, signed: noneSigned, honestKeys: [], genuine: {}, held: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
