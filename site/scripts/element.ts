/** An element with a class, where there is one, and what is in it. */
export const element = (name: string, className: string, ...children: readonly (Node | string)[]): HTMLElement => {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
};

/** Something that opens under its title. */
export const drawer = (className: string, title: string, ...children: readonly (Node | string)[]): HTMLElement =>
  element('details', className, element('summary', '', title), ...children);

/** A button with a sign, which is told by its `label`. */
export const signButton = (sign: string, label: string, act: () => void): HTMLElement => {
  const made = element('button', '', sign);
  made.setAttribute('type', 'button');
  made.setAttribute('aria-label', label);
  made.addEventListener('click', act);
  return made;
};
