/**
 * The production crypto stack (`OlmMachine`) as one device of a user, talking to any homeserver through one function.
 *
 * The machine is a foreign object that changes in place, so what is here is not pure; everything else about it is: requests
 * go out one after another, nothing waits for time, and no server is imitated. Argument objects are consumed by the
 * calls that take them, which is why they are made anew each time.
 */
import { DeviceId, initAsync, OlmMachine, RequestType, UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { type Json, stringAt } from '../../../machines/json.ts';
import type { ClientRequest, ClientResponse } from '../../homeserver/types.ts';

/** Whoever holds a homeserver: performs the request on it and gives the answer, at once or later. */
export type Send = (request: ClientRequest) => ClientResponse | Promise<ClientResponse>;

export type RealMachine = {
  readonly userId: string;
  readonly deviceId: string;
  readonly accessToken: string;
  readonly olm: OlmMachine;
  readonly send: Send;
  /** The token of the last sync it has taken in, and how many room events it has sent; moves as the machine itself does. */
  readonly place: { nextBatch: string | null; sent: number };
};

/** What went over the wire, as evidence. */
export type Exchange = { readonly request: ClientRequest; readonly response: ClientResponse };

export const userIdOf = (id: string): UserId => new UserId(id);
export const deviceIdOf = (id: string): DeviceId => new DeviceId(id);

/** One request in the machine's name; its access token is added. */
export const ask = async (machine: RealMachine, request: Omit<ClientRequest, 'accessToken'>): Promise<Exchange> => {
  const signed = { ...request, accessToken: machine.accessToken };
  return { request: signed, response: await machine.send(signed) };
};

/** The body of an answer that must be a good one. Throws otherwise: a driver step was taken out of order. */
export const answered = ({ request, response }: Exchange): Json => {
  if (response.status === 200) return response.body;
  const what = JSON.stringify(response.body);
  throw new Error(
    `${request.method} ${request.path} was answered ${response.status} ${what}: is this step taken too early?`,
  );
};

/**
 * A machine for a device that has an access token: in memory, nothing uploaded yet.
 *
 * @param user `accessToken` as login gave it for `deviceId`
 */
export const startMachine = async (
  send: Send,
  user: { readonly userId: string; readonly deviceId: string; readonly accessToken: string },
): Promise<RealMachine> => {
  await initAsync();
  const olm = await OlmMachine.initialize(userIdOf(user.userId), deviceIdOf(user.deviceId));
  return { ...user, olm, send, place: { nextBatch: null, sent: 0 } };
};

/** Logs a device in with its user's password and starts a machine for it. Throws when the login is refused. */
export const logInMachine = async (
  send: Send,
  user: { readonly userId: string; readonly password: string; readonly deviceId: string },
): Promise<RealMachine> => {
  const identifier = { type: 'm.id.user', user: user.userId };
  const body = { type: 'm.login.password', identifier, password: user.password, device_id: user.deviceId };
  const request = { accessToken: null, method: 'POST', path: '/_matrix/client/v3/login', body } as const;
  const accessToken = stringAt(answered({ request, response: await send(request) }), 'access_token');
  if (accessToken === undefined) throw new Error('login gave no access token: is this a homeserver?');
  return startMachine(send, { userId: user.userId, deviceId: user.deviceId, accessToken });
};

/** Requests the machine returns or queues, whichever class they are of. */
export type MachineRequest = Awaited<ReturnType<OlmMachine['outgoingRequests']>>[number];

/** The same request as the client-server API has it. */
const onTheWire = (request: MachineRequest): Omit<ClientRequest, 'accessToken'> => {
  const body = JSON.parse(request.body) as Json;
  const v3 = '/_matrix/client/v3';
  const segment = encodeURIComponent;
  switch (request.type) {
    case RequestType.KeysUpload:
      return { method: 'POST', path: `${v3}/keys/upload`, body };
    case RequestType.KeysQuery:
      return { method: 'POST', path: `${v3}/keys/query`, body };
    case RequestType.KeysClaim:
      return { method: 'POST', path: `${v3}/keys/claim`, body };
    case RequestType.SignatureUpload:
      return { method: 'POST', path: `${v3}/keys/signatures/upload`, body };
    case RequestType.ToDevice: {
      const { event_type, txn_id } = request as Extract<MachineRequest, { txn_id: string; event_type: string }>;
      return { method: 'PUT', path: `${v3}/sendToDevice/${segment(event_type)}/${segment(txn_id)}`, body };
    }
    case RequestType.KeysBackup: {
      const { version } = request as Extract<MachineRequest, { version: string }>;
      return { method: 'PUT', path: `${v3}/room_keys/keys`, query: { version }, body };
    }
    case RequestType.RoomMessage: {
      const { room_id, event_type, txn_id } = request as Extract<MachineRequest, { room_id: string }>;
      return {
        method: 'PUT',
        path: `${v3}/rooms/${segment(room_id)}/send/${segment(event_type)}/${segment(txn_id)}`,
        body,
      };
    }
  }
};

/** Sends one request of the machine's and, when it was answered well, tells the machine. */
export const carry = async (machine: RealMachine, request: MachineRequest): Promise<Exchange> => {
  const exchange = await ask(machine, onTheWire(request));
  const { status, body } = exchange.response;
  if (status === 200 && request.id !== undefined) {
    await machine.olm.markRequestAsSent(request.id, request.type, JSON.stringify(body));
  }
  return exchange;
};

const roundsMax = 20;

/**
 * Carries what the machine wants sent, until it wants nothing more. Ends early after a round in which a request was
 * refused, which the machine would only repeat; the refusal is among the exchanges.
 *
 * @returns all exchanges, in order. Throws when the machine goes on for ever: the server's answers do not satisfy it
 */
export const pump = async (machine: RealMachine): Promise<readonly Exchange[]> => {
  const exchanges: Exchange[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const wanted = await machine.olm.outgoingRequests();
    if (wanted.length === 0) return exchanges;
    const before = exchanges.length;
    for (const request of wanted) exchanges.push(await carry(machine, request));
    if (exchanges.slice(before).some(({ response }) => response.status !== 200)) return exchanges;
  }
  const last = exchanges.at(-1)?.request.path;
  throw new Error(
    `${machine.deviceId} still wants ${last} after ${roundsMax} rounds: does every asked user get an answer?`,
  );
};

/** Makes the machine follow users' device lists; `pump` afterwards to have them looked up. */
export const track = async (machine: RealMachine, users: readonly string[]): Promise<void> => {
  await machine.olm.updateTrackedUsers(users.map(userIdOf));
};

/** Looks users' keys up at once, whatever the machine thinks it knows. */
export const lookUp = async (machine: RealMachine, users: readonly string[]): Promise<Exchange> =>
  carry(machine, machine.olm.queryKeysForUsers(users.map(userIdOf)));

/** Claims one-time keys of all devices of these users with whom the machine has no Olm session yet. */
export const openSessions = async (machine: RealMachine, users: readonly string[]): Promise<void> => {
  const claim = await machine.olm.getMissingSessions(users.map(userIdOf));
  if (claim !== null && claim !== undefined) answered(await carry(machine, claim));
};
