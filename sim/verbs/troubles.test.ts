/** What goes wrong with requests, as whole stories: what guarantees make of it. */
import { describe, expect, it } from 'vitest';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Verdict } from '../engine/types.ts';
import { requestsOf, told } from '../runs/story-testing.ts';
import { lineFaults } from '../scenario/claims.ts';

const alone = ['servers: [example.org]', 'users: { alice: { server: example.org, devices: [phone, laptop] } }'];

const verdictOf = (run: ReturnType<typeof told>, guarantee: GuaranteeId): Verdict | undefined =>
  run.judgements.find((one) => one.guarantee === guarantee)?.verdict;

describe('a request that is received twice', () => {
  it('deletes a backup though the second time there is none: no key of it has to be held any more', () => {
    const run = told(
      alone,
      [
        'example.org: { repeat: room_keys/version, for: alice.laptop }',
        'alice.laptop: turn backup off',
        'everyone: settle',
      ],
      'dials: { implements: { MSC4287: merged } }\n',
    );
    expect(run.unstruck).toEqual([]);
    expect(verdictOf(run, 'secret-convergence')).toBe('holds');
  });
});

describe('an invitation', () => {
  it('that waits for the one before it, whose history is on its way yet, is not refused and goes out later', () => {
    const person = (name: string): string => `  ${name}: { server: example.org, devices: [phone] }`;
    const run = told(
      [
        'servers: [example.org]',
        'users:',
        ...['alice', 'bob', 'carol'].map(person),
        'rooms: { den: { history: shared, members: [alice] } }',
      ],
      [
        'alice: { send: before they came, in: den }',
        'example.org: { fail: keys/claim, for: alice.phone }',
        'alice: { invite: bob, to: den }',
        'alice: { invite: carol, to: den }',
        'everyone: settle',
      ],
    );
    expect(lineFaults(run)).toEqual([]);
    expect(requestsOf(run, 'alice.phone', 'example.org', '/invite').map(({ body }) => body)).toEqual([
      { user_id: '@bob:example.org' },
      { user_id: '@carol:example.org' },
    ]);
  });
});
