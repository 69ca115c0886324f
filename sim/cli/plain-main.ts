/**
 * `npm run plain -- [MOST] [ARENA…]`: a search without any memory beside the explorer, in every arena that settles within MOST worlds (2,500)
 * told apart by all that is in them; then with those as one that nobody can tell apart. `npm run plain -- random [HOW MANY] [SEED]`: the same
 * in small casts drawn by lot (100), as deep as a few hundred worlds go. Exit code 1 where they differ.
 */
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Arena } from '../explorer/arena.ts';
import { heldToPlain } from '../explorer/plain-testing.ts';
import { randomArena } from '../fuzz/arenas.ts';
import { readArenas } from './arenas.ts';

const [first, ...rest] = process.argv.slice(2);
const isDrawn = first === 'random';
const drawn = (): readonly Arena[] =>
  Array.from({ length: Number(rest[0] ?? 100) }, (_, nth) => randomArena(rest[1] ?? '1', nth));
const worldsMax = isDrawn ? 300 : Number(first ?? 2500);
const wanted = isDrawn
  ? drawn()
  : [...readArenas().values()].filter(({ id }) => rest.length === 0 || rest.includes(id));

const ratios: number[] = [];
let [same, larger, exactly, asOne] = [0, 0, 0, 0];
for (const one of wanted) {
  const held = heldToPlain(one, () => makeSymbolicSuite('1'), worldsMax, isDrawn);
  if (held === 'larger') {
    larger += 1;
    console.log(`${one.id}: more than ${worldsMax} worlds`);
    continue;
  }
  exactly += held.worlds;
  asOne += held.asOne;
  ratios.push(held.worlds / held.asOne);
  if (held.differs.length === 0) same += 1;
  else {
    process.exitCode = 1;
    console.log(`${one.id} differs\n${held.differs.map((line) => `  ${line}`).join('\n')}`);
  }
}
const median = ratios.toSorted((one, other) => one - other)[ratios.length >> 1] ?? 1;
console.log(`${same} of ${wanted.length} the same, ${larger} of more than ${worldsMax} worlds`);
console.log(`${exactly} worlds, ${asOne} that can be told apart: in the median ${median.toFixed(2)} are one`);
