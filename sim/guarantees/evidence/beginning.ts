/** Devices that begin anew under a name that was there before: what they held, heard or were asked is not their own any more. */
import { isObject, type Json, type JsonObject, own, stringAt, without } from '../../../machines/json.ts';
import type { CopyHolds, Moment, PlayerId } from '../../engine/types.ts';
import { filedIn, filedOrNot, noted } from './accounts.ts';
import { doneIn } from './asked.ts';

/**
 * What goes by the name of a device and outlasts it: what a server shows to whoever has the name, what a device has written elsewhere
 * (on whose word it held a key that its backup has), and copies that its person has made.
 */
const lasting: readonly string[] = ['lies', 'sealers', 'curves', 'words', 'once', 'copied'];

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
/** Device → name of a copy → what was remembered of the device when the copy was made, by field. Each evidence has fields of its own there. */
export type Copied = { readonly copied: Readonly<Record<PlayerId, Readonly<Record<string, JsonObject>>>> };
export const noneCopied: Copied = { copied: {} };

/**
 * The same where a device is copied, or comes up from a copy: these records then say of it what they said when the copy was made.
 *
 * So it is with whatever a device was told, holds or goes by, which the client keeps: it cannot know what came since. What others have
 * been given, what a server has done and what its person was shown or has said stays as it is.
 */
export const asCopied = <F extends string, M extends Copied & { readonly [field in F]: ByPlayer }>(
  memory: M,
  moment: Moment,
  ...fields: readonly F[]
): M => {
  const name = moment.kind === 'acted' ? stringAt(moment.detail, 'copy') : undefined;
  if (moment.kind !== 'acted' || name === undefined) return memory;
  const { player } = moment;
  if (moment.what === 'copy') {
    const known = own(memory.copied[player] ?? {}, name) ?? {};
    const now = fields.reduce<JsonObject>(
      (copy, field) => filedOrNot(copy, field, memory[field][player] ?? null),
      known,
    );
    return { ...memory, copied: filedIn(memory.copied, player, name, now) };
  }
  const then = own(memory.copied[player] ?? {}, name) ?? {};
  const restored = fields.map((field) => {
    const [record, was] = [memory[field], then[field] ?? null];
    // Its place among the others stays.
    return [
      field,
      was !== null && Object.hasOwn(record, player) ? { ...record, [player]: was } : filedOrNot(record, player, was),
    ];
  });
  return { ...memory, ...Object.fromEntries(restored) };
};

/** The same of what its person was shown, by field: what came since they have not forgotten. */
export const asShown = <
  F extends string,
  M extends Copied & { readonly [field in F]: Readonly<Record<PlayerId, readonly string[]>> },
>(
  memory: M,
  moment: Moment,
  field: F,
): M => {
  const now: M = asCopied(memory, moment, field);
  const known = moment.kind === 'acted' ? (memory[field][moment.player] ?? []) : [];
  if (moment.kind !== 'acted' || now[field] === memory[field] || known.length === 0) return now;
  return { ...now, [field]: noted(now[field], moment.player, ...known) };
};
