import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { Notice } from '../../machines/types.ts';
import type { Moment, Step } from '../engine/types.ts';
import { noticeTruth } from './notice-truth.ts';
import * as t from './testing.ts';

const { alice, bob, charlie, den, everybody, request, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const host = 'alice.phone';
const guest = 'charlie.phone';
const so = 'holds (it happens)';
const of = (steps: readonly Step[], cast = witness()) =>
  verdict(noticeTruth, [everybody('shared', 'bob.phone'), ...steps], cast);

describe('what an inviter is told that it gave', () => {
  const given = (about: string, numbers: JsonObject) => t.shown(host, about, { user: charlie, ...numbers });
  const withheld = { withheld: { [bobsKey]: 'm.history_not_shared' } };
  const one = [step(t.uploads(host)), step(t.shares(host, charlie, [bobsKey]))];

  it('is so where the numbers are those of the bundle, which lies where it was put', () => {
    expect(of([...one, step(given('history shared', { sessions: 1, withheld: 0 }))])).toBe(so);
    const none = [step(t.uploads(host)), step(t.shares(host, charlie, [], withheld))];
    expect(of([...none, step(given('history withheld', { sessions: 0, withheld: 1 }))])).toBe(so);
    expect(of([...none, step(given('history withheld', { sessions: 0, withheld: 3 }))])).toBe(so);
  });

  it('is never that something was shared with no key in it', () => {
    const none = [step(t.uploads(host)), step(t.shares(host, charlie, [], withheld))];
    expect(of([...none, step(given('history shared', { sessions: 0, withheld: 1 }))])).toBe('breaks at alice.phone');
    expect(of([...none, step(given('history shared', { sessions: 1, withheld: 1 }))])).toBe('breaks at alice.phone');
  });

  it('is false where numbers are missing or differ, or it is about somebody else', () => {
    expect(of([...one, step(given('history shared', {}))])).toBe('breaks at alice.phone');
    expect(of([...one, step(given('history shared', { sessions: 2, withheld: 0 }))])).toBe('breaks at alice.phone');
    expect(of([...one, step(given('history shared', { sessions: 1, withheld: 0, user: bob }))])).toBe(
      'breaks at alice.phone',
    );
    expect(of([...one, step(given('history shared', { sessions: 1, withheld: 0, room: t.attic }))])).toBe(
      'breaks at alice.phone',
    );
    const both = [step(t.uploads(host)), step(t.shares(host, charlie, [bobsKey], { withheld: { other: 'code' } }))];
    expect(of([...both, step(given('history shared', { sessions: 1, withheld: 0 }))])).toBe('breaks at alice.phone');
  });

  it('is false where no file is there, or no device is pointed to it', () => {
    const told = step(given('history shared', { sessions: 1, withheld: 0 }));
    expect(of([step(t.shares(host, charlie, [bobsKey])), told])).toBe('breaks at alice.phone');
    expect(of([step(t.uploads(host, 413)), step(t.shares(host, charlie, [bobsKey])), told])).toBe(
      'breaks at alice.phone',
    );
    const toNobody = step(t.shares(host, charlie, [bobsKey], { devices: [] }));
    expect(of([step(t.uploads(host)), toNobody, told])).toBe('breaks at alice.phone');
    expect(of([step(t.shares(host, charlie, [bobsKey], { url: '' })), told])).toBe(so);
  });
});

describe('history that an inviter is told it shared', () => {
  const sharing = (user: string) => [
    t.uploads(host),
    t.shares(host, user, [bobsKey]),
    t.shown(host, 'history shared', { user, sessions: 1, withheld: 0 }),
  ];
  const sends = (user: string) => t.sealsFor(host, user, 'PHONE', 'curve');
  const doneIn = (room: string): Moment => ({
    kind: 'heard',
    player: host,
    chart: 'key-bundle-inviter',
    room,
    event: { type: 'bundle.pointed' },
  });
  const isDone = doneIn(t.den);
  const lost = 'breaks at alice.phone';

  it('was not, where the device is done and no letter to them has gone out', () => {
    expect(of([step(...sharing(charlie), isDone)])).toBe(`${lost} (it happens)`);
    expect(of([step(...sharing(charlie)), step(isDone)])).toBe(`${lost} (it happens)`);
    expect(of([step(sends(charlie), ...sharing(charlie), isDone)])).toBe(`${lost} (it happens)`);
    expect(of([step(...sharing(charlie), sends(bob), isDone)])).toBe(`${lost} (it happens)`);
  });

  it('was, where a letter has gone out, and may be yet as long as the device is not done', () => {
    expect(of([step(...sharing(charlie), sends(charlie), isDone)])).toBe(so);
    expect(of([step(...sharing(charlie)), step(sends(charlie), isDone)])).toBe(so);
    expect(of([step(...sharing(charlie))])).toBe(so);
    expect(of([step(...sharing(charlie), sends(charlie), isDone), step(isDone)])).toBe(so);
  });

  it('is judged room by room, where two wait at once', () => {
    const inAttic = (user: string) => [
      t.uploads(host),
      t.stores(host, {
        patch: 'history shared',
        room: t.attic,
        user,
        devices: ['PHONE'],
        sessions: [bobsKey],
        withheld: {},
        url: t.bundleAt,
      }),
      t.shown(host, 'history shared', { room: t.attic, user, sessions: 1, withheld: 0 }),
    ];
    const both = step(...sharing(charlie), ...inAttic(bob));
    expect(of([both, step(sends(bob), doneIn(t.attic))])).toBe(so);
    expect(of([both, step(sends(bob), doneIn(t.attic)), step(isDone)])).toBe(`${lost} (it happens)`);
    expect(of([both, step(sends(charlie), doneIn(t.attic))])).toBe(`${lost} (it happens)`);
    expect(of([both, step(sends(charlie), isDone), step(sends(bob), doneIn(t.attic))])).toBe(so);
  });

  it('that waits while its device stops goes out yet, and the next one is judged as any', () => {
    const restarts: Moment = { kind: 'restarted', player: host };
    expect(of([step(...sharing(charlie), restarts), step(isDone)])).toBe(so);
    expect(of([step(...sharing(charlie), restarts), step(...sharing(bob), isDone)])).toBe(`${lost} (it happens)`);
  });
});

describe('what an invitee is told that it got', () => {
  const shared = [step(t.uploads(host)), step(t.shares(host, charlie, [bobsKey]))];
  const told = (more: JsonObject): Moment =>
    t.shown(guest, 'bundle imported', { user: alice, url: t.bundleAt, offered: 1, sessions: 1, withheld: 0, ...more });
  const key = t.holds(guest, bobsKey, t.fromBundle());

  it('is so where it was shared by whom it says, and as much was taken', () => {
    expect(of([...shared, step(key, told({}))])).toBe(so);
    expect(of([...shared, step(told({ sessions: 0 }))])).toBe(so);
  });

  it('is false where the numbers are others', () => {
    expect(of([...shared, step(told({}))])).toBe('breaks at charlie.phone');
    expect(of([...shared, step(key, told({ sessions: 0 }))])).toBe('breaks at charlie.phone');
    expect(of([...shared, step(key, told({ offered: 0 }))])).toBe('breaks at charlie.phone');
    expect(of([...shared, step(key, told({ withheld: 1 }))])).toBe('breaks at charlie.phone');
    expect(of([...shared, step(key, t.downloads(guest), told({}))])).toBe('breaks at charlie.phone');
    const entry = {
      room: den,
      sessionId: 'x',
      senderKey: '',
      code: 'c',
      reason: null,
      from: alice,
      how: 'bundle',
    } as const;
    const withheld = t.stores(guest, { patch: 'withheld', entries: { [roomKeyName(den, 'x')]: entry } });
    expect(of([...shared, step(key, withheld, told({ withheld: 1 }))])).toBe(so);
    expect(of([...shared, step(key, withheld, told({}))])).toBe('breaks at charlie.phone');
  });

  it('is false where somebody honest is named who did not share it', () => {
    expect(of([...shared, step(key, told({ user: bob }))])).toBe('breaks at charlie.phone');
    expect(of([...shared, step(key, told({ url: 'mxc://a.example/other' }))])).toBe('breaks at charlie.phone');
    // Of whoever is not honest, or may not have been it alone, nobody here can tell.
    expect(of([...shared, step(key, told({ user: t.mallory }))])).toBe('holds');
    expect(of([step(key, told({}))], witness({ stolen: ['alice.laptop'] }))).toBe('holds');
    expect(of([step(t.logsIn('mallory', alice, 'ROGUE')), step(key, told({}))])).toBe('holds');
  });
});

describe('why an inviter is told that nothing is shared', () => {
  const told = (why: string) => step(t.shown(host, 'history not shared', { user: charlie, why }));

  it('is the real reason', () => {
    const pins = step(t.stores(host, { patch: 'pin', user: charlie, master: 'one' }));
    expect(of([pins, step(t.isServed(host, charlie, 'other')), told('identity changed')])).toBe(so);
    expect(of([pins, step(t.isServed(host, charlie, 'one')), told('identity changed')])).toBe('breaks at alice.phone');
    expect(of([step(t.sets(host, 'joined')), told('closed')])).toBe(so);
    expect(of([told('closed')])).toBe('breaks at alice.phone');
    expect(of([step(t.uploads(host, 503)), told('upload refused')])).toBe(so);
    expect(of([step(t.uploads(host, 503)), step(t.uploads(host)), told('upload refused')])).toBe(
      'breaks at alice.phone',
    );
    expect(of([told('no keys')])).toBe('holds');
  });

  it('is that the server refused only where it took nothing, and that it is silent only where no answer came', () => {
    const lost: Moment = { ...t.uploads(host), lost: true } as Moment;
    expect(of([step(lost), told('upload refused')])).toBe('breaks at alice.phone');
    expect(of([step(lost), told('upload unanswered')])).toBe(so);
    expect(of([step(t.uploads(host, 0)), told('upload unanswered')])).toBe(so);
    expect(of([step(t.uploads(host, 503)), told('upload unanswered')])).toBe('breaks at alice.phone');
    expect(of([step(lost), step(t.uploads(host)), told('upload unanswered')])).toBe('breaks at alice.phone');
    expect(of([told('upload unanswered')])).toBe('breaks at alice.phone');
  });

  it('is that their devices are not known only where the list of them did not come', () => {
    const asks = (answer: JsonObject, status = 200) =>
      step(
        request(
          host,
          { method: 'POST', path: paths.keysQuery, body: { device_keys: { [charlie]: [] } }, status },
          answer,
        ),
      );
    const listed = { device_keys: { [charlie]: {} } };
    const fresh = t.ofAllTexts();
    expect(of([asks({}, 500), told('devices unknown')], fresh)).toBe(so);
    expect(of([asks({ device_keys: {}, failures: { 'b.example': {} } }), told('devices unknown')], fresh)).toBe(so);
    expect(of([asks({}, 500), asks(listed), told('devices unknown')], fresh)).toBe('breaks at alice.phone');
    // Where the list need not be fresh, what was told of it before is not remembered.
    const stale = t.ofAllTexts(witness({ off: ['4268-fresh-device-list'] }));
    expect(of([asks(listed), told('devices unknown')], stale)).toBe('holds');
  });

  it('is that they have no signed device only where they have none', () => {
    const unsigned = { ...witness(), signedAtStart: (player: string) => player !== guest };
    expect(of([told('no devices')])).toBe('breaks at alice.phone');
    expect(of([told('no devices')], unsigned)).toBe(so);
    const verified = t.signs(guest, charlie, 'PHONE');
    expect(of([step(verified), told('no devices')], unsigned)).toBe('breaks at alice.phone');
    const out = step(request(guest, { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of([out, told('no devices')])).toBe(so);
  });
});

describe('why an invitee is told that it goes without', () => {
  const start = [step(t.uploads(host)), step(t.isPointed(guest, alice))];
  const told = (why: string, user = alice) => step(t.shown(guest, 'history unavailable', { user, why }));

  it('is that the file is gone only where it was there and is not', () => {
    expect(of([...start, step(t.downloads(guest, 404)), told('expired')])).toBe(so);
    expect(of([...start, step(t.downloads(guest)), told('expired')])).toBe('breaks at charlie.phone');
    expect(of([step(t.isPointed(guest, alice)), step(t.downloads(guest, 404)), told('expired')])).toBe(
      'breaks at charlie.phone',
    );
    expect(of([...start, told('expired', bob)])).toBe('holds');
    // A server that stumbles says nothing of the file.
    expect(of([...start, step(t.downloads(guest, 503)), told('expired')])).toBe('breaks at charlie.phone');
    expect(of([...start, step(t.downloads(guest, 503)), told('not fetched')])).toBe(so);
    expect(of([...start, step(t.downloads(guest, 404)), told('not fetched')])).toBe('breaks at charlie.phone');
    expect(of([...start, step(t.downloads(guest)), told('not fetched')])).toBe('breaks at charlie.phone');
  });

  it('is that it is too large, or was altered, only where that is so', () => {
    const small = witness({ options: { 'bundle size': 100 } });
    expect(of([...start, step(t.downloads(guest, 200, 'A'.repeat(400))), told('too large')], small)).toBe(so);
    expect(of([...start, step(t.downloads(guest)), told('too large')], small)).toBe('breaks at charlie.phone');
    expect(of([...start, step(t.downloads(guest, 200, 'AAAA')), told('hash')])).toBe(so);
    expect(of([...start, step(t.downloads(guest, 200, '')), told('hash')])).toBe('breaks at charlie.phone');
    expect(of([step(t.isPointed(guest, alice)), step(t.downloads(guest)), told('hash')])).toBe(
      'breaks at charlie.phone',
    );
    expect(of([...start, told('broken')])).toBe('holds');
  });
});

describe('what people are told of identities, backups and letters', () => {
  it('is that somebody is verified only as who they are', () => {
    const master_key = { keys: { 'ed25519:one': 'one' } };
    const upload = { method: 'POST', path: paths.deviceSigningUpload, body: { master_key } };
    const told = (master: string) => step(t.shown(host, 'user verified', { user: bob, master }));
    const made = step(request('bob.phone', upload));
    expect(of([made, told('one')])).toBe(so);
    expect(of([made, told('other')])).toBe('breaks at alice.phone');
    expect(of([told('other')])).toBe('holds');
  });

  it('is that the backup was not deleted only where it was not', () => {
    const path = `${paths.backupVersions}/1`;
    const deletes = (status: number) => step(request(host, { method: 'DELETE', path, status }));
    const told = step(t.shown(host, 'backup not deleted', {}));
    expect(of([deletes(500), told])).toBe(so);
    expect(of([deletes(500), deletes(200), told])).toBe('breaks at alice.phone');
    expect(of([told])).toBe('breaks at alice.phone');
  });

  it('is that room keys are no longer taken into the backup only where the last were not', () => {
    const path = paths.backupKeys;
    const uploads = (status: number) => step(request(host, { method: 'PUT', path, status }));
    const told = step(t.shown(host, 'backup gone', {}));
    expect(of([uploads(404), told])).toBe(so);
    expect(of([uploads(200), told])).toBe('breaks at alice.phone');
    expect(of([uploads(404), uploads(200), told])).toBe('breaks at alice.phone');
    expect(of([told])).toBe('breaks at alice.phone');
  });

  it('is that the backup may be deleted or not only where no answer came', () => {
    const path = `${paths.backupVersions}/1`;
    const deletes = (status: number, lost = false) =>
      step({ ...request(host, { method: 'DELETE', path, status }), ...(lost ? { lost } : {}) } as Moment);
    const [perhaps, not] = ['backup perhaps not deleted', 'backup not deleted'].map((about) =>
      step(t.shown(host, about, {})),
    ) as [Step, Step];
    expect(of([deletes(200, true), perhaps])).toBe(so);
    expect(of([deletes(0), perhaps])).toBe(so);
    expect(of([deletes(500), perhaps])).toBe('breaks at alice.phone');
    expect(of([deletes(200, true), not])).toBe('breaks at alice.phone');
  });

  it('is about whom, what or where it was said', () => {
    const about = (steps: readonly Step[]) =>
      t.breakOf(noticeTruth, [everybody('shared', 'bob.phone'), ...steps])?.about;
    const closed = step(t.shown(host, 'history not shared', { user: charlie, why: 'closed' }));
    expect(about([closed])).toEqual({ is: 'member', room: den, user: charlie });
    const made = step(
      request('bob.phone', {
        method: 'POST',
        path: paths.deviceSigningUpload,
        body: { master_key: { keys: { 'ed25519:one': 'one' } } },
      }),
    );
    const told = (about: string, more: JsonObject): Step =>
      step({ kind: 'shown', player: host, notice: { about, text: about, ...more } as unknown as Notice });
    expect(about([made, told('user verified', { user: bob, master: 'other' })])).toEqual({ is: 'identity', user: bob });
    const uses = step(t.stores(host, { patch: 'backup', backup: { version: '7', publicKey: 'key' } }));
    expect(about([uses, told('backup not deleted', {})])).toEqual({ is: 'backup version', version: '7' });
    expect(about([uses, told('backup not deleted', { room: den })])).toEqual({ is: 'backup version', version: '7' });
    expect(about([told('backup not deleted', {})])).toEqual({ is: 'backup version', version: '' });
  });

  it('is false where it is said of what never was', () => {
    const told = (about: string, more: JsonObject) => step(t.shown(host, about, { user: charlie, ...more }));
    expect(of([told('history shared', { sessions: 1, withheld: 0 })])).toBe('breaks at alice.phone');
    expect(of([told('history not shared', { why: 'upload refused' })])).toBe('breaks at alice.phone');
  });

  it('is left alone where nobody here can tell', () => {
    expect(of([step(t.shown(guest, 'history unavailable', { user: alice, why: 'expired' }))])).toBe('holds');
    const elsewhere = step(t.isPointed(guest, alice, t.attic));
    expect(of([elsewhere, step(t.shown(guest, 'history unavailable', { user: alice, why: 'expired' }))])).toBe('holds');
    expect(of([step(t.shown(guest, 'message', { event: '$1', from: bob }))])).toBe('holds');
    const before: Step = { ...everybody(), moments: [...everybody().moments, t.shown(host, 'backup not deleted', {})] };
    expect(verdict(noticeTruth, [before])).toBe('holds');
  });

  it('takes an account for honest though a thief is in another', () => {
    const shared = [step(t.logsIn('mallory', bob, 'ROGUE')), step(t.uploads(host))];
    const told = step(
      t.holds(guest, bobsKey, t.fromBundle()),
      t.shown(guest, 'bundle imported', { user: alice, url: t.bundleAt, offered: 1, sessions: 1, withheld: 0 }),
    );
    expect(of([...shared, told])).toBe('breaks at charlie.phone');
  });

  it('remembers the very same where a step tells it nothing', () => {
    const start = everybody('shared', 'bob.phone');
    expect(t.isNews(noticeTruth, [start], step(t.writes(host, 'hi')))).toBe(false);
    expect(t.isNews(noticeTruth, [start], step(t.syncs(host, {})))).toBe(false);
    expect(noticeTruth.accepts).toEqual([]);
  });

  it('is of nobody’s concern where the device is a thief’s', () => {
    const told = step(t.shown(host, 'history not shared', { user: charlie, why: 'closed' }));
    expect(of([told], witness({ stolen: [host] }))).toBe('holds');
  });
});
