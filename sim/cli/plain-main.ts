/**
 * A search without any memory beside the explorer, in every arena that settles, told apart by all that is in a world; then with those as one
 * that nobody can tell apart. The same in small casts drawn by lot, as deep as a few hundred worlds go.
 */
import { parseArgs } from 'node:util';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Arena } from '../explorer/arena.ts';
import { heldToPlain } from '../explorer/plain-testing.ts';
import { randomArena } from '../fuzz/arenas.ts';
import { readArenas } from './arenas.ts';
import { misnamed } from './terminal.ts';
import { asked, wholeNumber } from './words.ts';

const usage = `npm run plain -- [ARENA …] [--most WORLDS]       each arena that settles within so many worlds (2500)
npm run plain -- --random CASTS [--seed SEED]    so many small casts drawn by lot

Exit codes: 0 the same, 1 one differs, 2 the command is wrong.`;

type Wanted = { readonly arenas: readonly Arena[]; readonly most: number; readonly isDrawn: boolean };

const { arenas, most, isDrawn } = asked(usage, (args): Wanted => {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    options: { most: text, random: text, seed: text },
    allowPositionals: true,
  });
  if (values.random === undefined) {
    const known = readArenas();
    const named = positionals.map((id) => {
      const arena = known.get(id);
      if (arena === undefined) throw misnamed(`there is no arena ${id}`, id, known.keys());
      return arena;
    });
    const arenas = named.length > 0 ? named : [...known.values()];
    return { arenas, most: wholeNumber('--most', values.most ?? '2500'), isDrawn: false };
  }
  const casts = wholeNumber('--random', values.random);
  const arenas = Array.from({ length: casts }, (_, nth) => randomArena(values.seed ?? '1', nth));
  return { arenas, most: 300, isDrawn: true };
});

const ratios: number[] = [];
let [same, larger, exactly, asOne] = [0, 0, 0, 0];
for (const one of arenas) {
  const held = heldToPlain(one, () => makeSymbolicSuite('1'), most, isDrawn);
  if (held === 'larger') {
    larger += 1;
    console.log(`${one.id}: more than ${most} worlds`);
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
console.log(`${same} of ${arenas.length} the same, ${larger} of more than ${most} worlds`);
console.log(`${exactly} worlds, ${asOne} that can be told apart: in the median ${median.toFixed(2)} are one`);
