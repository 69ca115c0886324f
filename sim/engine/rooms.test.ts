/** Rooms as stories have them: people on two servers, gaps, restarts, time. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { canonicalJson } from '../crypto/real/canonical-json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { explore } from '../explorer/explore.ts';
import { rowsOf } from '../runs/figures/rows.ts';
import { replay, runStory } from '../runs/run.ts';
import { transcript } from '../runs/transcript.ts';
import { parseScenario } from '../scenario/parse.ts';
import { stageWith } from '../verbs/port.ts';
import { openChoices } from './open-choices.ts';
import { beforehand, begin } from './prologue.ts';
import { step } from './step.ts';
import type { Run, Scenario } from './types.ts';

const scenarioOf = (rest: string, cast = ''): Scenario => {
  const parsed = parseScenario(
    `title: Two servers
about: [MSC4268]
why: Because people live in several places.
cast:
  servers: [a.example, b.example]
  users:
    alice: { server: a.example, devices: [phone, laptop] }
    bob: { server: b.example, devices: [desk] }
  backup: false
${cast}${rest}expect: { data-durability: holds }
`,
    'test/rooms',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const story = (...lines: readonly string[]): string => `story:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
const den = '  rooms: { den: { members: [alice, bob] } }\n';
const told = (scenario: Scenario): Run => runStory(scenario, { suite: 'symbolic' });

/** What each device has read, in order: `bob.desk: hello`. */
const readIn = ({ steps }: Pick<Run, 'steps'>): readonly string[] =>
  steps.flatMap(({ moments }) =>
    moments.flatMap((moment) =>
      moment.kind === 'shown' && moment.notice.about === 'message'
        ? [`${moment.player}: ${String(moment.notice.message)}`]
        : [],
    ),
  );
const settle = 'everyone: settle';

describe('a room between two servers', () => {
  const meeting = scenarioOf(
    story(
      'alice: { create room: attic, history: shared }',
      settle,
      'alice: { invite: bob, to: attic }',
      settle,
      'bob: { join: attic }',
      settle,
      'bob: { send: hello, in: attic }',
      settle,
      'alice.laptop: { send: good day, in: "!attic:a.example" }',
      settle,
    ),
  );

  it('is made, joined after the invitation came, and what both say is read by all', () => {
    const run = told(meeting);
    expect(new Set(readIn(run))).toEqual(
      new Set(['alice.phone', 'alice.laptop', 'bob.desk'].flatMap((who) => [`${who}: hello`, `${who}: good day`])),
    );
    const sent = run.steps
      .filter(({ choice }) => choice.id.startsWith('deliver:'))
      .map(({ choice }) => choice.sentence);
    expect(sent).toContain('a.example sends to b.example');
    expect(sent).toContain('b.example sends to a.example');
  });

  it('is the same again from its line, and says the same with real bytes', () => {
    const run = told(meeting);
    expect(transcript(replay(meeting, run.trace, 'symbolic'))).toBe(transcript(run));
    expect(readIn(runStory(meeting)).toSorted()).toEqual(readIn(run).toSorted());
  });

  it('is told of by short names, with which settings are in force', () => {
    const text = transcript(told(meeting));
    expect(text).toContain('alice creates room attic history shared');
    expect(text).toContain('bob sends hello in attic');
    expect(text).toContain('everyone: MSC1219 spec-v1.19, MSC1946 spec-v1.19, MSC4147 spec-main, MSC4268 merged,');
    expect(text).toMatch(/stored +alice\.laptop +1 room key of attic from @bob:b\.example DESK/);
  });

  it('is drawn: what servers send each other between their lines, what is read where it is read', () => {
    const { rows } = rowsOf(told(meeting));
    const row = (label: string) => rows.find((one) => one.label === label);
    expect(row('Sends 1 room event')).toMatchObject({ from: 'b.example', to: 'a.example', shape: 'message' });
    expect(row('Tells of an invitation')).toMatchObject({ from: 'a.example', to: 'b.example' });
    expect(row('Reads “good day”')).toMatchObject({ shape: 'here', wire: 'from @alice:a.example' });
    expect(row('Joins the room')).toMatchObject({ from: 'bob.desk', to: 'b.example', wire: 'POST /join/attic' });
  });

  it('lets a server send by the letter, when a line says so', () => {
    const run = told(
      scenarioOf(
        story(
          'alice.phone: { send: hello, in: den }',
          'bob.desk: sync',
          'a.example: { deliver to: b.example }',
          'a.example: { deliver to: b.example }',
          'bob.desk: sync',
        ),
        den,
      ),
    );
    expect(readIn({ steps: run.steps.slice(0, 2) })).toEqual([]);
    expect(readIn(run)).toEqual(['bob.desk: hello']);
    expect(run.steps[2]?.choice.sentence).toBe('a.example delivers to b.example');
  });
});

describe('a room of the cast', () => {
  const first = begin(stageWith(scenarioOf(story(settle), den), { suite: makeSymbolicSuite('1') }));

  it('is there before the story, encrypted, with everybody in it, and nobody has said anything', () => {
    for (const server of ['a.example', 'b.example']) {
      const room = first.servers[server]?.rooms['!den:a.example'];
      expect(room?.state['m.room.encryption']?.['']?.content.algorithm).toBe('m.megolm.v1.aes-sha2');
      expect(room?.state['m.room.history_visibility']?.['']?.content.history_visibility).toBe('shared');
      for (const user of ['@alice:a.example', '@bob:b.example'])
        expect(room?.state['m.room.member']?.[user]?.content.membership, `${user} on ${server}`).toBe('join');
      expect(room?.timeline.some(({ event }) => event.type === 'm.room.encrypted')).toBe(false);
    }
  });

  it('is known to every device of its members', () => {
    for (const [player, device] of Object.entries(first.devices)) {
      const view = device.store.rooms['!den:a.example'];
      expect(view?.membership, player).toBe('join');
      expect(view?.historyVisibility, player).toBe('shared');
      expect(Object.values(view?.members ?? {}), player).toEqual(['join', 'join']);
    }
  });

  it('shares no keys by its invitations: there are none', () => {
    const stage = stageWith(scenarioOf(story(settle), den), { suite: makeSymbolicSuite('1') });
    const patches = beforehand(stage).moments.flatMap((one) => (one.kind === 'stored' ? [one.patch.patch] : []));
    expect(patches).not.toContain('room keys');
    expect(patches).not.toContain('history shared');
  });
});

describe('what goes wrong on the way', () => {
  it('a gap: only the newest event of the room is told, and it is read', () => {
    const run = told(
      scenarioOf(
        story(
          'alice.phone: { send: one, in: den }',
          'alice.phone: { send: two, in: den }',
          'alice.laptop: sync with a gap',
        ),
        den,
      ),
    );
    expect(readIn(run)).toEqual(['alice.laptop: two']);
    const sync = run.steps.at(-1)?.moments[0];
    expect(sync?.kind === 'request' && JSON.stringify(sync.response)).toContain('"limited":true');
  });

  it('a restart: the client reads on with what it kept', () => {
    const run = told(
      scenarioOf(
        story(
          'alice.phone: { send: one, in: den }',
          settle,
          'bob.desk: restart',
          'alice.phone: { send: two, in: den }',
          settle,
        ),
        den,
      ),
    );
    expect(readIn(run).filter((line) => line.startsWith('bob'))).toEqual(['bob.desk: one', 'bob.desk: two']);
  });

  it('time: a week later a message is said in a session of its own', () => {
    const sessionsAfter = (wait: string): number => {
      const run = told(
        scenarioOf(
          story(
            'alice.phone: { send: one, in: den }',
            settle,
            `everyone: { wait: ${wait} }`,
            'alice.phone: { send: two, in: den }',
            settle,
          ),
          den,
        ),
      );
      expect(readIn(run)).toContain('bob.desk: two');
      const given = run.steps.flatMap(({ moments }) =>
        moments.flatMap((one) =>
          one.kind === 'stored' && one.patch.patch === 'room key given' ? [one.patch.sessionId] : [],
        ),
      );
      return new Set(given).size;
    };
    expect(sessionsAfter('1h')).toBe(1);
    expect(sessionsAfter('8d')).toBe(2);
  });

  it('a key file: what one device exports the other imports', () => {
    const lines = ['alice.phone: { send: one, in: den }', 'bob.desk: { import room keys: alice.phone }'];
    const run = told(scenarioOf(story(...lines), den));
    const origins = run.steps.flatMap(({ moments }) =>
      moments.flatMap((one) =>
        one.kind === 'stored' && one.player === 'bob.desk' && one.patch.patch === 'room keys'
          ? Object.values(one.patch.keys).map(({ origin }) => origin.how)
          : [],
      ),
    );
    expect(origins).toEqual(['export']);
  });
});

describe('free play', () => {
  it('finds with what it remembers of two servers all the worlds that there are', () => {
    const scenario = scenarioOf(
      `explore:
  acts:
    - alice: { send: one, in: den }
    - alice: { kick: bob, from: den }
  until: { depth: 40, worlds: 10_000 }
`,
      den,
    );
    const suite = makeSymbolicSuite('1');
    const stage = stageWith(scenario, { suite, free: true });
    const seen = new Set<string>();
    const queue = [begin(stage)];
    let transitions = 0;
    for (const world of queue) {
      const text = canonicalJson(world as unknown as Json) ?? '';
      if (seen.has(text)) continue;
      seen.add(text);
      for (const { id } of openChoices(stage, world)) {
        transitions += 1;
        queue.push(step(stage, world, id).world);
      }
    }
    const plain = explore(scenario, { suite: makeSymbolicSuite('1'), guarantees: [], isExact: true });
    expect([plain.worlds, plain.transitions]).toEqual([seen.size, transitions]);
    expect(seen.size).toBeGreaterThan(50);
  });
});
