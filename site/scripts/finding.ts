/** The page of a finding: its comment, fetched from the file beside it when it is opened. Without a script that file is a link. */
import { commentParts } from './copied.ts';
import { element } from './element.ts';
import { whyOf } from './elements.ts';

const copied = document.querySelector<HTMLDetailsElement>('details.copied');
const file = copied?.querySelector<HTMLAnchorElement>('a[data-comment]') ?? null;
const run = copied?.querySelector<HTMLAnchorElement>('a[data-text]') ?? null;

const partsOf = async (address: string): Promise<readonly HTMLElement[]> => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  return commentParts(await response.text(), run?.href ?? null, 'This finding as Markdown');
};

/** Once it is filled it stays so; what failed may be mended the next time. */
const fill = async (fold: HTMLDetailsElement, address: string): Promise<void> => {
  const parts = await partsOf(address).then(
    (made) => {
      fold.dataset.filled = '';
      return made;
    },
    (error: unknown) => [element('p', 'hint', `This could not be fetched: ${whyOf(error)}.`)],
  );
  fold.replaceChildren(...[...fold.children].slice(0, 1), ...parts);
};
if (copied !== null && file !== null)
  copied.addEventListener('toggle', () => {
    if (copied.open && copied.dataset.filled === undefined) void fill(copied, file.href);
  });
