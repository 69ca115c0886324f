/** A view as elements. Whatever the view holds, only known tags and attributes come of it, and no text is ever read as HTML. */
import {
  isAttribute,
  isSafeHref,
  isTag,
  type Later,
  type Picture,
  type View,
  type Element as ViewElement,
} from '../views/view.ts';
import { make } from './elements.ts';
import { drawLater } from './pieces.ts';

/** What pictures are drawn with (`sim/runs/figures`). */
const svgTags: ReadonlySet<string> = new Set([
  'a',
  'circle',
  'defs',
  'desc',
  'g',
  'path',
  'pattern',
  'rect',
  'svg',
  'text',
  'title',
  'use',
]);
const svgAttributes: ReadonlySet<string> = new Set([
  'aria-hidden',
  'aria-label',
  'aria-labelledby',
  'class',
  'cx',
  'cy',
  'd',
  'fill',
  'height',
  'href',
  'id',
  'patternTransform',
  'patternUnits',
  'preserveAspectRatio',
  'r',
  'role',
  'rx',
  'transform',
  'viewBox',
  'width',
  'x',
  'y',
]);
const svgSpace = 'http://www.w3.org/2000/svg';

/** Where the site stands: pages lie below it, and so does what views call by a path from the root. */
const siteRoot = (): string =>
  document.querySelector<HTMLAnchorElement>('a.brand')?.href ?? new URL('/', location.href).href;

/** Where a link of a view leads, or `null` where it may not lead there. */
const hrefOf = (href: string): string | null => {
  if (!isSafeHref(href)) return null;
  // `./`, as a first part with a colon would be read as a scheme.
  return href.startsWith('/') ? new URL(`./${href.slice(1)}`, siteRoot()).href : href;
};

/** Whether a picture may have that value there: a link as in views, and else nothing that is fetched. */
const isSafeInPicture = (tag: string, name: string, value: string): boolean => {
  if (name === 'href') return tag === 'use' ? value.startsWith('#') : isSafeHref(value);
  // Most values are numbers and names.
  return !value.includes('(') || !/url\((?!#)/i.test(value);
};

/** Leaves of what was read only what pictures are drawn with. */
const cleaned = (read: Element): Element => {
  const { localName: tag, attributes } = read;
  // From the last one on, as those that are removed are gone from the list at once.
  for (let nth = attributes.length - 1; nth >= 0; nth -= 1) {
    const attribute = attributes[nth];
    if (attribute === undefined) continue;
    const { name, value } = attribute;
    if (!svgAttributes.has(name) || !isSafeInPicture(tag, name, value)) read.removeAttributeNode(attribute);
    else if (name === 'href' && value.startsWith('/')) attribute.value = hrefOf(value) ?? '';
  }
  for (let child = read.firstChild; child !== null; ) {
    const next = child.nextSibling;
    if (child.nodeType !== Node.TEXT_NODE) {
      if (child instanceof Element && child.namespaceURI === svgSpace && svgTags.has(child.localName)) cleaned(child);
      else child.remove();
    }
    child = next;
  }
  return read;
};

/** A document without a window, in which nothing runs and nothing is loaded: pictures are read in it, one after the other. */
let desk: Range | null = null;
const deskRange = (): Range => {
  if (desk !== null) return desk;
  const apart = document.implementation.createDocument(svgSpace, 'svg');
  desk = apart.createRange();
  desk.selectNodeContents(apart.documentElement);
  return desk;
};
/** What an SVG is read as; `null` where it is not well formed, or not one picture. */
const readPicture = (svg: string): Element | null => {
  try {
    const [drawn, ...others] = deskRange().createContextualFragment(svg).childNodes;
    const isPicture = drawn instanceof Element && drawn.localName === 'svg' && drawn.namespaceURI === svgSpace;
    return isPicture && others.length === 0 ? drawn : null;
  } catch {
    return null;
  }
};

const pictureNode = ({ svg }: Picture): Node => {
  // In a document of XML, text that is not well formed is no picture at all.
  const drawn = readPicture(svg);
  if (drawn !== null) return document.adoptNode(cleaned(drawn));
  return nodeOf({ tag: 'p', attributes: { class: 'hint' }, children: ['This picture could not be drawn.'] });
};

/** As high as what it is drawn with later, so that nothing moves then. */
const laterNode = ({ later, as, size }: Later): Node => {
  const made = make('div', { class: as });
  if (size !== null) made.style.aspectRatio = `${size.width} / ${size.height}`;
  drawLater(made, () => made.append(...later.map(nodeOf)));
  return made;
};

const elementNode = ({ tag, attributes, children }: ViewElement): Node => {
  const made = document.createElement(isTag(tag) ? tag : 'span');
  for (const [name, value] of Object.entries(attributes)) {
    if (!isAttribute(name)) continue;
    const text = value === true ? '' : String(value);
    const safe = name === 'href' ? hrefOf(text) : text;
    if (safe !== null) made.setAttribute(name, safe);
  }
  made.append(...children.map((child) => nodeOf(child)));
  return made;
};

/** The node that a view says; pictures that are none become a sentence that says so. */
export const nodeOf = (view: View): Node => {
  if (typeof view === 'string') return document.createTextNode(view);
  if ('svg' in view) return pictureNode(view);
  return 'later' in view ? laterNode(view) : elementNode(view);
};
