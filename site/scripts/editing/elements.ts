/** Elements of the editor's page, made by hand: no text is ever read as HTML. */

type Given = Readonly<Record<string, string | null>>;

/** An element; attributes that are `null` are left out. */
export const made = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Given = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A button that does `act`; `name` is what it is called where its text is only a sign. */
export const button = (
  text: string,
  act: () => void,
  name: string | null = null,
  given: Given = {},
): HTMLButtonElement => {
  const element = made('button', { type: 'button', 'aria-label': name, title: name, ...given }, text);
  element.addEventListener('click', act);
  return element;
};

/** The element of the page with that id. Throws where the page has none. */
export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}: was edit.astro changed?`);
  return element as T;
};
