import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/types.ts';
import { implementedByDefault } from './by-default.ts';
import { errorLine, parseScenario, type ScenarioError } from './parse.ts';

const planted = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');

const base = `title: A claim
about: [MSC4385]
why: Because.
cast:
  servers: [example.org, b.example]
  users:
    alice: { server: example.org, devices: [phone, laptop, { tablet: { cross-signed: false } }] }
    bob: { server: b.example, devices: [desktop] }
  attackers:
    mallory: { plays: stolen-token, of: alice }
    eve: { plays: lying-server, of: example.org, budget: { moves: 2, add device: 1 }, colludes: [mallory] }
`;
const story = `story:
  - alice.laptop: reset backup
`;
const claims = `expect:
  secret-authenticity: holds
`;

const scenarioOf = (text: string): Scenario => {
  const parsed = parseScenario(text, 'test/one');
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine('one', error)).join('\n'));
  return parsed.scenario;
};
const errorsOf = (text: string): readonly ScenarioError[] => {
  const parsed = parseScenario(text, 'test/one');
  return parsed.ok ? [] : parsed.errors;
};
/** The only error of `text`, with the text that stands where it points. */
const onlyError = (text: string): ScenarioError & { readonly there: string } => {
  const [error, second] = errorsOf(text);
  if (error === undefined || second !== undefined)
    throw new Error(`one error expected: ${JSON.stringify(errorsOf(text))}`);
  return { ...error, there: (text.split('\n')[error.line - 1] ?? '').slice(error.column - 1) };
};
const withStory = (...lines: readonly string[]): string =>
  `${base}story:\n${lines.map((line) => `  - ${line}\n`).join('')}${claims}`;
const withSettings = (settings: string): string => `${base}dials:\n${settings}${story}${claims}`;
const withExpect = (lines: string): string => `${base}${story}expect:\n${lines}`;

describe('a scenario file', () => {
  it('may be a story of thousands of lines', () => {
    const { story: lines } = scenarioOf(withStory(...Array.from({ length: 5000 }, () => 'alice.phone: sync')));
    expect(lines).toHaveLength(5000);
  });

  it('may give people, servers and rooms the names that JavaScript has for its own', () => {
    const named = base.replaceAll(/\bbob\b/g, 'constructor');
    expect(
      scenarioOf(named + story.replaceAll(/\bbob\b/g, 'constructor') + claims).cast.users.map(({ name }) => name),
    ).toContain('constructor');
  });

  it('becomes a scenario: cast, lines, claims, variants', () => {
    const scenario = scenarioOf(planted);
    expect(scenario.title).toBe('A stolen access token cannot plant a backup key');
    expect(scenario.cast.users).toEqual([
      {
        name: 'alice',
        server: 'example.org',
        devices: [
          { name: 'phone', crossSigned: true },
          { name: 'laptop', crossSigned: true },
        ],
      },
    ]);
    expect(scenario.cast.attackers).toEqual([
      { name: 'mallory', plays: 'stolen-token', of: 'alice', budget: {}, colludes: [] },
    ]);
    expect(scenario.cast.backup).toBe(true);
    expect(scenario.story).toContainEqual([
      { who: 'mallory', verb: 'push secret', args: { 'push secret': 'm.megolm_backup.v1', to: 'alice.phone' } },
    ]);
    expect(scenario.story.at(-2)).toEqual([{ who: 'everyone', verb: 'settle', args: {} }]);
    expect(scenario.without[0]).toEqual({
      key: '4385-push-cross-signed-only',
      turns: [{ turn: 'off', clause: '4385-push-cross-signed-only' }],
      expect: ['secret-authenticity', 'backup-key-integrity', 'secret-convergence'].map((guarantee) => ({
        guarantee,
        verdict: 'breaks',
        at: 'alice.phone',
        by: null,
        shadow: 'happens',
      })),
    });
  });

  it('has no two names in one account that come to one device id', () => {
    const both = '“lap-top” and “laptop” are one device id, LAPTOP';
    const inCast = onlyError(
      base.replace('phone, laptop,', 'phone, laptop, lap-top,') + story.replace('laptop', 'lap-top') + claims,
    );
    expect(inCast).toMatchObject({ line: 7, message: both });
    expect(inCast.there).toMatch(/^lap-top,/);
    for (const who of ['alice', 'mallory']) {
      const logsIn = onlyError(withStory('alice.phone: sync', `${who}: { log in as: lap-top }`));
      expect(logsIn).toMatchObject({ line: 14, message: both });
      expect(logsIn.there).toMatch(/^lap-top/);
    }
    expect(errorsOf(withStory('alice: { remove: laptop }', 'alice: { log in as: laptop }'))).toEqual([]);
    expect(errorsOf(withStory('bob: { log in as: lap-top }'))).toEqual([]);
  });

  it('lets the acts of a nested list race', () => {
    expect(scenarioOf(withStory('[{ alice.phone: sync }, { bob.desktop: sync }]')).story).toEqual([
      [
        { who: 'alice.phone', verb: 'sync', args: {} },
        { who: 'bob.desktop', verb: 'sync', args: {} },
      ],
    ]);
  });

  it('knows devices that are logged in or added on the way, and a device by its short name to its own user', () => {
    const { story: lines } = scenarioOf(
      withStory(
        'alice: { log in as: watch }',
        'alice.watch: sync',
        'mallory: { log in as: ghost }',
        'alice.phone: { verify: tablet }',
        'alice: { remove: ghost }',
        'eve: { create backup: mine, of: alice }',
        'eve: { create backup, of: alice }',
      ),
    );
    expect(lines.map(([act]) => act?.args)).toEqual([
      { 'log in as': 'watch' },
      {},
      { 'log in as': 'ghost' },
      { verify: 'alice.tablet' },
      { remove: 'mallory.ghost' },
      { 'create backup': 'mine', of: 'alice' },
      { of: 'alice' },
    ]);
  });

  it('resolves dials: defaults, then everyone, then the device', () => {
    const { settings } = scenarioOf(
      withSettings(`  implements: { MSC4385: send-variant, alice.phone: { MSC4385: none, identifiers: unstable } }
  identifiers: { bob.desktop: both }
  off: { everyone: [4385-push-encrypted], alice.phone: [4385-push-same-user] }
  readings: { q07: B, alice.phone: { q08: A } }
  options: { prompt: ask, accept: [m.megolm_backup.v1], alice.phone: { prompt: never, confirm share: true } }
`),
    );
    expect(settings.everyone).toEqual({
      implements: { ...implementedByDefault, MSC4385: 'send-variant' },
      identifiers: 'stable',
      off: ['4385-push-encrypted'],
      readings: { q07: 'B' },
      options: { prompt: 'ask', accept: ['m.megolm_backup.v1'] },
    });
    expect(settings.byDevice['alice.phone']).toEqual({
      implements: { ...settings.everyone.implements, MSC4385: 'none' },
      identifiers: 'unstable',
      off: ['4385-push-encrypted', '4385-push-same-user'],
      readings: { q07: 'B', q08: 'A' },
      options: { prompt: 'never', accept: ['m.megolm_backup.v1'], 'confirm share': true },
    });
    expect(settings.byDevice['bob.desktop']?.identifiers).toBe('both');
    expect(Object.keys(settings.byDevice).sort()).toEqual(['alice.phone', 'bob.desktop']);
  });

  it('reads every kind of claim and of turned setting', () => {
    const scenario = scenarioOf(
      withExpect(`  secret-authenticity: { holds: true, shadow: never }
  secret-convergence: { accepted: 4385-push-legacy-wasted }
  consent-awareness: { breaks: alice.phone }
without:
  "q07: B + 4385-push-same-user + MSC4385: send-variant":
    secret-convergence: never
  4385-push-same-user  for alice.phone + 4385-push-encrypted:
    secret-convergence: never
`),
    );
    expect(scenario.expect.map(({ verdict, at, by, shadow }) => [verdict, at, by, shadow])).toEqual([
      ['holds', null, null, 'never'],
      ['accepted', null, '4385-push-legacy-wasted', 'happens'],
      ['breaks', 'alice.phone', null, 'happens'],
    ]);
    expect(scenario.without[0]?.turns).toEqual([
      { turn: 'reading', question: 'q07', reading: 'B' },
      { turn: 'off', clause: '4385-push-same-user' },
      { turn: 'revision', proposal: 'MSC4385', revision: 'send-variant' },
    ]);
    expect(scenario.without[1]).toMatchObject({
      key: '4385-push-same-user for alice.phone + 4385-push-encrypted',
      turns: [
        { turn: 'off', clause: '4385-push-same-user', for: 'alice.phone' },
        { turn: 'off', clause: '4385-push-encrypted' },
      ],
    });
  });

  it('reads free play: how often, which accidents, how far', () => {
    const { explore } = scenarioOf(
      `${base}explore:
  acts:
    - alice.laptop: reset backup
    - mallory: { push secret: m.megolm_backup.v1, to: alice.phone, times: 2 }
  faults: { restart: 1 }
  until: { depth: 16, worlds: 2_000_000 }
${claims}`,
    );
    expect(explore).toEqual({
      acts: [
        { act: { who: 'alice.laptop', verb: 'reset backup', args: {} }, times: 1 },
        {
          act: {
            who: 'mallory',
            verb: 'push secret',
            args: { 'push secret': 'm.megolm_backup.v1', to: 'alice.phone' },
          },
          times: 2,
        },
      ],
      faults: { restart: 1 },
      until: { depth: 16, worlds: 2_000_000 },
    });
  });
});

describe('a mistake in a scenario file', () => {
  it.each([
    ['a kind of move', base.replace('add device: 1', 'add devise: 1') + story + claims, 'add device', 'add devise'],
    ['an accident', `${base}faults: { restrat: 1 }\n${story}${claims}`, 'restart', 'restrat'],
    ['a verb', withStory('alice.phone: snyc'), 'sync', 'snyc'],
    ['an actor', withStory('alice.phon: sync'), 'alice.phone', 'alice.phon: sync'],
    ['an argument', withStory('mallory: { push secret: x, too: alice.phone, to: alice.phone }'), 'to', 'too:'],
    ['a device', withStory('mallory: { push secret: x, to: alice.fone }'), 'alice.phone', 'alice.fone'],
    ['a user', withStory('eve: { swap identity: alise }'), 'alice', 'alise'],
    ['a choice', withStory('mallory: { push secret: x, to: alice.phone, value: knwon }'), 'known', 'knwon'],
    [
      'a clause switched off',
      withSettings('  off: [4385-push-encrytped]\n'),
      '4385-push-encrypted',
      '4385-push-encrytped',
    ],
    ['a reading', withSettings('  readings: { q7: B }\n'), 'q07', 'q7'],
    ['an option', withSettings('  options: { promt: ask }\n'), 'prompt', 'promt'],
    ['the value of an option', withSettings('  options: { prompt: nevr }\n'), 'never', 'nevr'],
    ['a revision', withSettings('  implements: { MSC4385: push-varient }\n'), 'push-variant', 'push-varient'],
    ['a proposal', withSettings('  implements: { MSC4386: none }\n'), 'MSC4385', 'MSC4386'],
    [
      'a device with settings',
      withSettings('  implements: { alice.fone: { MSC4385: none } }\n'),
      'alice.phone',
      'alice.fone',
    ],
    ['a form of identifiers', withSettings('  identifiers: stabel\n'), 'stable', 'stabel'],
    ['a guarantee', withExpect('  secret-authenticty: holds\n'), 'secret-authenticity', 'secret-authenticty'],
    ['a verdict', withExpect('  secret-authenticity: hold\n'), 'holds', 'hold'],
    ['where it breaks', withExpect('  secret-authenticity: { breaks: alice.phome }\n'), 'alice.phone', 'alice.phome'],
    ['a field', `${base}${story}${claims}withuot: {}\n`, 'without', 'withuot'],
    [
      'what an attacker plays',
      base.replace('stolen-token', 'stolen-tokne') + story + claims,
      'stolen-token',
      'stolen-tokne',
    ],
    ['a server', base.replace('server: b.example', 'server: b.exmaple') + story + claims, 'b.example', 'b.exmaple'],
    [
      'a turned setting',
      withExpect('  secret-authenticity: holds\nwithout:\n  4385-push-encryptd: { secret-authenticity: breaks }\n'),
      '4385-push-encrypted',
      '4385-push-encryptd',
    ],
    [
      'a device that a clause is off for',
      withExpect(
        '  secret-authenticity: holds\nwithout:\n  4385-push-encrypted for alice.phon: { secret-authenticity: breaks }\n',
      ),
      'alice.phone',
      '4385-push-encrypted for alice.phon',
    ],
  ])('offers the name nearest to %s, at its place', (_what, text, nearestName, there) => {
    const error = onlyError(text);
    expect(error.nearest).toBe(nearestName);
    expect(error.there.startsWith(there)).toBe(true);
  });

  it.each([
    ['a verb of somebody else', withStory('alice.phone: settle'), 'a device does not “settle”'],
    ['a verb that says not what', withStory('alice.phone: verify'), '“verify” says not what'],
    ['a missing argument', withStory('mallory: { push secret: x }'), '“push secret” has no “to”'],
    ['an argument to a verb that has none', withStory('alice.phone: { sync: now }'), '“sync” takes nothing'],
    ['two actors in a line', withStory('{ alice.phone: sync, bob.desktop: sync }'), 'a second actor in one line'],
    ['everyone racing', withStory('[{ everyone: settle }, { alice.phone: sync }]'), 'everyone cannot race'],
    ['a list where a word belongs', withStory('alice.phone: [sync]'), 'alice.phone does nothing'],
    ['two verdicts', withExpect('  secret-authenticity: { holds: true, breaks: alice.phone }\n'), 'two verdicts'],
    ['no verdict', withExpect('  secret-authenticity: { shadow: never }\n'), 'no verdict'],
    ['a prototype for a name', base.replaceAll('bob:', '__proto__:') + story + claims, '“__proto__” cannot be'],
    [
      'a character that cannot be shown in a key',
      `${base}${story}${claims}"a\\e[31m": 1\n`,
      'a character that cannot be shown',
    ],
    ['a line that nobody wrote', `${base}${story}${claims}#${'x'.repeat(70_000)}`, 'in one line are too many'],
    [
      'an attacker with a user’s name',
      base.replace('mallory: {', 'bob: {').replace('[mallory]', '[bob]') + story + claims,
      '“bob” is a user',
    ],
    ['an attacker that lives off nobody', base.replace(', of: alice', '') + story + claims, 'lives off nobody'],
    ['neither story nor free play', base + claims, 'a scenario has neither'],
    ['a key twice', `${base}${story}${claims}title: Again\n`, 'title stands here twice'],
    ['an alias', base.replace('[MSC4385]', '&a [MSC4385]') + story + claims, 'anchors and aliases'],
    ['a tag', base.replace('Because.', '!!binary aGk=') + story + claims, 'tags are not read'],
    [
      'a terminal’s control characters',
      base.replace('Because.', '"\\e[2J"') + story + claims,
      'a character that cannot be shown',
    ],
    ['broken YAML', `${base}${story}${claims}without: {`, 'flow map'],
    ['a second document', `${base}${story}${claims}---\ntitle: x\n`, 'a second document'],
    ['too much text', base + story + claims + '#\n'.repeat(600_000), 'too many'],
    ['too deep a nest', `${base}${story}${claims}without: ${'['.repeat(60_000)}`, 'nested too deep'],
    ['too deep a nest of lists in a line', `- `.repeat(30_000), 'nested too deep'],
  ])('is said plainly: %s', (_what, text, message) => {
    expect(onlyError(text).message).toContain(message);
  });

  it('does not hide the others: all come together, in the order of the file', () => {
    const errors = errorsOf(
      `${base}dials:\n  off: [nonsense]\nstory:\n  - alice.phone: snyc\n  - alice.phone: snyc\nexpect:\n  secret-authenticity: hold\n`,
    );
    expect(errors.map(({ line }) => line)).toEqual([13, 15, 16, 18]);
  });

  it('is told once of broken YAML, at the first place where it breaks', () => {
    const broken = 'title: x\nabout: [MSC4385\nwhy: "a\ncast:\n  - : [\n story: {\n';
    expect(errorsOf(broken).map(({ line, expected }) => [line, expected])).toEqual([[3, 'valid YAML']]);
    expect(errorsOf('title: x\ntitle: y\nabout: z\nabout: z\n')).toHaveLength(2);
  });

  it('reads as one line that an editor can jump to', () => {
    expect(errorsOf(withStory('alice.phone: snyc')).map((error) => errorLine('x.yaml', error))).toEqual([
      'x.yaml:13:18 “snyc” is not a verb of a device; did you mean “sync”?',
    ]);
  });
});
