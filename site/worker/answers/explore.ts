/** A search of all worlds within bounds, in slices: it can be watched, and left. */
import {
  answerOf,
  beginSearching,
  type ExploreAnswered,
  type ExploreAsked,
  type ExploreProgress,
  progressOf,
} from '../../play/searching.ts';
import type { Desk } from '../desk.ts';

/** A slice is short enough for whoever wants to stop, and news comes a few times a second. */
const sliceWorlds = 64;
const newsMs = 150;

export const explore = async (asked: ExploreAsked, desk: Desk<ExploreProgress>): Promise<ExploreAnswered> => {
  const search = beginSearching(asked);
  let told = performance.now();
  while (!search.advance(sliceWorlds)) {
    if (!(await desk.isWanted())) break;
    if (performance.now() - told < newsMs) continue;
    desk.report(progressOf(search));
    told = performance.now();
  }
  return answerOf(search, asked);
};
