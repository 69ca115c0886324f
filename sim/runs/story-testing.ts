/** Stories for tests, written as files are: what happened, step by step. */

import type { Moment, PlayerId, Run, Scenario } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { runStory } from './run.ts';

/** A scenario of these lines below `cast:` (indented by two) and `story:`. Throws what the parser says against them. */
export const scenarioOf = (cast: readonly string[], story: readonly string[], more = ''): Scenario => {
  const lines = (list: readonly string[], before: string): string => list.map((line) => `${before}${line}\n`).join('');
  const text = `title: A claim\nabout: [MSC4268]\nwhy: Because.\ncast:\n${lines(cast, '  ')}story:\n${lines(story, '  - ')}${more}expect: { data-durability: holds }\n`;
  const parsed = parseScenario(text, 'test/story');
  if (!parsed.ok) throw new Error(parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.scenario;
};

export const told = (cast: readonly string[], story: readonly string[], more = ''): Run =>
  runStory(scenarioOf(cast, story, more), { suite: 'symbolic' });

export type Asked = Extract<Moment, { kind: 'request' }>;

/** The requests from one player to another, in order. */
export const requestsOf = ({ steps }: Run, from: PlayerId, to: PlayerId, path = ''): readonly Asked[] =>
  steps
    .flatMap(({ moments }) => moments)
    .filter((one) => one.kind === 'request')
    .filter((one) => one.from === from && one.to === to && one.path.includes(path));

/** What went wrong, as it is told. */
export const faultsOf = ({ steps }: Run): readonly string[] =>
  steps.flatMap(({ moments }) =>
    moments.flatMap((one) => (one.kind === 'fault' ? [`${one.player}: ${one.fault}`] : [])),
  );

/** What each device has read, in order: `bob.desk: hello`. */
export const readBy = ({ steps }: Run): readonly string[] =>
  steps.flatMap(({ moments }) =>
    moments.flatMap((one) =>
      one.kind === 'shown' && one.notice.about === 'message' ? [`${one.player}: ${String(one.notice.message)}`] : [],
    ),
  );
