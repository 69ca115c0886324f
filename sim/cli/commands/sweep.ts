import { type Command, type Given, textFlag } from '../command.ts';
import { aRecord, aSweepReport } from '../file-kinds.ts';
import { scenariosFor } from '../library.ts';
import { isThere, resolved, toldPath } from '../places.ts';
import { longestText, readText } from '../reading.ts';
import {
  type Asked,
  crewFlags,
  doneIn,
  headOf,
  inShare,
  knownOf,
  recordFrom,
  recordOf,
  shareOf,
  tellSetAside,
  withCrew,
} from '../sweep/crew.ts';
import { held } from '../sweep/held.ts';
import { type RunCame, type RunTask, runKind } from '../sweep/kinds/run.ts';
import { type Plan, planDigest, planOf, readSweep } from '../sweep/plan.ts';
import { doneLine, headLine, type Known, setAsideLine } from '../sweep/record.ts';
import { type Report, reportOf } from '../sweep/report.ts';
import { shelfOf } from '../sweep/shelf.ts';
import { Mistake, plural, print, verdictWord } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

const jobsMax = 1_000_000;

type Files = readonly (readonly [what: string, file: string | undefined])[];
/** Nothing is read twice, nothing that is read is written over, and nothing is written twice. Throws a `Mistake` where two are one file. */
const apart = (read: Files, toWrite: Files): void => {
  const seen = new Map<string, string>();
  const see = ([what, file]: Files[number], twice: (file: string, other: string) => string): void => {
    if (file === undefined) return;
    const path = resolved(file);
    const other = seen.get(path);
    if (other !== undefined) throw new Mistake(twice(file, other));
    seen.set(path, what);
  };
  for (const one of read) see(one, (file) => `${file} is named twice: each file once expected`);
  for (const one of toWrite)
    see(one, (file, other) => `${one[0]} ${file}: that is ${other}, and would be written over`);
};

/** What a file of a sweep asks for, and all that its jobs need. Throws a `Mistake` that says what is wrong with it. */
const planFrom = (word: string): { readonly plan: Plan; readonly asked: Asked<RunTask, RunCame> } => {
  const path = resolved(word);
  const file = readText(path);
  if (!file.ok) throw new Mistake(`${toldPath(path)} ${file.why}`);
  const read = readSweep(file.text, toldPath(path));
  if (!read.ok) throw new Mistake(read.mistakes.join('\n'));
  const { sweep: asked } = read;
  const scenarios = scenariosFor(asked.scenarios);
  const count = scenarios.length * asked.settings.length * asked.seeds;
  if (count > jobsMax)
    throw new Mistake(
      `${word} asks for ${plural(scenarios.length, 'scenario')} × ${plural(asked.settings.length, 'setting')} × ${plural(asked.seeds, 'seed')}, which are more than ${jobsMax} runs: make it several`,
    );
  const plan = planOf(
    asked,
    scenarios.map(({ scenario }) => scenario),
  );
  const [left] = plan.left;
  // What no scenario at all has is most likely misspelt.
  for (const setting of asked.settings) {
    const lacking = plan.left.filter((one) => one.setting === setting);
    if (lacking[0] !== undefined && lacking.length === scenarios.length)
      throw new Mistake(`${word}: no scenario has the setting “${setting}”: ${lacking[0].why}`);
  }
  if (plan.jobs.length > 0) {
    const shelf = shelfOf(scenarios);
    return { plan, asked: { kind: runKind, shelf, plan: planDigest(plan.jobs, shelf) } };
  }
  throw new Mistake(
    left === undefined
      ? `${word} asks for nothing: free play has no story, and is gone through with walks: 60`
      : `${word} asks for nothing that there is: ${left.setting} in ${left.scenario}: ${left.why}`,
  );
};

const tell = ({ rows, left, missing, jobs }: Report, plan: Plan, known: Known<RunCame>): void => {
  for (const { scenario, setting, runs, breaks } of rows) {
    print(`${scenario} (${setting}): ${plural(runs, 'run')}${breaks.length === 0 ? ', nothing breaks' : ''}`);
    for (const { guarantee, verdict, runs: times, at, replay } of breaks) {
      print(`  ${verdictWord(verdict)} ${guarantee} in ${times}${at === null ? '' : `, first at ${at}`}`);
      print(`      npx hearsay replay '${replay}'`);
    }
  }
  for (const { scenario, setting, why } of left) print(`left out: ${setting} in ${scenario}: ${why}`);
  tellSetAside(runKind, plan.jobs, known);
  if (missing.length > 0) print(`${plural(missing.length, 'job')} of ${jobs} not done, first ${missing[0]}`);
};

/** Tells what a plan came to, writes it where that is wanted. */
const telling = (
  plan: Plan,
  asked: Asked<RunTask, RunCame>,
  known: Known<RunCame>,
  out: string | undefined,
): Report => {
  const report = reportOf(plan, headOf(asked), known);
  tell(report, plan, known);
  if (out !== undefined) writeOf(aSweepReport, `--out ${out}`, out, `${JSON.stringify(report, null, 2)}\n`);
  return report;
};

const ownFile = ({ words }: Given): string => {
  const [word, another] = words;
  if (word === undefined) throw new Mistake('name the file of a sweep, as in npx hearsay sweep sweep.yaml');
  if (another !== undefined) throw new Mistake('name one file of a sweep');
  return word;
};

export const sweep: Command = {
  usage: 'sweep FILE [--workers N] [--shard I/N] [--redis URL] [--record FILE] [--out FILE]',
  text: 'Runs scenarios × settings × seeds, as a small YAML file says (scenarios, settings, seeds, walks), on all processors, or on many machines.',
  flags: { ...crewFlags, out: { type: 'string', value: 'FILE', text: 'the report as JSON' } },
  run: async (given) => {
    const word = ownFile(given);
    const out = textFlag(given, 'out');
    apart(
      [['the sweep', word]],
      [
        ['--record', textFlag(given, 'record')],
        ['--out', out],
      ],
    );
    if (out !== undefined) checkOut(aSweepReport, `--out ${out}`, out);
    const { plan, asked } = planFrom(word);
    return withCrew(given, asked, async ({ doAll }) => {
      const known = await doAll(plan.jobs);
      const { setAside } = telling({ ...plan, jobs: inShare(shareOf(given), plan.jobs) }, asked, known, out);
      return setAside.length === 0 ? 0 : 3;
    });
  },
};

/** What stands in these records, of which none is of something else than the first. */
const together = (files: readonly string[]): readonly string[] => {
  const [first] = files;
  if (first === undefined) throw new Mistake('name the records of its shares, as --record wrote them');
  const { head } = recordFrom(first);
  const all = files.map((file) => ({ file, ...recordOf(file, head) }));
  const done = doneIn(all);
  const setAside = [...new Map(all.flatMap((one) => [...one.setAside]))].filter(([name]) => !done.has(name));
  return [
    headLine(head),
    ...[...done].map(([name, { value }]) => doneLine(name, value)),
    ...setAside.map(([name, why]) => setAsideLine({ name, why })),
  ];
};

/** The first line of a record is JSON; a sweep has none there. */
const isRecord = (file: string): boolean => {
  const read = readText(resolved(file), longestText);
  return read.ok && aRecord.isOf(read.text);
};

export const merge: Command = {
  usage: 'merge [FILE] RECORD… [--record FILE] [--out FILE]',
  text: 'Puts the records of shares together. With the FILE of a sweep it tells the report that a single machine would have made; with --record it writes one record, from which any command goes on.',
  flags: {
    record: {
      type: 'string',
      value: 'FILE',
      text: 'all of them as one record: the command that they are of tells what it comes to',
    },
    out: { type: 'string', value: 'FILE', text: 'the report of a sweep as JSON' },
  },
  run: (given) => {
    const [word, ...rest] = given.words;
    if (word === undefined) throw new Mistake('name the file of a sweep, and the records of its shares');
    const out = textFlag(given, 'out');
    const into = textFlag(given, 'record');
    const isSweep = !isRecord(word);
    const records = isSweep ? rest : given.words;
    apart(
      [...(isSweep ? [['the sweep', word] as const] : []), ...records.map((file) => ['a record', file] as const)],
      [
        ['--record', into],
        ['--out', out],
      ],
    );
    for (const file of records)
      if (!isThere(resolved(file))) throw new Mistake(`${file} cannot be read: there is no such file`);
    if (!isSweep && into === undefined)
      throw new Mistake('name the file of the sweep first, or say with --record where all of them go together');
    if (!isSweep && out !== undefined) throw new Mistake('--out is the report of a sweep: name its file first');
    if (out !== undefined) checkOut(aSweepReport, `--out ${out}`, out);
    if (into !== undefined) {
      const release = held(`--record ${into}`, resolved(into));
      try {
        writeOf(aRecord, `--record ${into}`, into, together(records).join(''));
      } finally {
        release();
      }
    }
    if (!isSweep) return 0;
    const { plan, asked } = planFrom(word);
    if (records.length === 0) throw new Mistake('name the records of its shares, as --record wrote them');
    const known = knownOf(
      runKind,
      plan.jobs,
      records.map((file) => ({ file, ...recordOf(file, headOf(asked)) })),
    );
    const report = telling(plan, asked, known, out);
    return report.missing.length > 0 ? 1 : report.setAside.length > 0 ? 3 : 0;
  },
};
