/** Which backup versions a person would not have, and clients that ask again or go over to them all the same. */
import { describe, expect, it } from 'vitest';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { witness } from '../testing.ts';
import { againstRefusal, type Refusals, refusalsAfter } from './refusals.ts';

const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const asks = (version: string, player: PlayerId = phone): Moment => t.shown(player, 'use new backup', { version });
const acts = (what: string, player: PlayerId = phone): Moment => ({ kind: 'acted', player, what, detail: {} });
const uses = (version: string | null, player: PlayerId = phone): Moment =>
  t.stores(player, { patch: 'backup', backup: version === null ? null : { version, publicKey: 'k' } });
const knownAfter = (...moments: readonly Moment[]): Refusals => moments.reduce(refusalsAfter, {});

describe('what a person has turned down', () => {
  it('is the version they were asked about last, on that client', () => {
    expect(knownAfter(asks('2'))).toEqual({ [phone]: { asked: '2', turnedDown: [] } });
    expect(knownAfter(asks('2'), acts('refuses'))).toEqual({ [phone]: { asked: null, turnedDown: ['2'] } });
    const both = knownAfter(asks('2'), acts('refuses'), asks('3'), acts('refuses'));
    expect(both).toEqual({ [phone]: { asked: null, turnedDown: ['2', '3'] } });
    expect(knownAfter(asks('2'), acts('refuses'), asks('3'))).toEqual({ [phone]: { asked: '3', turnedDown: ['2'] } });
    expect(knownAfter(asks('2'), asks('3', laptop), acts('refuses'))[laptop]).toEqual({ asked: '3', turnedDown: [] });
  });

  it('is nothing any more once they say yes to a backup, in whichever way', () => {
    for (const what of ['accepts', 'turn backup on', 'create backup', 'reset backup'])
      expect(knownAfter(asks('2'), acts('refuses'), asks('3'), acts(what))[phone]).toEqual({
        asked: null,
        turnedDown: [],
      });
  });

  it('is not what they were asked before their client stopped, nor undone by a yes to something else', () => {
    const restarts: Moment = { kind: 'restarted', player: phone };
    expect(knownAfter(asks('2'), restarts, acts('refuses'))).toEqual({ [phone]: { asked: null, turnedDown: [] } });
    const refused = knownAfter(asks('2'), acts('refuses'));
    expect(refusalsAfter(refused, acts('accepts'))).toBe(refused);
    expect(knownAfter(asks('2'), acts('refuses'), asks('3'), restarts, acts('accepts'))[phone]?.turnedDown).toEqual([
      '2',
    ]);
    expect([refusalsAfter(refused, restarts), refusalsAfter(refused, { ...restarts, player: laptop })]).toEqual([
      refused,
      refused,
    ]);
  });

  it('stays what it is by all else that they do, and by a no that answers no question', () => {
    const [asked, refused] = [knownAfter(asks('2')), knownAfter(asks('2'), acts('refuses'))];
    expect(refusalsAfter(asked, acts('send'))).toBe(asked);
    expect(refusalsAfter(refused, acts('refuses'))).toBe(refused);
    for (const moment of [acts('refuses', laptop), acts('accepts', laptop), uses('2'), t.syncs(phone, {})])
      expect(refusalsAfter(refused, moment)).toBe(refused);
  });
});

describe('a client goes against a refusal', () => {
  const refused = knownAfter(asks('2'), acts('refuses'));
  const against = (moment: Moment, before = refused, who = witness()) => againstRefusal(before, moment, who);

  it('where it asks about the version again, or backs up to it', () => {
    expect(against(asks('2'))).toEqual({
      at: phone,
      about: { is: 'backup version', version: '2' },
      why: `${phone} asks about version 2, which its user has turned down`,
      acceptedBy: null,
    });
    expect(against(uses('2'))).toMatchObject({
      at: phone,
      about: { is: 'backup version', version: '2' },
      why: `${phone} backs up to version 2, which its user has turned down`,
    });
  });

  it('and not where it is another version, none, another client, or one in bad hands', () => {
    for (const moment of [asks('3'), uses('3'), uses(null), asks('2', laptop), uses('2', laptop), acts('refuses')])
      expect(against(moment)).toBeNull();
    expect(against(t.shown(phone, 'use new backup', {}))).toBeNull();
    expect(against(asks('2'), knownAfter(asks('2')))).toBeNull();
    for (const moment of [asks('2'), uses('2')])
      expect(against(moment, refused, witness({ stolen: [phone] }))).toBeNull();
  });
});
