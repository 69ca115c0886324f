/** A run as a comment for an issue or a pull request, as `npx hearsay export --comment` writes it. */
import type { Scenario, Turn } from '../../../sim/engine/types.ts';
import { commentOf } from '../../../sim/runs/export/comment.ts';
import { turnsKey } from '../../../sim/scenario/written.ts';
import { playedInFull } from '../played.ts';

export type CommentAsked = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  /** Of the page that it links to. */
  readonly address: string | null;
};

/** Markdown; why there is none, where there is no such run. */
export const comment = async ({ scenario, turns, address }: CommentAsked): Promise<string> => {
  const made = await playedInFull(scenario, turns);
  if (made.is === 'refused') return made.why;
  const others = [[], ...scenario.without.map((one) => one.turns)].filter(
    (other) => turnsKey(other) !== turnsKey(turns),
  );
  const siblings = (await Promise.all(others.map((other) => playedInFull(scenario, other)))).flatMap((other) =>
    other.is === 'run' ? [other.run] : [],
  );
  return commentOf(made.run, { siblings, address });
};
