/**
 * The public door of the simulator: what people from outside may use. Everything behind it may move.
 *
 * A scenario is read with `parseScenario`, played with `runStory` (one run) or judged with `verdictsOf` (a story by its one run, free play
 * by every world within its bounds), and drawn or told from the `Run` that comes of it. Runs are plain, immutable data; the same trace
 * gives the same run on every machine and in every browser. What a file does wrong is a value (`ParsedScenario`); only a fault of ours
 * throws.
 */

// --- what is judged --------------------------------------------------------------------------------
export { type GuaranteeId, guaranteeIds, guaranteeText } from '../machines/guarantee-texts.ts';
export type { Break, Subject } from './engine/breaks.ts';
// --- scenarios -------------------------------------------------------------------------------------
export type { Expectation, Judgement, Moment, PlayerId, Run, Scenario, Step, Trace, Verdict } from './engine/types.ts';
// --- every order of things -------------------------------------------------------------------------
export { type Exploration, type ExploreOptions, explore } from './explorer/explore.ts';
export { type Verdicts, verdictsOf } from './explorer/verdicts.ts';
export { guarantees } from './guarantees/index.ts';
export { ledgerQuestions } from './ledger/readings.ts';
export { ledgerClauses, registry } from './ledger/registry.ts';
// --- the texts -------------------------------------------------------------------------------------
export { compare } from './ledger/run-diff.ts';
// --- pictures and texts of a run -------------------------------------------------------------------
export { itf } from './runs/export/itf.ts';
export { runJson } from './runs/export/json.ts';
export { mermaid } from './runs/export/mermaid.ts';
export { shiviz } from './runs/export/shiviz.ts';
export { type MiniOptions, miniSvg } from './runs/figures/mini.ts';
export { type SequenceOptions, sequenceSvg } from './runs/figures/sequence.ts';
// --- runs ------------------------------------------------------------------------------------------
export { type RunOptions, replay, runStories, runStory, wander } from './runs/run.ts';
export { formatTrace, formatWritten, type ParsedTrace, parseTrace } from './runs/trace.ts';
export { transcript } from './runs/transcript.ts';
export { type Claim, checkClaims, expectedOf, lineFaults } from './scenario/claims.ts';
export { errorLine, type ParsedScenario, parseScenario, type ScenarioError } from './scenario/parse.ts';
export { printScenario } from './scenario/print.ts';
