import { appendFileSync, closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { type Command, countFlag, type Given, textFlag } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { isThere, resolved, toldPath } from '../places.ts';
import { readText } from '../reading.ts';
import { type Done, doJob } from '../sweep/job.ts';
import { type Job, type Plan, planOf, readSweep } from '../sweep/plan.ts';
import { inProcesses } from '../sweep/pool.ts';
import { headOf, type Known, lineOf, nothingKnown, readRecord } from '../sweep/record.ts';
import { type Report, reportOf } from '../sweep/report.ts';
import { Mistake, plural, print, progress, verdictWord } from '../terminal.ts';
import { version } from '../version.ts';
import { write, written } from '../writing.ts';

/** Beside the room, and compiled where that is. */
const workerFile = new URL(`../sweep/worker-main${extname(import.meta.url)}`, import.meta.url);
/** Fewer than this are done before a process has begun. */
const jobsMin = 20;
const patienceMs = 120_000;
const [workersMax, shardsMax, jobsMax] = [256, 10_000, 1_000_000];

/** Nothing that is read is written over, and nothing is written twice. Throws a `Mistake` where two of these are one file. */
const apart = (files: readonly (readonly [what: string, file: string | undefined])[]): void => {
  const seen = new Map<string, string>();
  for (const [what, file] of files) {
    if (file === undefined) continue;
    const path = resolved(file);
    const other = seen.get(path);
    if (other !== undefined) throw new Mistake(`${what} ${file}: that is ${other}, and would be written over`);
    seen.set(path, what);
  }
};

/** What a file of a sweep asks for. Throws a `Mistake` that says what is wrong with it. */
const planFrom = (word: string): Plan => {
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
  const plan = planOf(asked, scenarios);
  const [left] = plan.left;
  // What no scenario at all has is most likely misspelt.
  for (const setting of asked.settings) {
    const lacking = plan.left.filter((one) => one.setting === setting);
    if (lacking[0] !== undefined && lacking.length === scenarios.length)
      throw new Mistake(`${word}: no scenario has the setting “${setting}”: ${lacking[0].why}`);
  }
  if (plan.jobs.length > 0) return plan;
  throw new Mistake(
    left === undefined
      ? `${word} asks for nothing: free play has no story, and is gone through with walks: 60`
      : `${word} asks for nothing that there is: ${left.setting} in ${left.scenario}: ${left.why}`,
  );
};

/** Which share of the jobs is done here, by `--shard 2/5`: every fifth, from the second. */
const shardOf = (given: Given, { jobs }: Plan): readonly Job[] => {
  const text = textFlag(given, 'shard');
  if (text === undefined) return jobs;
  const [, nth, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (nth === undefined || of === undefined || Number(nth) > Number(of) || Number(of) > shardsMax)
    throw new Mistake(`--shard ${text}: a share expected, as in 2/5`);
  return jobs.filter((_, at) => at % Number(of) === Number(nth) - 1);
};

/** What is known from a record that is there already. Throws a `Mistake` where it is of something else. */
const knownFrom = (file: string, plan: Plan): Known => {
  const path = resolved(file);
  if (!isThere(path)) return nothingKnown;
  const text = readText(path);
  if (!text.ok) throw new Mistake(`${file} ${text.why}`);
  const record = readRecord(text.text);
  if (!record.ok) throw new Mistake(`${file} ${record.why}`);
  const own = headOf(plan, version());
  if (record.head.hearsay !== own.hearsay)
    throw new Mistake(`${file} was made by hearsay ${record.head.hearsay}, and this is ${own.hearsay}`);
  if (record.head.plan !== own.plan) throw new Mistake(`${file} is the record of another sweep, or of other scenarios`);
  return record;
};

/** The rate of what was done since it began, and when it will be over, in words. */
const pace = (done: number, left: number, ms: number): string => {
  if (done === 0 || ms < 1000) return '';
  const seconds = Math.ceil((left * ms) / done / 1000);
  return `, ${((done * 1000) / ms).toFixed(1)} a second, ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`} left`;
};

const tell = ({ rows, setAside, left, missing, jobs }: Report): void => {
  for (const { scenario, setting, runs, breaks } of rows) {
    print(`${scenario} (${setting}): ${plural(runs, 'run')}${breaks.length === 0 ? ', nothing breaks' : ''}`);
    for (const { guarantee, verdict, runs: times, at, replay } of breaks) {
      print(`  ${verdictWord(verdict)} ${guarantee} in ${times}${at === null ? '' : `, first at ${at}`}`);
      print(`      npx hearsay replay '${replay}'`);
    }
  }
  for (const { scenario, setting, why } of left) print(`left out: ${setting} in ${scenario}: ${why}`);
  for (const { name, why } of setAside) print(`set aside: ${name}: ${why}`);
  if (missing.length > 0) print(`${plural(missing.length, 'job')} of ${jobs} not done, first ${missing[0]}`);
};

/** Tells a report, and writes it where that is wanted. */
const telling = (report: Report, out: string | undefined): void => {
  tell(report);
  if (out !== undefined) write(`--out ${out}`, out, `${JSON.stringify(report, null, 2)}\n`);
};

export const sweep: Command = {
  usage: 'sweep FILE [--workers N] [--shard I/N] [--record FILE] [--out FILE]',
  text: 'Runs scenarios × settings × seeds, as a small YAML file says (scenarios, settings, seeds, walks), on all processors.',
  flags: {
    workers: { type: 'string', value: 'N', text: 'processes at once (the usual: one a processor)' },
    shard: { type: 'string', value: 'I/N', text: 'a share alone, as in 2/5; hearsay merge puts the records together' },
    record: {
      type: 'string',
      value: 'FILE',
      text: 'what is done is written there as it is done; a sweep that has one already goes on from it',
    },
    out: { type: 'string', value: 'FILE', text: 'the report as JSON' },
  },
  run: async (given) => {
    const [word, another] = given.words;
    if (word === undefined) throw new Mistake('name the file of a sweep, as in npx hearsay sweep sweep.yaml');
    if (another !== undefined) throw new Mistake('name one file of a sweep');
    const recordFile = textFlag(given, 'record');
    const out = textFlag(given, 'out');
    apart([
      ['the sweep', word],
      ['--record', recordFile],
      ['--out', out],
    ]);
    const plan = planFrom(word);
    const workers = countFlag(given, 'workers', availableParallelism(), workersMax);
    const share = shardOf(given, plan);
    const before = recordFile === undefined ? nothingKnown : knownFrom(recordFile, plan);
    const head = headOf(plan, version());
    // Anew with what is whole in it: its last line may have been cut short.
    if (recordFile !== undefined)
      write(`--record ${recordFile}`, recordFile, [head, ...before.done.values()].map(lineOf).join(''));
    const record = recordFile === undefined ? null : openSync(resolved(recordFile), 'a');
    const keep = (line: string): void => {
      if (record !== null) written(`--record ${recordFile}`, () => appendFileSync(record, line));
    };
    const done = new Map(before.done);
    const setAside = new Map<string, string>();
    const open = share.filter(({ name }) => !done.has(name));
    const began = performance.now();
    let breaks = 0;
    const onDone = ({ name }: Job, one: Done): void => {
      done.set(name, one);
      keep(lineOf(one));
      if (one.verdicts.some(({ verdict }) => verdict === 'breaks')) breaks += 1;
      const here = share.length - open.length + (done.size - before.done.size);
      const rate = pace(done.size - before.done.size, share.length - here, performance.now() - began);
      progress(`${here} of ${share.length}, ${plural(breaks, 'run')} with a break${rate}`);
    };
    const onSetAside = ({ name }: Job, why: string): void => {
      setAside.set(name, why);
      keep(lineOf({ name, setAside: true, why }));
    };
    if (open.length < jobsMin)
      for (const job of open) {
        const came = doJob(job);
        if ('done' in came) onDone(job, came.done);
        else onSetAside(job, came.failed);
      }
    else await inProcesses(open, { file: workerFile, workers, patienceMs, onDone, onSetAside });
    progress('');
    if (record !== null) closeSync(record);
    const isWhole = share.length === plan.jobs.length;
    const report = reportOf(isWhole ? plan : { ...plan, jobs: share }, head, { done, setAside });
    telling(report, out);
    return setAside.size === 0 ? 0 : 3;
  },
};

export const merge: Command = {
  usage: 'merge FILE RECORD… [--out FILE]',
  text: 'Puts the records of a sweep’s shares together: FILE is the sweep, and the report is the one that a single machine would have made.',
  flags: { out: { type: 'string', value: 'FILE', text: 'the report as JSON' } },
  run: (given) => {
    const [word, ...records] = given.words;
    if (word === undefined) throw new Mistake('name the file of a sweep, and the records of its shares');
    const out = textFlag(given, 'out');
    apart([['the sweep', word], ...records.map((file) => ['a record', file] as const), ['--out', out]]);
    const plan = planFrom(word);
    if (records.length === 0) throw new Mistake('name the records of its shares, as --record wrote them');
    const known = records.map((file) => {
      if (!isThere(resolved(file))) throw new Mistake(`${file} cannot be read: there is no such file`);
      return knownFrom(file, plan);
    });
    const done = new Map(known.flatMap((one) => [...one.done]));
    const setAside = new Map(known.flatMap((one) => [...one.setAside]));
    const report = reportOf(plan, headOf(plan, version()), { done, setAside });
    telling(report, out);
    return report.missing.length > 0 ? 1 : report.setAside.length > 0 ? 3 : 0;
  },
};
