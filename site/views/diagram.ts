/** The picture of a run on its page, and the row of its steps. */
import type { Run } from '../../sim/engine/types.ts';
import { fallenIn, isForetold } from '../../sim/runs/figures/breaks.ts';
import type { Form } from '../../sim/runs/figures/columns.ts';
import type { Row } from '../../sim/runs/figures/row.ts';
import { rowsOf } from '../../sim/runs/figures/rows.ts';
import { type SequenceBand, type SequenceParts, sequenceParts } from '../../sim/runs/figures/sequence.ts';
import { counted } from '../../sim/runs/figures/words.ts';
import { classes, type Element, el, type View } from './view.ts';

/** What shows most of a step: forged letters before what the attacker did, that before the rest. */
const kindOf = (rows: readonly Row[], step: number): Row['kind'] | 'quiet' => {
  const own = rows.filter((row) => row.step === step);
  return (
    own.find(({ kind }) => kind === 'forged')?.kind ??
    own.find(({ kind }) => kind === 'attacker' || kind === 'leak')?.kind ??
    own[0]?.kind ??
    'quiet'
  );
};

/** Every step as a link to it, marked with what happens in it. */
const ticksView = (run: Run): Element => {
  const { rows, quiet } = rowsOf(run);
  const fallen = fallenIn(run).filter(({ verdict }) => verdict === 'breaks');
  const broken = new Set(fallen.map(({ certain }) => certain));
  const causing = new Set(fallen.filter(isForetold).map(({ cause }) => cause));
  return el(
    'nav',
    { class: 'ticks', 'aria-label': 'Steps' },
    run.steps.map((_, step) =>
      el(
        'a',
        {
          class: classes(
            `tick${step + 1}`,
            `k-${kindOf(rows, step)}`,
            quiet.includes(step) && 'nothing',
            broken.has(step) && 'bad',
            causing.has(step) && 'causes',
          ),
          href: `#s${step + 1}`,
        },
        `${step + 1}`,
        broken.has(step) ? el('span', { class: 'vh' }, ', a guarantee breaks') : null,
        causing.has(step) ? el('span', { class: 'vh' }, ', leads to a break') : null,
      ),
    ),
  );
};

const bandView = ({ svg, fold }: SequenceBand): View =>
  fold === null
    ? { svg }
    : el(
        'details',
        { class: 'lull' },
        el(
          'summary',
          { class: classes(...fold.steps.map((step) => `s${step + 1}`)) },
          { svg: fold.bar },
          el('span', {}, `${fold.words}: `, el('b', {}, counted(fold.messages, 'message'))),
        ),
        { svg },
      );

const pictureView = ({ form, words, heads, bands }: SequenceParts, isSaid: boolean): Element =>
  el(
    'div',
    {
      class: `fig seq seq-${form}`,
      role: 'group',
      'aria-label': form === 'wide' ? 'Sequence diagram' : 'Sequence diagram, narrow',
    },
    isSaid ? null : el('p', { class: 'vh' }, words),
    el('div', { class: 'heads' }, { svg: heads }),
    bands.map(bandView),
  );

export type DiagramOptions = {
  /** What ids in it begin with. */
  readonly prefix: string;
};

/** The picture in both its forms, of which the sheet shows the one there is room for. */
export const diagramView = (run: Run, options: DiagramOptions): Element => stageView(run, ['wide', 'narrow'], options);

/** The picture as a page has it before any script: in one form, which is moved sideways where there is no room for it. */
export const writtenView = (run: Run, options: DiagramOptions): Element => stageView(run, ['wide'], options);

/** The same in the form for which that one needs room. */
export const narrowStageView = (run: Run, options: DiagramOptions): Element => stageView(run, ['narrow'], options);

/** The form for which `writtenView` has no room: a script puts it beside the other, from the file of the page. */
export const narrowView = (run: Run): Element => {
  const { defs, pictures } = sequenceParts(run, ['narrow'], { prefix: 'n' });
  return el(
    'div',
    { class: 'slim' },
    { svg: defs },
    pictures.map((picture) => pictureView(picture, false)),
  );
};

const stageView = (run: Run, forms: readonly Form[], { prefix }: DiagramOptions): Element => {
  const { defs, pictures } = sequenceParts(run, forms, { prefix });
  // Forms say the same; where one draws less, each says its own.
  const [shared] = pictures.every(({ words }) => words === pictures[0]?.words) ? pictures : [];
  return el(
    'figure',
    { class: 'panel stage' },
    { svg: defs },
    shared === undefined ? null : el('p', { class: 'vh' }, shared.words),
    pictures.map((picture) => pictureView(picture, shared !== undefined)),
    ticksView(run),
  );
};
