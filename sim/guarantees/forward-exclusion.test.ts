import { describe, expect, it } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { forwardExclusion } from './forward-exclusion.ts';
import { claims } from './letters-testing.ts';
import * as t from './testing.ts';

const { alice, attic, bob, charlie, den, everybody, mallory, request, step, witness } = t;
const key = 'bob.phone/1';
const start = everybody('shared', 'bob.phone', 'charlie.phone');
const of = (steps: readonly Step[], cast = witness()) => t.verdict(forwardExclusion, [start, ...steps], cast);
const isNews = (last: Moment, ...steps: readonly Step[]) => t.isNews(forwardExclusion, [start, ...steps], step(last));

const elsewhere = 'b.example';
/** Asked of another server than the one that bob’s phone syncs with. */
const at = (moment: Moment): Moment => ({ ...moment, to: elsewhere }) as Moment;
const letter = t.sealsFor('bob.phone', charlie, 'PHONE', 'curve');
const given = step(t.makes(key), t.gives(key, [t.phoneOf(charlie)]), letter);
const gone = step(at(t.leaves('charlie.phone')));
const says = step(t.sends('bob.phone', key));
const accepted = 'accepted by spec-rotate-once-seen';
const broken = 'breaks at bob.phone';

const word = t.sealsFor('alice.phone', charlie, 'PHONE', 'curve');

describe('who holds the key of a session, to forward-exclusion', () => {
  const out = (...how: readonly Moment[]) => of([step(t.makes(key), ...how), gone, says]);

  it('is who was given it, keeps it, or has a bundle with it on some device', () => {
    expect(out()).toBe('holds');
    expect(out(t.gives(key, [t.phoneOf(charlie)]), letter)).toBe(accepted);
    expect(out(letter, t.gives(key, [t.phoneOf(charlie)]))).toBe(accepted);
    expect(out(t.holds('charlie.phone', key, t.fromBundle()))).toBe(accepted);
    expect(out(t.shares('alice.phone', charlie, [key]), word)).toBe(accepted);
    expect(out(t.shares('alice.phone', charlie, [key], { devices: [] }), word)).toBe('holds');
  });

  it('is nobody whom no letter reached, as no session could be had with any device of theirs', () => {
    const gives = t.gives(key, [t.phoneOf(charlie)]);
    expect(out(gives)).toBe('holds');
    const withheld = request('bob.phone', {
      method: 'PUT',
      path: paths.sendToDevice('m.room_key.withheld', 't'),
      body: { messages: { [charlie]: { PHONE: { code: 'm.unverified' } } } },
    });
    const toOthers = [
      t.sealsFor('bob.phone', alice, 'PHONE', 'curve'),
      t.sealsFor('bob.phone', charlie, 'TABLET', 'curve'),
      word,
      withheld,
    ];
    for (const other of toOthers) expect(out(gives, other)).toBe('holds');
    // It waits where nobody told its device of their one-time keys.
    const waits = step(t.makes(key), gives, claims('bob.phone', [t.phoneOf(charlie)], 503));
    expect(of([waits, gone, says])).toBe('holds');
    expect(of([waits, step(letter), gone, says])).toBe(accepted);
    expect(of([step(t.makes(key), gives), step(letter), gone, says])).toBe('holds');
  });

  it('is nobody to whom no word of a bundle ever went', () => {
    const shares = t.shares('alice.phone', charlie, [key]);
    expect(out(shares)).toBe('holds');
    expect(of([step(t.makes(key)), step(word), step(shares), gone, says])).toBe('holds');
    // A real client says what it has shared when its letters are out.
    expect(out(word, shares)).toBe(accepted);
    expect(out(shares, t.sealsFor('alice.phone', bob, 'PHONE', 'curve'))).toBe('holds');
    expect(out(shares, t.sealsFor('bob.phone', charlie, 'PHONE', 'curve'))).toBe('holds');
    expect(out(shares, { ...word, lost: true } as Moment)).toBe(accepted);
  });

  it('is who has learnt it, in the account that is theirs', () => {
    const comes = step(t.logsIn('mallory', mallory, 'M'), t.invites('alice.phone', mallory), t.joins('mallory'));
    const put = step(t.makes(key), t.learns('mallory', key, 'by theft'), t.kicks('alice.phone', mallory));
    expect(of([comes, put, says])).toBe(accepted);
    expect(of([comes, step(t.makes(key), t.kicks('alice.phone', mallory)), says])).toBe('holds');
    // Somebody without an account is in no room, and what is no room key opens nothing.
    expect(isNews(t.learns('eve', key, 'by theft'))).toBe(false);
    const other = { ...t.learns('mallory', key, 'by theft'), term: 'a password' } as Moment;
    expect(isNews(other, comes)).toBe(false);
    expect(isNews(t.learns('mallory', key, 'by theft'), comes)).toBe(true);
    expect(isNews(t.learns('mallory', key, 'again'), comes, step(t.learns('mallory', key, 'by theft')))).toBe(false);
  });

  it('is nobody where a device without an account keeps it', () => {
    expect(isNews(t.holds('ghost.phone', key, t.fromBundle()))).toBe(false);
  });

  it('happens only where a message goes out under a key that somebody else has', () => {
    expect(of([given, says])).toBe('holds (it happens)');
    expect(of([says])).toBe('holds');
    expect(of([step(t.makes(key)), says])).toBe('holds');
  });
});

describe('who is out, to forward-exclusion', () => {
  it('is whoever left, was put out, or was banned, and did not come back', () => {
    const bans = request('alice.phone', {
      method: 'POST',
      path: paths.membership(den, 'ban'),
      body: { user_id: charlie },
    });
    expect(of([given, step(at(bans)), says])).toBe(accepted);
    expect(of([given, step(at(t.kicks('alice.phone', charlie))), says])).toBe(accepted);
    const back = step(t.invites('alice.phone', charlie), t.joins('charlie.phone'));
    expect(of([given, gone, back, says])).toBe('holds (it happens)');
  });
});

describe('what a sender has been told, to forward-exclusion', () => {
  const hears = (news: Parameters<typeof t.syncs>[1]) => step(t.syncs('bob.phone', news));
  const why = (steps: readonly Step[]) => t.breakOf(forwardExclusion, [start, ...steps])?.why ?? '';

  it('is what a sync says, until another says otherwise', () => {
    const told = hears({ members: { [charlie]: 'leave' } });
    expect(of([given, gone, told, says])).toBe(broken);
    expect(why([given, gone, told, says])).toContain('as it was told');
    expect(why([given, gone, says])).not.toContain('as it was told');
    expect(of([given, gone, hears({ members: { [charlie]: 'ban' } }), says])).toBe(broken);
    expect(of([given, gone, hears({ members: { [alice]: 'leave' } }), says])).toBe(accepted);
    expect(of([given, gone, told, hears({ members: { [charlie]: 'join' } }), says])).toBe(accepted);
    expect(t.breakOf(forwardExclusion, [start, given, gone, told, says])?.about).toEqual({
      is: 'member',
      room: den,
      user: charlie,
    });
  });

  it('is what a gap passes over, if the server knew it', () => {
    const known = step(t.leaves('charlie.phone'));
    expect(why([given, known, hears({ limited: true }), says])).toContain('as it was told');
    expect(of([given, gone, hears({ limited: true }), says])).toBe(accepted);
  });

  it('is kept from it where its server knows, and leaves no gap', () => {
    const known = step(t.leaves('charlie.phone'));
    expect(of([given, known, says])).toBe(accepted);
    expect(of([given, known, hears({}), says])).toBe(broken);
    expect(why([given, known, hears({}), says])).not.toContain('as it was told');
    const lost = { ...t.syncs('bob.phone', {}), lost: true } as Moment;
    const refused = { ...t.syncs('bob.phone', {}), status: 500 } as Moment;
    expect(of([given, known, step(lost), says])).toBe(accepted);
    expect(of([given, known, step(refused), says])).toBe(accepted);
    expect(of([given, known, step(t.uploads('bob.phone')), says])).toBe(accepted);
  });

  it('is of that room alone', () => {
    const inAttic = step(t.creates('alice.phone', attic, 'shared'), t.leaves('charlie.phone', attic));
    expect(of([given, inAttic, hears({}), gone, says])).toBe(accepted);
    const told = step(t.syncs('bob.phone', { members: { [charlie]: 'leave' } }, attic));
    expect(of([given, told, gone, says])).toBe(accepted);
  });

  it('is what it did itself, before any sync says so', () => {
    const puts = t.kicks('bob.phone', charlie);
    expect(of([given, step(at(puts)), says])).toBe(broken);
    expect(of([given, step(at(t.kicks('alice.phone', charlie))), says])).toBe(accepted);
    expect(of([given, step(at({ ...puts, lost: true } as Moment)), says])).toBe(accepted);
    expect(
      of([given, step(at(t.kicks('bob.phone', charlie))), step(t.invites('bob.phone', charlie)), gone, says]),
    ).toBe(accepted);
  });

  it('does not matter to whoever leaves that sentence out, nor to a thief', () => {
    expect(of([given, gone, says], witness({ off: ['spec-rotate-once-seen'] }))).toBe(broken);
    expect(of([given, gone, says], witness({ stolen: ['bob.phone'] }))).toBe('holds');
  });
});

describe('what one server hands over to another, to forward-exclusion', () => {
  const member = { type: 'm.room.member', state_key: charlie, room_id: den, content: { membership: 'leave' } };
  const hands = (body: Json, status = 200): Moment =>
    request(elsewhere, { method: 'PUT', path: '/_matrix/federation/v1/send/1', body, status });
  const hears = step(t.syncs('bob.phone', {}));
  const handed = (body: Json, status?: number) => of([given, gone, step(hands(body, status)), hears, says]);

  it('is known to it from then on', () => {
    expect(of([given, gone, hears, says])).toBe(accepted);
    expect(handed({ pdus: [member] })).toBe(broken);
    expect(handed({ pdus: [{ type: 'm.room.name' }, member] })).toBe(broken);
    expect(handed({ pdus: [member] }, 500)).toBe(accepted);
    expect(handed({ pdus: [member, { ...member, content: { membership: 'join' } }] })).toBe(accepted);
    expect(handed({ pdus: [{ ...member, state_key: alice }] })).toBe(accepted);
    expect(handed({ pdus: [{ ...member, room_id: attic }] })).toBe(accepted);
  });

  it('is nothing where it is no membership', () => {
    for (const pdu of [
      { ...member, type: 'm.room.name' },
      { ...member, state_key: 1 },
      { ...member, room_id: 1 },
      null,
    ])
      expect(isNews(hands({ pdus: [pdu] }))).toBe(false);
    expect(isNews(hands({ pdus: 'all' }))).toBe(false);
    expect(isNews(hands({}))).toBe(false);
    expect(isNews(hands(null))).toBe(false);
    expect(isNews(hands({ pdus: [member] }))).toBe(true);
    expect(isNews(hands({ pdus: [member] }), step(hands({ pdus: [member] })))).toBe(false);
  });
});

describe('what forward-exclusion remembers', () => {
  it('is who holds, who left where, and what devices were told or not', () => {
    const left = step(t.leaves('charlie.phone'), t.syncs('bob.phone', {}));
    const told = step(t.syncs('alice.phone', { members: { [charlie]: 'leave' }, limited: true }));
    expect(t.remembered(forwardExclusion, [start, given, left, told])).toMatchObject({
      holders: { [key]: [bob, charlie] },
      left: { [den]: { [t.server]: [charlie] } },
      told: { 'alice.phone': { [den]: [charlie] } },
      kept: { 'bob.phone': { [den]: [charlie] } },
    });
    const { told: nobody } = t.remembered(forwardExclusion, [start, given, left]) as { told: Json };
    expect(nobody).toEqual({});
  });

  it('is nothing more where the same is said again', () => {
    const told = t.syncs('bob.phone', { members: { [charlie]: 'leave' } });
    const left = step(t.leaves('charlie.phone'));
    expect(isNews(told, left)).toBe(true);
    expect(isNews(told, left, step(told))).toBe(false);
    expect(isNews(t.leaves('charlie.phone'), left)).toBe(false);
    expect(isNews(t.syncs('bob.phone', {}))).toBe(false);
    expect(isNews(t.joins('ghost.phone' as PlayerId))).toBe(false);
  });

  it('can be conceded by the sentence that a session is replaced once a leave is seen', () => {
    expect(forwardExclusion.accepts).toEqual(['spec-rotate-once-seen']);
  });
});
