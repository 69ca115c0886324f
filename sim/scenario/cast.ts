/** Who takes part, and which names that makes known. */

import { hasAccount, roleNamed, roles } from '../attackers/roles/index.ts';
import { deviceId } from '../engine/names.ts';
import type { Role } from '../engine/stage.ts';
import type { Cast, CastAttacker, CastDevice, CastUser } from '../engine/types.ts';
import { readBudget } from './budget.ts';
import { clauses } from './ledger.ts';
import {
  asList,
  asMapping,
  asNameOf,
  asNamesOf,
  asSwitch,
  asWord,
  fieldsOf,
  isName,
  may,
  type Report,
} from './reader.ts';
import { readRooms } from './rooms.ts';
import { quoted } from './showing.ts';
import type { Entry, Tree } from './yaml.ts';

const serverPattern = /^[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?$/;
/** More than these would draw no picture that anybody reads. */
export const most = { servers: 4, users: 8, devices: 100, attackers: 4 } as const;

export const noCast: Cast = { servers: [], users: [], attackers: [], backup: true };

const atMost = (report: Report, tree: Tree, count: number, max: number, what: string): void => {
  if (count > max) report(tree.at, `${count} ${what} are too many`, `at most ${max}`);
};

const readServers = (report: Report, tree: Tree): readonly string[] => {
  const names: string[] = [];
  const items = asList(report, tree, 'a list of servers, as in [example.org]');
  atMost(report, tree, items.length, most.servers, 'servers');
  if (tree.is === 'list' && items.length === 0) report(tree.at, 'no server', 'at least one server');
  for (const item of items.slice(0, most.servers)) {
    const name = asWord(report, item, 'the name of a server, as in example.org');
    if (name === null) continue;
    if (!serverPattern.test(name) || name === 'everyone')
      report(item.at, `${quoted(name)} cannot be a server`, 'a host name in small letters');
    else if (names.includes(name)) report(item.at, `${quoted(name)} stands here twice`, 'each server once');
    else names.push(name);
  }
  return names;
};

const readDevice = (report: Report, tree: Tree): CastDevice | null => {
  if (tree.is !== 'mapping') {
    const name = asWord(report, tree, 'the name of a device, or { name: { cross-signed: false } }');
    return name !== null && isName(report, tree.at, name, 'a device') ? { name, crossSigned: true } : null;
  }
  const [entry, second] = tree.entries;
  if (entry === undefined || second !== undefined) {
    report(
      tree.at,
      `${tree.entries.length} devices in one entry`,
      'one device, as in { tablet: { cross-signed: false } }',
    );
    return null;
  }
  if (!isName(report, entry.at, entry.key, 'a device')) return null;
  const mapping = asMapping(report, entry.value, '{ cross-signed: false }');
  if (mapping === null) return null;
  const signed = fieldsOf(report, mapping, 'a device', { 'cross-signed': 'optional' })['cross-signed'];
  return { name: entry.key, crossSigned: signed === undefined ? true : (asSwitch(report, signed.value) ?? true) };
};

/** Two names of one account that come to one device id would be one device to every server. */
export const reportOneId = (report: Report, at: number, name: string, other: string): void =>
  report(
    at,
    `${quoted(name)} and ${quoted(other)} are one device id, ${deviceId(name)}`,
    'names that differ in letters or digits',
  );

/** `names`: whoever has an account, to be known or not. */
const readUser = (
  report: Report,
  { key, at, value }: Entry,
  servers: readonly string[],
  names: readonly string[],
): CastUser | null => {
  const named = isName(report, at, key, 'a user');
  const mapping = asMapping(report, value, 'a user, as in { server: example.org, devices: [phone, laptop] }');
  if (mapping === null) return null;
  const fields = fieldsOf(report, mapping, 'a user', { server: 'needed', devices: 'needed', knows: 'optional' });
  const server = fields.server && asNameOf(report, fields.server.value, 'a server of the cast', servers);
  const devices: CastDevice[] = [];
  if (fields.devices !== undefined) {
    const items = asList(report, fields.devices.value, 'a list of devices, as in [phone, laptop]');
    atMost(report, fields.devices.value, items.length, most.devices, 'devices');
    for (const item of items.slice(0, most.devices)) {
      const device = readDevice(report, item);
      if (device === null) continue;
      const same = devices.find(({ name }) => deviceId(name) === deviceId(device.name));
      if (same?.name === device.name) report(item.at, `${quoted(device.name)} stands here twice`, 'each device once');
      else {
        if (same !== undefined) reportOneId(report, item.at, device.name, same.name);
        devices.push(device); // known all the same, so that lines that name it are not wrong as well
      }
    }
    if (fields.devices.value.is === 'list' && items.length === 0)
      report(fields.devices.value.at, 'no device', 'at least one device');
  }
  const others = names.filter((name) => name !== key);
  const knows =
    fields.knows &&
    asNamesOf(report, fields.knows.value, 'a list of users, as in [bob]', 'somebody else of the cast', others);
  if (!named || server == null) return null;
  return { name: key, server, devices, ...(knows === undefined ? {} : { knows: [...new Set(knows)] }) };
};

const readAttacker = (
  report: Report,
  { key, at, value }: Entry,
  servers: readonly string[],
  users: readonly CastUser[],
  attackers: readonly string[],
): CastAttacker | null => {
  const named = isName(report, at, key, 'an attacker');
  if (users.some(({ name }) => name === key))
    report(at, `${quoted(key)} is a user of the cast already`, 'a name of its own');
  const mapping = asMapping(report, value, 'an attacker, as in { plays: stolen-token, of: alice }');
  if (mapping === null) return null;
  const fields = fieldsOf(report, mapping, 'an attacker', {
    plays: 'needed',
    ...may('of', 'budget', 'colludes', 'skips'),
  });
  const plays =
    fields.plays &&
    asNameOf(
      report,
      fields.plays.value,
      'something an attacker plays',
      roles.map((one) => one.plays),
    );
  const role = plays == null ? undefined : roleNamed(plays);
  const possible = role === undefined ? [] : prey(role, servers, users);
  let of: string | null = null;
  if (fields.of !== undefined && role !== undefined)
    of = asNameOf(report, fields.of.value, `a ${role.of.join(' or a ')} of the cast`, possible);
  else if (role !== undefined && !role.optional)
    report(mapping.at, `${quoted(role.plays)} lives off nobody`, `of: a ${role.of.join(' or a ')}`);
  const budget = fields.budget && role ? readBudget(report, role.plays, fields.budget.value) : {};
  const accomplices = attackers.filter((one) => one !== key);
  const colludes = fields.colludes
    ? asNamesOf(report, fields.colludes.value, 'a list of attackers', 'another attacker', accomplices)
    : [];
  const skips = readSkips(report, mapping.at, role, fields.skips);
  return named && role !== undefined ? { name: key, plays: role.plays, of, budget, colludes, ...skips } : null;
};

/** What a sloppy client skips; nobody else skips anything. */
const readSkips = (
  report: Report,
  at: number,
  role: Role | undefined,
  field: Entry | undefined,
): Pick<CastAttacker, 'skips'> => {
  if (role?.isSloppy !== true) {
    if (field !== undefined && role !== undefined)
      report(
        field.at,
        `${quoted(role.plays)} skips no clauses`,
        `plays: ${roles.find(({ isSloppy }) => isSloppy)?.plays}, or “off” under dials`,
      );
    return {};
  }
  if (field === undefined) {
    report(at, `a ${role.plays} that skips nothing`, 'skips: a list of clauses, as in [4385-push-encrypted]');
    return {};
  }
  return { skips: asNamesOf(report, field.value, 'a list of clauses', 'a clause', clauses.keys()) };
};

const prey = (role: Role, servers: readonly string[], users: readonly CastUser[]): readonly string[] => [
  ...(role.of.includes('server') ? servers : []),
  ...(role.of.includes('user') ? users.map(({ name }) => name) : []),
  ...(role.of.includes('device')
    ? users.flatMap((user) => user.devices.map(({ name }) => `${user.name}.${name}`))
    : []),
];

export const readCast = (report: Report, tree: Tree): Cast => {
  const mapping = asMapping(report, tree, 'a cast: servers, users, attackers');
  if (mapping === null) return noCast;
  const fields = fieldsOf(report, mapping, 'the cast', {
    servers: 'needed',
    users: 'needed',
    ...may('attackers', 'backup', 'rooms'),
  });
  const servers = fields.servers ? readServers(report, fields.servers.value) : [];
  const userTree = fields.users?.value;
  const userEntries = (userTree && asMapping(report, userTree, 'users by name')?.entries) ?? [];
  if (userTree !== undefined) atMost(report, userTree, userEntries.length, most.users, 'users');
  const attackerTree = fields.attackers?.value;
  const entries = (attackerTree && asMapping(report, attackerTree, 'attackers by name')?.entries) ?? [];
  const all = [...userEntries, ...entries].map(({ key }) => key);
  const users = userEntries.slice(0, most.users).flatMap((entry) => readUser(report, entry, servers, all) ?? []);
  if (userTree?.is === 'mapping' && userEntries.length === 0) report(userTree.at, 'no user', 'at least one user');
  if (attackerTree !== undefined) atMost(report, attackerTree, entries.length, most.attackers, 'attackers');
  const names = entries.map(({ key }) => key);
  const attackers = entries
    .slice(0, most.attackers)
    .flatMap((entry) => readAttacker(report, entry, servers, users, names) ?? []);
  const backup = fields.backup === undefined ? true : (asSwitch(report, fields.backup.value) ?? true);
  const cast = { servers, users, attackers, backup };
  const rooms = fields.rooms === undefined ? [] : readRooms(report, fields.rooms.value, cast, withAccount(cast));
  return rooms.length === 0 ? cast : { ...cast, rooms };
};

/** Whoever has an account: users of the cast, and attackers that play somebody with one. */
export const withAccount = ({ users, attackers }: Cast): readonly string[] => [
  ...users.map(({ name }) => name),
  ...attackers.filter(hasAccount).map(({ name }) => name),
];
