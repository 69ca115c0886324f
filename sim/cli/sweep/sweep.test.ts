/** Sweeps: what is asked for, done in shares and by processes that are ended, and put together to the same bytes. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hearsayIn } from '../testing.ts';
import { version } from '../version.ts';
import { doTask, type Kind } from './kind.ts';
import { type RunCame, type RunTask, runKind } from './kinds/run.ts';
import { modelVersion } from './model-version.ts';
import { readSweep } from './plan.ts';
import { inProcesses } from './pool.ts';
import { shelved } from './shelf.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-sweep-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const hearsay = (...args: readonly string[]) => hearsayIn(folder, ...args);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const small = inFolder(
  'small.yaml',
  'scenarios: [a-stolen-token-cannot-plant-a-backup-key, who-notices-can-ask]\nsettings: [as written, 4385-push-cross-signed-only, "line 6: restart at alice.phone"]\nseeds: 6\n',
);

describe('a file of a sweep', () => {
  it.each([
    ['', /small.yaml:1:1 the file is empty/],
    ['scenarios: []', /no scenario is named/],
    ['seeds: 3', /a sweep has no “scenarios”/],
    ['scenarios: [a]\nsettngs: []', /small.yaml:2:1 .*“settngs”.*did you mean “settings”\?/],
    ['scenarios: [a]\nseeds: lots', /small.yaml:2:8 .*1000000/],
    ['scenarios: [a]\nseeds: 0', /small.yaml:2:8 .*1000000/],
    ['scenarios: { a: b }', /small.yaml:1:12 /],
    ['scenarios: [a]\nwalks: 401', /small.yaml:2:8 .*400/],
    ['{', /small.yaml:/],
  ])('that is none is told so, and where: %j', (text, says) => {
    const sweep = readSweep(text, 'small.yaml');
    expect(sweep.ok ? 'it is one' : sweep.mistakes.join('\n')).toMatch(says);
  });

  it('names scenarios that there are, settings that they have, and seeds: each once', async () => {
    const { status, stdout } = await hearsay('sweep', small, '--out', 'report.json');
    expect(status).toBe(0);
    const report = JSON.parse(read('report.json'));
    expect(report.rows.map(({ setting, runs }: { setting: string; runs: number }) => [setting, runs])).toEqual([
      ['as written', 6],
      ['4385-push-cross-signed-only', 6],
      ['line 6: restart at alice.phone', 6],
      ['as written', 6],
      ['4385-push-cross-signed-only', 6],
    ]);
    expect(report.left).toMatchObject([{ setting: 'line 6: restart at alice.phone' }]);
    expect(report.rows[1].breaks).toContainEqual(
      expect.objectContaining({ guarantee: 'secret-authenticity', verdict: 'breaks', runs: 6, at: 'alice.phone' }),
    );
    const line = /npx hearsay replay '(.*)'/.exec(stdout)?.[1] ?? '';
    expect(await hearsay('replay', line)).toMatchObject({ status: 0 });
    expect(await hearsay('sweep', inFolder('none.yaml', 'scenarios: [no-such-thing]'))).toMatchObject({ status: 2 });
  });
});

describe('a sweep that would do harm, or nothing', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['writes over its file', ['small.yaml', '--out', 'small.yaml'], /--out small.yaml: that is the sweep/],
    ['writes two things into one', ['small.yaml', '--record', 'x', '--out', './x'], /--out \.\/x: that is --record/],
    ['has nowhere to write', ['small.yaml', '--out', 'none/x'], /there is no folder/],
    ['is endless', ['endless.yaml'], /more than 1000000 runs/],
    ['turns what there is not', ['misspelt.yaml'], /no scenario has the setting “4385-push-crosssigned-only”/],
  ])('is refused before anything is run: it %s', async (_, words, says) => {
    inFolder('endless.yaml', 'scenarios: [secret-push/, key-bundle/]\nseeds: 1000000\n');
    inFolder('misspelt.yaml', 'scenarios: [who-notices-can-ask]\nsettings: [as written, 4385-push-crosssigned-only]\n');
    const before = read('small.yaml');
    const { status, stdout, stderr } = await hearsay('sweep', ...words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(read('small.yaml')).toBe(before);
  });

  it('does not write over the records that it puts together', async () => {
    await hearsay('sweep', small, '--shard', '1/12', '--record', 'kept.jsonl');
    const before = read('kept.jsonl');
    const merged = await hearsay('merge', small, 'kept.jsonl', '--out', 'kept.jsonl');
    expect(merged).toMatchObject({ status: 2, stderr: expect.stringContaining('that is a record') });
    expect(read('kept.jsonl')).toBe(before);
  });
});

describe('a record', () => {
  const holder = (fields: object): void => writeFileSync(join(folder, 'held.jsonl.held'), JSON.stringify(fields));
  const share = () => hearsay('sweep', small, '--shard', '1/12', '--record', 'held.jsonl');

  it('that another process is writing is left to it', async () => {
    expect(await share()).toMatchObject({ status: 0 });
    const before = read('held.jsonl');
    holder({ process: process.ppid, machine: hostname() });
    expect(await share()).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^--record held\.jsonl: process \d+ writes it: wait for that; .*held\.jsonl\.held\n$/,
      ),
    });
    holder({ process: 1, machine: 'another\u001b[2J' });
    expect((await share()).stderr).toMatch(/process 1 of another\S+ writes it/);
    // By another name, and to be put in the place of.
    symlinkSync(join(folder, 'held.jsonl'), join(folder, 'link.jsonl'));
    holder({ process: process.ppid, machine: hostname() });
    const linked = await hearsay('sweep', small, '--shard', '1/12', '--record', 'link.jsonl');
    expect(linked.stderr).toMatch(/^--record link\.jsonl: process \d+ writes it/);
    inFolder('other.jsonl', before);
    const merged = await hearsay('merge', small, 'other.jsonl', '--record', 'held.jsonl');
    expect(merged.stderr).toMatch(/^--record held\.jsonl: process \d+ writes it/);
    expect(read('held.jsonl')).toBe(before);
  });

  it('is free again when whoever wrote it is done, was ended, or never said who it was', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    holder({ process: pid, machine: hostname() });
    expect(await share()).toMatchObject({ status: 0 });
    // Another that had this number, as the first process of a container has.
    holder({ process: process.pid, machine: hostname() });
    expect(await share()).toMatchObject({ status: 0 });
    writeFileSync(join(folder, 'held.jsonl.held'), '{"proc');
    expect(await share()).toMatchObject({ status: 0 });
    expect(await share()).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, 'held.jsonl.held'))).toBe(false);
  });
});

describe('shares of a sweep', () => {
  it('come to the report of a single machine, byte for byte, also where one went on from what was done', async () => {
    await hearsay('sweep', small, '--out', 'whole.json');
    for (const nth of [1, 2, 3]) await hearsay('sweep', small, '--shard', `${nth}/3`, '--record', `share-${nth}.jsonl`);
    const records = ['share-3.jsonl', 'share-1.jsonl', 'share-2.jsonl'];
    expect(await hearsay('merge', small, ...records, '--out', 'merged.json')).toMatchObject({ status: 0 });
    expect(read('merged.json')).toBe(read('whole.json'));

    // Whoever wrote it was ended in the middle of a line.
    writeFileSync(join(folder, 'cut.jsonl'), read('share-2.jsonl').slice(0, -2500));
    const short = await hearsay('merge', small, 'share-1.jsonl', 'cut.jsonl', 'share-3.jsonl');
    expect(short).toMatchObject({ status: 1, stdout: expect.stringMatching(/jobs? of 30 not done, first /) });
    await hearsay('sweep', small, '--shard', '2/3', '--record', 'cut.jsonl');
    await hearsay('merge', small, 'share-1.jsonl', 'cut.jsonl', 'share-3.jsonl', '--out', 'again.json');
    expect(read('again.json')).toBe(read('whole.json'));
  });

  it('of another sweep, of another version, or of nothing are refused', async () => {
    await hearsay('sweep', small, '--shard', '1/6', '--record', 'own.jsonl');
    const [head = '', ...rest] = read('own.jsonl').split('\n');
    inFolder('older.jsonl', [head.replace(/"hearsay":"[^"]*"/, '"hearsay":"0.0.1"'), ...rest].join('\n'));
    inFolder('other.jsonl', [head.replace(/"plan":"[^"]*"/, '"plan":"0"'), ...rest].join('\n'));
    inFolder('odd.jsonl', `${head}\n{"name":3}\n${rest.join('\n')}`);
    const said = async (file: string) => (await hearsay('merge', small, file)).stderr;
    expect(await said('older.jsonl')).toMatch(/was made by hearsay 0\.0\.1, and this is /);
    expect(await said('other.jsonl')).toMatch(/the record of another sweep/);
    expect(await said('odd.jsonl')).toMatch(/no record of a sweep: line 2 /);
    expect(await said(inFolder('none.txt', 'scenarios: [a]\n'))).toMatch(/no record of a sweep/);
    expect(await said('nowhere.jsonl')).toMatch(/no such file/);
    expect((await hearsay('sweep', small, '--shard', '7/6')).stderr).toMatch(/a share expected, as in 2\/5/);
    expect((await hearsay('sweep', small, '--shard', '1/6')).stderr).toMatch(/--shard 1\/6 wants a --record FILE/);
  });

  it('are gone on from and put together at whatever length', async () => {
    await hearsay('sweep', small, '--record', 'short.jsonl');
    const [head = '', ...rest] = read('short.jsonl').split('\n');
    const long = [head.replace(/\}$/, `${' '.repeat(9 * 2 ** 20)}}`), ...rest].join('\n');
    inFolder('long.jsonl', long);
    expect(await hearsay('merge', 'long.jsonl', '--record', 'of-long.jsonl')).toMatchObject({ status: 0, stderr: '' });
    expect(read('of-long.jsonl')).toBe(read('short.jsonl'));
    expect(await hearsay('sweep', small, '--record', 'long.jsonl')).toMatchObject({ status: 0, stderr: '' });
    expect(read('long.jsonl')).toBe(read('short.jsonl'));
  });

  it('made by other code of the same version are refused, to go on from as well', async () => {
    await hearsay('sweep', small, '--shard', '1/6', '--record', 'code.jsonl');
    expect(read('code.jsonl')).toContain(`"hearsay":"${modelVersion()}"`);
    const other = `${version()} of code 0123456789abcdef`;
    inFolder('before.jsonl', read('code.jsonl').replace(modelVersion(), other));
    const before = read('before.jsonl');
    const refused = { status: 2, stdout: '', stderr: expect.stringContaining(`was made by hearsay ${other}`) };
    expect(await hearsay('merge', small, 'before.jsonl')).toMatchObject(refused);
    expect(await hearsay('sweep', small, '--record', 'before.jsonl')).toMatchObject(refused);
    expect(read('before.jsonl')).toBe(before);
  });

  it('that say different things of one job are refused, in whatever order', async () => {
    await hearsay('sweep', small, '--shard', '1/6', '--record', 'true.jsonl');
    inFolder('false.jsonl', read('true.jsonl').replaceAll('"verdict":"breaks"', '"verdict":"holds"'));
    expect(read('false.jsonl')).not.toBe(read('true.jsonl'));
    for (const records of [
      ['true.jsonl', 'false.jsonl'],
      ['false.jsonl', 'true.jsonl'],
    ])
      for (const more of [[], ['--record', 'both.jsonl']])
        expect(await hearsay('merge', small, ...records, ...more)).toMatchObject({
          status: 2,
          stdout: '',
          stderr: expect.stringContaining('say different things of '),
        });
  });

  it('tell of no job as set aside that another has done, and why one was in one line', async () => {
    await hearsay('sweep', small, '--record', 'all.jsonl');
    const [head = '', first = '', ...rest] = read('all.jsonl').split('\n');
    const { name } = JSON.parse(first) as { readonly name: string };
    const aside = (why: string): string => `${head}\n${JSON.stringify({ name, setAside: true, why })}\n`;
    inFolder('aside.jsonl', aside('it took\n::error:: too long'));
    inFolder('others.jsonl', [head, ...rest].join('\n'));
    const both = await hearsay('merge', small, 'all.jsonl', 'aside.jsonl');
    expect(both).toMatchObject({ status: 0, stdout: expect.not.stringContaining('set aside') });
    const without = await hearsay('merge', small, 'others.jsonl', 'aside.jsonl');
    expect(without).toMatchObject({ status: 3, stdout: expect.stringContaining(': it took ::error:: too long\n') });
  });
});

it('a job that cannot be done says why, and ends nothing', () => {
  const task: RunTask = { scenario: 'gone', setting: null, seed: '1', way: { is: 'story' }, written: 'gone?seed=1' };
  const shelf = shelved([{ id: 'odd', text: 'story: 3' }]);
  expect(doTask(runKind, task, shelf)).toEqual({ failed: expect.stringMatching(/no scenario “gone”/) });
  expect(doTask(runKind, { ...task, scenario: 'odd' }, shelf)).toEqual({ failed: expect.stringMatching(/^odd: /) });
  const faulty: Pick<Kind<RunTask, RunCame>, 'work'> = {
    work: () => {
      throw new TypeError('of ours');
    },
  };
  expect(doTask(faulty, task, shelf)).toEqual({ failed: expect.stringMatching(/fault of hearsay.*of ours$/) });
});

describe('processes that do jobs', () => {
  const worker = inFolder(
    'worker.mjs',
    `process.on('message', ({ name, poison }) => {
  if (poison) process.exit(7);
  if (name === 'fails') process.send({ failed: 'it cannot be done' });
  else setImmediate(() => process.send({ done: name.toUpperCase() }));
});
process.on('disconnect', () => process.exit());
process.send('ready');
`,
  );
  type Job = { readonly name: string; readonly poison?: true };
  const all = async (jobs: readonly Job[], onWorker: (worker: ChildProcess) => void = () => undefined) => {
    const done = new Map<string, string>();
    const setAside = new Map<string, string>();
    await inProcesses<Job, string>(jobs, {
      file: pathToFileURL(join(folder, worker)),
      workers: 2,
      patienceMs: 60_000,
      onDone: ({ name }, answer) => void done.set(name, answer),
      onSetAside: ({ name }, why) => void setAside.set(name, why),
      onWorker,
    });
    return { done, setAside };
  };
  const jobs = Array.from({ length: 60 }, (_, nth) => ({ name: `job ${nth}` }));

  it('lose nothing where some of them are ended', async () => {
    const begun: ChildProcess[] = [];
    const { done, setAside } = await all(jobs, (one) => {
      begun.push(one);
      // The first four come to their ends at once, over whatever they were given.
      if (begun.length <= 4) one.once('spawn', () => one.kill('SIGKILL'));
    });
    expect(begun.length).toBeGreaterThan(4);
    expect([...done.keys()].sort()).toEqual(jobs.map(({ name }) => name).sort());
    expect([...setAside]).toEqual([]);
  });

  it('set aside what was the end of three of them, and what cannot be done, and do the rest', async () => {
    const { done, setAside } = await all([{ name: 'ends it', poison: true }, { name: 'fails' }, ...jobs]);
    expect(done.size).toBe(60);
    expect([...setAside].sort()).toEqual([
      ['ends it', 'its process ended with 7'],
      ['fails', 'it cannot be done'],
    ]);
  });
});
