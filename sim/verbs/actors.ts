/** Who may act: the groups that verbs are given to. */
import { roles } from '../attackers/roles/index.ts';
import type { Role } from '../engine/stage.ts';
import type { Actor } from './verb.ts';

const playing = (is: (role: Role) => boolean): readonly Actor[] => roles.filter(is).map(({ plays }) => plays);

/** Attackers that are people like others, with a device that runs as everybody's does. */
const ordinary = playing(({ account }) => account === 'ordinary');
/** People act with the first of their devices that is there. */
export const people: readonly Actor[] = ['device', 'person', ...ordinary];
export const devices: readonly Actor[] = ['device', ...ordinary];

/** Attackers that act as a device: a stolen one, one they logged in, one of their own, one they made up. */
export const asDevice = playing(({ sits, isSloppy }) => sits !== 'on the wire' && !isSloppy);
/** The same, where a server has another way of its own. */
export const asClient = playing(({ sits, isSloppy }) => sits === 'outside' && !isSloppy);
export const lyingServer = playing(({ sits }) => sits === 'at the server');
/** Whoever sits at a server, whether or not they run it. */
export const wire = playing(({ sits }) => sits !== 'outside');

/** Attackers that live off somebody's access token, and those among them that have no device to act with until they log one in. */
const asVictim = (role: Role): boolean => role.account === 'none' && role.sits === 'outside' && !role.isSloppy;
const hasDevice = (role: Role): boolean => role.account !== 'none' || Object.keys(role.runs(nobody)).length > 0;
const nobody = { name: 'nobody', of: 'nobody.phone' };
export const withToken = playing(asVictim);
export const tokenOnly = playing((role) => asVictim(role) && !hasDevice(role));
/** Attackers that have a device from the beginning: what they all do takes one. */
export const withDevice = playing(hasDevice);
