import { arenaOf } from '../../explorer/arenas.ts';
import { replay as replayTrace } from '../../run.ts';
import { parseTrace } from '../../trace.ts';
import { transcript } from '../../transcript.ts';
import type { Run } from '../../types.ts';
import type { Command } from '../command.ts';
import { oneScenario } from '../library.ts';
import { realSuite } from '../suite.ts';
import { Mistake, print } from '../terminal.ts';

/** The run a line describes. Throws a `Mistake` for a line that describes none. */
export const runOfLine = (words: readonly string[]): Run => {
  const [line, ...rest] = words;
  if (line === undefined || rest.length > 0)
    throw new Mistake('one line expected, in single quotes, as a run prints it');
  const parsed = parseTrace(line);
  if (!parsed.ok) throw new Mistake(`${parsed.error.message}: ${parsed.error.expected} expected`);
  // What an ablation finds happens in an arena, which is no file.
  const scenario = arenaOf(parsed.trace.scenario)?.scenario ?? oneScenario([parsed.trace.scenario]).scenario;
  try {
    return replayTrace(scenario, parsed.trace, realSuite);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no choice ')) throw new Mistake(error.message);
    throw error;
  }
};

export const replay: Command = {
  usage: "replay 'LINE'",
  text: 'Runs again exactly what a line describes, and tells it.',
  flags: {},
  run: ({ words }) => {
    print(transcript(runOfLine(words)).trimEnd());
    return 0;
  },
};
