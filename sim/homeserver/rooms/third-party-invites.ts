/**
 * Asking in somebody of whom only an address is known ("Third-party invites"): the room is told of the address, and once somebody is
 * its owner their homeserver makes an invitation of it, in the name of whoever asked. That the owner lives on another server, which
 * then asks a server in the room to exchange the invitation, is left out.
 */
import { type JsonObject, stringAt } from '../../../machines/json.ts';
import { bind, identityServerName, ownerOf, signedFor, storeInvite } from '../identity-server.ts';
import {
  type Answered,
  bodyOf,
  lacks,
  ok,
  param,
  type Route,
  refuse,
  type SignedInCall,
  signedIn,
} from '../routing.ts';
import type { Homeserver, StoredInvite } from '../types.ts';
import { propose, roomOf } from './events.ts';
import { invite } from './inviting.ts';
import { membershipOf, stateEvent } from './state.ts';

/** Whether the body of an invitation names an address and no user. */
export const namesAddress = ({ body }: Pick<SignedInCall, 'body'>): boolean => stringAt(body, 'medium') !== undefined;

type Read = { readonly texts: Readonly<Record<string, string>> } | { readonly refusal: Answered };

/** The texts of these names in the body, where its identity server is the one that is trusted here. */
const textsOf = (call: SignedInCall, ...names: readonly string[]): Read => {
  const read = bodyOf(call);
  if ('refusal' in read) return read;
  const all = ['id_server', 'id_access_token', ...names];
  const missing = all.find((name) => stringAt(read.body, name) === undefined);
  if (missing !== undefined) return { refusal: lacks(call, missing, 'a text') };
  const texts = Object.fromEntries(all.map((name) => [name, stringAt(read.body, name) ?? '']));
  return texts.id_server === identityServerName
    ? { texts }
    : { refusal: refuse(call, 403, 'M_SERVER_NOT_TRUSTED', `${texts.id_server} is no identity server of ours`) };
};

/**
 * POST rooms/{roomId}/invite with `medium` and `address`. An address that has an owner already is that user's invitation.
 *
 * @returns 200 `{}`; 400 `M_MISSING_PARAM`; 403 `M_SERVER_NOT_TRUSTED` for an identity server other than the world's; else as `invite`
 */
export const inviteAddress = (call: SignedInCall): Answered => {
  const read = textsOf(call, 'medium', 'address');
  if ('refusal' in read) return read.refusal;
  const { medium = '', address = '' } = read.texts;
  const id = { medium, address };
  const roomId = param(call, 'roomId');
  const owner = ownerOf(call.server, id);
  if (owner !== undefined) return invite(call, roomId, owner, {});
  const { server, token, content } = storeInvite(call.server, id, roomId, call.userId);
  const draft = { type: 'm.room.third_party_invite', sender: call.userId, state_key: token, content };
  const done = propose(server, roomId, draft, call.nowMs);
  return 'refused' in done ? refuse(call, 403, 'M_FORBIDDEN', done.refused) : ok(done.server);
};

/** What was stored for an address becomes the invitation of its owner ("onbind"); nothing where the room does not allow it any more. */
const invited = (server: Homeserver, userId: string, stored: StoredInvite, nowMs: number): Homeserver => {
  const { room, sender, token } = stored;
  const state = roomOf(server, room)?.state ?? {};
  const asked: JsonObject = stateEvent(state, 'm.room.third_party_invite', token)?.content ?? {};
  if (membershipOf(state, userId) === 'join') return server;
  const display_name = stringAt(asked, 'display_name') ?? '';
  const content = { membership: 'invite', third_party_invite: { display_name, signed: signedFor(userId, token) } };
  const done = propose(server, room, { type: 'm.room.member', sender, state_key: userId, content }, nowMs);
  return 'refused' in done ? server : done.server;
};

/**
 * POST account/3pid/bind. `sid` names a session in which the identity server has seen that an address is the caller's: here it is
 * that e-mail address, and whoever says so has shown it.
 *
 * @returns 200 `{}`; 400 `M_MISSING_PARAM`; 403 `M_SERVER_NOT_TRUSTED`
 */
const bindAddress = (call: SignedInCall): Answered => {
  const read = textsOf(call, 'client_secret', 'sid');
  if ('refusal' in read) return read.refusal;
  const bound = bind(call.server, { medium: 'email', address: read.texts.sid ?? '' }, call.userId);
  return ok(bound.waited.reduce((now, stored) => invited(now, call.userId, stored, call.nowMs), bound.server));
};

export const thirdPartyRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/client/v3/account/3pid/bind', bindAddress),
];
