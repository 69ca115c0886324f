/** Arenas of a choice about key backup: made on one device, found or not by another. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { type Arena, arena, type Doing } from './arenas-build.ts';

const preference: readonly GuaranteeId[] = [
  'preference-fidelity',
  'preference-convergence',
  'server-distrust',
  'consent-awareness',
  'data-durability',
];
const off: Doing = ['alice.laptop', 'turn backup off'];
const on: Doing = ['alice.laptop', 'turn backup on'];
const tablet: Doing = ['alice', 'log in as', 'tablet'];
const desk: Doing = ['alice', 'log in as', 'desk'];
const merged = { MSC4287: 'merged' };
const seed = { MSC4287: 'seed' };
const usual = { about: ['MSC4287'], devices: { alice: ['phone', 'laptop'] }, guarantees: preference };
const writes = (content: string): Doing => ['alice.laptop', 'set account data', 'm.key_backup', { content }];

export const preferenceArenas: readonly Arena[] = [
  arena({
    ...usual,
    id: 'a-choice',
    title: 'Nobody attacks: the user chooses, and logs in elsewhere',
    acts: [off, on, tablet],
    dials: { implements: merged, readings: { q40: 'B' } },
  }),
  arena({
    ...usual,
    id: 'a-choice-where-backup-is-off',
    title: 'Nobody attacks: clients do not back up unless the user says so',
    acts: [off, on, tablet],
    dials: { implements: merged, readings: { q40: 'B' }, options: { 'backup by default': 'off' } },
  }),
  arena({
    ...usual,
    id: 'no-choice',
    title: 'Nobody attacks: clients differ, and the user has chosen nothing',
    acts: [tablet, desk],
    dials: { implements: merged },
    dialsOf: { 'alice.desk': { options: { 'backup by default': 'off' } } },
  }),
  arena({
    ...usual,
    id: 'no-choice-is-recorded',
    title: 'Nobody attacks: clients differ, and whoever comes first records what it does',
    acts: [tablet, desk],
    dials: { implements: merged, readings: { q41: 'B' } },
    dialsOf: { 'alice.desk': { options: { 'backup by default': 'off' } } },
  }),
  arena({
    ...usual,
    id: 'no-answer',
    title: 'Nobody attacks: what is stored is no answer',
    acts: [writes('{}'), writes('{"enabled":"false"}'), tablet],
    dials: { implements: merged },
  }),
  arena({
    ...usual,
    id: 'no-answer-where-backup-is-off',
    title: 'Nobody attacks: what is stored is no answer, and clients do not back up unless the user says so',
    acts: [writes('{}'), writes('{"enabled":"false"}'), tablet],
    dials: { implements: merged, options: { 'backup by default': 'off' } },
  }),
  arena({
    ...usual,
    id: 'a-client-that-watches',
    title: 'Nobody attacks: clients watch the choice, ask and follow',
    acts: [off, ['alice.phone', 'accept'], ['alice.phone', 'start room key', '!den:example.org']],
    dials: { implements: merged, readings: { q40: 'B' }, options: { monitor: 'ask' } },
  }),
  arena({
    ...usual,
    id: 'a-deleted-backup',
    title: 'Nobody attacks: the backup is deleted and clients go on',
    acts: [['alice.laptop', 'delete backup'], ['alice.phone', 'start room key', '!den:example.org'], off],
    dials: { implements: merged },
  }),
  arena({
    ...usual,
    id: 'a-client-that-keeps-out',
    title: 'Nobody attacks: one client leaves the choice alone, and another cannot back up',
    acts: [on, ['alice.phone', 'turn backup off'], tablet],
    dials: { implements: merged, readings: { q40: 'B' } },
    dialsOf: { 'alice.phone': { options: { preference: 'ignore' } } },
  }),
  arena({
    ...usual,
    id: 'a-client-without-backup',
    title: 'Nobody attacks: one client cannot back up',
    acts: [on, tablet, desk],
    dials: { implements: merged },
    dialsOf: { 'alice.tablet': { implements: { MSC1219: 'none' } } },
  }),
  arena({
    ...usual,
    id: 'the-first-text-of-the-choice',
    title: 'Nobody attacks: clients go by the first text of the choice',
    acts: [off, tablet, desk],
    dials: { implements: seed },
  }),
  arena({
    ...usual,
    id: 'the-first-text-where-backup-is-off',
    title: 'Nobody attacks: clients go by the first text and do not back up unless the user says so',
    acts: [on, tablet, desk],
    dials: { implements: seed, options: { 'backup by default': 'off' } },
  }),
  arena({
    ...usual,
    id: 'a-choice-under-its-interim-name',
    title: 'Nobody attacks: clients know the interim name of the choice',
    acts: [off, tablet],
    dials: { implements: merged, identifiers: 'unstable' },
  }),
  arena({
    ...usual,
    id: 'a-thief-who-chooses',
    title: 'Somebody has an access token, and clients watch the choice and ask',
    attacker: { plays: 'stolen-token', of: 'alice', moves: 2, also: ['set account data'] },
    acts: [['alice.phone', 'refuse']],
    dials: { implements: merged, options: { monitor: 'ask' } },
  }),
  arena({
    ...usual,
    id: 'a-server-that-chooses',
    title: 'The homeserver lies about the choice',
    attacker: {
      plays: 'lying-server',
      of: 'example.org',
      moves: 1,
      also: ['show account data'],
      never: ['add device', 'swap identity', 'inject', 'drop', 'replay', 'reorder', 'create backup', 'hide backup'],
    },
    acts: [off, tablet],
    dials: { implements: merged },
  }),
];
