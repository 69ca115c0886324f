/** A secret that nobody asked for, as the two variants of MSC4385 write it: `m.secret.push`, or `m.secret.send` without `request_id`. */
import type { ChartInput } from '../chart.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { writtenName } from '../names.ts';
import type { DeviceSettings } from '../types.ts';
import { hasClause } from '../wording.ts';
import { readingOf } from './context.ts';
import type { Arrival } from './events.ts';

/** MSC1946's answer to a request, and the send variant's share that answers none. */
export const SEND = 'm.secret.send';
export const PUSH = writtenName('push', 'stable');
/** The send variant has no unstable prefix: this name is what a client makes up that wants one. */
export const UNSTABLE_SEND = 'io.element.msc4385.secret.send';

export const nameOf = ({ content }: Pick<Arrival, 'content'>): string | undefined => stringAt(content, 'name');
export const secretOf = ({ content }: Pick<Arrival, 'content'>): string | undefined => stringAt(content, 'secret');

/** Whether a device implements the text in which `m.secret.send` may come without having been asked for. */
export const hasSendVariant = (me: Pick<DeviceSettings, 'implements'>): boolean =>
  hasClause(me, '4385-send-without-request');

/** What an `m.secret.send` is to a client of the send variant; `neither` is thrown away. */
type SendKind = 'answer' | 'unasked' | 'neither';

/**
 * MSC4385 (send variant), Proposal: the absence of `request_id` is what marks a share that nobody asked for.
 * Question q06: only a field that is not there is absent (A), or any value that is not a string (B).
 * Question q05: that alone decides (A), or what has a `request_id` and a `name`, or neither, is invalid (B).
 *
 * @param content of an `m.secret.send`
 * @param me the device that reads it
 */
export const kindOfSend = (content: JsonObject, me: Pick<ChartInput, 'readings'>): SendKind => {
  const id = content.request_id;
  const hasId = readingOf(me, 'q06') === 'B' ? typeof id === 'string' : id !== undefined;
  const hasName = (stringAt(content, 'name') ?? '') !== '';
  if (readingOf(me, 'q05') === 'B' && hasId === hasName) return 'neither';
  return hasId ? 'answer' : 'unasked';
};
