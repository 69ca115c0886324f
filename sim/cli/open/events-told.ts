/**
 * What people did, as far as events tell: those of rooms by who is in them, what may be read of them and what was said ("Room Events"), those to
 * devices by what was asked for and pushed. Which requests there were, and when who had heard of what, they do not say.
 */
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { allNames } from '../../../machines/names.ts';
import type { UserId } from '../../../machines/types.ts';
import { serverOf } from '../../homeserver/state.ts';
import { most as castMost } from '../../scenario/cast.ts';
import { knownSecrets } from '../../scenario/secret-names.ts';
import { oneLine } from '../../scenario/showing.ts';
import { isUser } from '../serve/log.ts';
import { scenarioFrom } from '../serve/scenario.ts';
import { isVisibility, type Line, nameFor, type Telling, type Told, tellingOf } from '../serve/told.ts';
import { plural } from '../terminal.ts';
import { some } from './lines.ts';
import { noStart, type Start } from './opening.ts';
import { madeOf, startOfPointer, startWith, users } from './starts.ts';

/** An event as it stands in a file. `room`: of which it is, where that is known; `null` for one to a device. */
export type Event = {
  readonly type: string;
  readonly sender: string;
  readonly content: JsonObject;
  readonly all: JsonObject;
  readonly room: string | null;
};
type InRoom = Event & { readonly room: string; readonly sender: UserId };

const isInRoom = (event: Event): event is InRoom => event.room !== null && isUser(event.sender);

/** Each once, in the order of the file: a state that a timeline changes stands in both. */
const distinct = (events: readonly InRoom[]): readonly InRoom[] => {
  const seen = new Set<string>();
  return events.filter(({ all, room }) => {
    const id = stringAt(all, 'event_id');
    const isNew = id === undefined || !seen.has(`${room} ${id}`);
    if (id !== undefined) seen.add(`${room} ${id}`);
    return isNew;
  });
};

/** In the order of time, where all of a file say theirs. */
const inTime = (events: readonly InRoom[]): readonly InRoom[] => {
  const timeOf = ({ all }: Event): number =>
    typeof all.origin_server_ts === 'number' ? all.origin_server_ts : Number.NaN;
  return events.every((event) => Number.isFinite(timeOf(event)))
    ? events.toSorted((a, b) => timeOf(a) - timeOf(b))
    : events;
};

type Membership = 'knock' | 'invite' | 'join' | 'leave' | 'ban';
/** What is known of a room while its events are read. */
type Room = {
  readonly name: string;
  readonly maker: string;
  readonly members: Map<string, Membership>;
  /** Whoever likes may join. */
  readonly isOpen: boolean;
  history: string;
};

/** What the first event of that type says in a room. */
const firstSaid = (events: readonly InRoom[], type: string, key: string): string | undefined =>
  stringAt(events.find((event) => event.type === type)?.content ?? {}, key);

const isMessage = ({ type }: InRoom): boolean => type === 'm.room.encrypted' || type === 'm.room.message';
const isMember = ({ type }: InRoom): boolean => type === 'm.room.member';

/**
 * Who could read a room at first: what is said before anybody else comes and anything is written. What is said later replaced something,
 * which an event may name; a room of which nothing is said is `shared` ("Room history visibility").
 */
const historyAtFirst = (events: readonly InRoom[], maker: string): string => {
  const at = events.findIndex(({ type }) => type === 'm.room.history_visibility');
  const event = events[at];
  const isFirst = events.slice(0, at).every((one) => !isMessage(one) && (!isMember(one) || one.sender === maker));
  const before = objectAt(objectAt(event?.all ?? {}, 'unsigned'), 'prev_content');
  const said = stringAt(isFirst ? (event?.content ?? {}) : before, 'history_visibility') ?? 'shared';
  return isVisibility(said) ? said : 'shared';
};

/** Whether whoever likes may join: the room says so, or somebody came whom nobody was seen to ask, and it does not say that one has to be. */
const isOpenTo = (events: readonly InRoom[], maker: string): boolean => {
  const rule = firstSaid(events, 'm.room.join_rules', 'join_rule');
  if (rule === 'invite' || rule === 'knock') return false;
  const asked = new Set([maker]);
  return (
    rule === 'public' ||
    events.some((event) => {
      const user = stringAt(event.all, 'state_key') ?? '';
      const membership = isMember(event) ? stringAt(event.content, 'membership') : undefined;
      if (membership === 'invite') asked.add(user);
      return membership === 'join' && !asked.has(user);
    })
  );
};

/** The devices that a user's sealed messages name; they need not. */
const devicesOf = (events: readonly InRoom[]): ReadonlyMap<string, string> => {
  const devices = new Map<string, string>();
  for (const { sender, content } of events) {
    const device = stringAt(content, 'device_id');
    if (device !== undefined && !devices.has(sender)) devices.set(sender, device);
  }
  return devices;
};

/** Tells events of rooms one by one. */
const tellerOf = (telling: Telling, events: readonly InRoom[]) => {
  const rooms = new Map<string, Room>();
  const byRoom = Map.groupBy(events, ({ room }) => room);
  const usual = devicesOf(events);
  let [said, isNews] = [0, false];
  const deviceOf = (user: UserId, content: JsonObject = {}): string =>
    telling.device(user, stringAt(content, 'device_id') ?? usual.get(user) ?? 'DEVICE');
  /** What comes of members is heard of by all before anything else is done: when who heard of it, events do not say. */
  const hear = (): void => {
    if (isNews) telling.lines.push({ who: 'everyone', does: 'settle' });
    isNews = false;
  };
  const roomOf = ({ room, sender }: InRoom): Room => {
    const known = rooms.get(room);
    if (known !== undefined) return known;
    const own = byRoom.get(room) ?? [];
    const maker = own.find(({ type }) => type === 'm.room.create')?.sender ?? sender;
    const given = firstSaid(own, 'm.room.name', 'name') ?? 'room';
    const made: Room = {
      name: nameFor(given, 'room', new Set([...rooms.values()].map(({ name }) => name))),
      maker: deviceOf(maker),
      members: new Map([[maker, 'join']]),
      isOpen: isOpenTo(own, maker),
      history: historyAtFirst(own, maker),
    };
    rooms.set(room, made);
    const isKnockedAt = firstSaid(own, 'm.room.join_rules', 'join_rule') === 'knock';
    const rule = made.isOpen ? 'public' : isKnockedAt ? 'knock' : null;
    telling.say(made.maker, {
      'create room': made.name,
      history: made.history,
      ...(rule === null ? {} : { 'join rule': rule }),
    });
    return made;
  };
  const member = (room: Room, event: InRoom): boolean => {
    const user = stringAt(event.all, 'state_key') ?? '';
    const membership = stringAt(event.content, 'membership');
    const name = telling.nameOf(user);
    if (name === undefined || !isUser(user)) return false;
    const before = room.members.get(user);
    if (before === membership) return true;
    const who = deviceOf(event.sender);
    const own = event.sender === user;
    const say = (does: Line['does']): void => {
      telling.say(who, does);
      isNews = true;
    };
    switch (membership) {
      case 'knock':
        hear();
        say({ knock: room.name });
        break;
      case 'invite':
        hear();
        say({ invite: name, to: room.name });
        break;
      case 'join':
        if (before !== 'invite' && !room.isOpen) {
          hear();
          telling.lines.push({ who: room.maker, does: { invite: name, to: room.name } });
          isNews = true;
        }
        hear();
        say({ join: room.name });
        break;
      case 'leave':
        if (before === undefined) return false;
        hear();
        if (own) say(before === 'invite' ? { decline: room.name } : { leave: room.name });
        else say({ [before === 'ban' ? 'unban' : 'kick']: name, from: room.name });
        break;
      case 'ban':
        hear();
        say({ ban: name, from: room.name });
        break;
      default:
        return false;
    }
    room.members.set(user, membership);
    return true;
  };
  /** @returns whether it is told, or part of what is */
  return (event: InRoom): boolean => {
    const room = roomOf(event);
    switch (event.type) {
      case 'm.room.create':
      case 'm.room.name':
      case 'm.room.join_rules':
      case 'm.room.encryption':
        return true;
      case 'm.room.member':
        return member(room, event);
      case 'm.room.history_visibility': {
        const history = stringAt(event.content, 'history_visibility') ?? '';
        if (!isVisibility(history)) return false;
        if (history === room.history) return true;
        hear();
        telling.say(deviceOf(event.sender), { 'set history': history, in: room.name });
        room.history = history;
        isNews = true;
        return true;
      }
      case 'm.room.encrypted':
      case 'm.room.message': {
        hear();
        said += 1;
        telling.say(deviceOf(event.sender, event.content), { send: `message ${said}`, in: room.name });
        return true;
      }
      default:
        return false;
    }
  };
};

/** More would be no story that anybody reads. */
const most = { people: castMost.users, servers: castMost.servers, rooms: 20, secrets: 5 } as const;

/** What events of rooms tell; `null`: nothing, there are none. A text: why that is no story. */
const roomsTold = (events: readonly Event[]): Told | string | null => {
  const own = inTime(distinct(events.filter(isInRoom)));
  if (own.length === 0) return null;
  const people = new Set(
    own
      .flatMap(({ sender, type, all }) => [sender, ...(type === 'm.room.member' ? [stringAt(all, 'state_key')] : [])])
      .filter(isUser),
  );
  const rooms = new Set(own.map(({ room }) => room));
  const servers = new Set([...people].map(serverOf));
  if (people.size > most.people || servers.size > most.servers || rooms.size > most.rooms)
    return `${plural(people.size, 'person', 'people')} of ${plural(servers.size, 'server')} in ${plural(rooms.size, 'room')} are more than a story has: at most ${most.people} of ${most.servers} in ${most.rooms}`;
  const telling = tellingOf([...people]);
  const tell = tellerOf(telling, own);
  const told = own.filter((event) => {
    const isTold = tell(event);
    if (!isTold) telling.leave(event.type);
    return isTold;
  });
  for (const { type, room } of events) if (room === null) telling.leave(`${type}, to a device`);
  return {
    // Who is cross-signed stands in no event: the model's people are, unless a file says otherwise.
    users: telling
      .users()
      .map((user) => ({ ...user, devices: user.devices.map((one) => ({ ...one, isSigned: true })) })),
    lines: telling.lines,
    told: told.length,
    byItself: 0,
    untold: telling.untold,
  };
};

/** Whether a room has messages in the clear, and nothing that says that it is encrypted. */
const isInTheClear = (events: readonly Event[]): boolean => {
  const of = (...types: readonly string[]) =>
    new Set(events.flatMap(({ type, room }) => (room !== null && types.includes(type) ? [room] : [])));
  const encrypted = of('m.room.encryption', 'm.room.encrypted');
  return [...of('m.room.message')].some((room) => !encrypted.has(room));
};

const pushes = allNames('push');
const pointers = allNames('pointer');

/** What events to devices tell of secrets: each is pushed by one device of the model's alice, or asked for by another. */
const secretsTold = (events: readonly Event[]): readonly Line[] => {
  const found = new Map<string, 'pushed' | 'asked for'>();
  for (const { type, content } of events) {
    const name = stringAt(content, 'name');
    if (name === undefined || !knownSecrets.has(name)) continue;
    if (pushes.includes(type)) found.set(name, 'pushed');
    else if (type === 'm.secret.request' && content.action === 'request' && !found.has(name))
      found.set(name, 'asked for');
  }
  return [...found]
    .slice(0, most.secrets)
    .map(
      ([name, how]): Line =>
        how === 'pushed'
          ? { who: 'alice.phone', does: { 'push secret': name } }
          : { who: 'alice.laptop', does: { 'request secret': name } },
    );
};

const why =
  'Say here what went wrong, tell it in the story, and change what is expected to what should have come of it.';
const realNames = 'Names of rooms and users are those of the file: replace them before you show this to others.';

/** How a story could begin with these events. */
export const startOfEvents = (events: readonly Event[]): Start => {
  const told = roomsTold(events);
  if (typeof told === 'string') return noStart(told);
  if (told !== null && told.lines.length > 0)
    return {
      can: true,
      made: () =>
        madeOf(
          scenarioFrom(told, {
            title: 'What people did in rooms',
            about: ['SPEC'],
            why: `Made of events of rooms, which say what people did and not when who had heard of it. ${why}`,
            head: [
              'Where no event says who made a room, whoever does something there first has made it; what may be read of it at first, where no event says, is shared.',
              'Who comes and was not seen to be asked in comes to a room that is open to all; where the file says that one has to be asked, whoever made the room has asked.',
              'All hear of a change of members before anything else is done, and all devices are cross-signed: events do not say.',
              ...(isInTheClear(events)
                ? [
                    'The rooms of the model are encrypted. Of one here no event says so: what is told of keys there is none of its own.',
                  ]
                : []),
              realNames,
            ],
          }),
          ({ undone }) => [
            ...[...told.untold].map(([what, times]) => `not told: ${oneLine(what)}, ${plural(times, 'time')}`),
            ...some(
              undone.map(({ act, why }) => `left out: ${oneLine(act)}: ${oneLine(why)}`),
              'line',
            ),
          ],
        ),
    };
  const lines = secretsTold(events);
  if (lines.length > 0)
    return startWith(
      [users.alice],
      [{ who: 'alice.phone', does: 'reset backup' }, { who: 'everyone', does: 'settle' }, ...lines],
      {
        title: 'Secrets go from one device to another',
        about: ['MSC4385'],
        why: `Made of events to devices, which say which secrets were asked for or pushed. ${why}`,
        head: [
          `Here are at most ${most.secrets} secrets that the specification knows: ${lines.length} of ${plural(events.length, 'event')}.`,
        ],
      },
    );
  if (events.some(({ type }) => pointers.includes(type))) return startOfPointer();
  return noStart('no event in it says what anybody did: events of rooms do, or a recording of requests');
};
