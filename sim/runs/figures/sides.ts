/** On whose side a player is, and what people call it. */
import type { Player, PlayerId, Run, Step } from '../../engine/types.ts';
import { capitalised } from './words.ts';

export type Side = 'honest' | 'attacker';

/** Who decides what the player does. A stolen device is its thief's, whoever's keys it has. */
export const sideOf = ({ kind }: Player): Side => {
  switch (kind) {
    case 'attacker':
    case 'rogue device':
    case 'stolen device':
      return 'attacker';
    case 'device':
    case 'homeserver':
      return 'honest';
  }
};
export const isAttacker = (player: Player): boolean => sideOf(player) === 'attacker';

/** `Bob’s`, of `@bob:example.org` or of an attacker’s name. */
const possessive = (of: string): string => `${capitalised(of.replace(/^@/, '').split(':', 1)[0] ?? of)}’s`;

const isDevice = ({ kind }: Player): boolean => kind !== 'homeserver' && kind !== 'attacker';
const ownersIn = ({ players }: Run): number => new Set(players.filter(isDevice).map(({ of }) => of)).size;

/** A player’s words in parts, each of which may stand on a line of its own: `Bob’s`, `laptop,`, `stolen`. */
export const nameParts = (run: Run, player: Player): readonly string[] => {
  switch (player.kind) {
    case 'homeserver':
    case 'attacker':
      return [player.label];
    case 'stolen device':
      return [possessive(player.of), `${player.label},`, 'stolen'];
    case 'device':
    case 'rogue device':
      return ownersIn(run) > 1 ? [possessive(player.of), player.label] : [player.label];
  }
};

/** What a label calls a player: `Bob’s phone` where several people have devices, else `phone`; `Bob’s laptop, stolen` always. */
export const playerWords = (run: Run, player: Player): string => nameParts(run, player).join(' ');

/** The same within a sentence: `Bob’s stolen laptop`, `the phone`. */
const spokenWords = (run: Run, player: Player): string => {
  if (player.kind === 'stolen device') return `${possessive(player.of)} stolen ${player.label}`;
  return ownersIn(run) > 1 ? playerWords(run, player) : `the ${player.label}`;
};

/** What a label calls whoever has that id; an id that is nobody’s in the picture stays as it is. */
export const namesIn = (run: Run): ((id: PlayerId) => string) => {
  const names = new Map(run.players.map((player) => [player.id, playerWords(run, player)]));
  return (id) => names.get(id) ?? id;
};

/** A sentence with people’s names for devices where it has their ids: `Bob’s phone syncs`. In a sentence every device has its owner. */
export const toldIn = ({ players }: Pick<Run, 'players'>): ((sentence: string) => string) => {
  const names = new Map(
    players
      .filter(isDevice)
      .map(({ id, kind, of, label }) => [id, `${possessive(of)} ${kind === 'stolen device' ? 'stolen ' : ''}${label}`]),
  );
  // Most sentences name nobody.
  return (sentence) =>
    sentence.includes('.') ? sentence.replaceAll(/[\w-]+\.[\w-]+/g, (id) => names.get(id) ?? id) : sentence;
};

/** What a step of a run is called wherever people read it: `Bob’s phone syncs`. */
export const stepWords = (run: Pick<Run, 'players'>, { choice }: Step): string =>
  capitalised(toldIn(run)(choice.sentence));

/** What a device is called that the wire names by `account` and `device` id: `the phone`, `Bob’s phone`; an id that is nobody’s stays. */
export const wireNamesIn = (run: Run): ((account: string, device: string) => string) => {
  const names = new Map(
    run.players.flatMap((player) =>
      'account' in player ? [[`${player.account} ${player.detail}`, spokenWords(run, player)] as const] : [],
    ),
  );
  return (account, device) => names.get(`${account} ${device}`) ?? device;
};
