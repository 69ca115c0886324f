import { stringAt } from '../../machines/json.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { Moment, PlayerId, Step } from '../types.ts';
import { among, filed } from './evidence/accounts.ts';
import { downloadIn, keysStored, shownAs, storedAs } from './evidence/requests.ts';
import { filedUnder, printsOf } from './evidence/room-keys.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { type Look, some, throughout } from './watching.ts';

type Memory = {
  /** Bundle → the devices that have imported it. */
  readonly imported: Readonly<Record<string, readonly PlayerId[]>>;
  /** Bundle → name → whom it came to as a key, or as word that it is withheld. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  /** Device → name → whose key it holds there (a print), after `bundle` or `other` by how it came; or `withheld`. */
  readonly has: Readonly<Record<PlayerId, Readonly<Record<string, string>>>>;
  /** Bundles that honest devices have made. */
  readonly made: readonly string[];
};

const withEntry = (memory: Memory, url: string, name: string): Memory => {
  const known = memory.entries[url] ?? [];
  const now = among(known, name);
  return now === known ? memory : { ...memory, entries: filed(memory.entries, url, now) };
};

const having = (memory: Memory, player: PlayerId, name: string, what: string): Memory =>
  memory.has[player]?.[name] === what
    ? memory
    : { ...memory, has: filed(memory.has, player, filed(memory.has[player] ?? {}, name, what)) };

/** A session that a bundle both gives and says is withheld. */
const inBothLists = (moment: Moment, witness: Witness): Break | null => {
  const shared = storedAs(moment, 'history shared');
  if (shared === null || !witness.honest(shared.player)) return null;
  const twice = shared.patch.sessions.find((id) => Object.hasOwn(shared.patch.withheld, id));
  return twice === undefined
    ? null
    : {
        at: shared.player,
        about: null,
        why: `${shared.player} shares a room key and says that it is withheld`,
        acceptedBy: null,
      };
};

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = before;
  const shared = storedAs(moment, 'history shared');
  if (shared !== null && witness.honest(shared.player) && shared.patch.url !== '') {
    memory = { ...memory, made: among(memory.made, shared.patch.url) };
    for (const id of Object.keys(shared.patch.withheld))
      memory = withEntry(memory, shared.patch.url, roomKeyName(shared.patch.room, id));
  }
  for (const { player, name, held } of keysStored(moment)) {
    if (!witness.honest(player)) continue;
    if (held.origin.how === 'bundle') memory = withEntry(memory, held.origin.url, name);
    memory = having(
      memory,
      player,
      name,
      `${held.origin.how === 'bundle' ? 'bundle' : 'other'} ${printsOf(held).owner}`,
    );
  }
  const withheld = storedAs(moment, 'withheld');
  if (withheld !== null && witness.honest(withheld.player))
    for (const [name, { how }] of Object.entries(withheld.patch.entries))
      if (how === 'bundle' && (memory.has[withheld.player]?.[name] ?? 'withheld') === 'withheld')
        memory = having(memory, withheld.player, name, 'withheld');
  const done = shownAs(moment, 'bundle imported');
  const url = done === null ? undefined : stringAt(done.notice, 'url');
  if (done !== null && url !== undefined && witness.honest(done.player))
    memory = { ...memory, imported: filed(memory.imported, url, among(memory.imported[url] ?? [], done.player)) };
  return memory;
};

/** An entry that an importer has to refuse for its form although an honest device wrote the bundle. */
const malformed = (memory: Memory, step: Step, witness: Witness): Break | null => {
  const refused = step.moments.flatMap((moment) =>
    moment.kind === 'clause' && moment.clause === '4268-room-keys-fields' && moment.says === 'refuses'
      ? [moment.player]
      : [],
  );
  const fetched = step.moments.flatMap((moment) => downloadIn(moment) ?? []);
  const at = refused.find(
    (player) => witness.honest(player) && fetched.some((one) => one.player === player && memory.made.includes(one.url)),
  );
  return at === undefined
    ? null
    : { at, about: null, why: `${at} cannot use an entry of a bundle that an honest device wrote`, acceptedBy: null };
};

const look = (before: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment, witness);
  const shadow = Object.entries(memory.imported).some(
    ([url, players]) => players.length > 1 && before.imported[url] !== players,
  );
  return { memory, breaks: some(inBothLists(moment, witness)), shadow };
};

/** Two devices of one person that took the same bundle, and are left with something else of it. */
const differing = (memory: Memory, witness: Witness): readonly Break[] =>
  Object.entries(memory.imported).flatMap(([url, players]) =>
    players.flatMap((one, nth) =>
      players
        .slice(nth + 1)
        .filter((other) => witness.ownerOf(one) === witness.ownerOf(other))
        .flatMap((other) => between(memory, witness, url, one, other)),
    ),
  );

const between = (memory: Memory, witness: Witness, url: string, one: PlayerId, other: PlayerId): readonly Break[] => {
  const [ours, theirs] = [memory.has[one] ?? {}, memory.has[other] ?? {}];
  const name = (memory.entries[url] ?? []).find((entry) => isDifferent(ours[entry], theirs[entry]));
  if (name === undefined) return [];
  const isConflict = ours[name] === 'withheld' || theirs[name] === 'withheld';
  // It shows at the one that is left with less.
  const isOurs = ours[name] === undefined || (ours[name] === 'withheld' && theirs[name] !== undefined);
  return [
    {
      at: isOurs ? one : other,
      about: null,
      why: `${one} and ${other} take the same bundle and are left with something else of session ${filedUnder(name).slice(0, 6)}`,
      // What clients make of a session in both lists is left to them.
      acceptedBy:
        isConflict && !memory.made.includes(url) && !witness.off(other, '4268-conflict-impl-defined')
          ? '4268-conflict-impl-defined'
          : null,
    },
  ];
};

/** What came otherwise is nothing that importing has made different, unless it is said to be another's. */
const isDifferent = (one: string | undefined, other: string | undefined): boolean => {
  const [how, owner] = one?.split(' ') ?? [];
  const [otherwise, another] = other?.split(' ') ?? [];
  if (owner !== undefined && another !== undefined) return owner !== another;
  return how !== 'other' && otherwise !== 'other' && one !== other;
};

export const bundleConsistency: Guarantee<Memory> = {
  id: 'bundle-consistency',
  kind: 'finally',
  accepts: ['4268-conflict-impl-defined'],
  begin: { imported: {}, entries: {}, has: {}, made: [] },
  concerns: ({ imported, made }) => made.length > 0 || Object.keys(imported).length > 0,
  see: (memory, step, witness) => {
    const seen = throughout(memory, step, (before, moment) => look(before, moment, witness));
    return { ...seen, breaks: [...seen.breaks, ...some(malformed(seen.memory, step, witness))] };
  },
  end: differing,
};
