/** Opens what a step carried: JSON and bytes, fetched once from the file beside the page. All else on the page needs no script. */
import { bytesOf, hex } from '../../sim/runs/figures/bytes.ts';
import { type Letter, type Letters, readLetters, type Sealed, type SealedField } from '../letters-file.ts';

const element = (name: string, className: string, ...children: readonly (Node | string)[]): HTMLElement => {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
};
const drawer = (className: string, title: string, ...children: readonly (Node | string)[]): HTMLElement =>
  element('details', className, element('summary', '', title), ...children);

/** JSON, laid out. It can be scrolled, so it can be reached. */
const jsonBlock = (value: unknown): HTMLElement => {
  const block = element('pre', '', JSON.stringify(value, null, 2));
  block.tabIndex = 0;
  return block;
};

const tones = ['g-honest', 'g-forged', 'g-learned', 'g-attacker', 'g-held'];
const toneOf = (nth: number): string => tones[nth % tones.length] ?? '';

const bytesText = ({ start, length }: SealedField): string => {
  const bytes = bytesOf(start) ?? [];
  const rest = length - bytes.length;
  return `${bytes.map(hex).join(' ')}${rest > 0 ? ` … ${rest} more` : ''}`;
};
const fieldLine = ({ name, why, length }: SealedField, nth: number): HTMLElement =>
  element('li', toneOf(nth), element('b', '', name), ` ${length} ${length === 1 ? 'byte' : 'bytes'}, ${why}`);

const sealedDrawer = ({ name, opens, fields, inside }: Sealed): HTMLElement =>
  drawer(
    'drawer',
    name,
    element('p', 'hint', opens),
    ...(fields.length === 0
      ? []
      : [
          element('p', 'bytes', ...fields.map((field, nth) => element('span', toneOf(nth), bytesText(field)))),
          element('ul', 'names', ...fields.map(fieldLine)),
        ]),
    ...(inside === null ? [] : [drawer('drawer in', `Inside: ${inside.type}`, jsonBlock(inside.value))]),
  );

const letterPart = ({ who, title, json, sealed }: Letter): HTMLElement =>
  element(
    'div',
    'part',
    element('p', '', element('span', 'dim', who), ' ', element('b', '', title)),
    ...sealed.map(sealedDrawer),
    ...json.map(({ name, value }) => drawer('json', `JSON: ${name}`, jsonBlock(value))),
  );

const fetched = async (address: string): Promise<Letters | string> => {
  try {
    const response = await fetch(address);
    if (!response.ok) return `The server answers ${response.status}.`;
    return readLetters(await response.json());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

let asked: Promise<Letters | string> | null = null;

const fill = async (details: HTMLElement, address: string): Promise<void> => {
  asked ??= fetched(address);
  const letters = await asked;
  if (typeof letters === 'string') {
    // What failed may be mended the next time it is opened.
    asked = null;
    details.querySelector('.hint')?.remove();
    details.append(element('p', 'hint', `This could not be fetched: ${letters} The run as text has every step.`));
    return;
  }
  const own = letters[Number(details.dataset.step) - 1] ?? [];
  details.replaceChildren(...[...details.children].slice(0, 1), ...own.map(letterPart));
  details.dataset.filled = '';
};

const link = document.querySelector<HTMLAnchorElement>('a[data-letters]');
for (const details of document.querySelectorAll<HTMLDetailsElement>('details.letters'))
  details.addEventListener('toggle', () => {
    if (link !== null && details.open && details.dataset.filled === undefined) void fill(details, link.href);
  });
