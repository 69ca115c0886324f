/** All kinds of jobs, each loaded when it is asked for: most need only a part of the house. */
import type { AnyKind, KindId } from '../kind.ts';
import { anyKind, kindIds } from '../kind.ts';

const kinds: Readonly<Record<KindId, () => Promise<AnyKind>>> = {
  run: async () => anyKind((await import('./run.ts')).runKind),
  'random walks': async () => anyKind((await import('./random-walks.ts')).randomWalksKind),
  search: async () => anyKind((await import('./search.ts')).searchKind),
  clause: async () => anyKind((await import('./clause.ts')).clauseKind),
  seat: async () => anyKind((await import('./seat.ts')).seatKind),
  walk: async () => anyKind((await import('./walk.ts')).walkKind),
};

export const kindNamed = (id: KindId): Promise<AnyKind> => kinds[id]();

export const isKindId = (value: unknown): value is KindId => kindIds.some((id) => id === value);
