/** Rooms and time in scenario files. */
import { describe, expect, it } from 'vitest';
import { unplaced } from '../engine/testing.ts';
import type { Scenario } from '../engine/types.ts';
import { completions } from './completions.ts';
import { parseScenario, type ScenarioError } from './parse.ts';
import { printScenario } from './print.ts';

const file = (rooms: string, lines: readonly string[], more = ''): string => `title: A claim
about: [MSC4268]
why: Because.
cast:
  servers: [a.example, b.example]
  users:
    alice: { server: a.example, devices: [phone] }
    bob: { server: b.example, devices: [desk] }
  attackers:
    mallory: { plays: malicious-inviter, of: b.example }
${rooms}${more}story:
${lines.map((line) => `  - ${line}\n`).join('')}expect:
  secret-authenticity: holds
`;
const den = '  rooms: { den: { history: joined, members: [bob, alice, mallory] } }\n';
const scenarioOf = (text: string): Scenario => {
  const parsed = parseScenario(text, 'test/one');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const onlyError = (text: string): ScenarioError => {
  const parsed = parseScenario(text, 'test/one');
  const [error, second] = parsed.ok ? [] : parsed.errors;
  if (error === undefined || second !== undefined) throw new Error(`one error expected: ${JSON.stringify(parsed)}`);
  return error;
};
const argsOf = (text: string) =>
  scenarioOf(text)
    .story.flat()
    .map(({ args }) => args);

describe('rooms of a cast', () => {
  it('are read with who may read what, and made where their first member lives', () => {
    const { cast, story } = scenarioOf(file(den, ['alice: { send: hello, in: den }']));
    expect(cast.rooms).toEqual([{ name: 'den', history: 'joined', members: ['bob', 'alice', 'mallory'] }]);
    expect(story[0]).toEqual([{ who: 'alice', verb: 'send', args: { send: 'hello', in: '!den:b.example' } }]);
  });

  it('bring with them the texts that are about rooms; a cast without any has neither', () => {
    const texts = (text: string) => scenarioOf(text).settings.everyone.implements;
    expect(texts(file(den, ['alice.phone: sync']))).toMatchObject({ MSC4268: 'merged', MSC4147: 'spec-main' });
    expect(texts(file('', ['alice: { create room: attic }']))).toMatchObject({ MSC4268: 'merged' });
    expect(texts(file('', ['alice.phone: sync']))).not.toHaveProperty('MSC4268');
    const none = 'dials: { implements: { MSC4268: none } }\n';
    expect(texts(file(den, ['alice.phone: sync'], none))).toMatchObject({ MSC4268: 'none', MSC4147: 'spec-main' });
  });

  it('read back as they are printed, and the settings with them', () => {
    const lines = [
      'alice: { create room: attic, history: invited }',
      'alice: { invite: bob, to: attic }',
      'bob.desk: { join: "!attic:a.example" }',
      'everyone: { wait: 25h }',
      'a.example: { deliver to: b.example }',
      'b.example: { limit uploads: 1000 }',
      'alice.phone: sync with a gap',
    ];
    const settings = 'dials: { options: { bundle window: 48, share history by: forwarding } }\n';
    const scenario = scenarioOf(file(den, lines, settings));
    const again = parseScenario(printScenario(scenario), 'test/one');
    expect(again.ok && unplaced(again.scenario)).toEqual(unplaced(scenario));
    expect(scenario.settings.everyone.options).toEqual({ 'bundle window': 48, 'share history by': 'forwarding' });
  });
});

describe('rooms in a story', () => {
  it('go by their name or by their id, from the first line on', () => {
    const lines = [
      'bob: { knock: attic }',
      'bob: { knock: "!attic:a.example" }',
      'alice.phone: { create room: attic }',
    ];
    expect(argsOf(file('', lines)).slice(0, 2)).toEqual([{ knock: '!attic:a.example' }, { knock: '!attic:a.example' }]);
  });

  it('are found in free play too', () => {
    const text = file('', ['alice.phone: sync']).replace(
      'story:',
      'explore:\n  acts: [{ alice: { create room: attic } }, { bob: { knock: attic } }]\n  until: { depth: 9, worlds: 99 }\nstory:',
    );
    expect(scenarioOf(text).explore?.acts[1]?.act.args).toEqual({ knock: '!attic:a.example' });
  });

  it.each([
    ['a member', '  rooms: { den: { members: [alise] } }\n', 'alice.phone: sync', 'alice'],
    ['a visibility', '  rooms: { den: { history: shard, members: [alice] } }\n', 'alice.phone: sync', 'shared'],
    ['a field of a room', '  rooms: { den: { membres: [alice], members: [alice] } }\n', 'alice.phone: sync', 'members'],
    ['a room', den, 'alice: { send: hello, in: dne }', 'den'],
    ['a room by its id', den, 'alice: { send: hello, in: "!den:b.exmaple" }', '!den:b.example'],
    ['a user to be asked in', den, 'alice: { invite: bbo, to: den }', 'bob'],
    ['another server', '', 'a.example: { deliver to: b.exmaple }', 'b.example'],
    ['what a person does', '', 'alice: { creat room: attic }', 'create room'],
  ])('offer the name nearest to %s', (_what, rooms, line, nearest) => {
    expect(onlyError(file(rooms, [line])).nearest).toBe(nearest);
  });

  it.each([
    ['a room of nobody', '  rooms: { den: { members: [] } }\n', 'alice.phone: sync', 'nobody is in it'],
    ['a member twice', '  rooms: { den: { members: [bob, bob] } }\n', 'alice.phone: sync', 'stands here twice'],
    [
      'a room where its maker does not live',
      '  rooms: { den: { members: [bob], server: a.example } }\n',
      'alice.phone: sync',
      'is not the server of bob',
    ],
    [
      'too many rooms',
      `  rooms: { ${['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: { members: [bob] }`).join(', ')} }\n`,
      'alice.phone: sync',
      'too many',
    ],
    ['a room made twice', den, 'bob: { create room: den }', 'is a room of the cast already'],
    ['a room with an odd name', '', 'bob: { create room: "!x" }', 'cannot be a room'],
    ['a room that nobody makes', '', 'bob: { join: nowhere }', 'is not a room of the story'],
    ['no span of time', '', 'everyone: { wait: soon }', 'is no span of time'],
    ['no time at all', '', 'everyone: { wait: 0h }', 'is no span of time'],
    ['more time than stories take', '', 'everyone: { wait: 999999d }', 'is no span of time'],
    ['a server that sends to itself', '', 'a.example: { deliver to: a.example }', 'is not another server'],
    ['a size that does not count', '', 'a.example: { limit uploads: 0 }', 'does not count'],
  ])('refuse %s', (_what, rooms, line, message) => {
    expect(onlyError(file(rooms, [line])).message).toContain(message);
  });
});

describe('completion of rooms', () => {
  const labels = (text: string): readonly string[] => {
    const offset = text.indexOf('|');
    return completions(text.replace('|', ''), offset).map(({ label }) => label);
  };
  it.each([
    [
      'a field of a room',
      file('  rooms: { den: { | } }\n', ['alice.phone: sync']),
      ['history', 'members', 'server', 'join rule', 'allow'],
    ],
    ['a visibility', file('  rooms: { den: { history: j| } }\n', ['alice.phone: sync']), ['joined']],
    ['a member', file('  rooms: { den: { members: [b|] } }\n', ['alice.phone: sync']), ['bob']],
    ['a room to speak in', file(den, ['alice: { send: hello, in: | }']), ['den']],
    ['a room to join', file(den, ['alice: { join: d| }']), ['den']],
    ['another server', file('', ['a.example: { deliver to: | }']), ['b.example']],
    ['what passes time', file('', ['everyone: { wait: 25| }']), ['25h']],
  ])('offers %s', (_what, text, expected) => {
    expect(labels(text)).toEqual(expected);
  });
});
