/** Putting events into a room ("Sending events to a room"). */
import { sameJson } from '../../../machines/json.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn, withBody } from '../routing.ts';
import { isLocal } from '../state.ts';
import { propose, roomOf } from './events.ts';
import { invite } from './inviting.ts';
import { hasServer, stateEvent } from './state.ts';

/** Whether there is such a room is nobody's business who is not in it. */
const nowhere = (call: SignedInCall): Answered => refuse(call, 403, 'M_FORBIDDEN', 'You are not in this room');

const said = (call: SignedInCall, done: ReturnType<typeof propose>): Answered =>
  'refused' in done
    ? refuse(call, 403, 'M_FORBIDDEN', done.refused)
    : ok(done.server, { event_id: done.event.event_id });

/** PUT send/{eventType}/{txnId}. What a device sends twice under one transaction id is there once. */
const send = withBody((call: SignedInCall, body) => {
  const roomId = param(call, 'roomId');
  const type = param(call, 'type');
  if (roomOf(call.server, roomId) === undefined) return nowhere(call);
  const own = { user: call.userId, device: call.deviceId, txn: param(call, 'txnId') };
  const before = roomOf(call.server, roomId)?.timeline.find(
    ({ event, sent }) => event.type === type && sent !== undefined && sameJson(sent, own),
  );
  if (before !== undefined) return ok(call.server, { event_id: before.event.event_id });
  return said(call, propose(call.server, roomId, { type, sender: call.userId, content: body }, call.nowMs, own));
});

/** PUT state/{eventType}/{stateKey}. What stands there already in the sender's name is not said again. */
const setState = withBody((call: SignedInCall, body) => {
  const roomId = param(call, 'roomId');
  const type = param(call, 'type');
  const state_key = param(call, 'stateKey');
  const found = roomOf(call.server, roomId);
  // A room begins with createRoom only.
  if (found === undefined) return nowhere(call);
  const { state } = found;
  const held = stateEvent(state, type, state_key);
  if (held !== undefined && held.sender === call.userId && sameJson(held.content, body))
    return ok(call.server, { event_id: held.event_id });
  const isInvitation = type === 'm.room.member' && body.membership === 'invite';
  if (isInvitation && !isLocal(call.server, state_key) && hasServer(state, call.server.name)) {
    const done = invite(call, roomId, state_key, body);
    const made = stateEvent(roomOf(done.server, roomId)?.state ?? {}, type, state_key);
    return done.response.status === 200 && made !== undefined
      ? { ...done, response: { status: 200, body: { event_id: made.event_id } } }
      : done;
  }
  const draft = { type, sender: call.userId, state_key, content: body };
  return said(call, propose(call.server, roomId, draft, call.nowMs));
});

const room = '/_matrix/client/v3/rooms/:roomId';
export const sendingRoutes: readonly Route[] = [
  signedIn('PUT', `${room}/send/:type/:txnId`, send),
  signedIn('PUT', `${room}/state/:type`, setState),
  signedIn('PUT', `${room}/state/:type/:stateKey`, setState),
];
