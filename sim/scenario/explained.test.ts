import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explained, explainedCompletions } from './explained.ts';

const text = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');
/** What is said of the first occurrence of `word`, pointed at in its middle. */
const of = (word: string, within = text) => explained(within, within.indexOf(word) + Math.floor(word.length / 2));

describe('pointing at a word', () => {
  it.each([
    ['a section', 'title', /A claim, as one sentence/],
    ['a section that holds others', 'story', /What happens, line by line/],
    ['a field of the cast', 'attackers', /Attackers, by name/],
    ['a role', 'stolen-token', /access token/],
    ['a verb', 'reset backup', /\{ ?reset|backup/],
    ['a verb with arguments', 'push secret', /\{ push secret: …, to: …, value: …\?/],
    ['an argument of a verb', 'to', /a device, as in alice\.phone/],
    ['who acts', 'alice.laptop', /A device of alice, called laptop/],
    ['everyone', 'everyone', /All devices and servers together/],
    ['a guarantee', 'secret-authenticity', /If it breaks: .*Its shadow: /],
    ['a verdict', 'holds', /The guarantee holds/],
    ['a verdict with its place', 'breaks', /The guarantee breaks; the value may say at whom/],
    ['a clause', '4385-push-cross-signed-only', /cross-signing signature/],
  ])('tells what %s is', (_what, word, said) => {
    const begin = { to: 'to: alice.phone', holds: 'holds\n' }[word] ?? word;
    const told = explained(text, text.indexOf(begin) + 1);
    expect(told?.text).toMatch(said);
    expect(text.slice(told?.from, told?.to)).toBe(word);
  });

  it('names clauses, guarantees and questions as the ledger does', () => {
    expect(of('4385-push-cross-signed-only')?.title).toMatch(/^[A-Z].+ \(4385-push-cross-signed-only\)$/);
    expect(of('secret-authenticity')?.title).toBe('Secrets are genuine (secret-authenticity)');
    const turned = text.replace('without:', 'without:\n  "q12: A":\n    secret-authenticity: holds');
    expect(of('q12: A', turned)?.title).toMatch(/\(q12: A\)$/);
    expect(of('q12: A', turned)?.text.length).toBeGreaterThan(10);
  });

  it('says nothing of texts, comments and names nobody knows', () => {
    expect(of('Whoever holds')).toBeNull();
    expect(of('yaml-language-server')).toBeNull();
    expect(of('frobnicate', text.replace('reset backup', 'frobnicate'))).toBeNull();
  });

  it.each(globSync('scenarios/**/*.yaml').sort())('says what every guarantee of %s is', (file) => {
    const source = readFileSync(file, 'utf8');
    const begin = source.indexOf('\nexpect:');
    for (const match of source.slice(begin).matchAll(/^ {2}([a-z-]+):/gm)) {
      const told = explained(source, begin + match.index + 4);
      expect(told?.title).toContain(`(${match[1]})`);
    }
  });

  it('never throws, wherever it points in whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (any, offset) => void explained(any, offset)),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.string({ unit: fc.constantFrom(...'{}[],:-#"\' \na'), maxLength: 8 }),
        (offset, put) => {
          const broken = text.slice(0, offset) + put + text.slice(offset);
          const told = explained(broken, offset);
          if (told === null) return;
          expect(told.from).toBeLessThanOrEqual(offset);
          expect(told.from).toBeLessThan(told.to);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('completion with the words of the schema', () => {
  it('tells what a section or a field is, though the table of names says nothing of it', () => {
    const detailOf = (source: string, label: string) =>
      explainedCompletions(source, source.length).find((one) => one.label === label)?.detail;
    expect(detailOf('st', 'story')).toBe('What happens, line by line.');
    expect(detailOf('cast:\n  ', 'servers')).toMatch(/homeservers/);
    expect(detailOf('expect:\n  availability: ', 'holds')).toMatch(/The guarantee holds/);
  });
});
