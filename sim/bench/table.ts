/** The table: how it is told while it is measured, and the document that is made of it. */
import { type Part, type Row, type Skipped, type Spread, type Sum, sumOf } from './measure.ts';

export type Measured = { readonly part: Part; readonly lines: readonly (Row | Skipped)[] };
/** What it was measured on. */
export type Machine = {
  readonly processors: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run, when it began and when it ended. */
  readonly load: readonly [began: number, ended: number];
};

export const isRow = (line: Row | Skipped): line is Row => 'pairs' in line;

/** Three digits that count, and no power of ten. */
export const figure = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4)).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ' ');
};
const spread = ({ low, median, high }: Spread, rounds: number): string =>
  rounds > 1 ? `${figure(median)} (${figure(low)} to ${figure(high)})` : figure(median);
const ratioOf = ({ ratio, low, high }: Sum, rounds: number): readonly [ratio: string, spread: string] => [
  figure(ratio),
  rounds > 1 ? `${figure(low)} to ${figure(high)}` : '–',
];

/** One line of a terminal. */
export const told = (line: Row | Skipped): string => {
  if (!isRow(line)) return `  ${line.what}: skipped: ${line.why}`;
  const sum = sumOf(line);
  const rounds = line.pairs.length;
  const [ratio, between] = ratioOf(sum, rounds);
  const absolute = `${spread(sum.ours, rounds)} against ${spread(sum.other, rounds)} ${line.unit}`;
  const note = line.note === undefined ? '' : `\n      ${line.note}`;
  return `  ${line.what}\n    ${line.ours} beside ${line.other}: ${ratio}${rounds > 1 ? ` (${between}, ${rounds} rounds)` : ''}; ${absolute}${note}`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|');
const tableLines = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

const ratiosIn = (rows: readonly Row[]): readonly string[] =>
  tableLines(
    ['what', 'ours', 'beside', 'ratio', 'quarters', 'rounds'],
    rows.map((row) => {
      const rounds = row.pairs.length;
      return [row.what, row.ours, row.other, ...ratioOf(sumOf(row), rounds), `${rounds}`];
    }),
  );
const absolutesIn = (rows: readonly Row[]): readonly string[] =>
  tableLines(
    ['what', 'ours', 'beside', 'unit', 'seen besides'],
    rows.map((row) => {
      const sum = sumOf(row);
      const rounds = row.pairs.length;
      return [
        row.what,
        `${row.ours}: ${spread(sum.ours, rounds)}`,
        `${row.other}: ${spread(sum.other, rounds)}`,
        row.unit,
        row.note ?? '',
      ];
    }),
  );

/** `BENCHMARKS.md`. @param command by which it was written */
export const documentOf = (all: readonly Measured[], machine: Machine, command: string): string => {
  const section = (make: (rows: readonly Row[]) => readonly string[]): readonly string[] =>
    all.flatMap(({ part, lines }) => {
      const rows = lines.filter(isRow);
      return rows.length === 0 ? [] : [`### ${part.title}`, '', ...make(rows), ''];
    });
  const skipped = all.flatMap(({ lines }) =>
    lines.flatMap((line) => (isRow(line) ? [] : [`- ${line.what}: ${line.why}`])),
  );
  const [began, ended] = machine.load.map((load) => load.toFixed(1));
  return [
    '# Benchmarks',
    '',
    `Written by \`${command}\`, which measures anew; nothing here is written by hand. Measured on ${machine.processors} processors (${machine.system}), Node ${machine.node}; ${began} processes wanted to run when it began and ${ended} when it ended.`,
    '',
    'Each line is two things done in turns, on the same machine in the same minutes. The ratio is what ours takes as a share of what it stands beside in the same round, in the median: below 1 is less. Half of all rounds lie between the quarters.',
    '',
    '## Ratios',
    '',
    ...section(ratiosIn),
    ...(skipped.length === 0 ? [] : ['## Not measured', '', ...skipped, '']),
    '## Absolute figures, of that one machine',
    '',
    'They differ from machine to machine, and with whatever else it does. Medians, with quarters behind them.',
    '',
    ...section(absolutesIn),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};
