import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt, without } from '../../machines/json.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, filedIn, noted } from './evidence/accounts.ts';
import { keysCome } from './evidence/arrivals.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { downloadIn, shownAs, storedAs } from './evidence/requests.ts';
import { partsOf, printsOf, shortened } from './evidence/room-keys.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, some, throughout } from './watching.ts';

/**
 * What a device has of a session: a key, with a print of whose it is said to be, and the bundles that have brought it since it last came
 * otherwise, the last one last; or word that it is withheld.
 */
type Has =
  | { readonly is: 'key'; readonly owner: string; readonly bundles: readonly string[] }
  | { readonly is: 'withheld' };
/** What a bundle turned out to have, by the names that entries are filed under. */
type Lists = { readonly given: readonly string[]; readonly withheld: readonly string[] };

type Memory = Copied & {
  /** Device → the bundle it fetched last. */
  readonly fetched: Readonly<Record<PlayerId, string>>;
  /** Bundles that have a session twice, as a device found on reading them. */
  readonly conflicting: readonly string[];
  /** Device → the bundles that it has imported, or refused for that. */
  readonly imported: Readonly<Record<PlayerId, readonly string[]>>;
  /** Device → those of them that it read while its text left to it what to make of a bundle that contradicts itself. */
  readonly free: Readonly<Record<PlayerId, readonly string[]>>;
  /** Bundle → what came with it to whomever, as a key or as word that it is withheld. */
  readonly lists: Readonly<Record<string, Lists>>;
  /** Device → name → what it has there. */
  readonly has: Readonly<Record<PlayerId, Readonly<Record<string, Has>>>>;
  /** Device → what it was told is withheld by the bundle it is importing. */
  readonly heard: Readonly<Record<PlayerId, readonly string[]>>;
  /** Bundles that honest devices have made. */
  readonly made: readonly string[];
};

const withEntries = (memory: Memory, url: string, list: keyof Lists, ...names: readonly string[]): Memory => {
  const known = memory.lists[url] ?? { given: [], withheld: [] };
  const now = among(known[list], ...names);
  return now === known[list] ? memory : { ...memory, lists: filed(memory.lists, url, { ...known, [list]: now }) };
};

const having = (memory: Memory, player: PlayerId, name: string, what: Has): Memory =>
  isSame(memory.has[player]?.[name], what) ? memory : { ...memory, has: filedIn(memory.has, player, name, what) };
const isSame = (one: Has | undefined, other: Has): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A session that a bundle both gives and says is withheld. */
const inBothLists = (moment: Moment, witness: Witness): readonly Break[] => {
  const shared = storedAs(moment, 'history shared');
  if (shared === null || !witness.honest(shared.player)) return [];
  const twice = shared.patch.sessions.filter((id) => Object.hasOwn(shared.patch.withheld, id));
  return twice.map((sessionId) => ({
    at: shared.player,
    about: { is: 'room key', room: shared.patch.room, sessionId },
    why: `${shared.player} shares a room key and says that it is withheld`,
    acceptedBy: null,
  }));
};

/** A device finds a bundle that contradicts itself, and takes it or not. */
const finding = (before: Memory, moment: Moment, witness: Witness): Memory => {
  const download = downloadIn(moment);
  if (download !== null && download.status === 200 && witness.honest(download.player))
    return { ...before, fetched: filed(before.fetched, download.player, download.url) };
  if (moment.kind !== 'clause' || moment.clause !== '4268-conflict-impl-defined') return before;
  const url = before.fetched[moment.player];
  if (url === undefined) return before;
  const memory = { ...before, conflicting: among(before.conflicting, url) };
  return moment.says === 'refuses' && !moment.off ? importing(memory, url, moment.player, witness) : memory;
};

const importing = (memory: Memory, url: string, player: PlayerId, witness: Witness): Memory => ({
  ...memory,
  imported: noted(memory.imported, player, url),
  free:
    concededBy(witness, player, '4268-conflict-impl-defined') === null ? memory.free : noted(memory.free, player, url),
});

const remembering = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const before = asCopied(earlier, moment, 'fetched', 'imported', 'free', 'has', 'heard');
  let memory = finding(before, moment, witness);
  const shared = storedAs(moment, 'history shared');
  if (shared !== null && witness.honest(shared.player) && shared.patch.url !== '') {
    memory = { ...memory, made: among(memory.made, shared.patch.url) };
    const names = Object.keys(shared.patch.withheld).map((id) => roomKeyName(shared.patch.room, id));
    memory = withEntries(memory, shared.patch.url, 'withheld', ...names);
  }
  for (const { player, name, held, way } of keysCome(step, moment, witness)) {
    if (!witness.honest(player)) continue;
    const known = memory.has[player]?.[name];
    const earlier = known?.is === 'key' ? known.bundles : [];
    if (way.how === 'bundle') memory = withEntries(memory, way.url, 'given', name);
    const bundles = way.how === 'bundle' ? [...earlier.filter((url) => url !== way.url), way.url] : [];
    memory = having(memory, player, name, { is: 'key', owner: printsOf(held).owner, bundles });
  }
  const withheld = storedAs(moment, 'withheld');
  if (withheld !== null && witness.honest(withheld.player))
    for (const [name, { how }] of Object.entries(withheld.patch.entries))
      if (how === 'bundle') memory = hearing(memory, withheld.player, name);
  const done = shownAs(moment, 'bundle imported');
  const url = done === null ? undefined : stringAt(done.notice, 'url');
  if (done === null || url === undefined || !witness.honest(done.player)) return memory;
  memory = withEntries(memory, url, 'withheld', ...(memory.heard[done.player] ?? []));
  return importing({ ...memory, heard: without(memory.heard, done.player) }, url, done.player, witness);
};

/** Word that a session is withheld counts where there is no key. */
const hearing = (memory: Memory, player: PlayerId, name: string): Memory => {
  const heard = { ...memory, heard: filed(memory.heard, player, among(memory.heard[player] ?? [], name)) };
  return memory.has[player]?.[name]?.is === 'key' ? heard : having(heard, player, name, { is: 'withheld' });
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
    : {
        at,
        about: { is: 'file', url: fetched.find((one) => one.player === at)?.url ?? '' },
        why: `${at} cannot use an entry of a bundle that an honest device wrote`,
        acceptedBy: null,
      };
};

/** Who has taken a bundle and has what it came to, in order. */
const takersOf = ({ imported }: Memory, url: string): readonly PlayerId[] =>
  Object.keys(imported).filter((player) => imported[player]?.includes(url));

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment, step, witness);
  const shadow = Object.entries(memory.imported).some(([player, urls]) =>
    urls.some((url) => before.imported[player]?.includes(url) !== true && takersOf(memory, url).length > 1),
  );
  return { memory, breaks: inBothLists(moment, witness), shadow };
};

/** Two devices of one person that took the same bundle, and are left with something else of it. */
const differing = (memory: Memory, witness: Witness): readonly Break[] =>
  among([], ...Object.values(memory.imported).flat()).flatMap((url) =>
    takersOf(memory, url).flatMap((one, nth, players) =>
      players
        .slice(nth + 1)
        .filter((other) => witness.ownerOf(one) === witness.ownerOf(other))
        .flatMap((other) => between(memory, url, one, other)),
    ),
  );

const between = (memory: Memory, url: string, one: PlayerId, other: PlayerId): readonly Break[] => {
  const [ours, theirs] = [memory.has[one] ?? {}, memory.has[other] ?? {}];
  const { given, withheld } = memory.lists[url] ?? { given: [], withheld: [] };
  const names = among(given, ...withheld).filter((name) => isDifferent(ours[name], theirs[name], url));
  return names.map((name) => {
    const [mine, another] = [ours[name], theirs[name]];
    // It shows at the one that is left with less.
    const isOurs = mine === undefined || (mine.is === 'withheld' && another !== undefined);
    const { room, sessionId } = partsOf(name);
    // MSC4268, "Room key bundle format": what clients make of a bundle that has a session in both lists is left to them; honest ones write none.
    const isLeftToThem =
      memory.conflicting.includes(url) &&
      !memory.made.includes(url) &&
      [one, other].every((player) => memory.free[player]?.includes(url));
    return {
      at: isOurs ? one : other,
      about: { is: 'room key', room, sessionId },
      why: `${one} and ${other} take the same bundle and are left with something else of session ${shortened(sessionId)}`,
      acceptedBy: isLeftToThem ? '4268-conflict-impl-defined' : null,
    };
  });
};

/**
 * What came otherwise is nothing that importing has made different, unless it is said to be another's; and what another bundle brought
 * since is of that one, whosever it is said to be.
 */
const isDifferent = (one: Has | undefined, other: Has | undefined, url: string): boolean => {
  if (one?.is === 'key' && other?.is === 'key')
    return (
      one.owner !== other.owner && [one, other].every(({ bundles }) => bundles.length === 0 || bundles.at(-1) === url)
    );
  const cameOtherwise = (has: Has | undefined): boolean => has?.is === 'key' && !has.bundles.includes(url);
  return !cameOtherwise(one) && !cameOtherwise(other) && one?.is !== other?.is;
};

export const bundleConsistency: Guarantee<Memory> = {
  id: 'bundle-consistency',
  kind: 'finally',
  accepts: clausesOf('bundle-consistency'),
  begin: {
    ...noneCopied,
    fetched: {},
    conflicting: [],
    imported: {},
    free: {},
    lists: {},
    has: {},
    heard: {},
    made: [],
  },
  concerns: ({ imported, made }) => made.length > 0 || Object.keys(imported).length > 0,
  see: (memory, step, witness) => {
    const seen = throughout(memory, step, (before, moment) => look(before, moment, step, witness));
    return { ...seen, breaks: [...seen.breaks, ...some(malformed(seen.memory, step, witness))] };
  },
  end: differing,
};
