/** Where a thing leads out to: texts that say it, threads in which it was talked about. Plain data; nothing here is fetched. */
import { ledgerClauses, ledgerQuestions, ledgerTexts } from '../../machines/ledger.ts';
import type { LedgerClause, LedgerQuestion } from '../../machines/registration.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Scenario } from '../engine/types.ts';
import type { Finding } from './findings/list.ts';
import { type Place, placeOfClause, placeOfQuestion, specification, textAddress } from './findings/sources.ts';

export type Link = {
  /** What stands there, in a few words: `MSC4268, “Security considerations”`. */
  readonly text: string;
  /** An https address. */
  readonly href: string;
};

const clauses = new Map<ClauseId, LedgerClause>(ledgerClauses.map((clause) => [clause.id, clause]));
const questions = new Map(ledgerQuestions.map((question) => [question.id, question]));

/** Each address once, with the words it came with first. */
const once = (links: readonly Link[]): readonly Link[] =>
  [...new Map(links.toReversed().map((link) => [link.href, link])).values()].toReversed();

const ofWords = (of: string): string => (of === specification ? 'The specification v1.19' : of);
const placeLink = ({ of, section, href }: Place): Link => ({
  text: section === '' ? ofWords(of) : `${ofWords(of)}, “${section.replaceAll('`', '')}”`,
  href,
});
const discussion = (proposal: string): Link => ({
  text: proposal === 'SPEC' ? ofWords(specification) : `The pull request of ${proposal}`,
  href: textAddress(proposal),
});

/** The section that a clause stands in, and the discussion of its proposal. */
export const linksOfClause = (clause: LedgerClause): readonly Link[] =>
  once([placeLink(placeOfClause(clause)), discussion(clause.proposal)]);

/** The text that leaves a question open, and the discussion of its proposal. */
export const linksOfQuestion = (question: LedgerQuestion): readonly Link[] =>
  once([placeLink(placeOfQuestion(question)), discussion(question.proposal)]);

/** The places in the texts that a finding speaks of. */
export const linksOfFinding = ({ where }: Pick<Finding, 'where'>): readonly Link[] => once(where.map(placeLink));

/** Every text of a proposal that can be read, oldest first, and its discussion. */
export const linksOfProposal = (proposal: string): readonly Link[] =>
  once([
    discussion(proposal),
    ...Object.entries(ledgerTexts[proposal] ?? {}).flatMap(([name, { url }]) =>
      url === undefined ? [] : [{ text: `${proposal}, ${name}`, href: url }],
    ),
  ]);

/** `element-hq/element-meta 3078` of its address; another address without its beginning. */
export const threadWords = (address: string): string => {
  const [, repository, number] =
    /^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:issues|pull|discussions)\/(\d+)/.exec(address) ?? [];
  if (repository !== undefined) return `${repository} ${number}`;
  const [, cve] = /[?&]id=(CVE-[\d-]+)$/.exec(address) ?? [];
  return cve ?? address.replace(/^https:\/\/(?:www\.)?/, '').replace(/\/$/, '');
};

/** What a scenario turns, as far as the ledger says where it stands. */
const turnedPlaces = ({ without }: Scenario): readonly Place[] =>
  without
    .flatMap(({ turns }) => turns)
    .flatMap((turn) => {
      if (turn.turn === 'off') {
        const clause = clauses.get(turn.clause);
        return clause === undefined ? [] : [placeOfClause(clause)];
      }
      if (turn.turn === 'revision') {
        const url = ledgerTexts[turn.proposal]?.[turn.revision]?.url;
        return url === undefined
          ? []
          : [{ of: `${turn.proposal}, ${turn.revision}`, section: '', sentence: null, words: null, href: url }];
      }
      if (turn.turn !== 'reading') return [];
      const question = questions.get(turn.question);
      return question === undefined ? [] : [placeOfQuestion(question)];
    });

/** The threads in which a scenario was told first, the proposals it is about, and the texts of what it turns. */
export const linksOfScenario = (scenario: Scenario): readonly Link[] =>
  once([
    ...(scenario.threads ?? []).map((href) => ({ text: threadWords(href), href })),
    ...scenario.about.map(discussion),
    ...turnedPlaces(scenario).map(placeLink),
  ]);
