/** Prints how long a turned setting takes on the built site: `node site/bench/turning-main.ts [scenario] [folder]`. */
import { median } from '../../sim/bench/measure.ts';
import { turningTimes } from './turning.ts';

const [id = 'interactions/a-hostile-push-and-a-forged-yes-open-the-next-sign-in', dist = 'dist'] =
  process.argv.slice(2);
const { messages, cold, warm } = await turningTimes(dist, id, 15);
const told = (times: readonly number[]): string =>
  `median ${median(times).toFixed(0)} ms, from ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms, of ${times.length}`;
console.log(`A setting turned, until its verdict and picture are painted: ${id} (${messages} messages)`);
console.log(`  the first one, with all that is fetched for it  ${told(cold)}`);
console.log(`  one after it                                    ${told(warm)}`);
