/** What is wrong in a scenario and what is said of it, made from the registers: every verb, every option, every field that is needed. */
import { describe, expect, it } from 'vitest';
import { formsOf } from '../verbs/forms.ts';
import { options } from './options.ts';
import { errorLine, parseScenario } from './parse.ts';

const scenario = (line: string, settings = ''): string => `title: A claim
about: [MSC4385]
why: because
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
${settings}story:
  - ${line}
expect:
  secret-convergence: holds
`;
const said = (text: string): readonly string[] => {
  const parsed = parseScenario(text, 'x');
  return parsed.ok ? [] : parsed.errors.map((error) => errorLine('x.yaml', error));
};

const verbs = [...new Map([...formsOf('device'), ...formsOf('person')].map((form) => [form.verb, form])).values()];
const actorOf = ({ by }: (typeof verbs)[number]): string => (by.includes('device') ? 'alice.phone' : 'alice');

describe.each(verbs.map((form) => [form.verb, form] as const))('the verb “%s”', (verb, form) => {
  const { takes, more } = form;
  const needed = Object.entries(more).find(([, { optional }]) => optional !== true)?.[0];

  it('is suggested where it is misspelt', () => {
    const [line = ''] = said(scenario(`${actorOf(form)}: { ${verb}x: y }`));
    expect(line).toMatch(/^x\.yaml:9:\d+ “.*x” is not a verb of .*; did you mean “.*”\?$/);
  });

  it('says where it is given a list, or anything where it takes nothing, and what was expected', () => {
    const lines = said(scenario(`${actorOf(form)}: { ${verb}: [] }`));
    expect(lines.length).toBeGreaterThan(0);
    if (takes === null && needed === undefined)
      expect(lines[0]).toMatch(new RegExp(`^x\\.yaml:9:\\d+ “${verb}” takes nothing; expected “.*” by itself$`));
    for (const line of lines) {
      expect(line).toMatch(/^x\.yaml:9:\d+ .+; (?:expected .+|did you mean “.+”\?)$/);
      // Whoever reads it has to find the end of it.
      expect(line.length).toBeLessThan(260);
    }
  });

  if (needed !== undefined)
    it('says which argument it has not', () => {
      const lines = said(scenario(`${actorOf(form)}: { ${verb}: x }`));
      expect(lines.join('\n')).toMatch(/^x\.yaml:9:\d+ “.*” has no “.*”; expected \{ .* \}$/m);
    });
});

describe.each([...options])('the option “%s”', (name, { kind }) => {
  const first = said(scenario('alice.phone: sync', `dials:\n  options: { ${name}: { a: 1 } }\n`))[0] ?? '';
  it('says what it can be set to', () => {
    const expected = {
      switch: 'true or false',
      'one of': 'a value of this option',
      count: kind.is === 'count' ? `a whole number from 1 to ${kind.max}` : '',
      words: kind.is === 'words' ? `a list of ${kind.what}` : '',
    }[kind.is];
    expect(first).toMatch(/^x\.yaml:9:\d+ a mapping stands here; expected /);
    expect(first).toContain(expected);
  });
  it('is suggested where it is misspelt, and told from a device that is not there', () => {
    const [misspelt] = said(scenario('alice.phone: sync', `dials:\n  options: { ${name}x: 1 }\n`));
    expect(misspelt).toMatch(/^x\.yaml:9:\d+ “.*x” is not an option; did you mean “.*”\?$/);
    expect(said(scenario('alice.phone: sync', `dials:\n  options: { bob.desk: { ${name}: 1 } }\n`))).toEqual([
      'x.yaml:9:14 “bob.desk” is not a device of the cast; expected a device of the cast: alice.phone, alice.laptop',
    ]);
  });
});

it.each(['title', 'about', 'why', 'cast', 'expect'])('says that a scenario has no “%s”', (field) => {
  const without = scenario('alice.phone: sync').replace(new RegExp(`^${field}:.*\\n(?: .*\\n)*`, 'm'), '');
  expect(said(without)[0]).toBe(`x.yaml:1:1 a scenario has no “${field}”; expected ${field}: …`);
});

it('says of a field that is misspelt what is meant, and not that it is missing as well', () => {
  for (const field of ['title', 'about', 'why', 'expect']) {
    const misspelt = scenario('alice.phone: sync').replace(new RegExp(`^${field}:`, 'm'), `${field}s:`);
    expect(said(misspelt)).toEqual([
      expect.stringMatching(
        new RegExp(`^x\\.yaml:\\d+:1 “${field}s” is not a field of a scenario; did you mean “${field}”\\?$`),
      ),
    ]);
  }
});

it.each([
  ['a'.repeat(41), '41 characters are too many for the name of a device; expected at most 40'],
  ['pho\u200bne', '“pho\u200bne” cannot be a device: it has the character U+200B; expected small letters'],
  ['l\u0430ptop', '“l\u0430ptop” cannot be a device: it has the character U+0430; expected small letters'],
  ['ph\u{1f4f1}ne', '“ph\u{1f4f1}ne” cannot be a device: it has the character U+1F4F1; expected small letters'],
  ['Phone', '“Phone” cannot be a device; expected small letters, digits and hyphens, a letter first'],
])('says what is wrong with a name that is none: %j', (name, why) => {
  expect(said(scenario('alice.phone: sync').replace('[phone', `[${name}, phone`))).toEqual([
    expect.stringContaining(why),
  ]);
});
