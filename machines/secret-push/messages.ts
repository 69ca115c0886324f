/** `m.secret.push` as MSC4385 (push variant) names it, and how a push is built and read. */
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { DeviceEvent, DeviceId, UserId } from '../types.ts';

export const PUSH = 'm.secret.push';
/** "Unstable prefix". */
export const UNSTABLE_PUSH = 'io.element.msc4385.secret.push';

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
