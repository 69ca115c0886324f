/**
 * A run as text, for people and for diffs: what it is, every step with each thing that happened in it, the verdicts, and
 * the line that replays it. The same run gives the same text on every machine and in every browser.
 */
import type { DeviceSettings } from '../../machines/types.ts';
import type { Judgement, Run, Scenario, Step } from '../engine/types.ts';
import { implementedByDefault } from '../scenario/by-default.ts';
import { toldOf } from '../scenario/claims.ts';
import { turnKey } from '../scenario/written.ts';
import { otherLines, whereText } from './break-words.ts';
import { momentLineIn } from './export/moment-line.ts';
import { oneLine } from './export/short.ts';
import { formatTrace } from './trace.ts';

/** The transcript, in lines that end with a newline. */
export const transcript = (run: Run): string =>
  `${[...headLines(run), '', ...run.steps.flatMap((step, nth) => stepLines(run, step, nth)), ...endLines(run)].join('\n')}\n`;

/** What the run is: its scenario, its settings and its seed. */
export const headLines = ({ scenario, trace }: Run): readonly string[] => [
  scenario.title,
  `scenario: ${scenario.id}`,
  ...(trace.turns.length === 0 ? [] : [`turned: ${trace.turns.map(turnKey).join(' + ')}`]),
  ...settingLines(scenario),
  `seed: ${trace.seed}`,
];

/** What the file sets, in the order of names. */
const settingLines = ({ settings, cast }: Scenario): readonly string[] =>
  [
    ['everyone', settings.everyone] as const,
    ...Object.entries(settings.byDevice).sort(([one], [other]) => (one < other ? -1 : 1)),
  ].map(([who, own]) => `${who}: ${settingWords(own, (cast.rooms ?? []).length > 0).join('; ')}`);

const settingWords = (
  { implements: texts, identifiers, off, readings, options }: DeviceSettings,
  hasRooms: boolean,
): readonly string[] => [
  Object.entries(texts)
    .filter(([, revision]) => revision !== 'none')
    // Device keys within messages go without saying, but where rooms are the matter.
    .filter(
      ([proposal, revision]) =>
        hasRooms || proposal !== 'MSC4147' || revision !== implementedByDefault.MSC4147 || 'MSC4268' in texts,
    )
    .map(([proposal, revision]) => `${proposal} ${revision}`)
    .sort()
    .join(', ') || 'no proposal',
  ...(identifiers === 'stable' ? [] : [`${identifiers} identifiers`]),
  ...(off.length === 0 ? [] : [`off: ${off.join(', ')}`]),
  ...Object.entries(readings)
    .map(([question, reading]) => `${question}: ${reading}`)
    .sort(),
  ...Object.entries(options)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : String(value)}`)
    .sort(),
];

/** `3. alice.phone syncs`. `nth` counts from 0. */
export const stepHead = ({ choice }: Step, nth: number): string => `${nth + 1}. ${oneLine(choice.sentence)}`;

const stepLines = (run: Run, step: Step, nth: number): readonly string[] => [
  stepHead(step, nth),
  ...step.moments.map((moment) => {
    const { tag, where, text } = momentLineIn(run, step, moment);
    return `   ${tag.padEnd(9)} ${where}  ${text}`;
  }),
  '',
];

/** What became of the guarantees, and the line that replays it. */
export const endLines = (run: Run): readonly string[] => [
  ...verdictLines(run),
  '',
  `replay: '${formatTrace(run.trace)}'`,
];

const verdictLines = (run: Run): readonly string[] => {
  const told = toldOf(run);
  const width = Math.max(0, ...told.map(({ guarantee }) => guarantee.length));
  return told.flatMap((one) => [
    `${one.guarantee.padEnd(width)}  ${judgementText(one)}`,
    ...otherLines(one).map((line) => `${''.padEnd(width)}  ${line}`),
  ]);
};

/** `breaks at alice.phone in step 4, certain in step 6: … (off: …)`. */
export const judgementText = (judgement: Judgement): string => {
  const { verdict, why, missed, acceptedBy, shadow } = judgement;
  const where = `${verdict} ${whereText(judgement)}`.trimEnd();
  const more = [
    ...(acceptedBy === null ? [] : [`the text accepts it: ${acceptedBy}`]),
    ...(missed.length === 0 ? [] : [`off: ${missed.join(', ')}`]),
    ...(verdict === 'holds' && !shadow ? ['its shadow never happened'] : []),
  ];
  return `${where}${why === null ? '' : `: ${oneLine(why)}`}${more.length === 0 ? '' : ` (${more.join('; ')})`}`;
};
