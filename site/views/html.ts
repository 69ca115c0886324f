/** A view as HTML, for the built site. */
import { escapeText } from '../../sim/runs/figures/text.ts';
import { type Element, isAttribute, isSafeHref, isTag, type View } from './view.ts';

const attributesOf = ({ attributes }: Element): string =>
  Object.entries(attributes)
    .map(([name, value]) => {
      if (!isAttribute(name)) throw new Error(`no view has the attribute ${name}: is it missing in view.ts?`);
      if (name === 'href' && !isSafeHref(String(value))) return '';
      return value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`;
    })
    .join('');

/** Everything in it is escaped but pictures, in which that is done. Throws for a tag or an attribute that no view has. */
export const htmlOf = (view: View | readonly View[]): string => {
  if (typeof view === 'string') return escapeText(view);
  if ('svg' in view) return view.svg;
  if ('later' in view) return `<div class="${view.as}">${htmlOf(view.later)}</div>`;
  if (!('tag' in view)) return view.map((one) => htmlOf(one)).join('');
  if (!isTag(view.tag)) throw new Error(`no view has the tag ${view.tag}: is it missing in view.ts?`);
  return `<${view.tag}${attributesOf(view)}>${view.children.map((one) => htmlOf(one)).join('')}</${view.tag}>`;
};
