/** Elements of the editor's page. */
import { type Attributes, make } from '../elements.ts';

/** A button that does `act`; `name` is what it is called where its text is only a sign. */
export const button = (
  text: string,
  act: () => void,
  name: string | null = null,
  given: Attributes = {},
): HTMLButtonElement => {
  const element = make('button', { type: 'button', 'aria-label': name, title: name, ...given }, text);
  element.addEventListener('click', act);
  return element;
};

/** The element of the page with that id. Throws where the page has none. */
export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}: was edit.astro changed?`);
  return element as T;
};
