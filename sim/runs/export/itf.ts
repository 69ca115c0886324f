/**
 * A run as a trace in the Informal Trace Format (https://apalache-mc.org/docs/adr/015adr-trace.html), which tools of Quint, TLA+ and
 * Apalache read: one state before anything happened, and one after each step.
 */
import type { JsonObject } from '../../../machines/json.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { knowledgeOf } from '../figures/knowledge.ts';
import { beliefsAt, beliefsOf } from '../telling/beliefs.ts';
import { formatTrace } from '../trace.ts';
import { oneLine, shortPath } from './short.ts';

/** The variables of every state, with their types in Apalache's notation. */
const variables = {
  action: '{ id: Str, who: Str, kind: Str, sentence: Str }',
  requests: 'Seq({ from: Str, to: Str, method: Str, path: Str, status: Int, lost: Bool })',
  letters: 'Seq({ to: Str, kind: Str, sealed: Bool, claimed_sender: Str })',
  believes: 'Str -> Set({ what: Str, how: Str })',
  knows: 'Str -> Set(Str)',
  broken: 'Set({ guarantee: Str, at: Str })',
} as const;
type Variable = keyof typeof variables;

/** Sets and functions are tagged; what a set has twice it has once. */
const set = (values: readonly (string | JsonObject)[]): JsonObject => ({
  '#set': [...new Map(values.map((value) => [JSON.stringify(value), value])).values()],
});
const map = (pairs: readonly (readonly [string, JsonObject])[]): JsonObject => ({
  '#map': pairs.map(([key, value]) => [key, value]),
});

const requestsIn = (moments: readonly Moment[]): readonly JsonObject[] =>
  moments.flatMap((one) =>
    one.kind === 'request'
      ? [
          {
            from: one.from,
            to: one.to,
            method: one.method,
            path: shortPath(one.path),
            status: one.status,
            lost: one.lost === true,
          },
        ]
      : [],
  );
const lettersIn = (moments: readonly Moment[]): readonly JsonObject[] =>
  moments.flatMap((one) =>
    one.kind === 'delivery'
      ? [
          {
            to: one.to,
            // Whoever writes to a device writes its type, too.
            kind: oneLine(one.opened?.type ?? String(one.event.type)),
            sealed: one.facts.encrypted,
            claimed_sender: oneLine(String(one.facts.claimedSender)),
          },
        ]
      : [],
  );

const before = { id: '', who: '', kind: 'before', sentence: '' };
const actionOf = ({ choice: { id, who, kind, sentence } }: Step): JsonObject => ({
  id,
  who,
  kind,
  sentence: oneLine(sentence),
});

/** The trace, ending with a newline. What is secret is not in it: keys stand there by how they begin. */
export const itf = (run: Run): string => {
  const beliefs = beliefsOf(run);
  const known = knowledgeOf(run);
  const devices: readonly PlayerId[] = [...new Set(beliefs.map(({ device }) => device))].sort();
  const thieves: readonly PlayerId[] = [...new Set(known.map(({ player }) => player))].sort();
  /** @param nth the step (index) after which it is; -1: before the first */
  const stateAt = (nth: number, step: Step | undefined): JsonObject => {
    const held = beliefsAt(beliefs, nth);
    const state: Readonly<Record<Variable, JsonObject | readonly JsonObject[]>> = {
      action: step === undefined ? before : actionOf(step),
      requests: requestsIn(step?.moments ?? []),
      letters: lettersIn(step?.moments ?? []),
      believes: map(
        devices.map((device) => [
          device,
          set(held.filter((one) => one.device === device).map(({ what, how }) => ({ what: oneLine(what), how }))),
        ]),
      ),
      knows: map(
        thieves.map((player) => [
          player,
          set(known.filter((one) => one.player === player && one.step <= nth).map(({ what }) => oneLine(what))),
        ]),
      ),
      broken: set(
        run.judgements.flatMap(({ guarantee, breaks }) =>
          breaks
            .filter(({ certain }) => certain <= nth)
            .flatMap((one) => one.breaks.map(({ at }) => ({ guarantee, at: at ?? '' }))),
        ),
      ),
    };
    return { '#meta': { index: nth + 1 }, ...state };
  };
  const trace = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      description: `${oneLine(run.scenario.title)} (npx hearsay replay '${formatTrace(run.trace)}')`,
      varTypes: variables,
    },
    vars: Object.keys(variables),
    states: [stateAt(-1, undefined), ...run.steps.map((step, nth) => stateAt(nth, step))],
  };
  return `${JSON.stringify(trace, null, 2)}\n`;
};
