import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { EnvelopeFacts } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { interopCompat } from './interop-compat.ts';
import * as t from './testing.ts';

const { alice, bob, den, everybody, request, step, verdict, witness } = t;
const phone: PlayerId = 'alice.phone';
const laptop: PlayerId = 'alice.laptop';
const trial = { forms: { [phone]: 'first text' }, implements: { MSC4268: 'merged', MSC4287: 'merged' } };
const alike = { implements: trial.implements };
const of = (steps: readonly Step[], cast = witness(trial)) =>
  verdict(interopCompat, [everybody('shared', 'bob.phone'), ...steps], cast);

const breakOf = (steps: readonly Step[], cast = witness(trial)) =>
  t.breakOf(interopCompat, [everybody('shared', 'bob.phone'), ...steps], cast);

const letter = (type: string, from = { user: alice, device: 'PHONE' }, to = laptop): Moment => ({
  kind: 'delivery',
  from: t.server,
  to,
  event: { type },
  opened: null,
  facts: { claimedSender: from.user, sender: { ...from } } as unknown as EnvelopeFacts,
});

describe('interop-compat of letters', () => {
  const syncs = (...types: readonly string[]): Moment =>
    request(
      laptop,
      { method: 'GET', path: paths.sync },
      { to_device: { events: types.map((type): JsonObject => ({ type })) } },
    );

  it('happens where something comes from a device of another form', () => {
    expect(of([step(letter('m.secret.push'))])).toBe('holds (it happens)');
    expect(of([step(letter('m.secret.push'))], witness(alike))).toBe('holds');
    expect(of([step(letter('m.secret.push'))], witness({ forms: { [phone]: 'trial', [laptop]: 'trial' } }))).toBe(
      'holds (it happens)',
    );
    expect(of([step(letter('m.secret.push', { user: alice, device: 'GHOST' }))])).toBe('holds');
  });

  it('breaks where it takes down what came behind it', () => {
    expect(of([step(syncs('one', 'two'), letter('one'))])).toBe('breaks at alice.laptop (it happens)');
    expect(of([step(syncs('one', 'two'), letter('one'), letter('two'))])).toBe('holds (it happens)');
    const discarded: Moment = { kind: 'discarded', player: laptop, event: { type: 'two' }, why: 'why' };
    expect(of([step(syncs('one', 'two'), letter('one'), discarded)])).toBe('holds (it happens)');
    expect(of([step(syncs('one', 'two'), letter('one'))], witness(alike))).toBe('holds');
    expect(of([step(syncs('one', 'two'))])).toBe('holds');
    const stops: Moment = { kind: 'restarted', player: laptop };
    expect(of([step(syncs('one', 'two'), letter('one'), stops)])).toBe('holds (it happens)');
    const others: Moment = { kind: 'restarted', player: phone };
    expect(of([step(syncs('one', 'two'), letter('one'), others)])).toBe(taken);
    const about = breakOf([step(syncs('one', 'two'), letter('one'))])?.about;
    expect(about).toEqual({ is: 'device', user: alice, device: 'LAPTOP' });
  });

  const taken = 'breaks at alice.laptop (it happens)';
  const toBob = (type: string, from = { user: alice, device: 'PHONE' }) => letter(type, from, 'bob.phone');

  it('counts what that device itself was given or threw away', () => {
    expect(of([step(syncs('one', 'two'), letter('one'), toBob('two'))])).toBe(taken);
    const others: Moment = { kind: 'discarded', player: 'bob.phone', event: { type: 'two' }, why: 'why' };
    expect(of([step(syncs('one', 'two'), letter('one'), others)])).toBe(taken);
    expect(of([step(syncs('one', 'two'), letter('one'), toBob('x', { user: alice, device: 'LAPTOP' }))])).toBe(taken);
    expect(of([step(syncs('two'), letter('one'))])).toBe('holds (it happens)');
  });

  it('counts what came until it synced again', () => {
    expect(of([step(syncs('one', 'two'), letter('one'), syncs(), letter('two'))])).toBe(taken);
    expect(of([step(syncs('one', 'two'), syncs(), letter('one'))])).toBe('holds (it happens)');
    const others = t.syncs(phone, {});
    expect(of([step(syncs('one', 'two'), letter('one'), others, letter('two'))])).toBe('holds (it happens)');
    const uploads = t.uploads(laptop);
    expect(of([step(syncs('one', 'two'), letter('one'), uploads, letter('two'))])).toBe('holds (it happens)');
  });

  it('counts no answer that never came, none to something else, and no thief’s', () => {
    const lost = { ...syncs('one', 'two'), lost: true } as Moment;
    expect(of([step(lost, letter('one'))])).toBe('holds (it happens)');
    const other = { ...syncs('one', 'two'), method: 'POST', path: paths.keysQuery } as Moment;
    expect(of([step(other, letter('one'))])).toBe('holds (it happens)');
    const stolen = witness({ ...trial, stolen: [laptop] });
    expect(of([step(syncs('one', 'two'), letter('one'))], stolen)).toBe('holds');
    const start = everybody();
    const before: Step = { ...start, moments: [...start.moments, syncs('one', 'two'), letter('one')] };
    expect(verdict(interopCompat, [before], witness(trial))).toBe('holds');
  });

  it('is between two devices: what one sends to itself is no meeting', () => {
    const own = letter('m.secret.push', { user: alice, device: 'PHONE' }, phone);
    expect(of([step(own)], witness({ forms: { [phone]: 'trial' } }))).toBe('holds');
  });
});

describe('interop-compat of what is written', () => {
  const key = `${phone}/1`;
  const made = step(t.makes(key), t.gives(key, [t.phoneOf(bob)]));
  const given = (flag: boolean, player: PlayerId = 'bob.phone') =>
    step(t.holds(player, key, { how: 'room_key', user: alice, device: 'PHONE' }, { flag }));

  it('breaks where a mark is read as its opposite by a device of another form', () => {
    expect(of([made, given(true)])).toBe('holds');
    expect(of([made, given(false)])).toBe('breaks at bob.phone');
    expect(breakOf([made, given(false)])?.about).toEqual({ is: 'room key', room: den, sessionId: key });
    expect(of([made, given(false)], witness(alike))).toBe('holds');
    expect(of([made, step(t.holds('bob.phone', key, t.fromBundle(), { flag: false }))])).toBe('holds');
    expect(of([made, given(false)], witness({ ...trial, implements: {} }))).toBe('holds');
  });

  it('breaks where it was lost in a backup that a device of another form has written', () => {
    const sealed = step(t.stores(phone, { patch: 'backed up', sessions: [roomKeyName(den, key)], version: '1' }));
    const restored = step(t.holds(laptop, key, { how: 'backup', version: '1' }, { flag: false }));
    expect(of([made, sealed, restored])).toBe('breaks at alice.laptop');
    expect(of([made, restored])).toBe('holds');
    expect(of([made, sealed, restored], witness(alike))).toBe('holds');
    // Of what no own device has sealed, nobody knows who wrote it; nor of a key file.
    const imported = step(t.holds(laptop, key, { how: 'export' }, { flag: false }));
    expect(of([made, sealed, imported])).toBe('holds');
    expect(of([made, restored], witness({ ...trial, forms: { [laptop]: 'first text' } }))).toBe('holds');
    const ghost = step(
      t.stores('alice.ghost', { patch: 'backed up', sessions: [roomKeyName(den, key)], version: '1' }),
    );
    expect(t.isNews(interopCompat, [everybody(), made], ghost, witness(trial))).toBe(false);
  });

  it('shows nothing before the story', () => {
    const start = everybody();
    const before: Step = { ...start, moments: [...start.moments, ...made.moments, ...given(false).moments] };
    expect(verdict(interopCompat, [before], witness(trial))).toBe('holds');
  });

  const told = (code: string, reason: string, from = alice) => [
    step(
      t.stores('bob.phone', {
        patch: 'withheld',
        entries: {
          [roomKeyName(den, key)]: {
            room: den,
            sessionId: key,
            senderKey: '',
            code,
            reason: null,
            from,
            how: 'bundle',
          },
        },
      }),
    ),
    step(t.shown('bob.phone', 'unreadable message', { event: '$1', session: key, reason })),
  ];

  it('breaks where a code is not understood', () => {
    expect(of(told('m.x', 'unknown code m.x'))).toBe('breaks at bob.phone');
    expect(of(told('m.x', 'm.x'))).toBe('holds');
    expect(of(told('m.x', 'no key'))).toBe('holds');
    expect(of(told('m.x', 'unknown code m.x'), witness(alike))).toBe('holds');
    expect(of(told('m.x', 'unknown code m.x', t.mallory))).toBe('holds');
    const [said, shown] = told('m.x', 'unknown code m.x');
    expect(breakOf([said, shown].flatMap((one) => one ?? []))?.about).toEqual({ is: 'event', room: den, event: '$1' });
  });

  it('remembers a code when another comes', () => {
    const entry = { room: den, senderKey: '', code: 'm.y', reason: null, from: alice, how: 'bundle' } as const;
    const entries = { [roomKeyName(den, 'other')]: { ...entry, sessionId: 'other' } };
    const other = step(t.stores('bob.phone', { patch: 'withheld', entries }));
    const [said, shown] = told('m.x', 'unknown code m.x');
    expect(of([said, other, shown].flatMap((one) => one ?? []))).toBe('breaks at bob.phone');
  });

  it('takes any code that came for the right one, whoever sent it last', () => {
    const [first, shown] = told('m.x', 'm.x');
    const [second] = told('m.y', '', bob);
    const all = (...steps: readonly (Step | undefined)[]) => of(steps.flatMap((one) => one ?? []));
    expect(all(first, second, shown)).toBe('holds');
    expect(all(second, first, first, shown)).toBe('holds');
    expect(all(first, second, told('', 'unknown code m.y')[1])).toBe('breaks at bob.phone');
  });

  const chooses: Moment = { kind: 'acted', player: phone, what: 'turn backup off', detail: {} };
  const writes = request(phone, { method: 'PUT', path: paths.accountData(alice, 'm.key_backup'), body: {} });
  const decides = (isOn: boolean): Moment => t.stores(laptop, { patch: 'backup preference', isOn, why: 'preference' });

  it('breaks where a choice is read as its opposite, and nobody lied', () => {
    expect(of([step(chooses, writes), step(decides(false))])).toBe('holds');
    expect(of([step(chooses, writes), step(decides(true))])).toBe('breaks at alice.laptop');
    expect(of([step(chooses, writes), step(decides(true))], witness(alike))).toBe('holds');
    expect(of([step(chooses), step(decides(true))])).toBe('holds');
    const forged: Moment = {
      kind: 'forged',
      player: 'mallory',
      server: t.server,
      victim: laptop,
      what: 'lies',
      accountData: 'm.key_backup',
      before: null,
      after: { enabled: true },
    };
    expect(of([step(chooses, writes), step(forged), step(decides(true))])).toBe('holds');
  });

  it('is about the choice of the person whose it is', () => {
    const about = breakOf([step(chooses, writes), step(decides(true))])?.about;
    expect(about).toEqual({ is: 'preference', user: 'alice' });
  });

  it('is what a client goes by where its user chose nothing, and nothing where it goes by nothing', () => {
    const goesBy = t.stores(phone, { patch: 'backup preference', isOn: false, why: 'own default' });
    expect(of([step(goesBy, writes), step(decides(true))])).toBe('breaks at alice.laptop');
    expect(of([step(writes), step(decides(true))])).toBe('holds');
    // What another client writes of its own is as it says, whatever its user has chosen elsewhere.
    const elsewhere: Moment = { kind: 'acted', player: 'alice.tablet', what: 'turn backup off', detail: {} };
    const records = request(phone, {
      method: 'PUT',
      path: paths.accountData(alice, 'm.key_backup'),
      body: { enabled: true },
    });
    expect(of([step(elsewhere), step(records), step(decides(true))])).toBe('holds');
    expect(of([step(elsewhere), step(records), step(decides(false))])).toBe('breaks at alice.laptop');
  });

  it('holds where either name says so', () => {
    const other = request(phone, { method: 'PUT', path: paths.accountData(alice, 'other'), body: {} });
    const on: Moment = { kind: 'acted', player: phone, what: 'turn backup on', detail: {} };
    expect(of([step(on, writes), step(chooses, other), step(decides(true))])).toBe('holds');
    expect(of([step(on, writes), step(chooses, other), step(decides(false))])).toBe('holds');
  });

  it('is not to be told where a thief wrote last, of that person alone', () => {
    const steals = (user: string) =>
      step(request('mallory', { method: 'PUT', path: paths.accountData(user, 'm.key_backup'), body: {} }));
    expect(of([step(chooses, writes), steals(alice), step(decides(true))])).toBe('holds');
    expect(of([step(chooses, writes), steals(bob), step(decides(true))])).toBe('breaks at alice.laptop');
  });

  it('remembers the very same where a step tells it nothing', () => {
    expect(t.isNews(interopCompat, [everybody()], step(t.writes(phone, 'hi')), witness(trial))).toBe(false);
    expect(interopCompat.accepts).toEqual([]);
  });

  it('breaks where a secret is filed under another name than its own', () => {
    const origin = { how: 'push', device: 'PHONE', user: alice } as const;
    const keeps = (name: string, secret = 'secret') =>
      step(t.stores(laptop, { patch: 'secret', name, held: { secret, public: null, origin } }));
    const owns = step(
      t.stores(phone, {
        patch: 'secret',
        name: 'one',
        held: { secret: 'secret', public: null, origin: { how: 'made' } },
      }),
    );
    expect(of([owns, keeps('one')])).toBe('holds');
    expect(of([owns, keeps('other')])).toBe('breaks at alice.laptop');
    expect(of([owns, keeps('other')], witness(alike))).toBe('holds');
    expect(of([owns, keeps('other', 'unknown')])).toBe('holds');
    expect(breakOf([owns, keeps('other')])?.about).toEqual({ is: 'secret', user: 'alice', name: 'one' });
    const both = step(
      t.stores(phone, {
        patch: 'secret',
        name: 'two',
        held: { secret: 'secret', public: null, origin: { how: 'made' } },
      }),
    );
    expect(of([owns, both, keeps('two')])).toBe('holds');
    expect(of([owns, both, keeps('one')])).toBe('holds');
    const from = (how: 'push' | 'request', device: string | null): Step =>
      step(
        t.stores(laptop, {
          patch: 'secret',
          name: 'other',
          held: { secret: 'secret', public: null, origin: { how, device, user: alice } as typeof origin },
        }),
      );
    expect(of([owns, from('request', 'PHONE')])).toBe('breaks at alice.laptop');
    expect(of([owns, from('push', 'GHOST')])).toBe('holds');
    expect(of([owns, from('push', null)])).toBe('holds');
  });
});
