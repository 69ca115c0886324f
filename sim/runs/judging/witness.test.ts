/** What a witness knows of the cast, and of what devices ran when it is asked. */
import { describe, expect, it } from 'vitest';
import { identifierForms } from '../../../machines/names.ts';
import type { DeviceSettings } from '../../../machines/types.ts';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import { aliceAndDevices, plainSettings } from '../../engine/testing.ts';
import type { Act } from '../../engine/types.ts';
import type { Releases } from '../../engine/updated.ts';
import { stageWith } from '../../verbs/port.ts';
import { witnessOf } from './judge.ts';

const update = (verb: string, to: string): Act => ({ who: 'alice.phone', verb, args: { [verb]: to } });
/** Places of the updates among those of the story. */
const updates = { gainsText: 0, losesClause: 1 };
const scenario = aliceAndDevices({
  devices: ['phone', 'laptop'],
  attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
  story: [[update('update to', 'MSC4268 merged')], [update('stop keeping', '4268-conflict-impl-defined')]],
});
const options = {
  suite: makeSymbolicSuite('1'),
  turns: [{ turn: 'off', clause: '4385-push-encrypted', for: 'alice.phone' }],
} as const;
const stage = stageWith(scenario, options);

describe('a witness', () => {
  const told: string[] = [];
  const witness = witnessOf(stage, () => void told.push('settings'));

  it('knows who is honest, whose is whose, and what was stolen', () => {
    const players = ['alice.phone', 'alice.laptop', 'mallory', 'alice.tablet', 'constructor.phone'];
    expect(players.map(witness.honest)).toEqual([true, false, false, true, false]);
    expect(players.map(witness.ownerOf)).toEqual(['alice', 'alice', null, 'alice', null]);
    expect(players.map(witness.stolen)).toEqual([false, true, false, false, false]);
    expect(players.map(witness.signedAtStart)).toEqual([true, true, false, false, false]);
    expect([witness.devicesOf('alice'), witness.devicesOf('mallory')]).toEqual([['alice.phone', 'alice.laptop'], []]);
    expect(told).toEqual([]);
  });

  it('says that it looked at settings where it did', () => {
    expect([
      witness.off('alice.phone', '4385-push-encrypted'),
      witness.off('alice.laptop', '4385-push-encrypted'),
    ]).toEqual([true, false]);
    expect([
      witness.implementsText('alice.phone', 'MSC4385'),
      witness.implementsText('alice.phone', 'MSC4153'),
    ]).toEqual([true, false]);
    expect(witness.implementsText('alice.phone', 'MSC9999')).toBe(false);
    expect(told).toHaveLength(5);
  });

  it('tells a sentence that a device’s text has, turned off or not, from one of another revision and one of another text', () => {
    const { isMeantBy } = witnessOf(stage);
    expect(
      ['4385-push-encrypted', '4385-push-reject-plaintext', '4385-send-without-request', '4268-flag-meaning'].map(
        (clause) => [clause, isMeantBy('alice.phone', clause)],
      ),
    ).toEqual([
      ['4385-push-encrypted', true],
      ['4385-push-reject-plaintext', true],
      ['4385-send-without-request', false],
      ['4268-flag-meaning', false],
    ]);
  });

  it('goes by what a device ran at the time, and not by what it is updated to', () => {
    const seen = (releases: Releases) => {
      const { implementsText, isMeantBy, off } = witnessOf(stage, undefined, undefined, releases);
      const clause = '4268-conflict-impl-defined';
      return [
        implementsText('alice.phone', 'MSC4268'),
        isMeantBy('alice.phone', clause),
        off('alice.phone', clause),
        implementsText('alice.laptop', 'MSC4268'),
      ];
    };
    expect(seen({})).toEqual([false, false, false, false]);
    expect(seen({ 'alice.phone': [updates.gainsText] })).toEqual([true, true, false, false]);
    expect(seen({ 'alice.phone': [updates.gainsText, updates.losesClause] })).toEqual([true, true, true, false]);
  });

  it('asks for what a device began with as after no update', () => {
    const asked: (readonly number[])[] = [];
    const noting = {
      ...stage,
      settingsAfter: (player: string, places: readonly number[]) => {
        asked.push(places);
        return stage.settingsAfter(player, places);
      },
    };
    witnessOf(noting, undefined, undefined, { 'alice.phone': [updates.gainsText] }).form('alice.laptop');
    expect(asked).toEqual([[]]);
  });
});

describe('the form of a device', () => {
  const formOf = (more: Partial<DeviceSettings>) =>
    witnessOf(
      stageWith({ ...scenario, settings: { everyone: { ...plainSettings, ...more }, byDevice: {} } }, options),
    ).form('alice.laptop');

  it('is another one where names, a text or the name of a room key’s flag differ', () => {
    const { implements: texts } = plainSettings;
    const forms = [
      {},
      { identifiers: 'unstable' },
      { identifiers: 'both' },
      { implements: { ...texts, MSC4385: 'send-variant' } },
      { implements: { ...texts, MSC4268: 'merged' } },
      { readings: { q22: 'A' } },
      { readings: { q22: 'B' } },
    ] as const;
    expect(new Set(forms.map((one) => formOf(one).text)).size).toBe(forms.length);
  });

  it('is the same in whatever order texts stand, however else devices are turned', () => {
    const reversed = Object.fromEntries(Object.entries(plainSettings.implements).reverse());
    expect(formOf({ implements: reversed })).toEqual(formOf({}));
    expect(formOf({ off: ['4385-push-encrypted'], options: { x: 1 }, readings: { q1: 'B' } })).toEqual(formOf({}));
  });

  it('is final where a device writes final names and no others', () => {
    expect(identifierForms.filter((identifiers) => formOf({ identifiers }).isFinal)).toEqual(['stable', 'stable only']);
  });
});
