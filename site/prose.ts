/** The little Markdown that comments and the glossary are written in, as plain data. */
export type Piece = { readonly is: 'plain' | 'code' | 'strong' | 'em'; readonly text: string };

const marks: readonly (readonly [RegExp, Piece['is']])[] = [
  [/^`([^`]+)`$/, 'code'],
  [/^\*\*([^*]+)\*\*$/, 'strong'],
  [/^\*([^*]+)\*$/, 'em'],
  [/^_([^_]+)_$/, 'em'],
];

/** One paragraph in pieces: what stands between backticks is code, between stars stressed. */
export const piecesOf = (text: string): readonly Piece[] =>
  text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|(?<!\w)\*[^*\s][^*]*\*|(?<!\w)_[^_\s][^_]*_(?!\w))/)
    .filter((part) => part !== '')
    .map((part) => {
      for (const [mark, is] of marks) {
        const inner = part.match(mark)?.[1];
        if (inner !== undefined) return { is, text: inner };
      }
      return { is: 'plain', text: part };
    });

/** Paragraphs are parted by an empty line. */
export const paragraphsOf = (text: string): readonly string[] =>
  text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
