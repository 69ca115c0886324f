/** `npm run fuzz:serve`: a served homeserver under random bytes, while people use it. Needs Node. */
import { parseArgs } from 'node:util';
import { digestOf } from '../../fuzz/luck.ts';
import { blockSize, type Fuzzed, fuzzBlock } from './fuzz-run.ts';

const usage = `npm run fuzz:serve -- [--requests N] [--seed S]   (100000, 1)
npm run fuzz:serve -- --seed S --block N          one block of ${blockSize} again

Exit codes: 0 nothing failed, 1 something did, 2 the command is wrong.`;

const say = (text: string): void => console.log(text);

const tallied = (all: readonly Fuzzed[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { came } of all)
    for (const [what, times] of Object.entries(came)) counts.set(what, (counts.get(what) ?? 0) + times);
  return [...counts].sort(([, one], [, other]) => other - one).map(([what, times]) => `${what}: ${times}`);
};

const sum = (all: readonly Fuzzed[], of: (one: Fuzzed) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string' },
      seed: { type: 'string' },
      block: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { seed = '1', block } = values;
  const requests = Number(values.requests ?? 100_000);
  const isWrong =
    !Number.isInteger(requests) ||
    requests < 1 ||
    (block !== undefined && !/^\d+$/.test(block)) ||
    !/^[\w~-]+$/.test(seed);
  if (isWrong || values.help === true) {
    say(usage);
    return isWrong ? 2 : 0;
  }
  const blocks =
    block === undefined ? Array.from({ length: Math.ceil(requests / blockSize) }, (_, nth) => nth) : [Number(block)];
  const began = performance.now();
  const all: Fuzzed[] = [];
  for (const nth of blocks) {
    const count = block === undefined ? Math.min(blockSize, requests - nth * blockSize) : blockSize;
    const done = await fuzzBlock(seed, nth, count);
    all.push(done);
    for (const failure of done.failures) say(failure);
    if (done.failures.length > 0) say(`again: npm run fuzz:serve -- --seed ${seed} --block ${nth}\n`);
  }
  const seconds = (performance.now() - began) / 1000;
  const attempts = sum(all, (one) => one.attempts);
  say(`${attempts} attempts in ${seconds.toFixed(0)} s, ${(attempts / seconds).toFixed(0)} a second`);
  say(`  ${tallied(all).join(', ')}`);
  say(
    `  of ${sum(all, ({ written }) => written)} events of two people, ${sum(all, ({ read }) => read)} came, in order`,
  );
  const failed = sum(all, ({ failures }) => failures.length);
  say(`  ${failed} failed, digest ${digestOf(all.map(({ digest }) => digest))}`);
  return failed === 0 ? 0 : 1;
};

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 2;
});
