/** What a device could have shared of a room and did not, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { putsRoomKeys } from './evidence/backups-testing.ts';
import { historyCompleteness } from './history-completeness.ts';
import * as t from './testing.ts';
import { alice, attic, bob, charlie, den, everybody, step, verdict, watched, witness } from './testing.ts';

const [phone, laptop, guest] = ['alice.phone', 'alice.laptop', 'charlie.phone'];
const key = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const fromBackup: RoomKeyOrigin = { how: 'backup', version: '1' };

const makes = (flag = true, room = den): Step =>
  step(t.makes(key, { flag, room }), t.gives(key, [t.phoneOf(alice)], { flag }));
const holds = (player: PlayerId, origin: RoomKeyOrigin = firstHand, more: Parameters<typeof t.holds>[3] = {}) =>
  step(t.holds(player, key, origin, more));
const shares = (...sessions: readonly string[]) => step(t.shares(phone, charlie, sessions));
const saysNone = (why: string, player = phone) =>
  t.shown(player, 'history not shared', { room: den, user: charlie, why });
const uses = (player: PlayerId): Moment =>
  t.stores(player, { patch: 'backup', backup: { version: '1', publicKey: 'k' } });
const backsUp = step(putsRoomKeys(phone, { [den]: { [key]: 0 } }));
const asked = step(t.invites(laptop, charlie));

const story = (...steps: readonly Step[]) => [everybody('shared', 'bob.phone'), ...steps];
const said = (steps: readonly Step[], who = witness()) => verdict(historyCompleteness, story(...steps), who);
const broken = (steps: readonly Step[], who = witness()) => watched(historyCompleteness, story(...steps), who).breaks;

describe('history-completeness of bundles', () => {
  it('breaks where a key that may be shared is left out, and says for whom', () => {
    expect(broken([makes(), holds(phone), shares()])).toMatchObject([
      { at: phone, about: { is: 'member', room: den, user: charlie }, acceptedBy: null },
    ]);
    expect(said([makes(), holds(phone), shares(key)])).toBe('holds (it happens)');
    expect(said([makes(false), holds(phone, firstHand, { flag: false }), shares()])).toBe('holds');
    expect(said([makes(), shares()])).toBe('holds');
  });

  it('breaks where somebody is told that there are no keys, and there are', () => {
    expect(broken([makes(), holds(phone), step(saysNone('no keys'))])).toMatchObject([
      { at: phone, about: { is: 'member', room: den, user: charlie } },
    ]);
    expect(said([makes(), holds(phone), step(saysNone('closed'))])).toBe('holds');
    expect(said([makes(), step(saysNone('no keys'))])).toBe('holds');
  });

  it('counts what lies in the backup that the device uses', () => {
    const backedUp = [makes(), holds(phone), step(uses(phone)), backsUp];
    expect(said([...backedUp, step(uses(laptop), saysNone('no keys', laptop))])).toBe(`breaks at ${laptop}`);
    expect(said([...backedUp, step(saysNone('no keys', laptop))])).toBe('holds');
  });

  it('owes nothing in a room of a key that is another room’s, wherever it is filed', () => {
    const attics = [step(t.creates(phone, attic, 'shared')), makes(true, attic)];
    expect(said([...attics, holds(phone, firstHand, { room: attic }), shares()])).toBe('holds');
    const astray = holds(phone, firstHand, { room: den });
    expect(said([...attics, astray, shares()])).toBe('holds');
  });

  it('asks for nothing that went when the device came up from an older copy', () => {
    const copy = { secrets: {}, roomKeys: {}, backup: null };
    const older = step({ kind: 'restarted', player: phone, holds: copy });
    expect(said([makes(), holds(phone), older, shares()])).toBe('holds');
    expect(said([makes(), holds(phone), step({ kind: 'restarted', player: phone }), shares()])).toBe(
      `breaks at ${phone}`,
    );
  });

  it('asks nothing of a device in bad hands', () => {
    expect(said([makes(), holds(phone), shares()], witness({ stolen: [phone] }))).toBe('holds');
  });

  it('happens where another’s key is passed on, and where a marked one comes back from a backup', () => {
    const own = step(t.makes('alice.phone/1'));
    expect(said([own, shares('alice.phone/1')])).toBe('holds');
    expect(said([shares('nobody/1')])).toBe('holds');
    expect(said([makes(), holds(laptop, fromBackup)])).toBe('holds (it happens)');
    expect(said([makes(false), holds(laptop, fromBackup, { flag: false })])).toBe('holds');
    expect(said([holds(laptop, fromBackup)])).toBe('holds');
    expect(historyCompleteness.accepts).toEqual([]);
  });
});

describe('history-completeness of a silent invitation', () => {
  const ready = [makes(), holds(phone), step(uses(phone)), backsUp, step(uses(laptop))];

  it('breaks where the device has nothing at hand and leaves its backup alone', () => {
    expect(broken([...ready, asked])).toMatchObject([
      { at: laptop, about: { is: 'member', room: den, user: charlie }, acceptedBy: null },
    ]);
    expect(said([makes(), step(uses(laptop)), asked])).toBe('holds');
  });

  it('holds where it looks into its backup, and is not told what lies there', () => {
    const looks = (more: Partial<Extract<Moment, { kind: 'request' }>> = {}, room: string | null = den): Moment => {
      const entry = { first_message_index: 0 };
      const sessions = { sessions: { [key]: entry } };
      const path = room === null ? paths.backupKeys : paths.backupRoomKeys(room);
      const answer = room === null ? { rooms: { [den]: sessions } } : sessions;
      return { ...t.request(laptop, { method: 'GET', path }, answer), ...more } as Moment;
    };
    const inviting = (...moments: readonly Moment[]) => said([...ready, step(...moments, t.invites(laptop, charlie))]);
    for (const room of [den, null]) {
      expect(inviting(looks({}, room))).toBe(`breaks at ${laptop}`);
      for (const status of [429, 500]) expect(inviting(looks({ status }, room))).toBe('holds');
      expect(inviting(looks({ lost: true }, room))).toBe('holds');
    }
    expect(inviting(looks({ response: { sessions: {} } }))).toBe('holds');
    expect(inviting(looks({ status: 500 }), looks())).toBe(`breaks at ${laptop}`);
    // What somebody else is refused, or is refused of another room, or was at another time, is no excuse.
    expect(inviting(looks({ status: 500, from: phone }))).toBe(`breaks at ${laptop}`);
    expect(inviting(looks({ status: 500 }, attic))).toBe(`breaks at ${laptop}`);
    expect(said([...ready, step(looks({ status: 500 })), asked])).toBe(`breaks at ${laptop}`);
    // Nor is it one for a key that it holds.
    const shares = step(looks({ status: 500 }), t.shares(laptop, charlie, []));
    expect(said([...ready, shares])).toBe('holds');
    expect(said([...ready, holds(laptop), shares])).toBe(`breaks at ${laptop}`);
  });

  it('holds where its backup is gone', () => {
    const gone = step(t.request(phone, { method: 'DELETE', path: paths.backupVersion('1') }));
    expect(said([...ready, gone, asked])).toBe('holds');
  });

  it('holds where something is said of it in the same step', () => {
    const bundle = t.shares(laptop, charlie, [key]);
    expect(said([...ready, step(t.invites(laptop, charlie), bundle)])).toBe('holds (it happens)');
    expect(said([...ready, step(t.invites(laptop, charlie), saysNone('closed', laptop))])).toBe('holds');
    expect(said([...ready, step(t.invites(laptop, charlie), t.shown(laptop, 'user verified', {}))])).toBe(
      `breaks at ${laptop}`,
    );
  });

  it('is about invitations, by honest devices that know of bundles', () => {
    expect(said([...ready, step(t.joins(laptop))])).toBe('holds');
    expect(said([...ready, step(t.leaves(laptop))])).toBe('holds');
    expect(said([...ready, step(t.sets(laptop, 'joined'))])).toBe('holds');
    expect(said([...ready, asked], witness({ stolen: [laptop] }))).toBe('holds');
    const old = { ...witness(), implementsText: (player: PlayerId) => player !== laptop };
    expect(said([...ready, asked], old)).toBe('holds');
  });

  it('leaves it where a key of the room is at hand, whatever else there is', () => {
    expect(said([...ready, holds(laptop), asked])).toBe('holds');
    const second = step(t.makes('bob.phone/2'));
    expect(said([...ready, second, holds(laptop), asked])).toBe('holds');
    expect(said([...ready, second, asked])).toBe(`breaks at ${laptop}`);
  });

  it('takes no key of another room for one that is at hand', () => {
    const other = step(t.creates(phone, attic, 'shared'), t.makes('bob.phone/3', { room: attic }));
    const elsewhere = step(t.holds(laptop, 'bob.phone/3', firstHand, { room: attic }));
    expect(said([...ready, other, elsewhere, asked])).toBe(`breaks at ${laptop}`);
    const astray = step(t.holds(laptop, 'bob.phone/3', firstHand, { room: den }));
    expect(said([...ready, other, astray, asked])).toBe(`breaks at ${laptop}`);
  });
});

describe('history-completeness of flags', () => {
  it('breaks where a key is stored otherwise than its maker said, and names it', () => {
    expect(broken([makes(), holds(guest, firstHand, { flag: false })])).toMatchObject([
      { at: guest, about: { is: 'room key', room: den, sessionId: key }, acceptedBy: null },
    ]);
    expect(said([makes(false), holds(guest, firstHand, { flag: true })])).toBe(`breaks at ${guest}`);
    expect(said([makes(false), holds(guest, firstHand, { flag: false })])).toBe('holds');
  });

  it('leaves to confidentiality what came unmarked on another’s word, and minds a mark that was lost there', () => {
    expect(said([makes(false), holds(guest, t.fromBundle())])).toBe('holds');
    expect(said([makes(), holds(guest, t.fromBundle(), { flag: false })])).toBe(`breaks at ${guest}`);
  });

  it('is about sessions that somebody made, on honest devices that know of the mark', () => {
    expect(said([holds(guest, firstHand, { flag: false })])).toBe('holds');
    const wrong = [makes(), holds(guest, firstHand, { flag: false })];
    expect(said(wrong, witness({ stolen: [guest] }))).toBe('holds');
    expect(said(wrong, witness({ implements: {} }))).toBe('holds');
  });
});
