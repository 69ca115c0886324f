/** A run's decisive messages as a Mermaid diagram, small enough for a comment. */
import type { PlayerId, Run } from '../../engine/types.ts';
import { toldGates } from '../figures/folding.ts';
import { isTelling } from '../figures/outcomes.ts';
import type { Row } from '../figures/row.ts';
import { gateWords } from '../figures/row-words.ts';
import { rowsOf } from '../figures/rows.ts';
import { guaranteeWords } from '../figures/words.ts';
import { speechOf } from '../telling/speech.ts';
import { mermaidText } from './mermaid.ts';

/** How much a row says of how the run ends. */
const weightOf = (row: Row, steps: ReadonlySet<number>): number => {
  const gates = toldGates(row);
  return (
    (row.verdicts.some(({ verdict }) => verdict === 'breaks') ? 12 : row.verdicts.length > 0 ? 10 : 0) +
    (row.causes.length > 0 ? 9 : 0) +
    (gates.some(({ outcome }) => outcome.is === 'thrown away' || outcome.is === 'off') ? 6 : gates.length > 0 ? 2 : 0) +
    (row.kind === 'honest' ? 0 : 5) +
    (row.learned.length > 0 ? 3 : 0) +
    (steps.has(row.step) ? 4 : 0)
  );
};

/** At most `most` rows that say most of how the run ends, in their order; of what says the same the later. */
export const decisiveRows = (run: Run, steps: readonly number[], most: number): readonly Row[] => {
  const named = new Set(steps);
  return rowsOf(run)
    .rows.map((row, nth) => ({ row, nth, weight: weightOf(row, named) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight || other.nth - one.nth)
    .slice(0, most)
    .toSorted((one, other) => one.nth - other.nth)
    .map(({ row }) => row);
};

const marksOf = (row: Row): readonly string[] => [
  ...toldGates(row)
    .filter(({ outcome }) => isTelling(outcome))
    .slice(0, 2)
    .map(gateWords),
  ...row.verdicts.map(({ guarantee, verdict }) =>
    verdict === 'breaks'
      ? `✕ ${guaranteeWords(guarantee)}: broken`
      : `≈ ${guaranteeWords(guarantee)}: given up, as the text accepts`,
  ),
  ...row.causes.map(
    ({ guarantee, certain }) => `● leads to: ${guaranteeWords(guarantee)}, certain in step ${certain + 1}`,
  ),
];

/** The diagram's source, in lines. `steps`: indices of steps that are told elsewhere and so belong into it. */
export const decisivePicture = (run: Run, steps: readonly number[], most = 12): readonly string[] => {
  const rows = decisiveRows(run, steps, most);
  const { name } = speechOf(run);
  const there = new Set(rows.flatMap(({ from, to }) => [from, to]));
  const players = [...new Set([...run.players.map(({ id }) => id), ...there])].filter((id) => there.has(id));
  const aliases = new Map(players.map((id, nth) => [id, `p${nth}`]));
  const aliasOf = (player: PlayerId): string => aliases.get(player) ?? 'p0';
  const lines = rows.map((row) => {
    const label = [`${row.step + 1}. ${row.label}`, ...marksOf(row)]
      .map((part) => mermaidText(part, 110))
      .join('<br/>');
    if (row.shape === 'here' || row.from === row.to) return `  Note over ${aliasOf(row.to)}: ${label}`;
    return `  ${aliasOf(row.from)}${row.lost || row.refused !== null ? '-x' : '->>'}${aliasOf(row.to)}: ${label}`;
  });
  return [
    'sequenceDiagram',
    ...players.map((id) => `  participant ${aliasOf(id)} as ${mermaidText(name(id), 60)}`),
    ...lines,
  ];
};
