/** Work that is handed out by way of Redis: to workers that die, hang, are of another version, or lie. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker as BullWorker } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withIo } from '../../io.ts';
import { Mistake } from '../../terminal.ts';
import { hearsayIn } from '../../testing.ts';
import { jobOf } from '../kind.ts';
import { type RunTask, runKind } from '../kinds/run.ts';
import { readRedis } from './connect.ts';
import { announcedKey, prefix, queueName } from './entries.ts';
import { type HandOut, openHandOut } from './hand-out.ts';
import { noServer, type Server, serverProgram, startServer, until } from './testing.ts';
import { type Working, work } from './work.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-work-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the address of a server', () => {
  it.each([
    ['', /HOST:PORT expected/],
    ['localhost:6379', /HOST:PORT expected/],
    ['http://user:geheim@localhost', /HOST:PORT expected/],
    ['redis://', /HOST:PORT expected/],
    ['redis://:geheim@localhost/zwei', /number of a database/],
    ['redis://:geheim@localhost/2?tls=1', /number of a database/],
    ['redis://:gehe%im@localhost', /no text/],
  ])('that is none is told so, and never repeated: %j', (text, says) => {
    const told = (): unknown => readRedis(text);
    expect(told).toThrow(Mistake);
    expect(told).toThrow(says);
    expect(told).not.toThrow(/geheim|gehe/);
  });

  it('is told without its names and passwords', async () => {
    expect(readRedis('rediss://anna:geheim@[::1]:7000/3')).toEqual({
      options: { username: 'anna', password: 'geheim', host: '::1', port: 7000, db: 3, tls: {} },
      shown: 'the Redis server at [::1]:7000',
    });
    // Nobody listens at the port of the discard service.
    const told = await hearsayIn(folder, 'work', '--once', '--redis', 'redis://anna:geheim@127.0.0.1:9');
    expect(told).toEqual({
      status: 2,
      stdout: '',
      stderr: 'the Redis server at 127.0.0.1:9 cannot be used: nobody listens there\n',
    });
  });
});

if (serverProgram === null) console.warn(`Redis: ${noServer}`);

describe.skipIf(serverProgram === null)(`work by way of Redis${serverProgram === null ? ` (${noServer})` : ''}`, () => {
  let server: Server;
  const running = new Set<ChildProcess>();
  beforeAll(async () => {
    server = await startServer(serverProgram ?? '');
  });
  afterEach(async () => {
    for (const one of running) one.kill('SIGKILL');
    await server.client.flushall();
  });
  afterAll(() => server.end());

  /** A process that does what it is told by the seed of its task. */
  const child = join(folder, 'child.mjs');
  writeFileSync(
    child,
    `process.on('message', ({ task }) => {
  if (task === undefined) return;
  if (task.seed === 'exits') process.exit(7);
  if (task.seed === 'hangs') for (;;);
  if (task.seed === 'ends-its-worker') process.kill(process.ppid, 'SIGKILL');
  else if (task.seed === 'fails') process.send({ failed: 'it cannot be done' });
  else process.send({ done: { replay: task.written, verdicts: [] } });
});
process.on('disconnect', () => process.exit());
process.send('ready');
`,
  );
  const jobFor = (seed: string) => {
    const task: RunTask = { scenario: 'a', setting: null, seed, way: { is: 'story' }, written: `a?seed=${seed}` };
    return jobOf(runKind, task);
  };
  const numbered = (count: number) => Array.from({ length: count }, (_, nth) => jobFor(String(nth)));
  type Told = { readonly told: string[] };
  /** Within an Io of its own: what is complained of. */
  const listening = async <T>(use: (heard: Told) => Promise<T>): Promise<T & Told> => {
    const told: string[] = [];
    const err = (text: string): void => void told.push(text.trimEnd());
    const io = { out: () => undefined, err, isColoured: false, showsProgress: false, here: folder };
    return { ...(await withIo(io, () => use({ told }))), told };
  };
  const handOut = (more: Partial<HandOut> = {}) =>
    openHandOut(runKind, {
      at: readRedis(server.url),
      version: 'v1',
      plan: 'a plan',
      shelf: [{ id: 'a', text: 'a text' }],
      patienceMs: 60_000,
      isKept: false,
      ...more,
    });
  const working = (more: Partial<Working> = {}): Working => ({
    at: readRedis(server.url),
    version: 'v1',
    file: pathToFileURL(child),
    workers: 2,
    silenceMs: 10_000,
    isOnce: true,
    tell: () => undefined,
    onDone: () => undefined,
    stop: new AbortController().signal,
    ...more,
  });
  type Handed = Awaited<ReturnType<typeof handOut>>;
  const doAll = async (out: Handed, jobs: ReturnType<typeof numbered>, onDone = (_: string): void => undefined) => {
    const done = new Set<string>();
    const setAside = new Map<string, string>();
    await out.doAll(jobs, {
      onDone: ({ task }) => {
        done.add(task.seed);
        onDone(task.seed);
      },
      onSetAside: ({ task }, why) => void setAside.set(task.seed, why),
    });
    return { done, setAside };
  };
  const queue = queueName('v1', 'run', 'a plan');
  const keys = () => server.client.keys('*');

  const small = join(folder, 'small.yaml');
  writeFileSync(
    small,
    'scenarios: [a-stolen-token-cannot-plant-a-backup-key]\nsettings: [as written, 4385-push-cross-signed-only]\nseeds: 15\n',
  );
  const hearsayWork = (): ChildProcess => {
    const words = ['work', '--redis', server.url, '--workers', '1', '--silence', '1'];
    const file = fileURLToPath(new URL('../../hearsay.mjs', import.meta.url));
    const worker = spawn(process.execPath, [file, ...words], { stdio: 'ignore' });
    running.add(worker);
    return worker;
  };

  it('comes to the report of one machine, byte for byte, also where a worker is killed, and leaves nothing there', async () => {
    await hearsayIn(folder, 'sweep', small, '--out', 'one.json');
    const first = hearsayWork();
    const sweep = hearsayIn(folder, 'sweep', small, '--redis', server.url, '--out', 'many.json', '--record', 'r.jsonl');
    await until(async () => (await server.client.keys(`${prefix}:*:active`)).length > 0);
    first.kill('SIGKILL');
    hearsayWork();
    hearsayWork();
    expect((await sweep).status).toBe(0);
    expect(readFileSync(join(folder, 'many.json'), 'utf8')).toBe(readFileSync(join(folder, 'one.json'), 'utf8'));
    expect(readFileSync(join(folder, 'r.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(31);
    expect(await keys()).toEqual([]);
  });

  it('sets aside what ends a process three times, hangs, or cannot be done, and does the rest', async () => {
    const out = await handOut({ patienceMs: 400 });
    const jobs = [jobFor('exits'), ...numbered(100), jobFor('hangs'), jobFor('fails')];
    const [{ done, setAside }] = await Promise.all([
      doAll(out, jobs).finally(() => out.close(true)),
      listening(async () => ({ worked: await work(working()) })),
    ]);
    expect(done).toEqual(new Set(numbered(100).map(({ task }) => task.seed)));
    expect(Object.fromEntries(setAside)).toEqual({
      exits: 'its process ended with 7',
      hangs: 'it took longer than 0.4 seconds',
      fails: 'it cannot be done',
    });
    expect(await keys()).toEqual([]);
  });

  it('sets aside what ends three workers, and nothing of what was handed out with it', async () => {
    const script = join(folder, 'worker.mjs');
    const {
      at: _,
      stop: __,
      tell: ___,
      onDone: ____,
      file,
      ...plain
    } = working({ isOnce: false, workers: 1, silenceMs: 700 });
    writeFileSync(
      script,
      `import { work } from ${JSON.stringify(new URL('./work.ts', import.meta.url).href)};
import { readRedis } from ${JSON.stringify(new URL('./connect.ts', import.meta.url).href)};
await work({ ...${JSON.stringify(plain)}, at: readRedis(${JSON.stringify(server.url)}), file: new URL(${JSON.stringify(file.href)}),
  tell() {}, onDone() {}, stop: new AbortController().signal });
`,
    );
    let isOver = false;
    let ended = 0;
    const begin = (): void => {
      if (isOver) return;
      const worker = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
      running.add(worker);
      worker.once('exit', () => {
        ended += 1;
        begin();
      });
    };
    begin();
    const out = await handOut();
    // Two in a portion.
    const jobs = [...numbered(95), jobFor('ends-its-worker')];
    const { done, setAside } = await doAll(out, jobs);
    isOver = true;
    await out.close(true);
    expect(done.size).toBe(95);
    expect([...setAside]).toEqual([['ends-its-worker', '3 workers ended over it']]);
    expect(ended).toBeGreaterThanOrEqual(6);
  });

  it('is not taken by a worker of another version, which says both', async () => {
    const out = await handOut();
    const all = doAll(out, numbered(3));
    await until(async () => (await server.client.llen(`${prefix}:${queue}:wait`)) === 3);
    const { told, wrong } = await listening(async () => ({
      wrong: await work(working({ version: 'v2' })).catch((error: unknown) => error),
    }));
    expect(wrong).toBeInstanceOf(Mistake);
    expect(told).toEqual(['refused: what is handed out is of hearsay v1, and this is hearsay v2']);
    expect(await server.client.llen(`${prefix}:${queue}:wait`)).toBe(3);
    out.stop('enough');
    await expect(all).rejects.toThrow('enough');
    await out.close(true);
  });

  it('goes on where it was left: nothing is done twice', async () => {
    const stop = new AbortController();
    let worked = 0;
    const onDone = (jobs: number): void => {
      worked += jobs;
    };
    const first = await handOut();
    const all = doAll(first, numbered(200), () => first.stop('left'));
    const worker = work(working({ isOnce: false, stop: stop.signal, workers: 1, onDone }));
    await expect(all).rejects.toThrow('left');
    await first.close(false);
    const second = await handOut();
    const { done } = await doAll(second, numbered(200));
    await second.close(true);
    stop.abort();
    await worker;
    expect(done.size).toBe(200);
    expect(worked).toBe(200);
    expect(await keys()).toEqual([]);
  });

  it('believes nobody: an answer that is none is told of and asked for again, three times', async () => {
    const liar = new BullWorker(queue, async () => ({ answers: [{ done: { replay: 'b?seed=1', verdicts: [] } }] }), {
      connection: server.client,
      prefix,
    });
    const { told, done, setAside } = await listening(async () => {
      const out = await handOut();
      return doAll(out, [jobFor('0')]).finally(() => out.close(true));
    });
    await liar.close(true);
    expect([done.size, [...setAside]]).toEqual([0, [['0', 'what came back is no answer to it']]]);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/of a\?seed=0 .* came nothing that counts, and it is handed out again: what came back is/);
  });

  it('believes nobody: what is announced, handed out or told by others is told of and left alone', async () => {
    await server.client.hset(announcedKey, 'x', 'nonsense', 'f'.repeat(24), '{"version":"v1"}');
    const { told, done } = await listening(async () => {
      const out = await handOut();
      const odd = { version: 'v1', tasks: [{ ...jobFor('0').task, seed: '../../x' }] };
      const other = { version: 'v1', tasks: [jobFor('of-nobody').task] };
      const { Queue } = await import('bullmq');
      const others = new Queue(queue, { connection: server.client, prefix });
      await others.add('run', odd, { jobId: 'jobs-1' });
      await others.add('run', other, { jobId: 'jobs-2' });
      await others.add('run', 3, { jobId: 'jobs-3' });
      const [came] = await Promise.all([
        doAll(out, numbered(5)).finally(() => out.close(true)),
        work(working()),
        others.close(),
      ]);
      return came;
    });
    expect(done.size).toBe(5);
    expect(told.filter((line) => line.includes('is announced there that is none of hearsay’s'))).toHaveLength(2);
    expect(told.filter((line) => line.includes('is refused')).map((line) => line.split(': ')[1])).toEqual([
      'what is to be done there is nothing that can be done',
      'it is named by something else than what is to be done there',
      'it is none of hearsay’s',
    ]);
  });

  it('is handed out by one at a time', async () => {
    const out = await handOut();
    expect(await server.client.set(`${prefix}:${queue}:owner`, 'another', 'NX')).toBe(null);
    await out.close(true);
    expect(await keys()).toEqual([]);
  });

  it('ends with a plain line where the server has forgotten what was handed out', async () => {
    const out = await handOut();
    const all = doAll(out, numbered(5));
    all.catch(() => undefined);
    await until(async () => (await server.client.exists(`${prefix}:${queue}:wait`)) === 1);
    await server.client.flushall();
    await expect(all).rejects.toThrow(/^the Redis server at .* has nothing any more of what was handed out/);
    await out.close(false);
  });

  it('ends with a plain line where the server goes and does not come back', async () => {
    const own = await startServer(serverProgram ?? '');
    const out = await handOut({ at: readRedis(own.url), lostMs: 200 });
    const all = doAll(out, numbered(5));
    const worker = work(working({ at: readRedis(own.url), isOnce: false, lostMs: 200 }));
    for (const one of [all, worker]) one.catch(() => undefined);
    await until(
      async () =>
        (await own.client.exists(`${prefix}:${queue}:active`)) === 1 ||
        (await own.client.exists(`${prefix}:${queue}:completed`)) === 1,
    );
    await own.kill();
    await expect(all).rejects.toThrow(/^the Redis server at .* went away and did not come back/);
    await expect(worker).rejects.toThrow(/went away and did not come back/);
    await out.close(false).catch(() => undefined);
    await own.end();
  });
});
