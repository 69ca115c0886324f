/** Which backup versions a person has turned down on which client, and whether the client keeps to that (MSC1219). */
import { stringAt } from '../../../machines/json.ts';
import type { Break } from '../../engine/breaks.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed } from './accounts.ts';
import { shownAs, storedAs } from './requests.ts';

/** Device → the version its person is asked about and has not answered, and those they would not have. */
export type Refusals = Readonly<
  Record<PlayerId, { readonly asked: string | null; readonly turnedDown: readonly string[] }>
>;

/** What a person does that says yes to a backup, whatever they said before. */
const changesOfMind: readonly string[] = ['turn backup on', 'create backup', 'reset backup'];

/** What is known after a moment; the same object where it tells nothing new. */
export const refusalsAfter = (before: Refusals, moment: Moment): Refusals => {
  const shown = shownAs(moment, 'use new backup');
  if (shown !== null) {
    const { player, notice } = shown;
    const turnedDown = before[player]?.turnedDown ?? [];
    return filed(before, player, { asked: stringAt(notice, 'version') ?? null, turnedDown });
  }
  if (moment.kind !== 'acted' && moment.kind !== 'restarted') return before;
  const known = before[moment.player];
  if (known === undefined) return before;
  const { asked, turnedDown } = known;
  // What was asked before a client stopped is no question any more.
  if (moment.kind === 'restarted')
    return asked === null ? before : filed(before, moment.player, { asked: null, turnedDown });
  if (changesOfMind.includes(moment.what)) return filed(before, moment.player, { asked: null, turnedDown: [] });
  // A yes or no to something else is none to a backup.
  if (asked === null) return before;
  if (moment.what === 'accepts') return filed(before, moment.player, { asked: null, turnedDown: [] });
  return moment.what === 'refuses'
    ? filed(before, moment.player, { asked: null, turnedDown: among(turnedDown, asked) })
    : before;
};

/** What a client makes of a backup version: it asks its user about it, or stores keys in it. */
const useIn = (moment: Moment): { readonly player: PlayerId; readonly does: string; readonly of: string } | null => {
  const shown = shownAs(moment, 'use new backup');
  if (shown !== null) return { player: shown.player, does: 'asks about', of: stringAt(shown.notice, 'version') ?? '' };
  const stored = storedAs(moment, 'backup');
  return stored === null
    ? null
    : { player: stored.player, does: 'backs up to', of: stored.patch.backup?.version ?? '' };
};

/** A client that asks about what was turned down, or backs up to it. */
export const againstRefusal = (before: Refusals, moment: Moment, witness: Witness): Break | null => {
  const use = useIn(moment);
  if (use === null || !witness.honest(use.player)) return null;
  const { player, does, of: version } = use;
  if (before[player]?.turnedDown.includes(version) !== true) return null;
  return {
    at: player,
    about: { is: 'backup version', version },
    why: `${player} ${does} version ${version}, which its user has turned down`,
    acceptedBy: null,
  };
};
