/** Faults that are turned: the same run as of a file in which they are not, or in which they are. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Run, Scenario, Turn } from '../engine/types.ts';
import { explore } from '../explorer/explore.ts';
import { parseScenario } from '../scenario/parse.ts';
import { turnableIn, wrongTurns } from '../scenario/turns.ts';
import { replay, runStory } from './run.ts';
import { formatTrace, parseTrace } from './trace.ts';

const told = (lines: readonly string[], more = ''): Scenario => {
  const text = `title: A test
about: [MSC4385]
why: It is one.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
  attackers:
    mallory: { plays: lying-server, of: example.org }
story:
${lines.map((line) => `  - ${line}\n`).join('')}${more}expect:
  secret-authenticity: holds
`;
  const parsed = parseScenario(text, 'test');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const play = (scenario: Scenario, turns: readonly Turn[] = []): Run => {
  expect(wrongTurns(turns, turnableIn(scenario))).toEqual([]);
  return runStory(scenario, { turns, suite: 'symbolic' });
};
/** What happened, whoever's words it is told in. */
const happened = ({ steps, judgements, refused }: Run) => ({
  steps: steps.map(({ choice, moments }) => ({ what: choice.sentence, moments })),
  judgements,
  refused: refused.map(({ sentence }) => sentence),
});

const push = 'alice.laptop: { push secret: m.megolm_backup.v1 }';
const settle = 'everyone: settle';

describe('a fault of a story that is spared', () => {
  it('does not strike, and a device that has not gone offline does not come back', () => {
    const faulty = told([
      'alice.phone: go offline',
      push,
      'alice.phone: come online',
      'example.org: { fail: sendToDevice, for: alice.laptop }',
      'alice.phone: restart',
      push,
      settle,
    ]);
    const spared = play(
      faulty,
      [1, 4, 5].map((line): Turn => ({ turn: 'spared', line })),
    );
    expect(happened(spared)).toEqual(happened(play(told([push, push, settle]))));
    expect(spared.steps.some(({ moments }) => moments.some(({ kind }) => kind === 'fault'))).toBe(false);
    expect(happened(spared)).not.toEqual(happened(play(faulty)));
  });

  it('leaves a sync where one went wrong, and what races with it', () => {
    const faulty = told([push, '[{ alice.phone: restart }, { alice.laptop: sync }]', 'alice.phone: sync with a gap']);
    const spared = play(
      faulty,
      [2, 3].map((line): Turn => ({ turn: 'spared', line })),
    );
    expect(happened(spared)).toEqual(happened(play(told([push, 'alice.laptop: sync', 'alice.phone: sync']))));
  });

  it('is nothing that an attacker does', () => {
    const lines = ['mallory: { fail: sendToDevice, for: alice.laptop }', push];
    const wrong = wrongTurns([{ turn: 'spared', line: 1 }], turnableIn(told(lines)));
    expect(wrong.map(({ message }) => message)).toEqual(['nothing goes wrong in line 1 by itself']);
  });
});

describe('an accident that is put before a line', () => {
  it.each([
    ['restart', ['alice.phone: restart', push, settle]],
    ['limited sync', ['alice.phone: sync with a gap', push, settle]],
    ['offline', ['alice.phone: go offline', push, 'alice.phone: come online', settle]],
  ])('is as if it were written there: %s', (fault, lines) => {
    const struck = play(told([push, settle]), [{ turn: 'struck', line: 1, fault, at: 'alice.phone' }]);
    expect(happened(struck)).toEqual(happened(play(told(lines))));
  });

  it('strikes the next request of that device alone', () => {
    const fail: Turn = { turn: 'struck', line: 1, fault: 'failed request', at: 'alice.laptop' };
    const moments = play(told([push, settle]), [fail]).steps.flatMap((step) => step.moments);
    expect(moments.filter(({ kind }) => kind === 'fault')).toEqual([
      { kind: 'fault', player: 'alice.laptop', fault: 'fail /' },
    ]);
  });

  it('is replayed by its line, with what is spared beside it', () => {
    const story = told(['alice.phone: go offline', push, 'alice.phone: come online', settle]);
    const turns: readonly Turn[] = [
      { turn: 'spared', line: 1 },
      { turn: 'struck', line: 2, fault: 'restart', at: 'alice.phone' },
    ];
    const run = play(story, turns);
    const parsed = parseTrace(formatTrace(run.trace));
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(happened(replay(story, parsed.trace, 'symbolic'))).toEqual(happened(run));
    expect(run.steps[0]?.choice.sentence).toBe('alice.phone restarts');
  });

  it('has no place in the file, where the lines about it keep theirs', () => {
    const story = told([push, 'alice.phone: sync']);
    const { scenario } = play(story, [{ turn: 'struck', line: 2, fault: 'restart', at: 'alice.phone' }]);
    expect(scenario.places).toEqual([story.places?.[0], [], story.places?.[1]]);
  });
});

describe('what free play is dealt', () => {
  const arena = told(
    [push],
    `explore:
  acts: []
  faults: { restart: 1 }
  until: { depth: 4, worlds: 500 }
`,
  );
  const worlds = (turns: readonly Turn[]): number => explore(arena, { suite: makeSymbolicSuite('1'), turns }).worlds;

  it('is as many accidents as are turned, and none where that is nothing', () => {
    const none = worlds([{ turn: 'dealt', fault: 'restart', times: 0 }]);
    const more = worlds([{ turn: 'dealt', fault: 'offline', times: 1 }]);
    expect(worlds([])).toBeGreaterThan(none);
    expect(more).toBeGreaterThan(worlds([]));
  });
});
