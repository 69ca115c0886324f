/** Which secrets are genuine, and whose, moment by moment. */
import { describe, expect, it } from 'vitest';
import type { SecretOrigin } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { everybody, step, stores, syncs, witness } from '../testing.ts';
import { type Genuine, genuineAfter, type Halves, halvesAfter, isGenuine, ownersOfSecret } from './secrets.ts';

const phone = 'alice.phone';
const [backup, master] = ['m.megolm_backup.v1', 'm.cross_signing.master'];
const given: SecretOrigin = { how: 'push', user: '@alice:a.example', device: 'LAPTOP' };
const has = (
  secret: string,
  more: { player?: PlayerId; name?: string; origin?: SecretOrigin; half?: string | null } = {},
) => {
  const { player = phone, name = backup, origin = { how: 'made' }, half = `${secret} public` } = more;
  return stores(player, { patch: 'secret', name, held: { secret, public: half, origin } });
};

describe('genuine secrets', () => {
  const remembered = (moments: readonly Moment[], who = witness(), within: Step = step()): Genuine =>
    moments.reduce((genuine, moment) => genuineAfter(genuine, moment, within, who), {});
  const robbed = witness({ stolen: [phone] });

  it('are what a user’s devices made, or their person typed in', () => {
    expect(remembered([has('a'), has('b', { origin: { how: 'entered' } })])).toEqual({
      alice: { [backup]: ['a', 'b'] },
    });
    expect(remembered([has('a', { origin: given })])).toEqual({});
    expect(remembered([has('a', { player: 'oscar.ghost' })])).toEqual({});
    expect(remembered([syncs(phone, {})])).toEqual({});
  });

  it('are told apart by user and name, each once, the last one made at the end', () => {
    expect(remembered([has('a'), has('m', { name: master }), has('b', { player: 'bob.phone' })])).toEqual({
      alice: { [backup]: ['a'], [master]: ['m'] },
      bob: { [backup]: ['b'] },
    });
    expect(remembered([has('a'), has('b'), has('a')])).toEqual({ alice: { [backup]: ['b', 'a'] } });
  });

  it('are those of a stolen device from before the story', () => {
    expect(remembered([has('a')], robbed)).toEqual({});
    expect(remembered([has('a')], robbed, everybody())).toEqual({ alice: { [backup]: ['a'] } });
  });

  it('are found by what they are', () => {
    const genuine = remembered([has('a'), has('a', { player: 'bob.phone', name: master }), has('b')]);
    expect(ownersOfSecret(genuine, 'a')).toEqual([
      { user: 'alice', name: backup },
      { user: 'bob', name: master },
    ]);
    expect(ownersOfSecret(genuine, 'c')).toEqual([]);
    expect(isGenuine(genuine, 'alice', backup, 'b')).toBe(true);
    expect(isGenuine(genuine, 'alice', master, 'b')).toBe(false);
    expect(isGenuine(genuine, 'nobody', backup, 'b')).toBe(false);
  });
});

describe('public halves', () => {
  const remembered = (moments: readonly Moment[]): Halves =>
    moments.reduce<Halves>((halves, moment) => halvesAfter(halves, moment, witness()), {});

  it('lead to the secret, whoever stored that', () => {
    expect(remembered([has('a'), has('b', { origin: given }), has('m', { name: master })])).toEqual({
      alice: { [backup]: { 'a public': 'a', 'b public': 'b' }, [master]: { 'm public': 'm' } },
    });
    expect(remembered([has('a'), has('b', { half: 'a public' })])).toEqual({
      alice: { [backup]: { 'a public': 'b' } },
    });
  });

  it('are none where there is no half, or nobody’s device', () => {
    expect(remembered([has('a', { half: null }), has('b', { player: 'oscar.ghost' }), syncs(phone, {})])).toEqual({});
  });

  it('are remembered anew only where something is new', () => {
    const before = remembered([has('a')]);
    expect(halvesAfter(before, has('a'), witness())).toBe(before);
    expect(halvesAfter(before, has('b'), witness())).not.toBe(before);
  });
});
