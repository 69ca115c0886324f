import type { Run } from '../../engine/types.ts';
import { runJson } from '../../runs/export/json.ts';
import { mermaid } from '../../runs/export/mermaid.ts';
import { shiviz } from '../../runs/export/shiviz.ts';
import { sequenceSvg } from '../../runs/figures/sequence.ts';
import { runStory } from '../../runs/run.ts';
import { transcript } from '../../runs/transcript.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { oneScenario } from '../library.ts';
import { isThere, resolved } from '../places.ts';
import { realSuite } from '../suite.ts';
import { Mistake, print } from '../terminal.ts';
import { turningFlag, turnsFlag } from '../turns-flag.ts';
import { write } from '../writing.ts';
import { runOfLine } from './replay.ts';

const formats: ReadonlyMap<string, (run: Run) => string> = new Map([
  ['svg', (run: Run) => sequenceSvg(run, { standalone: true })],
  ['mermaid', mermaid],
  ['shiviz', shiviz],
  ['json', runJson],
  ['text', transcript],
]);

const storyOf = (given: Given): Run => {
  const { scenario } = oneScenario(given.words);
  return runStory(scenario, { turns: turnsFlag(given, 'without', scenario), suite: realSuite });
};

export const exporting: Command = {
  usage: "export SCENARIO|'LINE' --svg|--mermaid|--shiviz|--json|--text [--without 'KEY'] [--out FILE]",
  text: 'Writes a run as a picture, a diagram’s source, a log or JSON.',
  flags: {
    svg: { type: 'boolean', text: 'the sequence diagram, as a picture that stands by itself' },
    mermaid: { type: 'boolean', text: 'the sequence diagram as Mermaid source' },
    shiviz: { type: 'boolean', text: 'a ShiViz log: host, event, vector clock' },
    json: { type: 'boolean', text: 'the whole run' },
    text: { type: 'boolean', text: 'the transcript' },
    without: turningFlag,
    out: { type: 'string', value: 'FILE', text: 'write to a file' },
  },
  run: (given) => {
    const names = [...formats.keys()];
    const [format, second] = names.filter((name) => given.flags[name] === true);
    const written = formats.get(format ?? '');
    if (written === undefined || second !== undefined)
      throw new Mistake(`one of ${names.map((name) => `--${name}`).join(', ')} expected`);
    const [word] = given.words;
    const isLine = word?.includes('?') === true && !isThere(resolved(word));
    if (isLine && given.flags.without !== undefined)
      throw new Mistake('a line says itself which settings are turned: --without goes with a scenario');
    const told = isLine ? runOfLine(given.words) : storyOf(given);
    const text = written(told);
    const out = textFlag(given, 'out');
    if (out === undefined) print(text.trimEnd());
    else write(`--out ${out}`, out, text);
    return 0;
  },
};
