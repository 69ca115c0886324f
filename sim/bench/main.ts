/** `npm run bench`: ratios measured in one run. Absolute times differ from machine to machine; these should not. */
import { printPushBench } from './push.ts';

await printPushBench();
