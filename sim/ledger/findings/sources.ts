/** Where a sentence is to be read: in a proposal's pull request, or in a section of the specification. */
import type { LedgerClause } from '../../../machines/registration.ts';

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
/** Headings that have an address of their own. */
const addresses: Readonly<Record<string, string>> = {
  'BackedUpSessionData / ExportedSessionData': 'definition-backedupsessiondata',
  'Backup algorithm': 'backup-algorithm-mmegolm_backupv1curve25519-aes-sha2',
};

/** `Key and signature security` → `key-and-signature-security`, as the specification's pages have it. */
const anchorOf = (section: string): string =>
  addresses[section] ??
  section
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');

/** The address of a text: of a proposal its pull request, of the specification the section. */
export const addressOf = (of: string, section: string): string =>
  of === specification
    ? `${clientServer}#${anchorOf(section)}`
    : `https://github.com/matrix-org/matrix-spec-proposals/pull/${of.replace(/^MSC/, '')}`;

/** The address of a proposal as the ledger names it: `SPEC` is the specification as a whole. */
export const textAddress = (proposal: string): string => (proposal === 'SPEC' ? clientServer : addressOf(proposal, ''));

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
  /** The text's address: of a proposal its pull request, of the specification the section. */
  readonly href: string;
};

/** Where a clause of the ledger stands. */
export const placeOfClause = (clause: LedgerClause): Place => {
  const of = isOfSpecification(clause) ? specification : clause.proposal;
  const { section, sentence = null } = clause;
  return { of, section, sentence, words: null, href: addressOf(of, section) };
};

/** Where the sentence stands that a comment names. */
export const placeOfQuoted = (quoted: Quoted): Place => ({ ...quoted, href: addressOf(quoted.of, quoted.section) });

/** `[MSC4268](…), “Security considerations”, sentence 12: “its words”`, with as much of it as is known. */
export const placeLine = ({ of, section, sentence, words, href }: Place): string =>
  `[${of}](${href}), “${section}”${sentence === null ? '' : `, sentence ${sentence}`}${words === null ? '' : `: “${words}”`}`;
