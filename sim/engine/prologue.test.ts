/** What is true before a story begins. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { publicKeyOf } from '../homeserver/signatures.ts';
import { stageWith } from '../verbs/port.ts';
import { beforehand, begin, devicesBefore } from './prologue.ts';
import { isQuiet } from './quiet.ts';
import { aliceAndDevices } from './testing.ts';
import type { Cast, Scenario } from './types.ts';
import type { World } from './world.ts';

const suite = makeSymbolicSuite('1');
const plain = aliceAndDevices({ devices: ['phone'] });
const cast: Cast = {
  servers: ['example.org', 'b.example'],
  users: [
    {
      name: 'alice',
      server: 'example.org',
      devices: [
        { name: 'phone', crossSigned: true },
        { name: 'laptop', crossSigned: true },
        { name: 'old', crossSigned: false },
      ],
    },
    { name: 'bob', server: 'b.example', devices: [{ name: 'phone', crossSigned: true }] },
  ],
  attackers: [
    { name: 'eve', plays: 'other-user', of: null, budget: { moves: 3 }, colludes: [] },
    { name: 'ivan', plays: 'malicious-inviter', of: 'b.example', budget: {}, colludes: [] },
    { name: 'mallory', plays: 'stolen-device', of: 'alice.laptop', budget: {}, colludes: [] },
    { name: 'trudy', plays: 'stolen-token', of: 'alice', budget: {}, colludes: [] },
  ],
  backup: true,
};
const stageOf = (more: Partial<Cast> = {}, scenario: Partial<Scenario> = {}, free = false) =>
  stageWith({ ...plain, ...scenario, cast: { ...cast, ...more } }, { suite, free });
const storeOf = (world: World, player: string) => {
  const device = world.devices[player];
  if (device === undefined) throw new Error(`${player} is not there`);
  return device.store;
};
const userOn = (world: World, server: string, user: string) => world.servers[server]?.users[user];

describe('before a story', () => {
  const stage = stageOf();
  const world = begin(stage);

  it('everybody of the cast is logged in, and so are attackers with an account', () => {
    expect(Object.keys(world.devices).sort()).toEqual([
      'alice.laptop',
      'alice.old',
      'alice.phone',
      'bob.phone',
      'eve.phone',
      'ivan.phone',
    ]);
    expect(Object.keys(userOn(world, 'example.org', '@alice:example.org')?.devices ?? {}).sort()).toEqual([
      'LAPTOP',
      'OLD',
      'PHONE',
    ]);
    expect(storeOf(world, 'ivan.phone').me.server).toBe('b.example');
    expect(userOn(world, 'example.org', '@trudy:example.org')).toBeUndefined();
    expect(Object.keys(devicesBefore(stage))).toEqual(Object.keys(world.devices));
  });

  it('devices are signed by their user unless the cast says otherwise', () => {
    const user = userOn(world, 'example.org', '@alice:example.org');
    const selfSigning = publicKeyOf(user?.crossSigning.selfSigning ?? {});
    const signed = JSON.stringify(user?.crossSigning.made ?? {});
    expect([signed.includes('LAPTOP'), signed.includes('OLD'), selfSigning === undefined]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('one that the cast says is signed is so wherever it stands: the first such one makes identity and backup', () => {
    const devices = ['old', 'phone', 'laptop'].map((name) => ({ name, crossSigned: name !== 'old' }));
    const other = begin(stageOf({ users: [{ name: 'alice', server: 'example.org', devices }], attackers: [] }));
    const { crossSigning } = userOn(other, 'example.org', '@alice:example.org') ?? {};
    expect(publicKeyOf(crossSigning?.selfSigning ?? {})).toBeDefined();
    const signed = JSON.stringify(crossSigning?.made ?? {});
    expect(['PHONE', 'LAPTOP', 'OLD'].map((name) => signed.includes(name))).toEqual([true, true, false]);
    const has = (player: string) => 'm.megolm_backup.v1' in storeOf(other, player).secrets;
    expect(['alice.phone', 'alice.laptop', 'alice.old'].map(has)).toEqual([true, true, false]);
  });

  it('everybody has met everybody: each has pinned the identities of all', () => {
    const users = ['@alice:example.org', '@bob:b.example', '@eve:example.org', '@ivan:b.example'];
    for (const player of ['alice.phone', 'bob.phone', 'ivan.phone'])
      for (const user of users) {
        const published = userOn(world, user.split(':')[1] ?? '', user)?.crossSigning.master;
        expect([player, user, storeOf(world, player).users[user]?.identity.pinned]).toEqual([
          player,
          user,
          publicKeyOf(published ?? {}),
        ]);
      }
  });

  it('users have a backup with something in it, and those devices its key that are signed', () => {
    for (const [server, user] of [
      ['example.org', '@alice:example.org'],
      ['b.example', '@bob:b.example'],
    ] as const) {
      const versions = Object.values(userOn(world, server, user)?.backup.versions ?? {});
      expect([versions.length, Object.keys(versions[0]?.rooms ?? {}).length]).toEqual([1, 1]);
    }
    const has = (player: string) => 'm.megolm_backup.v1' in storeOf(world, player).secrets;
    expect(['alice.phone', 'alice.laptop', 'alice.old', 'bob.phone'].map(has)).toEqual([true, true, false, true]);
    const bare = begin(stageOf({ backup: false }));
    expect(userOn(bare, 'example.org', '@alice:example.org')?.backup.versions).toEqual({});
    expect(storeOf(bare, 'alice.phone').secrets).not.toHaveProperty('m.megolm_backup.v1');
  });

  it('all is quiet, no time has passed, nothing is laid or offline, and nobody has acted', () => {
    const { now, alarms, troubles, veils, offline, loggedOut, line, acted } = world;
    expect({ now, alarms, troubles, veils, offline, loggedOut, line, acted }).toEqual({
      now: 0,
      alarms: [],
      troubles: [],
      veils: [],
      offline: [],
      loggedOut: [],
      line: 0,
      acted: [],
    });
    expect(isQuiet(stage, world)).toBe(true);
  });

  it('attackers run what the cast gives them, and have their budgets', () => {
    const runs = (name: string) => world.attackers[name]?.runs;
    expect(['eve', 'ivan', 'mallory', 'trudy'].map(runs)).toEqual([
      { phone: 'eve.phone' },
      {},
      { stolen: 'alice.laptop' },
      {},
    ]);
    expect(world.budgets).toEqual({ eve: { moves: 3 }, ivan: {}, mallory: {}, trudy: {} });
    expect(world.attackers.ivan?.server).toBe('b.example');
  });

  it('accidents of free play are there in free play alone', () => {
    const explore = { acts: [], faults: { restart: 2 }, until: { depth: 1, worlds: 1 } };
    const scenario = { faults: { offline: 1 }, explore };
    expect(begin(stageOf({}, scenario)).faults).toEqual({ offline: 1 });
    expect(begin(stageOf({}, scenario, true)).faults).toEqual({ offline: 1, restart: 2 });
  });

  it('people know whom the cast says, and everybody their own devices', () => {
    const users = cast.users.map((user) => ({ ...user, knows: user.name === 'alice' ? ['bob'] : [] }));
    const narrow = begin(stageOf({ users, attackers: cast.attackers.slice(0, 1) }));
    const knownTo = (player: string) => Object.keys(storeOf(narrow, player).users).sort();
    expect(knownTo('alice.laptop')).toEqual(['@alice:example.org', '@bob:b.example']);
    expect(knownTo('bob.phone')).toEqual(['@bob:b.example']);
    expect(knownTo('eve.phone')).toEqual(['@alice:example.org', '@bob:b.example', '@eve:example.org']);
    for (const player of ['alice.phone', 'alice.laptop', 'alice.old']) {
      const { devices, outdated } = storeOf(narrow, player).users['@alice:example.org'] ?? {};
      expect([player, Object.keys(devices ?? {}).sort(), outdated]).toEqual([
        player,
        ['LAPTOP', 'OLD', 'PHONE'],
        false,
      ]);
    }
  });

  it('is evidence for guarantees, under a name of its own', () => {
    const { choice, moments } = beforehand(stage);
    expect(choice).toEqual({ id: 'before', who: 'everyone', sentence: 'before the story', kind: 'before' });
    const made = moments.flatMap((moment) =>
      moment.kind === 'stored' && moment.patch.patch === 'secret' && moment.patch.held.origin.how === 'made'
        ? [moment.player]
        : [],
    );
    expect(new Set(made)).toEqual(new Set(['alice.phone', 'bob.phone', 'eve.phone', 'ivan.phone']));
  });
});

describe('rooms of a cast', () => {
  const rooms = [{ name: 'den', history: 'joined', members: ['alice', 'bob', 'ivan'] }];
  const world = begin(stageOf({ rooms }));

  it('are made by their first member, on their server, and everybody is in them on every server', () => {
    for (const server of ['example.org', 'b.example']) {
      const state = world.servers[server]?.rooms['!den:example.org']?.state ?? {};
      const members = Object.entries(state['m.room.member'] ?? {}).map(([user, { content }]) => [
        user,
        content.membership,
      ]);
      expect(Object.fromEntries(members)).toEqual({
        '@alice:example.org': 'join',
        '@bob:b.example': 'join',
        '@ivan:b.example': 'join',
      });
      expect(state['m.room.create']?.['']?.sender).toBe('@alice:example.org');
      expect(state['m.room.history_visibility']?.['']?.content).toEqual({ history_visibility: 'joined' });
      expect(state['m.room.encryption']?.['']?.content.algorithm).toBe('m.megolm.v1.aes-sha2');
    }
  });

  it('have the members their own line names, in whichever order and beside whichever others', () => {
    const joinedIn = (...members: readonly string[]) => {
      const { servers } = begin(stageOf({ rooms: [{ name: 'den', history: 'joined', members }] }));
      const found = servers['example.org']?.rooms['!den:example.org']?.state['m.room.member'] ?? {};
      return Object.keys(found).sort();
    };
    const [alice, bob, eve, ivan] = ['@alice:example.org', '@bob:b.example', '@eve:example.org', '@ivan:b.example'];
    expect(joinedIn('alice', 'bob')).toEqual([alice, bob]);
    expect(joinedIn('alice', 'ivan')).toEqual([alice, ivan]);
    expect(joinedIn('alice', 'ivan', 'eve')).toEqual([alice, eve, ivan]);
  });

  it('that others may join out of a room let in those of that very room', () => {
    const room = (name: string) => ({ name, history: 'joined', members: ['alice'] });
    const third = { ...room('third'), joinRule: 'restricted', allow: 'second' };
    const { servers } = begin(stageOf({ rooms: [room('first'), room('second'), third] }));
    const rulesOf = (name: string) =>
      servers['example.org']?.rooms[`!${name}:example.org`]?.state['m.room.join_rules']?.['']?.content;
    expect(rulesOf('third')).toEqual({
      join_rule: 'restricted',
      allow: [{ type: 'm.room_membership', room_id: '!second:example.org' }],
    });
    expect(rulesOf('second')).toEqual({ join_rule: 'invite' });
  });

  it('have nothing said in them, and no other room key comes from before', () => {
    const timeline = world.servers['example.org']?.rooms['!den:example.org']?.timeline ?? [];
    expect(timeline.filter(({ event }) => event.type === 'm.room.encrypted')).toEqual([]);
    expect(storeOf(world, 'alice.phone').roomKeys).toEqual({});
  });
});

describe('the same beginning', () => {
  it('is shared by runs that differ in settings and onlookers, and not by others', () => {
    const one = devicesBefore(stageOf());
    const turned = {
      settings: { everyone: { ...plain.settings.everyone, off: ['4385-push-encrypted'] }, byDevice: {} },
    };
    expect(devicesBefore(stageOf({}, turned))['alice.phone']).toBe(one['alice.phone']);
    expect(devicesBefore(stageOf({ attackers: cast.attackers.slice(0, 2) }))['alice.phone']).toBe(one['alice.phone']);
    expect(Object.keys(devicesBefore(stageOf({ backup: false })))).toEqual(Object.keys(one));
    expect(devicesBefore(stageOf({ backup: false }))['alice.phone']).not.toBe(one['alice.phone']);
  });

  it('goes on by the charts that the story’s settings ask for', () => {
    const texts = {
      ...plain.settings.everyone,
      implements: { ...plain.settings.everyone.implements, MSC4287: 'merged' },
    };
    const world = begin(
      stageOf({}, { settings: { everyone: plain.settings.everyone, byDevice: { 'alice.phone': texts } } }),
    );
    const charts = (player: string) => Object.keys(world.devices[player]?.charts ?? {});
    expect([
      charts('alice.phone').includes('backup-preference'),
      charts('alice.laptop').includes('backup-preference'),
    ]).toEqual([true, false]);
  });

  it('has charts about rooms for rooms that there are, each told which', () => {
    const everyone = {
      ...plain.settings.everyone,
      implements: { ...plain.settings.everyone.implements, MSC4268: 'merged' },
    };
    const chartsIn = (rooms: NonNullable<Cast['rooms']>) =>
      begin(stageOf({ rooms }, { settings: { everyone, byDevice: {} } })).devices['alice.phone']?.charts ?? {};
    const aboutRooms = (charts: object) => Object.keys(charts).filter((name) => /^(room-keys|key-bundle)/.test(name));
    expect(aboutRooms(chartsIn([]))).toEqual([]);
    const charts = chartsIn([{ name: 'den', history: 'joined', members: ['alice', 'bob'] }]);
    expect(aboutRooms(charts)).toEqual([
      'room-keys !den:example.org',
      'key-bundle-inviter !den:example.org',
      'key-bundle-invitee !den:example.org',
    ]);
    expect(charts['room-keys !den:example.org']?.context.me).toHaveProperty('room', '!den:example.org');
    expect(charts.envelope?.context.me).not.toHaveProperty('room');
  });

  it('is played by texts about rooms where there are rooms alone', () => {
    const playedBy = (rooms: NonNullable<Cast['rooms']>) =>
      Object.keys(devicesBefore(stageOf({ rooms }))['alice.phone']?.charts ?? {}).filter((name) =>
        name.startsWith('key-bundle'),
      );
    expect(playedBy([])).toEqual([]);
    expect(playedBy([{ name: 'den', history: 'joined', members: ['alice'] }])).toHaveLength(2);
  });
});
