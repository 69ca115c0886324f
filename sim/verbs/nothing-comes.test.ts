/** Verb × situation in which nothing can come of it: each is said to be refused, and the world stays as it was. */
import { describe, expect, it } from 'vitest';
import { runStory } from '../runs/run.ts';
import { lineFaults } from '../scenario/claims.ts';
import { errorLine, parseScenario } from '../scenario/parse.ts';
import { formsOf } from './forms.ts';

const file = (lines: readonly string[], more: string): string => `title: t
about: [MSC4385]
why: w
cast:
  servers: [example.org, b.example]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
    bob: { server: b.example, devices: [phone] }
  attackers:
    mallory: { plays: lying-server, of: example.org }
    trudy: { plays: stolen-device, of: alice.laptop }
    eve: { plays: eavesdropper, of: example.org }
    ivan: { plays: departed-member }
  rooms:
    den: { members: [alice] }
${more}
story:
${lines.map((line) => `  - ${line}`).join('\n')}
expect:
  secret-authenticity: { holds: true, shadow: never }
`;
/** What is wrong with the last line of a story, without its place; `null` where it was done. */
const lastOf = (story: string, more = ''): string | null => {
  const lines = story.split('; ');
  const parsed = parseScenario(file(lines, more), 'test/one');
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(story, error)).join('\n'));
  const run = runStory(parsed.scenario, { suite: 'symbolic' });
  const faults = lineFaults(run).filter(
    ({ place }) => place?.line === file([], more).split('\n').indexOf('story:') + 1 + lines.length,
  );
  return faults[0]?.text.replace(/^.*: (refused)/, '$1') ?? null;
};

const nothing = 'refused: nothing comes of it';
const noBackup = '  backup: false';
const none = 'refused with 404 M_NOT_FOUND';
const notIn = 'refused with 403 M_FORBIDDEN';

/** A story whose last line is refused, what is said of that, and what the cast has besides. */
const cases: readonly (readonly [story: string, said: string, more?: string])[] = [
  // What is not there.
  [
    'alice: { remove: laptop }; everyone: settle; alice.phone: { verify: laptop }',
    'refused: alice.laptop has been removed',
  ],
  ['alice: { remove: phone }; bob.phone: { verify user: alice }', 'refused: alice.phone has been removed'],
  ['alice.phone: delete backup', none, noBackup],
  ['alice.phone: turn backup off', none, noBackup],
  ['alice.phone: restore backup', nothing, noBackup],
  ['alice.phone: { push secret: m.megolm_backup.v1 }', nothing, noBackup],
  ['alice.phone: { push secret: m.made.up }', nothing],
  ['bob.phone: { push secret: m.megolm_backup.v1 }', nothing],
  ['bob.phone: { request secret: m.megolm_backup.v1 }', nothing],
  ['alice.phone: accept', nothing],
  ['alice.phone: refuse', nothing],
  ['alice.phone: confirm sharing', nothing],
  ['alice.phone: decline sharing', nothing],
  ['alice.phone: { restore from copy: last-week }', nothing],
  ['alice: { confirm invite: den }', nothing],
  ['alice: { take back invite: den }', nothing],
  ['alice.phone: come online', 'refused: alice.phone is not offline'],
  ['alice.phone: go offline; alice.phone: go offline', 'refused: alice.phone is offline already'],
  // Where it is not in.
  ['bob: { join: den }', notIn],
  ['bob: { leave: den }', notIn],
  ['bob: { decline: den }', notIn],
  ['bob: { knock: den }', notIn],
  ['bob: { scroll back: den }', notIn],
  ['bob: { send: hello, in: den }', notIn],
  ['bob: { invite: alice, to: den }', notIn],
  ['bob: { set history: joined, in: den }', notIn],
  ['alice: { kick: bob, from: den }', notIn],
  ['bob: { ban: alice, from: den }', notIn],
  ['alice: { unban: bob, from: den }', 'refused with 403 M_BAD_STATE'],
  // Attackers who do not have what it takes, or find nothing.
  ['trudy: delete backup', none, noBackup],
  ['trudy: read backup', none, noBackup],
  ['trudy: { push secret: m.made.up, to: alice.phone, value: known }', 'refused: trudy does not know m.made.up'],
  ['trudy: { answer request: m.made.up, to: alice.phone, value: known }', 'refused: trudy does not know m.made.up'],
  [
    'mallory: { inject: m.secret.push, to: alice.phone, as: alice.laptop, value: known }',
    'refused: mallory does not know m.megolm_backup.v1',
  ],
  ['trudy: { forward room key: bob.phone, to: alice.phone, in: den, key of: den }', nothing],
  ['eve: { hold back: alice.phone }', nothing],
  ['eve: { release: alice.phone }', nothing],
  ['mallory: { reorder: alice.phone }', nothing],
  ['mallory: { drop: alice.phone }', nothing],
  ['mallory: { rewrite sender: bob, to: alice.phone }', nothing],
  ['mallory: { replay: m.secret.send, to: alice.phone }', nothing],
  ['mallory: { bring back backup: alice }', nothing],
  ['mallory: { give backup number again: alice }', nothing, noBackup],
  ['mallory: { swap entries of: alice }', nothing],
  ['mallory: { plant room key: alice.phone, of: alice, in: den }', nothing, noBackup],
  ['mallory: { lend key of: alice.phone }', nothing],
  ['mallory: { hand on mail of: alice.phone, to: alice.laptop }', nothing],
  ['mallory: { replay message: den, in: den }', nothing],
  ['mallory: { bend media: alice.phone, in: den }', nothing],
  ['mallory: replace media', nothing],
  ['mallory: { tell the truth: alice.phone }', nothing],
  ['mallory: { show device: alice.laptop, to: alice.phone }', nothing],
  ['mallory: { show backup: alice.phone }', nothing],
  ['mallory: read backup', nothing, noBackup],
  // Operators.
  ['example.org: { deliver to: b.example }', nothing],
  ['example.org: { release transactions to: b.example }', nothing],
  ['example.org: { hold transactions to: b.example }; example.org: { hold transactions to: b.example }', nothing],
  ['example.org: keep device lists; example.org: keep device lists', nothing],
  ['example.org: { limit uploads: 5 }; example.org: { limit uploads: 5 }', nothing],
  ['example.org: { keep media at: m.example }; example.org: { keep media at: m.example }', nothing],
  ['example.org: expire media', nothing],
];

describe('nothing can come of it', () => {
  it.each(cases.map(([story, said, more = '']) => [story, said, more] as const))('%s: %s', (story, said, more) => {
    expect(lastOf(story, more)).toBe(said);
  });
});

describe('whoever is offline', () => {
  const args: Readonly<Record<string, string>> = {
    'enter secret': '{ enter secret: m.made.up, value: x }',
    'set account data': "{ set account data: m.made.up, content: '{}' }",
    verify: '{ verify: laptop }',
    'verify user': '{ verify user: bob }',
    'request secret': '{ request secret: m.megolm_backup.v1 }',
    'push secret': '{ push secret: m.megolm_backup.v1 }',
    'start room key': "{ start room key: '!den:example.org' }",
    copy: '{ copy: last-week }',
    'create room': '{ create room: attic }',
    send: '{ send: hello, in: den }',
    'invite by mail': '{ invite by mail: bob@example.com, to: den }',
    'bind mail': '{ bind mail: alice@example.com }',
    'set history': '{ set history: joined, in: den }',
    'import room keys': '{ import room keys: alice.laptop }',
    'forward room keys': '{ forward room keys: laptop }',
    'claim one-time keys of': '{ claim one-time keys of: bob.phone }',
  };
  const inDen = ['join', 'leave', 'decline', 'knock', 'confirm invite', 'scroll back'];
  const ofBob: Readonly<Record<string, string>> = { invite: 'to', kick: 'from', ban: 'from', unban: 'from' };
  const saidBy = (verb: string): string =>
    args[verb] ??
    (ofBob[verb] !== undefined
      ? `{ ${verb}: bob, ${ofBob[verb]}: den }`
      : inDen.includes(verb)
        ? `{ ${verb}: den }`
        : verb);
  /** Done on the device itself, or kept by it for when it is back; or of matters that are tried above. */
  const done = [
    'request secret',
    'push secret',
    'enter secret',
    'start room key',
    'restart',
    'copy',
    'come online',
    'export room keys',
    'import room keys',
    'forward room keys',
  ];
  const elsewhere = [
    'accept',
    'refuse',
    'confirm sharing',
    'decline sharing',
    'take back invite',
    'go offline',
    'lose answer to request',
    'stop after request',
    'restore from copy',
    'update to',
    'start keeping',
    'stop keeping',
    'start reading',
    'use names',
  ];
  const all = [...new Set(formsOf('device').map(({ verb }) => verb))].filter((verb) => !elsewhere.includes(verb));

  it.each(all)('is refused what takes a server, and nothing else: %s', (verb) => {
    const spoken = lastOf(`alice: { send: before, in: den }; alice.phone: go offline; alice.phone: ${saidBy(verb)}`);
    expect(spoken).toBe(done.includes(verb) ? null : 'refused: alice.phone is offline');
  });

  it('and so is whoever would compare identities with them, and a person who acts with that device', () => {
    const away = 'refused: alice.phone is offline';
    expect(lastOf('alice.phone: go offline; bob.phone: { verify user: alice }')).toBe(away);
    expect(lastOf('alice.phone: go offline; alice: { send: hello, in: den }')).toBe(away);
    expect(lastOf('ivan: go offline; ivan: reset backup')).toBe('refused: ivan.phone is offline');
  });

  it('keeps what it used: the backup is as it was', () => {
    const story =
      'alice.phone: go offline; alice.phone: { create backup: null, refused: true }; alice.phone: come online; alice.phone: { push secret: m.megolm_backup.v1 }';
    expect(lastOf(story)).toBeNull();
  });

  it('may be logged in elsewhere, and removed by another device', () => {
    expect(lastOf('alice.phone: go offline; alice: { log in as: tablet }')).toBeNull();
    expect(lastOf('alice.phone: go offline; alice: { log in as: tablet }; alice: { remove: laptop }')).toBeNull();
    expect(lastOf('alice.phone: go offline; alice: { remove: laptop }')).toBe(
      'refused: alice has no other device at hand',
    );
  });
});
