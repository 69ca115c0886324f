import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completions } from './completions.ts';
import { parseScenario } from './parse.ts';

const head = `title: A claim
about: [MSC4385]
why: Because.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
    bob: { server: example.org, devices: [desktop] }
  attackers:
    mallory: { plays: stolen-token, of: alice }
    eve: { plays: lying-server, of: example.org }
`;
/** What is offered where `|` stands. */
const at = (text: string) => {
  const offset = text.indexOf('|');
  return completions(text.replace('|', ''), offset);
};
const labels = (text: string): readonly string[] => at(text).map(({ label }) => label);
const tail = '\nexpect:\n  secret-authenticity: holds\n';

describe('completion', () => {
  it.each([
    ['a section', `${head}st|`, ['story']],
    ['who acts', `${head}story:\n  - al|${tail}`, ['alice.phone', 'alice.laptop', 'alice']],
    ['who acts, in a race', `${head}story:\n  - [{ bo|${tail}`, ['bob.desktop', 'bob']],
    [
      'what a device does',
      `${head}story:\n  - alice.phone: re|${tail}`,
      ['reset backup', 'restore backup', 'request secret', 'refuse'],
    ],
    ['what its person turns', `${head}story:\n  - alice.phone: turn|${tail}`, ['turn backup on', 'turn backup off']],
    ['account data', `${head}story:\n  - alice.phone: { set account data: m.key| }${tail}`, ['m.key_backup']],
    ['what everyone does', `${head}story:\n  - everyone: |${tail}`, ['settle']],
    ['what this attacker does', `${head}story:\n  - mallory: { log|`, ['log in as']],
    ['a further argument', `${head}story:\n  - mallory: { push secret: m.megolm_backup.v1, |${tail}`, ['to', 'value']],
    [
      'the secret',
      `${head}story:\n  - mallory: { push secret: m.cross_signing.ma| }${tail}`,
      ['m.cross_signing.master'],
    ],
    [
      'the device',
      `${head}story:\n  - mallory: { push secret: x, to: alice.| }${tail}`,
      ['alice.phone', 'alice.laptop'],
    ],
    ['a device by its short name', `${head}story:\n  - alice.phone: { verify: | }${tail}`, ['laptop']],
    [
      'a device logged in on the way',
      `${head}story:\n  - alice: { log in as: watch }\n  - alice.w|${tail}`,
      ['alice.watch'],
    ],
    ['an argument in a block', `${head}story:\n  - mallory:\n      push secret: x\n      t|${tail}`, ['to']],
    ['how often, in free play', `${head}explore:\n  acts:\n    - mallory: { log in as: x, t|`, ['times']],
    ['a role', head.replace('lying-server', 'ly|'), ['lying-server']],
    ['what a role lives off', head.replace('of: example.org', 'of: |'), ['example.org']],
    ['a server', head.replace('bob: { server: example.org', 'bob: { server: |'), ['example.org']],
    [
      'a guarantee',
      `${head}expect:\n  secret-|`,
      ['secret-authenticity', 'secret-confidentiality', 'secret-convergence'],
    ],
    ['a verdict', `${head}expect:\n  secret-authenticity: h|`, ['holds', 'happens']],
    ['where it breaks', `${head}expect:\n  secret-authenticity: { breaks: bob| }`, ['bob.desktop', 'bob']],
    ['the shadow', `${head}expect:\n  secret-authenticity: { holds: true, sh| }`, ['shadow']],
    [
      'a clause',
      `${head}expect:\n  secret-authenticity: holds\nwithout:\n  4385-push-cross|`,
      ['4385-push-cross-signed-only'],
    ],
    [
      'a device to switch a clause off for',
      `${head}without:\n  4385-push-encrypted f|`,
      ['4385-push-encrypted for alice.phone', '4385-push-encrypted for alice.laptop'],
    ],
    [
      'a verdict without a clause for one device',
      `${head}without:\n  4385-push-encrypted for alice.phone:\n    secret-authenticity: br|`,
      ['breaks'],
    ],
    ['a turned reading', `${head}without:\n  q07|`, ['q07: A', 'q07: B']],
    ['a verdict without a clause', `${head}without:\n  4385-push-encrypted:\n    secret-authenticity: br|`, ['breaks']],
    ['a guarantee not named yet', `${head}expect:\n  secret-authenticity: holds\n  secret-a|`, []],
    ['a setting', `${head}dials:\n  re|`, ['readings']],
    ['a revision', `${head}dials:\n  implements: { MSC4385: push|`, ['push-variant']],
    ['a device’s own setting', `${head}dials:\n  implements: { alice.phone: { MSC438|`, ['MSC4385']],
    ['a clause to switch off', `${head}dials:\n  off: [4385-push-works|]`, ['4385-push-works-test']],
    ['an option’s value', `${head}dials:\n  options: { prompt: a| }`, ['accept', 'ask']],
    ['a reading', `${head}dials:\n  readings:\n    q07: |`, ['A', 'B']],
    ['an accident', `${head}faults: { lo|`, ['lost answer']],
    ['a kind of move', head.replace('of: example.org }', 'of: example.org, budget: { mo|'), ['moves']],
    ['a proposal', `${head.replace('MSC4385]', 'MSC42|')}`, ['MSC4268', 'MSC4287']],
    ['nothing in a text', head.replace('Because.', 'al|'), []],
    ['nothing in a comment', `${head}# al|`, []],
  ])('offers %s', (_what, text, expected) => {
    expect(labels(text).slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(labels(text)).toEqual([]);
  });

  it('puts in what YAML needs around a name', () => {
    const applied = (text: string): string => {
      const [first] = at(text);
      const plain = text.replace('|', '');
      return first === undefined ? plain : plain.slice(0, first.from) + first.insert + plain.slice(first.to);
    };
    expect(applied('story:\n  - everyone: se|')).toBe('story:\n  - everyone: settle');
    expect(applied(`${head}story:\n  - mallory: pu|`)).toBe(`${head}story:\n  - mallory: { push secret: `);
    expect(applied(`${head}without:\n  q07: B|`)).toBe(`${head}without:\n  q07: B`);
    expect(applied(`${head}without:\n  q12|`)).toBe(`${head}without:\n  "q12: A": `);
    expect(applied(`${head}expect:\n  backup-k|`)).toBe(`${head}expect:\n  backup-key-integrity: `);
  });

  it('says what each offer means', () => {
    const [clause] = at(`${head}without:\n  4385-push-cross|`);
    expect(clause?.detail).toMatch(/cross-signing signature/);
    expect(at(`${head}story:\n  - mallory: pus|`)[0]?.detail).toContain(
      '{ push secret: …, to: …, value: …?, request id: …? }',
    );
  });

  it.each(globSync('scenarios/**/*.yaml').sort())('offers every word of %s at its place', (file) => {
    const text = readFileSync(file, 'utf8');
    const parsed = parseScenario(text, 'x');
    if (!parsed.ok) throw new Error('it does not parse');
    const words = [
      ...parsed.scenario.story.flat().map(({ who, verb }) => [`- ${who}:`, 2, who, `${who}: ${verb}`, verb] as const),
    ];
    for (const [line, skip, who, pair, verb] of words) {
      const actor = text.indexOf(line);
      if (actor >= 0) expect(completions(text, actor + skip + 2).map(({ label }) => label)).toContain(who);
      const plain = text.indexOf(`${pair}\n`);
      if (plain >= 0) expect(completions(text, plain + pair.length).map(({ label }) => label)).toContain(verb);
    }
    for (const { guarantee, verdict } of parsed.scenario.expect) {
      const begin = text.indexOf(`  ${guarantee}:`) + 4;
      expect(completions(text, begin).map(({ label }) => label)).toContain(guarantee);
      const claim = text.indexOf(`${guarantee}: ${verdict}`);
      if (claim >= 0)
        expect(completions(text, claim + guarantee.length + 2).map(({ label }) => label)).toContain(verdict);
    }
  });

  it('never throws, wherever the cursor stands in whatever text', () => {
    const planted = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');
    const inside = fc.integer({ min: 0, max: planted.length });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (text, offset) => void completions(text, offset)));
    fc.assert(
      fc.property(inside, fc.string({ unit: fc.constantFrom(...'{}[],:-#"\' \na'), maxLength: 8 }), (offset, put) => {
        const text = planted.slice(0, offset) + put + planted.slice(offset);
        for (const { from, to } of completions(text, offset + put.length)) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBe(offset + put.length);
        }
      }),
    );
    expect(completions('[{'.repeat(40_000), 10)).toEqual([]);
  });
});
