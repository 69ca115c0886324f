/**
 * `npm run bench`: ratios measured in one run, in a few minutes. `-- --long`: more rounds, and what takes a minute each. `-- --only spin,cold`:
 * these parts alone. `-- --write`: the table goes into `BENCHMARKS.md` too.
 */
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, loadavg, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { howOf, type Part, type Row, type Skipped } from './measure.ts';
import { bundle } from './parts/bundle.ts';
import { cold } from './parts/cold.ts';
import { devices } from './parts/devices.ts';
import { library } from './parts/library.ts';
import { messages } from './parts/messages.ts';
import { pictures } from './parts/pictures.ts';
import { push } from './parts/push.ts';
import { site } from './parts/site.ts';
import { spin } from './parts/spin.ts';
import { sweep } from './parts/sweep.ts';
import { growth, minute } from './parts/worlds.ts';
import { documentOf, type Measured, told } from './table.ts';

const parts: readonly Part[] = [
  spin,
  growth,
  minute,
  push,
  bundle,
  messages,
  library,
  devices,
  cold,
  sweep,
  site,
  pictures,
];

const mistaken = (why: string): never => {
  console.error(why);
  process.exit(2);
};
/** Its words are those of whoever typed them. */
const read = () => {
  try {
    return parseArgs({ options: { long: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' } } });
  } catch (error) {
    return mistaken(`${error instanceof Error ? error.message : error}: --long, --write, --only PARTS expected`);
  }
};
const { values } = read();
const isLong = values.long === true;
const names = values.only?.split(',') ?? null;
const unknown = names?.filter((name) => parts.every((part) => part.name !== name)) ?? [];
if (unknown.length > 0)
  mistaken(`--only ${unknown.join(',')}: one or more of these expected: ${parts.map(({ name }) => name).join(', ')}`);
const asked = parts.filter(({ name, isLongOnly }) => names?.includes(name) ?? (isLong || isLongOnly !== true));

const load = (): number => loadavg()[0] ?? 0;
const began = load();
const all: Measured[] = [];
for (const part of asked) {
  console.log(part.title);
  const lines: (Row | Skipped)[] = [];
  for await (const line of part.measure(howOf(isLong))) {
    lines.push(line);
    console.log(told(line));
  }
  all.push({ part, lines });
  console.log();
}
if (values.write === true) {
  const machine = {
    processors: availableParallelism(),
    system: `${platform()}, ${arch()}`,
    node: process.versions.node,
    load: [began, load()] as const,
  };
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
  writeFileSync(new URL('../../BENCHMARKS.md', import.meta.url), documentOf(all, machine, command));
  console.log('written: BENCHMARKS.md');
}
