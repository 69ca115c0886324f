/** HTML in fewer bytes, of which a browser makes the same page: no quotes and no end tags where the language needs none. */

/** Attributes by which pages are searched as text keep their quotes: what leads to other pages, and what previews read. */
const kept: ReadonlySet<string> = new Set(['href', 'src', 'content']);

const unquoted = (tag: string): string =>
  tag.replace(
    /\s([a-z][a-z-]*)="([^\s"'=<>`]+)"(?=([\s>])|\/>)/gi,
    (all, name: string, value: string, apart?: string) =>
      kept.has(name) && !value.startsWith('#') ? all : ` ${name}=${value}${apart === undefined ? ' ' : ''}`,
  );

/** Data in an attribute has many quotes: in single ones they stand as they are. */
const singly = (tag: string): string =>
  tag.replace(/(\sdata-[a-z-]+=)"([^"]*&quot;[^"]*)"/g, (all, name: string, value: string) => {
    const other = `${name}'${value.replaceAll("'", '&#39;').replaceAll('&quot;', '"')}'`;
    return other.length < all.length ? other : all;
  });

/** Before these the paragraph that stands open has ended (HTML, 13.1.2.4). */
const endsParagraph = [
  '<(?:p|div|ul|ol|dl|h[1-6]|section|article|aside|details|figure|nav|pre|blockquote|form|header|footer|hr)[\\s>]',
  '</(?:div|section|article|aside|details|figure|nav|li|dd|td|blockquote|form|header|footer|main)>',
];
const needless = new RegExp(
  [
    '</li>(?=<li[\\s>]|</[uo]l>)',
    '</t[dh]>(?=<t[dh][\\s>]|</tr>)',
    '</tr>(?=<tr[\\s>]|</t(?:body|head)>)',
    '</dt>(?=<d[dt][\\s>])',
    '</dd>(?=<d[dt][\\s>]|</dl>|</div>)',
    `</p>(?=${endsParagraph.join('|')})`,
    '</body></html>$',
  ].join('|'),
  'g',
);

/** In a picture a space says nothing, but between two texts that are read or copied one after the other. */
const closeUp = (svg: string): string =>
  svg
    .replace(/\s+(?=<\/(?:g|a|svg)>)/g, '')
    .replace(/(<\/(?:g|a|defs|desc)>|<(?:path|rect|use|circle|g|a)(?:\s[^>]*)?>)\s+(?=<)/g, '$1')
    .replace(/>\s+</g, '> <');

/** `html` as a browser reads it, in fewer bytes; attributes stand in double quotes, and `<` in no text. */
export const leanHtml = (html: string): string =>
  html
    .replace(/<svg[\s>][\s\S]*?<\/svg>/g, closeUp)
    .replace(/<[a-z](?:[^"'>]|"[^"]*"|'[^']*')*>/gi, (tag) => singly(unquoted(tag)))
    .replace(needless, '');
