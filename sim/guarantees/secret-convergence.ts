import { named } from '../names.ts';
import type { Moment, PlayerId } from '../types.ts';
import { doneIn } from './evidence/asked.ts';
import { type Genuine, genuineAfter, secretStored } from './evidence/secrets.ts';
import type { Break, Guarantee, Witness } from './types.ts';

type Memory = {
  readonly genuine: Genuine;
  /** Device → secret name → the value it last stored. */
  readonly held: { readonly [player: PlayerId]: { readonly [name: string]: string } };
  /** Names whose secret the user has deleted since: nothing to agree on. */
  readonly gone: { readonly [user: string]: readonly string[] };
  /** Verified in the story. */
  readonly signed: readonly PlayerId[];
  /** Logged out, or removed by their user. */
  readonly left: readonly PlayerId[];
  /** Devices whose user turned a push down. */
  readonly refused: readonly PlayerId[];
};

const remember = (memory: Memory, moment: Moment): Memory => {
  const stored = secretStored(moment);
  if (stored !== null) {
    const { name, held } = stored.patch;
    return {
      ...memory,
      held: { ...memory.held, [stored.player]: { ...memory.held[stored.player], [name]: held.secret } },
    };
  }
  if (moment.kind === 'restarted' && moment.holds !== undefined)
    return { ...memory, held: { ...memory.held, [moment.player]: moment.holds.secrets } };
  if (moment.kind === 'acted' && moment.what === 'verified')
    return { ...memory, signed: [...memory.signed, moment.player] };
  if (moment.kind === 'acted' && moment.what === 'refuses')
    return { ...memory, refused: [...memory.refused, moment.player] };
  if (moment.kind === 'request' && doneIn(moment)?.asks === 'log out')
    return { ...memory, left: [...memory.left, moment.from] };
  return memory;
};

const forgets = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'stored') return memory;
  const user = witness.ownerOf(moment.player);
  if (user === null) return memory;
  const gone = named(memory.gone, user) ?? [];
  if (moment.patch.patch === 'forget secret')
    return { ...memory, gone: { ...memory.gone, [user]: [...gone, moment.patch.name] } };
  if (moment.patch.patch === 'secret' && moment.patch.held.origin.how === 'made') {
    const { name } = moment.patch;
    return { ...memory, gone: { ...memory.gone, [user]: gone.filter((one) => one !== name) } };
  }
  return memory;
};

const behind = (memory: Memory, witness: Witness, user: string, name: string, latest: string): readonly Break[] => {
  const signed = witness
    .devicesOf(user)
    .concat(
      memory.signed.filter((player) => witness.ownerOf(player) === user && !witness.devicesOf(user).includes(player)),
    )
    .filter(
      (player) =>
        witness.honest(player) &&
        !memory.left.includes(player) &&
        (witness.signedAtStart(player) || memory.signed.includes(player)),
    );
  const late = signed.filter((player) => named(memory.held[player] ?? {}, name) !== latest);
  return late.map((player) => ({
    at: player,
    about: { is: 'secret', user, name },
    why: `${player} does not hold the ${name} that works now`,
    acceptedBy: acceptedBy(memory, witness, player),
  }));
};

/** The sentence of the text that some device of the user implements; of the push variant where there are both. */
const inTheirText = (witness: Witness, devices: readonly PlayerId[], says: string): string =>
  ['push', 'send']
    .map((variant) => `4385-${variant}-${says}`)
    .find((clause) => devices.some((device) => witness.isMeantBy(device, clause))) ?? `4385-push-${says}`;

const acceptedBy = (memory: Memory, witness: Witness, player: PlayerId): string | null => {
  if (!witness.implementsText(player, 'MSC4385')) {
    const devices = witness.devicesOf(witness.ownerOf(player) ?? '');
    // Where none of them shares as that text has it, what it accepts accepts nothing.
    if (!devices.some((device) => witness.implementsText(device, 'MSC4385'))) return null;
    const wasted = inTheirText(witness, devices, 'legacy-wasted');
    // Waste is accepted where a push is skipped without harm, not where it takes down what came behind it.
    const isHarmful = [wasted, '4385-push-legacy-ignore', '4385-send-legacy-discard'].some((clause) =>
      witness.off(player, clause),
    );
    return isHarmful ? null : wasted;
  }
  return memory.refused.includes(player) ? inTheirText(witness, [player], 'may-prompt') : null;
};

export const secretConvergence: Guarantee<Memory> = {
  id: 'secret-convergence',
  kind: 'finally',
  accepts: ['4385-push-legacy-wasted', '4385-send-legacy-wasted', '4385-push-may-prompt', '4385-send-may-prompt'],
  begin: { genuine: {}, held: {}, gone: {}, signed: [], left: [], refused: [] },
  see: (memory, step, witness) => {
    let now = memory;
    let shadow = false;
    for (const moment of step.moments) {
      const stored = secretStored(moment);
      const how = stored?.patch.held.origin.how;
      if (
        step.choice.id !== 'before' &&
        stored !== null &&
        witness.honest(stored.player) &&
        (how === 'push' || how === 'request')
      )
        shadow = true;
      now = forgets(
        { ...remember(now, moment), genuine: genuineAfter(now.genuine, moment, step, witness) },
        moment,
        witness,
      );
    }
    return { memory: now, breaks: [], shadow };
  },
  end: (memory, witness) =>
    Object.entries(memory.genuine).flatMap(([user, names]) =>
      Object.entries(names).flatMap(([name, values]) => {
        const latest = values.at(-1);
        return latest === undefined || named(memory.gone, user)?.includes(name)
          ? []
          : behind(memory, witness, user, name, latest);
      }),
    ),
};
