/** A small share of what `npm run fuzz` tries, and that it finds, repeats and shrinks what is wrong. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { realSuite } from '../crypto/node/suite.ts';
import { parseScenario } from '../scenario/parse.ts';
import { printScenario } from '../scenario/print.ts';
import { luckOf } from './luck.ts';
import { failing, fewest, type Text } from './part.ts';
import { casesOf, parts } from './parts.ts';
import { causeLines, emptyReport, reported } from './report.ts';
import { randomScenario } from './scenarios.ts';
import { shrunkScenario } from './shrink.ts';
import { bent } from './values.ts';

const library: readonly Text[] = globSync('scenarios/**/*.yaml')
  .sort()
  .filter((_, nth) => nth % 6 === 0)
  .map((file) => ({ id: file.slice('scenarios/'.length, -'.yaml'.length), text: readFileSync(file, 'utf8') }));

/** How many cases of each part take a second or so. */
const shares = { scenario: 120, letter: 150, request: 150, text: 150, walk: 30 } as const;

const runOf = (nth: number, count: number) => {
  const part = parts[nth];
  if (part === undefined) throw new Error(`there is no part ${nth}`);
  const run = casesOf(part, { seed: 'test', library, bytes: realSuite, shrinks: false });
  let report = emptyReport;
  for (let at = 0; at < count; at += 1) report = reported(report, `${part.name}/test/${at}`, run(at));
  return report;
};

describe('a small share of the fuzzer', () => {
  it.each(parts.map((part, nth) => [part.name, nth] as const))('finds nothing wrong with any %s', (name, nth) => {
    const report = runOf(nth, shares[name]);
    expect(report.cases).toBe(shares[name]);
    expect([...report.causes.values()].flatMap(causeLines)).toEqual([]);
  });

  it('comes to the same digest a second time, and to another under another seed', () => {
    const [part] = parts;
    if (part === undefined) throw new Error('there are no parts');
    const digestUnder = (seed: string): readonly string[] => {
      const run = casesOf(part, { seed, library, bytes: realSuite, shrinks: false });
      return [3, 4, 5].map((nth) => run(nth).digest);
    };
    expect(digestUnder('7')).toEqual(digestUnder('7'));
    expect(digestUnder('7')).not.toEqual(digestUnder('8'));
  });
});

describe('a drawn scenario', () => {
  it('uses most verbs, options and roles there are before long', () => {
    const drawn = Array.from({ length: 600 }, (_, nth) => randomScenario('all', Math.floor(nth / 20), nth));
    const verbs = new Set(drawn.flatMap(({ story }) => story.flat().map(({ verb }) => verb)));
    const roles = new Set(drawn.flatMap(({ cast }) => cast.attackers.map(({ plays }) => plays)));
    expect(verbs.size).toBeGreaterThan(60);
    expect(roles.size).toBeGreaterThan(7);
    expect(drawn.some(({ cast }) => (cast.rooms ?? []).length > 0)).toBe(true);
    expect(drawn.some(({ settings }) => Object.keys(settings.byDevice).length > 0)).toBe(true);
  });

  it('is made as small as it can be for what it is to show', () => {
    const drawn = Array.from({ length: 200 }, (_, nth) => randomScenario('small', 0, nth)).find(
      ({ story, cast }) =>
        story.length > 8 && cast.users.length > 1 && story.flat().some(({ who }) => who === 'everyone'),
    );
    if (drawn === undefined) throw new Error('none of these is long');
    const shows = (scenario: typeof drawn): boolean =>
      parseScenario(printScenario(scenario), scenario.id).ok &&
      scenario.story.flat().some(({ who, verb }) => who === 'everyone' && verb === 'settle');
    const small = shrunkScenario(drawn, shows);
    expect(small.story).toHaveLength(1);
    expect(small.cast.users).toHaveLength(1);
    expect(small.cast.users[0]?.devices).toHaveLength(1);
    expect(small.cast.attackers).toEqual([]);
    expect(small.settings.byDevice).toEqual({});
  });
});

describe('what the fuzzer is made of', () => {
  it('leaves out of a list whatever is not needed', () => {
    const all = Array.from({ length: 37 }, (_, nth) => nth);
    expect(fewest(all, (few) => few.includes(5) && few.includes(31))).toEqual([5, 31]);
    expect(fewest(all, () => true)).toEqual([]);
    expect(fewest(all, (few) => few.length === 37)).toEqual(all);
  });

  it('bends a value in one place and leaves the value itself as it was', () => {
    const value = { a: [1, { b: 'c' }], d: null };
    const before = JSON.stringify(value);
    const bends = Array.from({ length: 200 }, (_, nth) => JSON.stringify(bent(luckOf(`bend ${nth}`), value)));
    expect(JSON.stringify(value)).toBe(before);
    expect(new Set(bends).size).toBeGreaterThan(60);
    expect(bends.some((text) => text.includes('"__proto__"'))).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('tells two failures apart by what was said and where, and not by names', () => {
    const causeOf = (message: string): string => {
      const done = failing(() => {
        throw new Error(message);
      });
      return 'thrown' in done ? done.thrown.cause : '';
    };
    expect(causeOf('alice.phone is no device')).toBe(causeOf('bob.old-laptop is no device'));
    expect(causeOf('no room “den” after 3 tries')).toBe(causeOf('no room “attic” after 14 tries'));
    expect(causeOf('alice.phone is no device')).not.toBe(causeOf('alice.phone is no user'));
  });

  it('names each cause once, with how often and the line that replays the first', () => {
    const failure = { cause: 'it fell', message: 'at\nonce', shrunk: '' };
    const report = ['a', 'b', 'c'].reduce(
      (now, name) => reported(now, name, { digest: name, looks: [], failure: name === 'a' ? null : failure }),
      emptyReport,
    );
    expect([...report.causes.values()].map(causeLines)).toEqual([
      ['2 × it fell', '    "at\\nonce"', "    npm run fuzz -- --only 'b'"],
    ]);
  });
});
