import { describe, expect, it } from 'vitest';
import type { ClauseId } from '../../machines/types.ts';
import type { Moment } from '../engine/types.ts';
import { noPreferences } from './evidence/preferences.ts';
import { admission, serverDistrust } from './server-distrust.ts';
import { everybody, server, step, stores, verdict, watched, witness } from './testing.ts';

const phone = 'alice.phone';
const implemented = { MSC4287: 'merged', MSC1219: 'spec-v1.19' };
const lies = (isOn: boolean): Moment => ({
  kind: 'forged',
  player: 'oscar',
  server,
  victim: phone,
  what: 'shows other account data',
  accountData: 'm.key_backup',
  before: null,
  after: { enabled: isOn },
});
const follows = (isOn: boolean): Moment => stores(phone, { patch: 'backup preference', isOn, why: 'preference' });
const led = (isOn: boolean) => [everybody(), step(lies(isOn)), step(follows(isOn))];

describe('server-distrust', () => {
  it.each<[isOn: boolean, clause: ClauseId]>([
    [true, '4287-forced-on-attack'],
    [false, '4287-forced-off-attack'],
  ])(
    'concedes a forged value by the sentence about that very value, where the text has it in force: %s',
    (isOn, clause) => {
      const cast = { implements: implemented };
      expect(verdict(serverDistrust, led(isOn), witness(cast))).toBe(`accepted by ${clause}`);
      expect(verdict(serverDistrust, led(isOn), witness({ ...cast, off: [clause] }))).toBe(`breaks at ${phone}`);
      const without = { ...witness(cast), isMeantBy: (_: string, asked: ClauseId) => asked !== clause };
      expect(verdict(serverDistrust, led(isOn), without)).toBe(`breaks at ${phone}`);
    },
  );

  it('says whose preference it is', () => {
    const { breaks } = watched(serverDistrust, led(true), witness({ implements: implemented }));
    expect(breaks).toMatchObject([{ at: phone, about: { is: 'preference', user: 'alice' } }]);
  });

  it('excuses nobody who has decided nothing', () => {
    expect(admission(phone, noPreferences, witness({ implements: implemented }))).toBe(null);
  });
});
