import { realSuite } from '../../crypto/node/suite.ts';
import type { Run } from '../../engine/types.ts';
import { commentOf } from '../../runs/export/comment.ts';
import { pageLink } from '../../runs/export/github.ts';
import { itf } from '../../runs/export/itf.ts';
import { runJson } from '../../runs/export/json.ts';
import { mermaid } from '../../runs/export/mermaid.ts';
import { shiviz } from '../../runs/export/shiviz.ts';
import { sequenceSvg } from '../../runs/figures/sequence.ts';
import { runStory } from '../../runs/run.ts';
import { transcript } from '../../runs/transcript.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { aScenario, exportKinds } from '../file-kinds.ts';
import { oneScenario } from '../library.ts';
import { isThere, libraryIds, resolved } from '../places.ts';
import { Mistake, print } from '../terminal.ts';
import { turningFlag, turnsFlag } from '../turns-flag.ts';
import { checkOut, writeOf } from '../writing.ts';
import { runOfLine } from './replay.ts';

/** What is written: a run, the other runs of its scenario, and the address of its page. */
type Told = { readonly run: Run; readonly siblings: () => readonly Run[]; readonly address: string | null };

const formats: ReadonlyMap<string, (told: Told) => string> = new Map([
  ['svg', ({ run }: Told) => sequenceSvg(run, { standalone: true })],
  ['mermaid', ({ run }: Told) => mermaid(run)],
  ['shiviz', ({ run }: Told) => shiviz(run)],
  ['itf', ({ run }: Told) => itf(run)],
  ['json', ({ run }: Told) => runJson(run)],
  ['text', ({ run }: Told) => transcript(run)],
  ['comment', ({ run, siblings, address }: Told) => commentOf(run, { siblings: siblings(), address })],
]);

const storyOf = (given: Given): Run => {
  const { scenario } = oneScenario(given.words);
  return runStory(scenario, { turns: turnsFlag(given, 'without', scenario), suite: realSuite });
};

/** The other runs of a story. Beside a run in another order of events they would compare what cannot be compared. */
const siblingsOf = ({ scenario, trace }: Run): readonly Run[] => {
  if (scenario.explore !== null) return [];
  const { seed } = trace;
  const played = (turns: Run['trace']['turns']): Run => runStory(scenario, { turns, seed, suite: realSuite });
  if (played(trace.turns).trace.choices.join() !== trace.choices.join()) return [];
  return [[], ...scenario.without.map(({ turns }) => turns)]
    .filter((turns) => JSON.stringify(turns) !== JSON.stringify(trace.turns))
    .map(played);
};

export const exporting: Command = {
  usage:
    "export SCENARIO|'LINE' --svg|--mermaid|--shiviz|--itf|--json|--text|--comment [--without 'KEY'] [--page URL] [--out FILE]",
  text: 'Writes a run as a picture, a diagram’s source, a log, JSON, or a comment to paste.',
  flags: {
    svg: { type: 'boolean', text: 'the sequence diagram, as a picture that stands by itself' },
    mermaid: { type: 'boolean', text: 'the sequence diagram as Mermaid source' },
    shiviz: { type: 'boolean', text: 'a ShiViz log: host, event, vector clock' },
    itf: { type: 'boolean', text: 'a trace in the Informal Trace Format, as tools of Quint and TLA+ read it' },
    json: { type: 'boolean', text: 'the whole run' },
    text: { type: 'boolean', text: 'the transcript' },
    comment: {
      type: 'boolean',
      text: 'Markdown for a comment on GitHub: the verdict in three lines, a picture, the transcript folded, the line that replays it',
    },
    page: { type: 'string', value: 'URL', text: 'with --comment: the address of a page that it links to' },
    without: turningFlag,
    out: { type: 'string', value: 'FILE', text: 'write to a file' },
  },
  names: libraryIds,
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
    const address = textFlag(given, 'page') ?? null;
    if (address !== null && format !== 'comment') throw new Mistake('--page goes with --comment');
    if (address !== null && pageLink(address).length === 0)
      throw new Mistake('--page expects an address of the web, as in https://example.org/scenarios/…');
    const out = textFlag(given, 'out');
    const kind = exportKinds[format ?? ''] ?? aScenario;
    if (out !== undefined) checkOut(kind, `--out ${out}`, out);
    const run = isLine ? runOfLine(given.words) : storyOf(given);
    const text = written({ run, siblings: () => siblingsOf(run), address });
    if (out === undefined) print(text.trimEnd());
    else writeOf(kind, `--out ${out}`, out, text);
    return 0;
  },
};
