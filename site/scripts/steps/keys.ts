/** Listens for keys, where they are wanted. */
import { type Deed, deedOf, type Place } from './deeds.ts';

const remembered = 'hearsay:keys';
/** Whether keys are taken on this page; kept where the browser keeps things. */
let isOn = true;
try {
  isOn = localStorage.getItem(remembered) !== 'off';
} catch {
  // Storage is denied: keys are on until the page is left.
}
export const areKeysOn = (): boolean => isOn;
export const turnKeys = (on: boolean): void => {
  isOn = on;
  try {
    if (on) localStorage.removeItem(remembered);
    else localStorage.setItem(remembered, 'off');
  } catch {
    // As above.
  }
};

/** Kinds of input that are not written in. */
const unwritten = 'button, checkbox, color, file, radio, range, reset, submit';
const placeOf = (target: EventTarget | null): Place => {
  if (!(target instanceof Element)) return 'page';
  const { localName } = target;
  if (target instanceof HTMLInputElement && target.type === 'range') return 'slider';
  if (target instanceof HTMLInputElement && unwritten.split(', ').includes(target.type)) return 'control';
  if (
    ['input', 'textarea', 'select'].includes(localName) ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
    return 'field';
  if (target.closest('a, button, summary, label') !== null) return 'control';
  return target.closest('pre, .scrollx, [role="listbox"], [role="radiogroup"], [role="tree"]') === null
    ? 'page'
    : 'scrolling';
};

/** Calls `act` for each key that does something. A key that something else has dealt with, or typed in a dialog, does nothing. */
export const listenForKeys = (act: (deed: Deed) => void): void => {
  document.addEventListener('keydown', (event) => {
    if (!isOn || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
    const deed = deedOf(event, placeOf(event.target));
    if (deed === null) return;
    event.preventDefault();
    act(deed);
  });
};
