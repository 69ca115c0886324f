import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { failureDiagnosability } from './failure-diagnosability.ts';
import * as t from './testing.ts';

const { alice, attic, bob, charlie, den, step, witness } = t;
const closedKey = 'bob.phone/1';
const openKey = 'bob.phone/2';
const host: PlayerId = 'alice.phone';
const guest: PlayerId = 'charlie.phone';
const start = t.everybody('shared', 'bob.phone', guest);
const steps = (...more: readonly (Moment | readonly Moment[])[]): readonly Step[] => [start, made, step(...more)];
const of = (more: readonly (Moment | readonly Moment[])[], cast = witness()) =>
  t.verdict(failureDiagnosability, steps(...more), cast);
const breakOf = (...more: readonly (Moment | readonly Moment[])[]) => t.breakOf(failureDiagnosability, steps(...more));

const from = { how: 'room_key', user: bob, device: 'PHONE' } as const;
const made = step(
  t.makes(closedKey, { flag: false }),
  t.gives(closedKey, [t.phoneOf(alice)], { flag: false, visibility: 'joined' }),
  t.makes(openKey),
  t.gives(openKey, [t.phoneOf(alice)]),
);
const knows = t.holds(host, closedKey, from, { flag: false });
const cannotRead = (session: string, more: JsonObject = {}, player = guest): Moment =>
  t.shown(player, 'unreadable message', { event: '$1', session, ...more });
const imported = (player = guest, url = t.bundleAt) =>
  t.shown(player, 'bundle imported', { user: alice, sessions: 0, url });
const shares = t.shares(host, charlie, [openKey]);
const isTold = (player: PlayerId, id: string): Moment =>
  t.stores(player, {
    patch: 'withheld',
    entries: {
      [roomKeyName(den, id)]: {
        room: den,
        sessionId: id,
        senderKey: '',
        code: 'm.history_not_shared',
        reason: null,
        from: bob,
        how: 'to-device',
      },
    },
  });
const broken = 'breaks at charlie.phone';
const noKey = cannotRead(closedKey, { reason: 'no key' });

describe('a message that those who came later are not to read', () => {
  it('is to be called that where whoever shared history knew of it', () => {
    expect(of([knows, shares, imported(), noKey])).toBe(broken);
    expect(breakOf(knows, shares, imported(), noKey)).toMatchObject({
      at: guest,
      about: { is: 'event', room: den, event: '$1' },
    });
    expect(of([shares, imported(), noKey])).toBe('holds');
    expect(of([knows, shares, noKey])).toBe('holds');
    expect(of([knows, imported(), noKey])).toBe('holds');
    expect(of([knows, shares, imported(host), noKey])).toBe('holds');
    // By the bundle of whoever knew of it, and by no other: not by an earlier one of theirs either.
    const other = 'mxc://a.example/other';
    const again = { ...shares, patch: { ...(shares as { patch: object }).patch, url: other } } as Moment;
    const first = t.shares(host, charlie, [openKey]);
    expect(of([first, imported(), knows, again, noKey])).toBe('holds');
    expect(of([first, imported(), knows, again, imported(guest, other), noKey])).toBe(broken);
    const ofBob = t.shown(guest, 'bundle imported', { user: bob, sessions: 0, url: other });
    expect(of([knows, shares, ofBob, noKey])).toBe('holds');
    expect(of([knows, shares, ofBob, imported(), noKey])).toBe(broken);
    const said = cannotRead(closedKey, { reason: 'm.history_not_shared' });
    expect(of([knows, shares, imported(), said])).toBe('holds (it happens)');
  });

  it('is known too to whoever was told that it is withheld from them', () => {
    expect(of([isTold(host, closedKey), shares, imported(), noKey])).toBe(broken);
    expect(of([isTold(host, openKey), shares, imported(), noKey])).toBe('holds');
    expect(of([isTold('alice.laptop', closedKey), shares, imported(), noKey])).toBe('holds');
  });

  it('is not known to a device that came up from a copy of before', () => {
    const acts = (what: string): Moment => ({ kind: 'acted', player: guest, what, detail: { copy: 'before' } });
    const [keeps, comesBack] = [acts('copy'), acts('restore from copy')];
    expect(of([knows, keeps, shares, imported(), comesBack, noKey])).toBe('holds');
    expect(of([knows, shares, imported(), keeps, comesBack, noKey])).toBe(broken);
    expect(of([keeps, isTold(guest, closedKey), comesBack, noKey])).toBe('holds');
    expect(of([isTold(guest, closedKey), keeps, comesBack, noKey])).toBe(broken);
    expect(of([keeps, isTold(guest, closedKey), noKey, comesBack])).toBe('holds');
  });

  it('is closed to whom history was shared with in that room, by somebody honest', () => {
    const all = [knows, shares, imported(), noKey];
    expect(of(all, witness({ stolen: [host] }))).toBe('holds');
    expect(of([knows, t.shares(host, bob, [openKey]), imported(), noKey])).toBe('holds');
    const elsewhere = { ...shares, patch: { ...(shares as { patch: object }).patch, room: attic } } as Moment;
    expect(of([knows, elsewhere, imported(), noKey])).toBe('holds');
    const open = t.holds(host, openKey, from);
    expect(of([knows, open, shares, imported(), cannotRead(openKey, { reason: 'no key' })])).toBe('holds');
  });

  it('cannot be said so where nothing at all was shared', () => {
    const none = (why: string, user = charlie) => t.shown(host, 'history not shared', { user, why });
    expect(of([knows, none('no keys'), noKey])).toBe(broken);
    expect(of([knows, none('closed'), noKey])).toBe('holds');
    expect(of([knows, none('no keys', bob), noKey])).toBe('holds');
    expect(t.remembered(failureDiagnosability, steps(knows, none('no keys')))).toMatchObject({
      unsaid: { [den]: { [charlie]: [closedKey] } },
    });
    expect(t.remembered(failureDiagnosability, steps(knows, shares))).toMatchObject({ unsaid: {} });
  });
});

describe('what a user is told last of a message', () => {
  it('is what counts, and nothing once it can be read', () => {
    const read = (event: string) => t.shown(guest, 'message', { event, from: bob });
    const all = [knows, shares, imported(), noKey];
    expect(of([...all, read('$1')])).toBe('holds');
    expect(of([...all, read('$2')])).toBe(broken);
    expect(of([...all, cannotRead(closedKey, { reason: 'm.history_not_shared' })])).toBe('holds (it happens)');
    expect(t.isNews(failureDiagnosability, steps(), step(read('$2')))).toBe(false);
  });

  it('is that there is no key where no reason is given', () => {
    expect(of([knows, shares, imported(), cannotRead(closedKey)])).toBe(broken);
    expect(of([isTold(guest, openKey), cannotRead(openKey)])).toBe(broken);
    expect(of([isTold(guest, openKey), cannotRead(openKey, { reason: 'm.unverified' })])).toBe('holds');
    expect(of([isTold(host, openKey), cannotRead(openKey)])).toBe('holds');
  });

  it('is false where later members may read it', () => {
    expect(of([cannotRead(openKey, { reason: 'm.history_not_shared' })])).toBe(broken);
  });

  it('is false where a device is said to be unverified that was signed when it was sent', () => {
    const sends = { method: 'PUT', path: paths.roomSend(den, 'm.room.encrypted', 't1'), body: { session_id: openKey } };
    const sent = t.request('bob.phone', sends, { event_id: '$1' });
    const unverified = cannotRead(openKey, { reason: 'm.unverified' });
    expect(of([sent, unverified])).toBe(broken);
    expect(of([unverified])).toBe('holds');
    const late = { ...witness(), signedAtStart: (player: PlayerId) => player !== guest };
    expect(of([sent, unverified], late)).toBe('holds');
    expect(of([t.signs(guest, charlie, 'PHONE'), sent, unverified], late)).toBe(broken);
    expect(of([sent, t.signs(guest, charlie, 'PHONE'), unverified], late)).toBe('holds');
    expect(of([sent, unverified], witness({ stolen: ['bob.phone'] }))).toBe('holds');
  });

  it('is nobody’s concern on a thief’s device', () => {
    const all = [isTold(guest, openKey), cannotRead(openKey)];
    expect(of(all, witness({ stolen: [guest] }))).toBe('holds');
  });

  it('is kept message by message', () => {
    const one = [isTold(guest, openKey), cannotRead(openKey), cannotRead(openKey, { event: '$2' })];
    const { end } = failureDiagnosability;
    const memory = t.remembered(failureDiagnosability, steps(...one)) as typeof failureDiagnosability.begin;
    expect(end?.(memory, witness()).map(({ about }) => about)).toEqual([
      { is: 'event', room: den, event: '$1' },
      { is: 'event', room: den, event: '$2' },
    ]);
  });
});

describe('a message that was in a bundle which is not to be had', () => {
  const unavailable = (user = alice, player = guest) =>
    t.shown(player, 'history unavailable', { user, why: 'expired' });
  const lacks = cannotRead(openKey, { reason: 'no key' });
  const gone = t.downloads(guest, 404);

  it('is to be told of, where its file is not there', () => {
    const left = 'accepted by 4268-expired-media-warn';
    expect(of([t.uploads(host), shares, gone, lacks])).toBe(left);
    expect(of([shares, gone, lacks])).toBe(broken);
    expect(of([t.uploads(host, 413), shares, gone, lacks])).toBe(broken);
    expect(of([t.uploads(host), shares, t.downloads(guest), lacks])).toBe('holds');
    expect(of([t.uploads(host), shares, t.downloads(host, 404), lacks])).toBe('holds');
    const warns = witness({ options: { 'warn expired': true } });
    expect(of([t.uploads(host), shares, gone, lacks], warns)).toBe(broken);
    expect(failureDiagnosability.accepts).toEqual(['4268-expired-media-warn']);
  });

  it('is told of where its user hears that the history of that person is not to be had', () => {
    expect(of([t.uploads(host), shares, gone, unavailable(), lacks])).toBe('holds');
    expect(of([shares, gone, unavailable(bob), lacks])).toBe(broken);
    expect(of([shares, gone, unavailable(alice, 'bob.phone'), lacks])).toBe(broken);
    // What they were told of an earlier bundle they were not told of a later one.
    const earlier = t.shares(host, charlie, []);
    const later = {
      ...shares,
      patch: { ...(shares as { patch: object }).patch, url: 'mxc://a.example/media2' },
    } as Moment;
    const path = paths.mediaDownload('a.example', 'media2');
    const goneToo = t.request(guest, { method: 'GET', path, status: 404 }, { errcode: 'M_NOT_FOUND' });
    expect(of([earlier, gone, unavailable(), later, goneToo, lacks])).toBe(broken);
    expect(of([earlier, gone, later, goneToo, unavailable(), lacks])).toBe('holds');
  });

  it('is of a bundle that somebody honest made, which has its session', () => {
    expect(of([gone, unavailable(), lacks])).toBe('holds');
    expect(of([gone, lacks])).toBe('holds');
    expect(of([t.shares(host, charlie, []), gone, lacks])).toBe('holds');
    expect(of([t.shares(host, charlie, [], { withheld: { [openKey]: 'code' } }), gone, lacks])).toBe(broken);
    expect(of([shares, gone, lacks], witness({ stolen: [host] }))).toBe('holds');
    expect(of([t.shares('ghost.phone', charlie, [openKey]), gone, lacks])).toBe('holds');
    expect(of([shares, gone, cannotRead(openKey, { reason: 'm.unverified' })])).toBe('holds');
  });

  it('is remembered with all that the bundle speaks of', () => {
    const both = t.shares(host, charlie, [openKey], { withheld: { [closedKey]: 'code' } });
    expect(t.remembered(failureDiagnosability, steps(both))).toMatchObject({
      bundles: { [t.bundleAt]: { by: alice, sessions: [closedKey, openKey] } },
      uploaded: [],
    });
    expect(t.remembered(failureDiagnosability, steps(t.uploads(host)))).toMatchObject({ uploaded: [t.bundleAt] });
    expect(t.remembered(failureDiagnosability, steps(isTold(guest, openKey)))).toMatchObject({
      withheld: { [guest]: [openKey] },
    });
    expect((t.remembered(failureDiagnosability, steps(isTold(guest, openKey))) as JsonObject).withheld).toEqual({
      [guest]: [openKey],
    });
  });
});

describe('what failure-diagnosability concerns', () => {
  const concerns = (...all: readonly Step[]) =>
    failureDiagnosability.concerns?.(t.remembered(failureDiagnosability, all) as typeof failureDiagnosability.begin);

  it('is casts with rooms', () => {
    expect(concerns(start)).toBe(true);
    expect(concerns(step(t.logsIn(host, alice, 'PHONE')))).toBe(false);
  });

  it('remembers the very same where a step tells it nothing', () => {
    expect(t.isNews(failureDiagnosability, [start], step(t.writes(host, 'hi')))).toBe(false);
  });
});
