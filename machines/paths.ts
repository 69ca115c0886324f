/** Client-server API paths, built in one place. Segments are percent-encoded (session ids hold `/` and `+`). */
const segment = (text: string): string => encodeURIComponent(text.toWellFormed());
const v3 = '/_matrix/client/v3';

export const paths = {
  keysUpload: `${v3}/keys/upload`,
  keysQuery: `${v3}/keys/query`,
  keysClaim: `${v3}/keys/claim`,
  deviceSigningUpload: `${v3}/keys/device_signing/upload`,
  signaturesUpload: `${v3}/keys/signatures/upload`,
  sync: `${v3}/sync`,
  login: `${v3}/login`,
  loginToken: '/_matrix/client/v1/login/get_token',
  logout: `${v3}/logout`,
  backupVersions: `${v3}/room_keys/version`,
  backupVersion: (version: string) => `${v3}/room_keys/version/${segment(version)}`,
  backupKeys: `${v3}/room_keys/keys`,
  device: (device: string) => `${v3}/devices/${segment(device)}`,
  sendToDevice: (type: string, txn: string) => `${v3}/sendToDevice/${segment(type)}/${segment(txn)}`,
  backupRoomKeys: (room: string) => `${v3}/room_keys/keys/${segment(room)}`,
  createRoom: `${v3}/createRoom`,
  join: (room: string) => `${v3}/join/${segment(room)}`,
  knock: (room: string) => `${v3}/knock/${segment(room)}`,
  /** `leave`, `invite`, `kick`, `ban`, `unban`, `forget`. */
  membership: (room: string, change: string) => `${v3}/rooms/${segment(room)}/${change}`,
  members: (room: string) => `${v3}/rooms/${segment(room)}/members`,
  messages: (room: string) => `${v3}/rooms/${segment(room)}/messages`,
  roomSend: (room: string, type: string, txn: string) =>
    `${v3}/rooms/${segment(room)}/send/${segment(type)}/${segment(txn)}`,
  roomState: (room: string, type: string) => `${v3}/rooms/${segment(room)}/state/${segment(type)}/`,
  mediaUpload: '/_matrix/media/v3/upload',
  mediaDownload: (server: string, id: string) => `/_matrix/client/v1/media/download/${segment(server)}/${segment(id)}`,
  bindAddress: `${v3}/account/3pid/bind`,
  accountData: (user: string, type: string) => `${v3}/user/${segment(user)}/account_data/${segment(type)}`,
  roomAccountData: (user: string, room: string, type: string) =>
    `${v3}/user/${segment(user)}/rooms/${segment(room)}/account_data/${segment(type)}`,
} as const;

/** What a homeserver is told of the identity server that a client goes by, and of its account there ("Third-party invites"). */
export const identityServer = { id_server: 'id.example', id_access_token: 'token' } as const;

/** Part of a path without its percent-encoding; as it stands where something else than encoded UTF-8 is behind a `%`. */
export const unescaped = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
