/** A story with a client in one seat: the run, as any other, and what became of the client. */
import { realSuite } from '../../crypto/node/suite.ts';
import { NotBegun } from '../../engine/prologue.ts';
import type { PlayerId, Run, Scenario } from '../../engine/types.ts';
import { type RunOptions, runStory } from '../../runs/run.ts';
import type { Hello, Seating } from './client.ts';
import { type Note, seatAt } from './seat.ts';

/** Where the story could not begin, a run without a step, of which nothing is judged. */
export type PlayedBy = { readonly run: Run; readonly hello: Hello | null; readonly notes: readonly Note[] };

/** Real bytes, since a client knows no terms. @param seat a device of a user of the cast, or one that they log in later */
export const playWith = (
  scenario: Scenario,
  seat: PlayerId,
  seating: Seating,
  seed = '1',
  judgedAs?: RunOptions['judgedAs'],
): PlayedBy => {
  const suite = realSuite(seed);
  const sat = seatAt(seat, seating, seed, suite);
  try {
    const run = runStory(scenario, { seed, suite: () => suite, kernel: sat.kernel, judgedAs });
    return { run, hello: sat.hello(), notes: sat.notes() };
  } catch (error) {
    // Charts of ours begin every story: whoever sits there instead has not done what it was told.
    if (!(error instanceof NotBegun)) throw error;
    const note: Note = { is: 'failed', act: 'what goes before the story', why: error.message };
    const nothing = { ...runStory(scenario, { suite: 'symbolic', guarantees: [] }), steps: [] };
    return { run: nothing, hello: sat.hello(), notes: [...sat.notes(), note] };
  } finally {
    sat.close();
  }
};
