/** Shows another run of a scenario on its page. */
import type { BenchViews } from '../views/bench.ts';
import type { View } from '../views/view.ts';
import { nodeOf } from './dom.ts';
import { element } from './element.ts';
import { addStepFolds, type StepsSource } from './folds.ts';

const listeners: (() => void)[] = [];
/** Is told when another run stands on the page. */
export const onRedrawn = (listener: () => void): void => {
  listeners.push(listener);
};

const fill = (selector: string, views: readonly View[]): void =>
  document.querySelector(selector)?.replaceChildren(...views.map(nodeOf));

/** Anchors that there are stay: one of them may be what the address points at. */
const redrawAnchors = (views: BenchViews['anchors']): void => {
  const side = document.querySelector('.side');
  const wanted = new Set(views.map(({ attributes }) => String(attributes.id)));
  for (const anchor of document.querySelectorAll('.side > i')) if (!wanted.has(anchor.id)) anchor.remove();
  for (const view of views)
    if (document.getElementById(String(view.attributes.id)) === null) side?.prepend(nodeOf(view));
};

/** The section of what attackers know, which a page lacks where they know nothing. */
const redrawKnowledge = (panels: readonly View[]): void => {
  const section = document.querySelector<HTMLElement>('[aria-labelledby="know-h"]');
  if (section === null) {
    if (panels.length === 0) return;
    const head = element('h2', '', 'What the attacker knows');
    head.id = 'know-h';
    const made = element('section', 'block', head, element('p', 'sub', 'At the end, and from what it follows.'));
    made.setAttribute('aria-labelledby', 'know-h');
    made.append(...panels.map(nodeOf));
    document.querySelector('.bench')?.after(made);
    return;
  }
  for (const panel of section.querySelectorAll('.knowledge')) panel.remove();
  section.append(...panels.map(nodeOf));
  section.hidden = panels.length === 0;
};

/**
 * Puts the views of another run where those of the one before stand, with the step that is chosen where it has one.
 * @param letters where its folds have all that its steps carried from; asked when one is opened
 */
export const redraw = (views: BenchViews, letters: StepsSource): void => {
  fill('.sight', [views.sight]);
  redrawAnchors(views.anchors);
  document.querySelector('.inspector')?.replaceWith(nodeOf(views.inspector));
  document.querySelector('.stage')?.replaceWith(nodeOf(views.picture));
  document.querySelector('.beliefs-box')?.replaceWith(nodeOf(views.beliefs));
  redrawKnowledge(views.knowledge);
  addStepFolds(letters);
  for (const listener of listeners) listener();
};
