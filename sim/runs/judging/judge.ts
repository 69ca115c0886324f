/** What guarantees say of a run. Verdicts come from what was seen: sent, shown, stored as evidence, learned. */
import type { Json } from '../../../machines/json.ts';
import { memoBeside } from '../../../machines/memo.ts';
import { notIn } from '../../../machines/revisions.ts';
import type { Break } from '../../engine/breaks.ts';
import { named, userId } from '../../engine/names.ts';
import { ownerIn, playerId } from '../../engine/player.ts';
import { homeOf } from '../../engine/rooms.ts';
import { roleOf, type Stage } from '../../engine/stage.ts';
import type { Cast, CastAttacker, Judgement, PlayerId, Step } from '../../engine/types.ts';
import { firstReleases, type Releases, releasesAfter } from '../../engine/updated.ts';
import type { Guarantee, Witness } from '../../guarantees/types.ts';
import { byCause, datedAlways, datedFinally, onceEach } from './breaking.ts';

/** What a witness goes by of a cast. */
type Known = Pick<Cast, 'servers' | 'users'> & {
  readonly attackers: readonly Pick<CastAttacker, 'name' | 'plays' | 'of'>[];
};
const knownOf = ({ servers, users, attackers }: Cast): Known => ({
  servers,
  users,
  attackers: attackers.map(({ name, plays, of }) => ({ name, plays, of })),
});

/**
 * @param bySettings told whenever an answer depends on settings, and not on `cast` alone
 * @param releases what devices run when the witness is asked: what they are updated to later is no excuse for what they do now
 */
export const witnessOf = (
  stage: Stage,
  bySettings: () => void = () => undefined,
  cast: Known = knownOf(stage.scenario.cast),
  releases: Releases = firstReleases,
): Witness => {
  const users = new Set(cast.users.map(({ name }) => name));
  const stolen = new Set(
    cast.attackers
      .flatMap((one) => Object.values(roleOf(stage, one).runs(one)))
      .filter((player) => users.has(ownerIn(player))),
  );
  const people = new Map(
    [...cast.users, ...cast.attackers].map(({ name }) => [userId(name, homeOf(cast, name)), name] as const),
  );
  const owners = new Map<PlayerId, string | null>();
  const ownerOf = (player: PlayerId): string | null => {
    const known = owners.get(player);
    if (known !== undefined) return known;
    const user = ownerIn(player);
    const owner = users.has(user) ? user : null;
    owners.set(player, owner);
    return owner;
  };
  const settings = (player: PlayerId) => {
    bySettings();
    return stage.settingsAfter(player, named(releases, player) ?? []);
  };
  return {
    honest: (player) => ownerOf(player) !== null && !stolen.has(player),
    ownerOf,
    holderOf: ownerIn,
    personOf: (user) => people.get(user) ?? null,
    signedAtStart: (player) =>
      cast.users.some(({ name, devices }) =>
        devices.some((device) => playerId(name, device.name) === player && device.crossSigned),
      ),
    devicesOf: (user) =>
      cast.users
        .filter(({ name }) => name === user)
        .flatMap(({ name, devices }) => devices.map((device) => playerId(name, device.name))),
    implementsText: (player, proposal) => (settings(player).implements[proposal] ?? 'none') !== 'none',
    stolen: (player) => stolen.has(player),
    off: (player, clause) => settings(player).off.includes(clause),
    isMeantBy: (player, clause) => {
      const { absent, foreign } = notIn(settings(player).implements);
      return !absent.includes(clause) && !foreign.includes(clause);
    },
    option: (player, name) => settings(player).options[name],
    form: (player) => {
      // The specification's flag of a room key has two names in two places (question q22).
      const { identifiers, implements: texts, readings } = settings(player);
      const text = JSON.stringify([identifiers, Object.entries(texts).sort(), readings.q22 ?? null]);
      return { text, isFinal: identifiers === 'stable' || identifiers === 'stable only' };
    },
  };
};

/** Guarantees at work on a run, step by step. */
export type Judging = {
  readonly see: (step: Step) => void;
  readonly end: (ending: Ending) => readonly Judgement[];
};

/** How a run ended. */
export type Ending = {
  /** What is still to come (`saidOfUnrest`), so that nothing can be said of the end yet; `null` where all is quiet. */
  readonly unrest: string | null;
  /** Whether nothing was under way after that step (index), whatever of the story was still to be told. */
  readonly isCalm: (nth: number) => boolean;
};

/** These guarantees, each by a name of its own. */
export const judging = (some: readonly Guarantee[], stage: Stage, before: Step): Judging => {
  const cast = knownOf(stage.scenario.cast);
  const atStart = remembering(stage, cast, before);
  const witness = witnesses(stage, cast);
  const all = some.map((one) => judgingOne(one, atStart(one), witness));
  return {
    see: (step) => {
      for (const one of all) one.see(step);
    },
    end: (ending) => all.map(({ end }) => end(ending)),
  };
};

/** The witness of a time when devices ran that. */
type WitnessWhen = (releases: Releases) => Witness;
export const witnesses = (stage: Stage, cast: Known = knownOf(stage.scenario.cast)): WitnessWhen => {
  const made = new WeakMap<Releases, Witness>();
  return (releases) => {
    const known = made.get(releases);
    if (known !== undefined) return known;
    const witness = witnessOf(stage, undefined, cast, releases);
    made.set(releases, witness);
    return witness;
  };
};

// It is the same for many stories and all their variants: a quarter of a run.
const memories = memoBeside<Step['moments'], Map<Guarantee, Json>>(64);

/** What each guarantee remembers of what was before the story: worked out once for all runs of a cast, unless it depends on settings. */
const remembering = (stage: Stage, cast: Known, before: Step): ((guarantee: Guarantee) => Json) => {
  const known = memories(before.moments, JSON.stringify(cast), () => new Map());
  return (guarantee) => {
    const remembered = known.get(guarantee);
    if (remembered !== undefined) return remembered;
    let isOfSettings = false;
    const asked = () => {
      isOfSettings = true;
    };
    const { memory } = guarantee.see(guarantee.begin, before, witnessOf(stage, asked, cast));
    if (!isOfSettings) known.set(guarantee, memory);
    return memory;
  };
};

export type JudgingOne = Omit<Judging, 'end'> & { readonly end: (ending: Ending) => Judgement };

/** The same breaks. Throws where a clause concedes one that the guarantee has not declared: then nothing holds the two to each other. */
const conceded = ({ id, accepts }: Guarantee, breaks: readonly Break[]): readonly Break[] => {
  const undeclared = breaks.find(({ acceptedBy }) => acceptedBy !== null && !accepts.includes(acceptedBy));
  if (undeclared !== undefined)
    throw new Error(`${id} accepts by ${undeclared.acceptedBy}: is it missing among what the guarantee \`accepts\`?`);
  return breaks;
};

/** What a guarantee remembers after a step, and what devices ran then. */
type After = { readonly memory: Json; readonly releases: Releases };

/** One guarantee at work. `atStart`: what it keeps of what was before. */
export const judgingOne = (guarantee: Guarantee, atStart: Json, witness: WitnessWhen): JudgingOne => {
  const steps: Step[] = [];
  const afters: After[] = [];
  const found: Found[] = [];
  let now: After = { memory: atStart, releases: firstReleases };
  let shadow = false;
  let shadowOf: Judgement['shadowOf'];
  return {
    see: (step) => {
      const releases = releasesAfter(now.releases, step);
      const seen = guarantee.see(now.memory, step, witness(releases));
      // Most steps leave both as they were, and then nobody asks twice what the end makes of it.
      if (seen.memory !== now.memory || releases !== now.releases) now = { memory: seen.memory, releases };
      shadow = shadow || seen.shadow;
      if (seen.shadowOf !== undefined) shadowOf = [...new Set([...(shadowOf ?? []), ...seen.shadowOf])];
      for (const broken of conceded(guarantee, seen.breaks)) found.push({ step: steps.length, broken });
      steps.push(step);
      afters.push(now);
    },
    end: (ending) =>
      verdictOf(
        guarantee,
        {
          steps,
          last: now,
          afters: afters.length === 0 ? [now] : afters,
          found,
          happened: { shadow, ...(shadowOf && { shadowOf }) },
        },
        ending,
        witness,
      ),
  };
};

type Found = { readonly step: number; readonly broken: Break };
type SeenSoFar = {
  readonly steps: readonly Step[];
  readonly last: After;
  /** After each step; where there was none, the last alone. */
  readonly afters: readonly After[];
  readonly happened: Pick<Judgement, 'shadow' | 'shadowOf'>;
  readonly found: readonly Found[];
};

const nothing = { cause: null, certain: null, breaks: [], at: null, why: null, missed: [], acceptedBy: null } as const;

const verdictOf = (
  guarantee: Guarantee,
  { steps, last, afters, happened, found }: SeenSoFar,
  { unrest, isCalm }: Ending,
  witness: WitnessWhen,
): Judgement => {
  const isOpen = guarantee.kind === 'finally' && unrest !== null && guarantee.concerns?.(last.memory) !== false;
  const end = ({ memory, releases }: After): readonly Break[] =>
    conceded(guarantee, guarantee.end?.(memory, witness(releases)) ?? []);
  const dated = onceEach([
    ...found.map(({ step, broken }) => datedAlways(broken, step, steps)),
    ...(isOpen ? [] : datedFinally({ steps, memories: afters, end, isCalm })),
  ]);
  // A break that was seen is one, whatever may come; one that a text accepts does not hide another that none does.
  const first = dated.find(({ broken }) => broken.acceptedBy === null) ?? dated[0];
  if (first === undefined)
    return isOpen
      ? {
          guarantee: guarantee.id,
          verdict: 'unsettled',
          ...nothing,
          why: `the run ends before all is quiet: ${unrest}`,
          ...happened,
        }
      : { guarantee: guarantee.id, verdict: 'holds', ...nothing, ...happened };
  const { cause, certain, broken } = first;
  return {
    guarantee: guarantee.id,
    verdict: broken.acceptedBy === null ? 'breaks' : 'accepted',
    cause,
    certain,
    breaks: byCause(dated),
    at: broken.at,
    why: broken.why,
    missed: missedBy(steps.slice(0, certain + 1)),
    acceptedBy: broken.acceptedBy,
    ...happened,
  };
};

/** Clauses that were off and would have refused or done something: any of these might have stopped it. */
const missedBy = (steps: readonly Step[]): readonly string[] => {
  const missed = steps.flatMap(({ moments }) =>
    moments.flatMap((moment) =>
      moment.kind === 'clause' && moment.off && (moment.says === 'refuses' || moment.says === 'not done')
        ? [moment.clause]
        : [],
    ),
  );
  return [...new Set(missed)].sort();
};
