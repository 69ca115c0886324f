/** What the command line says of guarantees: the words of the ledger, and where they fall. */
import { describe, expect, it } from 'vitest';
import { guaranteeTexts } from '../../machines/guarantee-texts.ts';
import { hearsayHere as hearsay } from './testing.ts';

describe('hearsay guarantees', () => {
  it('lists every promise of the ledger', async () => {
    const { status, stdout } = await hearsay('guarantees');
    expect(status).toBe(0);
    for (const [id, { short, promise }] of Object.entries(guaranteeTexts))
      expect(stdout).toContain(`${id}  ${short}\n  ${promise}\n`);
  });

  it('says of one what it means if it breaks, for whom, and in which stories it does', async () => {
    const { status, stdout } = await hearsay('guarantees', 'secret-convergence');
    const { promise, ifBroken, forWhom, shadow } = guaranteeTexts['secret-convergence'];
    expect(status).toBe(0);
    for (const words of [promise, ifBroken, forWhom, shadow]) expect(stdout).toContain(words);
    expect(stdout).toMatch(/≈ accepted {2}.* {2}incidents\/push-one-by-one$/m);
    expect(stdout).not.toContain(guaranteeTexts['secret-authenticity'].promise);
  });

  it('gives all of it to machines', async () => {
    const { stdout } = await hearsay('guarantees', 'forward-exclusion', '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        id: 'forward-exclusion',
        ...guaranteeTexts['forward-exclusion'],
        scenarios: expect.arrayContaining([
          { scenario: 'incidents/gappy-sync', asWritten: 'holds', breaksWithout: expect.any(Number) },
        ]),
      },
    ]);
  });

  it.each([
    ['guarantees', 'secret-convergance'],
    ['explore', 'play/a-stolen-token', '--guarantee', 'secret-convergance'],
  ])('%s names the nearest to a name that is none', async (...args) => {
    expect(await hearsay(...args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/no guarantee “secret-convergance”: did you mean secret-convergence\?\n$/),
    });
  });
});

describe('a break on the command line', () => {
  it('is told with what it means for whom, once for each guarantee, and only of those that break', async () => {
    const { stdout } = await hearsay('run', 'one-false-identity-knocks', '--suite', 'symbolic');
    const { promise, ifBroken, forWhom } = guaranteeTexts['secret-authenticity'];
    expect(stdout.split(promise)).toHaveLength(2);
    expect(stdout).toContain(`if it breaks: ${ifBroken}\n  for whom: ${forWhom}\n`);
    const held = (await hearsay('run', 'one-false-identity-knocks', '--suite', 'symbolic', '--no-without')).stdout;
    expect(held).toContain('secret-authenticity');
    expect(held).not.toContain(promise);
  });
});
