import { describe, expect, it } from 'vitest';
import { ledgerClauses, ledgerQuestions, ledgerTexts } from '../../../machines/ledger.ts';
import { addressOf, placeOfClause, placeOfQuestion, textAddress } from './sources.ts';

const proposals = 'https://github.com/matrix-org/matrix-spec-proposals';
const clientServer = 'https://spec.matrix.org/v1.19/client-server-api/';

describe('a text of the ledger', () => {
  const texts = Object.entries(ledgerTexts).flatMap(([proposal, own]) =>
    Object.entries(own).map(([name, text]) => ({ proposal, name, ...text })),
  );

  it('has words for where it is from, without a commit in them', () => {
    expect(texts.length).toBeGreaterThan(15);
    expect(
      texts.filter(({ source }) => !/^[a-z].*[^.]$/.test(source) || /\b[0-9a-f]{7,}\b|seed|squash/.test(source)),
    ).toEqual([]);
  });

  it('is the proposal’s file at one commit, or a release of the specification', () => {
    for (const { proposal, name, commit, url } of texts) {
      const isOwn = !/^(?:spec|v1)/.test(name);
      expect(commit === undefined, `${proposal} ${name}`).toBe(!isOwn);
      const number = proposal.replace('MSC', '');
      if (isOwn) expect(url).toMatch(new RegExp(`^${proposals}/blob/${commit}/proposals/${number}-[a-z0-9_-]+\\.md$`));
      else
        expect(url?.startsWith(clientServer) || url === 'https://github.com/matrix-org/matrix-spec/pull/2394').toBe(
          true,
        );
      expect(commit ?? '0'.repeat(40)).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  it('is discussed in the pull request of its proposal', () => {
    expect(textAddress('MSC4268')).toBe(`${proposals}/pull/4268`);
    expect(textAddress('SPEC')).toBe(clientServer);
  });
});

describe('a sentence', () => {
  const hrefOf = (id: string): string => {
    const clause = ledgerClauses.find((one) => one.id === id);
    if (clause === undefined) throw new Error(`the ledger has no ${id}`);
    return placeOfClause(clause).href;
  };

  it('has an address, whichever clause it is', () => {
    const wrong = ledgerClauses
      .map((clause) => placeOfClause(clause).href)
      .filter(
        (href) =>
          !href.startsWith(clientServer) && !/\/blob\/[0-9a-f]{40}\/proposals\/[\w-]+\.md(?:#[a-z0-9_-]+)?$/.test(href),
      );
    expect(wrong).toEqual([]);
  });

  it('is read in the newest text of the proposal that it stands in, at its section', () => {
    const texts = ledgerTexts.MSC4385;
    expect(hrefOf('4385-send-cross-signed-only')).toBe(`${texts?.['send-variant']?.url}#proposal`);
    expect(hrefOf('4385-push-cross-signed-only')).toBe(`${texts?.['pr-head']?.url}#proposal`);
    expect(hrefOf('4268-withheld-usual-code')).toMatch(/^.*\/4268-encrypted-history-sharing\.md#[a-z-]+$/);
  });

  it('that the specification alone has is read there', () => {
    expect(hrefOf('4268-shareable-own')).toBe(`${clientServer}#shareable-encryption-sessions`);
    expect(hrefOf('spec-olm-sender')).toBe(`${clientServer}#molmv1curve25519-aes-sha2`);
    expect(hrefOf('1219-trust-before-upload')).toBe(`${clientServer}#server-side-key-backups`);
  });

  it('under no heading of its own has the address of its text', () => {
    expect(hrefOf('4268-members-may-share')).toBe(ledgerTexts.MSC4268?.merged?.url);
    expect(addressOf('MSC4268', 'Introduction')).toBe(ledgerTexts.MSC4268?.merged?.url);
  });

  it('of a proposal that has no address of its own is looked for in its pull request', () => {
    expect(addressOf('MSC9999', 'Proposal')).toBe(`${proposals}/pull/9999`);
  });
});

describe('a question', () => {
  it('leads to the text that leaves it open', () => {
    const wrong = ledgerQuestions
      .map((question) => placeOfQuestion(question).href)
      .filter((href) => !href.startsWith('https://'));
    expect(wrong).toEqual([]);
    const q05 = ledgerQuestions.find(({ id }) => id === 'q05');
    expect(q05 && placeOfQuestion(q05).href).toBe(ledgerTexts.MSC4385?.['send-variant']?.url);
    const q52 = ledgerQuestions.find(({ id }) => id === 'q52');
    expect(q52 && placeOfQuestion(q52).href).toBe(clientServer);
  });
});
