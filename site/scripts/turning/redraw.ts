/** Shows another run where the run as written stood, and puts that back. */
import type { BenchViews } from '../../views/bench.ts';
import type { View } from '../../views/view.ts';
import { nodeOf } from '../dom.ts';
import { element } from '../element.ts';
import { drawAll } from '../pieces.ts';

/** A place on the page, with what stood there when it was made. */
type Place = { readonly at: Element; readonly written: readonly Node[] };
const placeAt = (at: Element | null | undefined): Place | null => (at ? { at, written: [...at.childNodes] } : null);

export type Stage = {
  /** @param told what it is, in a sentence that stands with each of its parts */
  readonly show: (views: BenchViews, told: string) => void;
  readonly restore: () => void;
};

const nodesOf = (views: readonly View[]): readonly Node[] => views.map(nodeOf);

/** The step that the address chooses, from 1; `null`: none. */
const stepChosen = (): number | null => {
  const nth = /^#s([1-9]\d*)$/.exec(location.hash)?.[1];
  return nth === undefined ? null : Number(nth);
};

/** What has the focus, so that it can be found again in what is drawn anew: a link by where it leads, within its part. */
const focusWithin = (at: Element): (() => void) => {
  const now = document.activeElement;
  if (now === null || now === document.body || !at.contains(now)) return () => undefined;
  const href = now.getAttribute('href');
  const name = now.closest('nav')?.getAttribute('class') ?? '';
  const inspects = now.closest('.inspector') !== null;
  return () => {
    if (href !== null) drawAll();
    const scope = (name === '' ? null : at.querySelector(`nav.${CSS.escape(name)}`)) ?? at;
    const same = [...scope.querySelectorAll<HTMLElement>('a')].filter((one) => one.getAttribute('href') === href);
    const found =
      same.find((one) => one.checkVisibility()) ?? (inspects ? at.querySelector<HTMLElement>('.inspector') : null);
    found?.focus({ preventScroll: true });
  };
};

/** Anchors of steps stay where they are, as one of them may be what the address points at: those that lack are added, others go. */
const setAnchors = (side: Element, steps: number): void => {
  const anchors = [...side.querySelectorAll<HTMLElement>(':scope > i')];
  const last = side.querySelector(':scope > #none');
  for (const anchor of anchors) if (Number(anchor.id.slice(1)) > steps) anchor.remove();
  for (let nth = anchors.filter(({ id }) => id !== 'none').length + 1; nth <= steps; nth += 1) {
    const anchor = document.createElement('i');
    anchor.id = `s${nth}`;
    side.insertBefore(anchor, last);
  }
};

/** The nearest step, where the one that was chosen is no more. Moving there anew also tells the sheet of it. */
const keepStep = (steps: number): void => {
  const step = stepChosen();
  if (step !== null && step > steps && steps > 0) location.replace(`#s${steps}`);
};

/** The page of a scenario as a stage for its runs. `null` where it has not the parts that are needed. */
export const stageOf = (page: ParentNode): Stage | null => {
  const bench = page.querySelector('.bench');
  const side = bench?.querySelector('.side');
  const sight = placeAt(page.querySelector('.sight'));
  const picture = placeAt(bench?.querySelector('.stage')?.parentElement);
  const beliefs = placeAt(page.querySelector('.beliefs-box')?.parentElement);
  const known = page.querySelector('[aria-labelledby="know-h"]');
  const inspector = side?.querySelector('.inspector') ?? null;
  if (!bench || !side || sight === null || picture === null || inspector === null) return null;
  const stepsWritten = side.querySelectorAll(':scope > i').length - 1;
  // Where the run as written has no attacker who knows something, there is no such part; another run may have one.
  const knowledge = placeAt(known) ?? placeAt(element('section', 'block'));
  if (known === null && knowledge !== null) bench.after(knowledge.at);

  const swap = (change: () => void): void => {
    const back = focusWithin(page instanceof Element ? page : document.body);
    change();
    back();
    bench.dispatchEvent(new CustomEvent('redrawn', { bubbles: true }));
  };
  const setInspector = (next: Node): void => side.querySelector('.inspector')?.replaceWith(next);
  return {
    show: (views, told) =>
      swap(() => {
        const mark = (): HTMLElement => element('p', 'computed', told);
        const steps = views.anchors.length - 1;
        keepStep(steps);
        setAnchors(side, steps);
        setInspector(nodeOf(views.inspector));
        sight.at.replaceChildren(mark(), nodeOf(views.sight));
        const [, ...after] = picture.written.filter((node) => node instanceof Element);
        picture.at.replaceChildren(mark(), nodeOf(views.picture), ...after);
        if (beliefs !== null)
          beliefs.at.replaceChildren(
            ...[...beliefs.written].map((node) =>
              node instanceof Element && node.matches('.beliefs-box') ? nodeOf(views.beliefs) : node,
            ),
          );
        if (knowledge !== null)
          knowledge.at.replaceChildren(
            ...(views.knowledge.length === 0 ? [] : [element('h2', '', 'What the attacker knows'), mark()]),
            ...nodesOf(views.knowledge),
          );
      }),
    restore: () =>
      swap(() => {
        keepStep(stepsWritten);
        setAnchors(side, stepsWritten);
        setInspector(inspector);
        for (const place of [sight, picture, beliefs, knowledge]) place?.at.replaceChildren(...place.written);
      }),
  };
};
