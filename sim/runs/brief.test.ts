/** Runs as text to read through: nothing of a transcript is lost but what charts heard, and a turned run tells only what is its own. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { briefFork, briefText } from './brief.ts';
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
  const text = briefText(base);

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
  const text = briefFork(base, other, 'run.txt');

  it('is told from where it parts: a clause that is off and would have permitted changed nothing', () => {
    expect(text).toContain('\n1 to 5. As in run.txt.\n\n6. alice.phone syncs\n');
    expect(text).toContain('4385-push-cross-signed-only is off (would refuse)');
  });

  it('has its own verdicts and its own line', () => {
    expect(text).toContain('secret-authenticity   breaks at alice.phone in step 5, certain in step 6');
    expect(text).toContain(
      "replay: 'secret-push/a-stolen-token-cannot-plant-a-backup-key?off=4385-push-cross-signed-only&",
    );
  });
});
