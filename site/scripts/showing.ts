/** A run by its choices, opened on a bench below: its picture, its steps, and the line that replays it. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { replayCommand } from '../../sim/runs/replay-command.ts';
import { el } from '../views/view.ts';
import { ask } from './asking.ts';
import { nodeOf } from './dom.ts';
import { make } from './elements.ts';

export type Shown = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly choices: readonly string[];
  readonly guarantee: GuaranteeId;
};

/** Fills `into` with the run, once it was played with real bytes. Rejects where that cannot be. */
export const showRun = async (into: HTMLElement, run: Shown): Promise<void> => {
  into.replaceChildren(make('p', { class: 'sub', role: 'status' }, 'Played again with real bytes …'));
  const { verdict, line, views } = await ask('show', run);
  const { sight, anchors, inspector, picture, knowledge } = views;
  const said =
    verdict === 'breaks' || verdict === 'accepted'
      ? 'Played again with real bytes in your browser: it breaks there too.'
      : 'Played again with real bytes it does not break: this is a fault of ours, and worth a report.';
  into.replaceChildren(
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
