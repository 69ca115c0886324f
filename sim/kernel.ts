/**
 * The two functions that every step comes down to: a device hears an event, a homeserver answers a request. Both are pure, so
 * whoever takes many steps may remember what they said.
 */
import { type Heard, hear } from '../machines/core/device.ts';
import type { Device, Env } from '../machines/core/env.ts';
import type { DeviceEvent, Ms } from '../machines/types.ts';
import { respond } from './homeserver/index.ts';
import type { ClientRequest, ClientResponse, Homeserver } from './homeserver/types.ts';

export type Answered = { readonly server: Homeserver; readonly response: ClientResponse };

export type Kernel = {
  readonly hear: (env: Env, device: Device, event: DeviceEvent) => Heard;
  readonly respond: (server: Homeserver, request: ClientRequest, now: Ms) => Answered;
};

export const plainKernel: Kernel = { hear, respond };
