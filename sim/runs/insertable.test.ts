import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../scenario/completions.ts';
import { parseScenario } from '../scenario/parse.ts';
import { actorsOf } from '../scenario/story.ts';
import { inserted, spliced } from '../scenario/story-edits.ts';
import { type Insertable, insertable } from './insertable.ts';
import { runStory } from './run.ts';

const planted = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');
const invited = readFileSync('scenarios/key-bundle/history-comes-along-with-an-invitation.yaml', 'utf8');
const scenarioOf = (text: string) => {
  const parsed = parseScenario(text, 'x');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const at = (text: string, nth: number, who: string): readonly Insertable[] =>
  insertable(scenarioOf(text), namesIn(text, 0), nth, who);
const lines = (all: readonly Insertable[]): readonly string[] => all.map(({ line }) => line);

describe('what can be put in', () => {
  it('is what the one who acts can do there: a device that is not there yet does nothing', () => {
    expect(lines(at(planted, 0, 'mallory'))).not.toContain('mallory: create backup');
    expect(lines(at(planted, 3, 'mallory'))).toContain('mallory: create backup');
    // There is nobody who asks, so that nobody can accept.
    expect(lines(at(planted, 0, 'alice.phone'))).not.toContain('alice.phone: accept');
    expect(lines(at(planted, 0, 'alice.phone'))).toContain('alice.phone: sync');
    expect(lines(at(invited, 2, 'bob'))).not.toContain('bob: { join: den }');
    expect(lines(at(invited, 5, 'bob'))).toContain('bob: { join: den }');
    expect(at(planted, 0, 'nobody')).toEqual([]);
  });

  it('is said as a sentence, with the moves that the attacker would be offered', () => {
    const push = at(planted, 4, 'mallory').find(({ line }) => /push secret: m\.megolm.*to: alice\.laptop/.test(line));
    expect(push).toMatchObject({
      verb: 'push secret',
      sentence: 'mallory pushes secret m.megolm_backup.v1 to alice.laptop',
    });
  });

  it.each([
    ['a push', planted, 3],
    ['an invitation', invited, 5],
  ])('is done in the story once it is put in, and nothing of it is refused: %s', (_what, text, nth) => {
    const names = namesIn(text, 0);
    for (const who of actorsOf(names)) {
      const all = insertable(scenarioOf(text), names, nth, who);
      // Updates are many of a kind.
      const few = [...Map.groupBy(all, ({ verb }) => verb).values()].flatMap((some) => some.slice(0, 1));
      expect(few.length, who).toBeGreaterThan(0);
      for (const { line } of few) {
        const splice = inserted(text, nth, line);
        const told = scenarioOf(splice === null ? '' : spliced(text, splice));
        const run = runStory(told, { suite: 'symbolic', guarantees: [] });
        const [place] = told.places?.[nth] ?? [];
        expect(
          run.refused.filter((one) => one.place?.line === place?.line).map(({ refusal }) => refusal?.reason),
          line,
        ).toEqual([]);
      }
    }
  });
});
