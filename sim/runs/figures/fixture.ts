/** A run written by hand, for the tests of the figures: every kind of row stands in it once at least. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { DeviceSettings } from '../../../machines/types.ts';
import type { Judgement, Run, Scenario } from '../../engine/types.ts';
import { alice, laptop, off, phone, server, steps, tablet } from './fixture-steps.ts';

const dials: DeviceSettings = {
  implements: { MSC4385: 'push-variant' },
  identifiers: 'stable',
  off: [],
  readings: {},
  options: {},
};
const act = (who: string, verb: string) => [{ who, verb, args: {} }];
const scenario: Scenario = {
  id: 'secret-push/a-stolen-token-cannot-plant-a-backup-key',
  title: 'A stolen access token cannot plant a backup key',
  about: ['MSC4385'],
  why: 'Whoever holds a token can log in a device but cannot sign it. If an unsigned device’s push counted, every room key uploaded from then on would be the thief’s to read.',
  cast: {
    servers: [server],
    users: [
      {
        name: 'alice',
        server,
        devices: [
          { name: 'phone', crossSigned: true },
          { name: 'laptop', crossSigned: true },
        ],
      },
    ],
    attackers: [
      { name: 'mallory', plays: 'stolen-token', of: 'alice', budget: {}, colludes: [] },
      { name: 'eve', plays: 'lying-server', of: server, budget: {}, colludes: [] },
    ],
    backup: true,
  },
  dials: { everyone: dials, byDevice: {} },
  faults: {},
  story: [act(laptop, 'reset backup'), act('mallory', 'log in as'), act(phone, 'sync')],
  explore: null,
  expect: [
    { guarantee: 'secret-authenticity', verdict: 'holds', at: null, by: null, shadow: 'happens' },
    { guarantee: 'backup-key-integrity', verdict: 'holds', at: null, by: null, shadow: 'happens' },
    { guarantee: 'history-confidentiality', verdict: 'holds', at: null, by: null, shadow: 'happens' },
    { guarantee: 'consent-awareness', verdict: 'holds', at: null, by: null, shadow: 'happens' },
    { guarantee: 'secret-convergence', verdict: 'holds', at: null, by: null, shadow: 'happens' },
    { guarantee: 'availability', verdict: 'holds', at: null, by: null, shadow: 'never' },
  ],
  without: [
    {
      key: off,
      turns: [{ turn: 'off', clause: off }],
      expect: [{ guarantee: 'secret-authenticity', verdict: 'breaks', at: phone, by: null, shadow: 'happens' }],
    },
  ],
};

const judgement = (
  guarantee: GuaranteeId,
  verdict: Judgement['verdict'],
  step: number | null,
  why: string | null,
  more: Partial<Judgement> = {},
): Judgement => {
  const { at, acceptedBy, cause } = { at: step === null ? null : phone, acceptedBy: null, cause: step, ...more };
  const broken = { at, about: null, why: why ?? '', acceptedBy };
  return {
    guarantee,
    verdict,
    cause,
    certain: step,
    breaks: step === null || cause === null ? [] : [{ cause, certain: step, breaks: [broken] }],
    at,
    why,
    missed: verdict === 'breaks' ? [off] : [],
    acceptedBy,
    shadow: true,
    ...more,
  };
};

const players: Run['players'] = [
  { id: phone, kind: 'device', of: alice, label: 'phone', detail: 'PHONE' },
  { id: laptop, kind: 'device', of: alice, label: 'laptop', detail: 'LAPTOP' },
  { id: server, kind: 'homeserver', of: server, label: server, detail: 'homeserver' },
  { id: tablet, kind: 'rogue device', of: 'mallory', label: 'tablet', detail: 'TABLET' },
  { id: 'mallory', kind: 'attacker', of: 'mallory', label: 'mallory', detail: 'stolen token' },
  { id: 'eve', kind: 'attacker', of: 'eve', label: 'eve', detail: 'lying server' },
];

/** The run with the clause off. */
export const fixtureRun: Run = {
  scenario,
  trace: {
    scenario: scenario.id,
    turns: [{ turn: 'off', clause: off }],
    seed: '1',
    choices: steps.map(({ choice }) => choice.id),
  },
  players,
  steps,
  refused: [],
  unstruck: [],
  endless: null,
  judgements: [
    judgement('secret-authenticity', 'breaks', 7, 'alice.phone stores a backup key that no device of alice ever made', {
      cause: 5,
    }),
    judgement('backup-key-integrity', 'breaks', 7, 'alice.phone uploads to a backup whose key mallory made'),
    judgement('history-confidentiality', 'breaks', 11, 'mallory opens a room key of alice', { at: 'mallory' }),
    judgement('consent-awareness', 'accepted', 7, 'the user was told only afterwards', {
      acceptedBy: '4385-push-may-prompt',
    }),
    judgement('secret-convergence', 'unsettled', null, null),
    judgement('availability', 'holds', null, null),
  ],
};

/** The same story with the clause on: the push is refused and nothing follows. */
export const fixtureRunOn: Run = {
  ...fixtureRun,
  trace: { ...fixtureRun.trace, turns: [], choices: fixtureRun.trace.choices.slice(0, 9) },
  steps: steps.slice(0, 9).map((step, index) =>
    index === 7
      ? {
          ...step,
          moments: [
            ...step.moments.slice(0, 7),
            {
              kind: 'clause',
              player: phone,
              chart: 'secret-push',
              clause: off,
              role: 'guard',
              says: 'refuses',
              off: false,
            } as const,
          ],
        }
      : {
          ...step,
          moments: step.moments.map((moment) => (moment.kind === 'clause' ? { ...moment, off: false } : moment)),
        },
  ),
  judgements: fixtureRun.judgements.map((one) => ({
    ...one,
    verdict: 'holds',
    step: null,
    at: null,
    why: null,
    missed: [],
    acceptedBy: null,
  })),
};
