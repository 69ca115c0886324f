import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts, SecretOrigin } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { backupKeyIntegrity } from './backup-key-integrity.ts';
import { dataDurability } from './data-durability.ts';
import { secretAuthenticity } from './secret-authenticity.ts';
import { secretConfidentiality } from './secret-confidentiality.ts';
import { secretConvergence } from './secret-convergence.ts';
import * as t from './testing.ts';
import { alice, everybody, learns, request, server, shown, step, stores, verdict, witness } from './testing.ts';

const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const backup = 'm.megolm_backup.v1';
const master = 'm.cross_signing.master';
const argument = '4385-both-compromise-argument';
const texts = { MSC4385: 'push-variant', MSC1219: 'spec-v1.19' };
const cast = witness({ implements: texts });
const robbed = witness({ implements: texts, stolen: [laptop] });

const half = (secret: string): string => `${secret} public`;
const has = (player: PlayerId, secret: string, origin: SecretOrigin = { how: 'made' }, name = backup): Moment =>
  stores(player, { patch: 'secret', name, held: { secret, public: half(secret), origin } });
const pushed: SecretOrigin = { how: 'push', user: '@alice:a.example', device: 'LAPTOP' };
const forgets = (player: PlayerId): Moment => stores(player, { patch: 'forget secret', name: backup });
const version = (player: PlayerId, number: string, secret: string, status = 200): Moment =>
  request(
    player,
    {
      method: 'POST',
      path: paths.backupVersions,
      body: { algorithm: 'a', auth_data: { public_key: half(secret) } },
      status,
    },
    { version: number },
  );
const removes = (player: PlayerId, number: string): Moment =>
  request(player, { method: 'DELETE', path: paths.backupVersion(number) });
const publishes = (player: PlayerId, secret: string, status = 200): Moment =>
  request(player, {
    method: 'POST',
    path: paths.deviceSigningUpload,
    body: { master_key: { keys: { [`ed25519:${half(secret)}`]: half(secret) } } },
    status,
  });
const uses = (player: PlayerId, number: string, secret: string): Moment =>
  stores(player, { patch: 'backup', backup: { version: number, publicKey: half(secret) } });
const fills = (player: PlayerId): Moment =>
  request(player, { method: 'PUT', path: paths.backupKeys, body: { rooms: {} } });
const keysOf = (player: PlayerId, curve: string): Moment =>
  request(player, {
    method: 'POST',
    path: paths.keysUpload,
    body: { device_keys: { device_id: 'LAPTOP', keys: { 'curve25519:LAPTOP': curve } } },
  });
/** A push arrives: sealed by whoever has that key, or in the clear (`null`). */
const comes = (to: PlayerId, secret: string, curve: string | null): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type: curve === null ? 'm.secret.push' : 'm.room.encrypted', content: { name: backup, secret } },
  opened: curve === null ? null : { type: 'm.secret.push', content: { name: backup, secret } },
  facts: { encrypted: curve !== null, sender: { curve25519: curve, device: 'PHONE' } } as EnvelopeFacts,
});
const signs = (device: string): Moment => t.signs(phone, alice, device);
const logsInTablet = t.logsIn('alice.tablet', alice, 'TABLET');
const does = (player: PlayerId, what: string): Moment => ({ kind: 'acted', player, what, detail: {} });

/** Version 1 with key `old` and the identity `first` stand, and both devices have both. */
const before: Step = {
  choice: everybody().choice,
  moments: [
    ...everybody().moments,
    publishes(phone, 'first'),
    version(phone, '1', 'old'),
    ...[phone, laptop].flatMap((player) => [has(player, 'old'), has(player, 'first', undefined, master)]),
    keysOf(laptop, 'laptop curve'),
  ],
};
const said = (guarantee: unknown, moments: readonly Moment[], who = cast): string =>
  verdict(guarantee, [before, ...moments.map((moment) => step(moment))], who);
const withNew = [version(phone, '2', 'new'), has(phone, 'new')];

describe('secret-convergence', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['nothing happens', [], 'holds'],
    ['a new version, whose key comes to all', [...withNew, has(laptop, 'new', pushed)], 'holds (it happens)'],
    ['a new version, whose key does not come', withNew, `breaks at ${laptop}`],
    ['a key for which there is no version', [version(phone, '2', 'new', 503), has(phone, 'new')], `breaks at ${phone}`],
    ['a version is made and nobody has its key', [version(phone, '2', 'lost')], `breaks at ${phone}`],
    [
      'a version is deleted, and leads back to one that all have the key of',
      [version(phone, '2', 'new'), removes(phone, '2')],
      'holds',
    ],
    ['it leads back to one whose key one has dropped', [...withNew, removes(phone, '2')], `breaks at ${phone}`],
    ['all versions are deleted', [removes(phone, '1'), forgets(phone)], 'holds'],
    ['the key is forgotten, and the version stands', [forgets(phone)], `breaks at ${phone}`],
    [
      'a new identity is refused',
      [publishes(laptop, 'next', 401), has(laptop, 'next', undefined, master)],
      `breaks at ${laptop}`,
    ],
    [
      'a new identity is taken, and has not signed the others',
      [publishes(laptop, 'next'), has(laptop, 'next', undefined, master)],
      'holds',
    ],
    [
      'a new identity is taken, and signs another that lacks its keys',
      [publishes(laptop, 'next'), has(laptop, 'next', undefined, master), signs('PHONE')],
      `breaks at ${phone}`,
    ],
    ['whoever lacks it has logged out', [...withNew, request(laptop, { method: 'POST', path: paths.logout })], 'holds'],
    [
      'whoever lacks it was removed',
      [...withNew, request(phone, { method: 'DELETE', path: paths.device('LAPTOP') })],
      'holds',
    ],
    [
      'its person turned it down',
      [
        ...withNew,
        comes(laptop, 'new', 'c'),
        shown(laptop, 'secret pushed', { name: backup, device: 'PHONE' }),
        does(laptop, 'refuses'),
      ],
      'accepted by 4385-push-may-prompt',
    ],
    [
      'its person turned an earlier one down',
      [shown(laptop, 'secret pushed', { name: backup }), does(laptop, 'refuses'), ...withNew],
      `breaks at ${laptop}`,
    ],
    ['its person refused something else', [...withNew, does(laptop, 'refuses')], `breaks at ${laptop}`],
  ])('%s', (_, moments, expected) => {
    expect(said(secretConvergence, moments, meant)).toBe(expected);
  });
  const meant = { ...cast, isMeantBy: () => true };

  it('excuses a client without support for the very secret that was wasted on it', () => {
    const old = {
      ...cast,
      isMeantBy: () => true,
      implementsText: (player: PlayerId, text: string) => player !== laptop && cast.implementsText(player, text),
    };
    expect(said(secretConvergence, [...withNew, comes(laptop, 'new', 'c')], old)).toBe(
      'accepted by 4385-push-legacy-wasted',
    );
    expect(said(secretConvergence, [comes(laptop, 'old', 'c'), ...withNew], old)).toBe(`breaks at ${laptop}`);
    expect(said(secretConvergence, withNew, old)).toBe(`breaks at ${laptop}`);
  });

  it('takes no version of a thief’s for hers, and one that a thief deletes for gone', () => {
    expect(said(secretConvergence, [version(laptop, '2', 'evil')], robbed)).toBe('holds');
    expect(said(secretConvergence, [...withNew, removes(laptop, '2')], robbed)).toBe(`breaks at ${phone}`);
  });
});

const planted = (...first: readonly Moment[]) => [...first, has(phone, 'evil', pushed)];
const used = (...first: readonly Moment[]) => [...planted(...first), uses(phone, '2', 'evil'), fills(phone)];
const bySibling = comes(phone, 'evil', 'laptop curve');

describe.each([
  ['secret-authenticity', secretAuthenticity, planted],
  ['backup-key-integrity', backupKeyIntegrity, used],
])('%s', (_, guarantee, story) => {
  it('is conceded where a stolen device that is signed has pushed the key itself', () => {
    expect(said(guarantee, story(bySibling), robbed)).toBe(`accepted by ${argument}`);
  });

  it.each<[what: string, first: readonly Moment[], who: typeof cast]>([
    ['nobody has stolen anything', [bySibling], cast],
    ['somebody else has sealed it', [comes(phone, 'evil', 'ghost curve')], robbed],
    ['it has pushed another key', [comes(phone, 'other', 'laptop curve')], robbed],
    ['it has pushed it to somebody else', [comes('bob.phone', 'evil', 'laptop curve')], robbed],
    ['nobody has signed it', [bySibling], { ...robbed, signedAtStart: (player) => player !== laptop }],
    ['a new identity has not signed it', [publishes(phone, 'next'), bySibling], robbed],
    ['its receiver follows another text', [bySibling], witness({ implements: {}, stolen: [laptop] })],
    ['the sentence is off', [bySibling], witness({ implements: texts, stolen: [laptop], off: [argument] })],
    ['it came in the clear, from anybody', [comes(phone, 'evil', null)], robbed],
  ])('breaks where %s', (_what, first, who) => {
    expect(said(guarantee, story(...first), who)).toBe(`breaks at ${phone}`);
  });

  it('is conceded in the clear where the stolen device is who sent it', () => {
    const sends = request(laptop, {
      method: 'PUT',
      path: paths.sendToDevice('m.secret.push', 't'),
      body: { messages: { '@alice:a.example': { PHONE: { name: backup, secret: 'evil' } } } },
    });
    expect(said(guarantee, story(sends, comes(phone, 'evil', null)), robbed)).toBe(`accepted by ${argument}`);
  });
});

describe('backup-key-integrity', () => {
  const fillsWith = (secret: string, ...first: readonly Moment[]) => [...first, uses(phone, '2', secret), fills(phone)];
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['its own device has made the key', fillsWith('new', has(phone, 'new')), 'holds (it happens)'],
    ['she has typed it in', fillsWith('new', has(phone, 'new', { how: 'entered' })), 'holds (it happens)'],
    [
      'her device made the version, and dropped the key as the answer was lost',
      fillsWith('lost', version(laptop, '2', 'lost')),
      'holds (it happens)',
    ],
    ['the server refused her version', fillsWith('lost', version(laptop, '2', 'lost', 503)), `breaks at ${phone}`],
    ['somebody else made the version', fillsWith('x', version('bob.phone', '2', 'x')), `breaks at ${phone}`],
    ['the key is that of another name', fillsWith('x', has(phone, 'x', undefined, master)), `breaks at ${phone}`],
    ['it came from nobody she knows', fillsWith('x', has(phone, 'x', pushed)), `breaks at ${phone}`],
    ['nothing is uploaded', [uses(phone, '2', 'evil')], 'holds'],
    ['it has stopped using it', [uses(phone, '2', 'x'), stores(phone, { patch: 'backup', backup: null })], 'holds'],
    ['she is in no cast', [uses('mallory', '2', 'x'), fills('mallory')], 'holds'],
  ])('%s', (_, moments, expected) => {
    expect(said(backupKeyIntegrity, moments)).toBe(expected);
  });

  it('counts what a stolen device makes in the story for nobody’s, and what it made before for hers', () => {
    expect(said(backupKeyIntegrity, fillsWith('x', version(laptop, '2', 'x')), robbed)).toBe(`breaks at ${phone}`);
    expect(said(backupKeyIntegrity, fillsWith('x', has(laptop, 'x')), robbed)).toBe(`breaks at ${phone}`);
    expect(said(backupKeyIntegrity, fillsWith('old'), robbed)).toBe('holds (it happens)');
    const onlyLaptop = { ...before, moments: [...everybody().moments, has(laptop, 'first key')] };
    const story = fillsWith('first key').map((moment) => step(moment));
    expect(verdict(backupKeyIntegrity, [onlyLaptop, ...story], robbed)).toBe('holds (it happens)');
  });
});

describe('secret-authenticity', () => {
  it('concedes nothing of what was asked for, and takes what she made or typed in', () => {
    const asked: SecretOrigin = { how: 'request', user: '@alice:a.example', device: 'LAPTOP' };
    expect(said(secretAuthenticity, [bySibling, has(phone, 'evil', asked)], robbed)).toBe(`breaks at ${phone}`);
    expect(said(secretAuthenticity, [has(phone, 'mine', { how: 'entered' })])).toBe('holds');
    expect(said(secretAuthenticity, [has(laptop, 'new'), has(phone, 'new', pushed)])).toBe('holds (it happens)');
  });
});

describe('secret-confidentiality', () => {
  const heard = (...through: readonly PlayerId[]): Moment => ({
    ...(learns('mallory', 's', 'read it', { through }) as Extract<Moment, { kind: 'learned' }>),
    term: 'old',
  });
  it.each<[what: string, moments: readonly Moment[], who: typeof cast, verdict: string]>([
    ['through a stolen device', [heard(laptop)], robbed, `accepted by ${argument}`],
    ['through no device', [heard()], robbed, 'breaks at mallory'],
    ['through another device', [heard(phone)], robbed, 'breaks at mallory'],
    [
      'through one that no identity of hers has signed',
      [publishes(phone, 'x'), heard(laptop)],
      robbed,
      'breaks at mallory',
    ],
    [
      'where nobody follows the text',
      [heard(laptop)],
      witness({ implements: {}, stolen: [laptop] }),
      'breaks at mallory',
    ],
  ])('is broken by who learns a secret %s', (_, moments, who, expected) => {
    expect(said(secretConfidentiality, moments, who)).toBe(expected);
  });

  it('is broken where a device that nobody has signed is given a secret', () => {
    expect(said(secretConfidentiality, [comes('alice.tablet', 'old', 'c')])).toBe('breaks at alice.tablet');
    expect(said(secretConfidentiality, [logsInTablet, signs('TABLET'), comes('alice.tablet', 'old', 'c')])).toBe(
      'holds',
    );
    const verified: Moment = { kind: 'acted', player: 'alice.tablet', what: 'verified', detail: {} };
    expect(said(secretConfidentiality, [logsInTablet, verified, comes('alice.tablet', 'old', 'c')])).toBe(
      'breaks at alice.tablet',
    );
    // What the server did not take is signed all the same.
    const refused = t.signs(phone, alice, 'TABLET', true);
    expect(said(secretConfidentiality, [logsInTablet, refused, comes('alice.tablet', 'old', 'c')])).toBe('holds');
    expect(said(secretConfidentiality, [publishes(laptop, 'next'), comes(phone, 'old', 'c')])).toBe(
      `breaks at ${phone}`,
    );
  });
});

describe('data-durability', () => {
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['a backup whose key she has is filled', [uses(phone, '1', 'old'), fills(phone)], 'holds'],
    [
      'a backup whose key she has on another device alone is filled',
      [forgets(phone), uses(phone, '1', 'old'), fills(phone)],
      'holds',
    ],
    [
      'a backup is filled whose key nobody has',
      [forgets(phone), forgets(laptop), uses(phone, '1', 'old'), fills(phone)],
      `breaks at ${phone}`,
    ],
    ['it is used and nothing goes there', [forgets(phone), forgets(laptop), uses(phone, '1', 'old')], 'holds'],
    [
      'the device has stopped using it',
      [
        forgets(phone),
        forgets(laptop),
        uses(phone, '1', 'old'),
        fills(phone),
        stores(phone, { patch: 'backup', backup: null }),
      ],
      'holds',
    ],
    ['a backup that was never hers is filled', [uses(phone, '9', 'evil'), fills(phone)], 'holds'],
    [
      'whoever has the key has logged out',
      [forgets(phone), uses(phone, '1', 'old'), fills(phone), request(laptop, { method: 'POST', path: paths.logout })],
      `breaks at ${phone}`,
    ],
  ])('%s', (_, moments, expected) => {
    expect(said(dataDurability, moments)).toBe(expected);
  });

  const restores = (player: PlayerId, room: string | null = null, status = 200): readonly Moment[] => [
    does(player, 'restore backup'),
    request(player, { method: 'GET', path: room === null ? paths.backupKeys : paths.backupRoomKeys(room), status }),
  ];
  const made = t.makes(`${laptop}/1`);
  const gets = (player: PlayerId) => t.holds(player, `${laptop}/1`, { how: 'backup', version: '1' });
  it.each<[what: string, moments: readonly Moment[], verdict: string]>([
    ['a device restores what another had', [made, ...restores(phone), gets(phone)], 'holds (it happens)'],
    ['a device restores, and lacks a key', [made, ...restores(phone)], `breaks at ${phone}`],
    ['a device had it before it restores', [made, gets(phone), ...restores(phone)], 'holds'],
    ['another gets what it restores', [made, ...restores(phone), gets('bob.phone')], `breaks at ${phone}`],
    ['there is nothing to restore', [made, does(phone, 'restore backup')], 'holds'],
    ['the server has nothing, or refuses', [made, ...restores(phone, null, 404)], 'holds'],
    ['the answer is lost', [made, ...restores(phone).map((one) => ({ ...one, lost: true }) as Moment)], 'holds'],
    ['only a room’s keys are fetched', [made, ...restores(phone, t.den)], 'holds'],
    ['nobody restores', [made], 'holds'],
    ['another user’s keys are not hers', [t.makes('bob.phone/1'), ...restores(phone)], 'holds'],
  ])('judges whoever restores: %s', (_, moments, expected) => {
    expect(said(dataDurability, moments)).toBe(expected);
  });

  it('asks nothing of a device in a thief’s hands', () => {
    expect(said(dataDurability, [t.makes(`${phone}/1`), ...restores(laptop)], robbed)).toBe('holds');
  });
});
