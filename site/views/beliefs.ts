/** What each device holds, and on whose word, as a table. */
import { clauseName } from '../../machines/naming.ts';
import type { Run } from '../../sim/engine/types.ts';
import { type Belief, beliefsOf } from '../../sim/runs/telling/beliefs.ts';
import { speechOf } from '../../sim/runs/telling/speech.ts';
import { type Element, el } from './view.ts';

const heads = ['Step', 'What it holds', 'How it came', 'On whose word', 'Checked by'];

const rowView = ({ what, how, from, checkedBy, step, until }: Belief, base: string): Element =>
  el(
    'tr',
    {
      class: until === null ? '' : 'gone',
      'data-from': `${step + 1}`,
      'data-until': until === null ? null : `${until + 1}`,
    },
    el(
      'td',
      {},
      el('a', { href: `${base}#s${step + 1}` }, `${step + 1}`),
      until === null ? null : el('small', {}, ` until ${until + 1}`),
    ),
    el('td', {}, what),
    el('td', {}, how),
    el('td', {}, from ?? 'its own'),
    el(
      'td',
      {},
      checkedBy.length === 0 ? 'no clause' : clauseName(checkedBy.at(-1) ?? ''),
      checkedBy.length > 1 ? el('small', {}, `, and ${checkedBy.length - 1} more`) : null,
    ),
  );

/** @param base where the steps are, when not on this page */
export const beliefsView = (run: Run, base = ''): Element => {
  const { name } = speechOf(run);
  const all = beliefsOf(run);
  const devices = run.players.filter(({ id }) => all.some(({ device }) => device === id)).map(({ id }) => id);
  return el(
    'div',
    { class: 'beliefs-box scrollx', tabindex: '0', role: 'region', 'aria-label': 'What each device holds' },
    el(
      'table',
      { class: 'beliefs' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          heads.map((head) => el('th', { scope: 'col' }, head)),
        ),
      ),
      devices.map((device) =>
        el(
          'tbody',
          {},
          el('tr', {}, el('th', { colspan: '5', scope: 'rowgroup' }, name(device))),
          all.filter((one) => one.device === device).map((one) => rowView(one, base)),
        ),
      ),
    ),
  );
};
