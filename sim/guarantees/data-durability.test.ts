/** Room keys that get lost on the way into a backup, or back. On steps made by hand; the rest stands in `secrets.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { dataDurability } from './data-durability.ts';
import * as t from './testing.ts';
import type { Witness } from './types.ts';

const { attic, breakOf, den, everybody, isNews, remembered, request, step, stores, verdict, watched, witness } = t;
const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const backup = 'm.megolm_backup.v1';
const texts = { MSC4287: 'draft', MSC1219: 'spec-v1.19' };
const cast = witness({ implements: texts });
const robbed = witness({ implements: texts, stolen: [laptop] });

const half = (secret: string): string => `${secret} public`;
const has = (player: PlayerId, secret: string | null, name = backup): Moment =>
  stores(player, {
    patch: 'secret',
    name,
    held: { secret: secret ?? '', public: secret === null ? null : half(secret), origin: { how: 'made' } },
  });
const forgets = (player: PlayerId, name = backup): Moment => stores(player, { patch: 'forget secret', name });
const version = (player: PlayerId, number: string, secret: string | null): Moment => {
  const auth_data = secret === null ? {} : { public_key: half(secret) };
  const body = { algorithm: 'a', auth_data };
  return request(player, { method: 'POST', path: paths.backupVersions, body }, { version: number });
};
const uses = (player: PlayerId, number: string, secret: string): Moment =>
  stores(player, { patch: 'backup', backup: { version: number, publicKey: half(secret) } });
const stops = (player: PlayerId): Moment => stores(player, { patch: 'backup', backup: null });
const uploads = (player: PlayerId, status = 200, number = '1'): Moment => ({
  ...(request(player, { method: 'PUT', path: paths.backupKeys, body: { rooms: {} }, status }) as Extract<
    Moment,
    { kind: 'request' }
  >),
  query: { version: number },
});
const logsOut = (player: PlayerId): Moment => request(player, { method: 'POST', path: paths.logout });

/** Version 1 with key `old` stands, and both devices have it. */
const before: Step = {
  choice: everybody().choice,
  moments: [...everybody().moments, version(phone, '1', 'old'), has(phone, 'old'), has(laptop, 'old')],
};
const asSteps = (moments: readonly Moment[]) => [before, ...moments.map((moment) => step(moment))];
const said = (moments: readonly Moment[], who: Witness = cast) => verdict(dataDurability, asSteps(moments), who);
const breaks = `breaks at ${phone}`;

describe('data-durability, where the server takes no more room keys', () => {
  const refused = (status = 403, number = '1') => uploads(phone, status, number);
  const gone = (player: PlayerId) => t.shown(player, 'backup gone', {});

  it('breaks until its user is told, or it takes them again', () => {
    expect(said([refused(403)])).toBe(breaks);
    expect(said([refused(404)])).toBe(breaks);
    expect(said([refused(), gone(phone)])).toBe('holds');
    expect(said([refused(), uploads(phone)])).toBe('holds');
    expect(said([gone(phone), refused()])).toBe(breaks);
    expect(breakOf(dataDurability, asSteps([refused(403, '7')]), cast)).toEqual({
      at: phone,
      about: { is: 'backup version', version: '7' },
      why: `the server takes no room keys of ${phone} any more, and its user is not told`,
      acceptedBy: null,
    });
  });

  it('asks nothing of who has logged out since', () => {
    expect(said([refused(), logsOut(phone)])).not.toBe(breaks);
    expect(said([refused(), logsOut(laptop)])).toBe(breaks);
  });

  it('asks who was told, who uploads, and what they were told', () => {
    expect(said([refused(), gone(laptop)])).toBe(breaks);
    expect(said([refused(), uploads(laptop)])).toBe(breaks);
    expect(said([refused(), t.shown(phone, 'backup found', {})])).toBe(breaks);
    expect(said([refused(), uploads(phone, 500)])).toBe(breaks);
    const { breaks: all } = watched(dataDurability, asSteps([refused(), uploads(laptop, 403)]), cast);
    expect(all.map(({ at }) => at)).toEqual([laptop, phone]);
  });

  it('is about answers that say so, to uploads, of honest devices, whatever text they go by', () => {
    for (const status of [200, 429, 500, 502]) expect(said([refused(status)])).toBe('holds');
    expect(said([request(phone, { method: 'GET', path: paths.backupKeys, status: 404 })])).toBe('holds');
    expect(said([uploads(laptop, 403)], robbed)).toBe('holds');
    expect(said([refused()], witness({ implements: {} }))).toBe(breaks);
  });
});

describe('data-durability, where a backup is restored', () => {
  const restores = (player: PlayerId, more: Partial<{ room: string; lost: boolean; status: number }> = {}): Moment => ({
    ...(request(player, {
      method: 'GET',
      path: more.room === undefined ? paths.backupKeys : paths.backupRoomKeys(more.room),
      status: more.status ?? 200,
    }) as Extract<Moment, { kind: 'request' }>),
    ...(more.lost === true && { lost: true as const }),
  });
  const [first, second] = [`${laptop}/1`, `${laptop}/2`];
  const made = t.makes(first);
  const gets = (player: PlayerId, session = first) => t.holds(player, session, { how: 'backup', version: '1' });

  it('breaks for each room key that does not come', () => {
    const two = t.makes(second, { room: attic });
    const story = asSteps([made, two, restores(phone)]);
    const why = `${phone} restores its backup and is left without 2 room keys of its user`;
    expect(watched(dataDurability, story, cast).breaks).toEqual(
      [
        { is: 'room key', room: attic, sessionId: second },
        { is: 'room key', room: den, sessionId: first },
      ].map((about) => ({ at: phone, about, why, acceptedBy: null })),
    );
    expect(said([made, two, restores(phone), gets(phone)])).toBe(`${breaks} (it happens)`);
    expect(breakOf(dataDurability, asSteps([made, two, restores(phone), gets(phone)]), cast)?.about).toEqual({
      is: 'room key',
      room: attic,
      sessionId: second,
    });
  });

  it('breaks where the key comes from a later message on than any of their devices has it', () => {
    const from = (index: number) => t.holds(phone, first, { how: 'backup', version: '1' }, { index });
    expect(said([made, restores(phone), from(1)])).toBe(`${breaks} (it happens)`);
    expect(breakOf(dataDurability, asSteps([made, restores(phone), from(1)]), cast)?.why).toBe(
      `${phone} restores its backup and is left without the beginning of 1 room key of its user`,
    );
    expect(said([made, restores(phone), from(1), from(0)])).toBe('holds (it happens)');
    const later = t.holds(laptop, first, { how: 'room_key', user: t.bob, device: 'PHONE' }, { index: 2 });
    expect(said([later, restores(phone), from(2)])).toBe('holds (it happens)');
    expect(said([made, later, restores(phone), from(2)])).toBe(`${breaks} (it happens)`);
  });

  it('is about what any of their devices has, and not about what is anybody else’s', () => {
    expect(said([gets(laptop), restores(phone)])).toBe(breaks);
    expect(said([made, restores(phone), gets('bob.phone')])).toBe(breaks);
    expect(said([t.makes('bob.phone/1'), restores(phone)])).toBe('holds');
    expect(said([t.makes('bob.phone/1'), restores('bob.phone')])).toBe('holds');
    expect(said([t.makes('mallory.phone/1'), restores(phone)])).toBe('holds');
    expect(said([made, restores(phone)], robbed)).toBe('holds');
    expect(said([made, restores('mallory.phone')])).toBe('holds');
  });

  it('is about the room keys there were when it restored last, and of nobody who is gone since', () => {
    expect(said([restores(phone), made])).toBe('holds');
    expect(said([restores(phone), made, restores(phone)])).toBe(breaks);
    const leaves = t.request(phone, { method: 'POST', path: paths.logout });
    expect(said([made, restores(phone), leaves])).toBe('holds');
  });

  it('happens where a device gets keys once it restores, and nowhere else', () => {
    expect(said([made, restores(phone), gets(phone)])).toBe('holds (it happens)');
    expect(said([made, gets(phone), restores(phone)])).toBe('holds');
    expect(said([made, restores(phone, { status: 404 }), gets(phone)])).toBe('holds');
    expect(said([made, gets(phone), restores(phone), gets('bob.phone')])).toBe('holds');
  });

  it('is for whoever was given the keys of all rooms', () => {
    expect(said([made, restores(phone, { room: den })])).toBe('holds');
    expect(said([made, restores(phone, { lost: true })])).toBe('holds');
    expect(said([made, restores(phone, { status: 404 })])).toBe('holds');
    expect(said([made, uploads(phone)])).toBe('holds');
  });

  it('goes by what a device has after it came up from a copy', () => {
    const restarts = (...sessions: readonly string[]): Moment => ({
      kind: 'restarted',
      player: phone,
      holds: {
        secrets: {},
        roomKeys: Object.fromEntries(sessions.map((session) => [roomKeyName(den, session), 0])),
        backup: null,
      },
    });
    const both = [made, t.makes(second), restores(phone), gets(phone), gets(phone, second)];
    expect(said(both)).toBe('holds (it happens)');
    expect(said([...both, restarts(first)])).toBe(`${breaks} (it happens)`);
    expect(said([...both, restarts(second, first)])).toBe('holds (it happens)');
    expect(said([...both, { kind: 'restarted', player: phone }])).toBe('holds (it happens)');
    // What it restored since then it has lost by nobody's doing but its person's, who went back.
    const acts = (what: string): Moment => ({ kind: 'acted', player: phone, what, detail: { copy: 'before' } });
    const [keeps, comesBack] = [acts('copy'), acts('restore from copy')];
    expect(said([made, keeps, restores(phone), gets(phone), comesBack, restarts()])).toBe('holds (it happens)');
    expect(said([made, restores(phone), keeps, gets(phone), comesBack, restarts()])).toBe(`${breaks} (it happens)`);
    expect(said([made, keeps, comesBack, restarts(), restores(phone)])).toBe(breaks);
    const held = (...sessions: readonly string[]) => remembered(dataDurability, asSteps([restarts(...sessions)]), cast);
    expect(held(second, first)).toEqual(held(first, second));
    expect(JSON.stringify(held(second, first))).toBe(JSON.stringify(held(first, second)));
  });
});

describe('data-durability, where nobody can open what is backed up', () => {
  const fills = [uses(phone, '1', 'old'), uploads(phone)];
  const void1 = [forgets(phone), forgets(laptop), ...fills];

  it('breaks where no device of hers has the key any more', () => {
    expect(said(void1)).toBe(breaks);
    expect(breakOf(dataDurability, asSteps(void1), cast)).toEqual({
      at: phone,
      about: { is: 'backup version', version: '1' },
      why: `${phone} backs up to version 1, whose key no device of alice has any more`,
      acceptedBy: null,
    });
    expect(said([forgets(phone), ...fills])).toBe('holds');
    expect(said([forgets(laptop), ...fills])).toBe('holds');
  });

  it('goes by the key itself, not by another that took its place, or another secret', () => {
    expect(said([forgets(laptop), has(phone, 'new'), ...fills])).toBe(breaks);
    expect(said([...void1, has(laptop, 'old')])).toBe('holds');
    expect(said([...void1, has(laptop, 'old', 'm.cross_signing.master')])).toBe(breaks);
    expect(said([...void1, has(laptop, null)])).toBe(breaks);
    const others = 'm.cross_signing.master';
    expect(said([forgets(phone, others), forgets(laptop, others), ...fills])).toBe('holds');
  });

  it('does not count on somebody else, a thief, or a device that is gone', () => {
    expect(said([...void1, has('bob.phone', 'old')])).toBe(breaks);
    expect(said([forgets(phone), ...fills], robbed)).toBe(breaks);
    expect(said([forgets(phone), ...fills, logsOut(laptop)])).toBe(breaks);
    expect(said([...void1, logsOut(phone)])).toBe('holds');
    expect(said([forgets(phone), forgets(laptop), uses(laptop, '1', 'old'), uploads(laptop)], robbed)).toBe('holds');
  });

  it('does not count on what a device held before it logged in anew, or after its copy was made', () => {
    const logsInAnew = (player: PlayerId) => t.logsIn(player, t.alice, player === phone ? 'PHONE' : 'LAPTOP');
    expect(said([forgets(phone), ...fills, logsInAnew(laptop)])).toBe(breaks);
    expect(said([...void1, logsInAnew(phone)])).toBe('holds');
    const comesUp = (player: PlayerId, secrets: Record<string, string>, number: string | null, of = 'old'): Moment => ({
      kind: 'restarted',
      player,
      holds: { secrets, roomKeys: {}, backup: number === null ? null : { version: number, publicKey: half(of) } },
    });
    expect(said([forgets(phone), ...fills, comesUp(laptop, {}, '1')])).toBe(breaks);
    expect(said([forgets(phone), ...fills, comesUp(laptop, { [backup]: 'old' }, '1')])).toBe('holds');
    expect(said([...void1, comesUp(laptop, { [backup]: 'old' }, '1')])).toBe('holds');
    expect(said([...void1, comesUp(phone, {}, null)])).toBe('holds');
    expect(said([...void1, comesUp(phone, {}, '1')])).toBe(breaks);
    expect(said([...void1, comesUp(phone, {}, '1', 'older')])).toBe('holds');
  });

  it('is about backups that were ever hers, also once they are deleted', () => {
    expect(said([uses(phone, '9', 'evil'), uploads(phone)])).toBe('holds');
    expect(said([uses('bob.phone', '1', 'old'), uploads('bob.phone')])).toBe('holds');
    const deleted = request(phone, { method: 'DELETE', path: paths.backupVersion('1') });
    expect(said([...void1, deleted])).toBe(breaks);
    expect(said([version(phone, '2', 'next'), deleted, ...void1])).toBe(breaks);
    expect(said([version(phone, '2', 'lost'), uses(phone, '2', 'lost'), uploads(phone)])).toBe(breaks);
  });

  it('is not about a version that could be opened until another was made on top of it, or it was deleted', () => {
    const deletes = (player: PlayerId, number = '1', status = 200): Moment =>
      request(player, { method: 'DELETE', path: paths.backupVersion(number), status });
    const lose = [forgets(phone), forgets(laptop)];
    expect(said([...fills, ...lose])).toBe(breaks);
    expect(said([...fills, deletes(laptop), ...lose])).toBe('holds');
    expect(said([...fills, version(laptop, '2', 'new'), ...lose])).toBe('holds');
    expect(said([...fills, version(laptop, '2', 'new'), ...lose], robbed)).toBe('holds');
    expect(said([...fills, deletes(laptop, '2'), ...lose])).toBe(breaks);
    expect(said([...fills, deletes(laptop, '1', 500), ...lose])).toBe(breaks);
    expect(said([...fills, deletes('bob.phone'), version('bob.phone', '2', 'his'), ...lose])).toBe(breaks);
    // A number that is given again: the server goes on taking what is sealed to the old key.
    expect(said([...fills, version(laptop, '1', 'new'), ...lose])).toBe(breaks);
    expect(said([...fills, ...lose, deletes(laptop)])).toBe(breaks);
    expect(said([...fills, ...lose, version(laptop, '2', 'new')])).toBe(breaks);
    // It is filled again, or there is no other on top of it any more.
    expect(said([...fills, deletes(laptop), ...lose, uploads(phone)])).toBe(breaks);
    const onTop = [...fills, version(laptop, '2', 'new'), ...lose];
    expect(said([...onTop, deletes(laptop, '2')])).toBe(breaks);
    expect(said([...onTop, version(laptop, '3', 'newer'), deletes(laptop, '3')])).toBe('holds');
  });

  it('is about whoever goes on with it: what they stop or change is no more', () => {
    expect(said([...void1, stops(phone)])).toBe('holds');
    expect(said([...void1, stops(laptop)])).toBe(breaks);
    expect(said([...void1, uses(phone, '2', 'next'), uploads(phone)])).toBe('holds');
    expect(said([...void1, uses(phone, '2', 'next')])).toBe('holds');
    expect(said([...void1, stops(phone), uploads(phone)])).toBe('holds');
    expect(said([forgets(phone), forgets(laptop), uploads(phone)])).toBe('holds');
    expect(said([forgets(phone), forgets(laptop), uses(phone, '1', 'old'), uploads(laptop)])).toBe('holds');
    expect(said([forgets(phone), forgets(laptop), uses(phone, '1', 'old'), uploads(phone, 500)])).toBe('holds');
  });

  it('is as much about whoever takes up again what it has filled, whether or not there is more to upload', () => {
    expect(said([...void1, uses(phone, '1', 'old')])).toBe(breaks);
    expect(said([...void1, stops(phone), uses(phone, '1', 'old')])).toBe(breaks);
    expect(said([...void1, uses(phone, '2', 'next'), uses(phone, '1', 'old')])).toBe(breaks);
    expect(said([...void1, uses(phone, '1', 'other key')])).toBe('holds');
  });

  it('remembers nothing of what says nothing new, and no key of a version that names none', () => {
    expect(isNews(dataDurability, [before], step(t.writes(phone, 'hello')), cast)).toBe(false);
    expect(isNews(dataDurability, [before], step(request(phone, { method: 'GET', path: paths.sync })), cast)).toBe(
      false,
    );
    expect(isNews(dataDurability, [before], step(t.makes('mallory.phone/1')), cast)).toBe(false);
    expect(remembered(dataDurability, asSteps([version(phone, '2', null)]), cast)).toMatchObject({
      own: { alice: [half('old')] },
    });
  });
});
