/** Simulated devices and real machines in one world, with all that they say to each other kept for looking at. */

import type { BareAct } from '../../machines/events.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import type { AttachmentInfo, Suite } from '../../machines/suite.ts';
import type { DeviceSettings, Notice } from '../../machines/types.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { tellDevice } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { passwordOf, syncs } from '../engine/people.ts';
import { begin } from '../engine/prologue.ts';
import type { Stage } from '../engine/stage.ts';
import type { CastRoom, Moment, PlayerId, Scenario } from '../engine/types.ts';
import type { Progress, World } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import * as client from './olm-machine/index.ts';
import * as shapes from './shapes.ts';

export const server = 'example.org';
export const userOf = (name: string): string => `@${name}:${server}`;

const settings: DeviceSettings = {
  implements: { MSC4268: 'merged', MSC4147: 'spec-main', MSC1219: 'none', MSC1946: 'none', MSC4385: 'none' },
  identifiers: 'stable',
  off: [],
  readings: {},
  options: {},
};
/** A client from before MSC4268: the keys of its messages are marked as nothing. */
export const older: DeviceSettings = { ...settings, implements: { ...settings.implements, MSC4268: 'none' } };
/** A client that has not yet given up the prefix of MSC4268. */
export const prefixed: DeviceSettings = { ...settings, identifiers: 'unstable' };
export const withOptions = (options: DeviceSettings['options']): DeviceSettings => ({ ...settings, options });

export type Wanted = {
  /** Each has one simulated device, `<name>.phone`, that its own identity has signed. */
  readonly simulated: readonly string[];
  /** Those of them whose device nobody has signed. */
  readonly unsigned?: readonly string[];
  /** Each has an account and nothing else: real machines are logged in to it. */
  readonly real: readonly string[];
  readonly rooms?: readonly CastRoom[];
  readonly byDevice?: Readonly<Record<PlayerId, DeviceSettings>>;
};

/** A scenario without a story in which these people are. */
export const scenarioOf = ({ simulated, unsigned = [], real, rooms = [], byDevice = {} }: Wanted): Scenario => ({
  id: 'test',
  title: 'a test',
  about: [],
  why: '',
  cast: {
    servers: [server],
    users: [
      ...simulated.map((name) => ({
        name,
        server,
        devices: [{ name: 'phone', crossSigned: !unsigned.includes(name) }],
      })),
      ...real.map((name) => ({ name, server, devices: [] })),
    ],
    attackers: [],
    backup: false,
    rooms,
  },
  settings: { everyone: settings, byDevice },
  faults: {},
  story: [],
  explore: null,
  expect: [],
  without: [],
});

/** One message as it went over the wire or stood within another, and the shape it has to have. */
export type Said = {
  readonly by: string;
  readonly what: keyof typeof shapeOf;
  readonly value: Json;
};
export const shapeOf = {
  'device keys': shapes.deviceKeys,
  'Olm event': shapes.olmEvent,
  'Olm plaintext': shapes.olmPlaintext,
  'Megolm event': shapes.megolmEvent,
  'm.room_key': shapes.roomKey,
  'm.room_key.withheld': shapes.roomKeyWithheld,
  'm.room_key_bundle': shapes.roomKeyBundle,
  bundle: shapes.bundle,
} as const;

export type Together = {
  readonly stage: Stage;
  readonly world: () => World;
  /** A machine for a device of a user that has no simulated one; the first of a user makes the user's identity. */
  readonly logIn: (name: string, signed?: 'signed' | 'unsigned') => Promise<client.RealMachine>;
  /** A person acts at a simulated device. Returns what followed. */
  readonly tell: (player: PlayerId, act: BareAct) => readonly Moment[];
  /** A simulated device syncs. Returns what followed. */
  readonly sync: (player: PlayerId) => readonly Moment[];
  /** All that was said so far by anybody. */
  readonly said: () => readonly Said[];
};

/** A world in which these people live, once it is set up. */
export const bringTogether = (wanted: Wanted): Together => {
  const plaintexts = new Set<string>();
  const suite = listening(makeRealSuite('together', nodeCurves), (plaintext) => plaintexts.add(plaintext));
  const stage = stageWith(scenarioOf(wanted), { suite });
  let world = begin(stage);
  const requests: Moment[] = [];
  const take = ({ world: next, moments }: Progress): readonly Moment[] => {
    world = next;
    requests.push(...moments.filter(({ kind }) => kind === 'request'));
    return moments;
  };
  const sendAs =
    (player: PlayerId): client.Send =>
    ({ accessToken, method, path, query, body }) => {
      const asked = call(stage, world, player, server, {
        accessToken,
        method,
        path,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body }),
      });
      take(asked);
      if (asked.answer === null) throw new Error('the simulated network lost a real request: no fault was set');
      return asked.answer;
    };
  const logIn: Together['logIn'] = async (name, signed = 'signed') => {
    const user = { userId: userOf(name), password: passwordOf(name), deviceId: 'REAL' };
    const machine = await client.logInMachine(sendAs(`${name}.real`), user);
    if (signed === 'signed') await client.bootstrapIdentity(machine);
    else await client.publishKeys(machine);
    await client.syncMachine(machine);
    return machine;
  };
  return {
    stage,
    world: () => world,
    logIn,
    tell: (player, act) => take(tellDevice(stage, world, player, act)),
    sync: (player) => take(syncs(stage, world, player)),
    said: () => [...requests.flatMap(saidIn), ...[...plaintexts].flatMap((one) => saidWithin(suite, world, one))],
  };
};

/** A suite that keeps the plaintext of every Olm message that it seals or opens. */
const listening = (suite: Suite, heard: (plaintext: string) => void): Suite => {
  const heardIn = <T extends { readonly plaintext: string }>(opened: T | null): T | null => {
    if (opened !== null) heard(opened.plaintext);
    return opened;
  };
  return {
    ...suite,
    olmEncrypt: (session, plaintext, label) => {
      heard(plaintext);
      return suite.olmEncrypt(session, plaintext, label);
    },
    olmDecrypt: (session, message) => heardIn(suite.olmDecrypt(session, message)),
    olmInbound: (account, sender, message) => heardIn(suite.olmInbound(account, sender, message)),
  };
};

/** What of a request is about keys. */
const saidIn = (moment: Moment): readonly Said[] => {
  if (moment.kind !== 'request') return [];
  const { from: by, path, body } = moment;
  const toDevices = (what: Said['what']): readonly Said[] =>
    Object.values(objectAt(body, 'messages'))
      .flatMap((byDevice) => (isObject(byDevice) ? Object.values(byDevice) : []))
      .map((value) => ({ by, what, value: value ?? null }));
  if (path.includes('/sendToDevice/m.room.encrypted/')) return toDevices('Olm event');
  if (path.includes('/sendToDevice/m.room_key.withheld/')) return toDevices('m.room_key.withheld');
  if (path.includes('/send/m.room.encrypted/')) return [{ by, what: 'Megolm event', value: body }];
  const uploaded = path.endsWith('/keys/upload') && isObject(body) ? body.device_keys : undefined;
  return uploaded === undefined ? [] : [{ by, what: 'device keys', value: uploaded }];
};

/** What of an Olm plaintext is about keys: it, its content, and for a pointer the bundle that it points at. */
const saidWithin = (suite: Suite, world: World, text: string): readonly Said[] => {
  const plaintext = JSON.parse(text) as JsonObject;
  const by = stringAt(plaintext, 'sender') ?? '';
  const content = objectAt(plaintext, 'content');
  const type = stringAt(plaintext, 'type');
  const around: Said = { by, what: 'Olm plaintext', value: { ...plaintext, content: {} } };
  if (type === 'm.room_key') return [around, { by, what: 'm.room_key', value: content }];
  if (type !== 'm.room_key_bundle') return [around];
  const file = objectAt(content, 'file');
  const data = world.servers[server]?.media.files[stringAt(file, 'url')?.split('/').at(-1) ?? '']?.data ?? '';
  const opened = suite.attachmentOpen(data, file as unknown as AttachmentInfo);
  return [
    around,
    { by, what: 'm.room_key_bundle', value: content },
    { by, what: 'bundle', value: opened === null ? null : (JSON.parse(opened) as Json) },
  ];
};

/** What is wrong with what was said, by whom. */
export const complaints = (said: readonly Said[]): readonly string[] =>
  said.flatMap(({ by, what, value }) =>
    shapes.complaintsAbout(shapeOf[what], value).map((complaint) => `${what} by ${by}: ${complaint}`),
  );

/** What people were shown, of one kind. */
export const shown = (moments: readonly Moment[], about: string): readonly Notice[] =>
  moments.flatMap((moment) => (moment.kind === 'shown' && moment.notice.about === about ? [moment.notice] : []));
