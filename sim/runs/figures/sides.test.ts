import { describe, expect, test } from 'vitest';
import type { Run } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { mermaid } from '../export/mermaid.ts';
import { planted } from '../planted-key-testing.ts';
import { runStory } from '../run.ts';
import { layout, matterOf } from './layout.ts';
import { miniSvg } from './mini.ts';
import { rowsOf } from './rows.ts';
import { sequenceSvg } from './sequence.ts';
import { isAttacker, namesIn, playerWords, sideOf, toldIn } from './sides.ts';

const played = (cast: string, story: string): Run => {
  const source = `title: t\nabout: [MSC4147]\nwhy: w\ncast:\n  servers: [example.org]\n${cast}story:\n${story}expect: { device-authenticity: holds }\n`;
  const parsed = parseScenario(source, 'device-keys/t');
  if (!parsed.ok) throw new Error(parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return runStory(parsed.scenario, { suite: 'symbolic' });
};
const theft = played(
  `  users:
    alice: { server: example.org, devices: [phone] }
    bob: { server: example.org, devices: [phone, laptop] }
  attackers:
    mallory: { plays: stolen-device, of: bob.laptop }
  rooms:
    den: { history: joined, members: [alice, bob] }
`,
  '  - alice: { send: between us, in: den }\n  - everyone: settle\n  - mallory: sync\n  - mallory: { push secret: m.megolm_backup.v1, to: bob.phone }\n  - everyone: settle\n',
);
const alone = played(
  '  users:\n    alice: { server: example.org, devices: [phone, laptop] }\n',
  '  - alice.phone: sync\n',
);

describe('a stolen device', () => {
  const laptop = theft.players.find(({ id }) => id === 'bob.laptop');
  if (laptop === undefined) throw new Error('the laptop is not there');

  test('is the attacker’s, still says whose it was, and stands with its thief', () => {
    expect(laptop).toMatchObject({ kind: 'stolen device', of: '@bob:example.org', by: 'mallory' });
    expect(theft.players.map(({ id }) => id)).toEqual([
      'alice.phone',
      'bob.phone',
      'example.org',
      'bob.laptop',
      'mallory',
    ]);
    expect(theft.players.filter((player) => sideOf(player) === 'attacker').map(({ id }) => id)).toEqual([
      'bob.laptop',
      'mallory',
    ]);
  });

  test('no device of a user is the attacker’s where none is stolen', () => {
    expect(planted.players.filter(isAttacker).map(({ id }) => id)).toEqual(['mallory.tablet', 'mallory', 'eve']);
    expect(alone.players.filter(isAttacker)).toEqual([]);
  });

  test('is called stolen in labels and in sentences', () => {
    expect(playerWords(theft, laptop)).toBe('Bob’s laptop, stolen');
    expect(toldIn(theft)('bob.laptop sends to bob.phone')).toBe('Bob’s stolen laptop sends to Bob’s phone');
    expect(mermaid(theft)).toContain('as bob.laptop, stolen by mallory');
  });

  test.each(['wide', 'narrow'] as const)('%s: its head, its line and its states have the attacker’s colour', (form) => {
    const svg = sequenceSvg(theft, { form });
    const x = Math.round(layout(matterOf(theft), form).x.get('bob.laptop') ?? 0);
    expect(svg).toMatch(new RegExp(`<path class="life atk" d="[^"]*M${x} `));
    expect(svg).toMatch(/<(?:g|text) class="(?:hd|gn)(?: slim)? atk"[^\n]*stolen<\/t/);
    const attackers = new Set(theft.players.filter(isAttacker).map(({ id }) => id));
    const theirs = rowsOf(theft).rows.flatMap(({ capsules }) => capsules.filter(({ player }) => attackers.has(player)));
    expect(svg.match(/<g class="st(?: bad)? atk">/g) ?? []).toHaveLength(form === 'wide' ? theirs.length : 0);
  });

  test('what it asks and sends is drawn as the attacker’s, and what honest devices do is not', () => {
    const { rows } = rowsOf(theft);
    const kinds = (player: string) => new Set(rows.filter(({ from }) => from === player).map(({ kind }) => kind));
    expect([...kinds('bob.laptop')]).toEqual(['attacker']);
    expect([...kinds('bob.phone')]).toEqual(['honest']);
    expect(rows.find(({ label }) => label.includes('stolen'))?.label).toMatch(/Bob’s stolen laptop/);
  });

  test('a small picture says so too', () => {
    const svg = miniSvg(theft, { prefix: 'm' });
    expect([...svg.matchAll(/<text class="mh( atk)?"[^>]*>([^<]*)</g)].map(([, atk, name]) => [name, atk])).toEqual(
      expect.arrayContaining([
        ['Alice’s', undefined],
        ['laptop,', ' atk'],
        ['stolen', ' atk'],
      ]),
    );
  });
});

describe('names', () => {
  test('where several people have devices every device has its owner’s name', () => {
    expect(theft.players.map(({ id }) => namesIn(theft)(id))).toEqual([
      'Alice’s phone',
      'Bob’s phone',
      'example.org',
      'Bob’s laptop, stolen',
      'mallory',
    ]);
    const words = rowsOf(theft).rows.map(({ label }) => label);
    expect(words.join('\n')).not.toMatch(/PHONE|LAPTOP/);
    expect(sequenceSvg(theft)).toMatch(/<desc>[^<]*Alice’s phone to example\.org/);
  });

  test('one person’s devices need no owner, but in a sentence', () => {
    expect(alone.players.map(({ id }) => namesIn(alone)(id))).toEqual(['phone', 'laptop', 'example.org']);
    expect(toldIn(alone)('alice.phone syncs')).toBe('Alice’s phone syncs');
  });

  test('no head cuts off its name', () => {
    expect(sequenceSvg(theft)).not.toMatch(/class="hn"[^>]*>[^<]*…/);
    expect(sequenceSvg(theft, { form: 'narrow' })).not.toMatch(/class="hn"[^>]*>[^<]*…/);
  });
});
