/** A finding as a comment on GitHub: what is claimed, where, what runs show of it and how far that goes, and how to see it again. */

import { clauseName } from '../../../machines/naming.ts';
import type { Run, Verdict } from '../../engine/types.ts';
import { evidenceLines, transcriptFold, verdictLines } from '../../runs/export/comment.ts';
import { commentMost, fenced, markdownText, pageLink } from '../../runs/export/github.ts';
import { guaranteeWords } from '../../runs/figures/words.ts';
import { keyWords } from '../../runs/telling/setting-words.ts';
import type { Fate, Finding, Shown } from './list.ts';
import { placeLine } from './sources.ts';

/** What a comment is made of besides the finding: a run that shows it with the other runs of its scenario, and the address of its page. */
export type AroundFinding = {
  readonly shown: { readonly run: Run; readonly siblings: readonly Run[] } | null;
  readonly address: string | null;
};

const words: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  breaks: '**breaks**',
  accepted: 'breaks, as the text accepts',
  unsettled: 'stays open',
  happens: 'happens',
  never: 'never happens',
};

/** More than these are counted. */
const [shownMost, placesMost] = [3, 3];

const fateText = ({ guarantee, verdict, under }: Fate): string =>
  `${guaranteeWords(guarantee)} ${words[verdict]}${under === null ? '' : ` (${markdownText(under)})`}`;
const shownLine = ({ title, turned, fates }: Shown): string =>
  `  - ${markdownText(title)}${turned === null ? '' : ` (turned: ${markdownText(turnedWords(turned))})`}: ${fates.map(fateText).join('; ')}`;

/** Clauses by their names, readings with what they say. */
const turnedWords = (key: string): string =>
  key
    .split(' + ')
    .map((part) => {
      const [clause = part, ...rest] = part.split(' for ');
      const name = clauseName(clause);
      return name === clause ? keyWords(part) : [`“${name}”`, ...rest].join(' for ');
    })
    .join(' + ');

const counted = (lines: readonly string[], most: number): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most), `  - and ${lines.length - most} more`] : lines;

/** A comment up to where the transcript of a run goes, of less than `commentMost` characters by far. Claims and comments are Markdown of ours, and stand as they are. */
export const findingHead = (finding: Finding, { shown, address }: AroundFinding): string => {
  const { claim, text, where, shows, bounds, replay, production } = finding;
  const head = [
    `**${claim}**`,
    '',
    ...(text === '' ? [] : [text, '']),
    '- **Where:**',
    ...counted(
      where.map((place) => `  - ${placeLine(place)}`),
      placesMost,
    ),
    ...(shows.length === 0
      ? ['- **Runs show:** nothing else than without it']
      : ['- **Runs show:**', ...counted(shows.map(shownLine), shownMost)]),
    `- **In production:** ${production ?? 'nobody has looked'}`,
    '',
    `_${bounds}_`,
    '',
    ...fenced('sh', [replay]),
    '',
    ...pageLink(address).flatMap((line) => [line, '']),
  ];
  if (shown === null) return `${head.join('\n').trimEnd()}\n`;
  const { run, siblings } = shown;
  const title = `**${markdownText(run.scenario.title)}**`;
  const told = [title, '', ...verdictLines(run, siblings), '', ...evidenceLines(run, siblings), ''];
  return `${[...head, ...told].join('\n')}\n`;
};

/** Markdown that GitHub renders, of at most `commentMost` characters. */
export const findingComment = (finding: Finding, around: AroundFinding): string => {
  const head = findingHead(finding, around);
  if (around.shown === null) return head;
  return `${head}${transcriptFold(around.shown.run, commentMost - head.length - 1).join('\n')}\n`;
};
