import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/types.ts';
import { parseScenario } from './parse.ts';
import { actText, dropped, inserted, moved, type Splice, spliced, storySteps } from './story-edits.ts';

const told = `title: t
about: [MSC4385] # one of three
why: w
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }

# What happens:
story: # in order
  # She makes a key,
  - alice.laptop: reset backup   # a new one

  # and hears of it.
  # Twice.
  - [{ alice.phone: sync }, { alice.laptop: sync }]
  - alice.laptop:
      push secret: m.megolm_backup.v1
      to: alice.phone

# Claims.
expect:
  secret-authenticity: { holds: true, shadow: never }
`;
const edited = (text: string, splice: Splice | null): string => {
  if (splice === null) throw new Error('there is nothing to splice');
  return spliced(text, splice);
};
const read = (text: string): Scenario => {
  const parsed = parseScenario(text, 'x');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};

describe('the steps of a story, as lines of its text', () => {
  it('are told with their line, and without dashes and comments', () => {
    const steps = storySteps(told);
    expect(steps.ok && steps.steps.map(({ line, text }) => [line, text])).toEqual([
      [12, 'alice.laptop: reset backup   # a new one'],
      [16, '[{ alice.phone: sync }, { alice.laptop: sync }]'],
      [17, 'alice.laptop: push secret: m.megolm_backup.v1 to: alice.phone'],
    ]);
  });

  it('are put in where they are wanted, and nothing else changes', () => {
    expect(edited(told, inserted(told, 1, 'alice.phone: sync'))).toBe(
      told.replace('\n  # and hears', '\n  - alice.phone: sync\n  # and hears'),
    );
    expect(edited(told, inserted(told, 3, 'everyone: settle'))).toBe(
      told.replace('to: alice.phone\n', 'to: alice.phone\n  - everyone: settle\n'),
    );
    expect(edited(told, inserted(told, 0, 'everyone: settle'))).toBe(
      told.replace('# in order\n', '# in order\n  - everyone: settle\n'),
    );
  });

  it('are dropped without the comments above them', () => {
    expect(edited(told, dropped(told, 1))).toBe(
      told.replace('  - [{ alice.phone: sync }, { alice.laptop: sync }]\n', ''),
    );
    expect(edited(told, dropped(told, 2))).not.toContain('push secret');
  });

  it('are moved with the comments above them', () => {
    const up = edited(told, moved(told, 1, 0));
    expect(up).toContain(
      'story: # in order\n  # and hears of it.\n  # Twice.\n  - [{ alice.phone: sync }, { alice.laptop: sync }]\n  # She makes a key,\n  - alice.laptop: reset backup   # a new one\n\n  - alice.laptop:\n',
    );
    expect(edited(up, moved(up, 0, 2))).toContain('# a new one\n\n  # and hears of it.\n  # Twice.\n  - [{');
    expect(moved(told, 1, 1)).toBeNull();
    expect(moved(told, 1, 2)).toBeNull();
  });

  it('come to nothing and from nothing', () => {
    let text = told;
    for (let left = 3; left > 0; left -= 1) text = edited(text, dropped(text, 0));
    expect(text).toContain('story: [] # in order\n');
    expect(read(text).story).toEqual([]);
    const again = edited(text, inserted(text, 0, 'alice.phone: sync'));
    expect(again).toContain('story: # in order\n  - alice.phone: sync\n');
    expect(read(again).story).toHaveLength(1);
    const open = told.replace(/story:[\s\S]*?# Claims/, 'story:\n# Claims');
    expect(edited(open, inserted(open, 0, 'alice.phone: sync'))).toContain('story:\n  - alice.phone: sync\n# Claims');
  });

  it('are put at the end of a file without a line feed at its end', () => {
    const text = 'story:\n  - alice.phone: sync';
    const more = edited(text, inserted(text, 1, 'everyone: settle'));
    expect(more).toBe('story:\n  - alice.phone: sync\n  - everyone: settle\n');
    expect(edited(more.trimEnd(), moved(more.trimEnd(), 1, 0))).toBe(
      'story:\n  - everyone: settle\n  - alice.phone: sync\n',
    );
  });

  it.each([
    ['title: x', /no story/],
    ['story: [{ alice.phone: sync }]', /in brackets/],
    ['story: once', /list of lines/],
    ['story:\n  - a: |\n     x\n  - b: &x y', /no valid YAML/],
    ['a: [', /no valid YAML/],
  ])('say why they cannot be changed one by one: %s', (text, why) => {
    const steps = storySteps(text);
    expect(steps.ok ? '' : steps.why).toMatch(why);
    expect([inserted(text, 0, 'a: b'), dropped(text, 0), moved(text, 0, 1)]).toEqual([null, null, null]);
  });

  const some = globSync('scenarios/**/*.yaml')
    .sort()
    .filter((_, nth) => nth % 8 === 0);
  it.each(some)('are those of %s, in whatever order they are put', (file) => {
    const text = readFileSync(file, 'utf8');
    const { story } = read(text);
    const steps = storySteps(text);
    if (!steps.ok) {
      expect(story).toEqual([]);
      return;
    }
    expect(steps.steps).toHaveLength(story.length);
    const storyOf = (changed: string): unknown => {
      const parsed = parseScenario(changed, 'x');
      return parsed.ok ? parsed.scenario.story : null;
    };
    for (const [nth, line] of story.entries()) {
      // What cannot come in another order is an error of its own.
      const down = moved(text, nth, 0);
      const inFront = down === null ? null : storyOf(spliced(text, down));
      if (inFront !== null) expect(inFront).toEqual([line, ...story.toSpliced(nth, 1)]);
      const without = storyOf(edited(text, dropped(text, nth)));
      if (without !== null) expect(without).toEqual(story.toSpliced(nth, 1));
      const [act] = line;
      if (line.length === 1 && act !== undefined) {
        const twice = storyOf(edited(text, inserted(text, nth, actText(act))));
        if (twice !== null) expect(twice).toEqual(story.toSpliced(nth, 0, line));
      }
    }
  });

  it('are read from hostile text without a throw, and within the text', () => {
    fc.assert(
      fc.property(
        fc.nat(told.length),
        fc.string({ unit: fc.constantFrom(...'{}[],:-#"\'|>&* \n\ta'), maxLength: 8 }),
        fc.nat(4),
        fc.nat(4),
        (at, put, nth, to) => {
          const text = told.slice(0, at) + put + told.slice(at);
          for (const splice of [inserted(text, nth, 'a: b'), dropped(text, nth), moved(text, nth, to)])
            if (splice !== null) {
              expect(splice.from).toBeLessThanOrEqual(splice.to);
              expect(splice.to).toBeLessThanOrEqual(text.length);
            }
        },
      ),
    );
  });
});

describe('an act as a line', () => {
  it.each([
    [{ who: 'alice.phone', verb: 'sync', args: {} }, 'alice.phone: sync'],
    [{ who: 'mallory', verb: 'log in as', args: { 'log in as': 'tablet' } }, 'mallory: { log in as: tablet }'],
    [
      { who: 'alice', verb: 'send', args: { send: 'a: b, {c} # d', in: '!den:example.org' } },
      'alice: { send: "a: b, {c} # d", in: "!den:example.org" }',
    ],
    [
      { who: 'alice.phone', verb: 'set account data', args: { 'set account data': 'm.x', content: '{"a":1}' } },
      `alice.phone: { set account data: m.x, content: '{"a":1}' }`,
    ],
  ])('is what a person would write: %j', (act, text) => {
    expect(actText(act)).toBe(text);
  });
});
