/** Help for whoever writes a scenario: what can stand at a place, what a word means, what can happen there, and edits of the story. */
import { type Insertable, insertable } from '../../../sim/runs/insertable.ts';
import { type Completion, namesIn } from '../../../sim/scenario/completions.ts';
import { type Explanation, explained, explainedCompletions } from '../../../sim/scenario/explained.ts';
import { actorsOf } from '../../../sim/scenario/story.ts';
import { dropped, inserted, moved, type Splice } from '../../../sim/scenario/story-edits.ts';
import { written } from '../written.ts';

type At = { readonly text: string; readonly offset: number };

export type CompleteAsked = At;
export type CompleteAnswered = readonly Completion[];
export const complete = ({ text, offset }: CompleteAsked): CompleteAnswered => explainedCompletions(text, offset);

export type ExplainAsked = At;
export type ExplainAnswered = Explanation | null;
export const explain = ({ text, offset }: ExplainAsked): ExplainAnswered => explained(text, offset);

/** `nth`: before which line of the story, counted from 0. `who`: `null` for the first that can act. */
export type OfferAsked = { readonly text: string; readonly nth: number; readonly who: string | null };
export type OfferAnswered = {
  readonly actors: readonly string[];
  readonly who: string | null;
  readonly offers: readonly Insertable[];
};
/** Who acts in the story, and what one of them can do there. Nobody, where the text cannot be read. */
export const offer = ({ text, nth, who }: OfferAsked): OfferAnswered => {
  const read = written(text);
  if (!read.ok) return { actors: [], who: null, offers: [] };
  const names = namesIn(text, 0);
  const actors = actorsOf(names);
  const chosen = actors.find((actor) => actor === who) ?? actors[0] ?? null;
  return {
    actors,
    who: chosen,
    offers: chosen === null ? [] : insertable(read.scenario, names, nth, chosen),
  };
};

/** A change of the story, its lines counted from 0. `line` is as an offer has it. */
export type StoryChange =
  | { readonly do: 'insert'; readonly nth: number; readonly line: string }
  | { readonly do: 'drop'; readonly nth: number }
  | { readonly do: 'move'; readonly nth: number; readonly to: number };
export type SpliceAsked = { readonly text: string; readonly change: StoryChange };
/** `null` where there is nothing of that number to change. */
export type SpliceAnswered = Splice | null;
export const splice = ({ text, change }: SpliceAsked): SpliceAnswered => {
  switch (change.do) {
    case 'insert':
      return inserted(text, change.nth, change.line);
    case 'drop':
      return dropped(text, change.nth);
    case 'move':
      return moved(text, change.nth, change.to);
  }
};
