/** Every scenario: verdicts as people wrote them, the transcript as it was reviewed, and the same again from its trace. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scenario, Without } from '../sim/engine/types.ts';
import { verdictsOf } from '../sim/explorer/verdicts.ts';
import { replayCommand } from '../sim/runs/replay-command.ts';
import { replay, runStories } from '../sim/runs/run.ts';
import { formatTrace, parseTrace } from '../sim/runs/trace.ts';
import { transcript } from '../sim/runs/transcript.ts';
import { checkClaims, endlessIn, expectedOf, lineFaults } from '../sim/scenario/claims.ts';
import { errorLine, parseScenario } from '../sim/scenario/parse.ts';

const load = (file: string): Scenario => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
  if (parsed.ok) return parsed.scenario;
  throw new Error(parsed.errors.map((error) => errorLine(file, error)).join('\n'));
};

describe.each(globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] }).sort())('%s', (file) => {
  const scenario = load(file);
  const told = file.replace(/\.yaml$/, '.txt');

  let runs: ReturnType<typeof runStories> | null = null;
  const played = () => {
    runs ??= runStories(scenario, scenario.without);
    return runs;
  };
  const verdictsWith = (without: Without | null) => {
    if (scenario.explore !== null) return verdictsOf(scenario, { turns: without?.turns ?? [] });
    const { story, variants } = played();
    return without === null ? story : (variants[scenario.without.indexOf(without)] ?? story);
  };

  it.each([null, ...scenario.without])('reaches the verdicts it expects ($key)', (without) => {
    const { judgements, trace } = verdictsWith(without);
    const wrong = checkClaims(expectedOf(scenario, without), judgements).flatMap(({ expected, wrong: why }) =>
      why === null ? [] : [`${expected.guarantee}: ${why}`],
    );
    expect(wrong, trace === null ? '' : replayCommand(formatTrace(trace))).toEqual([]);
  });

  it.runIf(scenario.explore === null)(
    'is told as it is written: no line is refused or without effect unless it says so',
    () => {
      const { story, variants } = played();
      expect(lineFaults(story, variants).map(({ text }) => text)).toEqual([]);
      expect(variants.flatMap(endlessIn)).toEqual([]);
    },
  );

  if (scenario.explore !== null) {
    it('breaks with real bytes wherever terms break', () => {
      for (const { turns } of scenario.without)
        for (const { guarantee, trace, at } of verdictsOf(scenario, { turns }).exploration?.found ?? [])
          if (trace !== null)
            expect(replay(scenario, trace).judgements.find((one) => one.guarantee === guarantee)?.at).toBe(at);
    });
    return; // free play is not one run: there is no transcript of it
  }

  it('is told as the transcript beside it, and the same again from its line', () => {
    const run = played().story;
    const text = transcript(run);
    expect(existsSync(told), `no ${told}: read the run, then npx hearsay bless ${scenario.id}`).toBe(true);
    expect(text, `if the change is meant, read it, then npx hearsay bless ${scenario.id}`).toBe(
      readFileSync(told, 'utf8'),
    );
    const line = parseTrace(formatTrace(run.trace));
    if (!line.ok) throw new Error(line.error.message);
    expect(transcript(replay(scenario, line.trace))).toBe(text);
  });
});
