/** Whether a text is nested so deep that no editor should colour it: whoever colours goes down as many calls. */

/** The parser takes twelve levels; nobody writes a tenth of these. */
const deepest = 100;

/** Looks at brackets and at dashes one after the other, whatever they mean where they stand. */
export const isDeep = (text: string): boolean => {
  let depth = 0;
  let dashes = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth += 1;
    else if ((sign === ']' || sign === '}') && depth > 0) depth -= 1;
    if (sign === '-' || sign === '?') dashes += 1;
    else if (sign !== ' ') dashes = 0;
    if (depth > deepest || dashes > deepest) return true;
  }
  return false;
};
