/** Where a run with settings turned parts from the scenario as written, and how both end. */
import type { Run } from '../../sim/engine/types.ts';
import { miniSvg } from '../../sim/runs/figures/mini.ts';
import { toldIn } from '../../sim/runs/figures/sides.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { forkOf } from '../../sim/runs/telling/fork.ts';
import { badgeOf } from '../ledger.ts';
import { type Child, type Element, el } from './view.ts';

const rowsMost = 8;

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

/** What did not hold; that everything did, where that is so. */
const badgesView = ({ judgements }: Run): Element => {
  const said = judgements.filter(({ verdict }) => verdict !== 'holds');
  return el(
    'p',
    { class: 'badges wrap' },
    said.length === 0
      ? badgeView('holds', 'Every guarantee', null)
      : said.map(({ verdict, guarantee, certain }) => [badgeView(verdict, guaranteeWords(guarantee), certain), ' ']),
  );
};

/** Both runs judged by the guarantees in question. */
export const forkView = (written: Run, turned: Run): Element => {
  const { stem, ends } = forkOf(written, turned);
  const common = stem.rows.length;
  const left = Math.max(...ends.map(({ rows }) => rows.length));
  const step = (ends[1].rows[0] ?? ends[0].rows[0])?.step ?? 0;
  const sentence = turned.steps[step]?.choice.sentence;
  const parting: Child =
    left === 0
      ? 'Both runs exchange the same messages.'
      : [
          common === 0
            ? 'They have no message in common. '
            : `The first ${common === 1 ? 'message is' : `${common} messages are`} the same in both. `,
          'They part in ',
          el('a', { href: `#s${step + 1}` }, `step ${step + 1}`),
          sentence === undefined ? '.' : `: ${toldIn(turned)(sentence)}.`,
        ];
  const rowsMin = Math.min(rowsMost, left);
  const end = (title: string, run: Run, prefix: string): Element =>
    el(
      'div',
      {},
      el('h3', {}, title),
      badgesView(run),
      left > 0 ? { svg: miniSvg(run, { prefix, from: common, rowsMin, rowsMax: rowsMost }) } : null,
    );
  return el(
    'div',
    { class: 'fork' },
    el('p', { class: 'sub' }, parting),
    el('div', { class: 'two' }, end('As written', written, 'beside-w'), end('As turned', turned, 'beside-t')),
  );
};
