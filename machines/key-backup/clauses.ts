/**
 * Server-side key backup: which version a device trusts, and what it uploads (MSC1219 and "Server-side key backups"
 * of the client-server API). The heart of it: keys go only to a backup whose `auth_data` is established as trusted.
 */

import { BACKUP_ALGORITHM, BACKUP_SECRET } from '../algorithms.ts';
import type { Rules } from '../clauses.ts';
import { isUnasked } from '../effects.ts';
import type { News, UserAct } from '../events.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { implemented } from '../registration.ts';
import { flagFormsFor, keptFlagParts } from '../room-keys/flags.ts';
import type { Term } from '../suite.ts';
import { askingParts } from './asking.ts';
import { type BackupContext, backupName, readingOf } from './context.ts';
import { type BackupParts, type Effect, type On, words } from './events.ts';
import { recoveringParts } from './recovering.ts';
import { waitingParts } from './waiting.ts';

const { causes, core, performs, permits, remembers, store, tell } = words;

type Described = On<'backup.described'>;
const readVersion = (): Effect => core({ ask: 'backup version', answerAs: 'backup.described' });
const sealFor = (context: BackupContext, rules: Rules, version: string, publicKey: string): Effect =>
  core({
    ask: 'seal room keys',
    backup: { version, publicKey },
    ...(readingOf(context.me, 'q55') === 'B' ? { filedAs: backupName(context, { version, publicKey }) } : {}),
    flags: flagFormsFor(context.me, rules, '4268-flag-in-backup'),
    answerAs: 'backup.sealed',
  });
export const backupParts = {
  'starts a room key': causes((_, { room }: On<'user.start room key'>) =>
    core({ ask: 'make room key', room, answerAs: 'backup.room key begun' }),
  ),
  'makes a backup key': causes(() => core({ ask: 'make backup', answerAs: 'backup.made' })),
  'keeps the new key aside': remembers((_, event: On<'backup.made'>) => ({
    making: { secret: event.secret, public: event.public },
  })),
  /** MSC1219, "auth_data": the creator signs it with the master key, optionally with the device key. */
  '1219-auth-data-signed': {
    kind: 'format',
    perform: (_, event: On<'backup.made'>) => ({ effects: [createVersion(event.signedAuthData, event.public)] }),
    otherwise: (_, event: On<'backup.made'>) => ({ effects: [createVersion(event.authData, event.public)] }),
  },
  'version was created': permits(
    (_, { status, body }: On<'backup.created'>) => status === 200 && stringAt(body, 'version') !== undefined,
  ),
  /** Somebody began anew while the server was asked for the first. */
  'another key was made since': permits(
    ({ making }, event: On<'backup.created'>) => making?.public !== event.with.public,
  ),
  'takes the new backup into use': performs((context, event: On<'backup.created'>, rules) => {
    const making = context.making;
    const version = stringAt(event.body, 'version');
    if (making === null || version === undefined) return null;
    return {
      context: {
        making: null,
        trustedBy: 'private key',
        used: backupName(context, { version, publicKey: making.public }),
      },
      effects: [
        store({ patch: 'secret', name: BACKUP_SECRET, held: { ...making, origin: { how: 'made' } } }),
        store({ patch: 'backup', backup: { version, publicKey: making.public } }),
        tell({ type: 'told.secret changed', name: BACKUP_SECRET, secret: making.secret }),
        sealFor(context, rules, version, making.public),
      ],
    };
  }),
  /** Nor is another one made where this one was refused: whoever wants it says so again. */
  'drops the new key': remembers(() => ({ making: null, isMadeIfNone: false })),
  'deletes the version': performs((context) => ({
    effects: context.described === null ? [readVersion()] : [deleteVersion(context.described.version)],
    context: { trustedBy: null, isMadeIfNone: false },
  })),
  'deletes what was described': causes((_, { facts }: Described) =>
    facts === null ? null : deleteVersion(facts.version),
  ),
  'version is gone': permits((_, { status }: On<'backup.deleted'>) => status === 200 || status === 404),
  /** The key to a version that the server still has is not thrown away. */
  'tells that it stands': causes(() => show('backup not deleted', 'The key backup could not be deleted.')),
  /** Logged out in between: nobody was asked to delete anything. */
  'deletion was not asked for': permits((_, event: On<'backup.deleted'>) => isUnasked(event)),
  'deletion had no answer': permits((_, { status }: On<'backup.deleted'>) => status === 0),
  'tells that it may stand': causes(() =>
    show('backup perhaps not deleted', 'The server has not answered whether the key backup is deleted.'),
  ),
  'forgets the backup': performs(() => ({
    context: { described: null, trustedBy: null },
    effects: [store({ patch: 'backup', backup: null }), store({ patch: 'forget secret', name: BACKUP_SECRET })],
  })),
  'is to back up': remembers(
    (
      context,
      event: UserAct<'user.create backup' | 'user.reset backup' | 'user.turn backup on'> | News<'told.backup wanted'>,
    ) => ({
      isRefraining: false,
      // What somebody does undoes what they said; what an account says does not.
      turnedDown: event.type === 'told.backup wanted' ? context.turnedDown : [],
      isMadeIfNone: event.type === 'told.backup wanted' ? event.isMadeIfNone : event.type === 'user.turn backup on',
    }),
  ),
  'is to refrain': performs(() => ({
    context: { isRefraining: true, isMadeIfNone: false, trustedBy: null },
    effects: [store({ patch: 'backup', backup: null })],
  })),
  /** Whoever deletes the backup where MSC4287 is known has chosen to go without one; elsewhere only that one goes. */
  'deletes it for good': permits((context) => implemented('MSC4287')(context.me)),
  /** Another device may have made another backup: it is not for the client on which its person has said no. */
  'will back up no more': remembers(() => ({ isRefraining: true })),
  'refrains again': performs(() => ({
    context: { trustedBy: null },
    effects: [store({ patch: 'backup', backup: null })],
  })),
  'is told to refrain': permits((context) => context.isRefraining),
  'is turned off here alone': permits((context) => readingOf(context.me, 'q40') === 'B'),
  'makes one if there is none': permits(
    ({ isMadeIfNone }, { facts, status }: Described) => isMadeIfNone && facts === null && status === 404,
  ),
  /** Who tells backups apart by their key cannot rely on the server's refusal of a wrong number, and looks before it uploads. */
  'looks before it uploads': permits((context) => readingOf(context.me, 'q55') === 'B'),
  'reads the version': causes(readVersion),
  'is the backup secret': permits((_, { name }: News<'told.secret stored'>) => name === BACKUP_SECRET),
  'there is a version': permits((_, { facts }: Described) => facts !== null),
  'is the version just made': permits(
    (context, { facts }: Described) =>
      facts !== null && backupName(context, facts) === context.used && facts.matchesHeldSecret,
  ),
  'there is a version to use': permits(
    ({ refused }, { facts }: Described) => facts !== null && facts.version !== refused,
  ),
  'notes what was described': remembers((_, { facts }: Described) => ({ described: facts, trustedBy: null })),
  'stops using a backup': performs(() => ({
    context: { described: null, trustedBy: null, refused: null },
    effects: [store({ patch: 'backup', backup: null })],
  })),
  /** "Server-side key backups": a signature by the user's master key or by a verified own device. */
  '1219-trust-by-signature': {
    kind: 'guard',
    permits: (context) =>
      context.described !== null &&
      (context.described.signedByPinnedMaster || context.described.signedByDevices.length > 0),
  },
  /** "Server-side key backups": holding the private key, by entry, secret storage or sharing by a verified own device. */
  '1219-trust-by-private-key': {
    kind: 'guard',
    permits: (context) =>
      context.described?.matchesHeldSecret === true &&
      // Question q11: whether a push counts as "secret sharing" (A) or needs more (B).
      (context.described.heldFrom?.how !== 'push' || readingOf(context.me, 'q11') !== 'B'),
  },
  'trusts by signature': remembers(() => ({ trustedBy: 'signature' })),
  'trusts by private key': remembers(() => ({ trustedBy: 'private key' })),
  /** "Server-side key backups": keys are uploaded only once `auth_data` has been established as trusted. */
  '1219-trust-before-upload': { kind: 'guard', permits: (context) => context.trustedBy !== null },
  'uses the described version': performs((context, _event, rules) => {
    const described = context.described;
    if (described?.publicKey == null) return null;
    const { version, publicKey } = described;
    return {
      context: { used: backupName(context, described), refused: null, untrusted: null },
      effects: [
        store({ patch: 'backup', backup: { version, publicKey } }),
        sealFor(context, rules, version, publicKey),
      ],
    };
  }),
  /** A version is news once: weighed anew, as with a key that has come, it is the same that nobody could vouch for before. */
  'uploads nothing': performs((context) => ({
    context: { untrusted: context.described?.version ?? null },
    effects: [
      store({ patch: 'backup', backup: null }),
      show('backup not trusted', 'There is a key backup that this device has no reason to trust.', {
        version: context.described?.version,
      }),
      ...(context.untrusted === context.described?.version ? [] : [tell({ type: 'told.backup untrusted' })]),
    ],
  })),
  /** MSC1219, "Security Considerations": before a new version is used, ask the user or check who made it. */
  '1219-confirm-new-version': {
    kind: 'ui',
    perform: (context) =>
      context.used === null || context.described === null || context.used === backupName(context, context.described)
        ? null
        : {
            effects: [
              show('new backup version', 'The key backup has a new version.', { version: context.described?.version }),
            ],
          },
  },
  ...askingParts,
  ...waitingParts,
  'seals again': causes((context, _event, rules) =>
    context.described?.publicKey == null
      ? null
      : sealFor(context, rules, context.described.version, context.described.publicKey),
  ),
  'uploads what was sealed': causes((_, { sealed }: On<'backup.sealed'>) => {
    if (sealed === null) return null;
    const { version, rooms, sessions } = sealed;
    return {
      type: 'request',
      method: 'PUT',
      path: paths.backupKeys,
      query: { version },
      body: { rooms },
      answerAs: 'backup.uploaded',
      with: { version, sessions },
    };
  }),
  ...recoveringParts,
  /** MSC4268, "`shared_history` property": `BackedUpSessionData` has the flag. */
  '4268-flag-in-backup': { kind: 'format', isDoneBy: 'uses the described version' },
  ...keptFlagParts('uses the described version'),
  'upload was taken': permits((_, { status }: On<'backup.uploaded'>) => status === 200),
  'notes what is backed up': causes((context, { with: { version, sessions } }: On<'backup.uploaded'>) => {
    const filedAs = readingOf(context.me, 'q55') === 'B' ? (context.used ?? version) : version;
    return store({ patch: 'backed up', sessions, version: filedAs });
  }),
  'version is wrong': permits(
    ({ described }, { status, with: { version } }: On<'backup.uploaded'>) =>
      (status === 403 || status === 404) && version === described?.version,
  ),
  /** MSC1219, "Possible UX": on a wrong-version error fetch the new version, tell the user and check the key. */
  '1219-wrong-version-flow': {
    kind: 'duty',
    perform: (_, { with: { version } }: On<'backup.uploaded'>) => ({
      context: { trustedBy: null, refused: version },
      effects: [readVersion()],
    }),
  },
  'tells how the upload went': causes((_, { status, body }: On<'backup.uploaded'>) =>
    tell({ type: 'told.backup uploaded', status, error: stringAt(body, 'errcode') ?? null }),
  ),
} satisfies BackupParts;

const createVersion = (authData: JsonObject, publicKey: Term): Effect => ({
  type: 'request',
  method: 'POST',
  path: paths.backupVersions,
  body: { algorithm: BACKUP_ALGORITHM, auth_data: authData },
  answerAs: 'backup.created',
  with: { public: publicKey },
});
const deleteVersion = (version: string): Effect => ({
  type: 'request',
  method: 'DELETE',
  path: paths.backupVersion(version),
  answerAs: 'backup.deleted',
});
