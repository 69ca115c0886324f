/** What the command line says of the texts themselves: their sentences, their revisions, their open questions. */
import { beforeAll, describe, expect, it } from 'vitest';
import { hearsayHere as hearsay, type Told } from './testing.ts';

describe('hearsay clauses', () => {
  it('lists every sentence with its place and what it is worth', async () => {
    const { status, stdout } = await hearsay('clauses');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^235 clauses: \d+ in charts, \d+ elsewhere, \d+ not yet/m);
    expect(stdout).toMatch(/4385-push-cross-signed-only +guard +MUST +[1-9]\d* +chart secret-push/);
    expect(stdout).toMatch(/4385-send-same-user +guard +MUST +[1-9]\d* +chart secret-send/);
    expect(stdout).not.toMatch(/ nowhere$/m);
  });

  it('gives those of one proposal to machines, with the verdicts that change', async () => {
    const { status, stdout } = await hearsay('clauses', '4385', '--json');
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

describe('hearsay clauses with one sentence', () => {
  it('says what it asks, how strongly in which text, where it is, and which verdicts change without it', async () => {
    const { status, stdout } = await hearsay('clauses', '4147-ED25519-mismatch');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^4147-ed25519-mismatch {2}MSC4147, “/);
    expect(stdout).toMatch(/^ {2}Check that the enclosed signing key is the message’s own$/m);
    expect(stdout).toContain('kind: guard, SHOULD (lower case) in merged, MUST in spec-main');
    expect(stdout).toContain('where: chart envelope');
    expect(stdout).toMatch(/^ {4}beside it off in this story: 4147-owner-via-cross-signing$/m);
    expect(stdout).toMatch(/^ {4}device-authenticity {2}✓ holds → ✕ breaks$/m);
  });

  it('gives a command for each verdict that shows it', async () => {
    const { stdout } = await hearsay('clauses', '1219-trust-before-upload');
    const [, story = '', without = ''] = /npx hearsay export (\S+) --text --without '(.*)'/.exec(stdout) ?? [];
    expect((await hearsay('export', story, '--text', '--without', without)).stdout).toMatch(
      /^backup-key-integrity +breaks at/m,
    );
    expect(stdout).toMatch(/npx hearsay explore play\/a-stolen-token --without '1219-trust-before-upload'/);
  });

  it('gives the reason where nobody misses it', async () => {
    expect((await hearsay('clauses', '4268-omit-forwarding-chain')).stdout).toMatch(
      /^no verdict changes without it: a list that/m,
    );
  });

  it('gives the same to machines', async () => {
    const [row, more] = JSON.parse(
      (await hearsay('clauses', '4147-self-signature', '--json')).stdout,
    ) as readonly unknown[];
    expect(more).toBeUndefined();
    expect(row).toMatchObject({
      id: '4147-self-signature',
      levels: { 'spec-v1.19': 'MUST' },
      missedByNobody: null,
      changes: [{ guarantee: 'device-authenticity', from: 'holds', to: 'breaks' }],
    });
  });
});

describe('hearsay diff', () => {
  const two = ['diff', 'MSC4268', 'incidents/gappy-sync', 'incidents/stopped-mid-import'];
  const texts = ['--from', 'seed-diff', '--to', 'merged'];
  let told: Told;
  beforeAll(async () => {
    told = await hearsay(...two, ...texts);
  });

  it('says which sentences a change of text brings, and which verdicts change with it, and where', () => {
    const { status, stdout } = told;
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}\+ 4268-limited-sync-leave {2}MUST {2}/m);
    expect(stdout).toMatch(/^ {2}− 4268-recent-undefined {2}/m);
    expect(stdout).toContain('4268-leave-old-assumption → 4268-rotate-on-leave');
    expect(stdout).toMatch(
      /forward-exclusion\n +seed-diff +✕ breaks in step \d+ \(.*\)\n +merged +✓ holds\n +they part in step \d+: /,
    );
    expect(stdout).toMatch(/speaking only under merged: .*4268-limited-sync-leave/);
    expect(stdout).toContain('2 scenarios about MSC4268 under both texts: verdicts differ in 1');
    expect(stdout).not.toContain('incidents/stopped-mid-import');
  });

  it('gives lines that replay both runs with their verdicts', async () => {
    const [line = '', other = ''] = [...told.stdout.matchAll(/npx hearsay replay '(.*)'/g)].map(([, found]) => found);
    expect(line).toContain('revision=MSC4268:seed-diff');
    expect((await hearsay('replay', line)).stdout).toMatch(/forward-exclusion +breaks/);
    expect(other).toContain('revision=MSC4268:merged');
    expect((await hearsay('replay', other)).stdout).toMatch(/forward-exclusion +holds/);
  });

  it('gives the same to machines', async () => {
    const found = JSON.parse((await hearsay(...two, ...texts, '--json')).stdout) as {
      readonly came: readonly string[];
    };
    expect(found.came).toContain('4268-rotate-on-leave');
    expect(found).toMatchObject({
      same: null,
      compared: ['incidents/gappy-sync', 'incidents/stopped-mid-import'],
      differ: [
        {
          scenario: 'incidents/gappy-sync',
          verdicts: [{ guarantee: 'forward-exclusion', from: { verdict: 'breaks' }, to: { verdict: 'holds' } }],
          parting: { step: expect.any(Number) },
        },
      ],
    });
  });

  it('says so where devices here do not tell two texts apart', async () => {
    const story = 'secret-push/a-sibling-that-follows-can-restore';
    const { stdout } = await hearsay('diff', 'MSC1219', story, '--from', 'merged', '--to', 'spec-v1.19');
    expect(stdout).toContain('they do the same under both');
    expect(stdout).toContain('verdicts differ in 0, in 0 something else happens to the same verdicts, 1 go the same');
  });

  it('tells a sentence that only one text has by the verdict that goes with it', async () => {
    const story = 'secret-push/two-texts-do-not-hear-each-other';
    const { stdout } = await hearsay('diff', 'MSC4385', story, '--from', 'push-variant', '--to', 'send-variant');
    expect(stdout).toMatch(/4385-send-omit-request-id/);
    expect(stdout).not.toContain('they do the same under both');
  });
});

describe('hearsay ask', () => {
  it('lists every question with how it can be answered here', async () => {
    const { status, stdout } = await hearsay('ask');
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(59);
    expect(lines[0]).toMatch(/^ {2}q01 {2}MSC4385 {2}.*\(turned by \d+ scenarios?\)$/);
    expect(lines[4]).toMatch(/q05 .*\(turned by \d+ scenarios?\)$/);
    for (const line of lines)
      expect(line).toMatch(
        /\((turned by \d|a setting without a scenario|another setting: |not built: |cannot be acted out: )/,
      );
  });

  it('holds both readings against each other in the scenarios that turn a question', async () => {
    const { status, stdout } = await hearsay('ask', 'q03');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}A {2}only the receiver rule is normative\n +risk: the backup key goes/m);
    expect(stdout).toMatch(/^ {2}B {2}MSC1946/m);
    expect(stdout).toMatch(/≠ secret-confidentiality +A ✕ breaks {2}B ✓ holds/);
    expect(stdout).toMatch(/they part in step \d+: /);
    expect(stdout).toMatch(/replay '.*reading=q03:A.*'\n.*replay '.*reading=q03:B.*'/);
  });

  it('gives machines the settings turned beside the question too', async () => {
    const found = JSON.parse((await hearsay('ask', 'q08', '--json')).stdout) as {
      readonly scenarios: readonly unknown[];
    };
    expect(found).toMatchObject({ id: 'q08', readings: { A: { text: 'last to arrive wins' } } });
    expect(found.scenarios).toContainEqual(
      expect.objectContaining({
        scenario: 'secret-push/another-user-cannot-push-into-my-devices',
        beside: '4385-push-same-user',
        verdicts: expect.arrayContaining([
          expect.objectContaining({
            guarantee: 'secret-authenticity',
            A: expect.objectContaining({ verdict: 'breaks' }),
            B: expect.objectContaining({ verdict: 'holds' }),
          }),
        ]),
      }),
    );
  });
});

describe('a mistake in what is asked of a text', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['a proposal that is none', ['clauses', 'MSC4286'], /no proposal “MSC4286” here: did you mean MSC42/],
    ['no proposal', ['diff', '--from', 'merged', '--to', 'seed'], /name a proposal: MSC4385/],
    ['no revision', ['diff', 'MSC4268', '--from', 'merged'], /--to needs a revision of MSC4268: seed-draft/],
    [
      'a revision that is none',
      ['diff', 'MSC4268', '--from', 'mergd', '--to', 'seed-diff'],
      /no revision “mergd” of MSC4268: did you mean merged\?/,
    ],
    ['one text twice', ['diff', 'MSC4268', '--from', 'merged', '--to', 'merged'], /two different revisions/],
    [
      'a scenario about something else',
      ['diff', 'MSC4385', 'gappy-sync', '--from', 'push-variant', '--to', 'pr-head'],
      /no scenario of these is about MSC4385/,
    ],
    ['a question that is none', ['ask', 'q77'], /no question “q77”: did you mean q07\?/],
    ['two questions', ['ask', 'q01', 'q02'], /name one question/],
    ['two proposals', ['clauses', 'MSC4268', 'MSC4385'], /name one proposal/],
    [
      'a sentence that is none',
      ['clauses', '4147-selfsignature'],
      /no clause “4147-selfsignature” here: did you mean 4147-self-signature\?/,
    ],
  ])('(%s) gets one clear error and exit code 2', async (_what, args, error) => {
    const { status, stdout, stderr } = await hearsay(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
