/** What people are told of their accounts, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { consentAwareness } from '../consent-awareness.ts';
import * as t from '../testing.ts';
import { alice, bob, charlie, step, verdict, witness } from '../testing.ts';
import { accountConsentAfter, noAccountConsent } from './consent-in-accounts.ts';
import { printOf } from './room-keys.ts';

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
  const alarm = t.shown(phone, 'identity changed', { user: charlie, master: 'other' });

  it('breaks where another identity of a contact is served, and nobody is told there and then', () => {
    expect(of([step(query(charlie, 'other'))])).toBe('holds');
    expect(of([pins, step(query(charlie, 'one'))])).toBe('holds');
    expect(of([pins, step(query(charlie, 'other'))])).toBe('breaks at alice.phone');
    expect(of([pins, step(query(charlie, 'other')), step(alarm)])).toBe('breaks at alice.phone');
    expect(of([pins, step(query(charlie, 'other'), alarm)])).toBe('holds (it happens)');
  });

  it('asks no alarm of a device that never had the answer', () => {
    const lost: Moment = { ...(query(charlie, 'other') as Extract<Moment, { kind: 'request' }>), lost: true };
    expect(of([pins, step(lost)])).toBe('holds');
    expect(of([pins, step(lost), step(query(charlie, 'other'), alarm)])).toBe('holds (it happens)');
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
    // Once its person has taken the other for theirs, that one is no news, and the one it made is.
    const takes = step(t.stores(phone, { patch: 'pin', user: alice, master: 'other' }));
    expect(of([made, takes, step(query(alice, 'other'))], implementing)).toBe('holds');
    expect(of([made, takes, step(query(alice, 'mine'))], implementing)).toBe('breaks at alice.phone');
    const ofCharlie = step(t.stores(phone, { patch: 'pin', user: charlie, master: 'other' }));
    expect(of([made, ofCharlie, step(query(alice, 'other'))], implementing)).toBe('breaks at alice.phone');
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
    const isAsked = (version: string) => step(t.shown(phone, 'use new backup', { version }));
    expect(of([first, isAsked('2'), step(accepts, uses('2'))])).toBe('holds');
    expect(of([first, isAsked('3'), step(accepts, uses('2'))])).toBe('breaks at alice.phone');
    expect(of([first, step(accepts, uses('2'))])).toBe('breaks at alice.phone');
  });

  it('remembers the version through a time without any', () => {
    const none = step(t.stores(phone, { patch: 'backup', backup: null }));
    expect(of([first, none, step(uses('1'))])).toBe('holds');
    expect(of([first, none, step(uses('2'))])).toBe('breaks at alice.phone');
  });

  it('goes back to the version that was used last before a copy, though none was in use when it was made', () => {
    const none = step(t.stores(phone, { patch: 'backup', backup: null }));
    const acted = (what: string) =>
      step({ kind: 'acted', player: phone, what, detail: { copy: 'old' } } satisfies Moment);
    const restored = [acted('restore from copy'), step(comesUp)];
    expect(of([first, none, acted('copy'), ...restored, step(uses('1'))])).toBe('holds');
    expect(of([first, none, acted('copy'), ...restored, step(uses('2'))])).toBe('breaks at alice.phone');
    expect(of([acted('copy'), first, ...restored, step(uses('2'))])).toBe('holds');
  });
  const comesUp: Moment = {
    kind: 'restarted',
    player: phone,
    holds: { secrets: {}, roomKeys: {}, backup: null },
  };
});

describe('what is owed of accounts, told one by one', () => {
  const remembered = (moments: readonly Moment[], pinned = {}, who = witness()) => {
    let memory = noAccountConsent;
    const seen = moments.map((moment) => {
      const one = accountConsentAfter(memory, pinned, step(moment), who);
      memory = one.memory;
      return one;
    });
    return { memory, breaks: seen.flatMap(({ breaks }) => breaks), last: seen.at(-1) };
  };
  const owes = (moments: readonly Moment[], pinned = {}, who = witness()) => remembered(moments, pinned, who).breaks;
  const isServed = (served: Record<string, Json>, player = phone): Moment =>
    t.request(player, { method: 'POST', path: paths.keysQuery }, { master_keys: served });
  const of = (master: Json) => ({ keys: { 'ed25519:m': master } });
  const publishes = (body: Json, player = phone): Moment =>
    t.request(player, { method: 'POST', path: paths.deviceSigningUpload, body });
  const pinned = { [phone]: { [bob]: printOf('one'), [charlie]: printOf('one') } };
  const uses = (version: string, publicKey = 'key'): Moment =>
    t.stores(phone, { patch: 'backup', backup: { version, publicKey } });
  const verifies = (user: string, master: string) => t.shown(phone, 'user verified', { user, master });
  const pins = (user: string, master: string) => t.stores(phone, { patch: 'pin', user, master });
  const gives = t.stores(phone, {
    patch: 'room key given',
    room: t.den,
    sessionId: 's',
    index: 0,
    flag: true,
    visibility: null,
    to: [t.phoneOf(charlie), t.phoneOf(charlie), t.phoneOf(bob)],
  });

  it('is of an identity, or of a backup version', () => {
    const others = { is: 'identity', user: charlie };
    expect(owes([isServed({ [charlie]: of('two') })], pinned)).toMatchObject([{ at: phone, about: others }]);
    const implementing = witness({ implements: { MSC4153: 'spec-v1.19' } });
    const own = [publishes({ master_key: of('mine') }), isServed({ [alice]: of('two') })];
    expect(owes(own, {}, implementing)).toMatchObject([{ about: { is: 'identity', user: alice } }]);
    expect(owes([uses('1'), uses('2')])).toMatchObject([{ about: { is: 'backup version', version: '2' } }]);
    expect(owes([uses('1'), uses('1', 'another')])).toMatchObject([{ about: { is: 'backup version', version: '1' } }]);
    expect(owes([uses('1'), uses('1')])).toEqual([]);
    const verified = [verifies(charlie, 'one'), isServed({ [charlie]: of('two') }), gives];
    expect(owes(verified, pinned).slice(1)).toMatchObject([{ at: phone, about: others }]);
  });

  it('is of every user who is served as somebody else, once each', () => {
    const served = isServed({ [bob]: of('two'), [charlie]: of('two') });
    expect(owes([served, served], pinned)).toHaveLength(2);
    expect(remembered([served], pinned).memory.news).toEqual({
      [phone]: { [bob]: printOf('two'), [charlie]: printOf('two') },
    });
    expect(remembered([served, isServed({ [bob]: of('one') })], pinned).memory.news).toEqual({
      [phone]: { [charlie]: printOf('two') },
    });
  });

  it('is of nobody whose key is none, or was never another', () => {
    for (const served of [{}, of(5), { keys: {} }, 'key'])
      expect(owes([isServed({ [charlie]: served })], pinned)).toEqual([]);
    expect(remembered([isServed({ [charlie]: of('one') })], pinned).memory).toEqual(noAccountConsent);
    expect(remembered([publishes({}), publishes({ master_key: of(5) })]).memory.ownIdentity).toEqual({});
  });

  it('leaves what is remembered as it was where nothing is new', () => {
    const { memory } = remembered([isServed({ [charlie]: of('two') }), verifies(bob, 'one'), uses('1')], pinned);
    for (const moment of [isServed({ [charlie]: of('two') }), pins(charlie, 'one'), uses('1'), t.syncs(phone, {})])
      expect(accountConsentAfter(memory, pinned, step(moment), witness()).memory).toBe(memory);
  });

  it('is in the story, and to people in charge of their device', () => {
    const served = isServed({ [charlie]: of('two') });
    const before = { ...t.everybody(), moments: [served] };
    expect(accountConsentAfter(noAccountConsent, pinned, before, witness()).breaks).toEqual([]);
    expect(owes([served], pinned, witness({ stolen: [phone] }))).toEqual([]);
  });

  it('is told on the device itself, by nothing else than that notice', () => {
    const served = isServed({ [charlie]: of('two') });
    const told = (...moments: readonly Moment[]) =>
      accountConsentAfter(noAccountConsent, pinned, step(served, ...moments), witness()).breaks.length === 0;
    const notice = t.shown(phone, 'identity changed', { user: charlie, master: 'two' });
    expect(told(notice)).toBe(true);
    expect(told(t.shown(phone, 'identity changed', { user: charlie, master: 'three' }))).toBe(false);
    expect(told(t.shown(phone, 'identity changed', { user: bob, master: 'two' }))).toBe(false);
    expect(told({ ...notice, player: 'alice.laptop' } as Moment)).toBe(false);
    expect(told(t.shown(phone, 'user verified', { user: charlie }))).toBe(false);
    expect(told({ kind: 'acted', player: phone, what: 'accepts', detail: {} })).toBe(false);
  });

  it('is known of a version by whoever made it there, or said yes there', () => {
    const aware = (...moments: readonly Moment[]) => {
      const { memory } = remembered([uses('1'), t.shown(phone, 'use new backup', { version: '2' })]);
      return accountConsentAfter(memory, {}, step(...moments, uses('2')), witness()).breaks.length === 0;
    };
    const makes = (player: PlayerId, version: string, path: string = paths.backupVersions) =>
      t.request(player, { method: 'POST', path }, { version });
    expect(aware(makes(phone, '2'))).toBe(true);
    expect(aware(makes('alice.laptop', '2'))).toBe(false);
    expect(aware(makes(phone, '3'))).toBe(false);
    expect(aware(makes(phone, '2', paths.keysUpload))).toBe(false);
    const does = (player: PlayerId, what: string): Moment => ({ kind: 'acted', player, what, detail: {} });
    expect(aware(does(phone, 'accepts'))).toBe(true);
    expect(aware(does('alice.laptop', 'accepts'))).toBe(false);
    expect(aware(does(phone, 'refuses'))).toBe(false);
  });

  it('is, of who is verified, that they are written to as themselves', () => {
    const lost = (...moments: readonly Moment[]) =>
      remembered([...moments, gives], pinned).last?.breaks.map(({ about }) => about);
    const served = isServed({ [bob]: of('two'), [charlie]: of('two') });
    const both = [verifies(bob, 'one'), verifies(charlie, 'one')];
    expect(lost(...both, served)).toEqual([
      { is: 'identity', user: charlie },
      { is: 'identity', user: bob },
    ]);
    expect(lost(verifies(bob, 'one'), served)).toEqual([{ is: 'identity', user: bob }]);
    expect(lost(verifies(charlie, 'two'), served)).toEqual([]);
    expect(lost(...both, served, pins(bob, 'two'))).toEqual([{ is: 'identity', user: charlie }]);
  });
});
