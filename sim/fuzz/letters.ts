/** Random letters, events in the clear and bent answers at devices that are in the middle of something. */

import { ownDeviceKeys } from '../../machines/core/own-keys.ts';
import { ask } from '../../machines/core/requests.ts';
import type { Json, JsonObject } from '../../machines/json.ts';
import { honestPlayers } from '../engine/choices.ts';
import { driveDevice } from '../engine/loop.ts';
import { settled, syncs } from '../engine/people.ts';
import { roomIdOf } from '../engine/rooms.ts';
import type { Act, Moment, PlayerId } from '../engine/types.ts';
import { type Progress, quiet, type World, withServer } from '../engine/world.ts';
import { enqueue } from '../homeserver/tamper.ts';
import { withAccount } from '../scenario/cast.ts';
import { formsOf } from '../verbs/forms.ts';
import { innerNames, isInnerName, matrixNames } from './letter-names.ts';
import { type Luck, luckOf, oddWords, ordered } from './luck.ts';
import { failing, type Outcome, outcomeOf, type Part, type Tried, type Wrong } from './part.ts';
import { type Letter, type Place, placesFor } from './places.ts';
import { actOf } from './scenarios.ts';
import { bent, bentObject, oddValue } from './values.ts';

/** One thing that reaches a device. All of it is JSON: what is drawn is kept, tried again, and told. */
type Sent =
  /** Through Olm, from a device of the world, as its client would send it. `plaintext`: what stands in the letter instead. */
  | {
      readonly sent: 'sealed';
      readonly from: PlayerId;
      readonly to: PlayerId;
      readonly letter: Letter;
      readonly plaintext: JsonObject | null;
    }
  /** Straight into the queue of a device. */
  | { readonly sent: 'clear'; readonly to: PlayerId; readonly event: JsonObject }
  /** The device does something, and the answer to one of its requests is bent by the luck of that name. */
  | { readonly sent: 'answer'; readonly to: PlayerId; readonly act: Act; readonly nth: number; readonly luck: string };

const heardBy = (place: Place, player: PlayerId): readonly string[] =>
  place.stage.envOf(player).charts.flatMap(({ hears }) => [...hears]);

const typeFor = (luck: Luck, place: Place, to: PlayerId): string => {
  switch (luck.below(4)) {
    case 0:
      return `${luck.oneIn(4) ? 'to-device ' : ''}${luck.one(innerNames)}`;
    case 1:
      return luck.one(matrixNames);
    case 2: {
      const heard = heardBy(place, to);
      return heard.length === 0 ? 'm.dummy' : luck.one(heard);
    }
    default:
      return luck.one(oddWords);
  }
};

/** A letter that was sent here before, bent in its type or its content; or one nobody ever sent. */
const letterFor = (luck: Luck, place: Place, to: PlayerId): Letter => {
  const known = place.letters.length === 0 ? null : luck.one(place.letters);
  const content = known?.content ?? { room_id: '!den:example.org', request_id: 'r1', name: 'm.megolm_backup.v1' };
  switch (luck.below(4)) {
    case 0:
      return { type: typeFor(luck, place, to), content };
    case 1:
      return { type: typeFor(luck, place, to), content: bentObject(luck, content) };
    default:
      return { type: known?.type ?? luck.one(matrixNames), content: bentObject(luck, content) };
  }
};

const envelopeFields = ['sender', 'recipient', 'recipient_keys', 'keys', 'sender_device_keys', 'type', 'content'];

/** One thing that an Olm payload says of who wrote it and to whom is of another shape, or gone. */
const bentEnvelope = (luck: Luck, plain: JsonObject): JsonObject => {
  const field = luck.one(envelopeFields);
  const { [field]: was, ...rest } = plain;
  switch (luck.below(4)) {
    case 0:
      return rest;
    case 1:
      return { ...rest, [field]: oddValue(luck) };
    case 2:
      return { ...rest, [field]: { ed25519: oddValue(luck), keys: oddValue(luck), user_id: oddValue(luck) } };
    default:
      return { ...rest, [field]: was === undefined ? null : bent(luck, was) };
  }
};

const drawSent = (luck: Luck, place: Place, name: string): Sent | null => {
  const honest = honestPlayers(place.world);
  const devices = Object.keys(place.world.devices);
  if (honest.length === 0) return null;
  const to = luck.one(honest);
  const others = devices.filter((one) => one !== to);
  switch (luck.below(4)) {
    case 0: {
      if (others.length === 0) return null;
      const letter = letterFor(luck, place, to);
      return { sent: 'sealed', from: luck.one(others), to, letter, plaintext: null };
    }
    case 1: {
      if (others.length === 0) return null;
      const from = luck.one(others);
      const { type, content } = letterFor(luck, place, to);
      const store = place.world.devices[from]?.store;
      const mine = place.world.devices[to]?.store;
      const plain = {
        type,
        content,
        sender: store?.me.user ?? '',
        recipient: mine?.me.user ?? '',
        recipient_keys: { ed25519: mine?.account.ed25519.public ?? '' },
        keys: { ed25519: store?.account.ed25519.public ?? '' },
        ...(store === undefined ? {} : { sender_device_keys: ownDeviceKeys(place.stage.envOf(from), store) }),
      };
      const plaintext = luck.oneIn(2) ? bentObject(luck, plain) : bentEnvelope(luck, plain);
      return { sent: 'sealed', from, to, letter: { type, content }, plaintext };
    }
    case 2: {
      const { type, content } = letterFor(luck, place, to);
      const sender = luck.one([...devices.map((one) => place.world.devices[one]?.store.me.user ?? ''), '@no:body']);
      const event = { type, sender, content };
      return { sent: 'clear', to, event: luck.oneIn(3) ? bentObject(luck, event) : event };
    }
    default: {
      const act = actFor(luck, place, to);
      return act === null ? null : { sent: 'answer', to, act, nth: luck.below(3), luck: name };
    }
  }
};

/** What a device may be asked to do by its own person, so that it asks for something. */
const actFor = (luck: Luck, place: Place, to: PlayerId): Act | null => {
  if (luck.oneIn(2)) return { who: to, verb: 'sync', args: {} };
  const { cast } = place.stage.scenario;
  const asking = formsOf('device').filter(({ takes }) => takes?.is !== 'new room' && takes?.is !== 'new device');
  const names = {
    cast,
    devices: Object.keys(place.world.devices),
    users: withAccount(cast),
    rooms: (cast.rooms ?? []).map((room) => roomIdOf(cast, room)),
  };
  return actOf(luck, names, { who: to, verb: luck.one(asking), fresh: null });
};

const bentAnswer = (body: Json, name: string): Json => {
  const luck = luckOf(name);
  return luck.oneIn(12) ? oddValue(luck) : bent(luck, body);
};

const statuses = [200, 200, 200, 200, 200, 400, 401, 403, 404, 429, 500, 502] as const;

/** Whoever sends for the fuzzer waits for no answer. */
const nobody = { chart: 'nobody', room: null } as const;

/** What comes of one thing that is sent, up to where the device has heard it; `acted` may only be what it was asked to do. */
const send = (place: Place, world: World, one: Sent): { readonly before: Progress; readonly heard: Progress } => {
  const { stage, bending } = place;
  const then = (before: Progress): { readonly before: Progress; readonly heard: Progress } => ({
    before,
    heard: before.world.devices[one.to] === undefined ? quiet(before.world) : syncs(stage, before.world, one.to),
  });
  switch (one.sent) {
    case 'sealed': {
      const { me } = world.devices[one.to]?.store ?? {};
      if (me === undefined || world.devices[one.from] === undefined) return then(quiet(world));
      const { plaintext } = one;
      if (plaintext !== null) bending.plaintext = () => JSON.stringify(plaintext);
      const sent = driveDevice(stage, world, one.from, (now) => {
        const store = now.devices[one.from]?.store;
        if (store === undefined) throw new Error(`${one.from} is not there: was it looked for before?`);
        const to = [{ user: me.user, device: me.device }];
        return ask(stage.envOf(one.from), store, nobody, { ask: 'send', ...one.letter, encrypt: true, to });
      });
      bending.plaintext = null;
      return then(sent);
    }
    case 'clear': {
      const { me } = world.devices[one.to]?.store ?? {};
      const server = me === undefined ? undefined : world.servers[me.server];
      if (me === undefined || server === undefined) return then(quiet(world));
      return then(quiet(withServer(world, me.server, enqueue(server, me.user, me.device, one.event))));
    }
    case 'answer': {
      if (world.devices[one.to] === undefined) return then(quiet(world));
      let nth = 0;
      bending.answer = (path, response) => {
        nth += 1;
        if (nth !== one.nth + 1) return response;
        const status = luckOf(`${one.luck}/status`).one(statuses);
        const body = bentAnswer(response.body, one.luck);
        bending.told.push(`${path} answered ${status} ${JSON.stringify(body).slice(0, 2000)}`);
        return { status, body };
      };
      const done = stage.verbs.perform(stage, world, one.act, false);
      bending.answer = null;
      return then(done);
    }
  }
};

/** Of what an option says that its person does, whenever they are asked. */
const answersByItself = ({ stage }: Place, { player, what }: Extract<Moment, { kind: 'acted' }>): boolean => {
  const { options } = stage.envOf(player).input;
  const asked = [options.prompt, options['new backup prompt']];
  return (what === 'refuses' && asked.includes('refuse')) || (what === 'accepts' && asked.includes('accept'));
};

/** A client that stopped starts again, without anybody. */
const startsAgain = (moment: Extract<Moment, { kind: 'acted' }>, before: Moment | undefined): boolean =>
  moment.what === 'start' && before?.kind === 'restarted' && before.player === moment.player;

/** What nobody at the device did, as the transcript has it. */
const actedIn = (place: Place, moments: readonly Moment[]): string | null => {
  const one = moments.find(
    (moment, nth) =>
      moment.kind === 'acted' &&
      !startsAgain(moment, moments[nth - 1]) &&
      !(answersByItself(place, moment) && moments.slice(0, nth).some(({ kind }) => kind === 'shown')),
  );
  return one?.kind === 'acted' ? `${one.player}: ${one.what}` : null;
};

/** Whether a player's last request was done. With a sync token that was bent nobody gets any further, and no client can help that. */
const isAnswered = (moments: readonly Moment[], player: PlayerId): boolean =>
  moments.flatMap((moment) => (moment.kind === 'request' && moment.from === player ? [moment.status] : [])).at(-1) ===
  200;

const wordsOf = ({ moments }: Progress): string =>
  moments.map((moment) => `${moment.kind}${moment.kind === 'discarded' ? moment.why : ''}`).join(' ');

/** A type that means nothing to anybody. */
const unheard = 'org.example.unheard';

/** The same letter under a name that means nothing; `null` where it is no whole letter, or means something in Matrix. */
const namesake = (one: Sent): Sent | null => {
  if (one.sent === 'sealed' && one.plaintext === null && isInnerName(one.letter.type))
    return { ...one, letter: { ...one.letter, type: unheard } };
  if (one.sent === 'clear' && typeof one.event.type === 'string' && isInnerName(one.event.type))
    return { ...one, event: { ...one.event, type: unheard } };
  return null;
};

/** What a device holds and where its charts stand, whatever a letter was called. Of Olm only that the letter came. */
const heldBy = ({ devices }: World, player: PlayerId, type: string): string => {
  const device = devices[player];
  if (device === undefined) return '';
  const { olm: _olm, account: _account, ...store } = device.store;
  return ordered({ charts: device.charts, store }).replaceAll(JSON.stringify(type), JSON.stringify(unheard));
};

/** A name of the inside that does more by wire than a name nobody knows. */
const meaningOf = (place: Place, world: World, one: Sent, heard: Progress): Wrong | null => {
  const other = namesake(one);
  if (other === null) return null;
  const type = one.sent === 'sealed' ? one.letter.type : String(one.sent === 'clear' ? one.event.type : '');
  const same = heldBy(send(place, world, other).heard.world, one.to, type) === heldBy(heard.world, one.to, type);
  return same ? null : { cause: 'an inner name does something by wire', message: `${one.to} hears “${type}”` };
};

/** Sends all of it, one after another, and lets everybody sync to quiet: what went wrong, or what it comes to. */
const tried = (place: Place, all: readonly Sent[]): Tried => {
  const { bending } = place;
  const told: string[] = [];
  const looks: string[] = [];
  bending.told = [];
  const done = failing((): Wrong | null => {
    let { world } = place;
    for (const one of all) {
      const { before, heard } = send(place, world, one);
      const meaning = meaningOf(place, world, one, heard);
      if (meaning !== null) return meaning;
      world = heard.world;
      told.push(wordsOf(before), wordsOf(heard));
      const acted = actedIn(place, heard.moments);
      if (acted !== null)
        return { cause: 'what came by wire is taken for an act of the user', message: `${acted} (nobody did that)` };
    }
    const end = settled(place.stage, quiet(world), (now, player) => !honestPlayers(now).includes(player));
    told.push(wordsOf(end));
    const restless = (end.endless ?? []).filter((player) => isAnswered(end.moments, player));
    if (restless.length > 0)
      looks.push('after what was sent, devices of the world go on answering each other for ever');
    const acted = actedIn(place, end.moments);
    return acted === null
      ? null
      : { cause: 'what came by wire is taken for an act of the user', message: `${acted} (nobody did that)` };
  });
  bending.answer = null;
  bending.plaintext = null;
  if ('thrown' in done) return { wrong: done.thrown };
  return done.ok === null ? { told, looks } : { wrong: done.ok };
};

const perCase = 10;
const placesMax = 24;

export const letterPart: Part = {
  name: 'letter',
  perCase,
  begin: ({ seed, block, shrinks, library }) => {
    const places = placesFor(luckOf(`letter/${seed}/places/${block}`), library, placesMax);
    return (nth): Outcome => {
      const name = `letter/${seed}/${nth}`;
      const luck = luckOf(name);
      const place = luck.one(places);
      const all = Array.from({ length: perCase }, (_, one) => drawSent(luck, place, `${name}/${one}`)).filter(
        (one) => one !== null,
      );
      return outcomeOf(
        all,
        shrinks,
        (some) => tried(place, some),
        (few) => {
          tried(place, few);
          return [place.where, ...few.map((one) => JSON.stringify(one)), ...place.bending.told];
        },
      );
    };
  },
};
