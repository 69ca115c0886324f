/** A process of `hearsay sweep`: does one job after another until whoever began it is done. See `pool.ts`. */
import { faultLines } from '../outcome.ts';
import { Mistake } from '../terminal.ts';
import { doJob } from './job.ts';
import type { Job } from './plan.ts';

if (process.send === undefined) throw new Error('this is a process of `hearsay sweep`, and does nothing by itself');
process.on('message', (job: Job) => {
  try {
    process.send?.({ done: doJob(job) });
  } catch (error) {
    process.send?.({ failed: error instanceof Mistake ? error.message : faultLines(error).join('\n') });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
