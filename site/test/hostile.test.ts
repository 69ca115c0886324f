/** What somebody who means harm may write: it is refused with its place, or it ends within bounds and is shown as text. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import { sequenceSvg } from '../../sim/runs/figures/sequence.ts';
import { runStory } from '../../sim/runs/run.ts';
import { transcript } from '../../sim/runs/transcript.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { isShowable } from '../../sim/scenario/showing.ts';
import { readAddress } from '../address.ts';
import { benchViews } from '../views/bench.ts';
import { htmlOf } from '../views/html.ts';
import { type Hostile, hostileTexts, mark, scenarioWith } from './hostile.ts';
import { hostileFiles, hostileLinks } from './hostile-links.ts';

/** Of the processor, which a busy machine does not make longer. */
const msOf = <T>(use: () => T): { readonly ms: number; readonly result: T } => {
  const before = process.cpuUsage();
  const result = use();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
};
const msMax = 2000;

/** Every tag in markup, as a browser would see it: what is escaped is none. */
const tagsIn = (html: string): readonly string[] => html.match(/<[^\s<>/!][^<>]*>/g) ?? [];

const hostileNamed = (kind: string, name: string): Hostile => {
  const found = hostileTexts.find((one) => one.kind === kind && one.name === name);
  if (found === undefined) throw new Error(`there is no hostile text “${name}”`);
  return found;
};

describe('a hostile text', () => {
  it('is one of at least two hundred, and the text that is spoilt runs', () => {
    expect(new Set(hostileTexts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(200);
    expect(parseScenario(scenarioWith({}), 'hostile/plain').ok).toBe(true);
  });

  it.each(hostileTexts.map(({ kind, name }) => [kind, name] as const))('%s: %s', (kind, name) => {
    // Found by its name: runners print what a case is given, and some of these are megabytes.
    const { text, fate } = hostileNamed(kind, name);
    const { ms, result: parsed } = msOf(() => parseScenario(text, 'hostile/one'));
    expect(ms).toBeLessThan(msMax);
    expect(parsed.ok ? 'runs' : 'refused', parsed.ok ? '' : JSON.stringify(parsed.errors.slice(0, 3))).toBe(fate);
    if (!parsed.ok) {
      const lines = text.split(/\r\n|\r|\n/).length;
      for (const { line, column, message, expected } of parsed.errors) {
        expect(line >= 1 && line <= lines && column >= 1).toBe(true);
        expect(message.length > 3 && expected.length > 1).toBe(true);
        expect(isShowable(`${message}${expected}`)).toBe(true);
      }
      return;
    }
    const told = msOf(() => {
      const run = runStory(parsed.scenario, { suite: makeSymbolicSuite });
      return {
        text: transcript(run),
        html: [sequenceSvg(run), ...Object.values(benchViews(run, [], null)).map((view) => htmlOf(view))].join(''),
      };
    });
    expect(told.ms).toBeLessThan(msMax);
    expect(told.result.text).toContain(parsed.scenario.title.slice(0, 20));
    expect(
      tagsIn(told.result.html).filter(
        (tag) => tag.includes(mark) || /^<(?:script|iframe|style|img)\b|\son\w+\s*=|javascript:/i.test(tag),
      ),
    ).toEqual([]);
  });

  it('leaves nothing behind in what all objects share', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(mark in globalThis).toBe(false);
  });
});

describe('a hostile link', () => {
  it.each(hostileLinks.map(({ name, fate }) => [name, fate] as const))('%s is %s', (name, fate) => {
    const search = hostileLinks.find((one) => one.name === name)?.search ?? '';
    const { ms, result } = msOf(() => readAddress(search));
    expect(ms).toBeLessThan(msMax);
    expect(result.ok ? 'read' : 'refused').toBe(fate);
    if (result.ok) return;
    expect(result.why.length).toBeGreaterThan(10);
    expect(result.why.length).toBeLessThan(200);
    expect(isShowable(result.why)).toBe(true);
  });
});

describe('a file that is none of ours', () => {
  it.each(hostileFiles.map(({ name }) => name))('%s is refused with its place', (name) => {
    const bytes = hostileFiles.find((one) => one.name === name)?.bytes;
    const { ms, result } = msOf(() => parseScenario(new TextDecoder().decode(bytes), 'hostile/file'));
    expect(ms).toBeLessThan(msMax);
    expect(result.ok ? [] : result.errors.map(({ line, column }) => line >= 1 && column >= 1)).toContain(true);
  });
});
