/** How long a turned setting takes on the built site: `node site/bench/turning-main.ts [scenario] [folder]`. */
import { resolve } from 'node:path';
import { printTurning } from './turning.ts';

const [id = 'interactions/a-hostile-push-and-a-forged-yes-open-the-next-sign-in', dist = 'dist'] =
  process.argv.slice(2);
await printTurning(resolve(dist), id);
