/** Whom a room lets read, and whom it does not: room-access and closed-room, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { PlayerId, Step } from '../engine/types.ts';
import { closedRoom } from './closed-room.ts';
import { roomAccess } from './room-access.ts';
import * as t from './testing.ts';

const { alice, charlie, den, everybody, request, step, verdict, witness } = t;
const host = 'alice.phone';
const guest = 'charlie.phone';
const key = 'alice.phone/1';
const lost = 'breaks at charlie.phone';

const says = (event = '$1', session = key, flag = true): Step =>
  step(
    t.makes(session, { flag }),
    t.gives(session, [t.phoneOf(alice)], { flag }),
    request(
      'alice.phone',
      { method: 'PUT', path: paths.roomSend(den, 'm.room.encrypted', 't1'), body: { session_id: session } },
      { event_id: event },
    ),
  );
const comes = step(t.invites(host, charlie), t.joins(guest));
const unread = (reason: string, player: PlayerId = guest, event = '$1') =>
  step(t.shown(player, 'unreadable message', { event, sender: alice, session: key, reason, withheldBy: null }));
const reads = (player: PlayerId = guest, event = '$1') =>
  step(t.shown(player, 'message', { event, sender: alice, message: 'hello' }));

describe('room-access', () => {
  const of = (history: string, steps: readonly Step[], cast = t.ofAllTexts()) =>
    verdict(roomAccess, [everybody(history, 'bob.phone'), ...steps], cast);

  it('holds, and happens, where a newcomer reads what was said before they came', () => {
    expect(of('shared', [says(), comes, reads()])).toBe('holds (it happens)');
    expect(of('shared', [says(), reads('bob.phone')])).toBe('holds');
  });

  it('breaks where somebody whom the room lets read has no key and is told no more', () => {
    expect(of('shared', [says(), comes, unread('no key')])).toBe(lost);
    expect(of('world_readable', [says(), comes, unread('no key')])).toBe(lost);
    expect(of('shared', [says(), step(t.joins(guest)), unread('no key')])).toBe(lost);
    expect(of('joined', [says(), unread('no key', 'bob.phone')])).toBe('breaks at bob.phone');
    expect(of('shared', [says(), comes, unread('no key'), reads()])).toBe('holds (it happens)');
  });

  it('is owed to a device that came after a message and has no way to its key: its user is to be told so', () => {
    const tablet = step(
      t.logsIn('bob.tablet', '@bob:a.example', 'TABLET'),
      t.signs('bob.phone', '@bob:a.example', 'TABLET'),
    );
    expect(of('joined', [says(), tablet, unread('no key', 'bob.tablet')])).toBe('breaks at bob.tablet');
  });

  it('is about members: who reads a room from outside is given keys by no text', () => {
    expect(of('world_readable', [says(), unread('no key')])).toBe('holds');
    expect(of('world_readable', [step(t.invites(host, charlie)), says(), unread('no key')])).toBe('holds');
  });

  it('asks nothing for those whom the room does not let read', () => {
    expect(of('joined', [says(), comes, unread('no key')])).toBe('holds');
    expect(of('invited', [says(), comes, unread('no key')])).toBe('holds');
    expect(of('shared', [says(), unread('no key')])).toBe('holds');
    expect(of('shared', [comes, unread('no key')])).toBe('holds');
  });

  it('counts who was asked in when it was said, where the room is theirs from then on', () => {
    const asked = step(t.invites(host, charlie));
    const joins = step(t.joins(guest));
    expect(of('invited', [asked, says(), joins, unread('no key')])).toBe(lost);
    expect(of('joined', [asked, says(), joins, unread('no key')])).toBe('holds');
    expect(of('invited', [asked, says(), unread('no key')])).toBe('holds');
  });

  it('goes by the room as it was when that was said', () => {
    expect(of('shared', [says(), step(t.sets(host, 'joined')), comes, unread('no key')])).toBe(lost);
    expect(of('joined', [says(), step(t.sets(host, 'shared')), comes, unread('no key')])).toBe('holds');
  });

  it('holds where they are told truly why not', () => {
    expect(of('shared', [says('$1', key, false), comes, unread('m.history_not_shared')])).toBe('holds');
    expect(of('shared', [says('$1', key, true), comes, unread('m.history_not_shared')])).toBe(lost);
    expect(of('shared', [says('$1', key, false), unread('m.history_not_shared', 'bob.phone')])).toBe(
      'breaks at bob.phone',
    );
    expect(of('shared', [says(), comes, unread('m.unverified')])).toBe(lost);
    const late = { ...witness(), signedAtStart: (player: string) => player !== guest };
    const verified = t.signs(guest, charlie, 'PHONE');
    expect(of('shared', [says(), comes, step(verified), unread('m.unverified')], late)).toBe('holds');
    const unsigned = { ...witness(), signedAtStart: (player: string) => player !== host };
    expect(of('shared', [says(), comes, unread('unsigned device')], unsigned)).toBe('holds');
    expect(of('shared', [says(), comes, unread('unsigned device')])).toBe(lost);
    expect(of('shared', [says(), comes, unread('not genuine')])).toBe(lost);
  });

  it('breaks where a message came and nobody says anything of it', () => {
    const sealed = { type: 'm.room.encrypted', event_id: '$1', content: { session_id: key } };
    const told = t.syncs(guest, {});
    const syncs = step(
      told.kind === 'request'
        ? { ...told, response: { rooms: { join: { [den]: { timeline: { events: [sealed] } } } } } }
        : told,
    );
    expect(of('shared', [says(), comes, syncs])).toBe(lost);
    expect(of('shared', [says(), comes, syncs, reads()])).toBe('holds (it happens)');
  });

  it('is owed to devices that are there, signed and honest, and to newcomers who know of bundles', () => {
    const unsigned = { ...witness(), signedAtStart: (player: string) => player !== guest };
    expect(of('shared', [says(), comes, unread('no key')], unsigned)).toBe('holds');
    const out = step(request(guest, { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of('shared', [says(), comes, unread('no key'), out])).toBe('holds');
    expect(of('shared', [says(), comes, unread('no key')], witness({ stolen: [guest] }))).toBe('holds');
    expect(of('shared', [says(), comes, unread('no key')], witness({ implements: {} }))).toBe('holds');
    expect(of('joined', [says(), unread('no key', 'bob.phone')], witness({ implements: {} }))).toBe(
      'breaks at bob.phone',
    );
  });

  it('is conceded for what was said before they were asked in alone', () => {
    const declined = step(
      { kind: 'acted', player: host, what: 'invite', detail: { room: den, user: charlie } },
      t.shown(host, 'history not shared', { user: charlie, why: 'closed' }),
      t.invites(host, charlie),
    );
    const closes = step(t.sets(host, 'joined'));
    const joins = step(t.joins(guest));
    const before = [says(), closes, declined];
    expect(of('shared', [...before, joins, unread('no key')])).toBe('accepted by 4268-decline-when-currently-closed');
    const after = [...before, joins, says('$2')];
    expect(of('shared', [...after, unread('no key', guest, '$2')])).toBe(lost);
    expect(of('shared', [says(), closes, joins, unread('no key')])).toBe(lost);
  });

  it('is conceded for a device that nobody had signed when the bundle went', () => {
    const unsigned = { ...witness(), signedAtStart: (player: string) => player !== guest };
    const verified = step(t.signs(guest, charlie, 'PHONE'));
    const shares = (devices: readonly string[]) => step(t.shares(host, charlie, [key], { devices }));
    const rest = [comes, verified, unread('no key')];
    expect(of('shared', [says(), shares([]), ...rest], unsigned)).toBe('accepted by 4268-only-cross-signed-devices');
    expect(of('shared', [says(), shares(['PHONE']), ...rest], unsigned)).toBe(lost);
    expect(of('shared', [says(), shares([]), ...rest])).toBe(lost);
    expect(of('shared', [says(), ...rest], unsigned)).toBe(lost);
  });
});

describe('closed-room', () => {
  const of = (history: string, steps: readonly Step[], MSC4268 = 'spec-v1.19') =>
    verdict(closedRoom, [everybody(history, 'bob.phone'), ...steps], witness({ implements: { MSC4268 } }));
  const closes = step(t.sets(host, 'joined'));
  const opens = step(t.sets(host, 'shared'));

  it('holds, and happens, where whoever comes to a closed room reads nothing of before', () => {
    expect(of('joined', [says(), comes])).toBe('holds (it happens)');
    expect(of('joined', [comes, says(), reads()])).toBe('holds');
    expect(of('joined', [says(), reads('bob.phone')])).toBe('holds');
  });

  it('breaks where they read what was said behind closed doors', () => {
    expect(of('joined', [says('$1', key, false), comes, reads()])).toBe('breaks at charlie.phone (it happens)');
    expect(of('shared', [closes, says(), comes, reads()])).toBe('breaks at charlie.phone (it happens)');
  });

  it('is conceded for what was said, and marked, while the room was open', () => {
    expect(of('shared', [says(), closes, comes, reads()])).toBe(
      'accepted by 4268-decline-when-currently-closed (it happens)',
    );
    expect(of('shared', [says('$1', key, false), closes, comes, reads()])).toBe('breaks at charlie.phone (it happens)');
    expect(of('shared', [says(), closes, comes, reads()], 'merged')).toBe('breaks at charlie.phone (it happens)');
  });

  it('asks nothing of a room that is open again when they come, or of what was said to them', () => {
    expect(of('shared', [says(), closes, opens, comes, reads()])).toBe('holds');
    const asked = step(t.invites(host, charlie));
    expect(of('joined', [asked, says(), step(t.joins(guest)), reads()])).toBe('holds');
    const again = [comes, says(), step(t.leaves(guest)), comes, reads()];
    expect(of('joined', again)).toBe('holds');
    expect(of('joined', [says(), comes, opens, step(t.leaves(guest)), comes, reads()])).toBe('holds (it happens)');
    expect(of('joined', [says(), comes, reads('bob.phone')])).toBe('holds (it happens)');
  });
});
