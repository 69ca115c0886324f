/** The register of roles, and one more role that the engine has never heard of. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { phoneOf } from '../engine/attacker.ts';
import { offers } from '../engine/attacking.ts';
import { openChoices } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import { setStage } from '../engine/set-stage.ts';
import type { Moves, Place } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Moment } from '../engine/types.ts';
import { quiet, withAttacker } from '../engine/world.ts';
import { forms } from '../verbs/forms.ts';
import { stageWith } from '../verbs/port.ts';
import { attackerOf, learn } from './knowledge.ts';
import { each, role } from './role.ts';
import { hasAccount, isAtServer, isOrdinary, roles } from './roles/index.ts';

const suite = makeSymbolicSuite('1');
const names = roles.map(({ plays }) => plays);

describe('the register of roles', () => {
  it('has each file of its folder, under its own name, once', () => {
    const files = Object.keys(import.meta.glob(['./roles/*.ts', '!./roles/index.ts']));
    expect(names.map((name) => `./roles/${name}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it('says of each what it is, what it has and what it may, in sentences', () => {
    for (const { plays, text, has, may, of } of roles) {
      expect([plays, text, has, may].filter((one) => one === plays || /^[A-Z].*\.$/.test(one))).toHaveLength(4);
      expect(of.length).toBeGreaterThan(0);
    }
  });

  it('knows who has an account, whose device runs by itself, and who sits at a server', () => {
    const those = (is: (one: { readonly plays: string }) => boolean) => names.filter((plays) => is({ plays }));
    expect(those(hasAccount)).toEqual(['other-user', 'malicious-inviter', 'departed-member', 'typosquatter']);
    expect(those(isOrdinary)).toEqual(['malicious-inviter', 'departed-member', 'typosquatter']);
    expect(those(isAtServer)).toEqual(['lying-server', 'eavesdropper']);
    expect(those(() => hasAccount({ plays: 'nobody' }))).toEqual([]);
  });

  it('gives each the moves that verbs offer there, and every offer of a verb to somebody', () => {
    type Had = readonly [Place, string];
    const hadBy = (place: Place, moves: Moves): readonly Had[] =>
      moves.flatMap((move): readonly Had[] => {
        if (typeof move === 'object' && 'each' in move) return hadBy(move.each, move.moves);
        return [[place, typeof move === 'string' ? move : move.told]];
      });
    const had = new Set(roles.flatMap(({ moves }) => hadBy('anywhere', moves)).map(String));
    const offered = forms.flatMap(({ verb, offers = {} }) => Object.keys(offers).map((place) => `${place},${verb}`));
    expect(had.size).toBeGreaterThan(40);
    expect([...had].toSorted()).toEqual([...new Set(offered)].toSorted());
  });

  it('orders them by what it takes to be one', () => {
    const byStrength = roles.toSorted((one, other) => one.strength - other.strength).map(({ plays }) => plays);
    expect(new Set(roles.map(({ strength }) => strength)).size).toBe(roles.length);
    expect([byStrength[0], byStrength.at(-1)]).toEqual(['sloppy-client', 'stolen-device']);
  });
});

describe('a role as the stage brings it', () => {
  const heard: ('own step' | Moment['kind'])[] = [];
  /** Plays what the register has too, and is another. */
  const janitor = role({
    plays: 'other-user',
    of: ['user'],
    text: 'Sweeps up.',
    has: 'A broom.',
    may: 'Log in with what it finds.',
    strength: 9,
    account: 'driven',
    runs: ({ name }) => ({ phone: phoneOf(name) }),
    begin: (_stage, world, attacker) => withAttacker(world, { ...attacker, knows: [{ what: 'dust', term: 'dust' }] }),
    moves: [each('device', 'push secret', 'request secret')],
    overhear: (stage, world, name, of) => {
      heard.push(of === 'own step' ? of : of.kind);
      const how = { by: 'saw', from: [], text: 'swept it up' } as const;
      return of === 'own step' ? learn(stage, world, name, 'a note', 'note', how) : quiet(world);
    },
  });
  const asks = 'joe:request_secret:m~megolm_backup~v1:alice~phone';
  const plain = aliceAndDevices({ devices: ['phone'] });
  const attackers = [
    { name: 'joe', plays: 'other-user', of: 'alice', budget: { moves: 1, 'push secret': 0 }, colludes: [] },
  ];
  const scenario = { ...plain, cast: { ...plain.cast, attackers } };
  const usual = stageWith(plain, { suite });
  const stage = setStage(scenario, { ...usual, roles: [janitor], free: true });

  it('begins as it says: with its account, its device, and what it knows', () => {
    const world = begin(stage);
    expect(Object.keys(world.devices)).toEqual(['alice.phone', 'joe.phone']);
    expect([attackerOf(world, 'joe').runs, attackerOf(world, 'joe').knows]).toEqual([
      { phone: 'joe.phone' },
      [{ what: 'dust', term: 'dust' }],
    ]);
    expect(beforehand(stage).moments.some((moment) => moment.kind === 'learned')).toBe(false);
  });

  it('is offered what it offers, as far as its budget goes', () => {
    const world = begin(stage);
    expect(offers(stage, world, attackerOf(world, 'joe')).map(({ verb }) => verb)).toEqual(['request secret']);
    const open = openChoices(stage, world).filter(({ who }) => who === 'joe');
    expect(open.map(({ id }) => id)).toEqual([asks]);
    const spent = step(stage, world, asks).world;
    expect([spent.budgets.joe, offers(stage, spent, attackerOf(spent, 'joe'))]).toEqual([
      { moves: 0, 'push secret': 0 },
      [],
    ]);
  });

  it('overhears its own step first, then what devices do, then what servers are asked', () => {
    heard.length = 0;
    const { step: done } = step(stage, begin(stage), asks);
    expect(heard[0]).toBe('own step');
    const kinds = heard.slice(1);
    expect(kinds).toContain('request');
    expect(kinds.slice(kinds.indexOf('request')).every((kind) => kind === 'request')).toBe(true);
    expect(done.moments.filter(({ kind }) => kind === 'learned')).toHaveLength(1);
  });

  it('is a fault of the cast where nobody has said what it is', () => {
    expect(() => begin(setStage(scenario, { ...usual, roles: [] }))).toThrow(/nobody plays other-user/);
  });
});
