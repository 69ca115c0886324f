import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { SecretOrigin } from '../types.ts';
import type { BackupEvent } from './events.ts';
import {
  atMs,
  backingUp,
  check,
  described,
  done,
  effectsOf,
  facts,
  hearAll,
  me,
  read,
  remove,
  type Setting,
  sealed,
  seals,
  signed,
  start,
  stateOf,
  stored,
  told,
  uploaded,
  uploadTold,
} from './testing.ts';

const untrusted = [
  stored(null),
  {
    type: 'show',
    notice: {
      about: 'backup not trusted',
      text: 'There is a key backup that this device has no reason to trust.',
      version: '1',
    },
  },
  told('told.backup untrusted'),
];
const use = (version = '1', publicKey = 'pub') => [stored({ version, publicKey }), seals(version, publicKey)];

describe('the version that the server has', () => {
  const secret = (name: string): BackupEvent => ({ type: 'told.secret stored', name });
  it.each([start, check, secret('m.megolm_backup.v1')])('is read at $type', (event) => {
    expect(effectsOf([event])).toEqual([read]);
    expect(stateOf([event])).toBe('asking');
  });

  it('is not read for secrets that open no backup', () => {
    for (const name of ['m.cross_signing.master', 'constructor', '__proto__'])
      expect(hearAll([secret(name)])).toMatchObject({ effects: [[]], state: { value: 'off' } });
  });

  it('is not used any more where there is none', () => {
    for (const none of [described(null), described(null, 500)]) {
      const { effects, state } = hearAll([...backingUp, check, none]);
      expect(effects.at(-1)).toEqual([stored(null)]);
      expect(state).toMatchObject({ value: 'off', context: { described: null, trustedBy: null, refused: null } });
    }
  });
  it('stays the one that is used where nobody answers, and is asked about again after the next sync', () => {
    const unheard = [...backingUp, check, described(null, 0)];
    const { effects, state } = hearAll(unheard);
    expect([effects.at(-1), state.value]).toEqual([[{ type: 'await sync' }], 'away']);
    expect(stateOf([...unheard, done])).toBe('asking');
    expect(stateOf([...unheard, done, described(signed())])).toBe('on');
  });
});

describe('a version is trusted', () => {
  it('not at all without a reason: nothing is uploaded, and its user and others are told', () => {
    const { effects, state, said } = hearAll([start, described(facts())]);
    expect(effects.at(-1)).toEqual(untrusted);
    expect(state).toMatchObject({ value: 'untrusted', context: { trustedBy: null, used: null } });
    expect(said).toEqual([
      '1219-trust-by-signature refuses',
      '1219-trust-by-private-key refuses',
      '1219-trust-before-upload refuses',
    ]);
    expect(effectsOf([start, described(facts()), { type: 'told.new room key' }])).toEqual([]);
  });

  it('without a reason where that is not asked for, by any of the three clauses', () => {
    expect(effectsOf([start, described(facts())], { off: ['1219-trust-before-upload'] })).toEqual(use());
    expect(hearAll([start, described(facts())], { off: ['1219-trust-by-signature'] }).state).toMatchObject({
      value: 'on',
      context: { trustedBy: 'signature' },
    });
    expect(hearAll([start, described(facts())], { off: ['1219-trust-by-private-key'] }).state).toMatchObject({
      value: 'on',
      context: { trustedBy: 'private key' },
    });
  });

  it.each([{ signedByPinnedMaster: true }, { signedByDevices: ['LAPTOP'] }])('by the signature of %o', (by) => {
    const { effects, state } = hearAll([start, described(facts(by))]);
    expect(effects.at(-1)).toEqual(use());
    expect(state).toMatchObject({ value: 'on', context: { trustedBy: 'signature', used: '1', described: facts(by) } });
  });

  const held = (heldFrom: SecretOrigin, matchesHeldSecret = true) => described(facts({ heldFrom, matchesHeldSecret }));
  const pushed: SecretOrigin = { how: 'push', device: 'LAPTOP', user: me.user };
  it('by the private key, however that came', () => {
    for (const event of [held({ how: 'entered' }), held(pushed)])
      expect(hearAll([start, event]).state).toMatchObject({ value: 'on', context: { trustedBy: 'private key' } });
    expect(stateOf([start, held({ how: 'entered' }, false)])).toBe('untrusted');
  });
  it('by a private key that was pushed only where a push is sharing (question q11)', () => {
    const by = (q11: 'A' | 'B', origin: SecretOrigin) =>
      stateOf([start, held(origin)], { input: { readings: { q11 } } });
    expect(by('A', pushed)).toBe('on');
    expect(by('B', pushed)).toBe('untrusted');
    expect(by('B', { how: 'request', device: 'LAPTOP', user: me.user })).toBe('on');
  });

  it('only as long as it is: what was trusted once is weighed anew', () => {
    const { effects, state } = hearAll([...backingUp, check, described(facts())]);
    expect(effects.at(-1)).toEqual(untrusted);
    expect(state).toMatchObject({ context: { trustedBy: null, used: '1' } });
  });

  it('and still not used where its description has no key', () => {
    expect(effectsOf([start, described(signed({ publicKey: null }))])).toEqual([]);
    expect(effectsOf([start, described(signed({ publicKey: null })), { type: 'told.new room key' }])).toEqual([]);
  });
});

describe('another version than the one that was used', () => {
  const kept = { used: '1' };
  const next = described(signed({ version: '2', publicKey: 'pub 2' }));
  const notice = (about: string, text: string) => ({ type: 'show', notice: { about, text, version: '2' } });
  const asked = notice('use new backup', 'The key backup has a new version. Back up to it?');
  const shown = notice('new backup version', 'The key backup has a new version.');
  const accepts: BackupEvent = { type: 'user.accepts', atMs };
  const refuses: BackupEvent = { type: 'user.refuses', atMs };
  const prompt = (word: string, off: readonly string[] = []) => ({
    kept,
    off,
    input: { options: { 'new backup prompt': word } } satisfies Partial<ChartInput>,
  });

  it('is shown when it is used, unless that is off, and no other is', () => {
    for (const setting of [{ kept }, prompt('never')])
      expect(effectsOf([start, next], setting)).toEqual([shown, ...use('2', 'pub 2')]);
    expect(effectsOf([start, next], { kept, off: ['1219-confirm-new-version'] })).toEqual(use('2', 'pub 2'));
    expect(effectsOf([start, next])).toEqual(use('2', 'pub 2'));
    expect(effectsOf([start, next], { kept: { used: '2' } })).toEqual(use('2', 'pub 2'));
  });

  it('is another one by its number, or by its key where that is how it is read (question q55)', () => {
    const again = described(signed({ version: '1', publicKey: 'pub 2' }));
    const byKey = { input: { readings: { q55: 'B' } } } satisfies { input: Partial<ChartInput> };
    expect(effectsOf([start, again], { kept })).not.toContainEqual(shown);
    const told = { ...shown, notice: { ...shown.notice, version: '1' } };
    expect(effectsOf([start, again], { ...byKey, kept: { used: 'pub' } })).toContainEqual(told);
    expect(effectsOf([start, again], { ...byKey, kept: { used: 'pub 2' } })).not.toContainEqual(told);
  });

  it('is looked for before each upload by whoever goes by the key (question q55)', () => {
    const on = [start, described(signed())];
    const news: readonly BackupEvent[] = [
      { type: 'told.new room key' },
      { type: 'told.room keys', room: '!den:example.org' },
      { type: 'backup.room key begun', answers: 'make room key' },
    ];
    for (const one of news) {
      expect(stateOf([...on, one])).toBe('on');
      expect(stateOf([...on, one], { input: { readings: { q55: 'B' } } })).toBe('asking');
    }
  });

  it('waits for its user’s answer where they are asked, and is not uploaded to meanwhile', () => {
    expect(effectsOf([start, next], prompt('ask'))).toEqual([asked]);
    expect(stateOf([start, next], prompt('ask'))).toBe('prompting');
    expect(effectsOf([start, next, { type: 'told.new room key' }], prompt('ask'))).toEqual([]);
    expect(effectsOf([start, next, accepts], prompt('ask'))).toEqual([shown, ...use('2', 'pub 2')]);
    expect(hearAll([start, next, accepts], prompt('ask')).state).toMatchObject({ value: 'on', context: { used: '2' } });
  });

  it('is asked about only where it is another one, and is trusted', () => {
    expect(stateOf([start, next], { ...prompt('ask'), kept: {} })).toBe('on');
    expect(stateOf([start, next], { ...prompt('ask'), kept: { used: '2' } })).toBe('on');
    expect(stateOf([start, described(facts({ version: '2' }))], prompt('ask'))).toBe('untrusted');
  });

  it('is answered for by whoever always says the same', () => {
    const answers = (type: string) => ({ type: 'person answers', act: { type } });
    expect(effectsOf([start, next], prompt('accept'))).toEqual([asked, answers('user.accepts')]);
    expect(effectsOf([start, next], prompt('refuse'))).toEqual([asked, answers('user.refuses')]);
  });

  const declined = [start, next, refuses];
  it('that is refused is done without, and is not asked about again', () => {
    expect(effectsOf(declined, prompt('ask'))).toEqual([stored(null)]);
    const again = hearAll([...declined, check, next], prompt('ask'));
    expect(again.effects.at(-1)).toEqual([stored(null)]);
    expect(again.state).toMatchObject({
      value: 'declined',
      context: { turnedDown: ['2'], trustedBy: null, used: '1' },
    });
    expect(again.said).toContain('1219-remember-refusal done');
    const third = described(signed({ version: '3' }));
    // That one is gone in the end: what there is then was refused before.
    const both = [...declined, check, third, refuses, check];
    expect(hearAll([...both, next], prompt('ask')).state).toMatchObject({
      value: 'declined',
      context: { turnedDown: ['2', '3'] },
    });
    expect(stateOf([...declined, check, third], prompt('ask'))).toBe('prompting');
  });

  it('that is refused is asked about again where nobody remembers, and after a turned down one is not trusted', () => {
    expect(stateOf([...declined, check, next], prompt('ask', ['1219-remember-refusal']))).toBe('prompting');
    expect(stateOf([...declined, check, described(facts({ version: '2' }))], prompt('ask'))).toBe('untrusted');
  });

  it('is answered nowhere but where it was asked', () => {
    expect(hearAll([...backingUp, accepts, refuses])).toMatchObject({
      effects: [[read], use(), [], []],
      state: { value: 'on' },
    });
  });
});

describe('a server that refuses an upload', () => {
  const sent = [...backingUp, { type: 'told.new room key' }, sealed(['s'])] as const;
  it.each([403, 404])('with %i has another version, which is looked for', (status) => {
    const { effects, state } = hearAll([...sent, uploaded(status)]);
    expect(effects.at(-1)).toEqual([uploadTold(status), read]);
    expect(state).toMatchObject({ value: 'asking', context: { trustedBy: null, refused: '1' } });
  });
  it('and has no other is not tried again, until it describes another', () => {
    const again = [...sent, uploaded(403), described(signed())];
    expect(hearAll(again)).toMatchObject({ state: { value: 'off', context: { refused: null, described: null } } });
    expect(effectsOf(again)).toEqual([stored(null)]);
    const other = hearAll([...sent, uploaded(403), described(signed({ version: '2' }))]);
    expect(other.effects.at(-1)).toMatchObject([{ notice: { about: 'new backup version' } }, ...use('2')]);
    expect(other.state.context).toMatchObject({ refused: null, used: '2' });
  });
  it('is not asked for another version where that clause is off', () => {
    const { effects, state } = hearAll([...sent, uploaded(403)], { off: ['1219-wrong-version-flow'] });
    expect(effects.at(-1)).toEqual([uploadTold(403)]);
    expect(state.context).toMatchObject({ refused: null });
  });
  it('for an earlier version says nothing of the one in use', () => {
    const moved = [...sent, check, described(signed({ version: '2' }))];
    const { effects, state } = hearAll([...moved, uploaded(403)]);
    expect(effects.at(-1)).toEqual([uploadTold(403)]);
    expect(state).toMatchObject({ value: 'on', context: { refused: null } });
  });
});

describe('a version that nobody can vouch for', () => {
  const asked = (...events: readonly BackupEvent[]) =>
    hearAll(events).effects.map((some) => some.filter((one) => one.type === 'tell').length);
  const came: BackupEvent = { type: 'told.secret stored', name: 'm.megolm_backup.v1' };

  it('is news once, however often it is weighed', () => {
    expect(asked(start, described(facts()), came, described(facts()), check, described(facts()))).toEqual([
      0, 1, 0, 0, 0, 0,
    ]);
  });

  it('is news where it is another one, or was trusted meanwhile', () => {
    expect(asked(start, described(facts()), check, described(facts({ version: '2' })))).toEqual([0, 1, 0, 1]);
    const between = [check, described(signed()), check];
    expect(asked(start, described(facts()), ...between, described(facts())).at(-1)).toBe(1);
  });
});

describe('what its user deletes', () => {
  const knows = { input: { implements: { MSC1219: 'spec-v1.19', MSC4287: 'merged' } } };
  const kept = (setting: Setting): Required<Setting>['kept'] => {
    const { chart, state } = hearAll([...backingUp, remove], setting);
    return chart.persists(state.context);
  };

  it('is deleted for good where a choice is known, and that one alone elsewhere', () => {
    expect(kept(knows)).toMatchObject({ isRefraining: true });
    expect(kept({})).toMatchObject({ isRefraining: false });
    const again = [start, described(signed())];
    expect(stateOf(again, { ...knows, kept: kept(knows) })).toBe('refraining');
    expect(stateOf(again, { kept: kept({}) })).toBe('on');
  });
});

describe('a restart', () => {
  it('keeps which version was used and turned down, and whether it is told to refrain: all else is read anew', () => {
    const { chart, state } = hearAll(backingUp, { kept: { turnedDown: ['0'] } });
    expect(chart.persists(state.context)).toEqual({ used: '1', turnedDown: ['0'], isRefraining: false });
    expect(hearAll([]).state).toEqual({
      value: 'off',
      context: {
        me,
        described: null,
        trustedBy: null,
        making: null,
        used: null,
        refused: null,
        untrusted: null,
        isRefraining: false,
        turnedDown: [],
        isMadeIfNone: false,
        isUnsent: false,
      },
    });
    expect(stateOf([start, described(signed())], { kept: { isRefraining: true } })).toBe('refraining');
  });
});
