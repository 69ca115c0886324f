import { writeFileSync } from 'node:fs';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import { type Exploration, explore as search } from '../../explorer/explore.ts';
import { foundScenario } from '../../explorer/save.ts';
import { replay } from '../../run.ts';
import { printScenario } from '../../scenario/print.ts';
import { formatTrace } from '../../trace.ts';
import type { Scenario } from '../../types.ts';
import { type Command, countFlag, textFlag, turnsFlag } from '../command.ts';
import { oneScenario } from '../library.ts';
import { realSuite } from '../suite.ts';
import { bold, dim, Mistake, print, progress, verdictWord } from '../terminal.ts';
import { twin } from './twin.ts';

const thousands = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

/** A break found with terms is only reported once real bytes have broken in the same place. */
const confirm = (scenario: Scenario, { found }: Exploration): void => {
  for (const { guarantee, verdict, trace, at } of found) {
    if (trace === null) continue;
    const judged = replay(scenario, trace, realSuite).judgements.find((one) => one.guarantee === guarantee);
    if (judged?.verdict !== verdict || judged.at !== at)
      throw new Error(
        `a break found with terms does not replay with bytes (${guarantee}: ${verdict} at ${at}, then ${judged?.verdict} at ${judged?.at}). This is a bug of ours; please report:\n${formatTrace(trace)}`,
      );
  }
};

export const explore: Command = {
  usage:
    "explore SCENARIO [--without 'KEY'] [--guarantee NAME] [--depth N] [--worlds N] [--json] [--save FILE] | --twin [SIZE]",
  text: 'Looks at every world within bounds; finds the shortest way to break each promise, and replays it with real bytes.',
  flags: {
    without: {
      type: 'string',
      value: 'KEY',
      text: 'with a dial turned: a clause id, that id for alice.phone, q07: B, MSC4385: send-variant',
    },
    guarantee: { type: 'string', value: 'NAME', text: 'watch this one only (the usual: those the file expects)' },
    depth: { type: 'string', value: 'N', text: 'choices at most on the way to a world' },
    worlds: { type: 'string', value: 'N', text: 'worlds at most' },
    json: { type: 'boolean', text: 'what was found, as JSON' },
    save: { type: 'string', value: 'FILE', text: 'the first break as a scenario file' },
    twin: { type: 'boolean', text: 'no scenario: the search engine beside SPIN, on a model of SIZE (10^3 to 10^6)' },
  },
  run: (given) => {
    if (given.flags.twin === true) return twin(given.words);
    const { scenario } = oneScenario(given.words);
    const turns = turnsFlag(given, 'without', scenario);
    const guarantee = textFlag(given, 'guarantee');
    const watched = guarantee === undefined ? scenario.expect.map((one) => one.guarantee) : [guarantee];
    const bounds = {
      ...(given.flags.depth === undefined ? {} : { depthMax: countFlag(given, 'depth', 40, 10_000) }),
      ...(given.flags.worlds === undefined ? {} : { worldsMax: countFlag(given, 'worlds', 1, 100_000_000) }),
    };
    const began = performance.now();
    const rate = (worlds: number) => Math.round(worlds / Math.max(0.001, (performance.now() - began) / 1000));
    const result = search(scenario, {
      suite: makeSymbolicSuite('1'),
      turns,
      guarantees: watched,
      bounds,
      progress: ({ worlds, frontier, depth }) => {
        progress(
          `${thousands(worlds)} worlds, ${thousands(rate(worlds))} a second, ${thousands(frontier)} to look at, depth ${depth}`,
        );
        return true;
      },
    });
    progress('');
    if (result.found.length === 0)
      throw new Mistake(
        guarantee === undefined ? 'the scenario expects nothing: name a --guarantee' : `no guarantee “${guarantee}”`,
      );
    confirm(scenario, result);
    const first = result.found.find(({ trace }) => trace !== null);
    const save = textFlag(given, 'save');
    if (save !== undefined && first !== undefined) writeFileSync(save, printScenario(foundScenario(scenario, first)));
    if (given.flags.json === true) {
      print(
        JSON.stringify(
          {
            ...result,
            found: result.found.map((one) => ({ ...one, trace: one.trace === null ? null : formatTrace(one.trace) })),
          },
          null,
          2,
        ),
      );
      return 0;
    }
    print(bold(scenario.title));
    for (const { guarantee: name, verdict, why, trace, shadow } of result.found) {
      print(
        `  ${verdictWord(verdict)} ${name}${why === null ? '' : `: ${why}`}${verdict === 'holds' && !shadow ? dim('  (its shadow never happened: nothing was at stake)') : ''}`,
      );
      if (trace !== null)
        print(`    ${trace.choices.length} steps, replayed with real bytes: npm run replay -- '${formatTrace(trace)}'`);
    }
    const cut = result.limit === null ? 'every reachable world' : `cut short by the bound of ${result.limit}`;
    print(
      dim(
        `  ${thousands(result.worlds)} worlds, ${cut}; depth ${result.depth} (at most ${result.bounds.depthMax}), at most ${thousands(result.bounds.worldsMax)} worlds; reductions: ${result.reductions.join(', ') || 'none'}`,
      ),
    );
    if (save !== undefined) print(first === undefined ? '  nothing to save: nothing breaks' : `  saved: ${save}`);
    return 0;
  },
};
