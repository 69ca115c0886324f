/** What attackers come to know, from what they see and make. */
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import type { Stage } from '../stage.ts';
import type { Derivation, Moment, PlayerId } from '../types.ts';
import { after, type Progress, quiet, type World, withAttacker } from '../world.ts';
import { type Attacker, knowing } from './types.ts';

export const attackerOf = (world: World, name: PlayerId): Attacker => {
  const attacker = world.attackers[name];
  if (attacker === undefined) throw new Error(`there is no attacker ${name}: was the cast checked?`);
  return attacker;
};

/** Those who share what they know with `name`, itself first. */
const circle = (stage: Stage, name: PlayerId): readonly PlayerId[] => [
  name,
  ...stage.scenario.cast.attackers
    .filter(
      (one) => one.name !== name && (one.colludes.includes(name) || ownCast(stage, name)?.colludes.includes(one.name)),
    )
    .map((one) => one.name),
];
const ownCast = (stage: Stage, name: PlayerId) => stage.scenario.cast.attackers.find((one) => one.name === name);

/** `name` (and whoever colludes with it) learns something; said once. */
export const learn = (
  stage: Stage,
  world: World,
  name: PlayerId,
  what: string,
  term: string,
  how: Derivation,
): Progress =>
  circle(stage, name).reduce<Progress>((before, player) => {
    const told = knowing(attackerOf(before.world, player), { what, term, how });
    if (!told.isNew) return before;
    return {
      world: withAttacker(before.world, told.attacker),
      moments: [...before.moments, { kind: 'learned', player, what, term, how }],
    };
  }, quiet(world));

/** The secrets an attacker knows that may open a backup. */
export const knownBackupSecrets = (attacker: Attacker): readonly string[] => [
  ...attacker.backups.map(({ secret }) => secret),
  ...attacker.knows.filter(({ what }) => what === 'm.megolm_backup.v1').map(({ term }) => term),
];

/** Opens what `GET room_keys/keys` showed with every backup key the attacker has. */
export const openBackupEntries = (stage: Stage, world: World, name: PlayerId, rooms: JsonObject): Progress => {
  let progress = quiet(world);
  for (const room of Object.keys(rooms).sort())
    for (const [session, entry] of Object.entries(objectAt(objectAt(rooms, room), 'sessions'))) {
      const data = objectAt(entry, 'session_data');
      for (const secret of knownBackupSecrets(attackerOf(progress.world, name))) {
        const { ephemeral, ciphertext, mac } = {
          ephemeral: stringAt(data, 'ephemeral') ?? '',
          ciphertext: stringAt(data, 'ciphertext') ?? '',
          mac: stringAt(data, 'mac') ?? '',
        };
        const opened = stage.suite.backupOpen(secret, { ephemeral, ciphertext, mac });
        const key = stringAt(opened, 'session_key');
        if (key === undefined) continue;
        progress = after(progress, (now) =>
          learn(stage, now, name, `room key of ${room}`, key, {
            by: 'opened',
            from: [secret, session],
            text: `the backup key opens the entry of session ${session.slice(0, 6)}`,
          }),
        );
      }
    }
  return progress;
};

/**
 * What attackers overhear of a step that has just happened: a lying server sees every request made to it.
 * In the clear it reads; what is sealed it records.
 */
export const overhear = (stage: Stage, progress: Progress): Progress => {
  const listeners = Object.values(progress.world.attackers).filter(
    ({ plays }) => plays === 'lying-server' || plays === 'eavesdropper',
  );
  if (listeners.length === 0) return progress;
  return progress.moments.reduce(
    (before, moment) =>
      moment.kind === 'request'
        ? listeners
            .filter(({ server }) => server === moment.to)
            .reduce((now, { name }) => after(now, (world) => hears(stage, world, name, moment)), before)
        : before,
    progress,
  );
};

const hears = (stage: Stage, world: World, name: PlayerId, moment: Extract<Moment, { kind: 'request' }>): Progress => {
  const messages = moment.path.includes('/sendToDevice/') ? objectAt(moment.body, 'messages') : {};
  const type = decodeURIComponent(moment.path.split('/sendToDevice/')[1]?.split('/')[0] ?? '');
  let progress = quiet(world);
  for (const [user, byDevice] of Object.entries(messages))
    for (const [device, content] of Object.entries(isObject(byDevice) ? byDevice : {})) {
      if (!isObject(content)) continue;
      const sender = world.devices[moment.from]?.store.me.user ?? moment.from;
      progress = after(progress, (now) =>
        hearsOne(stage, now, name, `${user} ${device}`, { type, sender, content }, moment.from),
      );
    }
  return progress;
};

const hearsOne = (
  stage: Stage,
  world: World,
  name: PlayerId,
  to: string,
  event: JsonObject,
  from: PlayerId,
): Progress => {
  const attacker = attackerOf(world, name);
  const content = objectAt(event, 'content');
  const recorded = { ...attacker.recorded, [to]: [...(attacker.recorded[to] ?? []), event] };
  const id = stringAt(content, 'request_id');
  const asks =
    event.type === 'm.secret.request' &&
    content.action === 'request' &&
    id !== undefined &&
    !attacker.requests.some((one) => one.requestId === id);
  const requests = asks
    ? [...attacker.requests, { requestId: id, name: stringAt(content, 'name') ?? '', by: from }]
    : attacker.requests;
  const noted = quiet(withAttacker(world, { ...attacker, recorded, requests }));
  const secret = stringAt(content, 'secret');
  return secret === undefined
    ? noted
    : after(noted, (now) =>
        learn(stage, now, name, stringAt(content, 'name') ?? 'a secret', secret, {
          by: 'saw',
          from: [],
          text: `read it in the clear in ${String(event.type)}`,
        }),
      );
};
