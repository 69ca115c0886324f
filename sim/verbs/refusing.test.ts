/** What cannot happen is refused, in words, and whoever expects that says so. */
import { describe, expect, it } from 'vitest';
import type { Run, Scenario } from '../engine/types.ts';
import { runStories, runStory } from '../runs/run.ts';
import { transcript } from '../runs/transcript.ts';
import { endlessIn, lineFaults } from '../scenario/claims.ts';
import { errorLine, parseScenario } from '../scenario/parse.ts';
import type { Arg } from './arguments.ts';
import { forms } from './forms.ts';
import type { Form } from './verb.ts';

const head = `title: t
about: [MSC4268]
why: w
cast:
  servers: [example.org, b.example]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
    bob: { server: b.example, devices: [phone] }
  attackers:
    mallory: { plays: lying-server, of: example.org }
    trudy: { plays: stolen-token, of: alice }
`;
const rooms = '  rooms:\n    den: { members: [alice] }\n';
const file = (story: string, more = ''): string =>
  `${head}${more}story:\n${story
    .trim()
    .split('\n')
    .map((line) => `  - ${line.trim()}`)
    .join('\n')}\nexpect:\n  secret-authenticity: { holds: true, shadow: never }\n`;

const read = (story: string, more = ''): Scenario => {
  const parsed = parseScenario(file(story, more), 'test/one');
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine('f', error)).join('\n'));
  return parsed.scenario;
};
const errorsOf = (story: string, more = ''): readonly string[] => {
  const parsed = parseScenario(file(story, more), 'test/one');
  return parsed.ok ? [] : parsed.errors.map((error) => errorLine('f', error));
};
const run = (story: string, more = ''): Run => runStory(read(story, more), { suite: 'symbolic' });
const faultsOf = (story: string, more = ''): readonly string[] => lineFaults(run(story, more)).map(({ text }) => text);
/** The first line of a story in these files. */
const at = (nth: number, more = ''): number => head.split('\n').length + more.split('\n').length - 1 + nth;

describe('before a run', () => {
  it.each([
    ['alice.tablet: sync\nalice: { log in as: tablet }', 'alice.tablet is not there yet'],
    ['alice.phone: { verify: tablet }\nalice: { log in as: tablet }', 'alice.tablet is not there yet'],
    [
      'mallory: { add device: ghost, to: alice }\nmallory: { add device: ghost, to: alice }',
      'mallory.ghost is there already',
    ],
    ['alice: { log in as: phone }', 'alice.phone is there already'],
    ['mallory: { add device: ghost, to: bob }', 'mallory sits at example.org, and bob is not there'],
    ['mallory: { swap identity: bob }', 'mallory sits at example.org, and bob is not there'],
    ['mallory: { give backup number again: bob }', 'mallory sits at example.org, and bob is not there'],
    ['mallory: { exhaust one-time keys: bob.phone }', 'mallory sits at example.org, and bob.phone is not there'],
    ['mallory: { drop: bob.phone }', 'mallory sits at example.org, and bob.phone is not there'],
    ['mallory: { hide backup: bob.phone }', 'mallory sits at example.org, and bob.phone is not there'],
  ])('what no run can do is said with its line: %s', (story, message) => {
    const errors = errorsOf(story);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
    const line = story.startsWith('mallory: { add device: ghost, to: alice }') ? at(2) : at(1);
    expect(errors[0]).toMatch(new RegExp(`^f:${line}:`));
  });

  it.each([
    ['a device that comes before', 'alice: { log in as: tablet }\nalice.tablet: sync'],
    ['a device of the same line', '[{ alice: { log in as: tablet } }, { alice.tablet: sync }]'],
    ['a name that is free again', 'alice.laptop: log out\nalice: { log in as: laptop }\nalice.laptop: sync'],
    ['a log in that is expected to fail', 'trudy: { log in as: x, refused: true }\ntrudy: { log in as: x }'],
    ['a fault laid ahead of time', 'example.org: { fail: sync, for: alice.tablet }\nalice: { log in as: tablet }'],
    ['a lie about a stranger, told to an own user', 'mallory: { swap identity: bob, for: alice.phone }'],
  ])('what may be done is left alone: %s', (_what, story) => {
    expect(errorsOf(story)).toEqual([]);
  });

  it.each([
    ['keys/qurey', 'did you mean “keys/query”'],
    ['sendToDevcie', 'did you mean “sendToDevice”'],
    ['room_keys/versoin', 'did you mean “room_keys/version”'],
    ['keys/query/m.room.message', 'is no endpoint'],
  ])('a fault of no endpoint is refused: %s', (name, words) => {
    expect(errorsOf(`example.org: { fail: ${name}, for: alice.phone }`).join()).toContain(words);
  });

  it.each([
    '403 M_FORBIDEN',
    'M_FORBIDEN',
    '"503 M_UNKNOWN"',
    'false',
    '200',
    '403 M_FORBIDDEN again',
    '[403]',
    'forbidden',
  ])('a refusal that nobody can mean is refused itself: %s', (text) => {
    expect(errorsOf(`alice.phone: { sync: null, refused: ${text} }`)).toHaveLength(1);
  });

  it('an expected refusal is read in every form', () => {
    const forms = ['true', '403', 'M_FORBIDDEN', '403 M_FORBIDDEN'];
    const { story } = read(forms.map((form) => `alice.phone: { sync: null, refused: ${form} }`).join('\n'));
    expect(story.map(([act]) => act?.refused)).toEqual([
      { status: null, errcode: null },
      { status: 403, errcode: null },
      { status: null, errcode: 'M_FORBIDDEN' },
      { status: 403, errcode: 'M_FORBIDDEN' },
    ]);
  });
});

describe('somebody at a server', () => {
  const foreign = { device: 'bob.phone', 'own device': 'bob.phone', asker: 'bob.phone', user: 'bob' };
  const ofOthers = forms.filter(
    ({ by, takes, more }) =>
      by.includes('lying-server') && [takes, ...Object.values(more)].some((arg) => arg !== null && arg.is in foreign),
  );
  /** Something of each kind, from another server wherever that can be. */
  const some = (arg: Arg): string | number => {
    switch (arg.is) {
      case 'device':
      case 'own device':
      case 'asker':
      case 'user':
        return foreign[arg.is];
      case 'one of':
        return arg.words[0] ?? '';
      case 'content':
        return '{}';
      case 'count':
        return 1;
      case 'duration':
        return '1s';
      case 'room':
        return 'den';
      case 'server':
        return 'b.example';
      case 'endpoint':
        return 'sync';
      case 'clause':
        return '4385-push-same-user';
      case 'new device':
      case 'new room':
        return 'ghost';
      case 'word':
        return arg.suggest[0] ?? 'm.megolm_backup.v1';
    }
  };
  const linesOf = ({ verb, takes, more }: Form): readonly string[] => {
    const all = Object.entries(more).map(([name, arg]) => `${name}: ${JSON.stringify(some(arg))}`);
    const needed = Object.entries(more).flatMap(([name, arg], nth) =>
      arg.optional === true ? [] : [all[nth] ?? name],
    );
    const first = `${verb}: ${takes === null ? 'null' : JSON.stringify(some(takes))}`;
    return [needed, all, ...all.map((one) => [...needed, one])].map(
      (args) => `mallory: { ${[...new Set([first, ...args])].join(', ')} }`,
    );
  };

  it.each(ofOthers.map((verb) => [verb.verb, verb] as const))(
    'lies about whoever is on another server, or is refused: %s',
    (_name, verb) => {
      expect(ofOthers.length).toBeGreaterThan(20);
      for (const line of linesOf(verb)) {
        const parsed = parseScenario(file(line, rooms), 'test/one');
        if (parsed.ok) expect(() => runStory(parsed.scenario, { suite: 'symbolic' })).not.toThrow();
      }
    },
  );
});

describe('in a run', () => {
  it.each(['restart', 'reset backup', 'confirm sharing', 'go offline', 'log out'])(
    'an attacker who is a person like others does nothing without a phone: %s',
    (verb) => {
      const story = `ivan.phone: log out\nivan: { ${verb}: null, refused: true }`;
      expect(faultsOf(story, '    ivan: { plays: departed-member }\n')).toEqual([]);
    },
  );

  it.each([
    ['another own device', 'alice.phone: { verify: laptop }'],
    ['the only device of somebody else', 'bob.phone: { verify user: alice }'],
  ])('whoever takes part in a verification has to reach a server: %s', (_who, line) => {
    const away = 'alice.laptop: go offline\n';
    const all = line.includes('alice }') ? `alice.phone: log out\n${away}` : away;
    expect(faultsOf(all + line).map((text) => text.replace(/^line \d+: /, ''))).toEqual([
      expect.stringMatching(/: refused: alice\.laptop is offline$/),
    ]);
    expect(faultsOf(`${all}alice.laptop: come online\n${line}`)).toEqual([]);
  });

  it('and may log in a device of the name once more that it logged out itself', () => {
    const own = '    ivan: { plays: departed-member }\n';
    expect(faultsOf('ivan: log out\nivan.phone: { sync: null, refused: true }', own)).toEqual([]);
  });

  it('a line that a server says no to fails its scenario, with its line', () => {
    const faults = faultsOf(
      'bob: { join: den }\nbob: { send: hello, in: den }\nalice: { kick: bob, from: den }',
      rooms,
    );
    const first = at(1, rooms);
    expect(faults).toEqual([
      `line ${first}: bob joins den: refused with 403 M_FORBIDDEN`,
      `line ${first + 1}: bob sends hello in den: refused with 403 M_FORBIDDEN`,
      `line ${first + 2}: alice kicks bob from den: refused with 403 M_FORBIDDEN`,
    ]);
  });

  it.each(['true', '403', 'M_FORBIDDEN', '403 M_FORBIDDEN'])('and does not where it says so: %s', (form) => {
    expect(faultsOf(`alice: { kick: bob, from: den, refused: ${form} }`, rooms)).toEqual([]);
  });

  it('a line that expects another refusal, or any and is done, fails too', () => {
    const story =
      'alice: { kick: bob, from: den, refused: 404 M_NOT_FOUND }\nalice.phone: { sync: null, refused: 401 }';
    expect(faultsOf(story, rooms).map((text) => text.replace(/^line \d+: /, ''))).toEqual([
      'alice kicks bob from den: refused with 403 M_FORBIDDEN, and expected to be refused with 404 M_NOT_FOUND',
      'alice.phone syncs: it was done, and expected to be refused with 401',
    ]);
  });

  it('is said in the transcript, after what the server was asked', () => {
    const text = transcript(run('alice: { kick: bob, from: den, refused: true }', rooms));
    expect(text).toMatch(
      /kick 403 M_FORBIDDEN\n(?:.*\n)*? {3}refused {3}alice {2}kick is refused with 403 M_FORBIDDEN: /,
    );
  });

  it('a device that is logged out does nothing any more', () => {
    const faults = faultsOf('alice.phone: log out\nalice.phone: sync\nalice.phone: reset backup\nalice.laptop: sync');
    expect(faults.map((text) => text.replace(/^line \d+: /, ''))).toEqual([
      'alice.phone syncs: refused: alice.phone is not logged in',
      'alice.phone resets backup: refused: alice.phone is not logged in',
    ]);
  });

  it('an attacker that is a person like others does nothing without the device in their pocket', () => {
    const inviter = '    eve: { plays: malicious-inviter }\n';
    const faults = faultsOf(
      'eve.phone: log out\neve: restore backup\neve: sync with a gap\neve: restart\neve: log out',
      inviter,
    );
    expect(faults.map((text) => text.replace(/^line \d+: .*: refused: /, ''))).toEqual(
      Array.from({ length: 4 }, () => 'eve has no device to act with'),
    );
  });

  it('a device that is removed is told so once, and asks no more', () => {
    const told = run(
      'alice: { remove: alice.phone }\nalice.phone: { request secret: m.cross_signing.user_signing, refused: 401 M_UNKNOWN_TOKEN }\neveryone: settle\nalice.phone: { sync: null, refused: true }',
    );
    expect([lineFaults(told), told.endless]).toEqual([[], null]);
    const asked = told.steps.map(({ moments }) =>
      moments.filter((moment) => moment.kind === 'request' && moment.from === 'alice.phone'),
    );
    expect(asked[1]?.length).toBeGreaterThan(0);
    expect(asked.slice(2).flat()).toEqual([]);
    expect(told.steps.at(-1)?.moments).toMatchObject([{ kind: 'refused', reason: 'alice.phone has been logged out' }]);
  });

  it('what a removed device is verified for comes to rest', () => {
    const told = run('alice: { remove: laptop }\nalice.phone: { verify: laptop }\neveryone: settle');
    expect([told.endless, told.judgements.some(({ verdict }) => verdict === 'unsettled')]).toEqual([null, false]);
  });

  it('a device logged in anew under the name of one that was removed is a device like others', () => {
    expect(
      faultsOf(
        'alice: { remove: laptop }\nalice.laptop: { sync: null, refused: 401 }\nalice: { log in as: laptop }\nalice.laptop: sync',
      ),
    ).toEqual([]);
  });

  it.each([
    ['trudy: sync', 'trudy has no device to act with'],
    ['trudy: { push secret: m.megolm_backup.v1, to: alice.phone }', 'trudy has no device to act with'],
    ['trudy: read backup', 'trudy has no device to act with'],
    ['mallory: { forge message: hi, in: den, as: alice.phone }', null],
    ['mallory: { release: alice.phone }', 'nothing comes of it'],
    ['mallory: { replay: m.secret.send, to: alice.phone }', 'nothing comes of it'],
    ['mallory: replace media', 'nothing comes of it'],
    ['mallory: { tell the truth: alice.phone }', 'nothing comes of it'],
    ['example.org: { deliver to: b.example }', 'nothing comes of it'],
    ['alice: { remove: alice.phone }', null],
    ['alice.phone: accept', 'nothing comes of it'],
    ['mallory: sign device', 'mallory has no device to act with'],
  ])('an attacker or a server who lacks what it takes is refused, and nobody else: %s', (story, reason) => {
    const told = run(story, rooms).steps.flatMap(({ moments }) =>
      moments.flatMap((moment) => (moment.kind === 'refused' ? [moment.reason] : [])),
    );
    expect(told).toEqual(reason === null ? [] : [reason]);
  });

  it('a server signs its ghost with the identity it has put in the place of another', () => {
    const story = 'mallory: { add device: ghost, to: alice }\nmallory: { swap identity: alice }\nmallory: sign device';
    const { steps, ...told } = run(story);
    expect(lineFaults({ steps, ...told })).toEqual([]);
    expect(steps.at(-1)?.moments).toMatchObject([{ kind: 'request', from: 'mallory.ghost', status: 200 }]);
  });

  it('a fault that strikes is no refusal, and neither is a backup that is not there', () => {
    expect(
      faultsOf(
        'example.org: { fail: sync, for: alice.phone }\nalice.phone: sync\nalice.phone: delete backup\nalice.phone: check backup\nalice.phone: create backup',
      ),
    ).toEqual([]);
  });

  it('a message that waits for its room key to be given is kept, and goes out later', () => {
    const cast = '  rooms:\n    den: { history: shared, members: [alice, bob] }\n';
    const story =
      'example.org: { fail: sendToDevice, for: alice.phone }\nalice.phone: { send: one, in: den }\nalice.phone: { send: two, in: den }\neveryone: settle';
    const told = run(story, cast);
    expect(lineFaults(told)).toEqual([]);
    expect(transcript(told)).toMatch(/ shown {5}bob\.phone.*two/);
  });

  it('backup is turned off also where somebody has turned it off already; what is to be deleted has to be there', () => {
    expect(faultsOf('alice.phone: turn backup off\neveryone: settle\nalice.laptop: turn backup off')).toEqual([]);
    expect(faultsOf('alice.phone: delete backup\neveryone: settle\nalice.laptop: delete backup')).toEqual([
      `line ${at(3)}: alice.laptop deletes backup: refused with 404 M_NOT_FOUND`,
    ]);
  });

  it('a fault that never struck fails the scenario, and of two alike the one that did not', () => {
    const story =
      'example.org: { fail: sync, for: alice.phone }\nexample.org: { fail: sync, for: alice.phone }\nalice.phone: sync';
    expect(faultsOf(story)).toEqual([
      `line ${at(2)}: example.org fails sync for alice.phone: nothing of that kind was asked any more, so that it never struck`,
    ]);
  });

  it('lines are judged in the scenario as it is written: what a setting changes is the setting’s', () => {
    const scenario = read('alice.phone: { sync: null, refused: true }');
    const { story, variants } = runStories(
      { ...scenario, story: [[{ who: 'alice.phone', verb: 'sync', args: {} }]] },
      [{ turns: [{ turn: 'off', clause: '4385-push-encrypted' }] }],
      { suite: 'symbolic' },
    );
    expect([lineFaults(story, variants), variants.flatMap(endlessIn)]).toEqual([[], []]);
  });
});

describe('a story', () => {
  it('of a hundred messages runs: its length is bounded by progress', () => {
    const lines = Array.from({ length: 100 }, (_, nth) => `alice: { send: m${nth}, in: den }\neveryone: settle`);
    const told = run(lines.join('\n'), '  rooms:\n    den: { members: [alice, bob] }\n');
    expect(told.steps.length).toBeGreaterThan(500);
    expect([told.endless, lineFaults(told)]).toEqual([null, []]);
  });
});

describe('a name', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'of a secret is a name, whatever objects inherit: %s',
    (name) => {
      const told = run(
        `alice.phone: { enter secret: ${name}, value: x }\nalice.phone: { push secret: ${name} }\neveryone: settle`,
      );
      const stored = told.steps.flatMap(({ moments }) =>
        moments.flatMap((moment) =>
          moment.kind === 'stored' && moment.patch.patch === 'secret' ? [moment.patch.name] : [],
        ),
      );
      expect(stored).toContain(name);
    },
  );
});
