/** To-device messages on their way in ("Send-to-Device messaging"). */
import { isObject, type JsonObject, objectAt } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { advanceInbox, at, inboxOf, withInbox } from './state.ts';
import type { Homeserver, ToDeviceEvent } from './types.ts';

/** Puts an event at the end of what waits for a device. */
export const enqueue = (server: Homeserver, userId: UserId, deviceId: DeviceId, event: ToDeviceEvent): Homeserver => {
  const { server: next, position } = advanceInbox(server, userId, deviceId);
  const inbox = inboxOf(next, userId, deviceId);
  return withInbox(next, userId, deviceId, { ...inbox, messages: [...inbox.messages, { at: position, event }] });
};

/**
 * PUT sendToDevice/{eventType}/{txnId}: each content to the device it is for, `*` to all devices of that user. Devices
 * and users that are not here get nothing and are no error. A transaction id that this device used before does nothing.
 */
const send = (call: SignedInCall): Answered => {
  if (!isObject(call.body) || !isObject(call.body.messages)) {
    return refuse(call, 400, 'M_MISSING_PARAM', 'Missing param: messages');
  }
  const messages = objectAt(call.body, 'messages');
  const contents = Object.values(messages).flatMap((byDevice) =>
    isObject(byDevice) ? Object.values(byDevice) : [null],
  );
  if (!contents.every(isObject)) return refuse(call, 400, 'M_BAD_JSON', 'Messages must be objects');
  const txn = param(call, 'txnId');
  const own = inboxOf(call.server, call.userId, call.deviceId);
  if (own.sent.includes(txn)) return ok(call.server);
  let server = withInbox(call.server, call.userId, call.deviceId, { ...own, sent: [...own.sent, txn] });
  for (const userId of Object.keys(messages)) {
    for (const [deviceId, content] of Object.entries(objectAt(messages, userId))) {
      const event = { type: param(call, 'eventType'), sender: call.userId, content: content as JsonObject };
      const all = Object.keys(at(server.users, userId)?.devices ?? {});
      const to = deviceId === '*' ? all : all.filter((one) => one === deviceId);
      server = to.reduce((now, device) => enqueue(now, userId, device, event), server);
    }
  }
  return ok(server);
};

export const toDeviceRoutes: readonly Route[] = [
  signedIn('PUT', '/_matrix/client/v3/sendToDevice/:eventType/:txnId', send),
];
