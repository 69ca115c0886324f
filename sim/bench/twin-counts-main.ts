/** Counts the twin's states with SPIN again and compares them with the recorded ones. `--write` records what it finds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import counts from '../explorer/bench/counts.json' with { type: 'json' };
import { missingForSpin, withSpin } from './spin.ts';

const file = fileURLToPath(new URL('../explorer/bench/counts.json', import.meta.url));
const missing = missingForSpin();
if (missing.length > 0) console.log(`not counted: ${missing.join(' and ')} is not installed`);
else {
  const found = counts.sizes.map((size) => ({
    size,
    ...withSpin(size, true, 'depth first', size.states, ({ run }) => run()),
  }));
  for (const { size, states, transitions } of found) {
    const same = states === size.states && transitions === size.transitions;
    console.log(
      `${size.name}: ${states} states, ${transitions} transitions${same ? ', as recorded' : ', recorded otherwise'}`,
    );
    if (!same) process.exitCode = 1;
  }
  if (process.argv.includes('--write')) {
    const recorded = found.reduce(
      (text, { size, states, transitions }) =>
        text
          .replace(`"states": ${size.states}`, `"states": ${states}`)
          .replace(`"transitions": ${size.transitions}`, `"transitions": ${transitions}`),
      readFileSync(file, 'utf8'),
    );
    writeFileSync(file, recorded);
  }
}
