/** What lies in key backups, request by request, and what a look into one brings. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { roomKeyName } from '../../../machines/room-types.ts';
import type { HeldBackup } from '../../../machines/store.ts';
import type { Moment } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, den } from '../testing.ts';
import { type BackedUp, backedUpAfter, lookIn, lyingIn } from './backed-up.ts';
import { putsRoomKeys } from './backups-testing.ts';

const phone = 'alice.phone';
const [one, two, other] = [roomKeyName(den, 's1'), roomKeyName(den, 's2'), roomKeyName(attic, 's3')];
const used: HeldBackup = { version: '1', publicKey: 'k' };
const isOfAttackers = roomKeyName(den, 'of nobody');

type Asker = Parameters<typeof backedUpAfter>[2];
const asker: Asker = { user: alice, uses: used, isHonest: true, isMade: (name) => name !== isOfAttackers };
const next = (known: BackedUp, moment: Moment, more: Partial<Asker> = {}): BackedUp =>
  backedUpAfter(known, moment, { ...asker, ...more });
const asks = (method: string, path: string, more: { version?: string; status?: number; response?: Json } = {}) => ({
  ...(t.request(phone, { method, path, status: more.status ?? 200 }, more.response ?? {}) as Extract<
    Moment,
    { kind: 'request' }
  >),
  query: { version: more.version ?? '1' },
});

const all = putsRoomKeys(phone, { [den]: { s1: 2, s2: 0 }, [attic]: { s3: 0 } });
const full = next({}, all);
const names = (known: BackedUp, user = alice, version = '1'): readonly string[] =>
  Object.keys(known[user]?.[version] ?? {}).sort();
const left = (moment: Moment): readonly string[] => names(next(full, moment));

describe('what lies in a backup', () => {
  it('is what its server has taken, of all rooms, of one or of one session', () => {
    expect(full).toEqual({
      [alice]: {
        1: {
          [one]: { index: 2, sealedTo: 'k' },
          [two]: { index: 0, sealedTo: 'k' },
          [other]: { index: 0, sealedTo: 'k' },
        },
      },
    });
    const entry = { first_message_index: 4 };
    const puts = (path: string, body: Json): Moment => ({ ...asks('PUT', path), body });
    const ofRoom = next({}, puts(paths.backupRoomKeys(den), { sessions: { s1: entry } }));
    const ofSession = next({}, puts(`${paths.backupRoomKeys(den)}/s1`, entry));
    expect([ofRoom, ofSession]).toEqual(Array(2).fill({ [alice]: { 1: { [one]: { index: 4, sealedTo: 'k' } } } }));
  });

  it('is there though nobody was told so, and is not where it was refused', () => {
    expect(next({}, { ...all, lost: true } as Moment)).toEqual(full);
    expect(next({}, { ...all, status: 403 } as Moment)).toEqual({});
  });

  it('is of honest devices that use that backup, and of sessions that somebody made', () => {
    expect(next({}, all, { isHonest: false })).toEqual({});
    expect(next({}, all, { uses: undefined })).toEqual({});
    expect(next({}, all, { uses: { ...used, version: '2' } })).toEqual({});
    expect(next({}, all, { user: null })).toEqual({});
    expect(next({}, putsRoomKeys(phone, { [den]: { 'of nobody': 0 } }))).toEqual({});
  });

  it('is the one that opens more of two for one session, and the first of equals', () => {
    const puts = (index: number, publicKey: string) =>
      next(full, putsRoomKeys(phone, { [den]: { s1: index } }), { uses: { ...used, publicKey } });
    expect(puts(1, 'new')[alice]?.['1']?.[one]).toEqual({ index: 1, sealedTo: 'new' });
    expect(puts(2, 'new')).toBe(full);
    expect(puts(3, 'new')).toBe(full);
  });

  it('is nothing once the version is deleted, or its number is given to another one', () => {
    expect(left(asks('DELETE', paths.backupVersion('1')))).toEqual([]);
    expect(left(asks('DELETE', paths.backupVersion('2')))).toHaveLength(3);
    expect(left(asks('DELETE', paths.backupVersion('1'), { status: 500 }))).toHaveLength(3);
    expect(left(asks('POST', paths.backupVersions, { response: { version: '1' } }))).toEqual([]);
    expect(left(asks('POST', paths.backupVersions, { response: { version: '2' } }))).toHaveLength(3);
    expect(names(next(full, asks('DELETE', paths.backupVersion('1')), { isHonest: false }))).toEqual([]);
    expect(next(full, asks('DELETE', paths.backupVersion('1')), { user: bob })).toBe(full);
  });

  it('is what is left where a session, a room or all of it was deleted', () => {
    expect(left(asks('DELETE', paths.backupKeys))).toEqual([]);
    expect(left(asks('DELETE', paths.backupKeys, { version: '2' }))).toHaveLength(3);
    expect(left(asks('DELETE', paths.backupRoomKeys(den)))).toEqual([other]);
    expect(left(asks('DELETE', `${paths.backupRoomKeys(den)}/s1`))).toEqual([other, two].sort());
    expect(left(asks('DELETE', paths.backupRoomKeys(den), { status: 404 }))).toHaveLength(3);
  });

  it('opens with the key that it is sealed to, and under the number where it lies', () => {
    expect(lyingIn(full, alice, used, one)).toBe(2);
    expect(lyingIn(full, alice, { ...used, publicKey: 'new' }, one)).toBeUndefined();
    expect(lyingIn(full, alice, { ...used, version: '2' }, one)).toBeUndefined();
    expect(lyingIn(full, alice, undefined, one)).toBeUndefined();
    expect(lyingIn(full, bob, used, one)).toBeUndefined();
    expect(lyingIn(full, alice, used, roomKeyName(attic, 's1'))).toBeUndefined();
  });
});

describe('a look into the backup', () => {
  const entry = { first_message_index: 0 };
  const looks = (path: string, response: Json, status = 200) => asks('GET', path, { response, status });
  const ofRoom = looks(paths.backupRoomKeys(den), { sessions: { s1: entry, s2: entry } });

  it('finds what its answer has', () => {
    expect(lookIn(ofRoom)).toEqual({ player: phone, room: den, found: [one, two] });
    const rooms = { [den]: { sessions: { s1: entry } }, [attic]: { sessions: { s3: entry } } };
    expect(lookIn(looks(paths.backupKeys, { rooms }))).toEqual({ player: phone, room: null, found: [one, other] });
    expect(lookIn(looks(`${paths.backupRoomKeys(den)}/s1`, entry))?.found).toEqual([one]);
    expect(lookIn(looks(paths.backupRoomKeys(den), { sessions: {} }))?.found).toEqual([]);
  });

  it('finds nothing where it was refused, or where its answer got lost', () => {
    for (const status of [404, 429, 500, 0]) expect(lookIn({ ...ofRoom, status })?.found).toEqual([]);
    expect(lookIn({ ...ofRoom, lost: true })?.found).toEqual([]);
    expect(lookIn(all)).toBeNull();
  });
});
