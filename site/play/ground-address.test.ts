/** A level is searched, and played on, with what is turned in it. */
import { expect, it } from 'vitest';
import { readAddress } from '../address.ts';
import { groundAddress, groundQuery, readGround } from './ground-address.ts';
import { levels } from './levels.ts';

it.each(levels)('leads from the level “$title” to its own ground, with all that it turns', ({ ground, turns }) => {
  for (const does of ['search', 'play'] as const) {
    const { pathname, search, searchParams } = new URL(groundAddress(ground, turns, does), 'https://here.example');
    expect(pathname).toBe('/play/arenas/');
    expect(searchParams.get('ground')).toBe(ground);
    expect(searchParams.get('do')).toBe(does);
    expect(readAddress(search)).toMatchObject({ ok: true, address: { turns } });
  }
});

it('is read as it was written, with the bounds that somebody set', () => {
  for (const { ground, turns } of levels)
    for (const does of ['search', 'play', null] as const)
      for (const bounds of [
        { depth: null, worlds: null },
        { depth: 4, worlds: 300 },
      ]) {
        const asked = { ground, turns, does, bounds };
        expect(readGround(groundQuery(ground, turns, does, bounds), [ground])).toEqual({ ok: true, asked });
      }
});

it('is played where moves stand in it, and asks for nothing where it names no ground', () => {
  expect(readGround('?ground=a&m=1.2', ['a'])).toMatchObject({ ok: true, asked: { does: 'play' } });
  expect(readGround('?ground=a&do=dance', ['a'])).toMatchObject({ ok: true, asked: { does: null } });
  expect(readGround('?off=4385-push-encrypted', ['a'])).toEqual({ ok: true, asked: null });
});

it.each([
  ['?ground=b', 'The link names a scenario that is not here.'],
  ['?ground=__proto__', 'The link names a scenario that is not here.'],
  [
    '?ground=a&q06=C',
    'What is turned in the link is not read: “C” is no reading of q06: there are A and B. Nothing is played.',
  ],
  ['?ground=a&depth=', 'The link is not read: “” is no bound of depth: a whole number expected. Nothing is played.'],
  [
    '?ground=a&worlds=1e9',
    'The link is not read: “1e9” is no bound of worlds: a whole number expected. Nothing is played.',
  ],
  [
    '?ground=a&depth=-1&worlds=2',
    'The link is not read: “-1” is no bound of depth: a whole number expected. Nothing is played.',
  ],
])('is refused where it cannot be followed in full: %s', (search, why) => {
  expect(readGround(search, ['a'])).toEqual({ ok: false, why });
});
