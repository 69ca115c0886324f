/** What devices and servers said before is remembered by what they were and what they heard. */
import { hear } from '../../machines/core/device.ts';
import type { Device } from '../../machines/core/env.ts';
import type { Out } from '../../machines/types.ts';
import { respond } from '../homeserver/index.ts';
import type { ClientResponse } from '../homeserver/types.ts';
import type { Answered, Kernel } from '../kernel.ts';
import type { Interner } from './intern.ts';
import { type Patch, patched, patchOf, sliceKey, sliceOf } from './slices.ts';

/** A kernel that works the same thing out once. Results are interned, so that what comes next is found by identity. */
export const rememberingKernel = (interner: Interner): Kernel => {
  const heard = new Map<string, { readonly device: Device; readonly outs: readonly Out[] }>();
  const answers = new Map<string, Answered>();
  const sliced = new Map<string, { readonly patch: Patch; readonly response: ClientResponse }>();
  const same = <T>(value: T): T => interner.valueOf(interner.idOf(value)) as T;
  /** Requests nobody has cut a slice for are remembered by the whole server. */
  const whole: Kernel['respond'] = (server, request, now) => {
    const key = `${interner.idOf(server)} ${interner.idOf(request)} ${now}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answered = respond(server, request, now);
    const result = { server: same(answered.server), response: same(answered.response) };
    answers.set(key, result);
    return result;
  };

  return {
    hear: (env, device, event) => {
      const key = `${env.owner} ${interner.idOf(device)} ${interner.idOf(event)}`;
      const known = heard.get(key);
      if (known !== undefined) return known;
      const step = hear(env, device, event);
      // Events and requests that leave are interned now: each is an index into what follows from it.
      const outs = step.outs.map((out) =>
        out.out === 'hear' || out.out === 'later' ? { ...out, event: same(out.event) } : out,
      );
      const result = { device: same(step.device), outs };
      heard.set(key, result);
      return result;
    },
    respond: (server, request, now) => {
      const slice = sliceOf(request);
      if (slice === null) return whole(server, request, now);
      const key = `${sliceKey(server, slice, request, interner)}|${interner.idOf(request)}`;
      const known = sliced.get(key);
      if (known !== undefined) return { server: same(patched(server, known.patch)), response: known.response };
      const answered = respond(server, request, now);
      const patch = patchOf(server, answered.server, slice);
      if (patch === null)
        throw new Error(
          `${request.method} ${request.path} changed more of the server than its slice says: see sim/explorer/slices.ts`,
        );
      const response = same(answered.response);
      sliced.set(key, { patch, response });
      return { server: same(answered.server), response };
    },
  };
};
