/** Where a run with settings turned parts from the scenario as written, and how both end. */
import type { Run } from '../../sim/engine/types.ts';
import { forkedSvgs } from '../../sim/runs/figures/forked.ts';
import { toldIn } from '../../sim/runs/figures/sides.ts';
import { capitalised, counted, guaranteeWords } from '../../sim/runs/figures/words.ts';
import { type Fork, forkOf } from '../../sim/runs/telling/fork.ts';
import { badgeOf } from '../badges.ts';
import { type Child, type Element, el } from './view.ts';

const badgeView = (verdict: Run['judgements'][number]['verdict'], name: string, step: number | null): Element => {
  const [symbol, word, tone] = badgeOf(verdict);
  return el(
    'span',
    { class: `badge ${tone}` },
    el('span', { 'aria-hidden': 'true' }, symbol),
    ' ',
    el('b', {}, name),
    ` ${word}${verdict === 'breaks' && step !== null ? ` at step ${step + 1}` : ''}`,
  );
};

/** What did not hold; that all did that was judged, where that is so: of other guarantees nobody asks here. */
const badgesView = ({ judgements }: Run): Element => {
  const said = judgements.filter(({ verdict }) => verdict !== 'holds');
  return el(
    'p',
    { class: 'badges wrap' },
    said.length === 0
      ? badgeView('holds', 'All that is asked about', null)
      : said.map(({ verdict, guarantee, certain }) => badgeView(verdict, guaranteeWords(guarantee), certain)),
  );
};

/** In which step they part, and where that first shows. */
const partingView = (written: Run, turned: Run, { stem, shows }: Fork, isDrawn: boolean): Child => {
  const at = written.steps[stem.steps];
  const parting = at ?? turned.steps[stem.steps];
  if (parting === undefined) return 'Both runs are the same.';
  const step = `step ${stem.steps + 1}`;
  return [
    !isDrawn && stem.steps > 0
      ? `The first ${counted(stem.steps, 'step')} ${stem.steps === 1 ? 'is' : 'are'} the same in both. `
      : '',
    'They part in ',
    at === undefined ? step : el('a', { href: `#s${stem.steps + 1}` }, step),
    `: ${toldIn(turned)(parting.choice.sentence)}. `,
    shows === null ? 'The messages look the same in both.' : shows > stem.steps ? `It shows in step ${shows + 1}.` : '',
  ];
};

/**
 * Both runs judged by the guarantees in question.
 *
 * @param picture what ids of the picture begin with; `null`: it is only told
 * @param heading how high the names of both ends stand
 */
export const forkView = (
  written: Run,
  turned: Run,
  picture: string | null,
  heading: 'h3' | 'h4',
): readonly Element[] => {
  const fork = forkOf(written, turned);
  const { stem, shows, decision, ends } = fork;
  const [mine, theirs] = ends;
  const [own, its] = [capitalised(decision.ends[0]), capitalised(decision.ends[1])];
  const drawn =
    picture !== null && shows !== null
      ? forkedSvgs(
          stem.rows,
          [
            { ...mine, name: own },
            { ...theirs, name: its },
          ],
          picture,
        )
      : null;
  const parting = el('p', { class: 'sub' }, partingView(written, turned, fork, drawn !== null));
  // How the scenario as written ends is told above; beside what is drawn it stands again, to compare.
  if (drawn === null) return [parting, badgesView(theirs.run)];
  const end = (title: string, run: Run, svg: string): Element =>
    el('div', {}, el(heading, {}, title), { svg }, badgesView(run));
  return [
    parting,
    el(
      'div',
      { class: 'forked' },
      { svg: drawn.stem },
      el('p', { class: 'at' }, decision.what),
      el('div', { class: 'two' }, end(own, mine.run, drawn.ends[0]), end(its, theirs.run, drawn.ends[1])),
    ),
  ];
};
