import { describe, expect, it } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { consentAwareness } from './consent-awareness.ts';
import { dataDurability } from './data-durability.ts';
import { preferenceConvergence } from './preference-convergence.ts';
import { preferenceFidelity } from './preference-fidelity.ts';
import { serverDistrust } from './server-distrust.ts';
import { everybody, logsIn, request, server, shown, step, stores, verdict, witness } from './testing.ts';

const texts = { MSC4287: 'merged', MSC1219: 'spec-v1.19' };
const cast = witness({ implements: texts });
const nobody = witness({ implements: { MSC1219: 'spec-v1.19' } });
const phone = 'alice.phone';
const interim = 'm.org.matrix.custom.backup_disabled';
const laptop = 'alice.laptop';
const tablet = 'alice.tablet';

const turns = (player: PlayerId, what: 'on' | 'off'): Moment => ({
  kind: 'acted',
  player,
  what: `turn backup ${what}`,
  detail: {},
});
const decides = (player: PlayerId, isOn: boolean, why: 'preference' | 'own default' | 'user'): Moment =>
  stores(player, { patch: 'backup preference', isOn, why });
const comes = (player: PlayerId): Moment => logsIn(player, '@alice:a.example', 'TABLET');
const uploads = (player: PlayerId, status = 200): Moment =>
  request(player, { method: 'PUT', path: paths.backupKeys, body: { rooms: {} }, status });
const lies = (victim: PlayerId, after: Json): Moment => ({
  kind: 'forged',
  player: 'oscar',
  server,
  victim,
  what: 'shows other account data of type m.key_backup',
  accountData: 'm.key_backup',
  before: null,
  after,
});
const on = { enabled: true };
const off = { enabled: false };
const truth = (victim: PlayerId): Moment => ({ ...(lies(victim, null) as Forged), isTruthAgain: true });
type Forged = Extract<Moment, { kind: 'forged' }>;
/** Account data are written in alice's account. */
const writes = (player: PlayerId, body: Json, type = 'm.key_backup'): Moment =>
  request(player, { method: 'PUT', path: paths.accountData('@alice:a.example', type), body });
/** The server does not take them. */
const fails = (player: PlayerId, body: Json): Moment => ({ ...(writes(player, body) as Asked), status: 503 });
type Asked = Extract<Moment, { kind: 'request' }>;
const sets = (content: string): Moment => ({
  kind: 'acted',
  player: phone,
  what: 'set account data',
  detail: { type: 'm.key_backup', content },
});
const said = (guarantee: unknown, moments: readonly Moment[], who = cast): string => {
  const steps: readonly Step[] = [everybody(), ...moments.map((moment) => step(moment))];
  return verdict(guarantee, steps, who);
};

describe('a new backup version', () => {
  const asked = shown(phone, 'use new backup', { version: '2' });
  const does = (what: string): Moment => ({ kind: 'acted', player: phone, what, detail: {} });
  const used = stores(phone, { patch: 'backup', backup: { version: '2', publicKey: 'key' } });

  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['asked about once', [asked, does('refuses')], 'holds'],
    ['turned down and asked about again', [asked, does('refuses'), asked], `breaks at ${phone}`],
    ['turned down and used', [asked, does('refuses'), used], `breaks at ${phone}`],
    ['turned down, and wanted after all', [asked, does('refuses'), does('turn backup on'), used], 'holds'],
    ['accepted', [asked, does('accepts'), used], 'holds'],
    ['about which nobody was asked', [does('refuses'), used], 'holds'],
  ])('%s', (_what, moments, verdict) => {
    expect(said(preferenceFidelity, moments)).toBe(verdict);
  });
});

describe('preference-fidelity', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    [
      'a newcomer does as its user chose',
      [turns(phone, 'off'), comes(tablet), decides(tablet, false, 'preference')],
      'holds (it happens)',
    ],
    [
      'a newcomer does otherwise',
      [turns(phone, 'off'), comes(tablet), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    ['a newcomer never gets to do anything', [turns(phone, 'on'), comes(tablet)], `breaks at ${tablet}`],
    [
      'a newcomer uploads all the same',
      [turns(phone, 'off'), comes(tablet), decides(tablet, false, 'preference'), uploads(tablet)],
      `breaks at ${tablet} (it happens)`,
    ],
    [
      'whoever was there before goes on',
      [turns(phone, 'off'), uploads(laptop)],
      'accepted by 4287-no-required-monitoring',
    ],
    ['whoever was there before is refused', [turns(phone, 'off'), uploads(laptop, 404)], 'holds'],
    [
      'the server has said otherwise',
      [turns(phone, 'off'), comes(tablet), lies(tablet, on), decides(tablet, true, 'preference')],
      'accepted by 4287-forced-on-attack',
    ],
    [
      'the server has said otherwise, to another device',
      [turns(phone, 'off'), comes(tablet), lies(laptop, on), decides(tablet, true, 'preference')],
      `breaks at ${tablet}`,
    ],
    [
      'the server hides the choice, and a client that is led on uploads',
      [turns(phone, 'off'), comes(tablet), lies(tablet, null), decides(tablet, true, 'own default'), uploads(tablet)],
      'accepted by 4287-forced-on-attack',
    ],
    [
      'the server has told the truth since',
      [turns(phone, 'off'), comes(tablet), lies(tablet, on), truth(tablet), decides(tablet, true, 'preference')],
      `breaks at ${tablet}`,
    ],
    ['the one on which she chose goes on', [turns(phone, 'off'), uploads(phone)], `breaks at ${phone}`],
    [
      'one that was there before has stopped, and uploads',
      [turns(phone, 'off'), decides(laptop, false, 'preference'), uploads(laptop)],
      `breaks at ${laptop} (it happens)`,
    ],
    [
      'what she chose was not taken, and another cannot know',
      [turns(phone, 'off'), fails(phone, off), comes(tablet), decides(tablet, true, 'own default'), uploads(tablet)],
      'holds',
    ],
    [
      'what she chose was not taken, and the one she chose it on goes on',
      [turns(phone, 'off'), fails(phone, off), uploads(phone)],
      `breaks at ${phone}`,
    ],
    [
      'what she chose was not taken at first',
      [turns(phone, 'off'), fails(phone, off), writes(phone, off), comes(tablet), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    [
      'what she chose was taken at the second try, and somebody else has written over it',
      [
        turns(phone, 'off'),
        fails(phone, off),
        writes(phone, off),
        writes(laptop, on),
        comes(tablet),
        decides(tablet, true, 'preference'),
      ],
      `breaks at ${tablet}`,
    ],
    [
      'what she chose was not taken, and she chose it again on a client that never writes',
      [
        turns(phone, 'off'),
        fails(phone, off),
        turns(laptop, 'off'),
        comes(tablet),
        decides(tablet, true, 'own default'),
      ],
      `breaks at ${tablet}`,
    ],
    [
      'what she chose was not taken, and the one she chose it on logs in anew',
      [turns(phone, 'off'), fails(phone, off), comes(phone), decides(phone, true, 'own default'), uploads(phone)],
      'holds',
    ],
    [
      'another choice than hers was not taken',
      [turns(phone, 'off'), fails(phone, on), comes(tablet), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    ['nobody has chosen', [comes(tablet), decides(tablet, true, 'own default'), uploads(tablet)], 'holds'],
    ['its user changes their mind', [turns(phone, 'off'), turns(phone, 'on'), uploads(phone)], 'holds'],
    [
      'another client has written it',
      [sets('{"enabled":false}'), comes(tablet), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    [
      'another client has written nonsense',
      [sets('{"enabled":0}'), comes(tablet), decides(tablet, true, 'own default')],
      'holds',
    ],
  ])('%s', (_, moments, expected) => {
    expect(said(preferenceFidelity, moments)).toBe(expected);
  });

  it('asks nothing of clients that leave the preference alone', () => {
    const moments = [turns(phone, 'off'), uploads(laptop)];
    const alone = { options: { preference: 'ignore' }, implements: texts };
    expect(said(preferenceFidelity, moments, witness(alone))).toBe('holds');
  });
});

describe('preference-convergence', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    [
      'both come to the same',
      [turns(phone, 'off'), decides(phone, false, 'user'), decides(tablet, false, 'preference')],
      'holds (it happens)',
    ],
    [
      'one reads it otherwise',
      [decides(phone, false, 'user'), decides(tablet, true, 'preference')],
      `breaks at ${tablet}`,
    ],
    [
      'one does not find it',
      [decides(phone, false, 'preference'), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    [
      'nobody has chosen and defaults differ',
      [decides(phone, false, 'own default'), decides(tablet, true, 'own default')],
      'accepted by 4287-default-freedom',
    ],
    [
      'what is written is of no use, and defaults differ',
      [writes(phone, { enabled: 0 }), decides(phone, false, 'own default'), decides(tablet, true, 'own default')],
      'accepted by 4287-invalid-may-decide',
    ],
    [
      'something is written that counts, and nobody finds it',
      [writes(phone, on), decides(phone, false, 'own default'), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    [
      'something is written once all have decided',
      [decides(phone, false, 'own default'), decides(tablet, true, 'own default'), writes(phone, off)],
      'accepted by 4287-default-freedom',
    ],
    [
      'she has chosen, and two go by their defaults',
      [turns(laptop, 'on'), decides(phone, false, 'own default'), decides(tablet, true, 'own default')],
      `breaks at ${tablet}`,
    ],
    [
      'the first is lied to',
      [lies(phone, off), decides(phone, false, 'preference'), decides(tablet, true, 'own default')],
      'accepted by 4287-forced-off-attack',
    ],
    ['one is alone', [decides(phone, false, 'own default')], 'holds'],
  ])('%s', (_, moments, expected) => {
    expect(said(preferenceConvergence, moments)).toBe(expected);
  });

  it('does not excuse defaults that differ where the sentence is off', () => {
    const off = ['4287-default-freedom', '4287-invalid-may-decide'];
    const moments = [decides(phone, false, 'own default'), decides(tablet, true, 'own default')];
    expect(said(preferenceConvergence, moments, witness({ off, implements: texts }))).toBe(`breaks at ${tablet}`);
  });
});

describe('server-distrust', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['what is followed was chosen', [turns(phone, 'off'), decides(tablet, false, 'preference')], 'holds (it happens)'],
    ['what is followed nobody chose', [decides(tablet, false, 'preference')], `breaks at ${tablet}`],
    [
      'the server made it up, to turn backup on',
      [lies(tablet, on), decides(tablet, true, 'preference')],
      'accepted by 4287-forced-on-attack',
    ],
    [
      'the server made it up, to turn backup off',
      [lies(tablet, off), decides(tablet, false, 'preference')],
      'accepted by 4287-forced-off-attack',
    ],
    [
      'the server made it up, under the old name',
      [{ ...(lies(tablet, { disabled: true }) as Forged), accountData: interim }, decides(tablet, false, 'preference')],
      'accepted by 4287-forced-off-attack',
    ],
    [
      'the server made up the opposite of what is followed',
      [lies(tablet, on), decides(tablet, false, 'preference')],
      `breaks at ${tablet}`,
    ],
    [
      'the server wrote it by a device that it made up',
      [writes('oscar.ghost', off), decides(tablet, false, 'preference')],
      'accepted by 4287-forced-off-attack',
    ],
    [
      'a thief wrote it',
      [
        logsIn('mallory.burner', '@alice:a.example', 'BURNER'),
        writes('mallory.burner', off),
        decides(tablet, false, 'preference'),
      ],
      `breaks at ${tablet}`,
    ],
    [
      'a thief wrote it, and the server lies to another device',
      [
        logsIn('mallory.burner', '@alice:a.example', 'BURNER'),
        writes('mallory.burner', off),
        lies(laptop, off),
        decides(tablet, false, 'preference'),
      ],
      `breaks at ${tablet}`,
    ],
    [
      'the user chose it, and what she chose later the server did not take',
      [
        turns(phone, 'off'),
        writes(phone, off),
        turns(laptop, 'on'),
        fails(laptop, on),
        decides(tablet, false, 'preference'),
      ],
      'holds (it happens)',
    ],
    [
      'the user chose it, and otherwise since, and the server shows the old value',
      [
        turns(phone, 'off'),
        writes(phone, off),
        turns(laptop, 'on'),
        writes(laptop, on),
        lies(tablet, off),
        decides(tablet, false, 'preference'),
      ],
      'accepted by 4287-forced-off-attack',
    ],
    [
      'a thief wrote what the user had chosen before',
      [
        turns(phone, 'off'),
        writes(phone, off),
        turns(phone, 'on'),
        writes(phone, on),
        logsIn('mallory.burner', '@alice:a.example', 'BURNER'),
        writes('mallory.burner', off),
        decides(tablet, false, 'preference'),
      ],
      `breaks at ${tablet}`,
    ],
    [
      'a client wrote its default, which nobody chose',
      [writes(phone, off), decides(tablet, false, 'preference')],
      `breaks at ${tablet}`,
    ],
    ['the user was asked', [lies(tablet, off), decides(tablet, false, 'user')], 'holds'],
  ])('%s', (_, moments, expected) => {
    expect(said(serverDistrust, moments)).toBe(expected);
  });
});

describe('what else is promised', () => {
  it('is that whoever follows a stored preference says so', () => {
    expect(said(consentAwareness, [decides(tablet, false, 'preference')])).toBe(`breaks at ${tablet}`);
    const told = shown(tablet, 'backup preference followed', {});
    expect(said(consentAwareness, [told, decides(tablet, false, 'preference')])).toBe('holds (it happens)');
  });

  it('is that a user hears of it when the server takes no keys any more', () => {
    expect(said(dataDurability, [uploads(phone, 403)])).toBe(`breaks at ${phone}`);
    expect(said(dataDurability, [uploads(phone, 403), shown(phone, 'backup gone', {})])).toBe('holds');
  });

  it('is promised to nobody where no client knows the preference, but that one hears of the end of a backup', () => {
    const moments = [turns(phone, 'off'), comes(tablet), uploads(tablet), uploads(tablet, 403), lies(tablet, on)];
    const all = [preferenceFidelity, preferenceConvergence, serverDistrust, consentAwareness];
    expect(all.map((one) => said(one, moments, nobody))).toEqual(all.map(() => 'holds'));
    expect(said(dataDurability, moments, nobody)).toBe(`breaks at ${tablet}`);
  });
});
