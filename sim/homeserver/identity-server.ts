/**
 * The identity server that the users of a homeserver go by (Identity Service API: "Invitation storage", "Establishing associations").
 * What it holds stands in the homeserver's state, as nobody else asks it here.
 *
 * What is modelled: who has asked in which address, whose an address is, and its signature under both, which is real. What is not:
 * its own accounts, its mails, and that somebody shows that an address is theirs: the story says so.
 */
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { identityServer } from '../../machines/paths.ts';
import type { UserId } from '../../machines/types.ts';
import { base64, fromBase64Sized } from '../crypto/real/base64.ts';
import { utf8 } from '../crypto/real/bytes.ts';
import { nobleCurves } from '../crypto/real/noble-curves.ts';
import { signJson, verifyJson, withSignature } from '../crypto/real/signing-json.ts';
import { at, put } from './state.ts';
import type { Homeserver, IdentityServer, RoomId, StoredInvite, ThirdPartyId } from './types.ts';

/** Its name: one for all homeservers. */
export const identityServerName = identityServer.id_server;
const keyId = 'ed25519:0';
/** Nobody but this file has it. */
const seed = utf8(`the key of ${identityServerName}`.padEnd(32));
const publicKey = (): string => base64(nobleCurves.signingPublic(seed));

const nothing: IdentityServer = { made: 0, pending: [], owners: {} };
const heldBy = (server: Homeserver): IdentityServer => server.identityServer ?? nothing;
const nameOf = ({ medium, address }: ThirdPartyId): string => `${medium} ${address}`;

/** Whose account an address is bound to ("lookup"). */
export const ownerOf = (server: Homeserver, id: ThirdPartyId): UserId | undefined =>
  at(heldBy(server).owners, nameOf(id));

/** `bob@example.com` as everybody in a room may see it: `b...@e...`. */
const veiled = (address: string): string =>
  address
    .split('@')
    .map((part) => `${part.slice(0, 1)}...`)
    .join('@');

/**
 * Keeps an invitation until the address has an owner ("store-invite").
 *
 * @returns the server after it, with the token that names the invitation, and the content of its `m.room.third_party_invite`
 */
export const storeInvite = (
  server: Homeserver,
  id: ThirdPartyId,
  room: RoomId,
  sender: UserId,
): { readonly server: Homeserver; readonly token: string; readonly content: JsonObject } => {
  const held = heldBy(server);
  const token = `invite-${held.made + 1}`;
  const stored: StoredInvite = { ...id, token, room, sender };
  const identityServer = { ...held, made: held.made + 1, pending: [...held.pending, stored] };
  const key_validity_url = `https://${identityServerName}/_matrix/identity/v2/pubkey/isvalid`;
  return {
    server: { ...server, identityServer },
    token,
    content: {
      display_name: veiled(id.address),
      key_validity_url,
      public_key: publicKey(),
      public_keys: [{ key_validity_url, public_key: publicKey() }],
    },
  };
};

/** An address is somebody's from now on, and what waited for it is theirs ("bind"). */
export const bind = (
  server: Homeserver,
  id: ThirdPartyId,
  owner: UserId,
): { readonly server: Homeserver; readonly waited: readonly StoredInvite[] } => {
  const held = heldBy(server);
  const isMeant = (one: StoredInvite): boolean => nameOf(one) === nameOf(id);
  const identityServer = {
    ...held,
    owners: put(held.owners, nameOf(id), owner),
    pending: held.pending.filter((one) => !isMeant(one)),
  };
  return { server: { ...server, identityServer }, waited: held.pending.filter(isMeant) };
};

/** `signed` of a member event: that whoever was asked in under that token is this user. */
export const signedFor = (mxid: UserId, token: string): JsonObject => {
  const said = { mxid, token };
  const signature = signJson(nobleCurves, seed, said);
  if (signature === null) throw new Error(`${mxid} cannot be signed for: is it no well-formed text?`);
  return withSignature(said, identityServerName, keyId, signature);
};

/** Whether any signature under `signed` is by any of these public keys (b64). */
export const isSignedByAny = (signed: JsonObject, publicKeys: readonly string[]): boolean =>
  publicKeys
    .map((key) => fromBase64Sized(key, 32))
    .some(
      (key) =>
        key !== null &&
        Object.keys(objectAt(signed, 'signatures')).some((entity) => {
          const own = objectAt(objectAt(signed, 'signatures'), entity);
          return Object.keys(own).some((id) => verifyJson(nobleCurves, key, signed, stringAt(own, id) ?? ''));
        }),
    );
