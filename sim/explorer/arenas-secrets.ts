/** Arenas of secrets: siblings that push, ask and answer, and a backup that changes. */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { type Arena, arena, type Wanted } from './arenas-build.ts';

const safety: readonly GuaranteeId[] = [
  'secret-authenticity',
  'secret-confidentiality',
  'backup-key-integrity',
  'consent-awareness',
];
const peace: readonly GuaranteeId[] = [...safety, 'secret-convergence'];

const usual: readonly Wanted[] = [
  {
    id: 'nobody',
    title: 'Nobody attacks: people change their backup and their devices catch up',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'request secret', BACKUP_SECRET],
    ],
    guarantees: peace,
  },
  {
    id: 'two-resets',
    title: 'Nobody attacks: two devices change the backup at once',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'reset backup'],
    ],
    guarantees: peace,
  },
  {
    id: 'a-restored-backup',
    title: 'Nobody attacks: one device fetches what the other backed up',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [],
    story: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'start room key', '!den:example.org'],
      ['alice.phone', 'sync'],
      ['alice.phone', 'restore backup'],
    ],
    guarantees: [...peace, 'data-durability'],
  },
  {
    id: 'two-names',
    title: 'Nobody attacks: one device knows only the interim name of the event',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dialsOf: { 'alice.phone': { identifiers: 'unstable' }, 'alice.laptop': { identifiers: 'both' } },
  },
  {
    id: 'a-signed-backup',
    title: 'Nobody attacks: devices follow a change only if the new backup is signed by the master key',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dials: { implements: { MSC4385: 'pr-head' }, options: { 'signed backup only': true } },
  },
  {
    id: 'a-new-backup-is-asked-about',
    title: 'Nobody attacks: a client asks its user before it backs up to a new version',
    about: ['MSC1219'],
    devices: { alice: ['phone', 'laptop'] },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.phone', 'check backup'],
      ['alice.phone', 'refuse'],
      ['alice.phone', 'start room key', '!den:example.org'],
    ],
    faults: { restart: 1 },
    guarantees: ['backup-key-integrity', 'preference-fidelity', 'consent-awareness'],
    dialsOf: { 'alice.phone': { options: { 'new backup prompt': 'ask' } } },
  },
  {
    id: 'a-verified-sibling',
    title: 'Nobody attacks: a new device is verified and asks for what it lacks',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop', '-tablet'] },
    acts: [['alice.laptop', 'verify', 'tablet']],
    guarantees: peace,
  },
  {
    id: 'a-new-sibling',
    title: 'Nobody attacks: a new device is verified while the backup changes',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop', '-tablet'] },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.laptop', 'verify', 'tablet'],
    ],
    guarantees: peace,
  },
  {
    id: 'an-old-client',
    title: 'Nobody attacks: one device knows nothing of pushes',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop', 'tablet'] },
    acts: [
      ['alice.laptop', 'reset backup'],
      ['alice.tablet', 'request secret', BACKUP_SECRET],
    ],
    guarantees: peace,
    dialsOf: { 'alice.tablet': { implements: { MSC4385: 'none' } } },
  },
  {
    id: 'two-questions',
    title: 'Nobody attacks: one device asks two questions of two siblings',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop', 'tablet'] },
    acts: [
      ['alice.phone', 'request secret', BACKUP_SECRET],
      ['alice.phone', 'request secret', 'm.cross_signing.master'],
    ],
    guarantees: safety,
  },
  {
    id: 'another-user',
    title: 'Another user writes to the devices',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'other-user', of: null, moves: 2 },
    acts: [['alice.laptop', 'reset backup']],
    guarantees: peace,
    dials: { readings: { q08: 'A' } },
  },
  {
    id: 'a-stolen-token',
    title: 'Somebody has an access token',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'stolen-token', of: 'alice', moves: 3 },
    acts: [['alice.phone', 'check backup']],
    guarantees: peace,
  },
  {
    id: 'a-stolen-token-is-asked',
    title: 'Somebody has an access token, and a device of theirs is asked for a secret',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: {
      plays: 'stolen-token',
      of: 'alice',
      moves: 3,
      never: ['push secret', 'create backup', 'delete backup', 'request secret'],
    },
    acts: [['alice.phone', 'request secret', BACKUP_SECRET]],
    guarantees: peace,
  },
  {
    id: 'a-lying-server',
    title: 'The homeserver lies to a device that asks',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'lying-server', of: 'example.org', moves: 2 },
    acts: [['alice.phone', 'request secret', BACKUP_SECRET]],
    guarantees: peace,
  },
  {
    id: 'a-stolen-device',
    title: 'A cross-signed device is in other hands',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop', 'tablet'] },
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' } },
  },
  {
    id: 'a-stolen-device-and-a-filter',
    title: 'A cross-signed device is in other hands, and its siblings take only the master key from pushes',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' }, options: { accept: ['m.cross_signing.master'] } },
  },
  {
    id: 'a-stolen-device-and-a-prompt',
    title: 'A cross-signed device is in other hands, and the user says no to what it pushes',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { readings: { q08: 'A' }, options: { accept: [BACKUP_SECRET], prompt: 'refuse' } },
  },
  {
    id: 'a-stolen-device-and-a-signed-backup',
    title: 'A cross-signed device is in other hands, and its siblings want backups signed by the master key',
    about: ['MSC4385'],
    devices: { alice: ['phone', 'laptop'] },
    attacker: { plays: 'stolen-device', of: 'alice.laptop', moves: 2 },
    acts: [],
    guarantees: peace,
    dials: { implements: { MSC4385: 'pr-head' }, options: { 'signed backup only': true } },
  },
];

/** The same under another text of MSC4385: arenas that a text makes a difference to are named here. */
const inText = (text: string, words: string, ids: readonly string[]): readonly Arena[] =>
  usual
    .filter(({ id }) => ids.includes(id))
    .map((one) =>
      arena({
        ...one,
        id: `${one.id}-${text}`,
        title: `${one.title} (${words})`,
        dials: { ...one.dials, implements: { ...one.dials?.implements, MSC4385: text } },
      }),
    );

export const secretArenas: readonly Arena[] = [
  ...usual.map(arena),
  ...inText('send-variant', 'a secret is handed on as an answer that nobody asked for', [
    'nobody',
    'two-resets',
    'two-names',
    'a-verified-sibling',
    'an-old-client',
    'another-user',
    'a-stolen-token',
    'a-lying-server',
    'a-stolen-device',
    'a-stolen-device-and-a-filter',
    'a-stolen-device-and-a-prompt',
  ]),
];
