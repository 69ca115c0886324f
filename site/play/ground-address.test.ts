/** A level is searched, and played on, with what is turned in it. */
import { expect, it } from 'vitest';
import { readAddress } from '../address.ts';
import { groundAddress } from './ground-address.ts';
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
