/** What people have to be told of their accounts: that an identity is another than before, and that the backup is another version. */
import { isObject, objectAt, stringAt, without } from '../../../machines/json.ts';
import type { HeldBackup } from '../../../machines/store.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Break, Subject } from '../../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import { filed, filedIn, withoutIn } from './accounts.ts';
import { doneAs, toldAs } from './asked.ts';
import { asCopied, type Copied, forgetting, noneCopied } from './beginning.ts';
import { storedAs } from './requests.ts';
import { printOf } from './room-keys.ts';

type ByUser = Readonly<Record<PlayerId, Readonly<Record<UserId, string>>>>;

export type AccountConsent = Copied & {
  /** Device → the backup it used last. A number that a server gives again is of another one. */
  readonly used: Readonly<Record<PlayerId, HeldBackup>>;
  /** Device → the backup version that its person was last asked about. */
  readonly asked: Readonly<Record<PlayerId, string>>;
  /** Device → user → print of the master key it was served last, where that is not the one it has pinned. */
  readonly news: ByUser;
  /** Device → user → print of the master key that its person has verified as theirs, and has not given up since. */
  readonly verified: ByUser;
  /** Device → print of the master key of its own user that it made and published, or took for theirs since. */
  readonly ownIdentity: Readonly<Record<PlayerId, string>>;
};
export const noAccountConsent: AccountConsent = {
  ...noneCopied,
  used: {},
  asked: {},
  news: {},
  verified: {},
  ownIdentity: {},
};

/** What a person is owed word of: a notice about one of `about` that says all of `saying`. */
type Owed = {
  readonly player: PlayerId;
  readonly about: readonly string[];
  readonly saying: { readonly user?: UserId; readonly master?: string; readonly version?: string };
  /** What the word is owed of. */
  readonly of: Subject;
  readonly why: string;
};

const masterIn = (keys: unknown): string | null => {
  const master = isObject(keys) ? Object.values(objectAt(keys, 'keys'))[0] : undefined;
  return typeof master === 'string' ? master : null;
};

/** A device publishes an identity of its own making: that is the one it goes by. */
const publishing = (memory: AccountConsent, moment: Moment): AccountConsent => {
  const published = doneAs(moment, 'publish identity');
  if (published === null) return memory;
  const master = masterIn(objectAt(published.body, 'master_key'));
  return master === null
    ? memory
    : { ...memory, ownIdentity: filed(memory.ownIdentity, published.from, printOf(master)) };
};

/** One's own is whoever's the device is; the alarm about it is MSC4153's, that about others is of cross-signing itself. */
const owedFor = (player: PlayerId, user: UserId, master: string, isOwn: boolean, witness: Witness): Owed | null => {
  if (!isOwn) {
    const why = `${player} is shown another identity of ${user} than before, and tells nobody`;
    return { player, about: ['identity changed'], saying: { user, master }, of: { is: 'identity', user }, why };
  }
  if (!witness.implementsText(player, 'MSC4153')) return null;
  const why = `${player} is shown another identity of its own user than before, and tells nobody`;
  return { player, about: ['own identity changed'], saying: { master }, of: { is: 'identity', user }, why };
};

type Noted = { readonly memory: AccountConsent; readonly owed: readonly Owed[] };

/** A key query is answered: an identity that is not the pinned one is news once, until it is the pinned one again. */
const queried = (memory: AccountConsent, moment: Moment, pinned: ByUser, witness: Witness): Noted => {
  const query = toldAs(moment, 'query keys');
  if (query === null) return { memory, owed: [] };
  const player = query.from;
  let { news } = memory;
  const owed: Owed[] = [];
  for (const [user, served] of Object.entries(objectAt(query.response, 'master_keys'))) {
    const isOwn = witness.personOf(user) === witness.ownerOf(player);
    const known = (isOwn ? memory.ownIdentity[player] : undefined) ?? pinned[player]?.[user];
    const master = masterIn(served);
    if (known === undefined || master === null) continue;
    if (printOf(master) === known) news = withoutIn(news, player, user);
    else if (news[player]?.[user] !== printOf(master)) {
      news = filedIn(news, player, user, printOf(master));
      owed.push(...[owedFor(player, user, master, isOwn, witness)].flatMap((one) => one ?? []));
    }
  }
  return { memory: news === memory.news ? memory : { ...memory, news }, owed };
};

/** A person is asked whether to use another backup version. */
const asking = (memory: AccountConsent, moment: Moment): AccountConsent => {
  // What was asked before a client stopped is no question any more.
  if (moment.kind === 'restarted' && memory.asked[moment.player] !== undefined)
    return { ...memory, asked: without(memory.asked, moment.player) };
  if (moment.kind !== 'shown' || moment.notice.about !== 'use new backup') return memory;
  return { ...memory, asked: filed(memory.asked, moment.player, String(moment.notice.version)) };
};

/** A device goes on with another backup than it used before. */
const following = (memory: AccountConsent, moment: Moment): Noted => {
  const stored = storedAs(moment, 'backup');
  if (stored === null) return { memory, owed: [] };
  const { player, patch } = stored;
  if (patch.backup === null) return { memory, owed: [] };
  const { version, publicKey } = patch.backup;
  const last = memory.used[player];
  if (last?.version === version && last.publicKey === publicKey) return { memory, owed: [] };
  const before = last?.version === version ? 'another one of that number' : last?.version;
  const why = `${player} backs up to version ${version}, not to ${before} as before, and tells nobody`;
  const about = ['new backup version', 'use new backup'];
  return {
    memory: { ...memory, used: filed(memory.used, player, patch.backup) },
    owed:
      last === undefined ? [] : [{ player, about, saying: { version }, of: { is: 'backup version', version }, why }],
  };
};

/** Whom a device's person has verified: until they take another identity for theirs. */
const verifying = (memory: AccountConsent, moment: Moment): AccountConsent => {
  if (moment.kind === 'shown' && moment.notice.about === 'user verified') {
    const user = stringAt(moment.notice, 'user') ?? '';
    const print = printOf(stringAt(moment.notice, 'master') ?? '');
    const own = filed(memory.verified[moment.player] ?? {}, user, print);
    return { ...memory, verified: filed(memory.verified, moment.player, own) };
  }
  const pin = storedAs(moment, 'pin');
  if (pin === null) return memory;
  const verified = withoutIn(memory.verified, pin.player, pin.patch.user);
  return verified === memory.verified ? memory : { ...memory, verified };
};

/** A device that made its user's identity takes another for theirs: that is the one it goes by from then on. */
const takingOwn = (memory: AccountConsent, moment: Moment, witness: Witness): AccountConsent => {
  const pin = storedAs(moment, 'pin');
  if (pin === null || memory.ownIdentity[pin.player] === undefined) return memory;
  const { player, patch } = pin;
  if (witness.personOf(patch.user) !== witness.ownerOf(player)) return memory;
  return { ...memory, ownIdentity: filed(memory.ownIdentity, player, printOf(patch.master)) };
};

/** A room key goes to somebody who is verified, as whom the server shows somebody else. */
const givenUp = ({ news, verified }: AccountConsent, moment: Moment, witness: Witness): readonly Break[] => {
  const given = storedAs(moment, 'room key given');
  if (given === null || !witness.honest(given.player)) return [];
  const { player, patch } = given;
  const users = new Set(patch.to.map(({ user }) => user));
  return [...users]
    .filter((user) => {
      const known = verified[player]?.[user];
      const served = news[player]?.[user];
      return known !== undefined && served !== undefined && served !== known;
    })
    .map((user) => ({
      at: player,
      about: { is: 'identity', user },
      why: `${player} writes to ${user} as the server shows them now, whom its person has verified as somebody else, and waits for nobody's word`,
      acceptedBy: null,
    }));
};

/** What somebody did or saw themselves in a step: the version they made, the question they said yes to, the notice that is owed. */
const isAware = ({ player, about, saying }: Owed, moment: Moment, memory: AccountConsent): boolean => {
  if (moment.kind === 'shown')
    return (
      moment.player === player &&
      about.includes(moment.notice.about) &&
      Object.entries(saying).every(([field, value]) => moment.notice[field] === value)
    );
  const { version } = saying;
  if (version === undefined) return false;
  // A yes to something else is none to this version.
  if (moment.kind === 'acted')
    return moment.player === player && moment.what === 'accepts' && memory.asked[player] === version;
  const made = doneAs(moment, 'create backup version');
  return made !== null && made.from === player && stringAt(made.response, 'version') === version;
};

/**
 * Goes through a step.
 *
 * @param before what is remembered of the steps before it
 * @param pinned device → user → print of the master key it has pinned, as before the step
 * @returns what is to be remembered, who was not told (`breaks`), and whether anybody was told (`isTold`)
 */
export const accountConsentAfter = (
  before: AccountConsent,
  pinned: ByUser,
  step: Step,
  witness: Witness,
): { readonly memory: AccountConsent; readonly breaks: readonly Break[]; readonly isTold: boolean } => {
  let memory = before;
  const owed: Owed[] = [];
  const lost: Break[] = [];
  for (const moment of step.moments) {
    const known = asCopied(forgetting(memory, moment), moment, 'used', 'news', 'verified', 'ownIdentity');
    const goingBy = takingOwn(publishing(known, moment), moment, witness);
    const asked = queried(verifying(goingBy, moment), moment, pinned, witness);
    const followed = following(asking(asked.memory, moment), moment);
    memory = followed.memory;
    owed.push(...asked.owed, ...followed.owed);
    lost.push(...givenUp(memory, moment, witness));
  }
  if (!isStory(step)) return { memory, breaks: lost, isTold: false };
  const theirs = owed.filter(({ player }) => witness.honest(player));
  const unaware = theirs.filter((one) => !step.moments.some((moment) => isAware(one, moment, memory)));
  const isTold = theirs.some((one) =>
    step.moments.some((moment) => moment.kind === 'shown' && isAware(one, moment, memory)),
  );
  return {
    memory,
    breaks: [...unaware.map(({ player, of, why }) => ({ at: player, about: of, why, acceptedBy: null })), ...lost],
    isTold,
  };
};
