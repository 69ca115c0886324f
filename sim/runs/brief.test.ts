/** Runs as text to read through: nothing of a transcript is lost but what charts heard, and a turned run tells only what is its own. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { briefText } from './brief.ts';
import { partBreak, turnedMark, writtenPart } from './brief-parts.ts';
import { runStory } from './run.ts';
import { transcript } from './transcript.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const runs = (): { readonly base: Run; readonly other: Run } => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  const [first] = parsed.scenario.without;
  if (first === undefined) throw new Error(`${id} turns nothing`);
  return { base: runStory(parsed.scenario), other: runStory(parsed.scenario, { turns: first.turns }) };
};
const { base, other } = runs();
const stepsIn = (text: string): readonly string[] => text.match(/^\d+\. .*$/gm) ?? [];

describe('a run as text to read through', () => {
  const text = briefText(base, []);

  it('has every step, the verdicts and the line that replays it', () => {
    expect(stepsIn(text)).toEqual(stepsIn(transcript(base)));
    expect(text.split('\n').slice(-7)).toEqual(transcript(base).split('\n').slice(-7));
    expect(text.length).toBeLessThan(transcript(base).length * 0.7);
  });

  it('says of every clause, request and delivery what the transcript says, under whoever it is about', () => {
    for (const moment of base.steps.flatMap(({ moments }) => moments)) {
      if (moment.kind === 'clause') expect(text).toContain(moment.clause);
      if (moment.kind === 'request') expect(text).toMatch(new RegExp(`^  ${moment.from.replaceAll('.', '\\.')}$`, 'm'));
    }
    expect(text).toContain(
      '    delivery for alice.phone  m.room.encrypted holding m.secret.push m.megolm_backup.v1; sealed;',
    );
    expect(text).toContain('    clause secret-push  4385-push-cross-signed-only REFUSES');
    expect(text).not.toContain('heard');
  });

  it('writes a long list of clauses once, and points to it afterwards', () => {
    const lists = text.match(/(?:permit|done): .*, .*, .*/g) ?? [];
    expect(lists.length).toBeGreaterThan(0);
    expect(new Set(lists).size).toBe(lists.length);
    for (const [, many, nth] of text.matchAll(/(?:permit|done): the same (\d+) as in step (\d+)/g)) {
      const there = text.split(/\n(?=\d+\. )/)[Number(nth)] ?? '';
      expect([...there.matchAll(/(?:permit|done): (.*)/g)].map(([, list = '']) => list.split(', ').length)).toContain(
        Number(many),
      );
    }
  });
});

describe('a run with a setting turned', () => {
  const whole = briefText(base, [other, base]);
  const [written, part = '', same] = whole.split(partBreak);

  it('stands below the run as it is written, under what is turned, in words and by its key', () => {
    expect(`${written}\n`).toBe(briefText(base, []));
    expect(writtenPart(whole)).toBe(written);
    const head = 'Without “Only take pushes from cross-signed devices” (4385-push-cross-signed-only)';
    expect(part.split('\n')[0]).toBe(`${turnedMark(0)}. ${head}`);
    expect(whole.split(turnedMark(0))).toHaveLength(2);
  });

  it('is told from where it parts: a clause that is off and would have permitted changed nothing', () => {
    expect(part).toContain('\nThe first 5 steps are as above.\n\n6. alice.phone syncs\n');
    const step =
      'begins as step 6 above, and then\n  alice.phone\n    clause secret-push  4385-push-cross-signed-only is off';
    expect(part).toContain(`  ${step} (would refuse)\n`);
    expect(part).toContain('\n7 to 8. As above.\n');
    expect(same).toMatch(/\nThe same in every step\.\n$/);
  });

  it('has its own verdicts and its own line', () => {
    expect(part).toContain('secret-authenticity   breaks at alice.phone in step 5, certain in step 6');
    expect(part).toContain(
      "replay: 'secret-push/a-stolen-token-cannot-plant-a-backup-key?off=4385-push-cross-signed-only&",
    );
  });

  it('loses nothing: what a step says stands there, or in the step above that it begins as', () => {
    const sixth = (text: string): readonly string[] =>
      (text.split(/\n(?=\d+\. )/).find((step) => step.startsWith('6. ')) ?? '').split('\n\n')[0]?.split('\n') ?? [];
    // Lists of clauses may be counted, where they stand above.
    const lines = (text: string) => sixth(text).filter((line) => line !== '' && !line.includes('permit: '));
    const here = lines(part);
    const there = new Set([...here, ...lines(written ?? '')]);
    const alone = lines(briefText(other, []));
    expect(alone.length).toBeGreaterThan(here.length);
    expect(alone.filter((line) => !there.has(line))).toEqual([]);
    expect(alone.slice(3 - here.length)).toEqual(here.slice(3));
  });
});
