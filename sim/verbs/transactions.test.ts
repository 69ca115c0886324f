/** What goes wrong between servers. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Run } from '../engine/types.ts';
import { explore } from '../explorer/explore.ts';
import { faultsOf, readBy, requestsOf, scenarioOf, told } from '../runs/story-testing.ts';

const cast = [
  'servers: [a.example, b.example]',
  'users:',
  '  alice: { server: a.example, devices: [phone] }',
  '  bob: { server: b.example, devices: [desk] }',
  'rooms: { den: { members: [alice, bob] } }',
  'backup: false',
];
const said = 'alice: { send: hello, in: den }';
const story = (...lines: readonly string[]): Run => told(cast, [...lines, 'everyone: settle']);
const sent = (run: Run) => requestsOf(run, 'a.example', 'b.example', '/send/');

describe('a transaction between servers', () => {
  it('that is lost never arrives, and its sender sends it no more', () => {
    const run = story('a.example: { lose transaction to: b.example, about: m.room.encrypted }', said);
    expect(faultsOf(run)).toEqual(['a.example: gone send to b.example with m.room.encrypted']);
    expect(readBy(run)).not.toContain('bob.desk: hello');
  });

  it('is lost by what it brings: another one goes through, and the trouble waits', () => {
    const run = story('a.example: { lose transaction to: b.example, about: m.device_list_update }', said);
    expect(faultsOf(run)).toEqual([]);
    expect(readBy(run)).toContain('bob.desk: hello');
  });

  it('that is refused is sent again under its id, and nothing is lost', () => {
    const run = story('b.example: { fail: send, for: a.example }', said);
    const [first, second] = sent(run);
    expect([first?.status, second?.status]).toEqual([503, 200]);
    expect(second?.path).toBe(first?.path);
    expect(readBy(run)).toContain('bob.desk: hello');
  });

  it('whose answer is lost is sent again, and what it brings arrives once', () => {
    const run = story('b.example: { lose answer of: send, for: a.example }', said);
    expect(sent(run).map(({ lost }) => lost === true)).toContain(true);
    expect(readBy(run).filter((one) => one === 'bob.desk: hello')).toHaveLength(1);
  });

  it('that comes twice arrives once', () => {
    const run = story('b.example: { repeat: send, for: a.example }', said);
    expect(faultsOf(run)).toEqual(['a.example: repeat send to b.example']);
    expect(readBy(run).filter((one) => one === 'bob.desk: hello')).toHaveLength(1);
  });

  it('is late while it is held: all else comes to rest, and it arrives when it is released', () => {
    const held = ['a.example: { hold transactions to: b.example }', said, 'everyone: settle'];
    expect(readBy(told(cast, held))).not.toContain('bob.desk: hello');
    expect(readBy(story(...held, 'a.example: { release transactions to: b.example }'))).toContain('bob.desk: hello');
  });

  it('is let through one by one, where somebody says so', () => {
    const run = told(cast, [
      'a.example: { hold transactions to: b.example }',
      said,
      'a.example: { deliver to: b.example }',
      'everyone: settle',
    ]);
    expect(sent(run)).toHaveLength(1);
  });
});

describe('a question of one server to another', () => {
  const asks = ['alice: { log in as: tablet }', 'everyone: settle', 'alice.tablet: { send: hello, in: den }'];

  it('is refused, by the name of its endpoint, and the one who asked for it is told', () => {
    const run = story('b.example: { fail: user/keys/query, for: a.example }', ...asks);
    expect(requestsOf(run, 'a.example', 'b.example', '/user/keys/query')[0]?.status).toBe(503);
    const answer = requestsOf(run, 'alice.tablet', 'a.example', '/keys/query').map(({ response }) => response);
    expect(JSON.stringify(answer)).toContain('"b.example":{"status":503');
    expect(faultsOf(run)).toEqual(['a.example: fail user/keys/query to b.example']);
  });

  it('of another endpoint goes through', () => {
    const run = story('b.example: { fail: make_join, for: a.example }', ...asks);
    expect(faultsOf(run)).toEqual([]);
  });
});

describe('a server that keeps device lists', () => {
  const keeps = 'a.example: keep device lists';
  const asked = (run: Run) => requestsOf(run, 'a.example', 'b.example', '/user/keys/query').length;
  const looks = (device: string) => [
    `alice: { log in as: ${device} }`,
    'everyone: settle',
    `alice.${device}: { send: hello, in: den }`,
  ];
  const looksAgain = [...looks('laptop'), ...looks('tablet')];

  it('asks once, and answers the next who asks as the other would', () => {
    const [kept, fresh] = [story(keeps, ...looksAgain), story(...looksAgain)];
    expect(asked(kept)).toBeLessThan(asked(fresh));
    const shown = (run: Run) =>
      requestsOf(run, 'alice.tablet', 'a.example', '/keys/query').map(({ response }) => JSON.stringify(response));
    expect(shown(kept).at(-1)).toContain('DESK');
    expect(shown(kept)).toEqual(shown(fresh));
  });

  it('asks again once it is told of a change, and not when that notice is lost', () => {
    const lost = 'b.example: { lose transaction to: a.example, about: m.device_list_update }';
    const shown = (run: Run) =>
      JSON.stringify(requestsOf(run, 'alice.tablet', 'a.example', '/keys/query').map(({ response }) => response));
    const before = [keeps, ...looks('laptop'), 'everyone: settle'];
    const later = ['bob: { log in as: watch }', 'everyone: settle', ...looks('tablet')];
    expect(shown(story(...before, ...later))).toContain('WATCH');
    expect(shown(story(...before, lost, ...later))).not.toContain('WATCH');
  });
});

it('strikes in free play, as often as its budget says', () => {
  const play = `explore:
  acts: [{ alice: { send: hello, in: den } }]
  faults: { lost transaction: 1 }
  until: { depth: 8, worlds: 500 }
`;
  const ids = new Set<string>();
  explore(scenarioOf(cast, ['alice.phone: sync'], play), {
    suite: makeSymbolicSuite('1'),
    onStep: ({ choice, moments }) => {
      if (moments.some(({ kind }) => kind === 'fault')) ids.add(choice.id);
    },
  });
  expect([...ids]).toContain('lost_transaction:a~example:b~example');
});
