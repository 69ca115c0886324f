/** All that a run of the whole library needs, in both of its threads: what `pack.ts` packs. */
export { run } from './commands/run.ts';
export { takeShare } from './results.ts';
