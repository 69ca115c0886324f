/** What the command line says of the texts themselves: their sentences, their revisions, their open questions. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const hearsay = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['sim/cli/hearsay.ts', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr: stderr.replaceAll(/.*(ExperimentalWarning|--trace-warnings).*\n/g, '') };
};

describe('hearsay clauses', () => {
  it('lists every sentence with its place and what it is worth', () => {
    const { status, stdout } = hearsay('clauses');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^214 clauses: \d+ in charts, \d+ elsewhere, \d+ not yet/m);
    expect(stdout).toMatch(/4385-push-cross-signed-only +guard +MUST +[1-9]\d* +chart secret-push/);
    expect(stdout).toMatch(/4385-send-same-user +guard +MUST +— +not yet: .*4385-push-same-user/);
    expect(stdout).not.toMatch(/ nowhere$/m);
  });

  it('gives those of one proposal to machines, with the verdicts that change', () => {
    const { status, stdout } = hearsay('clauses', '4385', '--json');
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as { id: string; proposal: string; place: unknown; changes: unknown[] }[];
    expect(new Set(rows.map(({ proposal }) => proposal))).toEqual(new Set(['MSC4385']));
    expect(rows.find(({ id }) => id === '4385-push-cross-signed-only')).toMatchObject({
      place: { is: 'chart', charts: ['secret-push'] },
      changes: expect.arrayContaining([
        {
          scenario: 'secret-push/a-stolen-token-cannot-plant-a-backup-key',
          without: '4385-push-cross-signed-only',
          guarantee: 'secret-authenticity',
          from: 'holds',
          to: 'breaks',
        },
      ]),
    });
  });
});

describe('a mistake in what is asked of a text', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['a proposal that is none', ['clauses', 'MSC4286'], /no proposal “MSC4286” here: did you mean MSC42/],
    ['two proposals', ['clauses', 'MSC4268', 'MSC4385'], /name one proposal/],
  ])('(%s) gets one clear error and exit code 2', (_what, args, error) => {
    const { status, stdout, stderr } = hearsay(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
