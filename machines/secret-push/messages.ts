/** A secret that nobody asked for, as the two variants of MSC4385 write it: `m.secret.push`, or `m.secret.send` without `request_id`. */
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { DeviceDials, DeviceEvent, DeviceId, UserId } from '../types.ts';

/** MSC1946's answer to a request, and the send variant's share that answers none. */
export const SEND = 'm.secret.send';
export const PUSH = 'm.secret.push';
/** "Unstable prefix". The send variant has none; the other name is what a client makes up that wants one. */
export const UNSTABLE_PUSH = 'io.element.msc4385.secret.push';
export const UNSTABLE_SEND = 'io.element.msc4385.secret.send';

/** A push on its way into the store. `published` is the public half this device knows for the name, if any. */
export type Candidate = {
  readonly name: string;
  readonly secret: string;
  readonly public: string | null;
  readonly published: string | null;
  readonly user: UserId;
  readonly device: DeviceId | null;
};

/** A push being written, for one device. */
export type Draft = {
  readonly device: DeviceId;
  readonly name: string;
  readonly secret: string;
  readonly types: readonly string[];
  readonly content: JsonObject;
  readonly encrypt: boolean;
};

export const pushContent = (event: DeviceEvent): JsonObject => objectAt(event, 'content');
export const nameOf = (event: DeviceEvent): string | undefined => stringAt(pushContent(event), 'name');
export const secretOf = (event: DeviceEvent): string | undefined => stringAt(pushContent(event), 'secret');

/** Event types a device with these identifiers understands. */
export const understood = (identifiers: 'stable' | 'unstable' | 'both'): readonly string[] =>
  identifiers === 'stable' ? [PUSH] : identifiers === 'unstable' ? [UNSTABLE_PUSH] : [PUSH, UNSTABLE_PUSH];

/** Whether a device implements the text in which `m.secret.send` may come without having been asked for. */
export const hasSendVariant = ({ implements: texts }: Pick<DeviceDials, 'implements'>): boolean =>
  texts.MSC4385 === 'send-variant';

/** What an `m.secret.send` is to a client of the send variant; `neither` is thrown away. */
export type SendKind = 'answer' | 'unasked' | 'neither';

/**
 * MSC4385 (send variant), Proposal: the absence of `request_id` is what marks a share that nobody asked for.
 * Question q06: only a field that is not there is absent (A), or any value that is not a string (B).
 * Question q05: that alone decides (A), or what has a `request_id` and a `name`, or neither, is invalid (B).
 *
 * @param content of an `m.secret.send`
 * @param readings of the device that reads it
 */
export const kindOfSend = (content: JsonObject, readings: DeviceDials['readings']): SendKind => {
  const id = content.request_id;
  const hasId = readings.q06 === 'B' ? typeof id === 'string' : id !== undefined;
  const hasName = (stringAt(content, 'name') ?? '') !== '';
  if (readings.q05 === 'B' && hasId === hasName) return 'neither';
  return hasId ? 'answer' : 'unasked';
};
