/** The ways to a break that are known of each clause, each as a story in which a client sits where the clause was left out. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId } from '../../../machines/types.ts';
import { turned } from '../../engine/set-stage.ts';
import type { PlayerId, Run, Scenario, Trace, Turn, Verdict } from '../../engine/types.ts';
import type { Missed, Row } from '../../explorer/ablate.ts';
import { toldScenario } from '../../explorer/counterexample.ts';
import { replay, runStory } from '../../runs/run.ts';
import { formatWritten, parseTrace } from '../../runs/trace.ts';
import { seatsOf } from '../compare/seats.ts';

export type Counterexample = {
  readonly clause: ClauseId;
  /** The device that left it out: the seat. `null`: that of nobody honest. */
  readonly seat: PlayerId | null;
  readonly guarantee: GuaranteeId;
  /** What comes of it there. */
  readonly verdict: Verdict;
  /** Where it was found: in an arena, by searching, or in a story that says so. */
  readonly by: Missed['by'];
  /** The run with the clause off, as a trace. */
  readonly line: string;
  /** The same as a story of its own, with the clause in force everywhere. */
  readonly scenario: Scenario;
};

const isOff = (turn: Turn, clause: ClauseId): boolean => turn.turn === 'off' && turn.clause === clause;

/** The devices of honest people at which a clause that is off would have refused or done something. */
const leftOutBy = (run: Run, clause: ClauseId): readonly PlayerId[] => {
  const seats = seatsOf(run.scenario);
  const players = run.steps.flatMap(({ moments }) =>
    moments.flatMap((moment) =>
      moment.kind === 'clause' && moment.off && moment.clause === clause && moment.says !== 'permits'
        ? [moment.player]
        : [],
    ),
  );
  return [...new Set(players)].filter((player) => seats.includes(player));
};

/** The story behind a trace, without free play, and with all that was turned but for the clause. */
const storyWith = (scenario: Scenario, trace: Trace, clause: ClauseId): Scenario => {
  const turns = trace.turns.filter((turn) => !isOff(turn, clause));
  const told = scenario.explore === null ? scenario : toldScenario(scenario, trace);
  return {
    ...told,
    settings: turned(scenario.settings, turns),
    without: [],
  };
};

type Way = Pick<Counterexample, 'clause' | 'guarantee' | 'verdict' | 'by' | 'line'>;

/** Whether it breaks with the clause off at that device alone. */
const isAlone = ({ clause, guarantee, verdict }: Way, story: Scenario, seat: PlayerId): boolean => {
  const turns = [{ turn: 'off', clause, for: seat }] as const;
  const { judgements } = runStory(story, { turns, suite: 'symbolic', guarantees: [guarantee] });
  return judgements.some((one) => one.verdict === verdict);
};

/** A way, once for each device that leaves the clause out there and has it break. @param run with the clause off, by whomever */
const seated = (way: Way, scenario: Scenario, trace: Trace, run: () => Run): readonly Counterexample[] => {
  const off = trace.turns.find((turn) => isOff(turn, way.clause));
  const only = off?.turn === 'off' ? off.for : undefined;
  const story = storyWith(scenario, trace, way.clause);
  const seats = only === undefined ? leftOutBy(run(), way.clause).filter((seat) => isAlone(way, story, seat)) : [only];
  return seats.length === 0
    ? [{ ...way, seat: null, scenario: story }]
    : seats.map((seat) => ({ ...way, seat, scenario: story }));
};

/** What is looked at of a row of an ablation. */
export type KnownRow = Pick<Row, 'clauses' | 'who'> & {
  readonly missed: readonly Pick<Missed, 'guarantee' | 'verdict' | 'by' | 'line'>[];
};

/**
 * Those of rows of an ablation in which that clause alone is off.
 *
 * @param scenarioOf an arena or a story by its id
 */
export const foundIn = (
  clause: ClauseId,
  rows: readonly KnownRow[],
  scenarioOf: (id: string) => Scenario | undefined,
): readonly Counterexample[] =>
  rows
    .filter(({ clauses }) => clauses.length === 1 && clauses[0] === clause)
    // What was off for one device alone says at once whose seat it is.
    .toSorted((one, other) => Number(one.who === 'everyone') - Number(other.who === 'everyone'))
    .flatMap(({ missed }) =>
      missed.flatMap(({ guarantee, verdict, by, line }) => {
        const parsed = parseTrace(line);
        const scenario = parsed.ok ? scenarioOf(parsed.trace.scenario) : undefined;
        if (!parsed.ok || scenario === undefined) throw new Error(`${line}: no arena and no story tells this`);
        const { trace } = parsed;
        return seated({ clause, guarantee, verdict, by, line }, scenario, trace, () =>
          replay(scenario, trace, 'symbolic'),
        );
      }),
    );

/** Those of stories that say in their `without` what comes of that clause alone being off. */
export const toldIn = (clause: ClauseId, stories: readonly Scenario[]): readonly Counterexample[] =>
  stories
    .filter(({ explore }) => explore === null)
    .flatMap((scenario) =>
      scenario.without.flatMap(({ turns, expect }) => {
        if (turns.length !== 1 || !turns.some((turn) => isOff(turn, clause))) return [];
        const trace = { scenario: scenario.id, turns, seed: '1', choices: [] };
        const bad = expect.filter(({ verdict }) => verdict === 'breaks' || verdict === 'accepted');
        return bad.flatMap(({ guarantee, verdict }) =>
          seated({ clause, guarantee, verdict, by: 'story', line: formatWritten(trace) }, scenario, trace, () =>
            runStory(scenario, { turns, suite: 'symbolic', guarantees: [] }),
          ),
        );
      }),
    );
