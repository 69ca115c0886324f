/** One story for the tests of the figures, run in bytes with a check off and on: nearly every kind of row stands in it. */
import type { Judgement, Run } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { runStory } from './run.ts';

const check = '4385-push-cross-signed-only';

const parsed = parseScenario(
  `title: A stolen access token cannot plant a backup key
about: [MSC4385]
why: If an unsigned device’s push counted, every room key uploaded from then on would be the thief’s to read.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
  attackers:
    mallory: { plays: stolen-token, of: alice }
    eve: { plays: lying-server, of: example.org }
story:
  - alice.laptop: reset backup
  - alice.phone: sync
  - mallory: { log in as: tablet }
  - mallory: create backup
  - mallory: { push secret: m.megolm_backup.v1, to: alice.phone }
  - example.org: { lose answer of: sync, for: alice.laptop }
  - alice.laptop: sync
  - alice.phone: sync
  - alice.laptop: sync
  - alice.laptop: sync
  - eve: { hide backup: alice.laptop }
  - alice.laptop: check backup
  - mallory: read backup
expect: { secret-authenticity: holds, backup-key-integrity: holds, secret-convergence: holds, consent-awareness: holds, availability: holds }
`,
  'secret-push/a-stolen-token-cannot-plant-a-backup-key',
);
if (!parsed.ok) throw new Error(parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
const { scenario } = parsed;
const guarantees = scenario.expect.map(({ guarantee }) => guarantee);

/** Pictures show two more verdicts than the story has. */
const asShown = (judged: Judgement): Judgement => {
  if (judged.guarantee === 'availability') return { ...judged, verdict: 'unsettled' };
  if (judged.guarantee !== 'consent-awareness') return judged;
  const broken = { at: 'alice.phone', about: null, why: 'the user was told only afterwards' };
  const accepted = { ...broken, acceptedBy: '4385-push-may-prompt' };
  return {
    ...judged,
    ...accepted,
    verdict: 'accepted',
    cause: 7,
    certain: 7,
    breaks: [{ cause: 7, certain: 7, breaks: [accepted] }],
  };
};
const off = runStory(scenario, { turns: [{ turn: 'off', clause: check }], guarantees });

/** With the check off: the phone takes the planted key. */
export const planted: Run = { ...off, judgements: off.judgements.map(asShown) };
/** With the check on: the push is refused and nothing follows. */
export const refused: Run = runStory(scenario, { guarantees });
