import { named } from '../names.ts';
import type { Moment, PlayerId } from '../types.ts';
import { askedIn } from './evidence/asked.ts';
import type { Guarantee, Witness } from './types.ts';

type Memory = {
  /** User → room keys (session ids) her devices have. */
  readonly made: { readonly [user: string]: readonly string[] };
  /** Device → room keys it holds. */
  readonly held: { readonly [player: PlayerId]: readonly string[] };
  /** Devices that asked for their backup in the story: whoever asks is owed what the others backed up. */
  readonly restored: readonly PlayerId[];
  /** Devices whose uploads the server refuses while nobody is told. */
  readonly refused?: readonly PlayerId[];
};

/** The server takes no keys, since the backup is another one or is gone. */
const isRefusal = (moment: Moment): moment is Extract<Moment, { kind: 'request' }> =>
  moment.kind === 'request' &&
  askedIn(moment)?.asks === 'upload room keys' &&
  (moment.status === 403 || moment.status === 404);

const remember = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (isRefusal(moment) && witness.implementsText(moment.from, 'MSC4287') && witness.honest(moment.from))
    return { ...memory, refused: [...new Set([...(memory.refused ?? []), moment.from])] };
  if (moment.kind === 'shown' && moment.notice.about === 'backup gone')
    return { ...memory, refused: (memory.refused ?? []).filter((player) => player !== moment.player) };
  if (moment.kind === 'acted' && moment.what === 'restore backup')
    return { ...memory, restored: [...memory.restored, moment.player] };
  if (moment.kind === 'restarted' && moment.holds !== undefined)
    return { ...memory, held: { ...memory.held, [moment.player]: Object.keys(moment.holds.roomKeys) } };
  if (moment.kind !== 'stored' || moment.patch.patch !== 'room keys') return memory;
  const user = witness.ownerOf(moment.player);
  if (user === null || !witness.honest(moment.player)) return memory;
  const sessions = Object.keys(moment.patch.keys);
  const all = (known: readonly string[] | undefined) => [...new Set([...(known ?? []), ...sessions])];
  return {
    ...memory,
    made: { ...memory.made, [user]: all(named(memory.made, user)) },
    held: { ...memory.held, [moment.player]: all(memory.held[moment.player]) },
  };
};

export const dataDurability: Guarantee<Memory> = {
  id: 'data-durability',
  kind: 'finally',
  accepts: [],
  begin: { made: {}, held: {}, restored: [] },
  see: (memory, step, witness) => {
    const now = step.moments.reduce((before, moment) => remember(before, moment, witness), memory);
    const shadow = step.moments.some(
      (moment) =>
        moment.kind === 'stored' && moment.patch.patch === 'room keys' && now.restored.includes(moment.player),
    );
    return { memory: now, breaks: [], shadow };
  },
  end: ({ made, held, restored, refused = [] }, witness) => [
    ...refused.map((player) => ({
      at: player,
      about: null,
      why: `the server takes no room keys of ${player} any more, and its user is not told`,
      acceptedBy: null,
    })),
    ...restored.flatMap((player) => {
      const lost = (made[witness.ownerOf(player) ?? ''] ?? []).filter(
        (session) => held[player]?.includes(session) !== true,
      );
      const why = `${player} restores its backup and is left without ${lost.length} room keys of its user`;
      return lost.length === 0 ? [] : [{ at: player, about: null, why, acceptedBy: null }];
    }),
  ],
};
