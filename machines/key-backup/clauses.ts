/**
 * Server-side key backup: which version a device trusts, and what it uploads (MSC1219 and "Server-side key backups"
 * of the client-server API). The heart of it: keys go only to a backup whose `auth_data` is established as trusted.
 */

import { BACKUP_ALGORITHM, BACKUP_SECRET } from '../algorithms.ts';
import type { Rules } from '../clauses.ts';
import type { News, UserAct } from '../events.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { flagFormsFor, keptFlagParts } from '../room-keys/flags.ts';
import type { Term } from '../suite.ts';
import { askingParts } from './asking.ts';
import { type BackupContext, backupName, readingOf } from './context.ts';
import type { BackupParts, Effect, On } from './events.ts';
import { recoveringParts } from './recovering.ts';
import { waitingParts } from './waiting.ts';

type Described = On<'backup.described'>;
const readVersion = (): Effect => ({ type: 'core', request: { ask: 'backup version', answerAs: 'backup.described' } });
const sealFor = (context: BackupContext, rules: Rules, version: string, publicKey: string): Effect => ({
  type: 'core',
  request: {
    ask: 'seal room keys',
    backup: { version, publicKey },
    ...(readingOf(context.me, 'q55') === 'B' ? { filedAs: backupName(context, { version, publicKey }) } : {}),
    flags: flagFormsFor(context.me, rules, '4268-flag-in-backup'),
    answerAs: 'backup.sealed',
  },
});
export const backupParts = {
  'starts a room key': {
    kind: 'plain',
    perform: (_, { room }: On<'user.start room key'>) => ({
      effects: [{ type: 'core', request: { ask: 'make room key', room, answerAs: 'backup.room key begun' } }],
    }),
  },
  'makes a backup key': {
    kind: 'plain',
    perform: () => ({
      effects: [{ type: 'core', request: { ask: 'make backup', answerAs: 'backup.made' } }],
    }),
  },
  'keeps the new key aside': {
    kind: 'plain',
    perform: (_, event: On<'backup.made'>) => ({ context: { making: { secret: event.secret, public: event.public } } }),
  },
  /** MSC1219, "auth_data": the creator signs it with the master key, optionally with the device key. */
  '1219-auth-data-signed': {
    kind: 'format',
    perform: (_, event: On<'backup.made'>) => ({ effects: [createVersion(event.signedAuthData, event.public)] }),
    otherwise: (_, event: On<'backup.made'>) => ({ effects: [createVersion(event.authData, event.public)] }),
  },
  'version was created': {
    kind: 'plain',
    permits: (_, { status, body }: On<'backup.created'>) => status === 200 && stringAt(body, 'version') !== undefined,
  },
  /** Somebody began anew while the server was asked for the first. */
  'another key was made since': {
    kind: 'plain',
    permits: ({ making }, event: On<'backup.created'>) => making?.public !== event.with.public,
  },
  'takes the new backup into use': {
    kind: 'plain',
    perform: (context, event: On<'backup.created'>, rules) => {
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
          {
            type: 'store',
            patch: { patch: 'secret', name: BACKUP_SECRET, held: { ...making, origin: { how: 'made' } } },
          },
          { type: 'store', patch: { patch: 'backup', backup: { version, publicKey: making.public } } },
          { type: 'tell', event: { type: 'told.secret changed', name: BACKUP_SECRET, secret: making.secret } },
          sealFor(context, rules, version, making.public),
        ],
      };
    },
  },
  /** Nor is another one made where this one was refused: whoever wants it says so again. */
  'drops the new key': { kind: 'plain', perform: () => ({ context: { making: null, isMadeIfNone: false } }) },
  'deletes the version': {
    kind: 'plain',
    perform: (context) => ({
      effects: context.described === null ? [readVersion()] : [deleteVersion(context.described.version)],
      context: { trustedBy: null, isMadeIfNone: false },
    }),
  },
  'deletes what was described': {
    kind: 'plain',
    perform: (_, { facts }: Described) => (facts === null ? null : { effects: [deleteVersion(facts.version)] }),
  },
  'version is gone': {
    kind: 'plain',
    permits: (_, { status }: On<'backup.deleted'>) => status === 200 || status === 404,
  },
  /** The key to a version that the server still has is not thrown away. */
  'tells that it stands': {
    kind: 'plain',
    perform: () => ({ effects: [show('backup not deleted', 'The key backup could not be deleted.')] }),
  },
  'forgets the backup': {
    kind: 'plain',
    perform: () => ({
      context: { described: null, trustedBy: null },
      effects: [
        { type: 'store', patch: { patch: 'backup', backup: null } },
        { type: 'store', patch: { patch: 'forget secret', name: BACKUP_SECRET } },
      ],
    }),
  },
  'is to back up': {
    kind: 'plain',
    perform: (
      context,
      event: UserAct<'user.create backup' | 'user.reset backup' | 'user.turn backup on'> | News<'told.backup wanted'>,
    ) => ({
      context: {
        isRefraining: false,
        // What somebody does undoes what they said; what an account says does not.
        turnedDown: event.type === 'told.backup wanted' ? context.turnedDown : null,
        isMadeIfNone: event.type === 'told.backup wanted' ? event.isMadeIfNone : event.type === 'user.turn backup on',
      },
    }),
  },
  'is to refrain': {
    kind: 'plain',
    perform: () => ({
      context: { isRefraining: true, isMadeIfNone: false, trustedBy: null },
      effects: [{ type: 'store', patch: { patch: 'backup', backup: null } }],
    }),
  },
  'refrains again': {
    kind: 'plain',
    perform: () => ({
      context: { trustedBy: null },
      effects: [{ type: 'store', patch: { patch: 'backup', backup: null } }],
    }),
  },
  'is told to refrain': { kind: 'plain', permits: (context) => context.isRefraining },
  'is turned off here alone': { kind: 'plain', permits: (context) => readingOf(context.me, 'q40') === 'B' },
  'makes one if there is none': {
    kind: 'plain',
    permits: ({ isMadeIfNone }, { facts, status }: Described) => isMadeIfNone && facts === null && status === 404,
  },
  /** Who tells backups apart by their key cannot rely on the server's refusal of a wrong number, and looks before it uploads. */
  'looks before it uploads': { kind: 'plain', permits: (context) => readingOf(context.me, 'q55') === 'B' },
  'reads the version': { kind: 'plain', perform: () => ({ effects: [readVersion()] }) },
  'is the backup secret': {
    kind: 'plain',
    permits: (_, { name }: News<'told.secret stored'>) => name === BACKUP_SECRET,
  },
  'there is a version': { kind: 'plain', permits: (_, { facts }: Described) => facts !== null },
  'is the version just made': {
    kind: 'plain',
    permits: (context, { facts }: Described) =>
      facts !== null && backupName(context, facts) === context.used && facts.matchesHeldSecret,
  },
  'there is a version to use': {
    kind: 'plain',
    permits: ({ refused }, { facts }: Described) => facts !== null && facts.version !== refused,
  },
  'notes what was described': {
    kind: 'plain',
    perform: (_, { facts }: Described) => ({ context: { described: facts, trustedBy: null } }),
  },
  'stops using a backup': {
    kind: 'plain',
    perform: () => ({
      context: { described: null, trustedBy: null, refused: null },
      effects: [{ type: 'store', patch: { patch: 'backup', backup: null } }],
    }),
  },
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
  'trusts by signature': { kind: 'plain', perform: () => ({ context: { trustedBy: 'signature' } }) },
  'trusts by private key': { kind: 'plain', perform: () => ({ context: { trustedBy: 'private key' } }) },
  /** "Server-side key backups": keys are uploaded only once `auth_data` has been established as trusted. */
  '1219-trust-before-upload': { kind: 'guard', permits: (context) => context.trustedBy !== null },
  'uses the described version': {
    kind: 'plain',
    perform: (context, _event, rules) => {
      const described = context.described;
      if (described?.publicKey == null) return null;
      const { version, publicKey } = described;
      return {
        context: { used: backupName(context, described), refused: null },
        effects: [
          { type: 'store', patch: { patch: 'backup', backup: { version, publicKey } } },
          sealFor(context, rules, version, publicKey),
        ],
      };
    },
  },
  'uploads nothing': {
    kind: 'plain',
    perform: (context) => ({
      effects: [
        { type: 'store', patch: { patch: 'backup', backup: null } },
        show('backup not trusted', 'There is a key backup that this device has no reason to trust.', {
          version: context.described?.version,
        }),
        { type: 'tell', event: { type: 'told.backup untrusted' } },
      ],
    }),
  },
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
  'seals again': {
    kind: 'plain',
    perform: (context, _event, rules) =>
      context.described?.publicKey == null
        ? null
        : { effects: [sealFor(context, rules, context.described.version, context.described.publicKey)] },
  },
  'uploads what was sealed': {
    kind: 'plain',
    perform: (_, { sealed }: On<'backup.sealed'>) => {
      if (sealed === null) return null;
      const { version, rooms, sessions } = sealed;
      return {
        effects: [
          {
            type: 'request',
            method: 'PUT',
            path: paths.backupKeys,
            query: { version },
            body: { rooms },
            answerAs: 'backup.uploaded',
            with: { version, sessions },
          },
        ],
      };
    },
  },
  ...recoveringParts,
  /** MSC4268, "`shared_history` property": `BackedUpSessionData` has the flag. */
  '4268-flag-in-backup': { kind: 'format', isDoneBy: 'uses the described version' },
  ...keptFlagParts('uses the described version'),
  'upload was taken': { kind: 'plain', permits: (_, { status }: On<'backup.uploaded'>) => status === 200 },
  'notes what is backed up': {
    kind: 'plain',
    perform: (context, { with: { version, sessions } }: On<'backup.uploaded'>) => {
      const filedAs = readingOf(context.me, 'q55') === 'B' ? (context.used ?? version) : version;
      return { effects: [{ type: 'store', patch: { patch: 'backed up', sessions, version: filedAs } }] };
    },
  },
  'version is wrong': {
    kind: 'plain',
    permits: ({ described }, { status, with: { version } }: On<'backup.uploaded'>) =>
      (status === 403 || status === 404) && version === described?.version,
  },
  /** MSC1219, "Possible UX": on a wrong-version error fetch the new version, tell the user and check the key. */
  '1219-wrong-version-flow': {
    kind: 'duty',
    perform: (_, { with: { version } }: On<'backup.uploaded'>) => ({
      context: { trustedBy: null, refused: version },
      effects: [readVersion()],
    }),
  },
  'tells how the upload went': {
    kind: 'plain',
    perform: (_, { status, body }: On<'backup.uploaded'>) => ({
      effects: [
        { type: 'tell', event: { type: 'told.backup uploaded', status, error: stringAt(body, 'errcode') ?? null } },
      ],
    }),
  },
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
