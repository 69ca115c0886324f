/** Where a ground is searched, or played without a goal: `/play/arenas/?off=…&ground=arenas%2Fa-stolen-token&do=search&depth=4`. */
import type { Turn } from '../../sim/engine/types.ts';
import { quoted } from '../../sim/scenario/showing.ts';
import { readAddress, writeAddress } from '../address.ts';

export type Does = 'search' | 'play';
/** Bounds that somebody set; `null`: those of the scenario. */
export type OwnBounds = { readonly depth: number | null; readonly worlds: number | null };
export const noBounds: OwnBounds = { depth: null, worlds: null };

/** @param turns what is turned there: without it, it is another game. @param does `null`: it is chosen, and nothing is done with it yet */
export const groundQuery = (
  ground: string,
  turns: readonly Turn[],
  does: Does | null,
  { depth, worlds }: OwnBounds = noBounds,
): string => {
  const turned = writeAddress({ turns, isBeside: false, seen: null }).slice(1);
  return `?${[
    ...(turned === '' ? [] : [turned]),
    `ground=${encodeURIComponent(ground)}`,
    ...(does === null ? [] : [`do=${does}`]),
    ...(depth === null ? [] : [`depth=${depth}`]),
    ...(worlds === null ? [] : [`worlds=${worlds}`]),
  ].join('&')}`;
};

export const groundAddress = (ground: string, turns: readonly Turn[], does: Does): string =>
  `/play/arenas/${groundQuery(ground, turns, does)}`;

export type AskedOfGround = {
  readonly ground: string;
  readonly turns: readonly Turn[];
  readonly does: Does | null;
  readonly bounds: OwnBounds;
};
export type ReadGround =
  /** `null`: the address asks for none. */
  | { readonly ok: true; readonly asked: AskedOfGround | null }
  /** In whole sentences that can be shown. */
  | { readonly ok: false; readonly why: string };

/** The bound that an address has; what is wrong with it in a sentence. */
const boundIn = (query: URLSearchParams, name: 'depth' | 'worlds'): number | null | string => {
  const text = query.get(name);
  if (text === null) return null;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : `${quoted(text)} is no bound of ${name}: a whole number expected`;
};

const doesIn = (query: URLSearchParams): Does | null => {
  const does = query.get('do') ?? (query.has('m') ? 'play' : null);
  return does === 'search' || does === 'play' ? does : null;
};

/** Total. @param all the grounds that there are */
export const readGround = (search: string, all: readonly string[]): ReadGround => {
  const query = new URLSearchParams(search);
  const ground = query.get('ground');
  if (ground === null) return { ok: true, asked: null };
  if (!all.includes(ground)) return { ok: false, why: 'The link names a scenario that is not here.' };
  const [depth, worlds] = [boundIn(query, 'depth'), boundIn(query, 'worlds')];
  const does = doesIn(query);
  for (const name of ['ground', 'm', 'do', 'depth', 'worlds']) query.delete(name);
  const read = readAddress(`?${query.toString()}`);
  if (!read.ok) return { ok: false, why: `What is turned in the link is not read: ${read.why}. Nothing is played.` };
  const { turns } = read.address;
  if (typeof depth === 'string' || typeof worlds === 'string')
    return {
      ok: false,
      why: `The link is not read: ${typeof depth === 'string' ? depth : worlds}. Nothing is played.`,
    };
  return { ok: true, asked: { ground, turns, does, bounds: { depth, worlds } } };
};
