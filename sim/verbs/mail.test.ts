/** Asking in by e-mail, as stories have it. */
import { describe, expect, it } from 'vitest';
import type { Run } from '../engine/types.ts';
import { runStory } from '../runs/run.ts';
import { lineFaults } from '../scenario/claims.ts';
import { completions } from '../scenario/completions.ts';
import { parseScenario } from '../scenario/parse.ts';

const file = (...lines: readonly string[]): string => `title: Asked in by e-mail
about: [MSC4268]
why: Because some people are known by address only.
cast:
  servers: [a.example, b.example]
  users:
    alice: { server: a.example, devices: [phone] }
    bob: { server: a.example, devices: [phone] }
    dora: { server: b.example, devices: [phone] }
  rooms: { den: { members: [alice] } }
story:
${lines.map((line) => `  - ${line}\n`).join('')}expect: { history-liveness: { holds: true, shadow: never } }
`;
const told = (...lines: readonly string[]): Run => {
  const parsed = parseScenario(file(...lines), 'test/mail');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return runStory(parsed.scenario, { suite: 'symbolic' });
};
const asks = 'alice: { invite by mail: x@example.com, to: den }';
const settles = 'everyone: settle';
const refusals = (run: Run): readonly unknown[] => lineFaults(run).map(({ text }) => text);

describe('an e-mail address', () => {
  it('is asked in, and whoever it is bound to can join', () => {
    const run = told(asks, 'bob: { bind mail: x@example.com }', settles, 'bob: { join: den }');
    expect(refusals(run)).toEqual([]);
  });

  it('that is bound already is asked in as its owner', () => {
    const run = told('bob: { bind mail: x@example.com }', asks, settles, 'bob: { join: den }');
    expect(refusals(run)).toEqual([]);
  });

  it.each([
    ['whose is another', 'bob: { bind mail: y@example.com }', 'bob'],
    ['that is bound on another homeserver', 'dora: { bind mail: x@example.com }', 'dora'],
  ])('%s asks nobody in', (_what, binds, who) => {
    const run = told(asks, binds, settles, `${who}: { join: den, refused: true }`);
    expect(refusals(run)).toEqual([]);
    expect(refusals(told(asks, binds, settles, `${who}: { join: den }`))).toHaveLength(1);
  });

  it('is asked in by nobody who is not in the room, and the line says so', () => {
    expect(refusals(told('bob: { invite by mail: x@example.com, to: den, refused: 403 M_FORBIDDEN }'))).toEqual([]);
    expect(refusals(told('bob: { invite by mail: x@example.com, to: den }'))).toHaveLength(1);
  });

  it('is asked in with no bundle before it', () => {
    const run = told('alice: { send: hello, in: den }', asks);
    const paths = run.steps.flatMap(({ moments }) =>
      moments.flatMap((moment) => (moment.kind === 'request' && moment.method === 'POST' ? [moment.path] : [])),
    );
    expect(paths.some((path) => path.includes('/invite'))).toBe(true);
    expect(paths.some((path) => path.includes('/media/'))).toBe(false);
  });

  it('is completed where it can stand', () => {
    const labels = (line: string): readonly string[] => {
      const text = file(line);
      const offset = text.indexOf('|');
      return completions(text.replace('|', ''), offset).map(({ label }) => label);
    };
    expect(labels('alice: { invite|')).toEqual(['invite', 'invite by mail', 'confirm invite', 'take back invite']);
    expect(labels('alice: { invite by mail: x@example.com, to: | }')).toEqual(['den']);
    expect(labels('alice: { bind mail: | }')).toEqual(['bob@example.com']);
  });
});
