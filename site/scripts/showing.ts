/** A run by its choices, opened on a bench below: its picture, its steps, and the line that replays it. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { replayCommand } from '../../sim/runs/replay-command.ts';
import { el } from '../views/view.ts';
import { ask } from './asking.ts';
import { nodeOf } from './dom.ts';
import { make, whyOf } from './elements.ts';

export type Shown = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly choices: readonly string[];
  readonly guarantee: GuaranteeId;
};

/** Fills `place` with the run. Rejects where that cannot be. */
const fill = async (place: HTMLElement, run: Shown): Promise<void> => {
  const { verdict, line, views } = await ask('show', run);
  const { sight, anchors, inspector, picture, knowledge } = views;
  const said =
    verdict === 'breaks' || verdict === 'accepted'
      ? 'Played again with real bytes in your browser: it breaks there too.'
      : 'Played again with real bytes it does not break: this is a fault of ours, and worth a report.';
  place.replaceChildren(
    make('p', { class: 'sub', role: 'status' }, said),
    nodeOf(el('section', { class: 'panel sight', 'aria-label': 'At first sight' }, sight)),
    make(
      'div',
      { class: 'bench' },
      make('div', { class: 'side' }, ...[...anchors, inspector].map(nodeOf)),
      make('div', {}, nodeOf(picture)),
    ),
    ...knowledge.map(nodeOf),
    make('p', { class: 'sub' }, 'The line that replays it:'),
    make('code', { class: 'replay' }, replayCommand(line)),
  );
};

/** Puts the run into `into`, once it was played with real bytes, or why it cannot be. What was asked for there before is given up. */
export const showRun = (into: HTMLElement, run: Shown): void => {
  // A place of its own: what comes late to one that was replaced is seen by nobody.
  const place = make(
    'div',
    { class: 'shown' },
    make('p', { class: 'sub', role: 'status' }, 'Played again with real bytes …'),
  );
  into.replaceChildren(place);
  fill(place, run).catch((error: unknown) =>
    place.replaceChildren(
      make('p', { class: 'hint', role: 'status' }, `It could not be played again: ${whyOf(error)}.`),
    ),
  );
};
