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

/** A part of a picture that is drawn, or `null`: one that is not, with all that is in it. */
const drawnPart = (tag: string, written: string): Element | null => {
  if (!svgTags.has(tag)) return null;
  const made = document.createElementNS(svgSpace, tag);
  for (const [, name = '', raw = ''] of written.matchAll(/([^\s=]+)="([^"]*)"/g)) {
    const value = textOf(raw);
    if (svgAttributes.has(name) && isSafeInPicture(tag, name, value))
      made.setAttribute(name, name === 'href' ? (hrefOf(value) ?? '') : value);
  }
  return made;
};

/** As `escapeText` of `sim/runs/figures/text.ts` writes them. */
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const textOf = (written: string): string =>
  written.includes('&') ? written.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => entities[one] ?? one) : written;

/**
 * The one picture that a text holds, or `null`. A reader of XML would make a document of each band first, of which there are dozens;
 * what is made here is made by name, so that nothing in the text can be more than text.
 */
const drawn = (svg: string): Element | null => {
  const piece = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+/y;
  const open: { readonly tag: string; readonly made: Element | null }[] = [];
  let whole: Element | null = null;
  while (piece.lastIndex < svg.length) {
    const [text, closes = '', tag, attributes = '', isEmpty] = piece.exec(svg) ?? [];
    const within = open.at(-1);
    if (text === undefined || (whole !== null && within === undefined)) return null;
    if (tag === undefined) {
      if (within === undefined) return null;
      within.made?.append(textOf(text));
    } else if (closes !== '') {
      if (open.pop()?.tag !== tag) return null;
    } else {
      const made = within?.made === null ? null : drawnPart(tag, attributes);
      if (within === undefined) whole = made;
      else if (made !== null) within.made?.append(made);
      if (isEmpty === '') open.push({ tag, made });
    }
  }
  return open.length === 0 && whole?.localName === 'svg' ? whole : null;
};

const pictureNode = ({ svg }: Picture): Node =>
  drawn(svg) ?? nodeOf({ tag: 'p', attributes: { class: 'hint' }, children: ['This picture could not be drawn.'] });

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
