/** Where a sentence is to be read: in a proposal's text at the commit that is meant, or in a section of the specification. */
import { ledgerTexts } from '../../../machines/ledger.ts';
import type { LedgerClause, LedgerQuestion } from '../../../machines/registration.ts';

/** What a comment speaks of: a sentence of a text, with words of it to find it by. */
export type Quoted = {
  /** `MSC4268`, or `specification`: the client-server API of v1.19. */
  readonly of: string;
  readonly section: string;
  /** Counted from the head of the section to the next heading, from 1; items of lists count, samples do not. */
  readonly sentence: number;
  readonly words: string;
};

export const specification = 'specification';
const clientServer = 'https://spec.matrix.org/v1.19/client-server-api/';

/** Sections of the specification that the ledger has under the proposal that brought them. */
const ofSpecification: readonly string[] = [
  'Key and signature security',
  'Server-side key backups',
  'Validation of incoming decrypted events',
  'Verification of the sending user for incoming events',
];

/** Sections that the ledger calls by less than their heading, or by the name of what is defined there. */
const headings: Readonly<Record<string, string>> = {
  'BackedUpSessionData / ExportedSessionData': 'definition-backedupsessiondata',
  'Backup algorithm': 'Backup algorithm: m.megolm_backup.v1.curve25519-aes-sha2',
  'Out-of-scope': 'Out-of-scope (for now, at least)',
  'Possible UX': 'Possible UX for interactive clients',
  auth_data: 'auth_data for backup versions',
  'Encrypted to-device messages': 'Encrypted to-device messages SHOULD NOT be sent to non-cross-signed devices',
  'Encrypted messages from non-cross-signed devices':
    'Encrypted messages from non-cross-signed devices SHOULD be ignored',
  'Non-cryptographic devices': 'Non-cryptographic devices SHOULD NOT impact E2EE behaviour',
};
/** What the ledger calls the part of a text that stands under its title, and what stands nowhere in it. */
const withoutHeading: readonly string[] = ['Introduction', '(not addressed)'];

/** `#key-and-signature-security` of `Key and signature security`, as pages of the specification and of proposals have it; empty where there is no such heading. */
const anchorOf = (section: string): string => {
  const heading = headings[section] ?? section.split(' / ')[0] ?? '';
  if (heading === '' || withoutHeading.includes(heading)) return '';
  return `#${heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-')}`;
};

/** The discussion of a proposal as the ledger names it, its pull request; of `SPEC` the specification as a whole. */
export const textAddress = (proposal: string): string =>
  proposal === 'SPEC'
    ? clientServer
    : `https://github.com/matrix-org/matrix-spec-proposals/pull/${proposal.replace(/^MSC/, '')}`;

/** The newest of a proposal's own texts among `revisions`; releases of the specification are none of its own. */
const newestOf = (proposal: string, revisions: readonly string[]): string | undefined =>
  Object.entries(ledgerTexts[proposal] ?? {})
    .filter(([name, { commit }]) => commit !== undefined && revisions.includes(name))
    .at(-1)?.[1].url;

/**
 * The address of a section: of the specification in v1.19, of a proposal in the newest of its texts that are meant, at the commit
 * that the ledger goes by.
 *
 * @param of `MSC4268`, or `specification`
 * @param section as the ledger or a comment names it; one without a heading has the address of its text
 * @param revisions which texts of the proposal are meant: all, where nothing is said
 */
export const addressOf = (
  of: string,
  section: string,
  revisions: readonly string[] = Object.keys(ledgerTexts[of] ?? {}),
): string => {
  if (of === specification) return `${clientServer}${anchorOf(section)}`;
  const text = newestOf(of, revisions);
  return text === undefined ? textAddress(of) : `${text}${anchorOf(section)}`;
};

/** Whether a clause is one of the specification's own, or one that stands in it alone. */
const isOfSpecification = ({ proposal, section, revisions }: LedgerClause): boolean =>
  proposal === 'SPEC' || ofSpecification.includes(section) || revisions.every((text) => text.startsWith('spec'));

/** Where a sentence stands. */
export type Place = {
  /** `MSC4268`, or `specification`. */
  readonly of: string;
  readonly section: string;
  /** As in `Quoted`; `null` where the ledger does not count it. */
  readonly sentence: number | null;
  /** Words to find it by, as they stand there; `null` where a clause sums it up. */
  readonly words: string | null;
  /** The section's address: in a proposal's text at the commit that is meant, or in the specification. */
  readonly href: string;
};

/** Where a clause of the ledger stands. */
export const placeOfClause = (clause: LedgerClause): Place => {
  const of = isOfSpecification(clause) ? specification : clause.proposal;
  const { section, sentence = null, revisions } = clause;
  return { of, section, sentence, words: null, href: addressOf(of, section, revisions) };
};

/** The text that leaves a question open: the one it names, or the newest of its proposal. */
export const placeOfQuestion = ({ proposal, revision }: LedgerQuestion): Place => {
  const of = proposal === 'SPEC' ? specification : proposal;
  const href = addressOf(of, '', revision === undefined ? undefined : [revision]);
  return { of, section: '', sentence: null, words: null, href };
};

/** Where the sentence stands that a comment names. */
export const placeOfQuoted = (quoted: Quoted): Place => ({ ...quoted, href: addressOf(quoted.of, quoted.section) });

/** `[MSC4268](…), “Security considerations”, sentence 12: “its words”`, with as much of it as is known. */
export const placeLine = ({ of, section, sentence, words, href }: Place): string =>
  `[${of}](${href})${section === '' ? '' : `, “${section}”`}${sentence === null ? '' : `, sentence ${sentence}`}${words === null ? '' : `: “${words}”`}`;
