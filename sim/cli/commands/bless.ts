import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { runStory } from '../../run.ts';
import { transcript } from '../../transcript.ts';
import type { Command } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { resultsOf } from '../results.ts';
import { realSuite } from '../suite.ts';
import { green, print, red } from '../terminal.ts';

/** The transcript's file, beside the scenario's. */
export const transcriptPath = (path: string): string => path.replace(/\.ya?ml$/, '.txt');

export const bless: Command = {
  usage: 'bless [scenario …]',
  text: 'Rewrites the transcripts of scenarios whose verdicts are as expected. Verdicts are written by people: it never touches them.',
  flags: {},
  run: ({ words }) => {
    let refused = 0;
    for (const { scenario, path } of scenariosFor(words)) {
      if (!resultsOf([scenario], realSuite).every(({ ok }) => ok)) {
        print(`${red('refused')}  ${scenario.id}: its verdicts are not as expected, see hearsay run ${scenario.id}`);
        refused += 1;
        continue;
      }
      if (scenario.explore !== null) continue; // free play is not one run
      const text = transcript(runStory(scenario, { suite: realSuite }));
      const file = transcriptPath(path);
      if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
      writeFileSync(file, text);
      print(`${green('written')}  ${relative(process.cwd(), file)}`);
    }
    return refused === 0 ? 0 : 1;
  },
};
