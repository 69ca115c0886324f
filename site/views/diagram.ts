/** The picture of a run on its page, and the row of its steps. */
import type { Run } from '../../sim/engine/types.ts';
import { fallenIn, isForetold } from '../../sim/runs/figures/breaks.ts';
import type { Form } from '../../sim/runs/figures/columns.ts';
import type { Row } from '../../sim/runs/figures/row.ts';
import {
  type Sequence,
  type SequenceBand,
  type SequenceParts,
  type SequencePiece,
  sequenceParts,
} from '../../sim/runs/figures/sequence.ts';
import { counted } from '../../sim/runs/figures/words.ts';
import { classes, type Element, el, type View } from './view.ts';

/** What shows most of a step with those rows: forged letters before what the attacker did, that before the rest. */
const kindOf = (own: readonly Row[]): Row['kind'] | 'quiet' =>
  own.find(({ kind }) => kind === 'forged')?.kind ??
  own.find(({ kind }) => kind === 'attacker' || kind === 'leak')?.kind ??
  own[0]?.kind ??
  'quiet';

/** Every step as a link to it, marked with what happens in it. */
const ticksView = (run: Run, { rows, quiet }: Pick<Sequence, 'rows' | 'quiet'>): Element => {
  const byStep = Map.groupBy(rows, ({ step }) => step);
  const idle = new Set(quiet);
  const fallen = fallenIn(run).filter(({ verdict }) => verdict === 'breaks');
  const broken = new Set(fallen.map(({ certain }) => certain));
  const causing = new Set(fallen.filter(isForetold).map(({ cause }) => cause));
  const ticks = run.steps.map((_, step) =>
    el(
      'a',
      {
        class: classes(
          `tick${step + 1}`,
          `k-${kindOf(byStep.get(step) ?? [])}`,
          idle.has(step) && 'nothing',
          broken.has(step) && 'bad',
          causing.has(step) && 'causes',
        ),
        href: `#s${step + 1}`,
      },
      `${step + 1}`,
      broken.has(step) ? el('span', { class: 'vh' }, ', a guarantee breaks') : null,
      causing.has(step) ? el('span', { class: 'vh' }, ', leads to a break') : null,
    ),
  );
  const hundreds = Array.from(
    { length: Math.ceil(ticks.length / 100) },
    (_, nth): View => ({ later: ticks.slice(nth * 100, nth * 100 + 100), as: 'hundred', size: null }),
  );
  return el('nav', { class: 'ticks', 'aria-label': 'Steps' }, hundreds.length > 1 ? hundreds : ticks);
};

/** A picture with more rows is drawn piece by piece in a browser. */
const uncutMax = 12;

const piecesView = (pieces: readonly SequencePiece[], isCut: boolean): readonly View[] =>
  pieces.map(({ svg, width, height }) =>
    isCut ? { later: [{ svg }], as: 'piece', size: { width, height } } : { svg },
  );

const bandView = ({ pieces, fold }: SequenceBand, isCut: boolean): readonly View[] =>
  fold === null
    ? piecesView(pieces, isCut)
    : [
        el(
          'details',
          { class: 'lull' },
          el(
            'summary',
            { class: classes(...fold.steps.map((step) => `s${step + 1}`)) },
            { svg: fold.bar },
            el('span', {}, `${fold.words}: `, el('b', {}, counted(fold.messages, 'message'))),
          ),
          piecesView(pieces, isCut),
        ),
      ];

const pictureView = (
  { form, words, heads, bands }: SequenceParts,
  isSaid: boolean,
  isCut: boolean,
  isSecond: boolean,
): Element => {
  const drawn = [el('div', { class: 'heads' }, { svg: heads }), ...bands.flatMap((band) => bandView(band, isCut))];
  return el(
    'div',
    {
      class: `fig seq seq-${form}`,
      role: 'group',
      'aria-label': form === 'wide' ? 'Sequence diagram' : 'Sequence diagram, narrow',
    },
    isSaid ? null : el('p', { class: 'vh' }, words),
    // Of a long one the second form is not drawn before there is no room for the first.
    isCut && isSecond ? { later: drawn, as: 'other-form', size: null } : drawn,
  );
};

export type DiagramOptions = {
  /** What ids in it begin with. */
  readonly prefix: string;
};

/** The picture in both its forms, of which the sheet shows the one there is room for; a long one in pieces. */
export const diagramView = (run: Run, { prefix }: DiagramOptions): Element =>
  stageView(run, sequenceParts(run, ['wide', 'narrow'], { prefix, uncutMax }));

/** The picture as a page has it before any script: in one form, which is moved sideways where there is no room for it. */
export const writtenView = (run: Run, { prefix }: DiagramOptions): Element =>
  stageView(run, sequenceParts(run, ['wide'], { prefix }));

/** The picture in the form that is seen; a long one in pieces. */
export const seenView = (run: Run, form: Form, { prefix }: DiagramOptions): Element =>
  stageView(run, sequenceParts(run, [form], { prefix, uncutMax }));

/** The form for which `writtenView` has no room: a script puts it beside the other, from the file of the page. */
export const narrowView = (run: Run): Element => {
  const { defs, pictures } = sequenceParts(run, ['narrow'], { prefix: 'n' });
  return el(
    'div',
    { class: 'slim' },
    { svg: defs },
    pictures.map((picture) => pictureView(picture, false, false, false)),
  );
};

const stageView = (run: Run, sequence: Sequence): Element => {
  const { defs, pictures, isCut } = sequence;
  // Forms say the same; where one draws less, each says its own.
  const [shared] = pictures.every(({ words }) => words === pictures[0]?.words) ? pictures : [];
  return el(
    'figure',
    { class: 'panel stage' },
    { svg: defs },
    shared === undefined ? null : el('p', { class: 'vh' }, shared.words),
    pictures.map((picture, nth) => pictureView(picture, shared !== undefined, isCut, nth > 0)),
    ticksView(run, sequence),
  );
};
