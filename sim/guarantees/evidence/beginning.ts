/** Devices that begin anew under a name that was there before: what they held, heard or were asked is not their own any more. */
import { isObject, type Json, type JsonObject, stringAt, without } from '../../../machines/json.ts';
import type { CopyHolds, Moment, PlayerId } from '../../engine/types.ts';
import { filedIn, filedOrNot } from './accounts.ts';
import { doneIn } from './asked.ts';

/**
 * What goes by the name of a device and outlasts it: what a server shows to whoever has the name, what a device has written elsewhere
 * (on whose word it held a key that its backup has), and copies that its person has made.
 */
const lasting: readonly string[] = ['lies', 'sealers', 'curves', 'words', 'copied'];

const isOf = (one: Json, player: PlayerId): boolean => one === player || (isObject(one) && one.device === player);

/** `memory` without what is filed under a player, and without them, or what is their device's, in every list; the same where nothing is. */
const withoutTrace = (memory: Json, player: PlayerId): Json => {
  if (Array.isArray(memory))
    return memory.some((one) => isOf(one, player)) ? memory.filter((one) => !isOf(one, player)) : memory;
  if (!isObject(memory)) return memory;
  let now = without(memory, player);
  for (const [name, value = null] of Object.entries(now)) {
    const left = lasting.includes(name) ? value : withoutTrace(value, player);
    if (left !== value) now = { ...now, [name]: left };
  }
  return now;
};

/**
 * What a guarantee remembers, before it looks at a moment. A device that logs in has an empty store and new keys: nothing is remembered of
 * one of its name. `throughout` does that for every guarantee.
 */
export const forgetting = <M extends Json>(memory: M, moment: Moment): M =>
  moment.kind === 'request' && doneIn(moment)?.asks === 'log in' ? (withoutTrace(memory, moment.from) as M) : memory;

/** A device comes up from a copy of its store; `null` for other moments. */
export const copyIn = (moment: Moment): { readonly player: PlayerId; readonly holds: CopyHolds } | null =>
  moment.kind === 'restarted' && moment.holds !== undefined ? { player: moment.player, holds: moment.holds } : null;

type ByPlayer = Readonly<Record<PlayerId, NonNullable<Json>>>;
/** Device → name of a copy → what was remembered of the device when the copy was made, by field. */
export type Copied = { readonly copied: Readonly<Record<PlayerId, Readonly<Record<string, JsonObject>>>> };
export const noneCopied: Copied = { copied: {} };

/** The same where a device is copied, or comes up from a copy: these records then say of it what they said when the copy was made. */
export const asCopied = <F extends string, M extends Copied & { readonly [field in F]: ByPlayer }>(
  memory: M,
  moment: Moment,
  ...fields: readonly F[]
): M => {
  const name = moment.kind === 'acted' ? stringAt(moment.detail, 'copy') : undefined;
  if (moment.kind !== 'acted' || name === undefined) return memory;
  const { player } = moment;
  if (moment.what === 'copy') {
    const now = fields.flatMap((field) =>
      memory[field][player] === undefined ? [] : [[field, memory[field][player]]],
    );
    return { ...memory, copied: filedIn(memory.copied, player, name, Object.fromEntries(now)) };
  }
  const then = memory.copied[player]?.[name] ?? {};
  const restored = fields.map((field) => [field, filedOrNot(memory[field], player, then[field] ?? null)]);
  return { ...memory, ...Object.fromEntries(restored) };
};
