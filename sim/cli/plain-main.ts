/**
 * `npm run plain -- [MOST] [ARENA…]`: a search without any memory beside the explorer, in every arena that settles within MOST worlds (2,500).
 * Exit code 1 where they differ.
 */
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { exploredAs, plainlyIn } from '../explorer/plain-testing.ts';
import { readArenas } from './arenas.ts';

const [most, ...ids] = process.argv.slice(2);
const worldsMax = Number(most ?? 2500);
const wanted = [...readArenas().values()].filter(({ id }) => ids.length === 0 || ids.includes(id));
let [same, larger] = [0, 0];
for (const one of wanted) {
  const { id } = one;
  const explored = exploredAs(one, makeSymbolicSuite('1'), worldsMax);
  if (explored.all.limit === 'worlds') {
    larger += 1;
    console.log(`${id}: more than ${worldsMax} worlds`);
    continue;
  }
  const plain = plainlyIn(one, makeSymbolicSuite('1'), worldsMax);
  if (JSON.stringify(explored.asPlain) === JSON.stringify(plain)) same += 1;
  else {
    process.exitCode = 1;
    console.log(`${id} differs\n  explorer: ${JSON.stringify(explored.asPlain)}\n  plainly:  ${JSON.stringify(plain)}`);
  }
}
console.log(`${same} of ${wanted.length} arenas the same, ${larger} of more than ${worldsMax} worlds`);
