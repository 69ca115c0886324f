/** A client that stops before it has taken a sync in was told nothing by it. */
import { describe, expect, it } from 'vitest';
import { runStory } from '../../runs/run.ts';
import { parseScenario } from '../../scenario/parse.ts';

const file = (lines: readonly string[]): string => `title: t
about: [MSC4268]
why: w
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone] }
    bob: { server: example.org, devices: [phone] }
    charlie: { server: example.org, devices: [phone] }
  rooms:
    den: { history: joined, members: [alice, bob, charlie] }
  backup: false
story:
  - alice: { send: before, in: den }
  - everyone: settle
  - charlie: { leave: den }
  - bob: { log in as: tablet }
  - bob.tablet: sync
${lines.map((line) => `  - ${line}\n`).join('')}expect:
  forward-exclusion: holds
`;
const runOf = (...lines: readonly string[]) => {
  const parsed = parseScenario(file(lines), 'test/one');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return runStory(parsed.scenario, { suite: 'symbolic' });
};
const syncs = (run: ReturnType<typeof runOf>) =>
  run.steps
    .flatMap(({ moments }) => moments)
    .flatMap((one) =>
      one.kind === 'request' && one.from === 'alice.phone' && one.path.endsWith('/sync') ? [one] : [],
    );
const judged = (run: ReturnType<typeof runOf>) =>
  run.judgements.flatMap(({ guarantee, verdict, acceptedBy }) =>
    guarantee === 'forward-exclusion' ? [verdict, acceptedBy] : [],
  );
const writes = 'alice.phone: { send: after, in: den }';

describe('a client that stops in the middle of a sync', () => {
  // The first request is the sync, the second asks for the keys of whoever has a new device.
  const run = runOf('alice.phone: { stop after request: 2 }', 'alice.phone: sync', writes, 'alice.phone: sync');

  it('asks for the same again, and the sync that it took in as a whole is another', () => {
    expect(syncs(run).map(({ untaken }) => untaken === true)).toEqual([false, true, false]);
    expect(syncs(run)[1]?.query).toEqual(syncs(run)[2]?.query);
    expect(syncs(runOf('alice.phone: sync', writes)).some(({ untaken }) => untaken === true)).toBe(false);
  });

  it('has not heard of a leave that it brought, so that the text asks for no new room key yet', () => {
    expect(judged(run)).toEqual(['accepted', 'spec-rotate-once-seen']);
  });

  it('has heard it once it took one in', () => {
    const lines = ['alice.phone: { stop after request: 2 }', 'alice.phone: sync', 'alice.phone: sync', writes];
    expect(judged(runOf(...lines))).toEqual(['holds', null]);
  });
});
