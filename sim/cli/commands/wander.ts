import { realSuite } from '../../crypto/node/suite.ts';
import type { Judgement } from '../../engine/types.ts';
import { otherLines, whereText } from '../../runs/break-words.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { type SuiteMaker, wander as wanderOff } from '../../runs/run.ts';
import { formatTrace, isSeed } from '../../runs/trace.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { type Command, countFlag, textFlag } from '../command.ts';
import { oneScenario } from '../library.ts';
import { libraryIds } from '../places.ts';
import { Mistake, plural, print, progress, verdictWord } from '../terminal.ts';

const worst = (judgements: readonly Judgement[], watched: readonly string[]): readonly Judgement[] =>
  judgements.filter(
    ({ guarantee, verdict }) =>
      (watched.length === 0 || watched.includes(guarantee)) && (verdict === 'breaks' || verdict === 'accepted'),
  );

export const wander: Command = {
  usage: 'wander SCENARIO [--runs N] [--steps N] [--seed TEXT]',
  text: 'Takes random walks through a scenario: its lines in order; syncs, faults, moves and free play wherever the dice put them.',
  flags: {
    runs: { type: 'string', value: 'N', text: 'walks (the usual: 20)' },
    steps: { type: 'string', value: 'N', text: 'steps at most in a walk (the usual: 100)' },
    seed: { type: 'string', value: 'TEXT', text: 'the first walk’s dice; further walks count on from it' },
  },
  names: libraryIds,
  run: (given) => {
    const { scenario } = oneScenario(given.words);
    const runs = countFlag(given, 'runs', 20, 100_000);
    const stepsMax = countFlag(given, 'steps', 100, 400);
    const seed = textFlag(given, 'seed') ?? '1';
    if (!isSeed(seed)) throw new Mistake(`--seed ${seed}: letters and digits expected`);
    print(`${scenario.title}: ${plural(runs, 'walk')} of at most ${plural(stepsMax, 'step')}, seed ${seed}`);
    const watched = guaranteesIn(scenario.expect);
    const counts = new Map<string, number>();
    const shown = new Map<string, string>();
    for (let nth = 0; nth < runs; nth += 1) {
      progress(`walk ${nth + 1} of ${runs}`);
      // A maker of its own for each walk: what it made is kept as long as the maker is, and no two walks share a seed.
      const suite: SuiteMaker = (text) => realSuite(text);
      const walk = wanderOff(scenario, { seed: nth === 0 ? seed : `${seed}-${nth}`, stepsMax, suite });
      for (const { guarantee, verdict } of walk.judgements) {
        const key = `${guarantee} ${verdict}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      for (const judged of worst(walk.judgements, watched)) {
        const { guarantee, verdict, why } = judged;
        if (!shown.has(`${guarantee} ${verdict}`))
          shown.set(
            `${guarantee} ${verdict}`,
            `${[`${verdictWord(verdict)} ${guarantee} ${whereText(judged)}: ${why}`, ...otherLines(judged)].join('\n  ')}\n  ${replayCommand(formatTrace(walk.trace))}`,
          );
      }
    }
    progress('');
    for (const [key, count] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
      print(`  ${String(count).padStart(5)} × ${key}`);
    for (const text of shown.values()) print(text);
    return 0;
  },
};
