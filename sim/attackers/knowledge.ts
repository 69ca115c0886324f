/**
 * What attackers know: the closure of what they saw, made and hold under opening what their keys open (Dolev–Yao).
 *
 * It is kept closed rather than computed: whatever is new (a term, something sealed, the keys of a device) is tried against
 * what is there, and what comes of that is new in its turn. A term is learned once, so this ends. Where nothing is new,
 * nothing is done. Attackers who collude are one in this: whatever one of them has may open whatever another has.
 */
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { Suite } from '../../machines/suite.ts';
import type { Attacker, Known, Sealed } from '../engine/attacker.ts';
import { circleOf } from '../engine/circle.ts';
import { named } from '../engine/names.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import type { Derivation, Moment, PlayerId } from '../engine/types.ts';
import { after, type Progress, quiet, type World, withAttacker } from '../engine/world.ts';
import { openSealed, opens, sealedName, unnamedSecret } from './opening.ts';

export const attackerOf = (world: World, name: PlayerId): Attacker => {
  const attacker = named(world.attackers, name);
  if (attacker === undefined) throw new Error(`there is no attacker ${name}: was the cast checked?`);
  return attacker;
};

/** `@alice:example.org PHONE`: a recipient of to-device events. */
export const addressed = (user: string, device: string): string => `${user} ${device}`;

/** The attacker with one thing more that it knows, or the same one. A term is known once, under its first name. */
const knowing = (attacker: Attacker, known: Known): { readonly attacker: Attacker; readonly isNew: boolean } => {
  if (attacker.knows.some(({ term }) => term === known.term)) return { attacker, isNew: false };
  const after = attacker.knows.findIndex(({ what, term }) => `${what} ${term}` > `${known.what} ${known.term}`);
  const at = after < 0 ? attacker.knows.length : after;
  return { attacker: { ...attacker, knows: attacker.knows.toSpliced(at, 0, known) }, isNew: true };
};

/** The attackers of a circle, as they are now. */
export const circleIn = (stage: Stage, world: World, name: PlayerId): readonly Attacker[] =>
  circleOf(stage.scenario.cast, name).map((one) => attackerOf(world, one));

/** Whether it sees what others ask of its server, and what they are answered. */
export const hasEars = (stage: Stage, attacker: Attacker): boolean => roleOf(stage, attacker).sits !== 'outside';

/** Whether it runs its server. */
export const runsServer = (stage: Stage, attacker: Attacker): boolean =>
  roleOf(stage, attacker).sits === 'at the server';

/** `name` and whoever colludes with it learns something; each says so once, and everything it opens is opened. */
export const learn = (
  stage: Stage,
  world: World,
  name: PlayerId,
  what: string,
  term: string,
  how: Derivation,
): Progress => {
  const known = { what, term };
  const shared: Derivation = { ...how, by: 'saw', sharedBy: name, text: `${name} shares it (${how.text})` };
  const moments: Moment[] = [];
  let now = world;
  for (const player of circleOf(stage.scenario.cast, name)) {
    const told = knowing(attackerOf(now, player), known);
    if (!told.isNew) continue;
    now = withAttacker(now, told.attacker);
    moments.push({ kind: 'learned', player, what, term, how: player === name ? how : shared });
  }
  if (moments.length === 0) return quiet(world);
  return after({ world: now, moments }, (then) => openHoards(stage, then, name, known));
};

/** A key has been learned: what lay sealed in the hoards of the circle opens now. */
const openHoards = (stage: Stage, world: World, name: PlayerId, key: Known): Progress => {
  const kind = opens(key.what);
  if (kind === null) return quiet(world);
  let progress = quiet(world);
  for (const owner of circleOf(stage.scenario.cast, name))
    for (const [id, sealed] of Object.entries(attackerOf(world, owner).hoard).sort(([one], [other]) =>
      one < other ? -1 : 1,
    )) {
      const found = sealed.sealed === kind ? openSealed(stage.suite, key.term, sealed) : null;
      if (found === null) continue;
      progress = after(progress, (now) => {
        const { [id]: _opened, ...hoard } = attackerOf(now, owner).hoard;
        return opened(stage, withAttacker(now, { ...attackerOf(now, owner), hoard }), name, key, id, sealed, found);
      });
    }
  return progress;
};

/** `how.from` has the key and the thing it opened. */
const opened = (
  stage: Stage,
  world: World,
  name: PlayerId,
  key: Known,
  id: string,
  sealed: Sealed,
  { what, term }: Known,
): Progress =>
  learn(stage, world, name, what, term, {
    by: 'opened',
    from: [key.term, id],
    text: `${keyName(key.what)} opens ${sealedName(sealed)}`,
  });

const keyName = (what: string): string => {
  if (what === BACKUP_SECRET || what === unnamedSecret) return 'the backup key';
  return opens(what) === 'room event' ? `the ${what}` : what;
};

/** A name for something sealed that two sightings of it share. */
export const sealedId = (sealed: Sealed): string => {
  switch (sealed.sealed) {
    case 'backup entry':
      return `entry ${sealed.session} ${sealed.data.ephemeral}`;
    case 'stored secret':
      return `stored ${sealed.name} ${sealed.data.iv}`;
    case 'room event':
      return `event ${sealed.event}`;
  }
};

/** `name` has seen something sealed: it is opened, or kept until it can be. */
export const record = (stage: Stage, world: World, name: PlayerId, sealed: Sealed): Progress => {
  const id = sealedId(sealed);
  if (Object.hasOwn(attackerOf(world, name).hoard, id)) return quiet(world);
  const open = unlocked(stage.suite, attackerOf(world, name).knows, sealed);
  if (open !== null) return opened(stage, world, name, open.key, id, sealed, open.found);
  return quiet(hoarding(world, name, sealed));
};

/** The world in which `name` keeps something sealed that nothing it knows opens. */
export const hoarding = (world: World, name: PlayerId, sealed: Sealed): World => {
  const attacker = attackerOf(world, name);
  return withAttacker(world, { ...attacker, hoard: { ...attacker.hoard, [sealedId(sealed)]: sealed } });
};

/** The first key that opens it, and what is inside. Those who collude know the same keys. */
const unlocked = (
  suite: Suite,
  keys: readonly Known[],
  sealed: Sealed,
): { readonly key: Known; readonly found: Known } | null => {
  for (const key of keys) {
    const found = opens(key.what) === sealed.sealed ? openSealed(suite, key.term, sealed) : null;
    if (found !== null) return { key, found };
  }
  return null;
};
