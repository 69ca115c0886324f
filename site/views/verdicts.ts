/** Which run keeps which guarantee, as a table. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Judgement, Run } from '../../sim/engine/types.ts';
import { whenText } from '../../sim/runs/break-words.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { badgeOf, nothingAtStake } from '../badges.ts';
import { guaranteeHref } from '../hrefs.ts';
import { type Element, el } from './view.ts';

/** A run as a row: `href` is where on the page it is told, `null` for the one that the page is about. */
export type VerdictRow = { readonly name: string; readonly href: string | null; readonly run: Run };

const judgedIn = (run: Run, guarantee: GuaranteeId): Judgement | undefined =>
  run.judgements.find((judgement) => judgement.guarantee === guarantee);

/** @param isDecided whether it fares otherwise in some run of the story: then something was at stake, whether its shadow happened or not */
const cellView = (run: Run, guarantee: GuaranteeId, isDecided: boolean): Element => {
  const judged = judgedIn(run, guarantee);
  const isIdle = judged?.verdict === 'holds' && !judged.shadow && !isDecided;
  const [symbol, word, tone] = isIdle ? nothingAtStake : badgeOf(judged?.verdict ?? 'unsettled');
  const isDated = judged?.verdict === 'breaks' && judged.cause !== null && judged.certain !== null;
  const when = isDated ? ` ${whenText(judged.cause, judged.certain)}` : '';
  return el('td', { class: tone }, el('span', { 'aria-hidden': 'true' }, symbol), ` ${word}${when}`);
};

/** Every row is a run of one story. */
export const verdictsView = (rows: readonly VerdictRow[], guarantees: readonly GuaranteeId[]): Element => {
  const isDecided = new Map(
    guarantees.map((guarantee) => [
      guarantee,
      rows.some(({ run }) => (judgedIn(run, guarantee)?.verdict ?? 'holds') !== 'holds'),
    ]),
  );
  return el(
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
          guarantees.map((guarantee) => cellView(run, guarantee, isDecided.get(guarantee) === true)),
        ),
      ),
    ),
  );
};
