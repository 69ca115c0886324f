/** Which devices their user's identity has signed. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, bob, everybody, witness } from '../testing.ts';
import { isSigned, isSignedThief, noneSigned, publicIn, type Signed, signedAfter, signedDevices } from './signed.ts';

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
    expect(next(there, t.signs(phone, alice, 'TABLET', true))).toBe(there);
    expect(next(there, uploads(phone, { [alice]: { TABLET: {} } }, 403))).toBe(there);
    const two = t.request(
      phone,
      { method: 'POST', path: paths.signaturesUpload, body: { [alice]: { TABLET: {}, LAPTOP: {} } } },
      { failures: { [alice]: { LAPTOP: { errcode: 'M_INVALID_SIGNATURE' } } } },
    );
    expect(next(there, two).since).toEqual({ [alice]: ['TABLET'] });
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
    expect(next(start, renews(phone, undefined, 401))).toBe(start);
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
    expect(noneSigned).toEqual({ accounts: { logins: [] }, since: {}, renewed: [], replaced: [] });
    expect(next(start, comes, before).accounts).not.toBe(start.accounts);
  });
});
