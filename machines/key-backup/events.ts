/** What the key-backup chart hears. */
import { type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer, HttpAnswer } from '../effects.ts';
import type { CoreNews, News, UserAct } from '../events.ts';
import type { RoomId } from '../room-types.ts';
import type { Term } from '../suite.ts';
import type { BackupContext } from './context.ts';

type AnswersToBackup =
  | CoreAnswer<'make backup', 'backup.made'>
  /** `public`: the key it was made with. */
  | HttpAnswer<'backup.created', { readonly public: Term }>
  | CoreAnswer<'backup version', 'backup.described'>
  | HttpAnswer<'backup.deleted'>
  | CoreAnswer<'seal room keys', 'backup.sealed'>
  /** What was uploaded, and to which version. */
  | HttpAnswer<'backup.uploaded', { readonly version: string; readonly sessions: readonly string[] }>
  | CoreAnswer<'make room key', 'backup.room key begun'>
  /** `room`: the one whose keys a flow waits for; `null`: all were asked for. */
  | HttpAnswer<'backup.entries', { readonly room: RoomId | null }>
  | CoreAnswer<'read backup', 'backup.read', { readonly room: RoomId | null }>;

export type BackupEvent =
  | AnswersToBackup
  | UserAct<
      | 'user.start'
      | 'user.create backup'
      | 'user.reset backup'
      | 'user.delete backup'
      | 'user.turn backup on'
      | 'user.turn backup off'
      | 'user.check backup'
      | 'user.restore backup'
      | 'user.start room key'
      | 'user.accepts'
      | 'user.refuses'
    >
  | News<
      | 'told.backup wanted'
      | 'told.backup refrained'
      | 'told.secret stored'
      | 'told.fetch room keys'
      | 'told.new room key'
      | 'told.room keys'
    >
  | CoreNews<'sync.done'>;

export type On<T extends BackupEvent['type']> = Extract<BackupEvent, { readonly type: T }>;
export type Effect = AnyEffect<BackupEvent>;
export type BackupParts = AnyParts<BackupContext, BackupEvent>;
export const words = wordsOf<BackupContext, BackupEvent>();
