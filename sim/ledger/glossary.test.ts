import { describe, expect, it } from 'vitest';
import { glossary, glossed, plainMeaning, termId, termOf } from './glossary.ts';

const terms = glossary.flatMap((topic) => topic.terms);

describe('the glossary', () => {
  it('has each word once, at an address of its own, with a sentence that says what it means', () => {
    const ids = terms.map(({ term }) => termId(term));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(terms.filter(({ means }) => !/^[A-Z`“].*[.”]$/s.test(means)).map(({ term }) => term)).toEqual([]);
  });

  it('knows what it has, and owns up to what it has not', () => {
    expect(plainMeaning(termOf('one-time key'))).toContain('the fallback key is given out');
    expect(() => termOf('one time key')).toThrow('has no “one time key”');
  });
});

describe('a text whose words are glossed', () => {
  const terms = (text: string, ...known: readonly string[]): readonly (string | null)[] =>
    glossed(text, new Set(known)).flatMap(({ term }) => (term === null ? [] : [term.term]));

  it('stays the same text', () => {
    const text = 'The bundle has a room key; `room key` is no word, and bundles are files.';
    expect(
      glossed(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('has each where it first stands, in the singular or not, and never twice', () => {
    expect(glossed('Room keys and a room key, in bundles.').map(({ text, term }) => [text, term?.term])).toEqual([
      ['Room keys', 'room key'],
      [' and a room key, in ', undefined],
      ['bundles', 'bundle'],
      ['.', undefined],
    ]);
  });

  it('has none of those that were told before, none in names of Matrix, and none within other words', () => {
    expect(terms('A secret and a push', 'secret')).toEqual(['push']);
    expect(terms('`m.secret.push` is an event')).toEqual([]);
    expect(terms('the secretary pushes sessions-to-be')).toEqual(['push']);
  });

  it('takes a longer word before one within it, and leaves a text without any as it is', () => {
    expect(terms('history visibility and the history flag')).toEqual(['history visibility', 'history flag']);
    expect(glossed('Nothing here.')).toEqual([{ text: 'Nothing here.', term: null }]);
    expect(glossed('')).toEqual([]);
  });
});
