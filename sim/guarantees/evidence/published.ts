/**
 * What a user's own devices have published and the server has taken: which backup versions stand, and which cross-signing keys. What
 * works is what is published: a reset that the server refused has changed nothing, and a version that is deleted leads back to the one before it.
 *
 * It is told from requests and whether they were done ("Server-side key backups", "Cross-signing"). What a server makes up, and what
 * a thief publishes in a user's account, is not theirs.
 */
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../../../machines/algorithms.ts';
import { objectAt, stringAt } from '../../../machines/json.ts';
import { named } from '../../engine/names.ts';
import type { Moment, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import { type Accounts, accountsAfter, filed, noAccounts, userOf } from './accounts.ts';
import { doneAs, doneIn, type RequestMoment } from './asked.ts';
import { publicIn } from './signed.ts';

/** A backup version that stands. `public`: the key that `auth_data` names. */
export type Version = { readonly version: string; readonly public: string | null };
export type Published = {
  readonly accounts: Accounts;
  /** User (name in the cast) → her own versions that stand, in the order in which they were made: the last one is current. */
  readonly versions: Readonly<Record<string, readonly Version[]>>;
  /** User → secret name → the public key of that cross-signing key. */
  readonly identity: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
export const nothingPublished: Published = { accounts: noAccounts, versions: {}, identity: {} };

/** In which field of `keys/device_signing/upload` the public half of a secret goes. */
const fields: Readonly<Record<(typeof CROSS_SIGNING_SECRETS)[number], string>> = {
  'm.cross_signing.master': 'master_key',
  'm.cross_signing.self_signing': 'self_signing_key',
  'm.cross_signing.user_signing': 'user_signing_key',
};

/** What is published after a moment; the same object where it tells nothing new. */
export const publishedAfter = (before: Published, moment: Moment, step: Step, witness: Witness): Published => {
  if (moment.kind !== 'request') return before;
  const accounts = accountsAfter(before.accounts, moment);
  const now = accounts === before.accounts ? before : { ...before, accounts };
  const asked = doneIn(moment);
  if (asked?.asks === 'delete backup version') return deleted(now, moment, asked.version, witness);
  const made = versionMade(moment, step, witness);
  if (made !== null) return created(now, made);
  const user = authorOf(moment, step, witness);
  return asked?.asks === 'publish identity' && user !== null ? identified(now, moment, user) : now;
};

/** The backup version that a user's own device makes, and the server takes; `null` for other moments. */
export const versionMade = (
  moment: Moment,
  step: Step,
  witness: Witness,
): (Version & { readonly user: string }) | null => {
  const done = doneAs(moment, 'create backup version');
  if (done === null) return null;
  const user = authorOf(done, step, witness);
  const version = stringAt(done.response, 'version');
  const half = stringAt(objectAt(done.body, 'auth_data'), 'public_key') ?? null;
  return user === null || version === undefined ? null : { user, version, public: half };
};

/** The user whose own device asks. Before the story everybody is honest, whoever is a thief's in it. */
const authorOf = ({ from }: RequestMoment, step: Step, witness: Witness): string | null =>
  isStory(step) && !witness.honest(from) ? null : witness.ownerOf(from);

const created = (before: Published, { user, ...made }: Version & { readonly user: string }): Published => {
  const others = (named(before.versions, user) ?? []).filter((one) => one.version !== made.version);
  return { ...before, versions: filed(before.versions, user, [...others, made]) };
};

/** Whoever acts in an account can delete: what is gone is gone. */
const deleted = (before: Published, { from }: RequestMoment, version: string, witness: Witness): Published => {
  const user = witness.personOf(userOf(before.accounts, from) ?? '') ?? '';
  const versions = named(before.versions, user);
  if (versions?.some((one) => one.version === version) !== true) return before;
  const left = versions.filter((one) => one.version !== version);
  return { ...before, versions: filed(before.versions, user, left) };
};

const identified = (before: Published, { body }: RequestMoment, user: string): Published => {
  const keys = CROSS_SIGNING_SECRETS.flatMap((name) => {
    const key = publicIn(objectAt(body, fields[name]));
    return key === null ? [] : [[name, key] as const];
  });
  const own = keys.reduce((known, [name, key]) => filed(known, name, key), named(before.identity, user) ?? {});
  return { ...before, identity: filed(before.identity, user, own) };
};

/** The backup version of hers that the server serves; `null`: none. */
export const currentVersion = ({ versions }: Published, user: string): Version | null =>
  named(versions, user)?.at(-1) ?? null;

/**
 * The public half of what works under that name: of the current backup version, or of the cross-signing key that is published.
 *
 * @returns `null`: nothing of the kind is published, and no secret works; `undefined`: secrets of that name have no public half
 */
export const workingPublic = (published: Published, user: string, name: string): string | null | undefined => {
  if (name === BACKUP_SECRET) return currentVersion(published, user)?.public ?? null;
  if (!CROSS_SIGNING_SECRETS.some((known) => known === name)) return undefined;
  return named(named(published.identity, user) ?? {}, name) ?? null;
};
