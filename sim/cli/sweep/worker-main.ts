/** A process of `hearsay sweep`: does one job after another until whoever began it is done. See `pool.ts`. */
import { doJob } from './job.ts';
import type { Job } from './plan.ts';

if (process.send === undefined) throw new Error('this is a process of `hearsay sweep`, and does nothing by itself');
process.on('message', (job: Job) => {
  process.send?.(doJob(job));
});
process.on('disconnect', () => process.exit());
process.send('ready');
