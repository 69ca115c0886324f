import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { putsRoomKeys } from './evidence/backups-testing.ts';
import { lettingGoWithout } from './evidence/going-without.ts';
import { historyLiveness } from './history-liveness.ts';
import * as t from './testing.ts';

const { alice, attic, bob, charlie, den, step, witness } = t;
const key = 'bob.phone/1';
const host: PlayerId = 'alice.phone';
const guest: PlayerId = 'charlie.phone';
const start = t.everybody('shared', 'bob.phone');
const of = (steps: readonly Step[], cast = witness()) => t.verdict(historyLiveness, [start, ...steps], cast);
const debts = (...steps: readonly Step[]) =>
  (t.remembered(historyLiveness, [start, ...steps]) as typeof historyLiveness.begin).debts;

const made = step(t.makes(key), t.gives(key, [t.phoneOf(alice)]));
const gets = t.holds(host, key, { how: 'room_key', user: bob, device: 'PHONE' });
const written = step(made.moments, gets);
const asked = step(t.invites(host, charlie));
const comes = step(t.joins(guest));
const broken = 'breaks at charlie.phone';

describe('what whoever asks somebody in owes them', () => {
  it('is what it holds of that room, on their signed devices, until they have it', () => {
    expect(debts(written, asked)).toEqual({
      [den]: {
        [charlie]: { [alice]: { PHONE: { by: host, byAddress: false, sessions: { [key]: 0 }, devices: [guest] } } },
      },
    });
    expect(of([written, asked, comes])).toBe(broken);
    expect(of([written, asked, comes, step(t.holds(guest, key, t.fromBundle()))])).toBe('holds (it happens)');
    // From a later message on is less than what could be shared.
    expect(of([written, asked, comes, step(t.holds(guest, key, t.fromBundle(), { index: 1 }))])).toBe(
      'breaks at charlie.phone (it happens)',
    );
    expect(t.breakOf(historyLiveness, [start, written, asked, comes])).toMatchObject({
      about: { is: 'member', room: den, user: charlie },
    });
  });

  it('is owed as long as they have a client that can take it', () => {
    const memory = t.remembered(historyLiveness, [start, written, asked, comes]) as typeof historyLiveness.begin;
    const at = (without: PlayerId) =>
      historyLiveness.end?.(memory, { ...witness(), implementsText: (player) => player !== without });
    expect(at(host)).toHaveLength(1);
    expect(at(guest)).toEqual([]);
  });

  it('is owed by each who has asked them in, whatever another has asked and shared since', () => {
    const second = step(t.makes('bob.phone/2'), t.gives('bob.phone/2', []), t.invites('bob.phone', charlie));
    const both = [written, asked, second, comes];
    expect(Object.keys(debts(...both)[den]?.[charlie] ?? {})).toEqual([alice, bob]);
    const has = (...sessions: readonly string[]) => step(...sessions.map((one) => t.holds(guest, one, t.fromBundle())));
    expect(of([...both, has('bob.phone/2')])).toBe('breaks at charlie.phone (it happens)');
    expect(of([...both, has('bob.phone/2', key)])).toBe('holds (it happens)');
    expect(debts(...both, step(t.leaves(guest)))).toEqual({});
  });

  it('is owed by each device that has asked them in, what it could share then', () => {
    const laptop: PlayerId = 'alice.laptop';
    const more = step(t.makes('alice.laptop/1'), t.gives('alice.laptop/1', []), t.invites(laptop, charlie));
    const has = (...sessions: readonly string[]) => step(...sessions.map((one) => t.holds(guest, one, t.fromBundle())));
    expect(of([written, asked, more, comes, has('alice.laptop/1')])).toBe('breaks at charlie.phone (it happens)');
    expect(of([written, asked, more, comes, has('alice.laptop/1', key)])).toBe('holds (it happens)');
    expect(Object.keys(debts(written, asked, more, asked)[den]?.[charlie]?.[alice] ?? {})).toEqual(['LAPTOP', 'PHONE']);
    const anew = step(t.logsIn(host, alice, 'PHONE'));
    expect(of([written, asked, comes, anew])).toBe(broken);
  });

  it('is nothing where it could share nothing, or nobody signed is there to have it', () => {
    expect(debts(made, asked)).toEqual({});
    expect(debts(asked)).toEqual({});
    // What its maker neither marked nor ever used is for nobody to share.
    const unmarked = t.makes(key, { flag: false });
    expect(debts(step(unmarked, gets), asked)).toEqual({});
    expect(debts(step(unmarked, t.gives(key, [t.phoneOf(alice)], { flag: false }), gets), asked)).not.toEqual({});
    const unsigned = { ...witness(), signedAtStart: (player: PlayerId) => player !== guest };
    expect((t.remembered(historyLiveness, [start, written, asked], unsigned) as { debts: object }).debts).toEqual({});
    expect(of([written, asked, comes], witness({ stolen: [guest] }))).toBe('holds');
    expect(of([written, asked, comes], witness({ stolen: [host] }))).toBe('holds');
  });

  it('is nothing to a device that has logged in anew since', () => {
    const anew = step(t.logsIn(guest, charlie, 'PHONE'));
    expect(of([written, asked, comes, anew])).toBe('holds');
    expect(of([written, asked, comes, step(t.logsIn('charlie.laptop', charlie, 'LAPTOP'))])).toBe(broken);
    expect(of([written, asked, comes, step(t.logsIn('bob.phone', bob, 'PHONE'))])).toBe(broken);
  });

  it('is nothing of another room', () => {
    const other = step(t.creates(host, attic, 'shared'), t.invites(host, charlie, attic));
    expect(debts(written, other)).toEqual({});
  });

  it('comes with an invitation alone: no join, kick or setting of the room makes a debt', () => {
    expect(debts(written, step(t.joins(guest)))).toEqual({});
    expect(debts(written, step(t.kicks(host, charlie)))).toEqual({});
    expect(debts(written, step(t.sets(host, 'joined')))).toEqual({});
    expect(debts(written, step(t.leaves('bob.phone')))).toEqual({});
  });

  it('is over with the invitation: once they declined, were put out or have left', () => {
    const both = debts(written, asked, step(t.invites(host, bob)));
    for (const out of [t.leaves(guest), t.kicks(host, charlie)]) {
      expect(debts(written, asked, step(out))).toEqual({});
      expect(debts(written, asked, step(t.joins(guest)), step(out))).toEqual({});
      const [others] = Object.values(debts(written, asked, step(t.invites(host, bob)), step(out)));
      expect(others).toEqual({ [bob]: both[den]?.[bob] });
      expect(debts(written, asked, step(out), asked)).toEqual(debts(written, asked));
    }
  });

  it('is owed to everybody whom it asked in, each for themselves', () => {
    const both = debts(written, asked, step(t.invites(host, bob)));
    expect(Object.keys(both[den] ?? {})).toEqual([bob, charlie]);
  });

  it('counts what it could fetch from its backup', () => {
    const uses = (player: string, publicKey = 'key') =>
      step(t.stores(player, { patch: 'backup', backup: { version: '1', publicKey } }));
    const sealed = [uses(host), step(putsRoomKeys(host, { [den]: { [key]: 0 } }))];
    const asks = step(t.invites('alice.laptop', charlie));
    expect(debts(written, ...sealed, asks)).toEqual({});
    const ready = [written, ...sealed, uses('alice.laptop')];
    expect(debts(...ready, asks)[den]?.[charlie]?.[alice]?.LAPTOP?.sessions).toEqual({ [key]: 0 });
    expect(debts(written, ...sealed, uses('alice.laptop', 'another'), asks)).toEqual({});
    const deletes = step(t.request(host, { method: 'DELETE', path: paths.backupVersion('1') }));
    expect(debts(...ready, deletes, asks)).toEqual({});
    expect(debts(...ready, asks, deletes)[den]?.[charlie]?.[alice]?.LAPTOP?.sessions).toEqual({ [key]: 0 });
  });

  it('is nothing to a device that has logged out, before or after', () => {
    const out = step(t.request(guest, { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(debts(written, out, asked)).toEqual({});
    expect(of([written, asked, comes, out])).toBe('holds');
    const other = step(t.request(host, { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of([written, asked, comes, other])).toBe(broken);
  });
});

describe('what is owed to whoever is found by an address', () => {
  const found = (user = charlie): Step => {
    const content = { membership: 'invite', third_party_invite: {} };
    const event = { type: 'm.room.member', sender: alice, state_key: user, content };
    const told = t.syncs(host, {}) as Extract<Moment, { kind: 'request' }>;
    return step({ ...told, response: { rooms: { join: { [den]: { timeline: { events: [event] } } } } } });
  };
  const why = (...steps: readonly Step[]) => t.breakOf(historyLiveness, [start, ...steps])?.why ?? '';

  it('is owed from when the inviter is told', () => {
    expect(debts(written, found())[den]?.[charlie]?.[alice]?.PHONE?.byAddress).toBe(true);
    expect(why(written, found(), comes)).toContain('once it knew that it had invited');
    expect(why(written, asked, comes)).toContain('when it invited');
  });

  it('is told once: a later sync changes nothing of the debt', () => {
    const more = step(t.makes('alice.phone/1'), t.gives('alice.phone/1', []));
    expect(debts(written, found(), more, found())).toEqual(debts(written, found()));
    expect(debts(written, asked, found())).toEqual(debts(written, asked));
    expect(debts(written, asked, more, asked)[den]?.[charlie]?.[alice]?.PHONE?.sessions).toEqual({
      [key]: 0,
      'alice.phone/1': 0,
    });
  });
});

describe('history that comes with an invitation', () => {
  const told = (sessions: number, player = guest) =>
    t.shown(player, 'bundle imported', { user: alice, sessions, url: t.bundleAt });
  const happens = (moment: Moment, cast = witness()) =>
    t.judged(historyLiveness, [start, written, step(moment)], cast).shadow;

  it('happens where a device keeps a key of a bundle, or says that it took some', () => {
    expect(happens(t.holds(guest, key, t.fromBundle()))).toBe(true);
    expect(happens(told(1))).toBe(true);
    expect(happens(told(0))).toBe(false);
    expect(happens(gets)).toBe(false);
    expect(happens(t.writes(host, 'hi'))).toBe(false);
  });

  it('does not happen on a thief’s device, nor before the story', () => {
    const stolen = witness({ stolen: [guest] });
    expect(happens(told(1), stolen)).toBe(false);
    expect(happens(t.holds(guest, key, t.fromBundle()), stolen)).toBe(false);
    const before: Step = { ...start, moments: [...start.moments, ...written.moments, told(1)] };
    expect(t.judged(historyLiveness, [before]).shadow).toBe(false);
  });
});

describe('what history-liveness concerns', () => {
  const concerns = (steps: readonly Step[]) =>
    historyLiveness.concerns?.(t.remembered(historyLiveness, steps) as typeof historyLiveness.begin);

  it('is casts with rooms', () => {
    expect(concerns([start])).toBe(true);
    expect(concerns([step(t.logsIn(host, alice, 'PHONE'))])).toBe(false);
  });

  it('remembers the very same where a step tells it nothing', () => {
    expect(t.isNews(historyLiveness, [start, written], step(t.writes(host, 'hi')))).toBe(false);
    expect(historyLiveness.accepts).toBe(lettingGoWithout);
  });
});
