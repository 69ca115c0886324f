/** Where a ground is searched, or played without a goal. */
import type { Turn } from '../../sim/engine/types.ts';
import { writeAddress } from '../address.ts';

/** @param turns what is turned there: without it, it is another game */
export const groundAddress = (ground: string, turns: readonly Turn[], does: 'search' | 'play'): string => {
  const turned = writeAddress({ turns, isBeside: false, seen: null }).slice(1);
  return `/play/arenas/?${turned === '' ? '' : `${turned}&`}ground=${encodeURIComponent(ground)}&do=${does}`;
};
