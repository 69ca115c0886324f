/** What a page shows of a run, as plain data: written as HTML when the site is built (`html.ts`), made of elements in a browser. */

/** All tags that a view may have: nothing that runs, loads or embeds. */
export const viewTags = [
  'a',
  'article',
  'b',
  'code',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'figure',
  'h2',
  'h3',
  'h4',
  'header',
  'i',
  'li',
  'nav',
  'ol',
  'p',
  'section',
  'small',
  'span',
  'summary',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'tr',
  'ul',
] as const;
export type Tag = (typeof viewTags)[number];

/** All attributes that it may have, besides `data-…` and `aria-…`. */
export const viewAttributes = ['class', 'colspan', 'href', 'id', 'rel', 'role', 'scope', 'tabindex', 'title'] as const;
type Attribute = (typeof viewAttributes)[number] | `data-${string}` | `aria-${string}`;
export type Attributes = Readonly<Partial<Record<Attribute, string | true>>>;

export type Element = {
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly View[];
};
/** SVG as `sim/runs/figures` writes it, in which everything from a run is escaped. */
export type Picture = { readonly svg: string };
/**
 * Part of something long; in a browser it is drawn when it comes near. `size`: of what is drawn, in px, which takes the width there is;
 * `null` where the sheet says how high it is until then.
 */
export type Later = {
  readonly later: readonly View[];
  readonly as: 'piece' | 'hundred' | 'other-form';
  readonly size: { readonly width: number; readonly height: number } | null;
};
export type View = string | Element | Picture | Later;

const tags: ReadonlySet<string> = new Set(viewTags);
const attributes: ReadonlySet<string> = new Set(viewAttributes);
/** Whether a view may have that tag. */
export const isTag = (name: string): name is Tag => tags.has(name);
/** Whether a view may have an attribute of that name. */
export const isAttribute = (name: string): name is Attribute =>
  attributes.has(name) || /^(?:data|aria)-[a-z][a-z-]*$/.test(name);

/**
 * Whether a link may lead there: to a place on its page, to a path from the root of the site, beside the page, or to a page elsewhere by
 * https. Never to a script, and never to another server in disguise.
 */
export const isSafeHref = (href: string): boolean =>
  /^(?:#|\/(?![/\\])|https:\/\/|[a-z0-9][a-z0-9._-]*(?:[/?#]|$))/i.test(href);

/** What stands in an element: nothing where it is `null`. */
export type Child = View | null | readonly Child[];
const addTo = (views: View[], children: readonly Child[]): View[] => {
  for (const child of children)
    if (Array.isArray(child)) addTo(views, child);
    else if (child !== null && child !== '') views.push(child as View);
  return views;
};

/** An element; attributes that are `null` or `''` are left out. */
export const el = (
  tag: Tag,
  given: Readonly<Partial<Record<Attribute, string | true | null | undefined>>>,
  ...children: readonly Child[]
): Element => {
  const attributes: Partial<Record<string, string | true>> = {};
  for (const [name, value] of Object.entries(given))
    if (value !== null && value !== undefined && value !== '') attributes[name] = value;
  return { tag, attributes, children: addTo([], children) };
};

/** Classes of an element, of which those stand that are not empty. */
export const classes = (...names: readonly (string | false | null)[]): string =>
  names.filter((name) => name !== false && name !== null && name !== '').join(' ');
