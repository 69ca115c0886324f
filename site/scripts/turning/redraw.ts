/** Shows another run where the run as written stood, and puts that back. */
import type { View } from '../../views/view.ts';
import type { RestAnswered } from '../../worker/answers/rest.ts';
import type { RunAnswered } from '../../worker/answers/run.ts';
import { nodeOf } from '../dom.ts';
import { element } from '../element.ts';
import { drawAll } from '../pieces.ts';

/** A place on the page, with what stood there when it was made. */
type Place = { readonly at: Element; readonly written: readonly Node[] };
const placeAt = (at: Element | null | undefined): Place | null => (at ? { at, written: [...at.childNodes] } : null);

type Shown = Pick<Extract<RunAnswered, { is: 'run' }>, 'steps' | 'sight' | 'picture'>;

export type Stage = {
  /**
   * What is seen at once; the steps stay those that were there until they are filled in.
   *
   * @param told what it is, in a sentence that stands with each of its parts
   */
  readonly show: (run: Shown, told: string) => void;
  /** Its picture alone, in another form. */
  readonly draw: (run: Pick<Shown, 'picture'>, told: string) => void;
  /** All else. */
  readonly fill: (rest: RestAnswered, told: string) => void;
  readonly restore: () => void;
  /** `.stage`, as it stands now. */
  readonly picture: () => Element | null;
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
  };
  const redrawn = (): void => {
    bench.dispatchEvent(new CustomEvent('redrawn', { bubbles: true }));
  };
  const marked = (told: string): HTMLElement => element('p', 'computed', told);
  const setInspector = (next: Node): void => side.querySelector('.inspector')?.replaceWith(next);
  const setSight = (view: View, told: string): void => sight.at.replaceChildren(marked(told), nodeOf(view));
  const setPicture = (view: View | null, told: string): void => {
    if (view === null) return;
    const [, ...after] = picture.written.filter((node) => node instanceof Element);
    picture.at.replaceChildren(marked(told), nodeOf(view), ...after);
  };
  return {
    show: (run, told) =>
      swap(() => {
        keepStep(run.steps);
        setAnchors(side, run.steps);
        setSight(run.sight, told);
        setPicture(run.picture, told);
      }),
    draw: (run, told) => swap(() => setPicture(run.picture, told)),
    fill: (rest, told) => {
      swap(() => {
        setInspector(nodeOf(rest.inspector));
        if (rest.sight !== null) setSight(rest.sight, told);
        if (beliefs !== null)
          beliefs.at.replaceChildren(
            ...[...beliefs.written].map((node) =>
              node instanceof Element && node.matches('.beliefs-box') ? nodeOf(rest.beliefs) : node,
            ),
          );
        if (knowledge !== null)
          knowledge.at.replaceChildren(
            ...(rest.knowledge.length === 0 ? [] : [element('h2', '', 'What the attacker knows'), marked(told)]),
            ...nodesOf(rest.knowledge),
          );
      });
      redrawn();
    },
    restore: () => {
      swap(() => {
        keepStep(stepsWritten);
        setAnchors(side, stepsWritten);
        setInspector(inspector);
        for (const place of [sight, picture, beliefs, knowledge]) place?.at.replaceChildren(...place.written);
      });
      redrawn();
    },
    picture: () => picture.at.querySelector('.stage'),
  };
};
