/** What the backup-preference chart hears. */
import { type Change as AnyChange, type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, HttpAnswer } from '../effects.ts';
import type { CoreNews, News, UserAct } from '../events.ts';
import type { Form, PreferenceContext } from './context.ts';

/** A choice that is to be recorded once it is known what is there already. */
export type Recording = { readonly form: Form; readonly isOn: boolean; readonly by: 'user' | 'client' };

export type PreferenceEvent =
  | HttpAnswer<'preference.read', { readonly form: Form }>
  | HttpAnswer<'preference.looked up', Recording>
  | UserAct<
      | 'user.start'
      | 'user.create backup'
      | 'user.reset backup'
      | 'user.delete backup'
      | 'user.turn backup on'
      | 'user.turn backup off'
      | 'user.accepts'
      | 'user.refuses'
    >
  | CoreNews<'sync.account data' | 'sync.done'>
  | News<'told.backup uploaded'>;

export type On<T extends PreferenceEvent['type']> = Extract<PreferenceEvent, { readonly type: T }>;
export type Change = AnyChange<PreferenceContext, PreferenceEvent>;
export type Effect = AnyEffect<PreferenceEvent>;
export type PreferenceParts = AnyParts<PreferenceContext, PreferenceEvent>;
export const words = wordsOf<PreferenceContext, PreferenceEvent>();
