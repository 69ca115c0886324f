/**
 * Every story, as it stands and with each setting it turns: terms and bytes come to the same judgement at the same step.
 */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run, Scenario } from '../engine/types.ts';
import { runStories, runStory } from '../runs/run.ts';
import { parseScenario } from '../scenario/parse.ts';

const files = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] }).sort();

const scenarioOf = (file: string): Scenario => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
  if (!parsed.ok) throw new Error(`${file} is no scenario: ${parsed.errors[0]?.message}`);
  return parsed.scenario;
};

/** What a run says, without the sentences, in which keys and ids are quoted. */
const outcome = (run: Run) => ({
  choices: run.trace.choices,
  judgements: run.judgements.map(({ guarantee, verdict, cause, certain, at, missed, acceptedBy, shadow }) => ({
    guarantee,
    verdict,
    cause,
    certain,
    at,
    missed,
    acceptedBy,
    shadow,
  })),
  // Not only the verdicts: what is sent, opens, is discarded and is said is the same, moment for moment.
  moments: run.steps.map(({ moments }) =>
    moments.map((moment) => {
      switch (moment.kind) {
        case 'request':
          return [moment.kind, moment.from, moment.to, moment.method, moment.status];
        case 'delivery':
          return [moment.kind, moment.to, moment.event.type, moment.opened?.type];
        case 'discarded':
          return [moment.kind, moment.player, moment.event.type, moment.why];
        case 'clause':
          return [moment.kind, moment.player, moment.clause, moment.says, moment.off];
        case 'state':
          return [moment.kind, moment.player, moment.chart, moment.from, moment.to];
        default:
          return [moment.kind];
      }
    }),
  ),
});

describe('both suites', () => {
  it('have stories to tell', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)('agree on %s', (file) => {
    const scenario = scenarioOf(file);
    const { story, variants } = runStories(scenario, scenario.without, { suite: 'real' });
    for (const [nth, real] of [story, ...variants].entries()) {
      const symbolic = runStory(scenario, { turns: scenario.without[nth - 1]?.turns ?? [], suite: 'symbolic' });
      expect(outcome(symbolic)).toEqual(outcome(real));
      // They are really two, wherever a story has any line at all.
      if (real.steps.length > 0) expect(JSON.stringify(symbolic.steps)).not.toBe(JSON.stringify(real.steps));
    }
  });
});
