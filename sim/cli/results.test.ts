import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realSuite } from '../crypto/node/suite.ts';
import type { SuiteMaker } from '../runs/run.ts';
import { parseTrace } from '../runs/trace.ts';
import { junit } from './junit.ts';
import { pathsFor, read } from './library.ts';
import { exitCodes } from './outcome.ts';
import { outcomeOf, type Result, resultsAt } from './results.ts';
import { plain, summary, table } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const wanted = { suite: 'symbolic', withVariants: true, withPlay: false } as const;
const story = (title: string, more = ''): string =>
  `title: ${title}\nabout: [MSC4385]\nwhy: because\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone, laptop] }\nstory:\n  - alice.laptop: reset backup\n  - everyone: settle\nexpect:\n  secret-convergence: holds\n${more}`;
const good = inFolder('good.yaml', story('All is well'));

describe('results', () => {
  it('a file that is no scenario is a row, and all others have their results', () => {
    const broken = inFolder('broken.yaml', 'title: [');
    const results = resultsAt([broken, good], wanted);
    expect(results.map(({ ok, problems }) => [ok, problems.map(({ is }) => is)])).toEqual([
      [false, ['wrong input']],
      [true, []],
    ]);
    expect(results[0]?.problems[0]?.lines.join('\n')).toMatch(/broken\.yaml:\d+:\d+ .*YAML/);
    expect(exitCodes[outcomeOf(results)]).toBe(2);
    expect(table(results).join('\n')).toMatch(/broken\.yaml\n {2}NO RESULT\n[\s\S]*All is well.*\n {2}as expected/);
    expect(summary(results)).toBe('1 scenario, 1 run: 1 file is no scenario');
  });

  it('an exception of ours is told as a fault of hearsay with a line that replays it, whichever run it strikes', () => {
    let made = 0;
    const breaking: SuiteMaker = (seed) => {
      made += 1;
      if (made === 1) throw new TypeError('broken');
      return realSuite(seed);
    };
    const results = resultsAt([good, good], { ...wanted, suite: breaking });
    const [first] = results;
    expect(first?.problems[0]?.lines[0]).toMatch(
      /^this is a fault of hearsay, not of your scenario: TypeError: broken$/,
    );
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
    expect(first?.story).toMatch(/\/good\.yaml\?seed=1$/);
    expect(exitCodes[outcomeOf(results)]).toBe(3);
    expect(table(results).join('\n')).toMatch(/npx hearsay replay '.*good\.yaml\?seed=1'/);
    expect(junit(results)).toMatch(/<error type="fault of hearsay" message="this is a fault of hearsay/);
  });

  it('the worst of several outcomes decides the exit code', () => {
    const one = (ok: boolean, ...problems: Result['problems']) => ({ ok, problems });
    const [wrong, fault] = (['wrong input', 'fault of hearsay'] as const).map((is) =>
      one(false, { is, lines: ['why'] }),
    ) as [ReturnType<typeof one>, ReturnType<typeof one>];
    expect(outcomeOf([one(true)])).toBe('as expected');
    expect(outcomeOf([one(true), one(false)])).toBe('not as expected');
    expect(outcomeOf([one(false), wrong, one(true)])).toBe('wrong input');
    expect(outcomeOf([wrong, fault, one(false)])).toBe('fault of hearsay');
    expect(new Set(Object.values(exitCodes)).size).toBe(4);
  });

  it('every run has a line that replays it, in the table of what is named, in JSON and in JUnit', () => {
    const file = inFolder(
      'variant.yaml',
      story('CastSettings', 'without:\n  4287-may-monitor: { secret-convergence: holds }\n'),
    );
    const results = resultsAt([file], wanted);
    expect(results).toHaveLength(2);
    for (const result of results) {
      const read = parseTrace(plain(result).replay ?? '');
      expect(read.ok && read.trace.choices.length).toBeGreaterThan(1);
      expect(parseTrace(result.story ?? '')).toMatchObject({ ok: true, asWritten: true });
    }
    expect(table(results, true).filter((line) => line.includes('npx hearsay replay'))).toHaveLength(2);
    expect(table(results).filter((line) => line.includes('npx hearsay replay'))).toHaveLength(0);
    expect(junit(results).match(/<system-out>npx hearsay replay/g)).toHaveLength(2);
  });

  it('two files of one name are one clear error', () => {
    inFolder('twin.yaml', story('One'));
    const other = inFolder('twin.yml', story('Other'));
    const file = read(other);
    expect(file.ok ? [] : file.mistakes).toEqual([
      expect.stringMatching(/twin\.yml and .*twin\.yaml are one scenario/),
    ]);
    rmSync(other);
    rmSync(join(folder, 'twin.yaml'));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['UTF-16', Buffer.from('\ufefftitle: x', 'utf16le'), /is UTF-16, UTF-8 expected$/],
    ['UTF-16 without a mark', Buffer.from('title: x', 'utf16le'), /zero bytes/],
    [
      'Latin-1',
      Buffer.from('title: x\nwhy: caf\u00e9', 'latin1'),
      /another encoding: UTF-8 expected, and line 2 is not$/,
    ],
  ])('a file in %s is refused with one clear error', (name, bytes, why) => {
    const file = read(inFolder(`${name}.yaml`, bytes));
    expect(file.ok ? [] : file.mistakes).toEqual([expect.stringMatching(why)]);
  });

  it('a mark of UTF-8 at the beginning of a file is skipped', () => {
    expect(read(inFolder('mark.yaml', `\ufeff${story('Marked')}`))).toMatchObject({ ok: true });
  });

  it.each(['Ein Käse.v2 (neu).yml', "it's.yaml", 'A?b&c=d#e.YAML', '100% ç.yaml', 'tab\tand\nline.yaml'])(
    'a file called %s runs, and its line finds it again',
    (name) => {
      const path = inFolder(name, story('A name'));
      const [result] = resultsAt([path], wanted);
      expect(result?.ok).toBe(true);
      const line = result?.story ?? '';
      expect(line).not.toMatch(/['\s]/);
      const read = parseTrace(line);
      expect(read.ok && pathsFor([read.trace.scenario])).toEqual([path]);
    },
  );
});

describe('a JUnit report', () => {
  it('is well-formed whatever a title says, and knows files and times', () => {
    const [result] = resultsAt([good], wanted);
    if (result === undefined) throw new Error('nothing ran');
    const title = '\u0000\u001b]0;x\u0007 \ufffe\uffff \ud800 <&>"\' ]]> \u202e\u0085\n';
    const report = junit([
      { ...result, title, without: title, problems: [{ is: 'wrong input', lines: [title, title] }] },
    ]);
    // What XML 1.0 has as characters, section 2.2, without those that a terminal obeys.
    expect(report).toMatch(/^[\t\n\u0020-\u007e\u00a0-\u200d\u2010-\ud7ff\ue000-\ufffd]*$/u);
    expect(report.match(/<(?!\/?(?:testsuite|testcase|error)\b|\?xml )/g)).toBeNull();
    expect(report.replaceAll(/&(?:amp|lt|gt|quot|#\d+);/g, '')).not.toContain('&');
    expect(report).toMatch(/ file="[^"]*good\.yaml" time="\d+\.\d{3}"/);
    expect(report).toMatch(/<testsuite name="hearsay" tests="1" failures="0" errors="1" time="/);
  });
});
