/**
 * One device of a world, played by a client: the kernel in which that device hears what it is told, and says what it wants sent. All
 * others, the servers and the attackers are as ever. A client changes in place, so a world with a seat is played once and forward.
 */
import { hear as hearCharts } from '../../../machines/core/device.ts';
import type { Device } from '../../../machines/core/env.ts';
import type { DeviceMoment, Out } from '../../../machines/effects.ts';
import type { AnyEvent, Incoming } from '../../../machines/events.ts';
import { type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { roomKeyName } from '../../../machines/room-types.ts';
import type { Suite } from '../../../machines/suite.ts';
import { type Kernel, plainKernel } from '../../engine/kernel.ts';
import { deviceId } from '../../engine/names.ts';
import { deviceNameIn, ownerIn, type PlayerId } from '../../engine/player.ts';
import {
  type Act,
  type Client,
  type Hello,
  isTrouble,
  PROTOCOL,
  type Said,
  type Seating,
  type Shows,
  type Told,
  type Trouble,
  type Wanted,
  type WantedAnswer,
} from './client.ts';
import { noShows } from './reading.ts';
import { seen } from './sight.ts';

/** What became of a client besides what it did: it could not, failed on the way, or did not answer as agreed. */
export type Note =
  | { readonly is: 'cannot'; readonly act: string; readonly why: string }
  | { readonly is: 'failed'; readonly act: string; readonly why: string }
  | ({ readonly is: 'trouble' } & Trouble);

export type Seat = {
  readonly kernel: Kernel;
  readonly hello: () => Hello | null;
  readonly notes: () => readonly Note[];
  /** The client of the device as it is logged in now, and all before it. */
  readonly close: () => void;
};

type Sitter = {
  readonly client: Client;
  shows: Shows;
  /** What it is about. */
  about: string;
  wants: readonly Wanted[];
  answers: WantedAnswer[];
  /** How many it has wanted since it was told anything but answers. */
  wanted: number;
  isInTrouble: boolean;
};
type Heard = ReturnType<typeof hearCharts>;

const asker = { chart: 'seat', room: null } as const;

/** Requests that a client may want before it is done with what it was told: one that wants more goes round in a circle. */
const wantsMax = 500;

/** Seats somebody at `player`. @param seed all chance of whoever sits there */
export const seatAt = (player: PlayerId, seating: Seating, seed: string, suite: Suite): Seat => {
  const sitters: Sitter[] = [];
  const notes: Note[] = [];
  let hello: Hello | null = null;
  let token: string | null = null;

  const isSeat = ({ store: { me } }: Device): boolean =>
    me.device === deviceId(deviceNameIn(player) ?? '') && me.user.startsWith(`@${ownerIn(player)}:`);

  const sitDown = (): Sitter => {
    const client = seating(`${seed}/${player}/${sitters.length}`);
    const sitter: Sitter = {
      client,
      shows: noShows,
      about: 'log in',
      wants: [],
      answers: [],
      wanted: 0,
      isInTrouble: false,
    };
    sitters.push(sitter);
    const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: `${seed}/${player}` });
    if (isTrouble(said)) notes.push({ is: 'trouble', ...said });
    else if ('hello' in said) hello = said.hello;
    else notes.push({ is: 'trouble', trouble: 'nonsense', why: 'it does not say hello' });
    return sitter;
  };

  const endless = ({ about }: Sitter): Trouble => ({
    trouble: 'nonsense',
    why: `it has wanted more than ${wantsMax} requests, and is not done with “${about}”`,
  });

  const tell = (sitter: Sitter, device: Device, told: Told): Heard => {
    if (sitter.isInTrouble) return { device, outs: [] };
    if (told.op !== 'answered') sitter.wanted = 0;
    const said = sitter.client.tell(told);
    if (!isTrouble(said) && 'wants' in said) sitter.wanted += said.wants.length;
    const came = sitter.wanted > wantsMax ? endless(sitter) : said;
    if (!isTrouble(came)) return heard(sitter, device, came);
    sitter.isInTrouble = true;
    // Said once: from then on it is a device that does nothing.
    if (!notes.some((one) => one.is === 'trouble')) notes.push({ is: 'trouble', ...came });
    return { device, outs: [] };
  };

  const heard = (sitter: Sitter, device: Device, said: Said): Heard => {
    if ('hello' in said) return { device, outs: [] };
    if ('cannot' in said) {
      notes.push({ is: 'cannot', act: sitter.about, why: said.cannot });
      return { device, outs: [] };
    }
    const { store, moments } = seen(suite, device.store, sitter.shows, said.shows);
    sitter.shows = { ...said.shows, letters: [], gifts: [], shares: [], imports: [] };
    const outs: Out[] = moments.map((moment) => ({ out: 'moment', moment }));
    if ('wants' in said) {
      sitter.wants = said.wants;
      sitter.answers = [];
      for (const { method, path, query, body } of said.wants) {
        const waiting = { chart: { to: asker, as: 'seat answered' } };
        const more = { ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) };
        outs.push({ out: 'request', method, path, ...more, waiting });
      }
    } else if (said.failed !== undefined) notes.push({ is: 'failed', act: sitter.about, why: said.failed });
    return { device: { ...device, store }, outs };
  };

  /** What its person does. Whoever has not said that it can is not asked to. */
  const acts = (device: Device, act: Act, atMs: number): Heard => {
    const sitter = sitters.at(-1);
    if (sitter === undefined) return { device, outs: [] };
    sitter.about = act.act;
    if (hello !== null && !hello.acts.includes(act.act)) {
      notes.push({ is: 'cannot', act: act.act, why: 'it has not said that it can' });
      return { device, outs: [] };
    }
    return tell(sitter, device, { op: 'act', act, atMs });
  };

  const starts = (device: Device, atMs: number): Heard => {
    const { user, device: id, server, accessToken } = device.store.me;
    if (token === accessToken) {
      const sitter = sitters.at(-1) ?? sitDown();
      sitter.about = 'restart';
      return hello !== null && !hello.acts.includes('restart')
        ? acts(device, { act: 'restart' }, atMs)
        : tell(sitter, device, { op: 'restart', atMs });
    }
    token = accessToken;
    return tell(sitDown(), device, { op: 'log in', user, device: id, server, accessToken, atMs });
  };

  const answered = (device: Device, answer: WantedAnswer, atMs: number): Heard => {
    const sitter = sitters.at(-1);
    const wanted = sitter?.wants[sitter.answers.length];
    if (sitter === undefined || wanted === undefined) return { device, outs: [] };
    sitter.answers.push(answer);
    const moments = backedUp(wanted, answer);
    const outs = moments.map((moment): Out => ({ out: 'moment', moment }));
    if (sitter.answers.length < sitter.wants.length) return { device, outs };
    const after = tell(sitter, device, { op: 'answered', answers: sitter.answers, atMs });
    return { device: after.device, outs: [...outs, ...after.outs] };
  };

  let nowMs = 0;
  const hear = (device: Device, incoming: Incoming): Heard => {
    switch (incoming.from) {
      case 'user': {
        const { type, atMs = nowMs, ...detail } = incoming.event;
        nowMs = atMs;
        const what = type.slice('user.'.length);
        const acted: Out = {
          out: 'moment',
          moment: { kind: 'acted', what, detail: { ...detail, atMs } as JsonObject },
        };
        const done =
          what === 'start'
            ? starts(device, atMs)
            : acts(device, { ...(detail as JsonObject), ...actIn(what, detail), act: what }, atMs);
        return { device: done.device, outs: [acted, ...done.outs] };
      }
      case 'task': {
        const { task } = incoming;
        const sitter = sitters.at(-1);
        if (task.task !== 'synced' || sitter === undefined) return { device, outs: [] };
        nowMs = task.atMs;
        if (task.status !== 200) return { device, outs: [] };
        const nextBatch = stringAt(task.body, 'next_batch') ?? device.store.nextBatch;
        sitter.about = 'sync';
        const synced = { ...device, store: { ...device.store, nextBatch } };
        return tell(sitter, synced, { op: 'sync', body: task.body, atMs: task.atMs });
      }
      case 'answer': {
        const { status, body } = incoming.event as AnyEvent & WantedAnswer;
        return answered(device, { status, body }, nowMs);
      }
      case 'core':
        return incoming.event.type === 'sync.device lists'
          ? acts(device, { act: 'look up', users: [...incoming.event.users] }, nowMs)
          : { device, outs: [] };
      default:
        return { device, outs: [] };
    }
  };

  /** Whoever verifies the seat's device is shown its true keys, which no core of ours has. */
  const shownKeys = (incoming: Incoming): Incoming => {
    const keys = sitters.at(-1)?.shows.deviceKeys ?? null;
    if (keys === null || incoming.from !== 'user' || incoming.event.type !== 'user.verifies') return incoming;
    const isOurs = incoming.event.device === keys.device_id && incoming.event.keys.user_id === keys.user_id;
    return isOurs ? { ...incoming, event: { ...incoming.event, keys } } : incoming;
  };

  return {
    kernel: {
      ...plainKernel,
      isThroughout: true,
      hear: (env, device, incoming) =>
        isSeat(device) ? hear(device, incoming) : hearCharts(env, device, shownKeys(incoming)),
    },
    hello: () => hello,
    notes: () => notes,
    close: () => {
      for (const { client } of sitters) client.close();
    },
  };
};

/** Secrets that come along are told by name, as plain texts. */
const actIn = (what: string, detail: object): JsonObject => {
  if (what !== 'verified') return {};
  const secrets = objectAt(detail as JsonObject, 'secrets');
  return {
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, held]) => [name, stringAt(held, 'secret') ?? ''])),
  };
};

/** What went into a backup is seen on the wire: which sessions, and into which version. */
const backedUp = (wanted: Wanted, { status }: WantedAnswer): readonly DeviceMoment[] => {
  if (wanted.method !== 'PUT' || !wanted.path.startsWith(paths.backupKeys) || status !== 200) return [];
  const rooms = objectAt((wanted.body ?? null) as Json, 'rooms');
  const sessions = Object.entries(rooms).flatMap(([room, one]) =>
    Object.keys(objectAt(one, 'sessions')).map((session) => roomKeyName(room, session)),
  );
  const patch = { patch: 'backed up', sessions, version: wanted.query?.version ?? '' } as const;
  return sessions.length === 0 ? [] : [{ kind: 'stored', patch }];
};
