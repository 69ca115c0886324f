/** Who comes to a closed room, and what they read there of before, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
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

  it('is conceded of no session that nobody knows to be marked', () => {
    expect(of('shared', step(said('$1')), closes, joined, reads())).toBe(`breaks at ${guest} (it happens)`);
  });

  it('is asked of messages in good hands, read on a device that somebody signed in', () => {
    expect(of('joined', says(), joined, reads(guest, '$9'))).toBe('holds (it happens)');
    expect(of('joined', says(), joined, reads('oscar.ghost'))).toBe('holds (it happens)');
    expect(of('joined', says(), reads('bob.phone'))).toBe('holds');
  });
});
