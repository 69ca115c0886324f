import { describe, expect, it } from 'vitest';
import { isObject, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { makeRecall } from '../explorer/memo/memo.ts';
import { stageWith } from '../verbs/port.ts';
import { call } from './network.ts';
import { choices } from './open-choices.ts';
import { begin } from './prologue.ts';
import { isQuiet } from './quiet.ts';
import type { Stage } from './stage.ts';
import { step } from './step.ts';
import { plainSettings } from './testing.ts';
import type { Moment, Scenario } from './types.ts';
import type { World } from './world.ts';

const bob = '@bob:b.example';

/** Alice on a.example and Bob on b.example, in no room yet. */
const twoServers: Scenario = {
  id: 'two-servers',
  title: 'Two servers',
  about: [],
  why: '',
  cast: {
    servers: ['a.example', 'b.example'],
    users: [
      { name: 'alice', server: 'a.example', devices: [{ name: 'phone', crossSigned: true }] },
      { name: 'bob', server: 'b.example', devices: [{ name: 'desk', crossSigned: true }] },
    ],
    attackers: [],
    backup: false,
  },
  settings: { everyone: plainSettings, byDevice: {} },
  faults: {},
  story: [],
  explore: null,
  expect: [],
  without: [],
};
const stageOf = (kernel?: Stage['kernel']): Stage =>
  stageWith(twoServers, { suite: makeSymbolicSuite('1'), ...(kernel === undefined ? {} : { kernel }) });

/** What a device asks in its own name. */
const asks = (stage: Stage, world: World, player: string, method: 'POST' | 'PUT', path: string, body: object) => {
  const me = world.devices[player]?.store.me;
  if (me === undefined) throw new Error(`${player} is no device`);
  return call(stage, world, player, me.server, { accessToken: me.accessToken, method, path, body: body as never });
};

/** Alice makes a room, asks Bob in, he joins, she says something. */
const talk = (stage: Stage, from: World) => {
  const moments: Moment[] = [];
  let world = from;
  const take = (...asked: Parameters<typeof asks> extends [Stage, World, ...infer Rest] ? Rest : never) => {
    const done = asks(stage, world, ...asked);
    world = done.world;
    moments.push(...done.moments);
    return done.answer;
  };
  const room = stringAt(take('alice.phone', 'POST', paths.createRoom, { name: 'den' })?.body, 'room_id') ?? '';
  take('alice.phone', 'POST', paths.membership(room, 'invite'), { user_id: bob });
  const joined = take('bob.desk', 'POST', paths.join(room), {});
  take('alice.phone', 'PUT', paths.roomSend(room, 'm.room.message', '1'), { body: 'hello' });
  return { room, world, moments, joined };
};

const textsOn = (world: World, server: string, room: string): readonly unknown[] =>
  (world.servers[server]?.rooms[room]?.timeline ?? []).flatMap(({ event }) =>
    event.type === 'm.room.message' ? [event.content.body] : [],
  );

describe('two servers of one world', () => {
  it('ask each other what takes both, and the step shows it', () => {
    const stage = stageOf();
    const { joined, moments } = talk(stage, begin(stage));
    expect(joined?.status).toBe(200);
    const between = moments.flatMap((one) =>
      one.kind === 'request' && !one.from.includes('.desk') && !one.from.includes('.phone')
        ? [`${one.from} ${one.method} ${one.path.split('/')[4]} ${one.to} ${one.status}`]
        : [],
    );
    expect(between).toEqual([
      'a.example PUT invite b.example 200',
      'b.example GET make_join a.example 200',
      'b.example PUT send_join a.example 200',
    ]);
  });

  it('show what one did for the other though its answer got lost on the way', () => {
    const stage = stageOf();
    const troubles = [{ player: 'b.example', to: 'a.example', endpoint: 'send_join', how: 'lose' }] as const;
    const first = { ...begin(stage), troubles };
    const { joined, moments, room, world } = talk(stage, first);
    expect(joined?.status).toBe(502);
    const [join] = moments.filter((moment) => moment.kind === 'request' && moment.path.includes('send_join'));
    expect(join).toMatchObject({ from: 'b.example', to: 'a.example', status: 200, lost: true });
    expect(world.servers['a.example']?.rooms[room]?.state['m.room.member']?.[bob]?.content.membership).toBe('join');

    const recall = makeRecall(4096);
    const remembering = stageOf(recall.kernel);
    let shown: readonly Moment[] = [];
    const replay = recall.callOf((from) => {
      const done = talk(remembering, from);
      shown = done.moments;
      return { world: done.world, result: null };
    }, null);
    recall.cells.split(first, recall.now);
    recall.run(replay);
    expect(shown).toEqual(moments);
  });

  it('hold what is said until somebody lets them send it', () => {
    const stage = stageOf();
    const { room, world } = talk(stage, begin(stage));
    expect(room).toBe('!den:a.example');
    expect(textsOn(world, 'b.example', room)).toEqual([]);
    expect(isQuiet(stage, world)).toBe(false);
    const waiting = choices(stage, world).filter(({ id }) => id.startsWith('deliver:'));
    expect(waiting).toEqual([
      {
        id: 'deliver:a~example:b~example',
        who: 'a.example',
        sentence: 'a.example sends to b.example',
        kind: 'deliver',
      },
    ]);
    const sent = step(stage, world, 'deliver:a~example:b~example');
    expect(textsOn(sent.world, 'b.example', room)).toEqual(['hello']);
    expect(choices(stage, sent.world).some(({ id }) => id.startsWith('deliver:'))).toBe(false);
    const [moment] = sent.step.moments;
    expect(moment).toMatchObject({ kind: 'request', from: 'a.example', to: 'b.example', method: 'PUT', status: 200 });
    expect(moment?.kind === 'request' && moment.path).toMatch(/^\/_matrix\/federation\/v1\/send\/\d+$/);
    expect(moment?.kind === 'request' && isObject(moment.body) && moment.body.origin).toBe('a.example');
  });

  it('answer the same when the explorer remembers what they looked at', () => {
    const plain = stageOf();
    const recall = makeRecall(4096);
    const stage = stageOf(recall.kernel);
    const first = begin(plain);
    const expected = talk(plain, first).world;
    const replay = recall.callOf((world) => ({ world: talk(stage, world).world, result: null }), null);
    const cells = new Int32Array(4096);
    recall.cells.split(first, cells);
    for (const time of ['worked out', 'remembered']) {
      recall.now.set(cells);
      recall.run(replay);
      expect(recall.cells.join(recall.now), time).toEqual(expected);
    }
    // With another room on Bob's server in between, what is remembered of the invitation is of no use.
    const bobs = asks(plain, first, 'bob.desk', 'POST', paths.createRoom, { name: 'attic' }).world;
    recall.cells.split(bobs, cells);
    recall.now.set(cells);
    recall.run(replay);
    expect(recall.cells.join(recall.now)).toEqual(talk(plain, bobs).world);
  });

  it('keep a letter that the other one has not confirmed', () => {
    const stage = stageOf();
    const { world } = talk(stage, begin(stage));
    const { 'b.example': _gone, ...servers } = world.servers;
    const alone = { ...world, servers };
    const sends = { who: 'a.example', verb: 'deliver to', args: { 'deliver to': 'b.example' } };
    expect(stage.verbs.perform(stage, alone, sends, false).world).toBe(alone);
  });
});

describe('time', () => {
  it('passes, and what falls due on the way happens in order and at its hour', () => {
    const stage = stageOf();
    const world = begin(stage);
    const alarm = (hours: number) => ({
      player: 'alice.phone',
      dueMs: hours * 3_600_000,
      incoming: { from: 'user' as const, event: { type: 'user.start' as const, users: [`${hours}`] } },
    });
    const waits = { who: 'everyone', verb: 'wait', args: { wait: '25h' } };
    const heard = stage.verbs.perform(stage, { ...world, alarms: [alarm(9), alarm(2), alarm(30)] }, waits, false);
    expect(heard.world.now).toBe(25 * 3_600_000);
    expect(heard.world.alarms).toEqual([alarm(30)]);
    const told = heard.moments.flatMap((one) => (one.kind === 'acted' ? [one.detail] : []));
    expect(told).toEqual([
      { users: ['2'], atMs: 2 * 3_600_000 },
      { users: ['9'], atMs: 9 * 3_600_000 },
    ]);
  });
});

describe('an operator', () => {
  const upload = (stage: Stage, world: World, data: string) =>
    asks(stage, world, 'alice.phone', 'POST', paths.mediaUpload, { content_type: 'text/plain', data });
  const stage = stageOf();
  const acting = (world: World, verb: string, args: Record<string, number>) =>
    stage.verbs.perform(stage, world, { who: 'a.example', verb, args }, false).world;

  it('clears the disk: every file is gone, and new ones are kept', () => {
    const kept = upload(stage, begin(stage), 'aGVsbG8');
    const cleared = acting(kept.world, 'expire media', {});
    const again = upload(stage, cleared, 'aGVsbG8');
    const has = (world: World, id: string) => {
      const me = world.devices['alice.phone']?.store.me;
      const path = paths.mediaDownload('a.example', id);
      return call(stage, world, 'alice.phone', 'a.example', {
        accessToken: me?.accessToken ?? null,
        method: 'GET',
        path,
      }).answer?.status;
    };
    expect(has(kept.world, 'media1')).toBe(200);
    expect(has(again.world, 'media1')).toBe(404);
    expect(has(again.world, 'media2')).toBe(200);
  });

  it('takes no larger files than it says', () => {
    const limited = acting(begin(stage), 'limit uploads', { 'limit uploads': 4 });
    expect(upload(stage, limited, 'aGVsbG8').answer).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } });
    expect(upload(stage, limited, 'aGV5').answer?.status).toBe(200);
  });
});
