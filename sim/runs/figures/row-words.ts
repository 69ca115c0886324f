/** What of a row is said in words: its checks, and what is told by lines and places alone. */
import { clauseName } from '../../../machines/naming.ts';
import type { PlayerId } from '../../engine/types.ts';
import { outcomeWords } from './outcomes.ts';
import type { Capsule, Gate, Row, RowKind } from './row.ts';
import { chartWords } from './words.ts';

/** A gate in words: `off, would refuse: Only take pushes from cross-signed devices`. What is cut short keeps what came of it. */
export const gateWords = ({ clause, outcome }: Gate): string => {
  const words = outcomeWords(outcome);
  return `${words}${words.includes(':') ? ' ·' : ':'} ${clauseName(clause)}`;
};

const kindWords: Readonly<Record<RowKind, string | null>> = {
  honest: null,
  attacker: 'attacker',
  forged: 'forged',
  dropped: 'lost',
  leak: 'outside the protocol',
};

/** What of a row is told by lines and places alone, for those who do not see it. `nameOf`: what players are called in the picture. */
export const rowWords = (row: Row, nameOf: (player: PlayerId) => string): string =>
  [
    row.from === row.to ? `at ${nameOf(row.from)}` : `${nameOf(row.from)} to ${nameOf(row.to)}`,
    kindWords[row.kind],
    row.sealed ? (row.opened ? 'sealed and opened' : 'sealed') : null,
    ...row.capsules.map((capsule) => capsuleWords(capsule, nameOf)),
    ...row.causes.map(({ guarantee, certain }) => `leads to ${guarantee}, certain in step ${certain + 1}`),
    ...row.verdicts.map(({ guarantee, verdict }) => `${guarantee} ${verdict === 'breaks' ? 'breaks' : 'is given up'}`),
  ]
    .filter((part) => part !== null)
    .join(', ');

/** `pushes of Bob’s phone: now testing`. */
const capsuleWords = ({ player, chart, to }: Capsule, nameOf: (player: PlayerId) => string): string =>
  `${chartWords(chart)} of ${nameOf(player)}: now ${to}`;
