import { replayCommand } from '../../runs/replay-command.ts';
import { isSeed } from '../../runs/trace.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { type Command, countFlag, textFlag } from '../command.ts';
import { oneScenario } from '../library.ts';
import { libraryIds } from '../places.ts';
import { crewFlags, inShare, shareOf, tellSetAside, withCrew } from '../sweep/crew.ts';
import { jobOf } from '../sweep/kind.ts';
import { stepsMost } from '../sweep/kinds/setting.ts';
import { type WalkCame, walkKind } from '../sweep/kinds/walk.ts';
import { planDigest } from '../sweep/plan.ts';
import { shelfOf } from '../sweep/shelf.ts';
import { Mistake, plural, print, verdictWord } from '../terminal.ts';
import { turningFlag, turnsFlag } from '../turns-flag.ts';

/** How often each guarantee came to what, and the first walk of each that broke: what, why, and the line that replays it. */
const told = (walks: readonly WalkCame[], watched: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  const shown = new Map<string, string>();
  for (const { replay, verdicts } of walks)
    for (const { guarantee, verdict, told: one } of verdicts) {
      const key = `${guarantee} ${verdict}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (one === null || shown.has(key) || (watched.length > 0 && !watched.includes(guarantee))) continue;
      const lines = [`${verdictWord(verdict)} ${guarantee} ${one.where}: ${one.why}`, ...one.others];
      shown.set(key, `${lines.join('\n  ')}\n  ${replayCommand(replay)}`);
    }
  return [
    ...[...counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, count]) => `  ${String(count).padStart(5)} × ${key}`),
    ...shown.values(),
  ];
};

export const wander: Command = {
  usage: "wander SCENARIO [--runs N] [--steps N] [--seed TEXT] [--without 'KEY'] …",
  text: 'Takes random walks through a scenario: its lines in order; syncs, faults, moves and free play wherever the dice put them.',
  flags: {
    runs: { type: 'string', value: 'N', text: 'walks (the usual: 20)' },
    steps: { type: 'string', value: 'N', text: 'steps at most in a walk (the usual: 100)' },
    seed: { type: 'string', value: 'TEXT', text: 'the first walk’s dice; further walks count on from it' },
    without: turningFlag,
    ...crewFlags,
  },
  names: libraryIds,
  run: (given) => {
    const filed = oneScenario(given.words);
    const { scenario } = filed;
    const runs = countFlag(given, 'runs', 20, 1_000_000);
    const stepsMax = countFlag(given, 'steps', 100, stepsMost);
    const seed = textFlag(given, 'seed') ?? '1';
    // The longest of them must be a seed as well.
    if (!isSeed(seed) || !isSeed(`${seed}-${runs}`)) throw new Mistake(`--seed ${seed}: letters and digits expected`);
    const setting = textFlag(given, 'without') ?? null;
    turnsFlag(given, 'without', scenario);
    const shelf = shelfOf([filed]);
    const jobs = Array.from({ length: runs }, (_, nth) =>
      jobOf(walkKind, { scenario: scenario.id, setting, seed: nth === 0 ? seed : `${seed}-${nth}`, stepsMax }),
    );
    const asked = { kind: walkKind, shelf, plan: planDigest(jobs, shelf) };
    return withCrew(given, asked, async ({ doAll }) => {
      print(`${scenario.title}: ${plural(runs, 'walk')} of at most ${plural(stepsMax, 'step')}, seed ${seed}`);
      const known = await doAll(jobs);
      const own = inShare(shareOf(given), jobs);
      const walks = own.flatMap(({ name }) => known.done.get(name) ?? []);
      for (const line of told(walks, guaranteesIn(scenario.expect))) print(line);
      tellSetAside(walkKind, own, known);
      return known.setAside.size === 0 ? 0 : 3;
    });
  },
};
