/**
 * Search and facets over a list that stands in the page already: what does not match is hidden, and what is asked for stands in the
 * address. Without this script the page is whole. Queries are compared as text and are never made into anything else.
 */

/** What is asked for: words that must all be there, and a token for each facet that is set. */
export type Asked = { readonly words: readonly string[]; readonly tokens: readonly string[] };
export type Item = { readonly text: string; readonly tokens: ReadonlySet<string> };

/** Whether an item has every word, anywhere, and every token. */
export const isAskedFor = ({ words, tokens }: Asked, item: Item): boolean =>
  words.every((word) => item.text.includes(word)) && tokens.every((token) => item.tokens.has(token));

export const wordsOf = (query: string): readonly string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

type Field = HTMLInputElement | HTMLSelectElement;
const itemOf = (element: HTMLElement): Item => {
  const { f = '' } = element.dataset;
  return { text: `${element.textContent ?? ''} ${f}`.toLowerCase(), tokens: new Set(f.split(' ')) };
};
/** What a field says in the address; nothing where it asks for nothing. */
const saidBy = (field: Field): string =>
  field instanceof HTMLInputElement && field.type === 'checkbox' ? (field.checked ? field.value : '') : field.value;

const setField = (field: Field, value: string): void => {
  if (field instanceof HTMLSelectElement) {
    // An address may ask for what the list does not have.
    field.value = [...field.options].some((option) => option.value === value) ? value : '';
  } else if (field.type === 'checkbox') field.checked = value === field.value;
  else field.value = value;
};

const filter = (form: HTMLFormElement): void => {
  const fields = [...form.elements].filter(
    (one): one is Field => one instanceof HTMLInputElement || one instanceof HTMLSelectElement,
  );
  const items = [...document.querySelectorAll<HTMLElement>('[data-f]')].map((element) => ({
    element,
    item: itemOf(element),
  }));
  const groups = [...document.querySelectorAll<HTMLElement>('[data-group]')].map((element) => ({
    element,
    wasOpen: element instanceof HTMLDetailsElement && element.open,
    count: element.querySelector<HTMLElement>('[data-count]'),
    own: items.filter((one) => element.contains(one.element)),
  }));
  const said = form.querySelector<HTMLElement>('[role="status"]');
  const { many = 'entries', one = 'entry' } = form.dataset;
  const counted = (count: number): string => `${count} ${count === 1 ? one : many}`;
  let wasAsked = false;

  const show = (): void => {
    const asked: Asked = {
      words: fields.filter(({ name }) => name === 'q').flatMap((field) => wordsOf(saidBy(field))),
      tokens: fields.filter(({ name }) => name !== 'q').flatMap((field) => saidBy(field) || []),
    };
    const isAsked = asked.words.length + asked.tokens.length > 0;
    for (const { element, item } of items) element.hidden = !isAskedFor(asked, item);
    for (const { element, wasOpen, count, own } of groups) {
      const left = own.filter((entry) => !entry.element.hidden).length;
      element.hidden = left === 0;
      if (count !== null) count.textContent = isAsked ? `${left} of ${own.length}` : String(own.length);
      if (element instanceof HTMLDetailsElement && (isAsked || wasAsked)) element.open = isAsked || wasOpen;
    }
    const found = items.filter(({ element }) => !element.hidden).length;
    if (said !== null) said.textContent = isAsked ? `${found} of ${counted(items.length)}` : counted(items.length);
    wasAsked = isAsked;
  };
  const read = (): void => {
    const asked = new URLSearchParams(location.search);
    for (const field of fields) setField(field, asked.get(field.name) ?? '');
    show();
  };
  const address = (): string => {
    const asked = new URLSearchParams();
    for (const field of fields) if (saidBy(field).trim() !== '') asked.set(field.name, saidBy(field).trim());
    const query = asked.toString();
    return `${location.pathname}${query === '' ? '' : `?${query}`}`;
  };
  // Letters as they are typed are one entry of the history, a choice is another.
  form.addEventListener('input', ({ target }) => {
    const isTyped = target instanceof HTMLInputElement && target.type === 'search';
    if (isTyped) history.replaceState(null, '', address());
    else history.pushState(null, '', address());
    show();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    for (const field of fields) setField(field, '');
    history.pushState(null, '', address());
    show();
  });
  addEventListener('popstate', read);
  if (location.search !== '') read();
};

if (typeof document !== 'undefined')
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-find]')) filter(form);
