/** What people are told of their accounts, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { consentAwareness } from '../consent-awareness.ts';
import * as t from '../testing.ts';
import { alice, charlie, step, verdict, witness } from '../testing.ts';

const of = (steps: readonly Step[], cast = witness()) => verdict(consentAwareness, [t.everybody(), ...steps], cast);
const phone: PlayerId = 'alice.phone';

describe('consent-awareness of identities', () => {
  const query = (user: string, master: string): Moment =>
    t.request(
      phone,
      { method: 'POST', path: paths.keysQuery },
      { master_keys: { [user]: { keys: { [`ed25519:${master}`]: master } } } },
    );
  const pins = step(t.stores(phone, { patch: 'pin', user: charlie, master: 'one' }));
  const alarm = t.shown(phone, 'identity changed', { user: charlie });

  it('breaks where another identity of a contact is served, and nobody is told there and then', () => {
    expect(of([step(query(charlie, 'other'))])).toBe('holds');
    expect(of([pins, step(query(charlie, 'one'))])).toBe('holds');
    expect(of([pins, step(query(charlie, 'other'))])).toBe('breaks at alice.phone');
    expect(of([pins, step(query(charlie, 'other')), step(alarm)])).toBe('breaks at alice.phone');
    expect(of([pins, step(query(charlie, 'other'), alarm)])).toBe('holds (it happens)');
  });

  it('asks for one alarm a change, and for another when it changes again', () => {
    const seen = [pins, step(query(charlie, 'other'), alarm)];
    expect(of([...seen, step(query(charlie, 'other'))])).toBe('holds (it happens)');
    expect(of([...seen, step(query(charlie, 'third'))])).toBe('breaks at alice.phone (it happens)');
    const back = step(query(charlie, 'one'));
    expect(of([...seen, back, step(query(charlie, 'other'))])).toBe('breaks at alice.phone (it happens)');
  });

  it('breaks where somebody who is verified is written to as somebody else, before their person has taken them for theirs', () => {
    const verified = step(
      t.stores(phone, { patch: 'pin', user: charlie, master: 'one' }),
      t.shown(phone, 'user verified', { user: charlie, master: 'one' }),
    );
    const gives = step(
      t.stores(phone, {
        patch: 'room key given',
        room: '!den:example.org',
        sessionId: 's',
        index: 0,
        flag: false,
        visibility: null,
        to: [{ user: charlie, device: 'PHONE' }],
      }),
    );
    const swapped = step(query(charlie, 'other'), alarm);
    const told = 'holds (it happens)';
    expect(of([verified, gives])).toBe('holds');
    expect(of([pins, swapped, gives])).toBe(told);
    expect(of([verified, swapped, gives])).toBe('breaks at alice.phone (it happens)');
    expect(of([verified, swapped, step(query(charlie, 'one')), gives])).toBe(told);
    const accepts = step(t.stores(phone, { patch: 'pin', user: charlie, master: 'other' }));
    expect(of([verified, swapped, accepts, gives])).toBe(told);
  });

  it('asks those who implement MSC4153 to say that an identity of their own is another', () => {
    const upload = { method: 'POST', path: paths.deviceSigningUpload, body: { master_key: { keys: { a: 'mine' } } } };
    const made = step(t.request(phone, upload, {}));
    const implementing = witness({ implements: { MSC4153: 'spec-v1.19' } });
    expect(of([made, step(query(alice, 'mine'))], implementing)).toBe('holds');
    expect(of([made, step(query(alice, 'other'))])).toBe('holds');
    expect(of([made, step(query(alice, 'other'))], implementing)).toBe('breaks at alice.phone');
    const told = t.shown(phone, 'own identity changed', { master: 'other' });
    expect(of([made, step(query(alice, 'other'), told)], implementing)).toBe('holds (it happens)');
  });
});

describe('consent-awareness of backups', () => {
  const uses = (version: string): Moment =>
    t.stores(phone, { patch: 'backup', backup: { version, publicKey: `key ${version}` } });
  const first = step(uses('1'));

  it('breaks where a device goes on with another version and says nothing', () => {
    expect(of([first, step(uses('1'))])).toBe('holds');
    expect(of([first, step(uses('2'))])).toBe('breaks at alice.phone');
    const told = t.shown(phone, 'new backup version', { version: '2' });
    expect(of([first, step(told, uses('2'))])).toBe('holds (it happens)');
    const other = t.shown(phone, 'new backup version', { version: '3' });
    expect(of([first, step(other, uses('2'))])).toBe('breaks at alice.phone');
  });

  it('asks for no word of a version that its person made there, or said yes to', () => {
    const made = t.request(phone, { method: 'POST', path: paths.backupVersions }, { version: '2' });
    expect(of([first, step(made, uses('2'))])).toBe('holds');
    const accepts: Moment = { kind: 'acted', player: phone, what: 'accepts', detail: {} };
    expect(of([first, step(accepts, uses('2'))])).toBe('holds');
  });

  it('remembers the version through a time without any', () => {
    const none = step(t.stores(phone, { patch: 'backup', backup: null }));
    expect(of([first, none, step(uses('1'))])).toBe('holds');
    expect(of([first, none, step(uses('2'))])).toBe('breaks at alice.phone');
  });
});
