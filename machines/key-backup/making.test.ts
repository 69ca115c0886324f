import { describe, expect, it } from 'vitest';
import { unasked } from '../effects.ts';
import type { BackupEvent } from './events.ts';
import {
  atMs,
  backingUp,
  check,
  create,
  created,
  deleted,
  deletes,
  described,
  done,
  effectsOf,
  facts,
  hearAll,
  made,
  makes,
  read,
  remove,
  sealed,
  seals,
  signed,
  start,
  stateOf,
  stored,
  told,
  turnOff,
  turnOn,
} from './testing.ts';

const reset: BackupEvent = { type: 'user.reset backup', atMs };
const creates = (auth_data: object, publicKey = 'pub') => ({
  type: 'request',
  method: 'POST',
  path: '/_matrix/client/v3/room_keys/version',
  body: { algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2', auth_data },
  answerAs: 'backup.created',
  with: { public: publicKey },
});
const ours = (more: Parameters<typeof facts>[0] = {}) =>
  facts({ matchesHeldSecret: true, heldFrom: { how: 'made' }, ...more });
const confirmed = [create, made(), created(200), described(ours())];

describe('a backup version that is made', () => {
  it.each([create, reset])('begins with a key of its own: $type', (act) => {
    expect(effectsOf([act])).toEqual([makes]);
    expect(stateOf([act])).toBe('making');
  });

  it('is described to the server with signatures, or without them where that is off', () => {
    expect(effectsOf([create, made()])).toEqual([creates({ public_key: 'pub', signatures: {} })]);
    const off = ['1219-auth-data-signed'];
    expect(effectsOf([create, made()], { off })).toEqual([creates({ public_key: 'pub' })]);
    expect(hearAll([create, made()], { off }).said).toEqual(['1219-auth-data-signed not done']);
  });

  it('is used once the server has it: its key is kept and told of, room keys are sealed for it, and it is read', () => {
    expect(effectsOf([create, made(), created(200)])).toEqual([
      {
        type: 'store',
        patch: {
          patch: 'secret',
          name: 'm.megolm_backup.v1',
          held: { secret: 'sec', public: 'pub', origin: { how: 'made' } },
        },
      },
      stored({ version: '1', publicKey: 'pub' }),
      told('told.secret changed', { name: 'm.megolm_backup.v1', secret: 'sec' }),
      seals(),
      read,
    ]);
    const { context, value } = hearAll([create, made(), created(200)]).state;
    expect(context).toMatchObject({ making: null, trustedBy: 'private key', used: '1' });
    expect(value).toBe('confirming');
  });

  it('is uploaded to while it is read, and is on when the server describes it', () => {
    expect(effectsOf([create, made(), created(200), sealed(['s'])])).toMatchObject([{ method: 'PUT' }]);
    const { state, effects } = hearAll(confirmed);
    expect(effects.at(-1)).toEqual([]);
    expect(state).toMatchObject({ value: 'on', context: { described: ours(), trustedBy: 'private key' } });
  });

  it('is no reason to trust another version that the server describes in its place', () => {
    const lied = (of: Parameters<typeof facts>[0]) => hearAll([create, made(), created(200), described(facts(of))]);
    expect(lied({ version: '2', publicKey: 'of the server' }).state.value).toBe('untrusted');
    expect(lied({ version: '1', publicKey: 'of the server' }).state.value).toBe('untrusted');
    expect(lied({ version: '2', publicKey: 'of the server' }).effects.at(-1)).toContainEqual(stored(null));
    const signedOne = described(signed({ version: '2', publicKey: 'other' }));
    expect(effectsOf([create, made(), created(200), signedOne])).toContainEqual(seals('2', 'other'));
  });

  it('is not used where the server describes none', () => {
    const { state, effects } = hearAll([create, made(), created(200), described(null)]);
    expect(effects.at(-1)).toEqual([stored(null)]);
    expect(state).toMatchObject({ value: 'off', context: { described: null, trustedBy: null } });
  });

  it.each([
    [403, { version: '1' }],
    [0, {}],
    [200, {}],
    [200, { version: 7 }],
  ])('is none where the server answers %o %o: the key is dropped, and what there is is read', (status, body) => {
    const { state, effects } = hearAll([create, made(), created(status, body)]);
    expect(effects.at(-1)).toEqual([read]);
    expect(state).toMatchObject({ value: 'asking', context: { making: null, used: null } });
  });

  it('has the key that was made last, whatever the server answers about an earlier one', () => {
    const twice = [create, made('sec', 'pub'), reset, made('sec 2', 'pub 2')];
    const first = hearAll([...twice, created(200, { version: '1' }, 'pub')]);
    expect(first.effects.at(-1)).toEqual([]);
    expect(first.state.value).toBe('making');
    expect(effectsOf([...twice, created(403, {}, 'pub'), created(200, { version: '2' }, 'pub 2')])).toContainEqual(
      stored({ version: '2', publicKey: 'pub 2' }),
    );
  });
});

describe('a backup that is wanted', () => {
  const wanted = (isMadeIfNone: boolean): BackupEvent => ({ type: 'told.backup wanted', isMadeIfNone });

  it.each([turnOn, wanted(true)])('is made where there is none: $type', (event) => {
    expect(effectsOf([event])).toEqual([read]);
    expect(effectsOf([event, described(null)])).toEqual([makes]);
    expect(stateOf([event, described(null)])).toBe('making');
  });

  it('is made once it is known that there is none, where nobody said so at first', () => {
    expect(stateOf([turnOn, described(null, 0)])).toBe('away');
    expect(stateOf([turnOn, described(null, 0), done, described(null)])).toBe('making');
    expect(stateOf([turnOn, described(null, 500)])).toBe('off');
  });

  it('is not made where it need not be', () => {
    for (const events of [
      [wanted(false), described(null)],
      [start, described(null)],
      [turnOn, wanted(false), described(null)],
    ]) {
      expect(effectsOf(events)).toEqual([stored(null)]);
      expect(stateOf(events)).toBe('off');
    }
  });

  it('is not made a second time where the server refuses it, nor after its user has deleted it', () => {
    const refused = [turnOn, described(null), made(), created(403, {})];
    expect(effectsOf([...refused, described(null)])).toEqual([stored(null)]);
    expect(effectsOf([...confirmed, turnOn, described(ours()), remove, deleted(200), check, described(null)])).toEqual([
      stored(null),
    ]);
  });

  it('is not made beside one that there is', () => {
    expect(effectsOf([turnOn, described(signed())])).toContainEqual(seals());
    expect(stateOf([turnOn, described(facts())])).toBe('untrusted');
  });

  it('by an account is no word of the user’s, who may have turned a version down', () => {
    const kept = { turnedDown: ['1'], isRefraining: true };
    expect(hearAll([wanted(true)], { kept }).state.context).toMatchObject({
      turnedDown: ['1'],
      isRefraining: false,
      isMadeIfNone: true,
    });
    for (const event of [create, reset, turnOn])
      expect(hearAll([event], { kept }).state.context).toMatchObject({
        turnedDown: [],
        isRefraining: false,
        isMadeIfNone: event === turnOn,
      });
  });
});

describe('a backup that is deleted', () => {
  it('is the one that was described, by its name', () => {
    expect(effectsOf([...backingUp, remove])).toEqual([deletes('1')]);
    expect(effectsOf([start, described(facts({ version: '../keys' })), remove])).toEqual([deletes('..%2Fkeys')]);
    expect(hearAll([...backingUp, remove]).state).toMatchObject({ value: 'deleting', context: { trustedBy: null } });
  });

  it('is read first where none was described', () => {
    expect(effectsOf([remove])).toEqual([read]);
    expect(effectsOf([remove, described(facts({ version: '7' }))])).toEqual([deletes('7')]);
    expect(stateOf([remove, described(facts())])).toBe('deleting');
    expect(effectsOf([remove, described(null)])).toEqual([]);
    expect(stateOf([remove, described(null)])).toBe('off');
  });

  it.each([200, 404])('is forgotten with its key when the server answers %i', (status) => {
    const { effects, state } = hearAll([...backingUp, remove, deleted(status)]);
    expect(effects.at(-1)).toEqual([
      stored(null),
      { type: 'store', patch: { patch: 'forget secret', name: 'm.megolm_backup.v1' } },
    ]);
    expect(state).toMatchObject({ value: 'off', context: { described: null, trustedBy: null } });
  });

  it.each([
    [0, 'backup perhaps not deleted'],
    [403, 'backup not deleted'],
    [500, 'backup not deleted'],
  ])('stands, or may stand, where the server answers %i: its key is kept, and its user is told', (status, about) => {
    const { effects, state } = hearAll([...backingUp, remove, deleted(status)]);
    expect(effects.at(-1)).toMatchObject([stored(null), { type: 'show', notice: { about } }]);
    expect(state.value).toBe('off');
  });

  it('stands, and nothing is said of it, where the device is logged out and asks for no deletion', () => {
    const { effects, state } = hearAll([...backingUp, remove, { ...deleted(0), ...unasked }]);
    expect(effects.at(-1)).toEqual([stored(null)]);
    expect(state.value).toBe('off');
  });
});

describe('a backup that is turned off', () => {
  it('is deleted for the account, or left alone by this client (question q40)', () => {
    expect(effectsOf([...backingUp, turnOff])).toEqual([deletes('1')]);
    expect(stateOf([...backingUp, turnOff])).toBe('deleting');
    const input = { readings: { q40: 'A' } } as const;
    expect(effectsOf([...backingUp, turnOff], { input })).toEqual([deletes('1')]);
  });

  it.each<[BackupEvent, 'A' | 'B']>([
    [turnOff, 'B'],
    [{ type: 'told.backup refrained' }, 'A'],
  ])('here alone is not uploaded to until it is wanted again: %o', (event, q40) => {
    const input = { readings: { q40 } };
    const off = [...backingUp, event];
    expect(effectsOf(off, { input })).toEqual([stored(null)]);
    expect(hearAll(off, { input }).state).toMatchObject({
      value: 'refraining',
      context: { isRefraining: true, isMadeIfNone: false, trustedBy: null, described: signed() },
    });
    expect(effectsOf([...off, { type: 'told.new room key' }], { input })).toEqual([]);
    // Whatever makes it look: it refrains again.
    const looked = hearAll([...off, check, described(signed())], { input });
    expect(looked.effects.at(-1)).toEqual([stored(null)]);
    expect(looked.state).toMatchObject({ value: 'refraining', context: { trustedBy: null } });
    expect(effectsOf([...off, turnOn, described(signed())], { input })).toContainEqual(seals());
  });

  const pushed: BackupEvent = { type: 'told.secret stored', name: 'm.megolm_backup.v1' };
  it.each([start, pushed, check])('for the account stays off here, whatever other backup $type leads to', (event) => {
    const other = [event, described(signed({ version: '2' }))];
    const off = [...backingUp, turnOff, deleted(200)];
    expect(effectsOf([...off, ...other])).toEqual([stored(null)]);
    expect(stateOf([...off, ...other])).toBe('refraining');
    const { chart, state } = hearAll(off);
    expect(effectsOf(other, { kept: chart.persists(state.context) })).toEqual([stored(null)]);
    expect(effectsOf([...off, turnOn, ...other.slice(1)])).toContainEqual(seals('2'));
    expect(stateOf([...off, create, made(), created(200)])).toBe('confirming');
    // Whoever deletes a backup has not said that there is to be none.
    expect(effectsOf([...backingUp, remove, deleted(200), ...other])).toContainEqual(seals('2'));
  });

  it('is not made anew for an earlier wish', () => {
    const events: readonly BackupEvent[] = [turnOn, { type: 'told.backup refrained' }, check, described(null)];
    expect(effectsOf(events)).toEqual([stored(null)]);
  });
});
