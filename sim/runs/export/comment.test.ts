import { describe, expect, it } from 'vitest';
import type { Moment, Run } from '../../engine/types.ts';
import { planted, refused } from '../planted-key-testing.ts';
import { formatTrace } from '../trace.ts';
import { commentOf } from './comment.ts';
import { commentMost } from './github.ts';

const address = 'https://example.org/scenarios/x/';
const comment = commentOf(planted, { siblings: [refused], address });
const fences = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`(?:^|\\n)(\`{3,})${language}\\n([\\s\\S]*?)\\n\\1(?=\\n|$)`, 'g'))].map(
    ([, , body = '']) => body,
  );
/** What stands outside of fences: all of it is Markdown. */
const prose = (text: string): string => text.replaceAll(/(^|\n)(`{3,})\w+\n[\s\S]*?\n\2(?=\n|$)/g, '$1');

const hostile =
  '```\n</details>@alice <script>alert(1)</script> `x` [a](javascript:b) %%{init: x}%% ; end # --> p0: #1 www.evil.example';
/** A run in which everything that people write is hostile. */
const withHostile = (moments: readonly Moment[] = []): Run => ({
  ...planted,
  scenario: { ...planted.scenario, title: hostile },
  judgements: planted.judgements.map((one) => ({ ...one, why: one.why === null ? null : hostile })),
  steps: planted.steps.map((step, nth) =>
    nth === 4
      ? {
          choice: { ...step.choice, sentence: hostile },
          moments: [
            ...step.moments,
            {
              kind: 'shown',
              player: 'alice.phone',
              notice: { about: 'message', text: hostile, message: hostile, sender: hostile },
            },
            ...moments,
          ],
        }
      : step,
  ),
});

describe('a run as a comment', () => {
  it('has a verdict in three lines, its bounds, the line that replays it and the address of its page', () => {
    const bullets = comment.split('\n').filter((line) => line.startsWith('- **'));
    expect(bullets.map((line) => /^- \*\*(.*?):\*\*/.exec(line)?.[1])).toEqual(['Attacker', 'Broke', 'Would help']);
    expect(bullets[0]).toContain('Mallory, with Alice’s stolen access token');
    expect(bullets[1]).toContain('“Secrets are genuine” breaks');
    expect(bullets[1]).toMatch(/step \d+/);
    expect(bullets[2]).toContain('“Only take pushes from cross-signed devices”, off here: with it in force');
    expect(comment).toContain(`_One run of ${planted.steps.length} steps, in one order of events`);
    expect(fences(comment, 'sh')).toEqual([`npx hearsay replay '${formatTrace(planted.trace)}'`]);
    expect(comment).toContain(`](${address})`);
    expect(commentOf(planted, { siblings: [], address: null })).not.toContain('The run, step by step');
  });

  it('draws twelve messages at most, with what broke and which clause was off', () => {
    const [picture = ''] = fences(comment, 'mermaid');
    const lines = picture.split('\n');
    expect(lines[0]).toBe('sequenceDiagram');
    const drawn = lines.filter((line) => /->>|-x|Note over/.test(line));
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn.length).toBeLessThanOrEqual(12);
    expect(drawn.join('\n')).toContain('off, would refuse: Only take pushes from cross-signed devices');
    expect(drawn.join('\n')).toContain('✕ Secrets are genuine: broken');
    const known = new Set(lines.flatMap((line) => /participant (p\d+) as/.exec(line)?.[1] ?? []));
    for (const line of drawn)
      for (const [, one, other] of line.matchAll(/^ {2}(?:Note over )?(p\d+)(?:(?:->>|-x)(p\d+))?:/g))
        for (const player of [one, other]) if (player !== undefined) expect(known.has(player)).toBe(true);
  });

  it('folds the transcript', () => {
    expect(comment.match(/<details>/g)).toHaveLength(1);
    expect(comment.trimEnd().endsWith('</details>')).toBe(true);
    const [text = ''] = fences(comment, 'text');
    expect(text).toContain('replay: ');
    expect(text).not.toContain('cut here');
  });

  it('is not broken out of by what somebody wrote', () => {
    const text = commentOf(withHostile(), { siblings: [], address: null });
    const outside = prose(text);
    // Nothing of it is HTML, code, a link, a mention or a reference.
    expect(outside.replaceAll(/<\/?details>|<summary>.*<\/summary>/g, '')).not.toMatch(/<[a-z/!]/i);
    expect(outside).not.toMatch(/(?<!\\)`/);
    expect(text.replaceAll(/(^|\n)(`{3,})(?:text|sh|mermaid)\n[\s\S]*?\n\2(?=\n|$)/g, '')).not.toMatch(
      /@[a-z]|#\d|www\.\w/i,
    );
    expect(outside).not.toMatch(/(?<!\\)\]\(/);
    expect(text.match(/<\/details>/g)).toHaveLength(1);
    expect(fences(text, 'text')).toHaveLength(1);
    const [picture = ''] = fences(text, 'mermaid');
    for (const line of picture.split('\n').slice(1))
      expect(line).toMatch(
        /^ {2}(?:participant p\d+ as|Note over p\d+:|p\d+(?:->>|-x)p\d+:) [^;<>{}%`"]*(?:(?:#\d+;|<br\/>)[^;<>{}%`"]*)*$/,
      );
  });

  it('links to nothing but a page of the web', () => {
    for (const wrong of ['javascript:alert(1)', 'https://a b', 'https://a)[x](y', 'https://a/<b>'])
      expect(commentOf(planted, { siblings: [], address: wrong })).toBe(
        commentOf(planted, { siblings: [], address: null }),
      );
  });

  it('is no longer than GitHub takes, and says what was cut', () => {
    const many: readonly Moment[] = Array.from({ length: 3000 }, (_, nth) => ({
      kind: 'shown',
      player: 'alice.phone',
      notice: { about: 'x', text: `notice ${nth} of very many, each a line of the transcript` },
    }));
    const text = commentOf(withHostile(many), { siblings: [], address });
    expect(text.length).toBeLessThanOrEqual(commentMost);
    expect(text.length).toBeGreaterThan(commentMost - 300);
    expect(text).toMatch(/… cut here: \d+ more lines, which the line above replays\n`{4,}\n\n<\/details>\n$/);
  });

  it('says where nothing broke which clause threw it away', () => {
    const text = commentOf(refused, { siblings: [planted], address: null });
    expect(text).toMatch(/\*\*Broke:\*\* Nothing: /);
    expect(text).toContain(
      '**Stopped by:** “Only take pushes from cross-signed devices” (refused in step 8): with it off',
    );
  });
});
