/**
 * What a page may ask of its worker, and what comes back: plain data both ways. A further question is a line in `Asks`, a file in
 * `answers/`, and a line in the register of `main.ts`.
 */

import type { Letter } from '../letters-file.ts';
import type { PlayAsked, Played } from '../play/playing.ts';
import type { ExploreAnswered, ExploreAsked, ExploreProgress } from '../play/searching.ts';
import type { Element } from '../views/view.ts';
import type { CommentAsked } from './answers/comment.ts';
import type { EditAnswered, EditAsked } from './answers/edit.ts';
import type { ForkAsked } from './answers/fork.ts';
import type { LeastAnswered, LeastAsked, LeastProgress } from './answers/least.ts';
import type { LettersAsked } from './answers/letters.ts';
import type { PreviewAnswered, PreviewAsked, PreviewProgress } from './answers/preview.ts';
import type { RestAnswered, RestAsked } from './answers/rest.ts';
import type { RunAnswered, RunAsked } from './answers/run.ts';
import type { ShowAnswered, ShowAsked } from './answers/show.ts';
import type { TextAsked } from './answers/text.ts';
import type { TurnableAnswered } from './answers/turnable.ts';
import type { TurnedAnswered, TurnedAsked, TurnedRun } from './answers/turned.ts';
import type {
  CompleteAnswered,
  CompleteAsked,
  ExplainAnswered,
  ExplainAsked,
  OfferAnswered,
  OfferAsked,
  SpliceAnswered,
  SpliceAsked,
} from './answers/writing.ts';
import type { Desk } from './desk.ts';
import type { TurnableAsked } from './turnable.ts';

/** What each question is asked with, what it reports on the way, and what it is answered. */
export type Asks = {
  /** Nothing yet: what a run needs is loaded. */
  readonly ready: { readonly asked: null; readonly progress: never; readonly answered: null };
  /** A scenario with settings turned: its verdicts and its picture. */
  readonly run: { readonly asked: RunAsked; readonly progress: never; readonly answered: RunAnswered };
  /** All else that its page shows of it. */
  readonly rest: { readonly asked: RestAsked; readonly progress: never; readonly answered: RestAnswered | null };
  /** Such a run beside the run as written. */
  readonly fork: { readonly asked: ForkAsked; readonly progress: never; readonly answered: readonly Element[] };
  /** Such a run as text, as the command line has it. */
  readonly text: { readonly asked: TextAsked; readonly progress: never; readonly answered: string };
  /** What each of several settings would change. */
  readonly preview: {
    readonly asked: PreviewAsked;
    readonly progress: PreviewProgress;
    readonly answered: PreviewAnswered;
  };
  /** The fewest of some clauses with which none of the guarantees in question breaks. */
  readonly least: {
    readonly asked: LeastAsked;
    readonly progress: LeastProgress;
    readonly answered: LeastAnswered;
  };
  /** All that the steps of such a run carried. */
  readonly letters: {
    readonly asked: LettersAsked;
    readonly progress: never;
    readonly answered: readonly (readonly Letter[])[];
  };
  /** Such a run as Markdown. */
  readonly comment: { readonly asked: CommentAsked; readonly progress: never; readonly answered: string };
  /** A text that is being written: what is wrong with it, or its run. */
  readonly edit: { readonly asked: EditAsked; readonly progress: never; readonly answered: EditAnswered };
  /** The same with each setting of its `without` turned, each reported once it is run. */
  readonly turned: { readonly asked: TurnedAsked; readonly progress: TurnedRun; readonly answered: TurnedAnswered };
  /** What can stand at a place of the text. */
  readonly complete: { readonly asked: CompleteAsked; readonly progress: never; readonly answered: CompleteAnswered };
  /** What the word at a place means. */
  readonly explain: { readonly asked: ExplainAsked; readonly progress: never; readonly answered: ExplainAnswered };
  /** What can happen at a place of its story. */
  readonly offer: { readonly asked: OfferAsked; readonly progress: never; readonly answered: OfferAnswered };
  /** A change of the story, as an edit of the text. */
  readonly splice: { readonly asked: SpliceAsked; readonly progress: never; readonly answered: SpliceAnswered };
  /** Whether there are such settings to be turned, and what they are called. */
  readonly turnable: {
    readonly asked: TurnableAsked;
    readonly progress: never;
    readonly answered: TurnableAnswered;
  };
  /** A game after some moves: what may happen next, and what it would bring. */
  readonly play: { readonly asked: PlayAsked; readonly progress: never; readonly answered: Played };
  /** A run by its choices, with real bytes, as a bench shows it. */
  readonly show: { readonly asked: ShowAsked; readonly progress: never; readonly answered: ShowAnswered };
  /** Every world within bounds. */
  readonly explore: {
    readonly asked: ExploreAsked;
    readonly progress: ExploreProgress;
    readonly answered: ExploreAnswered;
  };
};
export type Name = keyof Asks;

/** A question, or that nobody waits any more for the answer to one. */
export type Message =
  | {
      readonly [N in Name]: { readonly id: number; readonly name: N; readonly asked: Asks[N]['asked'] };
    }[Name]
  | { readonly id: number; readonly name: 'never mind' };

/** To one `Message`: any number of `progress`, then one `answer` or why there is none, which only a bug gives. */
export type Reply =
  | { readonly id: number; readonly is: 'progress'; readonly progress: unknown }
  | { readonly id: number; readonly is: 'answer'; readonly answered: unknown }
  | { readonly id: number; readonly is: 'failed'; readonly why: string };

/** What answers a question: pure but for what it reports. What can go wrong with what is asked is a value among what is answered. */
export type Answer<N extends Name> = (
  asked: Asks[N]['asked'],
  desk: Desk<Asks[N]['progress']>,
) => Asks[N]['answered'] | Promise<Asks[N]['answered']>;
