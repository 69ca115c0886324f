/** Devices that begin anew under a name that was there before: what they held, heard or were asked is not their own any more. */
import { isObject, type Json } from '../../../machines/json.ts';
import type { CopyHolds, Moment, PlayerId } from '../../engine/types.ts';
import { doneIn } from './asked.ts';

/** `record` with nothing under that name; the same record where there is nothing. */
export const without = <T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> => {
  if (record[name] === undefined) return record;
  const { [name]: _, ...others } = record;
  return others;
};

/** What goes by the name of a device and outlasts it: what a server shows to whoever has the name, and what a device has written elsewhere. */
const lasting: readonly string[] = ['lies', 'sealers', 'curves'];

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

type ByPlayer = Readonly<Record<PlayerId, Json>>;

/** The same where a device comes up from a copy: what only its lost store knew is gone from these records, and nothing else. */
export const lostWithStore = <F extends string, M extends { readonly [field in F]: ByPlayer }>(
  memory: M,
  moment: Moment,
  ...fields: readonly F[]
): M => {
  const player = copyIn(moment)?.player;
  if (player === undefined || fields.every((field) => memory[field][player] === undefined)) return memory;
  return { ...memory, ...Object.fromEntries(fields.map((field) => [field, without(memory[field], player)])) };
};
