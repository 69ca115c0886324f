/** Which of several ways a search tells, in small spaces drawn by hand: worlds by their number, and from each where choices lead. */
import { expect, it } from 'vitest';
import type { Break } from '../engine/breaks.ts';
import type { OpenChoice } from '../engine/choices.ts';
import type { Moves, Sight } from './moves.ts';
import { beginSearch } from './search.ts';

/** `attack`: an act of an attacker. `breaks`: by it. */
type Way = { readonly to: number; readonly attack?: true; readonly breaks?: true };

const broken = { at: 'alice.phone', why: 'it does', acceptedBy: null } as unknown as Break;
const isBreaking = (id: string): boolean => id.endsWith('!');

const searched = (ways: readonly (readonly Way[])[]) => {
  const cells = (world: number): Int32Array => new Int32Array(64).fill(world + 1, 0, 1);
  const choice = ({ to, attack, breaks }: Way): OpenChoice => {
    const id = `${to}${breaks ? '!' : ''}`;
    const told = { id, who: 'w', sentence: 's' };
    return attack
      ? { ...told, kind: 'attacker', do: 'act', act: { who: 'w', verb: 'v', args: {} }, taken: { from: 'attacker' } }
      : { ...told, kind: 'sync', do: 'sync', player: 'w' };
  };
  const moves = {
    cellsMax: 64,
    first: cells(0),
    watched: [{ id: 'secret-authenticity', kind: 'always' }],
    unrest: () => null,
    open: (world: Int32Array) => (ways[(world[0] as number) - 1] ?? []).map(choice),
    step: (_world: Int32Array, { id }: OpenChoice, sights: Sight[]) => {
      sights[0] = { memory: 0, broken: isBreaking(id) ? broken : null, shadow: false };
      return cells(Number.parseInt(id, 10));
    },
    bytes: () => 0,
  } as unknown as Moves;
  const bounds = { depthMax: 40, worldsMax: 100, bytesMax: 1e9 };
  const search = beginSearch(moves, { order: 'breadth first', bounds });
  while (!search.advance(1));
  const place = search.seen().hard[0];
  if (place == null) return null;
  const way: number[] = [];
  for (let at = place.world; at >= 0; at = search.worlds.parentOf(at)) {
    const into = new Int32Array(64);
    search.worlds.read(at, into);
    way.unshift((into[0] as number) - 1);
  }
  return { way, length: place.length, attacks: place.attacks };
};

it('takes the shortest way, however many acts of attackers are on it', () => {
  const ways = [[{ to: 1 }, { to: 2, attack: true, breaks: true }], [{ to: 3, breaks: true }]] as const;
  expect(searched(ways)).toEqual({ way: [0], length: 1, attacks: 1 });
});

it('of ways that are as short takes the one with the fewest acts of attackers, also where it is found later', () => {
  const ways = [
    [{ to: 1, attack: true }, { to: 2 }],
    [{ to: 3, attack: true, breaks: true }],
    [{ to: 4, attack: true, breaks: true }],
  ] as const;
  expect(searched(ways)).toEqual({ way: [0, 2], length: 2, attacks: 1 });
});

it('goes by the fewest acts of attackers to each world on the way as well', () => {
  const ways = [
    [{ to: 1, attack: true }, { to: 2 }],
    [{ to: 3, attack: true }],
    [{ to: 3, attack: true }],
    [{ to: 4, breaks: true }],
  ] as const;
  expect(searched(ways)).toEqual({ way: [0, 2, 3], length: 3, attacks: 1 });
});

it('finds nothing where nothing breaks', () => {
  expect(searched([[{ to: 1 }], [{ to: 0, attack: true }]])).toBeNull();
});
