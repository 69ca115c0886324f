import { realSuite } from '../../crypto/node/suite.ts';
import type { Run, Scenario } from '../../engine/types.ts';
import { replay as replayTrace, runStory } from '../../runs/run.ts';
import { parseTrace } from '../../runs/trace.ts';
import { transcript } from '../../runs/transcript.ts';
import { nearest } from '../../scenario/nearest.ts';
import { turnableIn, wrongTurns } from '../../scenario/turns.ts';
import type { Command } from '../command.ts';
import { oneScenario } from '../library.ts';
import { arenaFiles, idOf, libraryFiles } from '../places.ts';
import { Mistake, print } from '../terminal.ts';

/** The scenario that a line names, and no other: part of a name is not enough where verdicts are repeated. */
const scenarioOfLine = (id: string): Scenario => {
  const { scenario } = oneScenario([id]);
  if (scenario.id === id || /\.ya?ml$/i.test(id)) return scenario;
  const near = nearest(id, [...libraryFiles(), ...arenaFiles()].map(idOf)) ?? scenario.id;
  throw new Mistake(`no scenario “${id}”: did you mean ${near}?`);
};

/** The run a line describes. Throws a `Mistake` for a line that describes none. */
export const runOfLine = (words: readonly string[]): Run => {
  const [line, ...rest] = words;
  if (line === undefined || rest.length > 0)
    throw new Mistake('one line expected, in single quotes, as a run prints it');
  if (/^(?:npx )?hearsay |^'.*'$/.test(line))
    throw new Mistake("only what stands between the quotes is expected, as in npx hearsay replay '…'");
  const parsed = parseTrace(line);
  if (!parsed.ok) throw new Mistake(`${parsed.error.message}: ${parsed.error.expected} expected`);
  const { trace, asWritten } = parsed;
  const scenario = scenarioOfLine(trace.scenario);
  const [wrong] = wrongTurns(trace.turns, turnableIn(scenario));
  if (wrong !== undefined)
    throw new Mistake(
      `${wrong.message}; ${wrong.nearest === null ? `expected ${wrong.expected}` : `did you mean ${wrong.nearest}?`}`,
    );
  if (asWritten === true) {
    if (scenario.explore !== null)
      throw new Mistake(`${scenario.id} is free play, which has no order of its own: run=choice.choice expected`);
    return runStory(scenario, { turns: trace.turns, seed: trace.seed, suite: realSuite });
  }
  try {
    return replayTrace(scenario, trace, realSuite);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no choice ')) throw new Mistake(error.message);
    throw error;
  }
};

export const replay: Command = {
  usage: "replay 'LINE'",
  text: 'Runs again exactly what a line describes, and tells it; without run= the scenario as it is written.',
  flags: {},
  run: ({ words }) => {
    print(transcript(runOfLine(words)).trimEnd());
    return 0;
  },
};
