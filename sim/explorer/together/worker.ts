/** The worker's side: it does what it is told, one order after another, and never waits. */
import type { Suite } from '../../../machines/suite.ts';
import { TooManyCells } from '../cells.ts';
import { type Answer, buffersOf, type CoordinatorPort, type Order, type Slice } from './protocol.ts';
import { makeSearcher, type Searcher } from './searcher.ts';

type Said = Answer extends infer One ? (One extends Answer ? Omit<One, 'search'> : never) : never;

/** Works for whoever is at the other end of `port`. @param suiteOf makes the suite of a seed: terms, for bytes are slower and find the same */
export const workFor = (port: CoordinatorPort, suiteOf: (seed: string) => Suite): void => {
  let search = 0;
  let searcher: Searcher | null = null;
  /** Slices looked at, and slices of which the other's part is there, that are not settled. */
  const looked = new Map<number, Slice>();
  const taken = new Set<number>();
  const say = (said: Said, transfer: readonly ArrayBuffer[] = []): void =>
    port.post({ ...said, search } as Answer, transfer);

  const settle = (working: Searcher, nth: number): void => {
    const slice = looked.get(nth);
    if (slice === undefined || !taken.has(nth)) return;
    looked.delete(nth);
    taken.delete(nth);
    say({ say: 'seen', seen: working.settle(slice) });
  };

  const obey = (order: Order): void => {
    if (order.do === 'begin') {
      search = order.search;
      looked.clear();
      taken.clear();
      searcher = null;
      searcher = makeSearcher(order.side, order.wanted, suiteOf(order.wanted.seed));
      say({ say: 'ready', watched: searcher.watched });
      return;
    }
    if (searcher === null) return; // It failed, and has said so.
    switch (order.do) {
      case 'look': {
        const batch = searcher.look(order.slice);
        say({ say: 'reached', nth: order.slice.nth, batch }, buffersOf(batch));
        looked.set(order.slice.nth, order.slice);
        settle(searcher, order.slice.nth);
        break;
      }
      case 'take':
        searcher.take(order.batch);
        taken.add(order.nth);
        settle(searcher, order.nth);
        break;
      case 'number':
        searcher.number(order.keys);
        break;
      case 'tell': {
        const told = searcher.tell(order.at, order.choice);
        say({ say: 'told', key: told?.key ?? null, id: told?.id ?? null });
      }
    }
  };

  port.onMessage((order) => {
    try {
      obey(order);
    } catch (error) {
      searcher = null;
      if (error instanceof TooManyCells) say({ say: 'too many cells' });
      else say({ say: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
};
