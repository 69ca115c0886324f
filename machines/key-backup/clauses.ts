/**
 * Server-side key backup: which version a device trusts, and what it uploads (MSC1219 and "Server-side key backups"
 * of the client-server API). The heart of it: keys go only to a backup whose `auth_data` is established as trusted.
 */

import type { ChartInput } from '../chart.ts';
import type { Change, Part, Rules } from '../clauses.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { BACKUP_ALGORITHM, BACKUP_SECRET, paths } from '../paths.ts';
import { flagFormsFor, keptFlagParts } from '../room-keys/flags.ts';
import type { BackupFacts, DeviceEvent, Effect } from '../types.ts';
import { askingParts } from './asking.ts';

export type BackupContext = {
  readonly me: ChartInput;
  /** The version the server last described. */
  readonly described: BackupFacts | null;
  /** What has established it as trusted. */
  readonly trustedBy: 'signature' | 'private key' | null;
  /** A backup key made here and not yet on the server. */
  readonly making: { readonly secret: string; readonly public: string } | null;
  /** Sessions on their way to the server. */
  readonly uploading: readonly string[];
  /** The version last used: another one is news for the user. */
  readonly used: string | null;
  /** The version the server has just refused an upload to: described again, it is not tried again. */
  readonly refused: string | null;
  /** Told to back up nothing, whatever there is. */
  readonly isRefraining: boolean;
  /** The version that its user would not have. */
  readonly turnedDown: string | null;
  /** Told to make a backup where there is none. */
  readonly isMadeIfNone: boolean;
};
type Args = [context: BackupContext, event: DeviceEvent];

const status = (event: DeviceEvent): number => (typeof event.status === 'number' ? event.status : 0);
const facts = (event: DeviceEvent): BackupFacts | null => (event.facts as BackupFacts | null | undefined) ?? null;
const readVersion = (): Effect => ({
  type: 'request',
  method: 'GET',
  path: paths.backupVersions,
  answerAs: 'backup.described',
});
const sealFor = (context: BackupContext, rules: Rules, version: string, publicKey: string): Effect => ({
  type: 'core',
  request: {
    ask: 'seal room keys',
    backup: { version, publicKey },
    flags: flagFormsFor(context.me, rules, '4268-flag-in-backup'),
    answerAs: 'backup.sealed',
  },
});
const entriesOf = (path: string, version: string, more: JsonObject): Effect => ({
  type: 'request',
  method: 'GET',
  path,
  query: { version },
  answerAs: 'backup.entries',
  with: more,
});

export const backupParts = {
  'starts a room key': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<BackupContext> => ({
      effects: [
        {
          type: 'core',
          request: { ask: 'make room key', room: stringAt(event, 'room') ?? '', answerAs: 'told.new room key' },
        },
      ],
    }),
  },
  'makes a backup key': {
    kind: 'plain',
    perform: (): Change<BackupContext> => ({
      effects: [{ type: 'core', request: { ask: 'make backup', answerAs: 'backup.made' } }],
    }),
  },
  'keeps the new key aside': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      context: { making: { secret: stringAt(event, 'secret') ?? '', public: stringAt(event, 'public') ?? '' } },
    }),
  },
  /** MSC1219, "auth_data": the creator signs it with the master key, optionally with the device key. */
  '1219-auth-data-signed': {
    kind: 'format',
    perform: (...[, event]: Args) => ({ effects: [createVersion(objectAt(event, 'signedAuthData'))] }),
    otherwise: (...[, event]: Args) => ({ effects: [createVersion(objectAt(event, 'authData'))] }),
  },
  'version was created': { kind: 'plain', permits: (...[, event]: Args) => status(event) === 200 },
  'takes the new backup into use': {
    kind: 'plain',
    perform: (context, event, rules) => {
      const making = context.making;
      const version = stringAt(objectAt(event, 'body'), 'version');
      if (making === null || version === undefined) return null;
      return {
        context: { making: null, trustedBy: 'private key', used: version },
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
  'drops the new key': { kind: 'plain', perform: () => ({ context: { making: null } }) },
  'deletes the version': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      effects: context.described === null ? [readVersion()] : [deleteVersion(context.described.version)],
      context: { trustedBy: null },
    }),
  },
  'deletes what was described': {
    kind: 'plain',
    perform: (...[, event]: Args) => {
      const version = facts(event)?.version;
      return version === undefined ? null : { effects: [deleteVersion(version)] };
    },
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
    perform: (...[context, event]: Args) => ({
      context: {
        isRefraining: false,
        // What somebody does undoes what they said; what an account says does not.
        turnedDown: event.type === 'told.backup wanted' ? context.turnedDown : null,
        isMadeIfNone: event.type === 'user.turn backup on' || event.isMadeIfNone === true,
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
  'is told to refrain': { kind: 'plain', permits: (...[context]: Args) => context.isRefraining },
  'is turned off here alone': { kind: 'plain', permits: (...[context]: Args) => context.me.readings.q40 === 'B' },
  'makes one if there is none': {
    kind: 'plain',
    permits: (...[context, event]: Args) => context.isMadeIfNone && facts(event) === null && status(event) === 404,
  },
  'reads the version': { kind: 'plain', perform: () => ({ effects: [readVersion()] }) },
  'is the backup secret': { kind: 'plain', permits: (...[, event]: Args) => event.name === BACKUP_SECRET },
  'there is a version': { kind: 'plain', permits: (...[, event]: Args) => facts(event) !== null },
  'there is a version to use': {
    kind: 'plain',
    permits: (...[context, event]: Args) => facts(event) !== null && facts(event)?.version !== context.refused,
  },
  'notes what was described': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({ context: { described: facts(event), trustedBy: null } }),
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
    permits: (...[context]: Args) =>
      context.described !== null &&
      (context.described.signedByPinnedMaster || context.described.signedByDevices.length > 0),
  },
  /** "Server-side key backups": holding the private key, by entry, secret storage or sharing by a verified own device. */
  '1219-trust-by-private-key': {
    kind: 'guard',
    permits: (...[context]: Args) =>
      context.described?.matchesHeldSecret === true &&
      // Question q11: whether a push counts as "secret sharing" (A) or needs more (B).
      (context.described.heldFrom?.how !== 'push' || context.me.readings.q11 !== 'B'),
  },
  'trusts by signature': { kind: 'plain', perform: () => ({ context: { trustedBy: 'signature' } }) },
  'trusts by private key': { kind: 'plain', perform: () => ({ context: { trustedBy: 'private key' } }) },
  /** "Server-side key backups": keys are uploaded only once `auth_data` has been established as trusted. */
  '1219-trust-before-upload': { kind: 'guard', permits: (...[context]: Args) => context.trustedBy !== null },
  'uses the described version': {
    kind: 'plain',
    perform: (context, _event, rules) => {
      const described = context.described;
      if (described?.publicKey == null) return null;
      const { version, publicKey } = described;
      return {
        context: { used: version, refused: null },
        effects: [
          { type: 'store', patch: { patch: 'backup', backup: { version, publicKey } } },
          sealFor(context, rules, version, publicKey),
        ],
      };
    },
  },
  'uploads nothing': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
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
    perform: (...[context]: Args) =>
      context.used === null || context.used === context.described?.version
        ? null
        : {
            effects: [
              show('new backup version', 'The key backup has a new version.', { version: context.described?.version }),
            ],
          },
  },
  ...askingParts,
  'seals again': {
    kind: 'plain',
    perform: (context, _event, rules) =>
      context.described?.publicKey == null
        ? null
        : { effects: [sealFor(context, rules, context.described.version, context.described.publicKey)] },
  },
  'uploads what was sealed': {
    kind: 'plain',
    perform: (...[, event]: Args) => {
      const rooms = event.rooms;
      const version = stringAt(event, 'version');
      if (!isObject(rooms) || version === undefined) return null;
      return {
        context: { uploading: (event.sessions as readonly string[] | undefined) ?? [] },
        effects: [
          {
            type: 'request',
            method: 'PUT',
            path: paths.backupKeys,
            query: { version },
            body: { rooms },
            answerAs: 'backup.uploaded',
          },
        ],
      };
    },
  },
  /** "Recovering keys": all entries of the version in use, opened with the secret this device holds. */
  'asks for the entries': {
    kind: 'plain',
    perform: (...[context]: Args) =>
      context.described === null ? null : { effects: [entriesOf(paths.backupKeys, context.described.version, {})] },
  },
  /**
   * A flow wants the room keys of one room first. The specification asks for that where a backup is in use; the proposal has no such
   * condition, and so looks into the old backup of a user who has turned it off, where this device holds the key to it.
   */
  'asks for the entries of a room': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const told: DeviceEvent = { type: stringAt(event, 'answerAs') ?? '', room: stringAt(event, 'room') ?? '' };
      const version = context.described?.version;
      const isOpenAnyway =
        context.isRefraining &&
        context.me.implements.MSC4268 !== 'spec-v1.19' &&
        context.described?.matchesHeldSecret === true;
      return {
        effects: [
          version === undefined || (context.trustedBy === null && !isOpenAnyway)
            ? { type: 'tell', event: told }
            : entriesOf(paths.backupRoomKeys(stringAt(event, 'room') ?? ''), version, { told: told as JsonObject }),
        ],
      };
    },
  },
  'opens the entries': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<BackupContext> => {
      const told = objectAt(event.with, 'told');
      const room = stringAt(told, 'room');
      const done = room === undefined ? {} : { told: told as DeviceEvent };
      if (status(event) !== 200)
        return room === undefined ? null : { effects: [{ type: 'tell', event: told as DeviceEvent }] };
      const rooms = room === undefined ? objectAt(event.body, 'rooms') : { [room]: objectAt({ at: event.body }, 'at') };
      return {
        effects: [
          {
            type: 'core',
            request: { ask: 'open backup', rooms, ...done },
          },
        ],
      };
    },
  },
  /** MSC4268, "`shared_history` property": `BackedUpSessionData` has the flag. */
  '4268-flag-in-backup': { kind: 'format', isDoneBy: 'uses the described version' },
  ...keptFlagParts('uses the described version'),
  'upload was taken': { kind: 'plain', permits: (...[, event]: Args) => status(event) === 200 },
  'notes what is backed up': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      context: { uploading: [] },
      effects:
        context.described === null
          ? []
          : [
              {
                type: 'store',
                patch: { patch: 'backed up', sessions: context.uploading, version: context.described.version },
              },
            ],
    }),
  },
  'version is wrong': {
    kind: 'plain',
    permits: (...[, event]: Args) => status(event) === 403 || status(event) === 404,
  },
  /** MSC1219, "Possible UX": on a wrong-version error fetch the new version, tell the user and check the key. */
  '1219-wrong-version-flow': {
    kind: 'duty',
    perform: (...[context]: Args) => ({
      context: { uploading: [], trustedBy: null, refused: context.described?.version ?? null },
      effects: [readVersion()],
    }),
  },
} satisfies Readonly<Record<string, Part<BackupContext>>>;

const createVersion = (authData: JsonObject): Effect => ({
  type: 'request',
  method: 'POST',
  path: paths.backupVersions,
  body: { algorithm: BACKUP_ALGORITHM, auth_data: authData },
  answerAs: 'backup.created',
});
const deleteVersion = (version: string): Effect => ({
  type: 'request',
  method: 'DELETE',
  path: paths.backupVersion(version),
  answerAs: 'backup.deleted',
});
