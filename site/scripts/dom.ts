/** A view as elements. Whatever the view holds, only known tags and attributes come of it, and no text is ever read as HTML. */
import { isAttribute, isSafeHref, isTag, type Picture, type View, type Element as ViewElement } from '../views/view.ts';

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
  return !/url\((?!#)/i.test(value);
};

const redrawn = (read: Element): Element => {
  const made = document.createElementNS(svgSpace, read.localName);
  for (const { name, value } of read.attributes)
    if (svgAttributes.has(name) && isSafeInPicture(read.localName, name, value))
      made.setAttribute(name, name === 'href' ? (hrefOf(value) ?? '') : value);
  for (const child of read.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) made.append(child.textContent ?? '');
    else if (child instanceof Element && child.namespaceURI === svgSpace && svgTags.has(child.localName))
      made.append(redrawn(child));
  }
  return made;
};

const pictureNode = ({ svg }: Picture): Node => {
  // Pictures on pages leave the namespace out; one that names it says the same again within.
  const read = new DOMParser().parseFromString(`<svg xmlns="${svgSpace}">${svg}</svg>`, 'image/svg+xml');
  const [drawn, ...others] = read.querySelector('parsererror') === null ? read.documentElement.children : [];
  if (drawn?.localName === 'svg' && drawn.namespaceURI === svgSpace && others.length === 0) return redrawn(drawn);
  return nodeOf({ tag: 'p', attributes: { class: 'hint' }, children: ['This picture could not be drawn.'] });
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
  return 'svg' in view ? pictureNode(view) : elementNode(view);
};
