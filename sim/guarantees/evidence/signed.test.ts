/** Which devices their user's identity has signed. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, bob, everybody, witness } from '../testing.ts';
import {
  isSigned,
  isSignedAtAll,
  isSignedThief,
  noneSigned,
  publicIn,
  type Signed,
  signedAfter,
  signedDevices,
} from './signed.ts';

const [phone, laptop, tablet, bobs] = ['alice.phone', 'alice.laptop', 'alice.tablet', 'bob.phone'];
const story = t.step();
const before = everybody();
const next = (known: Signed, moment: Moment, step: Step = story, who = witness()): Signed =>
  signedAfter(known, moment, step, who);
const start = before.moments.reduce((known, moment) => next(known, moment, before), noneSigned);
const known = (...moments: readonly Moment[]): Signed => moments.reduce((now, moment) => next(now, moment), start);

const comes = t.logsIn(tablet, alice, 'TABLET');
const renews = (player: PlayerId, keys: Record<string, string> = { 'ed25519:m2': 'm2' }, status = 200): Moment =>
  t.request(player, { method: 'POST', path: paths.deviceSigningUpload, body: { master_key: { keys } }, status });
const uploads = (player: PlayerId, body: Record<string, Record<string, object>>, status = 200): Moment =>
  t.request(player, { method: 'POST', path: paths.signaturesUpload, body: body as never, status });

describe('a device is signed', () => {
  it('where it was before the story, for as long as its user keeps that identity', () => {
    expect([phone, laptop, bobs].map((player) => isSigned(start, player, witness()))).toEqual([true, true, true]);
    const renewed = known(renews(phone));
    expect([phone, laptop, bobs].map((player) => isSigned(renewed, player, witness()))).toEqual([false, false, true]);
    expect(renewed.renewed).toEqual(['alice']);
  });

  it('also where it was never seen to log in', () => {
    expect(isSigned(noneSigned, phone, witness())).toBe(true);
    expect(isSigned(noneSigned, tablet, witness())).toBe(false);
    expect(isSigned({ ...noneSigned, renewed: ['alice'] }, phone, witness())).toBe(false);
    expect(isSigned({ ...noneSigned, renewed: ['alice'] }, bobs, witness())).toBe(true);
  });

  it('where the server took a signature of it that another of its user handed in', () => {
    expect(isSigned(known(comes), tablet, witness())).toBe(false);
    const signed = known(comes, t.signs(phone, alice, 'TABLET'));
    expect(signed.since).toEqual({ [alice]: ['TABLET'] });
    expect(isSigned(signed, tablet, witness())).toBe(true);
  });

  it('not where the server refused, or named it among its failures', () => {
    const there = known(comes);
    for (const moment of [t.signs(phone, alice, 'TABLET', true), uploads(phone, { [alice]: { TABLET: {} } }, 403)])
      expect(next(there, moment)).toEqual({ ...there, made: { [phone]: { [alice]: ['TABLET'] } } });
    const two = t.request(
      phone,
      { method: 'POST', path: paths.signaturesUpload, body: { [alice]: { TABLET: {}, LAPTOP: {} } } },
      { failures: { [alice]: { LAPTOP: { errcode: 'M_INVALID_SIGNATURE' } } } },
    );
    expect(next(there, two).since).toEqual({ [alice]: ['TABLET'] });
  });

  it('at all, though not for others, where a device of its user’s has made a signature that the server did not take', () => {
    const refused = t.signs(phone, alice, 'TABLET', true);
    const made = known(comes, refused);
    const is = (signed: Signed, by?: PlayerId, who = witness()) => [
      isSigned(signed, tablet, who),
      isSignedAtAll(signed, tablet, who, by),
    ];
    expect(is(known(comes))).toEqual([false, false]);
    expect(is(made)).toEqual([false, true]);
    expect(is(made, phone)).toEqual([false, true]);
    expect(is(made, laptop)).toEqual([false, false]);
    const thief = witness({ stolen: [phone] });
    expect(is(next(known(comes), refused, story, thief), undefined, thief)).toEqual([false, false]);
    const taken = next(made, t.signs(laptop, alice, 'TABLET'));
    expect([is(taken, laptop), taken.made]).toEqual([[true, true], {}]);
    expect(next(taken, refused)).toBe(taken);
    // It was of these keys, by this identity.
    expect(known(comes, refused, comes).made).toEqual({});
    expect(known(comes, refused, renews(laptop)).made).toEqual({});
    expect(known(comes, refused, renews(laptop, undefined, 403)).made).not.toEqual({});
  });

  it('not by an identity that a device made for itself and the server did not take', () => {
    const refused = t.signs(phone, alice, 'TABLET', true);
    expect(known(comes, renews(phone, undefined, 401), refused).made).toEqual({});
    expect(known(comes, renews(phone, undefined, 401), renews(phone), refused).made).not.toEqual({});
    expect(known(renews(phone, undefined, 401), renews(phone)).strays).toEqual({});
    expect(known(comes, renews(laptop, undefined, 401), refused).made).not.toEqual({});
  });

  it('not where its signature was made since a copy from which the device that made it has come up', () => {
    const acts = (what: string): Moment => ({ kind: 'acted', player: phone, what, detail: { copy: 'c' } });
    const refused = t.signs(phone, alice, 'TABLET', true);
    expect(known(comes, acts('copy'), refused, acts('restore from copy')).made).toEqual({});
    expect(known(comes, refused, acts('copy'), acts('restore from copy')).made).not.toEqual({});
  });

  it('not where it is no device of whoever hands the signature in', () => {
    const there = known(comes);
    const moments = [t.signs(bobs, alice, 'TABLET'), t.signs('nobody', alice, 'TABLET'), t.signs(bobs, bob, 'LAPTOP')];
    for (const moment of moments) expect(next(there, moment)).toBe(there);
    expect(next(there, t.signs(phone, alice, 'NONE'))).toBe(there);
  });

  it('by the identity that is published now: another one has signed nobody', () => {
    const renewed = known(comes, t.signs(phone, alice, 'TABLET'), t.signs(bobs, bob, 'PHONE'), renews(phone));
    expect(renewed.since).toEqual({ [bob]: ['PHONE'] });
    expect(isSigned(renewed, tablet, witness())).toBe(false);
    expect(isSigned(next(renewed, t.signs(phone, alice, 'PHONE')), phone, witness())).toBe(true);
  });

  it('no more once somebody has logged in anew as it, with keys of their own', () => {
    const signed = known(comes, t.signs(phone, alice, 'TABLET'), t.signs(phone, alice, 'PHONE'));
    expect(next(signed, comes).since).toEqual({ [alice]: ['PHONE'] });
    expect(next(signed, t.logsIn('bob.tablet', bob, 'TABLET')).since).toBe(signed.since);
    expect(next(signed, t.logsIn(laptop, alice, 'LAPTOP')).since).toBe(signed.since);
  });
});

describe('a device of before the story that logs in anew', () => {
  it('is signed no more under its old name, whoever logs in so, until it is signed again', () => {
    const anew = known(t.logsIn(phone, alice, 'PHONE'));
    expect([phone, laptop].map((player) => isSigned(anew, player, witness()))).toEqual([false, true]);
    expect(isSigned(next(anew, t.signs(laptop, alice, 'PHONE')), phone, witness())).toBe(true);
    const taken = known(t.logsIn('mallory', alice, 'PHONE'));
    expect([phone, 'mallory'].map((player) => isSigned(taken, player, witness()))).toEqual([false, false]);
    expect(signedDevices(taken, 'alice', witness())).toEqual([laptop]);
    expect(taken.replaced).toEqual([phone]);
  });

  it('changes nothing for devices of other names, and nothing before the story', () => {
    expect(isSigned(known(t.logsIn('bob.laptop', bob, 'LAPTOP')), laptop, witness())).toBe(true);
    expect(next(start, t.logsIn(phone, alice, 'PHONE'), before).replaced).toEqual([]);
    expect(known(comes).replaced).toEqual([]);
  });
});

describe('an identity is another', () => {
  it('only where an honest device of its user publishes a master key and the server takes it', () => {
    expect(next(start, renews(phone), story, witness({ stolen: [phone] }))).toBe(start);
    expect(next(start, renews('mallory'))).toBe(start);
    expect(next(start, renews(phone, {}))).toBe(start);
    expect(next(start, renews(phone, undefined, 401))).toEqual({ ...start, strays: { [phone]: true } });
  });

  it('and not by what is published or signed before the story', () => {
    expect(next(start, renews(phone), before)).toBe(start);
    expect(next(start, t.signs(phone, alice, 'PHONE'), before)).toBe(start);
  });

  it('has a public half where it names one', () => {
    expect(publicIn({ keys: { 'ed25519:m': 'm' } })).toBe('m');
    for (const key of [{ keys: {} }, { keys: { 'ed25519:m': 1 } }, {}, null, undefined, 'm'])
      expect(publicIn(key)).toBeNull();
  });
});

describe('the signed devices of a user', () => {
  const signed = known(comes, t.signs(phone, alice, 'TABLET'), t.logsIn('bob.tablet', bob, 'TABLET'));

  it('are those of the cast and those that came later, each once', () => {
    expect(signedDevices(signed, 'alice', witness())).toEqual([phone, laptop, tablet]);
    expect(signedDevices(signed, 'bob', witness())).toEqual([bobs]);
    const renewed = next(next(signed, renews(phone)), t.signs(phone, alice, 'PHONE'));
    expect(signedDevices(renewed, 'alice', witness())).toEqual([phone]);
  });

  it('may be in bad hands', () => {
    const stolen = witness({ stolen: [laptop] });
    expect([laptop, phone].map((player) => isSignedThief(signed, stolen, player))).toEqual([true, false]);
    expect(isSignedThief(known(renews(phone)), stolen, laptop)).toBe(false);
  });
});

describe('who is signed', () => {
  it('is remembered anew only where something is new', () => {
    const signed = known(comes, t.signs(phone, alice, 'TABLET'));
    for (const moment of [t.signs(phone, alice, 'TABLET'), t.syncs(phone, {}), t.writes(phone, 'hello')])
      expect(next(signed, moment)).toBe(signed);
    expect(noneSigned).toEqual({
      copied: {},
      accounts: { logins: [] },
      since: {},
      made: {},
      strays: {},
      renewed: [],
      replaced: [],
    });
    expect(next(start, comes, before).accounts).not.toBe(start.accounts);
  });
});
