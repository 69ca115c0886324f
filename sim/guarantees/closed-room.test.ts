/** Who comes to a closed room, and what they read there of before, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { PlayerId, Step } from '../engine/types.ts';
import { closedRoom } from './closed-room.ts';
import * as t from './testing.ts';
import { alice, attic, charlie, den, everybody, request, step, verdict, watched } from './testing.ts';

const [host, guest] = ['alice.phone', 'charlie.phone'];
const key = 'alice.phone/1';
const clause = '4268-decline-when-currently-closed';

const said = (event: string, room = den) =>
  request(
    host,
    { method: 'PUT', path: paths.roomSend(room, 'm.room.encrypted', 't1'), body: { session_id: key } },
    { event_id: event },
  );
const says = (event = '$1', room = den): Step => step(t.makes(key, { room }), said(event, room));
const invited = step(t.invites(host, charlie));
const joined = step(t.joins(guest));
const reads = (player: PlayerId = guest, event = '$1') => step(t.shown(player, 'message', { event, sender: alice }));
const closes = step(t.sets(host, 'joined'));
/** The clause that concedes it is the specification’s. */
const specification = t.witness({ implements: { MSC4268: 'spec-v1.19' } });
const of = (history: string, ...steps: readonly Step[]) =>
  verdict(closedRoom, [everybody(history, 'bob.phone'), ...steps], specification);
const newcomers = (history: string, ...steps: readonly Step[]) =>
  (watched(closedRoom, [everybody(history, 'bob.phone'), ...steps]).memory as { newcomers: unknown }).newcomers;

describe('closed-room', () => {
  it('names the message that a newcomer reads', () => {
    const { breaks } = watched(closedRoom, [everybody('joined'), says(), invited, joined, reads()]);
    expect(breaks).toMatchObject([{ at: guest, about: { is: 'event', room: den, event: '$1' }, acceptedBy: null }]);
  });

  it('takes nobody for a newcomer who was in already, whatever they do to the room', () => {
    const opened = [says(), invited, joined];
    expect(of('shared', ...opened, step(t.sets(guest, 'joined')), reads())).toBe('holds');
    expect(of('shared', ...opened, step(t.sets(guest, 'join')), reads())).toBe('holds');
    // To join once more changes nothing.
    expect(of('shared', ...opened, closes, joined, reads())).toBe('holds');
    expect(newcomers('joined', says(), joined, step(t.sets(host, 'shared')), joined)).toEqual({
      [den]: { [charlie]: ['$1'] },
    });
    expect(of('joined', says(), invited)).toBe('holds');
    expect(newcomers('joined', says(), invited)).toEqual({});
  });

  it('takes whoever leaves for no newcomer, and whoever comes back to it closed for one', () => {
    const gone = step(t.leaves(guest));
    expect(of('shared', says(), invited, joined, closes, gone, reads())).toBe('holds');
    expect(of('shared', says(), invited, joined, closes, gone, joined, reads())).toBe(
      `accepted by ${clause} (it happens)`,
    );
  });

  it('knows nothing of whoever never signed in', () => {
    expect(newcomers('joined', says(), step(t.joins('oscar.ghost')))).toEqual({});
  });

  it('minds what was said in that very room', () => {
    const elsewhere = [step(t.creates(host, attic, 'joined')), says('$1', attic), invited, joined];
    expect(of('joined', ...elsewhere)).toBe('holds');
    expect(newcomers('joined', ...elsewhere)).toEqual({});
    expect(of('joined', ...elsewhere, reads())).toBe('holds');
  });

  it('forgets a newcomer who comes again once it is open', () => {
    const opens = step(t.sets(host, 'shared'));
    const gone = step(t.leaves(guest));
    expect(newcomers('joined', says(), joined)).toEqual({ [den]: { [charlie]: ['$1'] } });
    expect(newcomers('joined', says(), joined, opens, gone, joined)).toEqual({});
  });

  it('happens in the story alone, when somebody comes to a closed room where something had been said', () => {
    const before = { ...everybody('joined'), moments: [...everybody('joined').moments, ...says().moments] };
    const isIn = { ...before, moments: [...before.moments, t.joins(guest)] };
    expect(verdict(closedRoom, [before, joined])).toBe('holds (it happens)');
    expect(verdict(closedRoom, [isIn, step(t.syncs(guest, {}))])).toBe('holds');
    expect(of('joined', joined)).toBe('holds');
    expect(of('joined', step(t.makes(key)), joined)).toBe('holds');
  });

  it('happens in one room whatever there is of others', () => {
    const other = [step(t.creates(host, attic, 'joined')), says('$2', attic), step(t.joins('bob.phone', attic))];
    expect(newcomers('joined', ...other, joined)).toEqual({ [attic]: { [t.bob]: ['$2'] } });
  });

  it('is conceded of a session that is marked still, and of none that its maker has closed since', () => {
    const told = step(t.syncs(host, { visibility: 'joined' }));
    expect(of('shared', says(), closes, joined, reads())).toBe(`accepted by ${clause} (it happens)`);
    const wroteOn = [says(), closes, told, step(said('$2'))];
    expect(of('shared', ...wroteOn, joined, reads())).toBe(`breaks at ${guest} (it happens)`);
  });

  it('is conceded to whoever shares it, by their text, whatever its reader has noted of how it came', () => {
    const shares = step(t.shares('bob.phone', charlie, [key]));
    const old = { ...t.ofAllTexts(), isMeantBy: (player: PlayerId) => player !== 'bob.phone' };
    for (const origin of [t.fromBundle(t.bob), { how: 'export' } as const]) {
      const comes = step(t.downloads(guest), t.holds(guest, key, origin));
      const all = [everybody('shared', 'bob.phone'), says(), closes, shares, joined, comes, reads()];
      expect(verdict(closedRoom, all, t.ofAllTexts())).toBe(`accepted by ${clause} (it happens)`);
      expect(verdict(closedRoom, all, old)).toBe(`breaks at ${guest} (it happens)`);
    }
  });

  it('is conceded of no session that nobody knows to be marked', () => {
    expect(of('shared', step(said('$1')), closes, joined, reads())).toBe(`breaks at ${guest} (it happens)`);
  });

  describe('where somebody left, and nobody had heard of it when something was said', () => {
    const firstHand: RoomKeyOrigin = { how: 'room_key', user: alice, device: 'PHONE' };
    const gone = step(t.leaves(guest));
    const has = step(t.gives(key, [t.phoneOf(charlie)]), t.holds(guest, key, firstHand));
    const was = [step(t.joins(guest)), step(t.makes(key)), has];
    const writes = step(said('$1'));
    const back = [closes, joined, reads()];
    const conceded = 'accepted by spec-rotate-once-seen (it happens)';
    const broken = `breaks at ${guest} (it happens)`;
    /** By a text that says nothing of rooms that are closed now. */
    const by = (steps: readonly Step[], cast = t.witness()) =>
      verdict(closedRoom, [everybody('shared', 'bob.phone'), ...steps], cast);

    it('is conceded to whoever had the room key themselves, and comes back', () => {
      expect(by([...was, gone, writes, ...back])).toBe(conceded);
      expect(of('shared', ...was, gone, writes, ...back)).toBe(conceded);
    });

    it('is conceded to whoever has that room key yet to come', () => {
      const given = step(t.gives(key, [t.phoneOf(charlie)]));
      const comes = step(t.holds(guest, key, firstHand));
      expect(by([step(t.joins(guest)), step(t.makes(key)), given, gone, writes, comes, ...back])).toBe(conceded);
    });

    it('is conceded to nobody of whom the sender had heard, or was kept from hearing', () => {
      const hears = step(t.syncs(host, { members: { [charlie]: 'leave' } }));
      expect(by([...was, gone, hears, writes, ...back])).toBe(broken);
      expect(by([...was, gone, step(t.syncs(host, {})), writes, ...back])).toBe(broken);
      expect(by([...was, step(t.kicks(host, charlie)), writes, ...back])).toBe(broken);
    });

    it('is conceded as the sender had heard when it was said, whatever it hears since', () => {
      const hears = step(t.syncs(host, { members: { [charlie]: 'leave' } }));
      expect(by([...was, gone, writes, hears, ...back])).toBe(conceded);
      expect(by([...was, gone, hears, writes, step(t.syncs(host, { members: { [charlie]: 'join' } })), ...back])).toBe(
        broken,
      );
    });

    it('is conceded to nobody who has the room key in no other way than that it is handed to them later', () => {
      const bundle = step(t.holds(guest, key, t.fromBundle()));
      expect(by([step(t.joins(guest)), step(t.makes(key)), gone, writes, closes, joined, bundle, reads()])).toBe(
        broken,
      );
      // It was on its way to them, and never came.
      const lost = step(t.gives(key, [t.phoneOf(charlie)]));
      expect(by([step(t.joins(guest)), step(t.makes(key)), lost, gone, writes, closes, joined, bundle, reads()])).toBe(
        broken,
      );
      const file = step(t.holds(guest, key, { how: 'export' }));
      expect(by([step(t.joins(guest)), step(t.makes(key)), lost, gone, writes, closes, joined, file, reads()])).toBe(
        broken,
      );
      expect(by([...was, gone, writes, closes, joined, bundle, reads()])).toBe(conceded);
      // Whoever had it from a bundle before they left had it all the same.
      expect(by([step(t.joins(guest)), step(t.makes(key)), bundle, gone, writes, ...back])).toBe(conceded);
    });

    it('is conceded of that message, and of none that was said before they came at all', () => {
      const earlier = step(t.makes(key), said('$0'));
      const comes = [step(t.joins(guest)), has, gone, writes, closes, joined];
      expect(by([earlier, ...comes, reads(guest, '$0')])).toBe(broken);
      expect(by([earlier, ...comes, reads()])).toBe(conceded);
    });

    it('is conceded by no text that leaves that sentence out', () => {
      const off = t.witness({ off: ['spec-rotate-once-seen'] });
      expect(by([...was, gone, writes, ...back], off)).toBe(broken);
    });

    it('is remembered of those alone who can read it', () => {
      const { unheard } = t.remembered(closedRoom, [everybody('shared', 'bob.phone'), ...was, gone, writes]) as {
        unheard: unknown;
      };
      expect(unheard).toEqual({ $1: [charlie] });
      expect(t.remembered(closedRoom, [everybody('shared', 'bob.phone'), ...was, writes, gone])).toMatchObject({
        unheard: {},
      });
    });
  });

  it('is asked of messages in good hands, read on a device that somebody signed in', () => {
    expect(of('joined', says(), joined, reads(guest, '$9'))).toBe('holds (it happens)');
    expect(of('joined', says(), joined, reads('oscar.ghost'))).toBe('holds (it happens)');
    expect(of('joined', says(), reads('bob.phone'))).toBe('holds');
  });
});
