/** What `ask` has the explorer find. */
import { beforeAll, describe, expect, it } from 'vitest';
import { hearsayHere as hearsay, type Told } from './testing.ts';

describe('hearsay ask', () => {
  let told: Told;
  beforeAll(async () => {
    told = await hearsay('ask', 'q17', '--worlds', '240');
  });

  it('says under each reading which is the shortest way to a break, or in how many worlds there is none', () => {
    expect(told.status).toBe(0);
    expect(told.stdout).toMatch(/^Searched: .* {2}room-keys\/a-room-that-was-closed-for-a-while-keeps-its-session$/m);
    expect(told.stdout).toMatch(
      /^ {2}A {2}none of the guarantees asked about breaks in 240 worlds, and there are more \(.*any order\)$/m,
    );
    expect(told.stdout).toMatch(
      /^ {2}A {2}none of the guarantees asked about breaks in any of 60 worlds \(.*in its order.*\)$/m,
    );
    expect(told.stdout).toMatch(/^ {2}B {2}✕ breaks availability in 4 steps .*; alice sends two in den$/m);
  });

  it('gives a line that replays what it found', async () => {
    const [, line = ''] = /npx hearsay replay '(any-order\/.*)'/.exec(told.stdout) ?? [];
    expect((await hearsay('replay', line)).stdout).toMatch(/availability +breaks at alice\.phone in step 4/);
  });

  it('gives machines what was searched', async () => {
    const found: unknown = JSON.parse((await hearsay('ask', 'q17', '--worlds', '240', '--json')).stdout);
    expect(found).toMatchObject({
      explored: [
        {
          A: [
            { freedom: 'any order', limit: 'worlds', breaks: [] },
            { freedom: 'its order', limit: null, breaks: [] },
          ],
          B: [{ breaks: [{ guarantee: 'availability', verdict: 'breaks', at: 'alice.phone' }] }],
        },
      ],
    });
  });

  it('refuses bounds that are none', async () => {
    const { status, stderr } = await hearsay('ask', 'q17', '--worlds', 'many');
    expect(status).toBe(2);
    expect(stderr).toMatch(/--worlds many: a whole number from 1/);
  });
});
