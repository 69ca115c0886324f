/** Identity keys, one-time keys and fallback keys of devices ("Key management API", keys/*). */
import { isObject, type Json, type JsonObject, objectAt, sameJson, stringAt } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { asAnswer, copyOf, keeping } from './copies.ts';
import { deviceListChanged } from './device-lists.ts';
import { answerTo, federationPath, question } from './federation/asking.ts';
import { listAt } from './rooms/state.ts';
import { type Answered, lacks, ok, type Route, refuse, type SignedInCall, signedIn, withBody } from './routing.ts';
import { shownDeviceKeys, shownMasterKey } from './signatures.ts';
import { advanceInbox, at, isLocal, keysOf, patchUser, put, serverOf, userOf, withKeys } from './state.ts';
import { changedSince, departedSince, streamPositionOf } from './streams.ts';
import type { DeviceKeys, FallbackKey, FederationRequest, Homeserver, OneTimeKey } from './types.ts';

const algorithmOf = (keyId: string): string => keyId.slice(0, keyId.indexOf(':'));

/** Unclaimed one-time keys by algorithm. The one clients count is always there, if only as 0. */
export const oneTimeKeyCounts = ({ oneTime }: DeviceKeys): Readonly<Record<string, number>> =>
  oneTime.reduce<Readonly<Record<string, number>>>(
    (counts, { id }) => put(counts, algorithmOf(id), (at(counts, algorithmOf(id)) ?? 0) + 1),
    { signed_curve25519: 0 },
  );

// --- upload ----------------------------------------------------------------------------------------

/** The key itself, which is what may not change under one id; signatures may be made again. */
const keyMaterial = (key: Json): Json | undefined => (isObject(key) ? key.key : key);

const upload = withBody((call: SignedInCall, body) => {
  const { server, userId, deviceId } = call;
  const wrong = ['device_keys', 'one_time_keys', 'fallback_keys'].find(
    (name) => Object.hasOwn(body, name) && body[name] !== null && !isObject(body[name]),
  );
  if (wrong !== undefined) return lacks(call, wrong, 'an object');
  const before = keysOf(userOf(server, userId), deviceId);
  const offered = body.device_keys;
  const identity = isObject(offered) ? offered : before.identity;
  if (isObject(offered) && (stringAt(offered, 'user_id') !== userId || stringAt(offered, 'device_id') !== deviceId)) {
    return refuse(call, 400, 'M_INVALID_PARAM', 'device_keys are not those of the device that uploads them');
  }
  const offeredOneTime = entriesOf(body, 'one_time_keys');
  const clash = offeredOneTime.find(({ id, key }) => {
    const known = before.oneTime.find((one) => one.id === id);
    return known !== undefined && !sameJson(keyMaterial(known.key), keyMaterial(key));
  });
  if (clash !== undefined)
    return refuse(call, 400, 'M_INVALID_PARAM', `One time key ${clash.id} already exists with another key`);
  const fresh = offeredOneTime.filter(({ id }) => !before.oneTime.some((one) => one.id === id));
  const fallback = entriesOf(body, 'fallback_keys').reduce(withFallback, before.fallback);
  const after: DeviceKeys = {
    ...before,
    identity,
    oneTime: fresh.length === 0 ? before.oneTime : [...before.oneTime, ...fresh],
    fallback,
  };
  const answer = { one_time_key_counts: oneTimeKeyCounts(after) };
  const identityChanged = !sameJson(identity, before.identity);
  if (!identityChanged && fresh.length === 0 && fallback === before.fallback) return ok(server, answer);
  const stored = withKeys(server, userId, deviceId, identityChanged ? after : { ...after, identity: before.identity });
  return ok(identityChanged ? deviceListChanged(stored, userId, deviceId) : stored, answer);
});

const entriesOf = (body: JsonObject, part: string): readonly OneTimeKey[] =>
  Object.entries(objectAt(body, part)).flatMap(([id, key]) => (key === undefined ? [] : [{ id, key }]));

/** A fallback key replaces that of its algorithm and is unused; the very same key uploaded again stays as used as it was. */
const withFallback = (
  fallback: Readonly<Record<string, FallbackKey>>,
  { id, key }: OneTimeKey,
): Readonly<Record<string, FallbackKey>> => {
  const known = at(fallback, algorithmOf(id));
  return known !== undefined && known.id === id && sameJson(known.key, key)
    ? fallback
    : put(fallback, algorithmOf(id), { id, key, used: false });
};

// --- query -----------------------------------------------------------------------------------------

/** What a server that cannot be reached is reported as. */
const unreachable = { status: 503, errcode: 'M_UNKNOWN', error: 'Not ready for retry' };

type Elsewhere = {
  readonly answers: readonly (readonly [users: readonly UserId[], body: JsonObject])[];
  readonly failures: JsonObject;
  readonly asks: readonly FederationRequest[];
};

/** Asks the servers of all users who are not of this one, each about its own. */
const askElsewhere = (call: SignedInCall, asked: JsonObject, member: string, endpoint: string): Elsewhere => {
  const users = Object.keys(asked).filter((user) => !isLocal(call.server, user));
  const questions = [...new Set(users.map(serverOf))].map((to) => {
    const own = users.filter((user) => serverOf(user) === to);
    const body = { [member]: Object.fromEntries(own.map((user) => [user, asked[user]])) };
    return { own, ask: question(to, 'POST', federationPath('v1', 'user', 'keys', endpoint), body) };
  });
  const answered = questions.map(({ own, ask }) => ({ own, ask, answer: answerTo(call, ask) }));
  const good = answered.filter(({ answer }) => answer?.status === 200);
  return {
    answers: good.map(({ own, answer }) => [own, isObject(answer?.body) ? answer.body : {}] as const),
    failures: Object.fromEntries(
      answered.filter((one) => !good.includes(one)).map(({ ask }) => [ask.to, unreachable] as const),
    ),
    asks: answered.flatMap(({ ask, answer }) => (answer === null ? [ask] : [])),
  };
};

/** One member of what other servers answered, each heard about its own users only. */
const theirs = ({ answers }: Elsewhere, member: string): JsonObject =>
  Object.fromEntries(
    answers.flatMap(([users, body]) =>
      users.flatMap((user) => {
        const found = objectAt(objectAt(body, member), user);
        return Object.keys(found).length > 0 || member === 'device_keys' ? [[user, found] as const] : [];
      }),
    ),
  );

/**
 * Published keys of users of this server, for `viewer`; another server's question has none. Every asked user is answered,
 * with nothing if need be: a client would ask again for ever.
 */
export const publishedKeys = (server: Homeserver, asked: JsonObject, viewer: UserId | null) => {
  const local = Object.keys(asked).filter((user) => isLocal(server, user));
  const entries = (of: (user: UserId) => Json | null): JsonObject =>
    Object.fromEntries(local.map((user) => [user, of(user)] as const).filter(([, value]) => value !== null));
  return {
    device_keys: entries((user) => devicesOf(server, user, listAt(asked, user))),
    master_keys: entries((user) => shownMasterKey(server, user, viewer ?? user)),
    self_signing_keys: entries((user) => at(server.users, user)?.crossSigning.selfSigning ?? null),
  };
};

const query = (call: SignedInCall): Answered => {
  const asked = objectAt(call.body, 'device_keys');
  if (!isObject(call.body) || !isObject(call.body.device_keys)) {
    return refuse(call, 400, 'M_BAD_JSON', "'device_keys' must be an object");
  }
  if (!Object.values(asked).every((devices) => Array.isArray(devices))) {
    return refuse(call, 400, 'M_INVALID_PARAM', "'device_keys' values must be lists of device ids");
  }
  const known = Object.keys(asked).filter((user) => copyOf(call.server, user) !== undefined);
  const unknown = Object.fromEntries(Object.entries(asked).filter(([user]) => !known.includes(user)));
  const elsewhere = withCopies(call, known, askElsewhere(call, unknown, 'device_keys', 'query'));
  const here = publishedKeys(call.server, asked, call.userId);
  const own = Object.hasOwn(asked, call.userId) ? userOf(call.server, call.userId).crossSigning.userSigning : null;
  const answer = {
    device_keys: { ...here.device_keys, ...theirs(elsewhere, 'device_keys') },
    master_keys: { ...here.master_keys, ...theirs(elsewhere, 'master_keys') },
    self_signing_keys: { ...here.self_signing_keys, ...theirs(elsewhere, 'self_signing_keys') },
    user_signing_keys: own === null ? {} : { [call.userId]: own },
    failures: elsewhere.failures,
  };
  const told = elsewhere.answers.filter(([users]) => users !== known);
  const kept = told.reduce((now, [users, body]) => keeping(now, users, body), call.server);
  return asking(ok(tracking({ ...call, server: kept }, Object.keys(asked)), answer), elsewhere);
};

/** What this server has a copy of needs no asking. */
const withCopies = (call: SignedInCall, known: readonly UserId[], elsewhere: Elsewhere): Elsewhere =>
  known.length === 0
    ? elsewhere
    : { ...elsewhere, answers: [...elsewhere.answers, [known, asAnswer(call.server, known)]] };

const asking = (answered: Answered, { asks }: Elsewhere): Answered =>
  asks.length === 0 ? answered : { ...answered, asks };

const devicesOf = (server: Homeserver, userId: UserId, wanted: readonly Json[]): JsonObject => {
  const user = at(server.users, userId);
  const deviceIds = Object.keys(user?.devices ?? {}).filter((id) => wanted.length === 0 || wanted.includes(id));
  const shown = deviceIds.map((id) => [id, shownDeviceKeys(server, userId, id)] as const);
  return Object.fromEntries(shown.filter(([, keys]) => keys !== null));
};

/** Whoever asks for somebody's keys is told from now on when they change. */
const tracking = ({ server, userId }: SignedInCall, asked: readonly UserId[]): Homeserver => {
  const { tracks } = userOf(server, userId);
  const added = asked.filter((user) => user !== userId && !tracks.includes(user));
  return added.length === 0 ? server : patchUser(server, userId, { tracks: [...tracks, ...added] });
};

// --- claim -----------------------------------------------------------------------------------------

type Claimed = { readonly server: Homeserver; readonly key: OneTimeKey | null };

/** The oldest one-time key of an algorithm, which is gone afterwards; else the fallback key, which stays. */
const claimOne = (server: Homeserver, userId: UserId, deviceId: DeviceId, algorithm: string): Claimed => {
  const user = at(server.users, userId);
  if (user === undefined || at(user.devices, deviceId) === undefined) return { server, key: null };
  const keys = keysOf(user, deviceId);
  const key = keys.oneTime.find(({ id }) => algorithmOf(id) === algorithm);
  if (key !== undefined) {
    const { server: next, position } = advanceInbox(server, userId, deviceId);
    const oneTime = keys.oneTime.filter((one) => one !== key);
    return { key, server: withKeys(next, userId, deviceId, { ...keys, oneTime, claimedAt: position }) };
  }
  const fallback = at(keys.fallback, algorithm);
  if (fallback === undefined) return { server, key: null };
  if (fallback.used) return { server, key: fallback };
  const { server: next, position } = advanceInbox(server, userId, deviceId);
  const used = put(keys.fallback, algorithm, { ...fallback, used: true });
  return { key: fallback, server: withKeys(next, userId, deviceId, { ...keys, fallback: used, claimedAt: position }) };
};

/** Claims keys of users of this server: for each asked device one key, or none. `null` where an algorithm is no text. */
export const claimKeys = (
  before: Homeserver,
  asked: JsonObject,
): { readonly server: Homeserver; readonly claimed: JsonObject } | null => {
  let server = before;
  let claimed: Readonly<Record<string, JsonObject>> = {};
  for (const userId of Object.keys(asked).filter((user) => isLocal(server, user))) {
    for (const deviceId of Object.keys(objectAt(asked, userId))) {
      const algorithm = stringAt(objectAt(asked, userId), deviceId);
      if (algorithm === undefined) return null;
      const one = claimOne(server, userId, deviceId, algorithm);
      server = one.server;
      if (one.key === null) continue;
      claimed = put(claimed, userId, { ...(at(claimed, userId) ?? {}), [deviceId]: { [one.key.id]: one.key.key } });
    }
  }
  return { server, claimed };
};

const claim = (call: SignedInCall): Answered => {
  const asked = objectAt(call.body, 'one_time_keys');
  if (!isObject(call.body) || !isObject(call.body.one_time_keys)) {
    return refuse(call, 400, 'M_BAD_JSON', "'one_time_keys' must be an object");
  }
  const here = claimKeys(call.server, asked);
  if (here === null) return refuse(call, 400, 'M_INVALID_PARAM', 'Algorithms must be strings');
  const elsewhere = askElsewhere(call, asked, 'one_time_keys', 'claim');
  const one_time_keys = { ...here.claimed, ...theirs(elsewhere, 'one_time_keys') };
  return asking(ok(here.server, { one_time_keys, failures: elsewhere.failures }), elsewhere);
};

// --- changes ---------------------------------------------------------------------------------------

/** Changes since `from`. What changed after `to` too may be listed as well: only the latest change of a list is kept. */
const changes = (call: SignedInCall): Answered => {
  const from = call.query.from;
  if (from === undefined) return refuse(call, 400, 'M_MISSING_PARAM', 'Missing query parameter: from');
  if (call.query.to === undefined) return refuse(call, 400, 'M_MISSING_PARAM', 'Missing query parameter: to');
  const position = streamPositionOf(call.server, call.userId, from);
  if (position === null) return refuse(call, 400, 'M_INVALID_PARAM', 'Invalid stream token');
  return ok(call.server, {
    changed: changedSince(call.server, call.userId, position),
    left: departedSince(call.server, call.userId, position),
  });
};

export const deviceKeyRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/client/v3/keys/upload', upload),
  signedIn('POST', '/_matrix/client/v3/keys/query', query),
  signedIn('POST', '/_matrix/client/v3/keys/claim', claim),
  signedIn('GET', '/_matrix/client/v3/keys/changes', changes),
];
