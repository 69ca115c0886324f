/** `npm run bench`: ratios measured in one run. Absolute times differ from machine to machine; these should not. `-- --long` lets everything end. */
import { printBundleBench } from './bundle.ts';
import { devicesBench } from './devices.ts';
import { printFull } from './full.ts';
import { printPushBench } from './push.ts';

await printPushBench();
console.log('');
await printBundleBench();
console.log('');
devicesBench(process.argv.includes('--long'));
console.log('');
printFull(process.argv.includes('--long'));
