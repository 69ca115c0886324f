/** The little Markdown of comments, taken apart. */
import { describe, expect, it } from 'vitest';
import { paragraphsOf, piecesOf } from '../prose.ts';

describe('prose', () => {
  it('stresses what stands between stars or underscores, and leaves code alone', () => {
    expect(piecesOf('A *guard* **breaks** `is_verified()` or is _accepted_')).toEqual([
      { is: 'plain', text: 'A ' },
      { is: 'em', text: 'guard' },
      { is: 'plain', text: ' ' },
      { is: 'strong', text: 'breaks' },
      { is: 'plain', text: ' ' },
      { is: 'code', text: 'is_verified()' },
      { is: 'plain', text: ' or is ' },
      { is: 'em', text: 'accepted' },
    ]);
  });

  it('takes names with underscores and lone stars for what they are', () => {
    expect(piecesOf('room_key_bundle and a * b')).toEqual([{ is: 'plain', text: 'room_key_bundle and a * b' }]);
  });

  it('parts paragraphs where a line is empty, not where one ends', () => {
    expect(paragraphsOf('one\nstill one\n\ntwo\n')).toEqual(['one\nstill one', 'two']);
    expect(paragraphsOf('')).toEqual([]);
  });
});
