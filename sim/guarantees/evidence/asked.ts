/**
 * What a request asks for, told by the route that the homeserver takes it by: guarantees read fields, never a path
 * (client-server API; between servers the server-server API).
 */
import { memo } from '../../../machines/memo.ts';
import { unescaped } from '../../../machines/paths.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import type { Moment } from '../../engine/types.ts';
import { routeOf } from '../../homeserver/index.ts';

export type RequestMoment = Extract<Moment, { kind: 'request' }>;

/** What somebody does about a member of a room: themselves, or another. */
export type MembershipChange = 'join' | 'knock' | 'leave' | 'invite' | 'kick' | 'ban' | 'unban';

type Plain =
  | 'log in'
  | 'log out'
  | 'sync'
  | 'query keys'
  | 'claim keys'
  | 'upload device keys'
  | 'publish identity'
  | 'upload signatures'
  | 'create backup version'
  | 'create room'
  | 'bind address'
  | 'upload file';

export type Asked =
  | { readonly asks: Plain }
  | { readonly asks: 'remove device'; readonly device: DeviceId }
  | { readonly asks: 'send to device'; readonly type: string }
  | { readonly asks: 'delete backup version'; readonly version: string }
  /** `room`: `null` where it is about those of all rooms; `session`: `null` where it is about all of a room. */
  | {
      readonly asks: 'upload room keys' | 'download room keys' | 'delete room keys';
      readonly room: RoomId | null;
      readonly session: string | null;
    }
  | { readonly asks: 'account data' | 'set account data'; readonly user: UserId; readonly type: string }
  | { readonly asks: 'change member'; readonly change: MembershipChange; readonly room: RoomId }
  | { readonly asks: 'send event' | 'set state'; readonly room: RoomId; readonly type: string }
  | { readonly asks: 'download file'; readonly url: string }
  | { readonly asks: 'hand over'; readonly transaction: string }
  /** Of the server of the room, by the server of a user who comes, knocks or goes. */
  | { readonly asks: 'take member'; readonly change: 'join' | 'knock' | 'leave'; readonly room: RoomId };

type Params = Readonly<Record<string, string>>;
type Reads = (params: Params) => Asked;

const plain =
  (asks: Plain): Reads =>
  () => ({ asks });
const change =
  (kind: MembershipChange): Reads =>
  ({ roomId = '' }) => ({ asks: 'change member', change: kind, room: roomId });
const roomKeys =
  (asks: 'upload room keys' | 'download room keys' | 'delete room keys'): Reads =>
  ({ room, session }) => ({ asks, room: room ?? null, session: session ?? null });
const toRoom =
  (asks: 'send event' | 'set state'): Reads =>
  ({ roomId = '', type = '' }) => ({ asks, room: roomId, type });
const download: Reads = ({ serverName = '', mediaId = '' }) => ({
  asks: 'download file',
  url: `mxc://${serverName}/${mediaId}`,
});

const v3 = '/_matrix/client/v3';
const byRoute: ReadonlyMap<string, Reads> = new Map<string, Reads>([
  [`POST ${v3}/login`, plain('log in')],
  [`POST ${v3}/logout`, plain('log out')],
  [`GET ${v3}/sync`, plain('sync')],
  [`POST ${v3}/keys/upload`, plain('upload device keys')],
  [`POST ${v3}/keys/query`, plain('query keys')],
  [`POST ${v3}/keys/claim`, plain('claim keys')],
  [`POST ${v3}/keys/device_signing/upload`, plain('publish identity')],
  [`POST ${v3}/keys/signatures/upload`, plain('upload signatures')],
  [`POST ${v3}/room_keys/version`, plain('create backup version')],
  [`POST ${v3}/createRoom`, plain('create room')],
  [`POST ${v3}/account/3pid/bind`, plain('bind address')],
  ['POST /_matrix/media/v3/upload', plain('upload file')],
  [`DELETE ${v3}/devices/:deviceId`, ({ deviceId = '' }) => ({ asks: 'remove device', device: deviceId })],
  [`PUT ${v3}/sendToDevice/:eventType/:txnId`, ({ eventType = '' }) => ({ asks: 'send to device', type: eventType })],
  [`DELETE ${v3}/room_keys/version/:version`, ({ version = '' }) => ({ asks: 'delete backup version', version })],
  ...['', '/:room', '/:room/:session'].flatMap((rest): readonly (readonly [string, Reads])[] => [
    [`PUT ${v3}/room_keys/keys${rest}`, roomKeys('upload room keys')],
    [`GET ${v3}/room_keys/keys${rest}`, roomKeys('download room keys')],
    [`DELETE ${v3}/room_keys/keys${rest}`, roomKeys('delete room keys')],
  ]),
  [
    `GET ${v3}/user/:userId/account_data/:type`,
    ({ userId = '', type = '' }) => ({ asks: 'account data', user: userId, type }),
  ],
  [
    `PUT ${v3}/user/:userId/account_data/:type`,
    ({ userId = '', type = '' }) => ({ asks: 'set account data', user: userId, type }),
  ],
  [`POST ${v3}/join/:roomId`, change('join')],
  [`POST ${v3}/knock/:roomId`, change('knock')],
  ...(['join', 'leave', 'invite', 'kick', 'ban', 'unban'] as const).map(
    (kind) => [`POST ${v3}/rooms/:roomId/${kind}`, change(kind)] as const,
  ),
  [`PUT ${v3}/rooms/:roomId/send/:type/:txnId`, toRoom('send event')],
  [`PUT ${v3}/rooms/:roomId/state/:type`, toRoom('set state')],
  [`PUT ${v3}/rooms/:roomId/state/:type/:stateKey`, toRoom('set state')],
  ['GET /_matrix/client/v1/media/download/:serverName/:mediaId', download],
  ['GET /_matrix/client/v1/media/download/:serverName/:mediaId/:fileName', download],
]);

const betweenServers = '/_matrix/federation/';
/** What one server puts to another: `v1/send/{txnId}`, `v2/send_join/{roomId}/{eventId}`. */
const put = (endpoint: string, first: string): Asked | null => {
  switch (endpoint) {
    case 'v1/send':
      return { asks: 'hand over', transaction: first };
    case 'v2/send_join':
      return { asks: 'take member', change: 'join', room: first };
    case 'v1/send_knock':
      return { asks: 'take member', change: 'knock', room: first };
    case 'v2/send_leave':
      return { asks: 'take member', change: 'leave', room: first };
    default:
      return null;
  }
};

const read = ({ method, path }: RequestMoment): Asked | null => {
  if (path.startsWith(betweenServers)) {
    const [version = '', endpoint = '', first = ''] = path.slice(betweenServers.length).split('/');
    return method === 'PUT' ? put(`${version}/${endpoint}`, unescaped(first)) : null;
  }
  if (method !== 'GET' && method !== 'PUT' && method !== 'POST' && method !== 'DELETE') return null;
  const found = routeOf({ method, path });
  return 'status' in found ? null : (byRoute.get(`${method} ${found.route.pattern.join('/')}`)?.(found.params) ?? null);
};

// Twenty guarantees look at each, and all that came before: half of a run.
const known = memo<RequestMoment, Asked | 'nothing'>('while it lives');

/** What a request asks for, whatever became of it; `null` for other moments, and where no guarantee has to know. */
export const askedIn = (moment: Moment): Asked | null => {
  if (moment.kind !== 'request') return null;
  const asked = known(moment, () => read(moment) ?? 'nothing');
  return asked === 'nothing' ? null : asked;
};

/** What a request asks for that was answered with 200; `null` else. */
export const doneIn = (moment: Moment): Asked | null =>
  moment.kind === 'request' && moment.status === 200 ? askedIn(moment) : null;

/** The request itself that asks for that and was answered with 200; `null` for other moments. */
export const doneAs = (moment: Moment, asks: Asked['asks']): RequestMoment | null =>
  // Nothing but a request asks for anything.
  doneIn(moment)?.asks === asks ? (moment as RequestMoment) : null;

/** The same, where the answer has reached the one who asked, and was taken in: what gets lost on its way tells nobody anything. */
export const toldAs = (moment: Moment, asks: Asked['asks']): RequestMoment | null => {
  const done = doneAs(moment, asks);
  return done?.lost === true || done?.untaken === true ? null : done;
};
