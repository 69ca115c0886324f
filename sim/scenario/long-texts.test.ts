import { describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/types.ts';
import { parseScenario } from './parse.ts';

const parsed = (...lines: readonly string[]) =>
  parseScenario(
    `title: A claim
about: [MSC4385]
why: Because.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone] }
  attackers:
    mallory: { plays: stolen-token, of: alice }
story:
${lines.map((line) => `  - ${line}\n`).join('')}expect:
  secret-authenticity: holds
`,
    'test/one',
  );
const scenarioOf = (...lines: readonly string[]): Scenario => {
  const read = parsed(...lines);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.scenario;
};
const wrongIn = (...lines: readonly string[]): readonly string[] => {
  const read = parsed(...lines);
  return read.ok ? [] : read.errors.map(({ message }) => message);
};

describe('what is said or written in a story', () => {
  it('is as long as the file may be, on one line', () => {
    const content = JSON.stringify({ body: 'x'.repeat(9_000) });
    const [line] = scenarioOf(
      'mallory: { log in as: tablet }',
      `mallory: { send event: m.secret.push, to: alice.phone, content: '${content}' }`,
    ).story.slice(1);
    expect(line?.[0]?.args.content).toBe(content);
    const text = 'y'.repeat(5_000);
    const said = scenarioOf('alice: { create room: den }', `alice: { send: ${text}, in: den }`).story[1]?.[0];
    expect(said?.args.send).toBe(text);
  });

  it('is not confused with a name: too long a name is said to be that', () => {
    expect(wrongIn(`alice: { log in as: ${'t'.repeat(201)} }`)).toContain('201 characters are too many');
  });

  it('has no characters that disturb a terminal', () => {
    expect(wrongIn('alice: { create room: den }', 'alice: { send: "a\\u001b[31m", in: den }')).toContain(
      'a character that cannot be shown',
    );
  });
});
