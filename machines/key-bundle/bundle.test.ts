import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { ExportedRoomKey, RoomKeyOrigin } from '../room-types.ts';
import { bob, type Case, devicesOf, drive, file, heard, idsIn, key, room } from './inviter-testing.ts';
import { fromBase64 } from './messages.ts';

describe('a bundle', () => {
  const spec: Partial<ChartInput> = { implements: { MSC4268: 'spec-v1.19' } };
  const bundled: RoomKeyOrigin = { how: 'bundle', user: '@carol:a.example', device: 'X', room, url: 'mxc://a/2' };

  it('has the fields that are written of, and no others', () => {
    expect(drive({}).bundle).toEqual({
      room_keys: [
        {
          algorithm: 'm.megolm.v1.aes-sha2',
          room_id: room,
          sender_claimed_keys: { ed25519: 'ed' },
          sender_key: 'maker of open',
          session_id: 'open',
          session_key: 'key of open',
        },
      ],
      withheld: [
        {
          algorithm: 'm.megolm.v1.aes-sha2',
          room_id: room,
          session_id: 'closed',
          sender_key: 'maker of closed',
          code: 'm.history_not_shared',
          reason: expect.any(String),
        },
      ],
    });
  });

  it.each<[string, ExportedRoomKey, string]>([
    ['made here', key('s', false), '4268-shareable-own'],
    ['from its maker', key('s', false, { how: 'room_key', user: bob, device: 'DESK' }), '4268-shareable-room-key'],
    ['from the backup', key('s', false, { how: 'backup', version: '1' }), '4268-shareable-backup'],
    ['from a file', key('s', false, { how: 'export' }), '4268-shareable-export'],
    ['from a bundle', key('s', false, bundled), '4268-shareable-bundle'],
  ])('leaves out a session %s that is not marked, unless that sentence is off', (_how, one, clause) => {
    const strict = drive({ world: { keys: [one] }, me: spec });
    expect(strict.bundle?.room_keys).toEqual([]);
    expect(strict.said).toContain(`${clause} refuses`);
    expect(idsIn(drive({ world: { keys: [one] }, me: spec, off: [clause] }).bundle?.room_keys)).toEqual(['s']);
    // Earlier texts mean the same and have no such sentence: there is nothing to hear of it, unless somebody skips it.
    const earlier = drive({ world: { keys: [one] } });
    expect(earlier.bundle?.room_keys).toEqual([]);
    expect([...earlier.said].join()).not.toContain(clause);
    expect(idsIn(drive({ world: { keys: [one] }, off: [clause] }).bundle?.room_keys)).toEqual(['s']);
  });

  it('has what is not marked once that guard is off, and only what is one’s own where the rest is skipped', () => {
    expect(idsIn(drive({ off: ['4268-only-flagged-sessions'] }).bundle?.room_keys)).toEqual(['open', 'closed']);
    const keys = [key('own'), key('theirs', true, { how: 'room_key', user: bob, device: 'DESK' })];
    expect(idsIn(drive({ world: { keys } }).bundle?.room_keys)).toEqual(['own', 'theirs']);
    expect(idsIn(drive({ world: { keys }, off: ['4268-include-all-shareable'] }).bundle?.room_keys)).toEqual(['own']);
  });

  it('is made of what the backup has too', () => {
    expect(drive({}).told).toContain('told.fetch room keys');
    expect(drive({ off: ['4268-backup-download-first'] }).told).not.toContain('told.fetch room keys');
    expect(drive({ me: { implements: { MSC4268: 'merged' } } }).order.at(-1)).toBe('invite');
  });

  it.each<[string, Partial<ChartInput>, readonly string[], string | undefined]>([
    ['seed-diff-before', { implements: { MSC4268: 'seed-diff-before' } }, [], 'm.unauthorised'],
    ['seed-diff', { implements: { MSC4268: 'seed-diff' } }, [], 'm.history_not_shared'],
    ['merged', {}, [], 'm.history_not_shared'],
    ['merged, before it is stable', { identifiers: 'unstable' }, [], 'io.element.msc4268.history_not_shared'],
    [
      'merged, without the prefix',
      { identifiers: 'unstable' },
      ['4268-unstable-withheld-code'],
      'm.history_not_shared',
    ],
    ['merged, without the code', {}, ['4268-withheld-usual-code'], 'm.unavailable'],
    ['merged, without the format', {}, ['4268-withheld-entry-format'], undefined],
    ['spec-v1.19', spec, [], 'm.history_not_shared'],
  ])('gives the reason that %s has', (_revision, input, off, code) => {
    expect(drive({ me: input, off }).bundle?.withheld.map((entry) => entry.code)).toEqual([code]);
  });

  it('says nothing of what is withheld where that duty is off', () => {
    expect(drive({ me: spec, off: ['4268-list-others-withheld'] }).bundle?.withheld).toEqual([]);
  });

  it('passes on that history was not shared with the inviter either, and not what was between two devices', () => {
    const withheld = [heard('gone'), heard('blocked', 'm.blacklisted', 'to-device')];
    expect(idsIn(drive({ world: { withheld } }).bundle?.withheld)).toEqual(['closed', 'gone']);
    expect(idsIn(drive({ world: { keys: [], withheld } }).bundle?.withheld)).toEqual(['gone']);
  });

  it('has each session in one list, or in both by a client that passes on what it heard', () => {
    const withheld = [heard('open')];
    expect(idsIn(drive({ world: { withheld } }).bundle?.withheld)).toEqual(['closed']);
    expect(idsIn(drive({ world: { withheld }, off: ['4268-one-list-only'] }).bundle?.withheld)).toEqual([
      'closed',
      'open',
    ]);
  });

  it.each<[string, object]>([
    ['4268-room-keys-fields', { sender_claimed_keys: undefined }],
    ['4268-omit-forwarding-chain', { forwarding_curve25519_key_chain: [] }],
    ['4268-omit-flag-in-bundle', { shared_history: true }],
  ])('has other entries without %s', (clause, more) => {
    const usual = drive({}).bundle?.room_keys[0];
    expect(drive({ off: [clause] }).bundle?.room_keys[0]).toEqual({ ...usual, ...more });
  });

  it('names whose key it is that is withheld, or who withholds it, as question q37 is read', () => {
    const { bundle } = drive({ me: { readings: { q37: 'B' } } });
    expect(bundle?.withheld[0]).toMatchObject({ sender_key: 'curve of alice' });
  });

  it('is uploaded as it is by a client that does not encrypt it, and not at all by one that forgets', () => {
    const plain = drive({ off: ['4268-encrypt-attachment'] });
    expect(idsIn((JSON.parse(fromBase64(plain.uploaded) ?? '') as { room_keys: JsonObject[] }).room_keys)).toEqual([
      'open',
    ]);
    expect(objectAt(plain.pointers[0]?.content, 'file')).toEqual({ url: 'mxc://a.example/1' });
    const never = drive({ off: ['4268-upload-media'] });
    expect(never.order).not.toContain('upload');
    expect(stringAt(objectAt(never.pointers[0]?.content, 'file'), 'url')).toMatch(/^mxc:\/\/a\.example\//);
  });
});

describe('a pointer', () => {
  it.each<[string, object]>([
    ['4268-pointer-olm-encrypted', { encrypt: false }],
    ['4268-sender-device-keys-present', { embed: false }],
    ['4268-pointer-room-id', { content: { file: { ...file, url: 'mxc://a.example/1' } } }],
    ['4268-pointer-file', { content: { room_id: room, file: { url: 'mxc://a.example/1' } } }],
  ])('is sent otherwise without %s', (clause, otherwise) => {
    expect(drive({}).pointers).not.toEqual([expect.objectContaining(otherwise)]);
    expect(drive({ off: [clause] }).pointers).toEqual([expect.objectContaining(otherwise)]);
  });

  it('goes out under the interim type, or once under the stable one, as the device is set', () => {
    const types = (identifiers: ChartInput['identifiers'], off: readonly string[] = []) =>
      drive({ me: { identifiers }, off }).pointers.map(({ type }) => type);
    expect(types('unstable')).toEqual(['io.element.msc4268.room_key_bundle']);
    expect(types('both')).toEqual(['m.room_key_bundle']);
    expect(types('unstable', ['4268-unstable-bundle-type'])).toEqual(['m.room_key_bundle']);
  });

  it('goes alone: no notice of what is withheld goes beside it, unless that clause is off', () => {
    const notices = (given: Case) => drive(given).sends.filter(({ type }) => type === 'm.room_key.withheld');
    expect(notices({})).toEqual([]);
    expect(notices({ me: { implements: { MSC4268: 'seed-diff' } } })).toEqual([]);
    expect(notices({ off: ['4268-withheld-not-to-device'] })).toEqual([
      expect.objectContaining({
        encrypt: false,
        content: expect.objectContaining({ session_id: 'closed', code: 'm.history_not_shared' }),
      }),
    ]);
  });
});

describe('forwarding as before there were bundles', () => {
  it.each([{}, { MSC4268: 'merged' }])('gives each marked session to every listed device (%o)', (texts) => {
    const { sends, order, patches } = drive({
      me: { options: { 'share history by': 'forwarding' }, implements: texts },
      world: { keys: [key('one'), key('two'), key('closed', false)] },
    });
    expect(order).toEqual(['query', 'm.forwarded_room_key', 'm.forwarded_room_key', 'invite']);
    expect(sends.map(({ content }) => content.session_id)).toEqual(['one', 'two']);
    expect(devicesOf(sends[0])).toEqual(['DESK', 'TABLET', 'GHOST']);
    expect(patches).toContainEqual(expect.objectContaining({ patch: 'history shared', sessions: ['one', 'two'] }));
  });
});
