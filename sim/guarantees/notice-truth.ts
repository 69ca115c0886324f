import { clausesOf } from '../../machines/acceptances.ts';
import { type JsonObject, stringAt } from '../../machines/json.ts';
import type { EnvelopeFacts } from '../../machines/types.ts';
import type { Break, Subject } from '../engine/breaks.ts';
import { counted } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { isOwn } from './evidence/accounts.ts';
import {
  type Claims,
  claimsAfter,
  type Got,
  noClaims,
  settledIn,
  type Taken,
  takenIn,
  type Unsent,
} from './evidence/claims.ts';
import { isChanged, isClosed } from './evidence/going-without.ts';
import { type Newcomers, newcomersAfter, noNewcomers } from './evidence/newcomers.ts';
import { printOf } from './evidence/room-keys.ts';
import { isSignedLogin } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

type Memory = Newcomers & Claims;

/** What is false of something a person is told; `null`: it is so. `undefined`: nobody here can tell. */
type Verdict = string | null | undefined;
type Said = { readonly player: PlayerId; readonly notice: JsonObject; readonly moment: Moment };
type Checks = (memory: Memory, said: Said, witness: Witness, taken: ReadonlyMap<Moment, Taken>) => Verdict;

const part = (notice: JsonObject, name: string): string => stringAt(notice, name) ?? '';
const numbered = (notice: JsonObject, name: string): number => Number(notice[name] ?? Number.NaN);

/** What an inviter is told that it gave. */
const given: Checks = (memory, { player, notice }) => {
  const user = part(notice, 'user');
  const last = memory.given[player]?.[part(notice, 'room')]?.[user];
  const sessions = numbered(notice, 'sessions');
  if (last === undefined) return `that ${user} was given something, which nobody gave them`;
  if (sessions !== last.sessions)
    return `that ${user} was given ${counted(sessions, 'room key')}, and it was ${last.sessions}`;
  if (!(numbered(notice, 'withheld') >= last.withheld))
    return `nothing of ${counted(last.withheld, 'room key')} withheld from ${user}`;
  if (notice.about !== 'history shared') return null;
  if (sessions === 0) return `that history was shared with ${user}, who was given no room key`;
  if (last.devices === 0) return `that history was shared with ${user}, of whom no device heard of it`;
  // What is forwarded to each device lies nowhere.
  return last.url !== '' && memory.files[last.url] === undefined
    ? `that history was shared with ${user}, and the file is not there`
    : null;
};

/** Whether that is the account of somebody who, and whose every device, is honest. */
const isHonestPerson = (memory: Memory, witness: Witness, user: string): boolean => {
  const devices = witness.devicesOf(witness.personOf(user) ?? '');
  const logins = memory.accounts.logins.filter((login) => login.user === user);
  return devices.length > 0 && devices.every(witness.honest) && logins.every((login) => isOwn(login, witness));
};

/** What an invitee is told that it got, and by whom. */
const imported: Checks = (memory, { notice, moment }, witness, taken) => {
  const user = part(notice, 'user');
  const url = part(notice, 'url');
  const { sessions, withheld } = taken.get(moment) ?? { sessions: 0, withheld: 0 };
  if (numbered(notice, 'sessions') !== sessions)
    return `that ${user} shared ${counted(numbered(notice, 'sessions'), 'room key')}, of which it took ${sessions}`;
  if (numbered(notice, 'withheld') !== withheld)
    return `of ${counted(numbered(notice, 'withheld'), 'room key')} withheld, and there is word of ${withheld}`;
  if (numbered(notice, 'offered') < sessions) return `that ${user} offered fewer room keys than it took`;
  if (!isHonestPerson(memory, witness, user)) return undefined;
  return memory.sharers[url]?.includes(user) === true ? null : `that ${user} shared what ${user} never did`;
};

/** Why an inviter is told that nothing is shared. */
const notShared: Checks = (memory, { player, notice }, witness) => {
  const room = part(notice, 'room');
  const user = part(notice, 'user');
  switch (part(notice, 'why')) {
    case 'identity changed':
      return isChanged(memory, player, user) ? null : `that the identity of ${user} has changed, which it has not`;
    case 'closed':
      return isClosed(memory, player, room) ? null : 'that the room is closed, which it is not';
    case 'upload refused':
      return memory.failed[player]?.includes('upload file') === true
        ? null
        : 'that its server took no file, which it did';
    case 'upload unanswered':
      return memory.unanswered[player]?.includes('upload file') === true
        ? null
        : 'that its server has not answered whether it took a file, of which no request is unanswered';
    case 'devices unknown':
      // Whoever need not ask for the list goes by what was told before, and of that nothing is remembered here.
      if (concededBy(witness, player, '4268-fresh-device-list') === null) return undefined;
      return memory.unfetched[player]?.includes(user) === true
        ? null
        : `that the devices of ${user} are not known, which its server has told`;
    case 'no devices': {
      const signed = memory.accounts.logins.find(
        (login) =>
          login.user === user && !login.isGone && isOwn(login, witness) && isSignedLogin(memory.signed, login, witness),
      );
      return signed === undefined ? null : `that ${user} has no signed device, who has ${signed.device}`;
    }
    default:
      return undefined;
  }
};

const isOther = (got: Got | undefined, print: string): boolean => typeof got === 'object' && got.print !== print;

/** Why an invitee is told that it goes without. */
const unavailable: Checks = (memory, { player, notice }) => {
  const pointed = memory.pointed[player]?.[part(notice, 'room')]?.[part(notice, 'user')];
  if (pointed === undefined) return undefined;
  const there = memory.files[pointed.url];
  const got = memory.got[player]?.[pointed.url];
  switch (part(notice, 'why')) {
    case 'expired':
      if (there === undefined) return 'that the history is no longer to be had, which it never was';
      return got === 'no file' ? null : 'that the history is no longer to be had, which no server has said';
    case 'not fetched':
      return got === 'no answer' ? null : 'that the history could not be fetched, which the server did answer for';
    case 'too large':
      return pointed.isTooLarge ? null : 'that the history is too large for it, which it is not';
    case 'hash':
      return there !== undefined && isOther(got, there)
        ? null
        : 'that the history was altered on its way, which it was not';
    default:
      return undefined;
  }
};

const checks: ReadonlyMap<string, Checks> = new Map<string, Checks>([
  ['history shared', given],
  ['history withheld', given],
  ['bundle imported', imported],
  ['history not shared', notShared],
  ['history unavailable', unavailable],
  [
    'user verified',
    ({ masters }, { notice }) => {
      const user = part(notice, 'user');
      const known = masters[user];
      if (known === undefined) return undefined;
      return known.includes(printOf(part(notice, 'master'))) ? null : `that ${user} is verified, who is somebody else`;
    },
  ],
  [
    'backup not deleted',
    ({ failed }, { player }) =>
      failed[player]?.includes('delete backup version') === true
        ? null
        : 'that the backup was not deleted, which it was',
  ],
  [
    'backup gone',
    ({ failed }, { player }) =>
      failed[player]?.includes('upload room keys') === true
        ? null
        : 'that room keys are no longer taken into its backup, which they were',
  ],
  [
    'backup perhaps not deleted',
    ({ unanswered }, { player }) =>
      unanswered[player]?.includes('delete backup version') === true
        ? null
        : 'that its server has not answered whether the backup is deleted, of which no request is unanswered',
  ],
]);

const aboutOf = (notice: JsonObject, version: string | undefined): Subject => {
  const room = stringAt(notice, 'room');
  const user = stringAt(notice, 'user');
  if (room !== undefined && user !== undefined) return { is: 'member', room, user };
  return user !== undefined ? { is: 'identity', user } : { is: 'backup version', version: version ?? '' };
};

type Discarded = Extract<Moment, { kind: 'discarded' }>;

/** Whether a letter does not go together by itself, whosever keys could be fetched. */
const contradicts = ({ plaintext, embedded }: EnvelopeFacts, player: PlayerId, witness: Witness): boolean => {
  const within =
    plaintext !== undefined &&
    !(plaintext.senderMatches && plaintext.recipientMatches && plaintext.recipientKeyMatches);
  if (embedded == null) return within;
  const { ed25519Matches, curve25519Matches, userMatches, selfSigned, ed25519IsSenderKey } = embedded;
  const isMistaken = witness.isMeantBy(player, '4147-ed25519-is-sender-key') && !ed25519IsSenderKey;
  return within || isMistaken || !(ed25519Matches && curve25519Matches && userMatches && selfSigned);
};

/** The letter that is discarded, as it came. */
const letterOf = ({ moments }: Step, { player, event }: Discarded) =>
  moments.find(
    (one): one is Extract<Moment, { kind: 'delivery' }> =>
      one.kind === 'delivery' && one.to === player && one.event === event,
  );

/** Why a device says that it discards a letter. */
const discarding = ({ unfetched }: Memory, moment: Discarded, step: Step, witness: Witness): Verdict => {
  if (moment.cause === undefined) return undefined;
  const sender = part(moment.event, 'sender');
  const isUnfetched = unfetched[moment.player]?.includes(sender) === true;
  if (moment.cause === 'keys not fetched')
    return isUnfetched ? null : `that the keys of ${sender} could not be fetched, which they were`;
  if (moment.cause === 'contradiction') {
    const letter = letterOf(step, moment);
    if (letter !== undefined && contradicts(letter.facts, moment.player, witness)) return null;
  }
  return isUnfetched ? `that a letter is not ${sender}’s, whose keys it could not fetch` : null;
};

const look = (
  before: Memory,
  moment: Moment,
  witness: Witness,
  step: Step,
  taken: ReadonlyMap<Moment, Taken>,
): Look<Memory> => {
  const known = claimsAfter(newcomersAfter(before, moment, step, witness, noneLate), moment, witness);
  const { memory, unsent } = settledIn(known, moment);
  if (unsent.length > 0) return { memory, breaks: isStory(step) ? unsent.map(sentNothing) : [] };
  if (!isStory(step) || (moment.kind !== 'shown' && moment.kind !== 'discarded') || !witness.honest(moment.player))
    return { memory };
  const { player } = moment;
  const notice = moment.kind === 'shown' ? (moment.notice as JsonObject) : {};
  const wrong =
    moment.kind === 'shown'
      ? checks.get(moment.notice.about)?.(memory, { player, notice, moment }, witness, taken)
      : discarding(memory, moment, step, witness);
  if (wrong === null || wrong === undefined) return { memory, shadow: wrong === null };
  const about: Subject =
    moment.kind === 'shown'
      ? aboutOf(notice, memory.uses[player]?.version)
      : { is: 'identity', user: part(moment.event, 'sender') };
  const broken: Break = { at: player, about, why: `${player} is told ${wrong}`, acceptedBy: null };
  return { memory, breaks: [broken] };
};

/** The notice comes before the sending: once that is done, and no letter has gone out, it was false. */
const sentNothing = ({ player, promised: { room, user } }: Unsent): Break => ({
  at: player,
  about: { is: 'member', room, user },
  why: `${player} is told that history was shared with ${user}, and sends word of it to no device`,
  acceptedBy: null,
});
const noneLate = new Map<Moment, never>();

export const noticeTruth: Guarantee<Memory> = {
  id: 'notice-truth',
  kind: 'always',
  accepts: clausesOf('notice-truth'),
  begin: { ...noNewcomers, ...noClaims },
  see: (memory, step, witness) => {
    const taken = takenIn(step);
    return throughout(memory, step, (before, moment) => look(before, moment, witness, step, taken));
  },
};
