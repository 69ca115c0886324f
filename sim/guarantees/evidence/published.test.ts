/** Backup versions that stand and cross-signing keys that are published, told from requests that were done. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { everybody, mallory, witness } from '../testing.ts';
import { currentVersion, nothingPublished, type Published, publishedAfter, workingPublic } from './published.ts';

const [phone, laptop, bobs] = ['alice.phone', 'alice.laptop', 'bob.phone'];
const story = t.step();
const before = everybody();
const next = (known: Published, moment: Moment, who = witness(), step: Step = story): Published =>
  publishedAfter(known, moment, step, who);
const start = before.moments.reduce((known, moment) => next(known, moment, witness(), before), nothingPublished);
const known = (...moments: readonly Moment[]): Published => moments.reduce((now, one) => next(now, one), start);

const makes = (player: PlayerId, version: string | null, key: string | null = `key ${version}`): Moment =>
  t.request(
    player,
    { method: 'POST', path: paths.backupVersions, body: { auth_data: key === null ? {} : { public_key: key } } },
    version === null ? {} : { version },
  );
const deletes = (player: PlayerId, version: string, status = 200): Moment =>
  t.request(player, { method: 'DELETE', path: paths.backupVersion(version), status });
const keyOf = (key: Json): JsonObject => ({ keys: { [`ed25519:${String(key)}`]: key } });
const publishes = (player: PlayerId, body: JsonObject, status = 200): Moment =>
  t.request(player, { method: 'POST', path: paths.deviceSigningUpload, body, status });
const [master, selfSigning, userSigning] = [
  'm.cross_signing.master',
  'm.cross_signing.self_signing',
  'm.cross_signing.user_signing',
];
const all = (nth: string): JsonObject => ({
  master_key: keyOf(`m${nth}`),
  self_signing_key: keyOf(`s${nth}`),
  user_signing_key: keyOf(`u${nth}`),
});

describe('the backup versions of a user', () => {
  it('are those that their own devices made and the server took, the last one current', () => {
    const two = known(makes(phone, '1'), makes(laptop, '2'), makes(bobs, '1', 'of bob'));
    expect(two.versions).toEqual({
      alice: [
        { version: '1', public: 'key 1' },
        { version: '2', public: 'key 2' },
      ],
      bob: [{ version: '1', public: 'of bob' }],
    });
    expect(currentVersion(two, 'alice')).toEqual({ version: '2', public: 'key 2' });
    expect(currentVersion(two, 'charlie')).toBeNull();
    expect(currentVersion(known(makes(phone, '1', null)), 'alice')).toEqual({ version: '1', public: null });
  });

  it('are each there once', () => {
    const again = known(makes(phone, '1'), makes(phone, '2'), makes(phone, '1', 'another'));
    expect(again.versions.alice).toEqual([
      { version: '2', public: 'key 2' },
      { version: '1', public: 'another' },
    ]);
  });

  it('are not those of a thief, of a server, or without a name; before the story nobody is a thief', () => {
    const thief = witness({ stolen: [laptop] });
    expect(next(start, makes(laptop, '1'), thief)).toBe(start);
    expect(next(start, makes(laptop, '1'), thief, before).versions).toEqual({
      alice: [{ version: '1', public: 'key 1' }],
    });
    expect(next(start, makes('a.example', '1'))).toBe(start);
    expect(next(start, makes(phone, null))).toBe(start);
  });

  it('are gone once somebody has deleted them, and lead back to the one before', () => {
    const both = known(makes(phone, '1'), makes(phone, '2'));
    const left = next(both, deletes(laptop, '2'));
    expect(left.versions.alice).toEqual([{ version: '1', public: 'key 1' }]);
    expect(next(both, deletes(laptop, '1'), witness({ stolen: [laptop] })).versions.alice).toEqual([
      { version: '2', public: 'key 2' },
    ]);
    for (const moment of [deletes(phone, '3'), deletes(phone, '2', 404), deletes(bobs, '2'), deletes('nobody', '2')])
      expect(next(both, moment)).toBe(both);
    expect(next(start, deletes(phone, '1'))).toBe(start);
  });
});

describe('the identity of a user', () => {
  it('is what their own devices published last, key by key', () => {
    const one = known(publishes(phone, all('1')));
    expect(one.identity).toEqual({ alice: { [master]: 'm1', [selfSigning]: 's1', [userSigning]: 'u1' } });
    const renewed = next(one, publishes(laptop, { self_signing_key: keyOf('s2') }));
    expect(renewed.identity.alice).toEqual({ [master]: 'm1', [selfSigning]: 's2', [userSigning]: 'u1' });
    expect(known(publishes(phone, { master_key: keyOf('m') })).identity).toEqual({ alice: { [master]: 'm' } });
  });

  it('is not what was refused, nor what a thief or an attacker publishes', () => {
    expect(next(start, publishes(phone, all('1'), 401))).toBe(start);
    expect(next(start, publishes(phone, all('1')), witness({ stolen: [phone] }))).toBe(start);
    const there = next(start, t.logsIn('mallory', mallory, 'PHONE'));
    expect(next(there, publishes('mallory', all('1')))).toBe(there);
  });
});

describe('what works', () => {
  const published = known(makes(phone, '1'), makes(phone, '2'), publishes(phone, all('1')));
  const works = (name: string, user = 'alice', now = published) => workingPublic(now, user, name);

  it('is the key of the current backup version, and of the identity that is published', () => {
    expect(works('m.megolm_backup.v1')).toBe('key 2');
    expect([works(master), works(selfSigning), works(userSigning)]).toEqual(['m1', 's1', 'u1']);
    expect(works('m.megolm_backup.v1', 'alice', next(published, deletes(phone, '2')))).toBe('key 1');
  });

  it('is nothing where nothing is published, and not asked of secrets without a public half', () => {
    expect(works('m.megolm_backup.v1', 'bob')).toBeNull();
    expect(works(master, 'bob')).toBeNull();
    expect(works(userSigning, 'alice', known(publishes(phone, { master_key: keyOf('m') })))).toBeNull();
    expect(works('m.dehydrated_device')).toBeUndefined();
  });
});

describe('what is published', () => {
  it('is remembered anew only where something is new', () => {
    for (const moment of [t.syncs(phone, {}), t.writes(phone, 'hello'), makes('nobody', '1')])
      expect(next(start, moment)).toBe(start);
    expect(next(start, t.logsIn('alice.tablet', t.alice, 'TABLET')).accounts).not.toBe(start.accounts);
  });
});
