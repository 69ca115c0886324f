/** FINDINGS.md says what runs show today, under what people said of it, and people speak of nothing that no run shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gather } from '../sim/cli/commands/findings.ts';
import { findingsText, idleComments } from '../sim/findings/markdown.ts';

describe('the findings', () => {
  const gathered = gather();

  it('are those of FINDINGS.md: if a change is meant, read it, then npx hearsay findings --out FINDINGS.md', () => {
    expect(findingsText(gathered)).toBe(readFileSync('FINDINGS.md', 'utf8'));
  });

  it('have comments on what is there, and on nothing else', () => {
    expect(idleComments(gathered)).toEqual([]);
    const { comments, evidence } = gathered;
    const gone = {
      ...gathered,
      evidence: { ...evidence, revised: evidence.revised.slice(1) },
      comments: { ...comments, first: [] },
    };
    expect(idleComments(gone)).toEqual(['revised: MSC4385 send-variant to push-variant']);
  });

  it('name a comment’s story that is not there', () => {
    const { comments } = gathered;
    const [first] = comments.first;
    if (first === undefined) throw new Error('nothing comes first');
    const misspelt = { ...first, shows: [{ scenario: 'secret-push/no-such-story', without: null }] };
    expect(() => findingsText({ ...gathered, comments: { ...comments, first: [misspelt] } })).toThrow(
      'secret-push/no-such-story, which is no story here',
    );
  });

  it('say something of every revision that changed a verdict, and of every interaction', () => {
    const { comments, evidence, interactions } = gathered;
    const { revised, interactions: meeting } = comments.sections;
    const silent = evidence.revised.flatMap(({ proposal, from, to, changed }) =>
      changed.length > 0 && revised.of[`${proposal} ${from} to ${to}`] === undefined ? [`${proposal} ${from}`] : [],
    );
    expect(silent).toEqual([]);
    expect([...interactions.keys()].filter((id) => meeting.of[id] === undefined)).toEqual([]);
  });
});
