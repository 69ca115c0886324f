/** The page of a finding: its comment, fetched from the file beside it when it is opened. Without a script that file is a link. */
import { commentParts } from './copied.ts';
import { element } from './element.ts';

const copied = document.querySelector<HTMLDetailsElement>('details.copied');
const file = copied?.querySelector<HTMLAnchorElement>('a[data-comment]') ?? null;
const run = copied?.querySelector<HTMLAnchorElement>('a[data-text]') ?? null;

const partsOf = async (address: string): Promise<readonly HTMLElement[]> => {
  const response = await fetch(address).catch(() => null);
  if (response?.ok !== true) {
    const why = response === null ? 'the server does not answer' : `the server answers ${response.status}`;
    return [element('p', 'hint', `This could not be fetched: ${why}.`)];
  }
  return commentParts(await response.text(), run?.href ?? null, 'This finding as Markdown');
};

const fill = async (fold: HTMLDetailsElement, address: string): Promise<void> => {
  fold.replaceChildren(...[...fold.children].slice(0, 1), ...(await partsOf(address)));
};
if (copied !== null && file !== null)
  copied.addEventListener('toggle', () => void fill(copied, file.href), { once: true });
