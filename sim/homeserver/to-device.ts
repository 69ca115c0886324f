/** To-device messages on their way in ("Send-to-Device messaging"). */
import { isObject, type JsonObject, objectAt } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { enqueueFor } from './federation/links.ts';
import { type Answered, lacks, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { advanceInbox, at, inboxOf, isLocal, serverOf, withInbox } from './state.ts';
import type { Homeserver, ToDeviceEvent } from './types.ts';

/** Puts an event at the end of what waits for a device. */
export const enqueue = (server: Homeserver, userId: UserId, deviceId: DeviceId, event: ToDeviceEvent): Homeserver => {
  const { server: next, position } = advanceInbox(server, userId, deviceId);
  const inbox = inboxOf(next, userId, deviceId);
  return withInbox(next, userId, deviceId, { ...inbox, messages: [...inbox.messages, { at: position, event }] });
};

/** Each content to the device of this server that it is for, `*` to all devices of that user. */
export const deliver = (server: Homeserver, sender: UserId, type: string, messages: JsonObject): Homeserver => {
  let now = server;
  for (const userId of Object.keys(messages).filter((user) => isLocal(server, user))) {
    for (const [deviceId, content] of Object.entries(objectAt(messages, userId))) {
      const event = { type, sender, content: content as JsonObject };
      const all = Object.keys(at(now.users, userId)?.devices ?? {});
      const to = deviceId === '*' ? all : all.filter((one) => one === deviceId);
      now = to.reduce((next, device) => enqueue(next, userId, device, event), now);
    }
  }
  return now;
};

/** What is for users of other servers goes into the queues for those. */
const handOver = (server: Homeserver, sender: UserId, type: string, messages: JsonObject, id: string): Homeserver => {
  const away = Object.keys(messages).filter((user) => !isLocal(server, user));
  return [...new Set(away.map(serverOf))].reduce((now, to) => {
    const own = Object.fromEntries(away.filter((user) => serverOf(user) === to).map((user) => [user, messages[user]]));
    const content = { sender, type, message_id: id, messages: own };
    return enqueueFor(now, to, { pdus: [], edus: [{ edu_type: 'm.direct_to_device', content }] });
  }, server);
};

/** Contents of to-device messages are objects; `null` where one is not. */
export const messagesIn = (body: unknown): JsonObject | null => {
  const messages = objectAt(body, 'messages');
  const contents = Object.values(messages).flatMap((byDevice) =>
    isObject(byDevice) ? Object.values(byDevice) : [null],
  );
  return contents.every(isObject) ? messages : null;
};

/**
 * PUT sendToDevice/{eventType}/{txnId}. Devices and users that are not here get nothing and are no error. A transaction id
 * that this device used before does nothing.
 */
const send = (call: SignedInCall): Answered => {
  if (!isObject(call.body) || !isObject(call.body.messages)) return lacks(call, 'messages', 'an object');
  const messages = messagesIn(call.body);
  if (messages === null) return refuse(call, 400, 'M_BAD_JSON', 'Messages must be objects');
  const txn = param(call, 'txnId');
  const type = param(call, 'eventType');
  const own = inboxOf(call.server, call.userId, call.deviceId);
  if (own.sent.includes(txn)) return ok(call.server);
  const noted = withInbox(call.server, call.userId, call.deviceId, { ...own, sent: [...own.sent, txn] });
  const here = deliver(noted, call.userId, type, messages);
  return ok(handOver(here, call.userId, type, messages, `${call.deviceId}_${txn}`));
};

export const toDeviceRoutes: readonly Route[] = [
  signedIn('PUT', '/_matrix/client/v3/sendToDevice/:eventType/:txnId', send),
];
