/**
 * Arenas: a small cast, an attacker with a few moves, and what people may do in any order. Sorted by how much the
 * attacker has to have, so that the first arena in which a promise breaks names the weakest attacker.
 */
import { BACKUP_SECRET } from '../../machines/paths.ts';
import type { DeviceDials } from '../../machines/types.ts';
import { implementedByDefault } from '../scenario/options.ts';
import type { Act, CastAttacker, CastDevice, PlayerId, Scenario } from '../types.ts';

export type Arena = {
  readonly scenario: Scenario;
  /** What is watched there. */
  readonly guarantees: readonly string[];
  /** The dials that are not as usual, for `everyone` or for one device. */
  readonly dials: Readonly<Record<string, Dialled>>;
};

/** Every search ends within these. */
export const bounds = { depth: 24, worlds: 60_000 } as const;

type Doing = readonly [who: string, verb: string, arg?: string];
type Dialled = Partial<Omit<DeviceDials, 'off'>>;
type Wanted = {
  readonly id: string;
  readonly title: string;
  /** Alice's devices; `-tablet` is one that nobody has signed. */
  readonly devices: readonly string[];
  /** `never`: moves it does not make here, so that the arena stays small. */
  readonly attacker?: Pick<CastAttacker, 'plays' | 'of'> & {
    readonly moves: number;
    readonly never?: readonly string[];
  };
  /** What may be done in any order, each once. */
  readonly acts: readonly Doing[];
  /** What is done in this order, where only the syncs between are free. */
  readonly story?: readonly Doing[];
  readonly guarantees: readonly string[];
  readonly dials?: Dialled;
  readonly dialsOf?: Readonly<Record<PlayerId, Dialled>>;
};

const dialled = (before: DeviceDials, more: Dialled): DeviceDials => ({
  ...before,
  ...more,
  implements: { ...before.implements, ...more.implements },
});
const deviceOf = (name: string): CastDevice =>
  name.startsWith('-') ? { name: name.slice(1), crossSigned: false } : { name, crossSigned: true };

const actOf = ([who, verb, arg]: Doing): Act => ({ who, verb, args: arg === undefined ? {} : { [verb]: arg } });

const arena = (wanted: Wanted): Arena => {
  const { id, title, devices, attacker, acts, story = [], guarantees, dials = {}, dialsOf = {} } = wanted;
  const plain: DeviceDials = {
    implements: implementedByDefault,
    identifiers: 'stable',
    off: [],
    readings: {},
    options: {},
  };
  const everyone = dialled(plain, dials);
  const mallory: readonly CastAttacker[] =
    attacker === undefined
      ? []
      : [
          {
            name: 'mallory',
            plays: attacker.plays,
            of: attacker.of,
            budget: { moves: attacker.moves, ...Object.fromEntries((attacker.never ?? []).map((verb) => [verb, 0])) },
            colludes: [],
          },
        ];
  return {
    guarantees,
    dials: { ...(Object.keys(dials).length === 0 ? {} : { everyone: dials }), ...dialsOf },
    scenario: {
      id: `arena/${id}`,
      title,
      about: ['MSC4385'],
      why: '',
      cast: {
        servers: ['example.org'],
        users: [{ name: 'alice', server: 'example.org', devices: devices.map(deviceOf) }],
        attackers: mallory,
        backup: true,
      },
      dials: {
        everyone,
        byDevice: Object.fromEntries(Object.entries(dialsOf).map(([player, own]) => [player, dialled(everyone, own)])),
      },
      faults: {},
      story: story.map((one) => [actOf(one)]),
      explore: {
        acts: acts.map((one) => ({ act: actOf(one), times: 1 })),
        faults: {},
        until: bounds,
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
const peace = [...safety, 'secret-convergence'];

export const arenas: readonly Arena[] = [
  arena({
    id: 'nobody',
    title: 'Nobody attacks: people change their backup and their devices catch up',
    devices: ['phone', 'laptop'],
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'request secret', BACKUP_SECRET],
    ],
    guarantees: peace,
  }),
  arena({
    id: 'two-resets',
    title: 'Nobody attacks: two devices change the backup at once',
    devices: ['phone', 'laptop'],
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'reset backup'],
    ],
    guarantees: peace,
  }),
  arena({
    id: 'a-restored-backup',
    title: 'Nobody attacks: one device fetches what the other backed up',
    devices: ['phone', 'laptop'],
    acts: [],
    story: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'start room key', '!den:example.org'],
      ['alice.phone', 'sync'],
      ['alice.phone', 'restore backup'],
    ],
    guarantees: [...peace, 'data-durability'],
  }),
  arena({
    id: 'two-names',
    title: 'Nobody attacks: one device knows only the interim name of the event',
    devices: ['phone', 'laptop'],
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dialsOf: { 'alice.phone': { identifiers: 'unstable' }, 'alice.laptop': { identifiers: 'both' } },
  }),
  arena({
    id: 'a-signed-backup',
    title: 'Nobody attacks: devices follow a change only if the new backup is signed by the master key',
    devices: ['phone', 'laptop'],
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dials: { implements: { MSC4385: 'pr-head' }, options: { 'signed backup only': true } },
  }),
  arena({
    id: 'a-verified-sibling',
    title: 'Nobody attacks: a new device is verified and asks for what it lacks',
    devices: ['phone', 'laptop', '-tablet'],
    acts: [['alice.laptop', 'verify', 'tablet']],
    guarantees: peace,
  }),
  arena({
    id: 'a-new-sibling',
    title: 'Nobody attacks: a new device is verified while the backup changes',
    devices: ['phone', 'laptop', '-tablet'],
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'verify', 'tablet'],
    ],
    guarantees: peace,
  }),
  arena({
    id: 'an-old-client',
    title: 'Nobody attacks: one device knows nothing of pushes',
    devices: ['phone', 'laptop', 'tablet'],
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.tablet', 'request secret', BACKUP_SECRET],
    ],
    guarantees: peace,
    dialsOf: { 'alice.tablet': { implements: { MSC4385: 'none' } } },
  }),
  arena({
    id: 'two-questions',
    title: 'Nobody attacks: one device asks two questions of two siblings',
    devices: ['phone', 'laptop', 'tablet'],
    acts: [
      ['alice.phone', 'request secret', BACKUP_SECRET],
      ['alice.phone', 'request secret', 'm.cross_signing.master'],
    ],
    guarantees: safety,
  }),
  arena({
    id: 'another-user',
    title: 'Another user writes to the devices',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'other-user', of: null, moves: 2 },
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dials: { readings: { q08: 'A' } },
  }),
  arena({
    id: 'a-stolen-token',
    title: 'Somebody has an access token',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'stolen-token', of: 'alice', moves: 3 },
    acts: [['alice.phone', 'check backup']],
    guarantees: peace,
  }),
  arena({
    id: 'a-stolen-token-is-asked',
    title: 'Somebody has an access token, and a device of theirs is asked for a secret',
    devices: ['phone', 'laptop'],
    attacker: {
      plays: 'stolen-token',
      of: 'alice',
      moves: 3,
      never: ['push secret', 'create backup', 'delete backup', 'request secret'],
    },
    acts: [['alice.phone', 'request secret', BACKUP_SECRET]],
    guarantees: peace,
  }),
  arena({
    id: 'a-lying-server',
    title: 'The homeserver lies to a device that asks',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'lying-server', of: 'example.org', moves: 2 },
    acts: [['alice.phone', 'request secret', BACKUP_SECRET]],
    guarantees: peace,
  }),
  arena({
    id: 'a-stolen-device',
    title: 'A cross-signed device is in other hands',
    devices: ['phone', 'laptop', 'tablet'],
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' } },
  }),
  arena({
    id: 'a-stolen-device-and-a-filter',
    title: 'A cross-signed device is in other hands, and its siblings take only the master key from pushes',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' }, options: { accept: ['m.cross_signing.master'] } },
  }),
  arena({
    id: 'a-stolen-device-and-a-prompt',
    title: 'A cross-signed device is in other hands, and the user says no to what it pushes',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' }, options: { accept: [BACKUP_SECRET], prompt: 'refuse' } },
  }),
  arena({
    id: 'a-stolen-device-and-a-signed-backup',
    title: 'A cross-signed device is in other hands, and its siblings want backups signed by the master key',
    devices: ['phone', 'laptop'],
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { implements: { MSC4385: 'pr-head' }, options: { 'signed backup only': true } },
  }),
];

/** The arena of that id (`arena/nobody`), to replay what was found there. */
export const arenaOf = (id: string): Arena | undefined => arenas.find(({ scenario }) => scenario.id === id);
