import { readFileSync } from 'node:fs';
import { realSuite } from '../../crypto/node/suite.ts';
import { runStory } from '../../runs/run.ts';
import { transcript } from '../../runs/transcript.ts';
import type { Command } from '../command.ts';
import { aTranscript } from '../file-kinds.ts';
import { load, pathsFor } from '../library.ts';
import { exitCodes } from '../outcome.ts';
import { idOf, libraryIds, namedOrOwn, stemOf, toldPath } from '../places.ts';
import { outcomeOf, resultsAt } from '../results.ts';
import { complain, green, Mistake, print, red } from '../terminal.ts';
import { writeOf } from '../writing.ts';

/** The transcript's file, beside the scenario's. */
export const transcriptPath = (path: string): string => `${stemOf(path)}.txt`;

/** Whether the transcript reads so already; one that cannot be read does not. */
const isSaid = (file: string, text: string): boolean => {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
};

export const bless: Command = {
  usage: 'bless [scenario …]',
  text: 'Rewrites the transcripts of scenarios whose verdicts are as expected: of the folder scenarios/ where you stand, or of the library, where none is named. Verdicts are written by people: it never touches them.',
  flags: {},
  names: libraryIds,
  run: ({ words }) => {
    let code = 0;
    const lost: string[] = [];
    for (const path of pathsFor(namedOrOwn(words))) {
      const results = resultsAt([path], { suite: realSuite, withVariants: true, withPlay: true });
      const outcome = outcomeOf(results);
      if (outcome !== 'as expected') {
        const why = results.flatMap(({ problems }) => problems.flatMap(({ lines }) => lines.slice(0, 1)));
        print(
          `${red('refused')}  ${idOf(path)}: ${why[0] ?? `its verdicts are not as expected, see hearsay run ${idOf(path)}`}`,
        );
        code = Math.max(code, exitCodes[outcome]);
        continue;
      }
      const { scenario } = load(path);
      if (scenario.explore !== null) continue; // free play is not one run
      const text = transcript(runStory(scenario, { suite: realSuite }));
      const file = transcriptPath(path);
      try {
        if (isSaid(file, text)) continue;
        writeOf(aTranscript, toldPath(file), file, text);
        print(`${green('written')}  ${toldPath(file)}`);
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        lost.push(error.message);
      }
    }
    for (const one of lost) complain(one);
    return lost.length === 0 ? code : Math.max(code, exitCodes['wrong input']);
  },
};
