/** The dialog that lists the keys, and switches them off. */
import { element } from '../element.ts';
import { keyList } from './deeds.ts';
import { areKeysOn, turnKeys } from './keys.ts';

const listed = (): HTMLElement =>
  element(
    'dl',
    'keys',
    ...keyList.flatMap(([keys, does]) => [
      element('dt', '', ...keys.flatMap((key, nth) => [...(nth > 0 ? [' '] : []), element('kbd', '', key)])),
      element('dd', '', does),
    ]),
  );

const switchLine = (): HTMLElement => {
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = areKeysOn();
  box.addEventListener('change', () => turnKeys(box.checked));
  return element('label', 'beside', box, 'Use these keys on scenario pages');
};

const made = (): HTMLDialogElement => {
  const dialog = document.createElement('dialog');
  dialog.className = 'help panel';
  dialog.setAttribute('aria-labelledby', 'help-h');
  const head = element('h2', '', 'Keys');
  head.id = 'help-h';
  const close = element('button', '', 'Close');
  close.setAttribute('type', 'button');
  close.addEventListener('click', () => dialog.close());
  dialog.append(head, listed(), switchLine(), close);
  document.body.append(dialog);
  return dialog;
};

let dialog: HTMLDialogElement | null = null;
export const showHelp = (): void => {
  dialog ??= made();
  if (!dialog.open) dialog.showModal();
};
