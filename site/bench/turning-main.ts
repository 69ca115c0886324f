/** How long a turned setting takes on the built site: `node site/bench/turning-main.ts [scenario] [folder]`. */
import { resolve } from 'node:path';
import { printTurning, turnedScenario } from './turning.ts';

const [id = turnedScenario, dist = 'dist'] = process.argv.slice(2);
await printTurning(resolve(dist), id);
