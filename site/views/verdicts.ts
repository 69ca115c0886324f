/** Which run keeps which guarantee, as a table. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Run } from '../../sim/engine/types.ts';
import { whenText } from '../../sim/runs/break-words.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { wasIdle } from '../../sim/runs/telling/first-screen.ts';
import { badgeOf, nothingAtStake } from '../badges.ts';
import { guaranteeHref } from '../hrefs.ts';
import { type Element, el } from './view.ts';

/** A run as a row: `href` is where on the page it is told, `null` for the one that the page is about. */
export type VerdictRow = { readonly name: string; readonly href: string | null; readonly run: Run };

const cellView = (run: Run, guarantee: GuaranteeId, rows: readonly VerdictRow[]): Element => {
  const judged = run.judgements.find((judgement) => judgement.guarantee === guarantee);
  const runs = rows.map((row) => row.run);
  const isIdle = judged !== undefined && wasIdle(judged, runs);
  const [symbol, word, tone] = isIdle ? nothingAtStake : badgeOf(judged?.verdict ?? 'unsettled');
  const isDated = judged?.verdict === 'breaks' && judged.cause !== null && judged.certain !== null;
  const when = isDated ? ` ${whenText(judged.cause, judged.certain)}` : '';
  return el('td', { class: tone }, el('span', { 'aria-hidden': 'true' }, symbol), ` ${word}${when}`);
};

/** Every row is a run of one story. */
export const verdictsView = (rows: readonly VerdictRow[], guarantees: readonly GuaranteeId[]): Element =>
  el(
    'table',
    { class: 'mx' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, 'Run'),
        guarantees.map((guarantee) =>
          el('th', { scope: 'col' }, el('a', { href: guaranteeHref(guarantee) }, guaranteeWords(guarantee))),
        ),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map(({ name, href, run }) =>
        el(
          'tr',
          { class: href === null ? 'here' : '' },
          el('th', { scope: 'row' }, href === null ? name : el('a', { href }, name)),
          guarantees.map((guarantee) => cellView(run, guarantee, rows)),
        ),
      ),
    ),
  );
