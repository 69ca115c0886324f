/** All of a step, with JSON and bytes, as elements. */
import { bytesOf, hex } from '../../sim/runs/figures/bytes.ts';
import type { Letter, Sealed, SealedField } from '../letters-file.ts';
import { drawer, element } from './element.ts';

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
    ...(inside === null
      ? []
      : [drawer('drawer in', `Inside: ${inside.type}`, element('p', 'hint', inside.opens), jsonBlock(inside.value))]),
  );

const letterPart = ({ title, detail, json, sealed }: Letter): HTMLElement =>
  element(
    'div',
    'part',
    element('b', '', title),
    ` ${detail}`,
    // From the outside in.
    ...json.map(({ name, value }) => drawer('json', `JSON: ${name}`, jsonBlock(value))),
    ...sealed.map(sealedDrawer),
  );

/** A step, with the name of whoever it is about where that is another than before. */
export const stepParts = (letters: readonly Letter[]): readonly HTMLElement[] =>
  letters.flatMap((letter, nth) => [
    ...(letters[nth - 1]?.who === letter.who ? [] : [element('p', 'who', letter.who)]),
    letterPart(letter),
  ]);
