/**
 * Arenas: a small cast, an attacker with a few moves, and what people may do in any order. Sorted by how much the
 * attacker has to have, so that the first arena in which a promise breaks names the weakest attacker.
 */
import { BACKUP_SECRET } from '../../machines/paths.ts';
import type { DeviceDials } from '../../machines/types.ts';
import type { CastAttacker, CastDevice, Scenario } from '../types.ts';

export type Arena = { readonly scenario: Scenario; readonly guarantees: readonly string[] };

const implementsAll: DeviceDials['implements'] = {
  MSC4385: 'push-variant',
  MSC1946: 'spec-v1.19',
  MSC1219: 'spec-v1.19',
  MSC4153: 'none',
};
const signed = (...names: readonly string[]): readonly CastDevice[] =>
  names.map((name) => ({ name, crossSigned: true }));

type Doing = readonly [who: string, verb: string, arg?: string];
type Wanted = {
  readonly id: string;
  readonly title: string;
  readonly devices: readonly CastDevice[];
  readonly attacker?: Pick<CastAttacker, 'plays' | 'of'> & { readonly moves: number };
  readonly acts: readonly Doing[];
  readonly guarantees: readonly string[];
  readonly readings?: DeviceDials['readings'];
  readonly options?: DeviceDials['options'];
  readonly legacy?: string;
};

const arena = ({
  id,
  title,
  devices,
  attacker,
  acts,
  guarantees,
  readings = {},
  options = {},
  legacy,
}: Wanted): Arena => {
  const everyone: DeviceDials = { implements: implementsAll, identifiers: 'stable', off: [], readings, options };
  const without = { ...everyone, implements: { ...implementsAll, MSC4385: 'none' } };
  return {
    guarantees,
    scenario: {
      id: `arena/${id}`,
      title,
      about: ['MSC4385'],
      why: '',
      cast: {
        servers: ['example.org'],
        users: [{ name: 'alice', server: 'example.org', devices }],
        attackers:
          attacker === undefined
            ? []
            : [
                {
                  name: 'mallory',
                  plays: attacker.plays,
                  of: attacker.of,
                  budget: { moves: attacker.moves },
                  colludes: [],
                },
              ],
        backup: true,
      },
      dials: { everyone, byDevice: legacy === undefined ? {} : { [legacy]: without } },
      faults: {},
      story: [],
      explore: {
        acts: acts.map(([who, verb, arg]) => ({
          act: { who, verb, args: arg === undefined ? {} : { [verb]: arg } },
          times: 1,
        })),
        faults: {},
        until: { depth: 24, worlds: 60_000 },
      },
      expect: guarantees.map((guarantee) => ({
        guarantee,
        verdict: 'holds' as const,
        at: null,
        by: null,
        shadow: 'happens' as const,
      })),
      without: [],
    },
  };
};

const safety = ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity', 'consent-awareness'];
const honest = [...safety, 'secret-convergence'];

export const arenas: readonly Arena[] = [
  arena({
    id: 'nobody',
    title: 'Nobody attacks: people change their backup and their devices catch up',
    devices: signed('phone', 'laptop'),
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'request secret', BACKUP_SECRET],
    ],
    guarantees: honest,
  }),
  arena({
    id: 'a-new-sibling',
    title: 'Nobody attacks: a new device is verified',
    devices: [...signed('phone', 'laptop'), { name: 'tablet', crossSigned: false }],
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'verify', 'tablet'],
    ],
    guarantees: honest,
  }),
  arena({
    id: 'an-old-client',
    title: 'Nobody attacks: one device knows nothing of pushes',
    devices: signed('phone', 'laptop', 'tablet'),
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.tablet', 'request secret', BACKUP_SECRET],
    ],
    guarantees: ['secret-convergence'],
    legacy: 'alice.tablet',
  }),
  arena({
    id: 'two-questions',
    title: 'Nobody attacks: one device asks two questions of two siblings',
    devices: signed('phone', 'laptop', 'tablet'),
    acts: [
      ['alice.phone', 'request secret', BACKUP_SECRET],
      ['alice.phone', 'request secret', 'm.cross_signing.master'],
    ],
    guarantees: safety,
  }),
  arena({
    id: 'another-user',
    title: 'Another user writes to the devices',
    devices: signed('phone', 'laptop'),
    attacker: { plays: 'other-user', of: null, moves: 2 },
    acts: [['alice.laptop', 'reset backup']],
    guarantees: safety,
    readings: { q08: 'A' },
  }),
  arena({
    id: 'a-stolen-token',
    title: 'Somebody has an access token',
    devices: signed('phone', 'laptop'),
    attacker: { plays: 'stolen-token', of: 'alice', moves: 3 },
    acts: [['alice.phone', 'check backup']],
    guarantees: safety,
  }),
  arena({
    id: 'a-lying-server',
    title: 'The homeserver lies',
    devices: signed('phone', 'laptop'),
    attacker: { plays: 'lying-server', of: 'example.org', moves: 2 },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'request secret', BACKUP_SECRET],
    ],
    guarantees: safety,
  }),
  arena({
    id: 'a-stolen-device',
    title: 'A cross-signed device is in other hands',
    devices: signed('phone', 'laptop', 'tablet'),
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: safety,
    readings: { q08: 'A' },
    options: { accept: [BACKUP_SECRET], prompt: 'refuse' },
  }),
];
