/** What the tests of both suites share. */
import fc from 'fast-check';

export const sure = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('what should have worked did not');
  return value;
};
/** As a world does that was stored and read again. */
export const reread = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** `text` with one letter replaced by another, or with more behind it. */
export const changed = (text: string, at: number): string => {
  if (at % 8 === 7) return `${text}AAAA`;
  const place = at % text.length;
  return `${text.slice(0, place)}${text[place] === 'B' ? 'C' : 'B'}${text.slice(place + 1)}`;
};

/** Texts with everything in them that terms are made of. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('0', '1', ':', ',', 'o', 'p', 's', '.', '"', '\\', '😀'), maxLength: 30 }),
);
