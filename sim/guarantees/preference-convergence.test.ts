import { describe, expect, it } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { preferenceConvergence } from './preference-convergence.ts';
import { everybody, logsIn, request, step, stores, verdict, watched, witness } from './testing.ts';

const [phone, laptop, bobs] = ['alice.phone', 'alice.laptop', 'bob.phone'];
const cast = witness({ implements: { MSC4287: 'merged', MSC1219: 'spec-v1.19' } });
const decides = (player: PlayerId, isOn: boolean, why: 'preference' | 'own default' | 'user' = 'own default'): Moment =>
  stores(player, { patch: 'backup preference', isOn, why });
const writes = (body: Json): Moment =>
  request(phone, { method: 'PUT', path: paths.accountData('@alice:a.example', 'm.key_backup'), body });
const steps = (...moments: readonly Moment[]) => [everybody(), ...moments.map((moment) => step(moment))];
const differ = [decides(phone, false), decides(laptop, true)];

describe('preference-convergence', () => {
  it('is about clients of one user', () => {
    expect(verdict(preferenceConvergence, steps(decides(phone, false), decides(bobs, true)), cast)).toBe('holds');
    expect(verdict(preferenceConvergence, steps(decides(phone, true), decides(bobs, true)), cast)).toBe('holds');
    const { breaks } = watched(preferenceConvergence, steps(decides(bobs, true), ...differ), cast);
    expect(breaks).toMatchObject([{ at: laptop, about: { is: 'preference', user: 'alice' } }]);
  });

  it('asks nothing of a client that has logged out', () => {
    const gone = (player: PlayerId) => request(player, { method: 'POST', path: paths.logout });
    expect(verdict(preferenceConvergence, steps(...differ), cast)).not.toBe('holds');
    expect(verdict(preferenceConvergence, steps(decides(phone, false), gone(phone), decides(laptop, true)), cast)).toBe(
      'holds',
    );
    expect(verdict(preferenceConvergence, steps(...differ, gone(bobs)), cast)).not.toBe('holds');
  });

  it('asks nothing of a client that leaves the preference alone, or cannot back up', () => {
    const alone = { ...cast, option: (player: PlayerId) => (player === laptop ? 'ignore' : undefined) };
    expect(verdict(preferenceConvergence, steps(...differ), alone)).toBe('holds');
    const none = { ...cast, option: () => 'ignore' };
    expect(verdict(preferenceConvergence, steps(...differ), none)).toBe('holds');
    const bare = {
      ...cast,
      implementsText: (player: PlayerId, text: string) => text !== 'MSC1219' || player !== laptop,
    };
    expect(verdict(preferenceConvergence, steps(...differ), bare)).toBe('holds');
  });

  it('excuses by what is made of a useless value, where one of them has found one', () => {
    const found = [decides(phone, false), writes({ enabled: 0 }), decides(laptop, true)];
    expect(verdict(preferenceConvergence, steps(...found), cast)).toBe('accepted by 4287-invalid-may-decide');
  });

  it('happens where somebody comes to what another goes by, whatever else the step holds', () => {
    const both = step(
      logsIn('alice.tablet', '@alice:a.example', 'TABLET'),
      decides(phone, true),
      decides(laptop, true),
    );
    expect(verdict(preferenceConvergence, [everybody(), both], cast)).toBe('holds (it happens)');
    const beside = step(stores(laptop, { patch: 'backup', backup: null }));
    expect(verdict(preferenceConvergence, [...steps(decides(phone, true)), beside], cast)).toBe('holds');
    expect(verdict(preferenceConvergence, [...steps(decides(phone, true), decides(bobs, true)), beside], cast)).toBe(
      'holds',
    );
  });

  describe('goes by what a client ends up doing', () => {
    const takes = (player: PlayerId, version: string | null): Moment =>
      stores(player, { patch: 'backup', backup: version === null ? null : { version, publicKey: 'key' } });
    const said = (...moments: readonly Moment[]) => verdict(preferenceConvergence, steps(...moments), cast);
    const off = [decides(phone, false, 'user'), takes(phone, null)];
    const pushedOn = [...off, decides(laptop, true, 'user'), takes(laptop, '2'), takes(phone, '2')];

    it('one that was turned off, and takes a backup into use all the same, backs up', () => {
      expect(said(...pushedOn)).toBe('holds (it happens)');
      expect(said(...pushedOn.slice(0, -1))).toBe(`breaks at ${laptop}`);
      expect(said(...pushedOn, takes(phone, null))).toBe(`breaks at ${laptop} (it happens)`);
      expect(said(...pushedOn, decides(phone, false, 'user'))).toBe(`breaks at ${laptop} (it happens)`);
      expect(said(takes(phone, '1'), ...differ)).toBe(`accepted by 4287-default-freedom`);
    });

    it('and names those that do otherwise', () => {
      const { breaks } = watched(
        preferenceConvergence,
        steps(...pushedOn, decides('alice.tablet', false, 'preference')),
        cast,
      );
      expect(breaks.map(({ at, why }) => [at, why])).toEqual([
        ['alice.tablet', 'alice.tablet backs up nothing, alice.phone does'],
      ]);
    });

    it('and of two that go on against what they came to, only the one that stops has stopped', () => {
      const tablet = 'alice.tablet';
      const both = [...pushedOn, decides(tablet, false, 'user'), takes(tablet, '2')];
      const differs = (...moments: readonly Moment[]) =>
        watched(preferenceConvergence, steps(...both, ...moments), cast).breaks.map(({ why }) => why);
      expect(differs()).toEqual([]);
      const otherwise = [`${laptop} backs up room keys, ${phone} nothing`];
      expect(differs(takes(phone, null))).toEqual([...otherwise, `${tablet} backs up room keys, ${phone} nothing`]);
      const acts = { kind: 'acted', player: phone, detail: { copy: 'c' } } as const;
      expect(differs({ ...acts, what: 'copy' }, { ...acts, what: 'restore from copy' })).toHaveLength(2);
      // And happens where this one goes on, whoever was first.
      expect(said(...both)).toBe('holds (it happens)');
      expect(said(decides(tablet, false, 'user'), decides(laptop, true, 'user'), takes(tablet, '2'))).toBe(
        'holds (it happens)',
      );
    });

    it('one that is to back up, and has no backup to use, is not one that backs up nothing', () => {
      expect(said(decides(phone, true), decides(laptop, true), takes(laptop, null))).toBe('holds (it happens)');
      expect(said(decides(phone, true), takes(phone, null), decides(laptop, false))).toBe(
        'accepted by 4287-default-freedom',
      );
    });

    it('one that comes up from a copy goes by what it went by then', () => {
      const copies = (what: 'copy' | 'restore from copy', copy = 'c', player = phone): Moment => ({
        kind: 'acted',
        player,
        what,
        detail: { copy },
      });
      const [isOff, isOn] = [decides(phone, false, 'user'), decides(phone, true, 'user')];
      const sibling = decides(laptop, true, 'user');
      const lacks = `breaks at ${laptop} (it happens)`;
      expect(said(isOff, copies('copy'), isOn, sibling, copies('restore from copy'))).toBe(lacks);
      expect(said(isOff, copies('copy'), isOn, sibling)).toBe('holds (it happens)');
      expect(said(isOff, copies('copy'), isOn, sibling, copies('restore from copy', 'c', bobs))).toBe(
        'holds (it happens)',
      );
      expect(said(isOff, copies('copy', 'b'), isOn, copies('copy'), sibling, copies('restore from copy'))).toBe(
        'holds (it happens)',
      );
      // Of before it went by anything: what it does is nobody's concern until it does again.
      expect(said(copies('copy'), isOff, sibling, copies('restore from copy'))).toBe('holds');
      expect(said(copies('copy'), isOff, copies('restore from copy'), sibling, isOff)).toBe(`breaks at ${phone}`);
      expect(said(...pushedOn, copies('copy'), copies('restore from copy'))).toBe(lacks);
      expect(said(...pushedOn, copies('copy'), copies('restore from copy'), takes(phone, '2'))).toBe(
        'holds (it happens)',
      );
    });

    it('is conceded to one that comes up from a copy what was conceded when it came to that', () => {
      const copied: Moment = { kind: 'acted', player: laptop, what: 'copy', detail: { copy: 'c' } };
      const restored: Moment = { ...copied, what: 'restore from copy' };
      expect(said(...differ, copied, decides(laptop, false), restored)).toBe(
        'accepted by 4287-default-freedom (it happens)',
      );
    });

    it('and what it does against its own default is no freedom of it', () => {
      const [first, ...others] = [decides(phone, false), decides(laptop, false)];
      expect(said(first as Moment, ...others, takes(phone, '2'))).toBe(`breaks at ${laptop} (it happens)`);
    });
  });

  it('has nothing to judge until somebody has decided', () => {
    const { memory } = watched(preferenceConvergence, steps(decides(phone, true)), cast);
    expect(preferenceConvergence.concerns?.(preferenceConvergence.begin)).toBe(false);
    expect(preferenceConvergence.concerns?.(memory as typeof preferenceConvergence.begin)).toBe(true);
  });
});
