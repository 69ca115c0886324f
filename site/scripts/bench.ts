/** Opens all of a step, with JSON and bytes, fetched once from the file beside the page. All else on the page needs no script. */
import { bytesOf, hex } from '../../sim/runs/figures/bytes.ts';
import { type Letter, type Letters, readLetters, type Sealed, type SealedField } from '../letters-file.ts';
import { commentParts } from './copied.ts';
import { element } from './element.ts';

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

const letterPart = ({ title, detail, json, sealed }: Letter): HTMLElement =>
  element(
    'div',
    'part',
    element('b', '', title),
    ` ${detail}`,
    ...sealed.map(sealedDrawer),
    ...json.map(({ name, value }) => drawer('json', `JSON: ${name}`, jsonBlock(value))),
  );

/** A step, with the name of whoever it is about where that is another than before. */
const stepParts = (letters: readonly Letter[]): readonly HTMLElement[] =>
  letters.flatMap((letter, nth) => [
    ...(letters[nth - 1]?.who === letter.who ? [] : [element('p', 'who', letter.who)]),
    letterPart(letter),
  ]);

/** Some servers unpack what they send, others leave that to the reader. */
const unpacked = async (response: Response): Promise<unknown> => {
  const blob = await response.blob();
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = blob.stream();
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).json();
};

const fetched = async (address: string): Promise<Letters | string> => {
  try {
    const response = await fetch(address);
    if (!response.ok) return `the server answers ${response.status}.`;
    return readLetters(await unpacked(response));
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}.`;
  }
};

/** Asked for once; what failed may be mended the next time. */
let asked: Promise<Letters | string> | null = null;
export const lettersAt = async (address: string): Promise<Letters | string> => {
  asked ??= fetched(address);
  const letters = await asked;
  if (typeof letters === 'string') asked = null;
  return letters;
};

/** Fills a fold with what `parts` makes of what is got, or with why that cannot be; once it is filled it stays so. */
export const filledFrom = <T extends object>(
  details: HTMLElement,
  got: () => Promise<T | string>,
  parts: (value: T) => readonly HTMLElement[] | Promise<readonly HTMLElement[]>,
): void => {
  const fill = async (): Promise<void> => {
    const value = await got();
    const kept = [...details.children].slice(0, 1);
    if (typeof value === 'string') {
      const why = `This could not be fetched: ${value} The run as text has all of it but the bytes.`;
      details.replaceChildren(...kept, element('p', 'hint', why));
      return;
    }
    details.replaceChildren(...kept, ...(await parts(value)));
    details.dataset.filled = '';
  };
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open') && details.dataset.filled === undefined) void fill();
  });
};

/** A fold at the end of each step, filled with what the step carried when it is opened. */
export const addDrawers = (inspector: ParentNode, got: () => Promise<Pick<Letters, 'steps'> | string>): void => {
  for (const [nth, body] of [...inspector.querySelectorAll('.body')].entries()) {
    const details = drawer('letters', 'All of this step, with JSON and bytes');
    filledFrom(details, got, ({ steps }) => stepParts(steps[nth] ?? []));
    body.append(details);
  }
};

const link = document.querySelector<HTMLAnchorElement>('a[data-letters]');
const text = document.querySelector<HTMLAnchorElement>('a[data-text]');
const inspector = document.querySelector('.inspector');
if (link !== null && inspector !== null) addDrawers(inspector, () => lettersAt(link.href));
const copied = document.querySelector<HTMLElement>('details.copied');
if (link !== null && text !== null && copied !== null)
  filledFrom(
    copied,
    () => lettersAt(link.href),
    ({ comment }) => commentParts(comment, text.href, 'This run as Markdown'),
  );
