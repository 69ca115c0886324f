/** What people have to be told of what their clients do with secrets and with the backup preference, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import type { HeardEvent } from '../../machines/events.ts';
import type { JsonObject } from '../../machines/json.ts';
import type { SecretOrigin } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { consentAwareness } from './consent-awareness.ts';
import { everybody, shown, step, stores, verdict, watched, witness } from './testing.ts';

const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const [backup, master] = ['m.megolm_backup.v1', 'm.cross_signing.master'];
const cast = witness({ implements: { MSC4385: 'push-variant', MSC4287: 'merged', MSC1219: 'spec-v1.19' } });

const takes = (player: PlayerId, name = backup, how: 'push' | 'request' = 'push', from = 'LAPTOP'): Moment => {
  const origin: SecretOrigin = { how, user: '@alice:a.example', device: from };
  return stores(player, { patch: 'secret', name, held: { secret: 's', public: 'p', origin } });
};
const isTold = (player: PlayerId, name = backup, about = 'secret pushed', more: JsonObject = {}) =>
  shown(player, about, { name, device: 'LAPTOP', ...more });
const follows = (player: PlayerId, why: 'preference' | 'user' = 'preference'): Moment =>
  stores(player, { patch: 'backup preference', isOn: false, why });
const isToldOfIt = (player: PlayerId, isOn = false) => shown(player, 'backup preference followed', { isOn });
const refuses = (chart: string): Moment => ({
  kind: 'heard',
  player: phone,
  chart,
  event: { type: 'user.refuses' } as HeardEvent,
});
const word = (name: string) => ({ of: 'secret', name, device: 'LAPTOP', public: null });
const steps = (moments: readonly Moment[]) => [everybody(), ...moments.map((moment) => step(moment))];
const said = (moments: readonly Moment[], who = cast) => verdict(consentAwareness, steps(moments), who);
const toldAfter = (moments: readonly Moment[]) =>
  (watched(consentAwareness, steps(moments), cast).memory as { told: unknown }).told;

const breaks = `breaks at ${phone}`;
const happens = 'holds (it happens)';

describe('consent-awareness of secrets', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['one is taken and nobody is told', [takes(phone)], breaks],
    ['its person is told before', [isTold(phone), takes(phone)], happens],
    ['its person is told that it replaces another', [isTold(phone, backup, 'secret replaced'), takes(phone)], happens],
    ['its person is told too late', [takes(phone), isTold(phone)], breaks],
    ['the person at another device is told', [isTold(laptop), takes(phone)], breaks],
    ['word is of another secret', [isTold(phone, master), takes(phone)], breaks],
    ['word is of something else', [isTold(phone, backup, 'secret missing'), takes(phone)], breaks],
    [
      'word is of another device’s',
      [isTold(phone, backup, 'secret pushed', { device: 'TABLET' }), takes(phone)],
      breaks,
    ],
    ['word is of another value', [isTold(phone, backup, 'secret pushed', { public: 'other' }), takes(phone)], breaks],
    ['word is of that value', [isTold(phone, backup, 'secret pushed', { public: 'p' }), takes(phone)], happens],
    [
      'the first of two is taken, and the second is asked about',
      [isTold(phone, backup, 'secret pushed', { device: 'TABLET' }), isTold(phone), takes(phone)],
      happens,
    ],
    ['it was turned down', [isTold(phone), refuses('secret-push'), takes(phone)], breaks],
    ['something else was turned down', [isTold(phone), refuses('room-keys'), takes(phone)], happens],
    ['it was asked for', [takes(phone, backup, 'request')], 'holds'],
    ['one word has to do for two', [isTold(phone), takes(phone), takes(phone)], `${breaks} (it happens)`],
    [
      'two come, with a word for each',
      [isTold(phone), isTold(phone, master), takes(phone, master), takes(phone)],
      happens,
    ],
    ['two devices are told', [isTold(phone), isTold(laptop), takes(phone), takes(laptop)], happens],
  ])('where %s', (_, moments, expected) => {
    expect(said(moments)).toBe(expected);
  });

  it('asks nothing of a device in bad hands', () => {
    expect(said([takes(phone)], witness({ stolen: [phone] }))).toBe('holds');
  });

  it('says which secret of whom, and is conceded by no text', () => {
    const { breaks } = watched(consentAwareness, steps([takes(phone)]), cast);
    expect(breaks).toMatchObject([
      { at: phone, about: { is: 'secret', user: 'alice', name: backup }, acceptedBy: null },
    ]);
    expect(consentAwareness.accepts).toEqual([]);
  });

  it('remembers what was told and not yet seen, and nothing else', () => {
    expect(toldAfter([isTold(phone), isTold(phone), isTold(phone, master)])).toEqual({
      [phone]: [word(backup), word(master)],
    });
    expect(toldAfter([isTold(phone), takes(phone)])).toEqual({});
    expect(toldAfter([takes(phone)])).toEqual({});
  });
});

describe('consent-awareness of the backup preference', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['the account data are followed and nobody is told', [follows(phone)], breaks],
    ['its person is told', [isToldOfIt(phone), follows(phone)], happens],
    ['its person is told the opposite', [isToldOfIt(phone, true), follows(phone)], breaks],
    ['its person is told something else', [isTold(phone), follows(phone)], breaks],
    ['its person decides themselves', [follows(phone, 'user')], 'holds'],
    ['one word has to do for two', [isToldOfIt(phone), follows(phone), follows(phone)], `${breaks} (it happens)`],
    ['two devices are told', [isToldOfIt(phone), isToldOfIt(laptop), follows(phone), follows(laptop)], happens],
    ['word of a secret stands beside', [isTold(phone), isToldOfIt(phone), follows(phone), takes(phone)], happens],
  ])('where %s', (_, moments, expected) => {
    expect(said(moments)).toBe(expected);
  });

  it('says whose preference it is', () => {
    const { breaks } = watched(consentAwareness, steps([follows(phone)]), cast);
    expect(breaks).toMatchObject([{ at: phone, about: { is: 'preference', user: 'alice' } }]);
  });

  it('remembers word that was given until the client does as it said', () => {
    expect(toldAfter([isToldOfIt(phone), isToldOfIt(phone)])).toEqual({
      [phone]: [{ of: 'preference', isOn: false }],
    });
    expect(toldAfter([follows(phone)])).toEqual({});
  });
});
