/** A run as a comment on GitHub: a verdict in three lines with its bounds, a small picture, the transcript folded, and the line that replays it. */
import type { Run } from '../../engine/types.ts';
import { capitalised } from '../figures/words.ts';
import { replayCommand } from '../replay-command.ts';
import { baseWords } from '../telling/base-words.ts';
import { firstScreen } from '../telling/first-screen.ts';
import { screenWords } from '../telling/screen-words.ts';
import { turnWords } from '../telling/setting-words.ts';
import { formatTrace } from '../trace.ts';
import { transcript } from '../transcript.ts';
import { decisivePicture } from './decisive.ts';
import { commentMost, fenced, markdownText, pageLink } from './github.ts';

/** What a comment is made of besides the run: the other runs of its scenario, and the address of its page, where there is one. */
export type Around = { readonly siblings: readonly Run[]; readonly address: string | null };

const brokeMost = 2;

/** Who and what they did, what broke, and which clause decides. */
export const verdictLines = (run: Run, siblings: readonly Run[]): readonly string[] => {
  const { who, did, broke, stoppedHead, stoppedBy } = screenWords(run, firstScreen(run, siblings));
  const more = broke.length > brokeMost ? [`${broke.length - brokeMost} more`] : [];
  return [
    `- **${/^Nobody/.test(who) ? 'Who' : 'Attacker'}:** ${markdownText(who)}. ${did.map(markdownText).join('; ')}.`,
    `- **Broke:** ${[...broke.slice(0, brokeMost).map(markdownText), ...more].join('; ')}.`,
    `- **${stoppedHead}:** ${markdownText(stoppedBy)}.`,
  ];
};

/** How far it goes. */
const boundsOf = ({ steps, trace }: Run): string =>
  `_One run of ${steps.length} steps, in one order of events, with seed ${markdownText(trace.seed)}; no other order was searched._`;

/** The picture of the decisive messages, and the line that replays the run. */
export const evidenceLines = (run: Run, siblings: readonly Run[]): readonly string[] => {
  const { did, broke } = firstScreen(run, siblings);
  const steps = [
    ...did.flatMap(({ step, again }) => [step, ...again]),
    ...broke.flatMap(({ cause, certain }) => [cause, certain]),
  ];
  return [
    ...fenced('mermaid', decisivePicture(run, steps)),
    '',
    ...fenced('sh', [replayCommand(formatTrace(run.trace))]),
  ];
};

/** The transcript in a fold, as much of it as there is room for; what is cut is said. */
export const transcriptFold = (run: Run, room: number): readonly string[] => {
  // A tag that would end the fold shows as it is, and ends nothing.
  const all = transcript(run)
    .trimEnd()
    .replaceAll(/<(?=\/?(?:details|summary))/gi, '<\u200b')
    .split('\n');
  const frame = (lines: readonly string[]): readonly string[] => [
    '<details>',
    `<summary>The ${run.steps.length} steps as text</summary>`,
    '',
    ...fenced('text', lines),
    '',
    '</details>',
  ];
  const sizeOf = (lines: readonly string[]): number => frame(lines).join('\n').length;
  if (sizeOf(all) <= room) return frame(all);
  const cut = (kept: number): readonly string[] => [
    ...all.slice(0, kept),
    `… cut here: ${all.length - kept} more lines, which the line above replays`,
  ];
  let [fits, exceeds] = [0, all.length];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (sizeOf(cut(middle)) <= room) fits = middle;
    else exceeds = middle;
  }
  return frame(cut(fits));
};

/** What run it is: `as the text has it`, `without “Only take pushes from cross-signed devices”`. */
const settingOf = ({ scenario, trace }: Run): string =>
  trace.turns.length === 0 ? baseWords(scenario) : capitalised(trace.turns.map(turnWords).join(', '));

/** A comment up to where its transcript goes: of less than `commentMost` characters by far. */
export const commentHead = (run: Run, { siblings, address }: Around): string =>
  [
    `**${markdownText(run.scenario.title)}** (${markdownText(settingOf(run))})`,
    '',
    ...verdictLines(run, siblings),
    '',
    boundsOf(run),
    '',
    ...evidenceLines(run, siblings),
    '',
    ...pageLink(address).flatMap((line) => [line, '']),
  ].join('\n');

/** Markdown that GitHub renders, of at most `commentMost` characters. */
export const commentOf = (run: Run, around: Around): string => {
  const head = commentHead(run, around);
  return `${[head, ...transcriptFold(run, commentMost - head.length - 2)].join('\n')}\n`;
};
