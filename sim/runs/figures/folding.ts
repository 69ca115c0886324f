/** Rows of one step that say the same thing together. */
import type { Capsule, Row } from './row.ts';

/** A chart that passes through several states within one row ends in one capsule. */
export const merged = (capsules: readonly Capsule[], next: Capsule): readonly Capsule[] => {
  const before = capsules.find(({ player, chart }) => player === next.player && chart === next.chart);
  const { player, chart, to } = next;
  const rest = capsules.filter((one) => one !== before);
  const from = before?.from ?? next.from;
  return from === to && before !== undefined ? rest : [...rest, { player, chart, from, to }];
};

/** Whether a check ended the matter: the last thing that the guards of this row said was no. */
export const isShut = (row: Row): boolean => {
  const last = row.gates.filter(({ says }) => says !== 'not done').at(-1);
  return last !== undefined && last.says === 'refuses' && !last.off;
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
  !isShut(last) &&
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
