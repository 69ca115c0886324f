/** What the page shows now: the run as written, or one computed here; with ways back, to compare, and to pass it on. */
import { element } from '../element.ts';

export type Bar = {
  readonly element: HTMLElement;
  /** As written. */
  readonly rest: () => void;
  /** A run is awaited: the page still shows the one before, and that is said where it takes longer than a blink. */
  readonly running: () => void;
  /** @param told what is turned, and what came of it; `notes` what else is to be said of it */
  readonly turned: (told: readonly string[], notes: readonly string[]) => void;
  /** What cannot be had beside the run that is shown: the last such note alone. Nothing in place of it, where that is empty. */
  readonly besides: (why: string) => void;
  /** Why nothing can be shown. */
  readonly refused: (why: string) => void;
  readonly beside: (isBeside: boolean) => void;
};

const blinkMs = 150;

const button = (words: string, act: () => void): HTMLElement => {
  const made = element('button', 'small', words);
  made.setAttribute('type', 'button');
  made.addEventListener('click', act);
  return made;
};

/** Copies the address, and says so; where the browser does not let us, the address stands there to be copied. */
const copier = (): { readonly element: HTMLElement; readonly copy: () => void } => {
  const said = element('span', 'copied-link');
  said.setAttribute('role', 'status');
  const shown = (): HTMLInputElement => {
    const field = document.createElement('input');
    field.readOnly = true;
    field.value = location.href;
    field.setAttribute('aria-label', 'Link to this page with what is turned');
    return field;
  };
  const copy = (): void => {
    const failed = (): void => {
      const field = shown();
      said.replaceChildren(field);
      field.select();
    };
    if (navigator.clipboard === undefined) failed();
    else navigator.clipboard.writeText(location.href).then(() => said.replaceChildren('Copied'), failed);
  };
  const link = button('Copy link', copy);
  link.title = 'Key Y';
  return { element: element('span', '', link, ' ', said), copy };
};

export const makeBar = (acts: {
  readonly back: () => void;
  readonly compare: () => void;
}): Bar & { readonly copy: () => void } => {
  const said = element('div', 'said');
  said.setAttribute('role', 'status');
  const lacking = element('p', 'note');
  const back = button('As written', acts.back);
  const compare = button('Compare', acts.compare);
  compare.setAttribute('aria-pressed', 'false');
  const { element: link, copy } = copier();
  const ways = element('p', 'ways-on', back, compare, link);
  const bar = element('div', 'bar', said, ways);
  let awaited: ReturnType<typeof setTimeout> | undefined;
  const state = (name: string): void => {
    clearTimeout(awaited);
    bar.dataset.state = name;
    back.hidden = name === 'written';
    compare.hidden = name !== 'turned';
    link.hidden = name !== 'turned';
  };
  state('written');
  return {
    element: bar,
    copy,
    rest: () => {
      said.replaceChildren();
      state('written');
    },
    running: () => {
      state('running');
      awaited = setTimeout(() => {
        said.replaceChildren(element('p', 'note', 'This is being computed. The page still shows the run before.'));
      }, blinkMs);
    },
    turned: (told, notes) => {
      said.replaceChildren(
        element('p', '', element('b', '', 'Computed in your browser'), ...told.map((one) => ` · ${one}`)),
        ...notes.map((one) => element('p', 'note', one)),
      );
      state('turned');
    },
    besides: (why) => {
      lacking.textContent = why;
      if (why === '') lacking.remove();
      else said.append(lacking);
    },
    refused: (why) => {
      said.replaceChildren(element('p', 'note', why));
      state('refused');
    },
    beside: (isBeside) => compare.setAttribute('aria-pressed', String(isBeside)),
  };
};
