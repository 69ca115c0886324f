/** The findings as the pages tell them: the list that FINDINGS.md is written from, made anew when the site is built. */
import { parse } from 'yaml';
import { clauseName } from '../machines/naming.ts';
import commentsText from '../scenarios/findings.yml?raw';
import { readComments } from '../sim/ledger/findings/comments.ts';
import { evidenceOf } from '../sim/ledger/findings/evidence.ts';
import {
  type Fate,
  type Finding,
  type FindingKind,
  findingHeads,
  findingsOf,
  type Shown,
} from '../sim/ledger/findings/list.ts';
import type { Place } from '../sim/ledger/findings/sources.ts';
import { interactions } from '../sim/scenario/interactions.ts';
import { ablation, matrixHref } from './ablation.ts';
import { clients } from './clients.ts';
import { arenas, entries, type Variant } from './runs.ts';

export const comments = readComments(parse(commentsText));
const stories = entries.map(({ scenario }) => scenario);

/** With symbols: verdicts are those of real bytes, which the document is held to, and come in a third of the time. */
export const findings: readonly Finding[] = findingsOf({
  comments,
  evidence: evidenceOf(stories, 'symbolic'),
  stories,
  masks: ablation.pairs,
  interactions,
  clients,
});

export const findingHref = ({ id }: Finding): string => `/findings/${id}/`;

/** The findings that speak of a clause by itself. */
export const clauseFindings = (clause: string): readonly Finding[] =>
  findings.filter((finding) =>
    finding.kind === 'masks'
      ? finding.row.clauses.some((one) => one === clause)
      : (finding.kind === 'unmissed' || finding.kind === 'may') && finding.id === clause,
  );

/** What a finding is called, and its claim where that says more. */
export const calledOf = (finding: Finding): { readonly name: string; readonly claim: string | null } => {
  switch (finding.kind) {
    case 'unmissed':
    case 'may':
      return { name: clauseName(finding.id), claim: finding.claim };
    case 'readings':
      return { name: finding.claim, claim: null };
    case 'masks':
      return { name: finding.row.clauses.map(clauseName).join(' + '), claim: finding.claim };
    default:
      return { name: finding.claim, claim: null };
  }
};

/** Each section with its findings and what is said of all of them. */
export const sections = (Object.keys(findingHeads) as readonly FindingKind[]).map((kind) => ({
  kind,
  head: findingHeads[kind],
  intro: kind === 'first' ? '' : comments.sections[kind].intro,
  list: findings.filter((one) => one.kind === kind),
}));

/** Where what is shown can be looked at: the page of its run, or the row of the matrix where an arena shows it. */
export const shownHref = ({ scenario, turned }: Shown): string => {
  const entry = entries.find((one) => one.scenario.id === scenario);
  if (entry === undefined) return turned === null ? '/ablation/' : matrixHref(turned);
  return (entry.variants.find(({ key }) => key === turned) ?? entry.variants[0]).href;
};

/** The run by which a finding is shown first, where that has a page, with the others of its scenario. */
export const firstShown = ({
  shows,
}: Finding): { readonly variant: Variant; readonly siblings: readonly Variant[] } | null => {
  for (const { scenario, turned } of shows) {
    const variants = entries.find((one) => one.scenario.id === scenario)?.variants;
    const variant = variants?.find(({ key }) => key === turned);
    if (variants !== undefined && variant !== undefined)
      return { variant, siblings: variants.filter((one) => one !== variant) };
  }
  return null;
};

/** What became of guarantees, runs that are compared side by side. */
export const fatesTogether = (fates: readonly Fate[]): readonly (readonly [Fate, ...Fate[]])[] => {
  const together = new Map<string, [Fate, ...Fate[]]>();
  for (const fate of fates) {
    const key = JSON.stringify(fate.under === null ? [together.size] : [fate.guarantee, fate.of]);
    const known = together.get(key);
    if (known === undefined) together.set(key, [fate]);
    else known.push(fate);
  }
  return [...together.values()];
};

/** An arena is no story, and has its title from its own file. */
export const shownTitle = ({ scenario, title }: Shown): string => arenas.get(scenario)?.title ?? title;

/** `MSC4268, “Security considerations”, sentence 12`. */
export const placeWords = ({ of, section, sentence }: Place): string =>
  `${of}${section === '' ? '' : `, “${section.replaceAll('`', '')}”`}${sentence === null ? '' : `, sentence ${sentence}`}`;
