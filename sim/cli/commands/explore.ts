import { setImmediate as breathe } from 'node:timers/promises';
import { realSuite } from '../../crypto/node/suite.ts';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import type { Judgement, Scenario } from '../../engine/types.ts';
import { foundScenario } from '../../explorer/counterexample.ts';
import {
  beginExploring,
  boundsOf,
  type Exploration,
  type ExploreOptions,
  endOf,
  type Found,
  type Now,
} from '../../explorer/explore.ts';
import { triedIn, triedWords } from '../../explorer/tried.ts';
import { otherLines, whereText } from '../../runs/break-words.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { replay } from '../../runs/run.ts';
import { formatTrace, isSeed } from '../../runs/trace.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { printScenario } from '../../scenario/print.ts';
import { type Command, countFlag, type Given, oneOf, textFlag } from '../command.ts';
import { aScenario, aSearch, markedScenario } from '../file-kinds.ts';
import { guaranteeNamed, meaningLines } from '../guarantee-lines.ts';
import { keptIn, keptText } from '../kept-search.ts';
import { type Filed, oneScenario } from '../library.ts';
import { libraryIds } from '../places.ts';
import { onStop } from '../stopping.ts';
import { crewFlags, inShare, shareOf, tellSetAside, withCrew } from '../sweep/crew.ts';
import { jobOf } from '../sweep/kind.ts';
import { blocksOf, randomWalksKind, togetherOf } from '../sweep/kinds/random-walks.ts';
import { planDigest } from '../sweep/plan.ts';
import { shelfOf } from '../sweep/shelf.ts';
import { bold, dim, Mistake, plural, print, printJson, progress, thousands, verdictWord } from '../terminal.ts';
import { turningFlag, turnsFlag } from '../turns-flag.ts';
import { checkOut, writeOf } from '../writing.ts';

/** A break found with terms is only reported once real bytes have broken in the same place. @returns what bytes say, by guarantee */
export const confirm = (scenario: Scenario, { found }: Pick<Exploration, 'found'>): ReadonlyMap<string, Judgement> => {
  const confirmed = new Map<string, Judgement>();
  for (const { guarantee, verdict, trace, at } of found) {
    if (trace === null) continue;
    const judged = replay(scenario, trace, realSuite).judgements.find((one) => one.guarantee === guarantee);
    if (judged?.verdict !== verdict || judged.at !== at)
      throw new Error(
        `a break found with terms does not replay with bytes (${guarantee}: ${verdict} at ${at}, then ${judged?.verdict} at ${judged?.at}). This is a bug of ours; please report:\n${formatTrace(trace)}`,
      );
    confirmed.set(guarantee, judged);
  }
  return confirmed;
};

const orders = ['breadth-first', 'depth-first', 'random'] as const;

/** What must be the same when a search is taken up again. */
const nameOf = (scenario: Scenario, { turns, guarantees, order, bounds, isExact }: ExploreOptions): string =>
  JSON.stringify([scenario, turns, guarantees, order, bounds, isExact]);

/** `keep` is given what a search that is left is kept as; `null` where it is too large for that. */
type Leaving = {
  readonly file: string | undefined;
  readonly keep: (text: string | null) => void;
  readonly secondsMax: number;
};

/** Searches until it is over, somebody interrupts or the time is up. */
const searchUntilLeft = async (
  scenario: Scenario,
  options: ExploreOptions,
  { file, keep, secondsMax }: Leaving,
): Promise<Exploration> => {
  const end = performance.now() + secondsMax * 1000;
  let isInterrupted = false;
  const isLeft = (): boolean => isInterrupted || performance.now() >= end;
  const leave = onStop(() => {
    isInterrupted = true;
    // Told twice, it ends at once.
    leave();
  });
  try {
    return await searchInPieces(scenario, options, { file, keep, isLeft });
  } finally {
    leave();
  }
};

/** Searches in pieces, so that an interrupt is heard in between; with a file what was left is kept there. */
const searchInPieces = async (
  scenario: Scenario,
  options: ExploreOptions,
  { file, keep, isLeft }: Pick<Leaving, 'file' | 'keep'> & { readonly isLeft: () => boolean },
): Promise<Exploration> => {
  const name = nameOf(scenario, options);
  const kept = file === undefined ? undefined : keptIn(file, name);
  const exploring = beginExploring(scenario, kept === undefined ? options : { ...options, kept });
  while (!isLeft() && !exploring.advance(512)) {
    options.progress?.(exploring.now());
    await breathe();
  }
  if (file !== undefined) keep(keptText(name, exploring.keep()));
  return exploring.report();
};

const optionsOf = (given: Given, scenario: Scenario): ExploreOptions => {
  const name = textFlag(given, 'guarantee');
  const began = performance.now();
  const rate = (worlds: number) => Math.round(worlds / Math.max(0.001, (performance.now() - began) / 1000));
  return {
    suite: makeSymbolicSuite('1'),
    turns: turnsFlag(given, 'without', scenario),
    guarantees: name === undefined ? guaranteesIn(scenario.expect) : [guaranteeNamed(name)],
    order: oneOf(given, 'order', orders, 'breadth-first').replace('-', ' ') as NonNullable<ExploreOptions['order']>,
    isExact: given.flags.exact === true,
    bounds: {
      ...(given.flags['until-depth'] === undefined ? {} : { depthMax: countFlag(given, 'until-depth', 40, 10_000) }),
      ...(given.flags.worlds === undefined ? {} : { worldsMax: countFlag(given, 'worlds', 1, 100_000_000) }),
      bytesMax: countFlag(given, 'memory', 1024, 64 * 1024) * 2 ** 20,
    },
    progress: ({ worlds, frontier, depth, worldsExpected }: Now) => {
      const of = worldsExpected === null ? '' : ` of about ${thousands(worldsExpected)}`;
      progress(
        `${thousands(worlds)}${of} worlds, ${thousands(rate(worlds))} a second, ${thousands(frontier)} to look at, depth ${depth}`,
      );
      return true;
    },
  };
};

/** Random walks in blocks, each with dice of its own, so that several can take them. */
const walks = async (
  filed: Filed,
  options: ExploreOptions,
  given: Given,
  use: (result: Exploration) => number,
): Promise<number> => {
  const { scenario } = filed;
  const { bounds = {}, guarantees = [], turns = [], isExact = false } = options;
  const { worldsMax, bytesMax } = boundsOf(scenario, bounds);
  const seed = textFlag(given, 'seed') ?? '1';
  const setting = textFlag(given, 'without') ?? null;
  const depthMax = bounds.depthMax ?? null;
  const blocks = blocksOf({ scenario: scenario.id, setting, guarantees, worldsMax, depthMax, bytesMax, isExact }, seed);
  const shelf = shelfOf([filed]);
  const jobs = blocks.map((task) => jobOf(randomWalksKind, task));
  return withCrew(given, { kind: randomWalksKind, shelf, plan: planDigest(jobs, shelf) }, async ({ doAll }) => {
    // Where the first breaks all that is watched, nobody has to walk on.
    const first = jobs.slice(0, 1);
    const begun = await doAll(first, { isForAll: true });
    const isOver = first.every(
      ({ name }) => begun.done.get(name)?.found.every(({ verdict }) => verdict === 'breaks') === true,
    );
    const rest = isOver ? [] : jobs.slice(1);
    const known = await doAll(rest);
    const own = [...first, ...inShare(shareOf(given), rest)];
    const together = togetherOf(
      { scenario: scenario.id, turns },
      own.flatMap(({ name }) => begun.done.get(name) ?? known.done.get(name) ?? []),
    );
    const status = together === null ? 0 : use(together);
    for (const one of [begun, known]) tellSetAside(randomWalksKind, own, one);
    return begun.setAside.size + known.setAside.size === 0 ? status : 3;
  });
};

const why: Readonly<Record<NonNullable<Exploration['limit']>, string>> = {
  depth: 'cut short by the bound of depth',
  worlds: 'cut short by the bound of worlds',
  memory: 'cut short by the bound of memory',
  stopped: 'left before its end',
  chance: 'as chance had it',
};

/** Steps count from 1, as everywhere people see them. */
const whenNumbers = (judged: Judgement | undefined): { readonly cause?: number; readonly certain?: number } =>
  judged?.cause == null || judged.certain === null ? {} : { cause: judged.cause + 1, certain: judged.certain + 1 };

/** How short a way is known to be. */
const leastWords = ({ attacks, isLeast }: Found): string => {
  if (!isLeast) return '';
  return attacks === null || attacks === 0
    ? ' (no way is shorter)'
    : ` (no way is shorter; ${attacks} by an attacker, and no way as short has fewer)`;
};

const printFound = (scenario: Scenario, result: Exploration, confirmed: ReadonlyMap<string, Judgement>): void => {
  for (const one of result.found) {
    const { guarantee, verdict, why: because, trace, shadow } = one;
    print(
      `  ${verdictWord(verdict)} ${guarantee}${because === null ? '' : `: ${because}`}${verdict === 'holds' && !shadow ? dim(`  (its shadow never happened: hearsay guarantees ${guarantee})`) : ''}`,
    );
    const judged = confirmed.get(guarantee);
    if (judged !== undefined) for (const line of [whereText(judged), ...otherLines(judged)]) print(`    ${line}`);
    if (trace !== null)
      print(
        `    ${plural(trace.choices.length, 'step')}${leastWords(one)}, replayed with real bytes: ${replayCommand(formatTrace(trace))}`,
      );
  }
  for (const line of meaningLines(result.found)) print(`  ${line}`);
  if (result.restless !== null)
    print(
      `  not every world comes to rest (${result.restless.unrest}): ${replayCommand(formatTrace(result.restless.trace))}`,
    );
  const seen = endOf(result) === 'all broken' ? 'until nothing was left to break' : 'every reachable world';
  const cut = result.limit === null ? seen : why[result.limit];
  const { bounds } = result;
  print(
    dim(
      `  ${plural(result.worlds, 'world')} ${result.order}, ${cut}; ${plural(result.transitions, 'transition')}; depth ${result.depth} (at most ${bounds.depthMax}), at most ${plural(bounds.worldsMax, 'world')} and ${thousands(Math.round(bounds.bytesMax / 2 ** 20))} MiB`,
    ),
  );
  if (result.found.some(({ verdict }) => verdict === 'holds'))
    for (const line of triedWords(triedIn(scenario))) print(dim(`  ${line}`));
};

type Writing = { readonly file: string | undefined; readonly left: string | null; readonly save: string | undefined };

/** Tells what was found, once real bytes have said the same, and writes what is wanted of it. */
const telling = (given: Given, scenario: Scenario, result: Exploration, { file, left, save }: Writing): number => {
  if (result.found.length === 0)
    throw new Mistake(
      textFlag(given, 'guarantee') === undefined
        ? 'the scenario expects nothing: name a --guarantee'
        : `no guarantee “${textFlag(given, 'guarantee')}”`,
    );
  const confirmed = confirm(scenario, result);
  const first = result.found.find(({ trace }) => trace !== null);
  const keepAll = (): void => {
    if (save !== undefined && first !== undefined)
      writeOf(aScenario, `--save ${save}`, save, markedScenario(printScenario(foundScenario(scenario, first))));
    if (file === undefined) return;
    if (left === null)
      throw new Mistake(
        `--keep ${file} cannot be written: the search is larger than a file of it can be, give it less --memory`,
      );
    writeOf(aSearch, `--keep ${file}`, file, left);
  };
  if (given.flags.json === true) {
    printJson({
      ...result,
      tried: triedIn(scenario),
      found: result.found.map((one) => ({
        ...one,
        trace: one.trace === null ? null : formatTrace(one.trace),
        ...whenNumbers(confirmed.get(one.guarantee)),
      })),
      restless: result.restless === null ? null : { ...result.restless, trace: formatTrace(result.restless.trace) },
    });
    keepAll();
    return 0;
  }
  print(bold(scenario.title));
  printFound(scenario, result, confirmed);
  keepAll();
  if (save !== undefined) print(first === undefined ? '  nothing to save: nothing breaks' : `  saved: ${save}`);
  if (file !== undefined)
    print(`  kept: ${file}${result.limit === 'stopped' ? ' (the same command goes on from there)' : ''}`);
  return 0;
};

export const explore: Command = {
  usage: "explore SCENARIO [--without 'KEY'] [--guarantee NAME] [--order ORDER] [--keep FILE] …",
  text: 'Looks at every world within bounds; finds the shortest way to break each guarantee, and replays it with real bytes.',
  flags: {
    without: turningFlag,
    guarantee: { type: 'string', value: 'NAME', text: 'watch this one only (the usual: those the file expects)' },
    order: {
      type: 'string',
      value: 'ORDER',
      text: 'breadth-first (the usual: shortest ways), depth-first, or random walks, for spaces too large to end',
    },
    'until-depth': { type: 'string', value: 'N', text: 'look at every world to which so many choices lead at most' },
    worlds: { type: 'string', value: 'N', text: 'worlds at most' },
    memory: { type: 'string', value: 'MIB', text: 'for worlds and what is remembered of steps, at most (1024)' },
    seconds: { type: 'string', value: 'N', text: 'leave the search after that time' },
    keep: {
      type: 'string',
      value: 'FILE',
      text: 'keep the search there when it is left (also by Ctrl+C or SIGTERM); go on from there',
    },
    exact: { type: 'boolean', text: 'tell worlds apart by all that is in them, also by what nobody can look at' },
    json: { type: 'boolean', text: 'what was found, as JSON' },
    save: { type: 'string', value: 'FILE', text: 'the first break as a scenario file' },
    seed: { type: 'string', value: 'TEXT', text: 'the dice of random walks (1)' },
    ...crewFlags,
  },
  names: libraryIds,
  run: async (given) => {
    const filed = oneScenario(given.words);
    const { scenario } = filed;
    const options = optionsOf(given, scenario);
    const file = textFlag(given, 'keep');
    const save = textFlag(given, 'save');
    if (save !== undefined) checkOut(aScenario, `--save ${save}`, save);
    const secondsMax = countFlag(given, 'seconds', 10 ** 9, 10 ** 9);
    if (options.order === 'random' && file !== undefined)
      throw new Mistake('--keep: random walks keep nothing; give them a --worlds to pass, or a --record');
    if (options.order !== 'random')
      for (const flag of ['seed', ...Object.keys(crewFlags)])
        if (given.flags[flag] !== undefined)
          throw new Mistake(`--${flag} is for random walks, which can be split: --order random`);
    const seed = textFlag(given, 'seed');
    if (seed !== undefined && !isSeed(`${seed}-1000000`))
      throw new Mistake(`--seed ${seed}: letters and digits expected`);
    const tell = (result: Exploration, left: string | null): number =>
      telling(given, scenario, result, { file, left, save });
    if (options.order === 'random') return walks(filed, options, given, (result) => tell(result, null));
    let left: string | null = null;
    const keep = (text: string | null): void => {
      left = text;
    };
    const result = await searchUntilLeft(scenario, options, { file, keep, secondsMax });
    progress('');
    return tell(result, left);
  },
};
