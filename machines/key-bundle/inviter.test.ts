import { describe, expect, it } from 'vitest';
import { hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { DeviceFacts } from '../types.ts';
import type { InviterEvent } from './events.ts';
import { inviterChart } from './inviter.ts';
import {
  bob,
  type Case,
  desk,
  device,
  devicesOf,
  drive,
  file,
  ghost,
  invite,
  key,
  me,
  own,
  room,
  tablet,
  whys,
} from './inviter-testing.ts';

const asksThemselvesIn = (more: Partial<Case['me']> = {}): Case => ({
  world: { devices: [own, device('LAPTOP', { user: me.user })], invites: 403 },
  me: more,
  events: [{ ...invite, user: me.user }],
});

describe('an invitation', () => {
  it('is preceded by the lists, the bundle and the pointer, and leaves nothing behind', () => {
    const { order, state, pointers, patches } = drive({});
    expect(order).toEqual(['query', 'upload', 'm.room_key_bundle', 'invite']);
    expect(state.value).toBe('idle');
    expect(state.context).toMatchObject({ invitation: null, pointer: null, waiting: [], owed: [], given: {} });
    expect(pointers).toEqual([
      {
        ask: 'send',
        type: 'm.room_key_bundle',
        content: { room_id: room, file: { ...file, url: 'mxc://a.example/1' } },
        encrypt: true,
        to: [
          { user: bob, device: 'DESK' },
          { user: bob, device: 'TABLET' },
        ],
        answerAs: 'bundle.pointed',
      },
    ]);
    expect(patches).toEqual([
      {
        patch: 'history shared',
        room,
        user: bob,
        devices: ['DESK', 'TABLET'],
        sessions: ['open'],
        withheld: { closed: 'm.history_not_shared' },
        url: 'mxc://a.example/1',
      },
      { patch: 'room member', room, user: bob, membership: 'invite' },
    ]);
  });

  it.each<[string, Case, object, string]>([
    [
      'what is given and what is withheld',
      {},
      { about: 'history shared', sessions: 1, withheld: 1 },
      `${bob} is given 1 room key to this room's history; 1 is withheld.`,
    ],
    [
      'that nothing is given, and never that it is shared',
      { world: { keys: [key('closed', false), key('too', false)] } },
      { about: 'history withheld', sessions: 0, withheld: 2 },
      `${bob} is given no room key to this room's history: 2 are withheld.`,
    ],
    [
      'what is left out without a word to them',
      { off: ['4268-list-others-withheld'] },
      { about: 'history shared', sessions: 1, withheld: 1 },
      `${bob} is given 1 room key to this room's history; 1 is withheld.`,
    ],
    [
      'what is forwarded',
      { me: { options: { 'share history by': 'forwarding' } }, world: { keys: [key('one'), key('two')] } },
      { about: 'history shared', sessions: 2, withheld: 0 },
      `${bob} is given 2 room keys to this room's history; none is withheld.`,
    ],
  ])('tells its user in numbers and in words %s', (_what, given, numbers, text) => {
    expect(drive(given).shown).toEqual([{ room, user: bob, text, ...numbers }]);
  });

  it.each<[string, Case]>([
    ['by a device that implements none of it', { me: { implements: {} } }],
    ['by a device with the first draft', { me: { implements: { MSC4268: 'seed-draft' } } }],
    ['in a room where nobody has written', { world: { keys: [] } }],
    ['of oneself, whose other device could have it', asksThemselvesIn()],
    ['of oneself by a client that forwards keys', asksThemselvesIn({ options: { 'share history by': 'forwarding' } })],
    ['of oneself by a client that warns of strangers', asksThemselvesIn({ options: { 'warn first contact': true } })],
    ['by a client that takes the introduction for mere talk', { off: ['4268-members-may-share'] }],
  ])('%s goes out alone, without a word', (_how, given) => {
    const { order, shown } = drive(given);
    expect(order.filter((what) => what !== 'query')).toEqual(['invite']);
    expect(shown).toEqual([]);
  });

  it.each<[string, Case, string]>([
    ['the server takes no more files', { world: { uploads: 413 } }, 'upload refused'],
    ['the server does not say whether it took the file', { world: { uploads: 0 } }, 'upload unanswered'],
    ['no device is signed', { world: { devices: [own, ghost] } }, 'no devices'],
    ['the list of their devices did not come', { world: { devices: [own], outdated: [bob] } }, 'devices unknown'],
    [
      'none of it may be shared, and that is not to be told',
      {
        world: { keys: [key('closed', false)] },
        off: ['4268-list-others-withheld'],
        me: { implements: { MSC4268: 'spec-v1.19' } },
      },
      'no keys',
    ],
    [
      'the room is closed and the client shares nothing of such rooms',
      { world: { visibility: 'joined' }, me: { options: { 'decline when closed': true } } },
      'closed',
    ],
    [
      'the room is closed and q23 is read as B',
      { world: { visibility: 'invited' }, me: { readings: { q23: 'B' } } },
      'closed',
    ],
    ['their identity has changed', { world: { identity: { master: 'bob 2', pinned: 'bob 1' } } }, 'identity changed'],
  ])('goes out all the same when %s, and the user is told', (_when, given, why) => {
    const { order, shown, pointers } = drive(given);
    expect(order.at(-1)).toBe('invite');
    expect(pointers).toEqual([]);
    expect(whys(shown)).toContain(why);
  });

  it('comes to nothing, and nothing is said of an upload, where the device is logged out and asks nobody', () => {
    const { order, shown, pointers, state } = drive({ world: { isLoggedOut: true } });
    expect([order, shown, pointers]).toEqual([['query'], [], []]);
    expect(state).toMatchObject({ value: 'idle', context: { invitation: null } });
  });

  it('of two people is one after the other', () => {
    const carol: InviterEvent = { ...invite, user: '@carol:a.example' };
    const chart = inviterChart(nothing);
    const first = hearChart(chart, startChart(chart, me).state, invite);
    const second = hearChart(chart, first.state, carol);
    expect(second.state.context.waiting).toEqual(['@carol:a.example']);
    expect(drive({ events: [invite, carol] }).order.filter((what) => what === 'invite')).toHaveLength(2);
  });

  it('precedes the bundle, which follows when the client syncs, where a client does not hurry', () => {
    const off = ['4268-bundle-before-invite'];
    const early = drive({ off });
    expect(early.order).toEqual(['invite']);
    expect(early.chart.persists(early.state.context)).toEqual({ owed: [bob], given: {} });
    expect(drive({ off, events: [invite, { type: 'sync.done', atMs: 0 }] }).order).toEqual([
      'invite',
      'query',
      'upload',
      'm.room_key_bundle',
    ]);
    expect(drive({ off, world: { invites: 403 }, events: [invite, { type: 'sync.done', atMs: 0 }] }).order).toEqual([
      'invite',
    ]);
  });

  it('that is refused makes the invited one who left, as question q24 is read', () => {
    const refused = { world: { invites: 403 } };
    expect(drive(refused).told).not.toContain('told.rotate');
    expect(drive({ ...refused, me: { readings: { q24: 'B' } } }).told).toContain('told.rotate');
    const bare = { invites: 403, keys: [] };
    expect(drive({ world: bare, me: { readings: { q24: 'B' } } }).told).not.toContain('told.rotate');
  });
});

describe('whoever is invited', () => {
  it('is asked about when never met, where the client warns', () => {
    const stranger = { devices: [own], identity: { master: null, pinned: null } };
    const warns = { options: { 'warn first contact': true } };
    expect(whys(drive({ world: stranger, me: warns }).shown)).toContain('first contact');
    expect(whys(drive({ me: warns }).shown)).not.toContain('first contact');
    expect(whys(drive({ world: stranger }).shown)).not.toContain('first contact');
    expect(whys(drive({ world: stranger, me: warns, off: ['4268-warn-first-contact'] }).shown)).not.toContain(
      'first contact',
    );
  });

  it('has their devices looked up first, or not', () => {
    expect(drive({ off: ['4268-fresh-device-list'] }).order).toEqual(['upload', 'm.room_key_bundle', 'invite']);
  });

  const swapped = {
    identity: { master: 'bob 2', pinned: 'bob 1' },
    devices: [own, device('EVIL', { crossSignedBy: 'bob 2', byPinnedIdentity: false })],
  };
  it.each<[string, Case, readonly (string | undefined)[] | undefined, boolean]>([
    ['not, as usual', {}, undefined, true],
    ['if the user says so', { me: { options: { 'identity change': 'share' } } }, ['EVIL'], true],
    ['not before the user answers', { me: { options: { 'identity change': 'ask' } } }, undefined, true],
    ['by a client that does not say a word', { off: ['4268-identity-change-alert'] }, ['EVIL'], false],
    ['by a client that remembers nobody', { off: ['4268-identity-pinning'] }, ['EVIL'], false],
    [
      'under the specification, which has no such sentence',
      { me: { implements: { MSC4268: 'spec-v1.19' } } },
      ['EVIL'],
      false,
    ],
  ])('and has another identity than before is shared with: %s', (_when, given, expected, isAlarmed) => {
    const { pointers, shown } = drive({ ...given, world: swapped });
    expect(devicesOf(pointers[0])).toEqual(expected);
    expect(whys(shown).includes('identity changed before sharing')).toBe(isAlarmed);
  });

  it('with another identity than was verified is waited for, though its person shares as a rule', () => {
    const verified = {
      world: { identity: { ...swapped.identity, wasVerified: true } },
      me: { options: { 'identity change': 'share' } },
    } as const;
    const { pointers, shown } = drive({ ...verified, world: { ...swapped, ...verified.world } });
    expect(pointers).toEqual([]);
    expect(shown).toContainEqual(
      expect.objectContaining({ about: 'identity changed before sharing', wasVerified: true }),
    );
  });

  it('with another identity is waited for, and pinned anew or left alone as the user answers', () => {
    const asks = { me: { options: { 'identity change': 'ask' } }, world: swapped };
    expect(drive(asks).order).toEqual(['query']);
    const yes = drive({ ...asks, events: [invite, { type: 'user.confirms invite', room, atMs: 0 }] });
    expect(yes.order).toEqual(['query', 'upload', 'm.room_key_bundle', 'invite']);
    expect(yes.patches).toContainEqual({ patch: 'pin', user: bob, master: 'bob 2' });
    const no = drive({ ...asks, events: [invite, { type: 'user.declines invite', room, atMs: 0 }] });
    expect(no.order).toEqual(['query']);
    expect(whys(no.shown)).toContain('declined');
  });

  it.each<[string, readonly DeviceFacts[], string, readonly string[]]>([
    ['is not signed', [own, desk, ghost], '4268-only-cross-signed-devices', ['DESK', 'GHOST']],
    [
      'does not sign itself',
      [own, desk, device('FALSE', { selfSigned: false })],
      '4268-sender-verifies-signatures',
      ['DESK', 'FALSE'],
    ],
    [
      'is signed by another identity than the one looked at',
      [own, desk, device('EVIL', { crossSignedBy: 'bob 2' })],
      '4268-recipient-care',
      ['DESK', 'EVIL'],
    ],
  ])('is not told of the bundle on a device that %s, unless that clause is off', (_what, devices, clause, all) => {
    const strict = drive({ world: { devices } });
    expect(devicesOf(strict.pointers[0])).toEqual(['DESK']);
    expect(strict.said).toContain(`${clause} refuses`);
    expect(devicesOf(drive({ world: { devices }, off: [clause] }).pointers[0])).toEqual(all);
  });

  it('is told on each device, or on the first by a client that does not care', () => {
    expect(devicesOf(drive({ off: ['4268-share-to-each-device'] }).pointers[0])).toEqual(['DESK']);
  });

  it('is told on a further device while the invitation stands, as question q28 is read', () => {
    const chart = inviterChart(nothing);
    const reading = { ...me, readings: { q28: 'B' } } as const;
    const after = drive({ me: reading }).state;
    const looksAt: InviterEvent = { type: 'sync.device lists', users: [bob] };
    const looks = hearChart(chart, after, looksAt);
    expect(looks.effects).toEqual([
      {
        type: 'core',
        request: { ask: 'query users', users: [bob], answerAs: 'bundle.listed again', with: { user: bob } },
      },
    ]);
    const devices = [desk, tablet, ghost, device('NEW')];
    const again: InviterEvent = {
      type: 'bundle.devices again',
      answers: 'devices of',
      devices,
      identities: {},
      outdated: [],
      with: { user: bob },
    };
    const told = hearChart(chart, looks.state, again);
    expect(told.effects).toContainEqual(
      expect.objectContaining({
        request: expect.objectContaining({ type: 'm.room_key_bundle', to: [{ user: bob, device: 'NEW' }] }),
      }),
    );
    expect(hearChart(chart, told.state, again).effects).toEqual([]);
    const view = {
      membership: 'join',
      encryption: null,
      historyVisibility: null,
      members: {},
      inviters: [],
    } as const;
    const joined: InviterEvent = {
      type: 'sync.room',
      room,
      atMs: 0,
      view,
      before: view,
      section: 'join',
      limited: false,
      visibilities: [],
      members: [{ user: bob, before: 'invite', after: 'join', sender: bob, inGap: false }],
    };
    expect(hearChart(chart, told.state, joined).state.context.given).toEqual({});
    expect(drive({}).state.context.given).toEqual({});
  });
});
