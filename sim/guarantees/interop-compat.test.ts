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
  });
});
