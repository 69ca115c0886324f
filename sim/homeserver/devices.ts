/** A user's list of devices ("Client device management"). */
import { type JsonObject, stringAt, without } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { deviceListChanged } from './device-lists.ts';
import {
  type Answered,
  lacks,
  ok,
  otherKind,
  param,
  type Route,
  refuse,
  type SignedInCall,
  signedIn,
  withBody,
} from './routing.ts';
import { at, keysOf, patchUser, put, userOf } from './state.ts';
import type { Device, Homeserver } from './types.ts';
import { authenticate } from './uia.ts';

/**
 * Logs a device out for good: its token, its keys, the signatures on them and what waits for it are gone, and whoever
 * follows its user's device list is told.
 */
export const removeDevice = (server: Homeserver, userId: UserId, deviceId: DeviceId): Homeserver => {
  const user = userOf(server, userId);
  const device = at(user.devices, deviceId);
  if (device === undefined) return server;
  const gone = patchUser(server, userId, {
    devices: without(user.devices, deviceId),
    keys: without(user.keys, deviceId),
    crossSigning: {
      ...user.crossSigning,
      made: put(user.crossSigning.made, userId, without(at(user.crossSigning.made, userId) ?? {}, deviceId)),
    },
  });
  const tokens = without(gone.tokens, device.accessToken);
  const inboxes = put(gone.inboxes, userId, without(at(gone.inboxes, userId) ?? {}, deviceId));
  return deviceListChanged({ ...gone, tokens, inboxes }, userId, deviceId, true);
};

const described = (deviceId: DeviceId, { displayName }: Device): JsonObject => ({
  device_id: deviceId,
  ...(displayName === null ? {} : { display_name: displayName }),
});

const list = (call: SignedInCall): Answered => {
  const { devices } = userOf(call.server, call.userId);
  return ok(call.server, { devices: Object.entries(devices).map(([deviceId, device]) => described(deviceId, device)) });
};

const get = (call: SignedInCall): Answered => {
  const deviceId = param(call, 'deviceId');
  const device = at(userOf(call.server, call.userId).devices, deviceId);
  return device === undefined
    ? refuse(call, 404, 'M_NOT_FOUND', 'No such device')
    : ok(call.server, described(deviceId, device));
};

const rename = withBody((call: SignedInCall, body) => {
  const deviceId = param(call, 'deviceId');
  const user = userOf(call.server, call.userId);
  const device = at(user.devices, deviceId);
  if (device === undefined) return refuse(call, 404, 'M_NOT_FOUND', 'No such device');
  const other = otherKind(call, body, { display_name: 'a text' });
  if (other !== null) return other;
  const displayName = stringAt(body, 'display_name');
  if (displayName === undefined || displayName === device.displayName) return ok(call.server);
  const renamed = patchUser(call.server, call.userId, {
    devices: put(user.devices, deviceId, { ...device, displayName }),
  });
  // The name is shown to others beside the device's keys: without keys there is nothing to tell.
  return ok(keysOf(user, deviceId).identity === null ? renamed : deviceListChanged(renamed, call.userId, deviceId));
});

const remove = withBody((call: SignedInCall, body) => {
  const deviceId = param(call, 'deviceId');
  if (at(userOf(call.server, call.userId).devices, deviceId) === undefined) {
    return refuse(call, 404, 'M_NOT_FOUND', 'No such device');
  }
  const checked = authenticate(call, body);
  return 'refusal' in checked ? checked.refusal : ok(removeDevice(checked.passed, call.userId, deviceId));
});

const removeSeveral = withBody((call: SignedInCall, body) => {
  const devices = body.devices;
  if (!Array.isArray(devices) || !devices.every((device) => typeof device === 'string')) {
    return lacks(call, 'devices', 'a list of texts');
  }
  const checked = authenticate(call, body);
  if ('refusal' in checked) return checked.refusal;
  return ok(
    devices.reduce((server: Homeserver, device: string) => removeDevice(server, call.userId, device), checked.passed),
  );
});

export const deviceRoutes: readonly Route[] = [
  signedIn('GET', '/_matrix/client/v3/devices', list),
  signedIn('GET', '/_matrix/client/v3/devices/:deviceId', get),
  signedIn('PUT', '/_matrix/client/v3/devices/:deviceId', rename),
  signedIn('DELETE', '/_matrix/client/v3/devices/:deviceId', remove),
  signedIn('POST', '/_matrix/client/v3/delete_devices', removeSeveral),
];
