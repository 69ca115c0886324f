/**
 * What waits for other servers. A server calls nobody by itself: what it has for another one stands in that one's queue until
 * whoever moves the world takes it from there and hands it over ("Transactions").
 */
import type { Json } from '../../../machines/json.ts';
import { at, put } from '../state.ts';
import type { Homeserver, Link, Transaction } from '../types.ts';

const noLink: Link = { made: 0, outgoing: [], received: 0 };
export const linkOf = (server: Homeserver, other: string): Link => at(server.links, other) ?? noLink;
export const withLink = (server: Homeserver, other: string, link: Link): Homeserver => ({
  ...server,
  links: put(server.links, other, link),
});

/** The server with one more transaction for `destination`, after those that wait. */
export const enqueueFor = (
  server: Homeserver,
  destination: string,
  { pdus, edus }: Pick<Transaction, 'pdus' | 'edus'>,
): Homeserver => {
  const link = linkOf(server, destination);
  const made = link.made + 1;
  return withLink(server, destination, {
    ...link,
    made,
    outgoing: [...link.outgoing, { id: String(made), pdus, edus }],
  });
};

const waitingFor = (server: Homeserver, isHeldUp: boolean): readonly string[] =>
  Object.entries(server.links)
    .flatMap(([name, { outgoing, heldUp = false }]) => (outgoing.length > 0 && heldUp === isHeldUp ? [name] : []))
    .sort();
/** Servers for which something waits that is not held up, by name. */
export const destinationsOf = (server: Homeserver): readonly string[] => waitingFor(server, false);
/** Servers for which something waits that is held up, by name. */
export const heldUpAt = (server: Homeserver): readonly string[] => waitingFor(server, true);

/** Whether a server holds up what it has for another one. */
export const heldUpFor = (server: Homeserver, destination: string): boolean =>
  linkOf(server, destination).heldUp === true;

/** The server with what it has for another one held up, as when the line between them is down; or no longer. */
export const holdingUp = (server: Homeserver, destination: string, isHeldUp: boolean): Homeserver => {
  const { heldUp: _before, ...link } = linkOf(server, destination);
  return withLink(server, destination, isHeldUp ? { ...link, heldUp: true } : link);
};

/** The oldest transaction that waits for `destination`; `null` when none does. It waits on until it is `delivered`. */
export const nextTransaction = (server: Homeserver, destination: string): Transaction | null =>
  linkOf(server, destination).outgoing[0] ?? null;

/** The server once `destination` has confirmed the transaction of that id; the same server when none of that id waits. */
export const delivered = (server: Homeserver, destination: string, id: string): Homeserver => {
  const link = linkOf(server, destination);
  const outgoing = link.outgoing.filter((one) => one.id !== id);
  return outgoing.length === link.outgoing.length ? server : withLink(server, destination, { ...link, outgoing });
};

/** A transaction as it stands on the wire: the body of `PUT /_matrix/federation/v1/send/{txnId}`. */
export const wireForm = (origin: string, { pdus, edus }: Transaction, nowMs: number): Json => ({
  origin,
  origin_server_ts: nowMs,
  pdus,
  edus,
});
