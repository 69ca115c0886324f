/**
 * Which step is chosen. The sheet of all figures marks and opens the step whose anchor is the target of the address, without a script.
 * Here a step is chosen without going there: the anchor that is the target takes the name of another, and the address says so. Nothing
 * loses the focus for it, nothing scrolls, and back leads to where the last link was followed from.
 */

const anchors = '.side > i';
const target = (): HTMLElement | null => document.querySelector<HTMLElement>(`${anchors}:target`);
const stepIn = (id: string | undefined): number | null => {
  const step = /^s(\d+)$/.exec(id ?? '')?.[1];
  return step === undefined ? null : Number(step);
};

/** The step that was chosen, counted from 1; `null` where none was. */
export const chosenStep = (): number | null => stepIn(target()?.id);

/** The articles of the steps, in order. */
export const articles = (): readonly HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('.inspector > article'),
];
export const stepCount = (): number => articles().length;

/** The step that is shown: the chosen one, else the one that decides. */
export const shownStep = (): number =>
  chosenStep() ?? articles().findIndex((article) => article.classList.contains('decisive')) + 1;

const listeners: (() => void)[] = [];
/** Is told whenever another step may be shown: chosen here, by a link, or by going back. */
export const onChosen = (listener: () => void): void => {
  listeners.push(listener);
};
const notify = (): void => {
  for (const listener of listeners) listener();
};
window.addEventListener('hashchange', notify);
// Back to an address that differs in more than its step there may be no change of hash; its target is known a moment later.
window.addEventListener('popstate', () => setTimeout(notify));
// Before that the address has no target yet, or the page comes back as it was left.
window.addEventListener('pageshow', notify);

// Browsers bear about three changes of the address a second for long.
const addressEvery = 350;
let written = 0;
let waiting: ReturnType<typeof setTimeout> | null = null;
const writeAddress = (): void => {
  if (waiting !== null) clearTimeout(waiting);
  waiting = null;
  const id = target()?.id;
  if (id === undefined || location.hash === `#${id}`) return;
  written = Date.now();
  history.replaceState(history.state, '', `#${id}`);
};
const addressSoon = (): void => {
  const left = written + addressEvery - Date.now();
  if (left <= 0) writeAddress();
  else waiting ??= setTimeout(writeAddress, left);
};

// Whatever is clicked may leave for another address: this one is to be come back to.
window.addEventListener('click', writeAddress, { capture: true });

/** Goes to an address on this page and leaves the focus where it is. */
const replaced = (hash: string): void => {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement !== document.body)
    window.addEventListener('hashchange', () => activeElement.focus({ preventScroll: true }), { once: true });
  location.replace(hash);
};

/** Chooses a step, counted from 1. The address names it in the place of the one before. */
export const choose = (step: number): void => {
  const at = target();
  const wanted = document.getElementById(`s${step}`);
  if (wanted === null || wanted === at) return;
  if (at === null) {
    replaced(`#s${step}`);
    return;
  }
  wanted.id = '';
  const before = at.id;
  at.id = `s${step}`;
  wanted.id = before;
  addressSoon();
  notify();
};
