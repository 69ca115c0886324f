/** Text in pictures: escaped, and measured without a browser. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * `text` as it may stand in SVG or HTML text and attributes. Control characters and lone surrogates, which XML
 * does not allow, become `�`: what a run holds is hostile input.
 */
export const escapeText = (text: string): string =>
  // Nearly all there is needs none of it.
  /^[ !#$%(-;=?-~]*$/.test(text)
    ? text
    : text
        .toWellFormed()
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
        .replace(/[&<>"']/g, (character) => entities[character] ?? '');

// Advance widths of Atkinson Hyperlegible Next at weight 650, in hundredths of the font size.
const widths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [20, "'"],
      [25.5, '|,.:;j’'],
      [29, '`i! l'],
      [33.5, '()[]'],
      [37, 'f-rt"{}'],
      [41, '_I'],
      [43, '/1\\'],
      [49, '*sz'],
      [52, 'cyv7x'],
      [55, '?~JLakFeu'],
      [58, '29<>hno^Ebdgpq'],
      [60.5, '+35T$=S'],
      [64, '468PZBRVY'],
      [67, '0CKAXDU'],
      [71, 'HGN'],
      [74, '&wO#Q@'],
      [88, 'MWm%'],
    ] as const
  ).flatMap(([width, characters]) => [...characters].map((character) => [character, width])),
);
/** Every character of the monospaced face is this wide. */
const monoWidth = 63;
const unknownWidth = 88;

type Face = 'sans' | 'mono';
const hundredthsOf = (character: string, face: Face): number =>
  face === 'mono' ? monoWidth : (widths[character] ?? unknownWidth);

/** The same by the code of a character, for those of ASCII: nearly all that is measured, and every label is measured several times. */
const asciiWidths = Array.from({ length: 128 }, (_, code) => widths[String.fromCharCode(code)] ?? unknownWidth);

/** About how wide `text` is at `size` (px), in px. Unknown characters count as wide, so that it errs on the safe side. */
export const widthOf = (text: string, size: number, face: Face = 'sans'): number => {
  let hundredths = 0;
  for (let nth = 0; nth < text.length; nth += 1) {
    const code = text.codePointAt(nth) ?? 0;
    // Beyond the first plane a character is two units long.
    if (code > 0xffff) nth += 1;
    hundredths +=
      face === 'mono' ? monoWidth : (asciiWidths[code] ?? widths[String.fromCodePoint(code)] ?? unknownWidth);
  }
  return (hundredths * size) / 100;
};

/** How many of `characters` from `from` on are at most `width` wide with `end` behind them; one at least. Looks no further than that. */
const fitting = (
  characters: readonly string[],
  from: number,
  width: number,
  size: number,
  face: Face,
  end = 0,
): number => {
  let hundredths = 0;
  let count = 0;
  for (let nth = from; nth < characters.length; nth += 1) {
    hundredths += hundredthsOf(characters[nth] ?? '', face);
    if (((hundredths + end) * size) / 100 > width) break;
    count += 1;
  }
  return Math.max(1, count);
};

/** `text`, cut with an ellipsis where it would be wider than `width` (px). */
export const clip = (text: string, width: number, size: number, face: Face = 'sans'): string => {
  if (widthOf(text, size, face) <= width) return text;
  const characters = [...text];
  const fits = fitting(characters, 0, width, size, face, hundredthsOf('…', face));
  return `${characters.slice(0, fits).join('').trimEnd()}…`;
};

/** A word in pieces that are no wider than `width`, parted after a sign such as `.` or `/` where there is one. */
const pieces = (word: string, width: number, size: number, face: Face): readonly string[] => {
  if (widthOf(word, size, face) <= width) return [word];
  const characters = [...word];
  const all: string[] = [];
  for (let from = 0; from < characters.length; ) {
    const fits = fitting(characters, from, width, size, face);
    const piece = characters.slice(from, from + fits);
    const isLast = from + fits >= characters.length;
    const sign = isLast ? 0 : piece.findLastIndex((one) => /[./_:@-]/.test(one)) + 1;
    const cut = sign > 1 ? sign : fits;
    all.push(piece.slice(0, cut).join(''));
    from += cut;
  }
  return all;
};

/**
 * `text` in lines of at most `width` (px), at most `linesMax` of them; only where these are too few the last is clipped. A word that is
 * wider than a line is parted.
 */
export const wrap = (
  text: string,
  width: number,
  size: number,
  linesMax = 12,
  face: Face = 'sans',
): readonly string[] => {
  // Nearly all that is written fits, and has its words apart by a space.
  if (widthOf(text, size, face) <= width && !/[^\S ]| {2}/.test(text)) return [text];
  const lines: string[] = [];
  for (const word of text.split(/\s+/))
    for (const [nth, piece] of pieces(word, width, size, face).entries()) {
      const last = lines.at(-1);
      const longer = last === undefined ? piece : `${last}${nth === 0 ? ' ' : ''}${piece}`;
      if (last !== undefined && (lines.length === linesMax || (nth === 0 && widthOf(longer, size, face) <= width)))
        lines[lines.length - 1] = longer;
      else lines.push(piece);
    }
  return lines.map((line) => clip(line, width, size, face));
};

/** A coordinate as it is written: at most one decimal, so that pictures stay small and are the same everywhere. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** A coordinate of a sequence diagram: whole pixels, so that pictures stay small. */
export const px = (value: number): string => String(Math.round(value));
