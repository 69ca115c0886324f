import { describe, expect, it } from 'vitest';
import { commentMost } from '../../runs/export/github.ts';
import { planted, refused } from '../../runs/planted-key-testing.ts';
import { findingComment, findingHead } from './comment.ts';
import type { Finding } from './list.ts';

const finding: Finding = {
  kind: 'first',
  id: 'a-finding',
  claim: 'A push that counts for its signature alone is whoever’s signed it',
  text: 'What a person says of it.',
  where: [
    {
      of: 'MSC4385',
      section: 'Proposal',
      sentence: 3,
      words: 'must be cross-signed',
      href: 'https://example.org/pull/4385',
    },
  ],
  shows: [1, 2, 3, 4].map((nth) => ({
    scenario: planted.scenario.id,
    title: `A story, @number ${nth}`,
    turned: '4385-push-cross-signed-only + q09: B',
    fates: [{ guarantee: 'secret-authenticity', verdict: 'breaks', at: null, of: null, by: null, under: 'without' }],
  })),
  bounds: 'Two runs, each in one order.',
  replay: 'npx hearsay run a-story',
  production: null,
};

describe('a finding as a comment', () => {
  const text = findingComment(finding, {
    shown: { run: planted, siblings: [refused] },
    address: 'https://example.org/findings/a-finding/',
  });

  it('says what is claimed, where it stands, what runs show, how far that goes and what production does', () => {
    for (const part of [
      `**${finding.claim}**`,
      'What a person says of it.',
      '[MSC4385](https://example.org/pull/4385), “Proposal”, sentence 3: “must be cross-signed”',
      'turned: “Only take pushes from cross-signed devices” + q09: B',
      'Secrets are genuine **breaks** (without)',
      '- and 1 more',
      '_Two runs, each in one order._',
      '**In production:** nobody has looked',
      '```sh\nnpx hearsay run a-story\n```',
      '](https://example.org/findings/a-finding/)',
    ])
      expect(text).toContain(part);
  });

  it('has a run that shows it, with its verdict, picture and transcript', () => {
    expect(text).toContain('```mermaid\nsequenceDiagram\n');
    expect(text).toContain('- **Broke:** “Secrets are genuine” breaks');
    expect(text.match(/<details>/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(commentMost);
  });

  it('is told up to its transcript, for those who put that in themselves', () => {
    const around = { shown: { run: planted, siblings: [refused] }, address: 'https://example.org/findings/a-finding/' };
    const head = findingHead(finding, around);
    expect(text.startsWith(head)).toBe(true);
    expect(text.slice(head.length)).toMatch(/^<details>\n<summary>The \d+ steps as text<\/summary>\n/);
    expect(findingHead(finding, { ...around, shown: null })).toBe(findingComment(finding, { ...around, shown: null }));
  });

  it('does without a run, and calls nobody', () => {
    const bare = findingComment(finding, { shown: null, address: null });
    expect(bare).not.toContain('mermaid');
    expect(bare).not.toContain('<details>');
    expect(bare).not.toMatch(/@n/);
  });
});
