/**
 * `npm run sweep:measure`: what a job costs a Redis server, and whoever hands it out. Real tasks and real answers go through a server of its
 * own; nobody works them out again. Prints figures of one job, and what a thousand workers would need (docs/scaling.md).
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { scenariosFor } from '../../library.ts';
import { asked, wholeNumber } from '../../words.ts';
import { doTask } from '../kind.ts';
import { runKind } from '../kinds/run.ts';
import { planDigest, planOf } from '../plan.ts';
import { shelfOf, shelved } from '../shelf.ts';
import { readRedis } from './connect.ts';
import { prefix, queueName, shelfKey } from './entries.ts';
import { openHandOut } from './hand-out.ts';
import { noServer, serverProgram, startServer } from './testing.ts';

const seeds = asked('npm run sweep:measure -- [--seeds 100]', (args) => {
  const { values } = parseArgs({ args, options: { seeds: { type: 'string', default: '100' } } });
  return wholeNumber('--seeds', values.seeds);
});
if (serverProgram === null) throw new Error(noServer);
const server = await startServer(serverProgram);
const at = readRedis(server.url);

const files = scenariosFor(['secret-push/']);
const { jobs } = planOf(
  { scenarios: ['secret-push/'], settings: [null], seeds, way: { is: 'story' } },
  files.map(({ scenario }) => scenario),
);
const shelf = shelfOf(files);
const texts = shelved(shelf);

/** Each scenario once, for all of its seeds; the second time round is timed, when the code is warm. */
const answers = new Map<string, unknown>();
const each = [...Map.groupBy(jobs, ({ task }) => task.scenario).values()].flatMap(([first]) => first ?? []);
const time = (): number => {
  const before = process.cpuUsage();
  for (const { task } of each) {
    const came = doTask(runKind, task, texts);
    if ('done' in came) answers.set(task.scenario, came.done);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / each.length;
};
for (let nth = 0; nth < 3; nth += 1) time();
const workMs = time();

type Task = { readonly scenario: string; readonly written: string };
const answerTo = ({ scenario, written }: Task): unknown => {
  const came = answers.get(scenario) as { readonly replay: string };
  return { ...came, replay: `${written}${came.replay.slice(came.replay.indexOf('&run='))}` };
};

const infoOf = async (client: Redis) => {
  const text = await client.info('all');
  const field = (name: string): number => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1] ?? 0);
  const calls = (names: RegExp): number =>
    [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].reduce(
      (sum, [, name = '', count]) => sum + (names.test(name) ? Number(count) : 0),
      0,
    );
  return {
    bytes: field('used_memory'),
    cpuMs: (field('used_cpu_sys') + field('used_cpu_user')) * 1000,
    netBytes: field('total_net_input_bytes') + field('total_net_output_bytes'),
    // What scripts do within is in their time.
    commands: calls(/^(evalsha|eval|xread|bzpopmin|get|hgetall)$/),
  };
};

const out = await openHandOut(runKind, {
  at,
  version: 'measured',
  plan: planDigest(jobs, shelf),
  shelf,
  patienceMs: 60_000,
  isKept: false,
});
const name = queueName('measured', runKind.id, planDigest(jobs, shelf));
const { client } = server;
const empty = await infoOf(client);
const shelfBytes = Number(await client.strlen(shelfKey(name)));
let done = 0;
const began = performance.now();
const ownCpu = process.cpuUsage();
const all = out.doAll(jobs, {
  onDone: () => {
    done += 1;
  },
  onSetAside: ({ name: job }, why) => {
    throw new Error(`${job}: ${why}`);
  },
});
while ((await client.llen(`${prefix}:${name}:wait`)) * runKind.portionMax < jobs.length)
  await new Promise((resolve) => setTimeout(resolve, 20));
const full = await infoOf(client);
let portions = 0;
const connection = new Redis({ ...at.options, maxRetriesPerRequest: null });
const worker = new Worker(
  name,
  async ({ data }) => {
    portions += 1;
    return { answers: data.tasks.map((task: Task) => ({ done: answerTo(task) })) };
  },
  { connection, prefix, concurrency: 2 },
);
await all;
const over = await infoOf(client);
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(ownCpu);
await worker.close();
connection.disconnect();
await out.close(true);
await server.end();
if (done !== jobs.length) throw new Error(`${done} of ${jobs.length} came back`);

const per = (amount: number): number => amount / jobs.length;
const serverMs = per(over.cpuMs - empty.cpuMs);
const clientMs = per((user + system) / 1000);
const waitingBytes = per(full.bytes - empty.bytes);
const doneBytes = per(over.bytes - empty.bytes);
const netBytes = per(over.netBytes - empty.netBytes);
const commands = (over.commands - empty.commands) / portions;
console.log(`${jobs.length} jobs in ${portions} portions, ${(ms / 1000).toFixed(1)} s, scenarios ${shelfBytes} bytes
work: ${workMs.toFixed(1)} ms of a processor for each job
in Redis: ${waitingBytes.toFixed(0)} bytes for each job that waits, ${doneBytes.toFixed(0)} for each that is done
on the wire: ${netBytes.toFixed(0)} bytes for each job, both ways together
commands: ${commands.toFixed(1)} for each portion of ${Math.ceil(jobs.length / portions)} jobs
the server: ${(serverMs * 1000).toFixed(0)} µs of a processor for each job
whoever hands out and takes in, and a worker that does nothing: ${(clientMs * 1000).toFixed(0)} µs for each job`);
const rate = 1000 / workMs;
console.log(`a thousand workers of one processor each: ${Math.round(1000 * rate)} jobs a second,
  of the server ${(serverMs * rate).toFixed(2)} processors (it has one), ${((1000 * rate * netBytes) / 2 ** 20).toFixed(0)} MiB a second on the wire, ${((1000 * rate * commands) / runKind.portionMax).toFixed(0)} commands a second and 1000 looks
  one server is busy with ${Math.round(1000 / (serverMs * rate))} of them, one that hands out with ${Math.round(1000 / (clientMs * rate))}`);
