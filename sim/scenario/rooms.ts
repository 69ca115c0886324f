/** Rooms of the cast, and the names by which a story speaks of rooms. */
import { homeOf, joinRules, roomIdFor, roomIdOf, visibilities } from '../engine/rooms.ts';
import type { Cast, CastRoom } from '../engine/types.ts';
import { asList, asMapping, asNameOf, fieldsOf, isName, may, type Report } from './reader.ts';
import { quoted } from './showing.ts';
import type { Entry, Tree } from './yaml.ts';

const most = { rooms: 4, members: 8 } as const;

/** Reads `rooms:` of a cast. `users` are those who can be in a room: users of the cast, and attackers with an account. */
export const readRooms = (report: Report, tree: Tree, cast: Cast, users: readonly string[]): readonly CastRoom[] => {
  const entries = asMapping(report, tree, 'rooms by name')?.entries ?? [];
  if (entries.length > most.rooms) report(tree.at, `${entries.length} rooms are too many`, `at most ${most.rooms}`);
  const names = entries.map(({ key }) => key);
  return entries
    .slice(0, most.rooms)
    .flatMap((entry, nth) => readRoom(report, entry, cast, users, names.slice(0, nth)) ?? []);
};

/** `above`: rooms that stand before it, and are there when it is made. */
const readRoom = (
  report: Report,
  { key, at, value }: Entry,
  cast: Cast,
  users: readonly string[],
  above: readonly string[],
): CastRoom | null => {
  const named = isName(report, at, key, 'a room');
  const mapping = asMapping(report, value, 'a room, as in { members: [alice, bob] }');
  if (mapping === null) return null;
  const fields = fieldsOf(report, mapping, 'a room', {
    ...may('history'),
    members: 'needed',
    ...may('server', 'join rule', 'allow'),
  });
  const history =
    fields.history === undefined
      ? 'shared'
      : asNameOf(report, fields.history.value, 'a history visibility', visibilities);
  const members: string[] = [];
  const items = fields.members ? asList(report, fields.members.value, 'a list of users, as in [alice, bob]') : [];
  if (fields.members?.value.is === 'list' && items.length === 0)
    report(fields.members.value.at, 'nobody is in it', 'at least one member');
  if (items.length > most.members && fields.members !== undefined)
    report(fields.members.value.at, `${items.length} members are too many`, `at most ${most.members}`);
  for (const item of items.slice(0, most.members)) {
    const name = asNameOf(report, item, 'a user of the cast', users);
    if (name === null) continue;
    if (members.includes(name)) report(item.at, `${quoted(name)} stands here twice`, 'each member once');
    else members.push(name);
  }
  const [maker] = members;
  if (fields.server !== undefined && maker !== undefined)
    asNameOf(report, fields.server.value, `the server of ${maker}, who makes the room`, [homeOf(cast, maker)]);
  const rule = fields['join rule'];
  const joinRule = rule === undefined ? undefined : asNameOf(report, rule.value, 'a join rule', joinRules);
  const allow = fields.allow === undefined ? undefined : asNameOf(report, fields.allow.value, 'a room above', above);
  if (fields.allow !== undefined && joinRule?.endsWith('restricted') !== true)
    report(fields.allow.at, 'whoever is in another room may join a restricted one only', 'join rule: restricted');
  if (!named || history === null || maker === undefined || joinRule === null || allow === null) return null;
  const rules = { ...(joinRule === undefined ? {} : { joinRule }), ...(allow === undefined ? {} : { allow }) };
  return { name: key, history, members, ...rules };
};

/** A room created in the story: its name and who makes it. */
export type LaterRoom = { readonly name: string; readonly maker: string };

/** What a story may call each room, and its id: the name alone for the first of that name, the full id for every one. */
export const roomNames = (cast: Cast, later: readonly LaterRoom[]): ReadonlyMap<string, string> => {
  const known = new Map<string, string>();
  const add = (name: string, id: string): void => {
    if (!known.has(name)) known.set(name, id);
    known.set(id, id);
  };
  for (const room of cast.rooms ?? []) add(room.name, roomIdOf(cast, room));
  for (const { name, maker } of later) add(name, roomIdFor(cast, name, maker));
  return known;
};
