/** Rows of one step that say the same thing together. */
import { isTelling, outcomeWords } from './outcomes.ts';
import type { Capsule, Gate, Row } from './row.ts';

/** A chart that passes through several states within one row ends in one capsule. */
export const merged = (capsules: readonly Capsule[], next: Capsule): readonly Capsule[] => {
  const before = capsules.find(({ player, chart }) => player === next.player && chart === next.chart);
  const { player, chart, to } = next;
  const rest = capsules.filter((one) => one !== before);
  const from = before?.from ?? next.from;
  return from === to && before !== undefined ? rest : [...rest, { player, chart, from, to }];
};

/** Whether the same check passed something else in this row. */
const alsoPassed = ({ gates }: Row, { clause, player }: Gate): boolean =>
  gates.some((one) => one.clause === clause && one.player === player && one.outcome.is === 'passed');

/** Whether what a row brings was thrown away, and not some of it alone: the only thing that is drawn as a whole bar. */
export const isShut = (row: Row): boolean =>
  row.gates.some((gate) => gate.outcome.is === 'thrown away' && gate.outcome.some !== true && !alsoPassed(row, gate));

/** What its checks have come to, as a picture marks it; `null` where none has spoken. */
export type Mark = 'shut' | 'some shut' | 'kept' | 'undone' | 'chosen' | 'off' | 'open';
export const markOf = (row: Row): Mark | null => {
  // Nearly all checks pass, and every row is asked this several times.
  if (row.gates.every(({ outcome }) => outcome.is === 'passed')) return row.gates.length === 0 ? null : 'open';
  if (isShut(row)) return 'shut';
  const has = (...which: readonly Gate['outcome']['is'][]): boolean =>
    row.gates.some(({ outcome }) => which.includes(outcome.is));
  if (has('thrown away')) return 'some shut';
  if (row.gates.some(({ outcome }) => outcome.is === 'off' && isTelling(outcome))) return 'off';
  if (has('kept for later')) return 'kept';
  if (has('not done')) return 'undone';
  if (has('read as', 'chose')) return 'chosen';
  return has('passed', 'off') ? 'open' : null;
};

/** The checks that a picture names: each that threw something away or is off, and of the others one for each thing that came of them. */
export const toldGates = ({ gates }: Row): readonly Gate[] => {
  const said = new Set<string>();
  return gates.filter(({ clause, outcome }) => {
    const isOwn = outcome.is === 'thrown away' || outcome.is === 'off';
    const key = `${isOwn ? clause : ''} ${outcomeWords(outcome)}`;
    if (!isTelling(outcome) || said.has(key)) return false;
    said.add(key);
    return true;
  });
};

/** Two charts that ask the same in a row are one row: what either made of the answer stands at it. */
export const twins = (rows: readonly Row[]): readonly Row[] => {
  const kept: Row[] = [];
  for (const row of rows) {
    const last = kept.at(-1);
    if (last === undefined || !areTwins(last, row)) kept.push(row);
    else
      kept[kept.length - 1] = {
        ...last,
        label: `${row.label}, twice`,
        gates: [...last.gates, ...row.gates],
        capsules: [...last.capsules, ...row.capsules].reduce<readonly Capsule[]>(merged, []),
        learned: [...last.learned, ...row.learned],
      };
  }
  return kept;
};

const areTwins = (last: Row, row: Row): boolean =>
  row.asked &&
  !row.lost &&
  row.refused === null &&
  !last.gates.some(({ outcome }) => ['thrown away', 'kept for later', 'not done'].includes(outcome.is)) &&
  last.wire === row.wire &&
  last.from === row.from &&
  last.to === row.to &&
  last.label === row.label;

/** What the user does is told by the request it causes, when there is one right after it: one row then, with the act as its label. */
export const folded = (rows: readonly Row[]): readonly Row[] => {
  const [first, second] = rows;
  if (first === undefined || second === undefined || first.shape !== 'here' || first.wire !== 'the user acts')
    return rows;
  if (second.shape !== 'message' || (second.from !== first.from && second.to !== first.from) || second.refused !== null)
    return rows;
  return [
    {
      ...second,
      capsules: [...first.capsules, ...second.capsules].reduce<readonly Capsule[]>(merged, []),
      gates: [...first.gates, ...second.gates],
    },
    ...rows.slice(2),
  ];
};
