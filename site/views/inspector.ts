/** One step at a time: the one the address names, else the one that decides. The sheet of all figures does that, without a script. */
import { clauseName } from '../../machines/naming.ts';
import type { Run, Step } from '../../sim/engine/types.ts';
import { type Fallen, fallenIn, isForetold } from '../../sim/runs/figures/breaks.ts';
import { rowsOf } from '../../sim/runs/figures/rows.ts';
import { isAttacker, namesIn, stepWords } from '../../sim/runs/figures/sides.ts';
import { counted, guaranteeWords } from '../../sim/runs/figures/words.ts';
import { badgeOf } from '../badges.ts';
import { type Changed, changesOf } from '../changes.ts';
import { clauseHref } from '../hrefs.ts';
import { decisiveStep, type Inspected, inspected, type Told } from '../inspected.ts';
import { type Child, classes, type Element, el } from './view.ts';

const stepLink = (step: number): Element => el('a', { href: `#s${step + 1}` }, `step ${step + 1}`);

/** How each verdict of those is told, once. */
const flags = (fallen: readonly Fallen[], words: (verdict: Fallen['verdict']) => string): readonly Element[] =>
  [...new Set(fallen.map(({ verdict }) => verdict))].map((verdict) =>
    el('span', { class: classes('flag', badgeOf(verdict)[2]) }, ` ${words(verdict)}`),
  );

const signOf = (verdict: Fallen['verdict']): string => (verdict === 'breaks' ? '✕' : '≈');

const headView = (run: Run, index: number, fallen: readonly Fallen[], isQuiet: boolean): Element => {
  const count = run.steps.length;
  return el(
    'header',
    {},
    el(
      'p',
      {},
      el('b', {}, `Step ${index + 1}`),
      ` of ${count}`,
      flags(
        fallen.filter(({ certain }) => certain === index),
        (verdict) => `${signOf(verdict)} ${verdict === 'breaks' ? 'breaks' : 'accepted'}`,
      ),
      flags(
        fallen.filter((one) => isForetold(one) && one.cause === index),
        (verdict) => `● leads to ${verdict === 'breaks' ? 'a break' : 'what is accepted'}`,
      ),
      isQuiet ? el('span', { class: 'flag' }, ' · nothing new') : null,
    ),
    index > 0 ? el('a', { href: `#s${index}` }, `← ${index}`) : null,
    index + 1 < count ? el('a', { href: `#s${index + 2}` }, `${index + 2} →`) : null,
  );
};

/** What fell in a step, and what was done in it that let something fall later. */
const whyViews = (fallen: readonly Fallen[], index: number): readonly Element[] => [
  ...fallen
    .filter(({ certain }) => certain === index)
    .map((one) =>
      el(
        'p',
        { class: classes('why', badgeOf(one.verdict)[2]) },
        el('b', {}, `${signOf(one.verdict)} ${guaranteeWords(one.guarantee)}`),
        `: ${one.why}`,
        isForetold(one) ? [' (done in ', stepLink(one.cause), ')'] : null,
      ),
    ),
  ...fallen
    .filter((one) => isForetold(one) && one.cause === index)
    .map((one) =>
      el(
        'p',
        { class: classes('why', badgeOf(one.verdict)[2]) },
        el('b', {}, `● ${guaranteeWords(one.guarantee)}`),
        ': done here, certain in ',
        stepLink(one.certain),
      ),
    ),
];

const toldView = (one: Told): Child => {
  switch (one.said) {
    case 'clauses':
      return el(
        'p',
        { class: one.tone },
        `${one.words}: `,
        one.clauses.map((id, nth) => [nth > 0 ? ' · ' : '', el('a', { href: clauseHref(id) }, clauseName(id))]),
      );
    case 'part': {
      const { kind, title, detail } = one.part;
      return el(
        'p',
        { class: `g-${kind}` },
        el('b', {}, title),
        kind !== 'request' && detail !== '' ? el('small', {}, ` ${detail}`) : null,
      );
    }
    case 'briefly':
      return null;
  }
};

const turnView = ({ told, passed }: Inspected, name: string, isThief: boolean): Element =>
  el(
    'div',
    { class: 'turn' },
    el('p', { class: isThief ? 'thief' : '' }, name),
    told.map(toldView),
    passed > 0 ? el('p', { class: 'ok' }, `${counted(passed, 'clause')} ${passed === 1 ? 'is' : 'are'} kept`) : null,
  );

/** How players stand otherwise after a step than before it. */
const changedView = (changed: readonly Changed[], nameOf: (player: string) => string): Element | null =>
  changed.length === 0
    ? null
    : el(
        'dl',
        { class: 'changed' },
        changed.map(({ player, changes }) => [
          el('dt', {}, nameOf(player)),
          changes.map(({ name, before, after }) => el('dd', {}, `${name}: ${before} → `, el('b', {}, after))),
        ]),
      );

/** Where links to the steps lead: nowhere on the page, so that following one moves nothing. They stand before the inspector. */
export const stepAnchors = (run: Run): readonly Element[] => [
  ...run.steps.map((_, index) => el('i', { id: `s${index + 1}` })),
  el('i', { id: 'none' }),
];

/** Addresses of the transcript, and of what steps carried in full; left out where there is no such file. */
export type InspectorFiles = { readonly text: string; readonly letters: string };

/** All steps of a run, of which one is shown. */
export const inspectorView = (run: Run, files: InspectorFiles | null): Element => {
  const { quiet } = rowsOf(run);
  const fallen = fallenIn(run);
  const decisive = decisiveStep(run);
  const nameOf = namesIn(run);
  const changes = changesOf(run);
  const attackers = new Set(run.players.filter(isAttacker).map(({ id }) => id));
  const article = (step: Step, index: number): Element =>
    el(
      'article',
      { class: classes(`i${index + 1}`, index === decisive && 'decisive') },
      headView(run, index, fallen, quiet.includes(index)),
      el('h3', {}, stepWords(run, step)),
      el(
        'div',
        { class: 'body' },
        whyViews(fallen, index),
        inspected(run, step).map((one) => turnView(one, nameOf(one.player), attackers.has(one.player))),
        changedView(changes[index] ?? [], nameOf),
      ),
    );
  return el(
    'section',
    { class: 'panel inspector', 'aria-labelledby': 'inspector-h', tabindex: '0' },
    el('h2', { id: 'inspector-h', class: 'vh' }, 'One step of the run'),
    el('a', { class: 'fold', href: '#none', 'aria-label': 'Fold this away' }, '×'),
    el('a', { class: 'unfold', href: `#s${decisive + 1}`, 'aria-label': `Open step ${decisive + 1}` }, '+'),
    run.steps.map(article),
    files === null
      ? null
      : el(
          'p',
          { class: 'sub also' },
          'All steps: ',
          el('a', { href: files.text, 'data-text': true }, 'as text'),
          ', ',
          el('a', { href: files.letters, 'data-letters': true }, 'as JSON, packed'),
          '.',
        ),
  );
};
