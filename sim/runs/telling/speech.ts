/** Sentences about a run as people say them: no ids, but names, owners and what a thing is. */

import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { deviceNameIn, ownerIn } from '../../engine/player.ts';
import type { Player, PlayerId, Run } from '../../engine/types.ts';
import { capitalised, guaranteeWords, secretWords } from '../figures/words.ts';

export type Speech = {
  /** `Alice’s phone`, `Bob’s stolen laptop`, `Mallory’s tablet`, `the homeserver`; whoever has no line in the picture by their id. */
  readonly name: (player: PlayerId) => string;
  /** A sentence with its ids told in words, beginning with a capital letter. */
  readonly plain: (sentence: string) => string;
};

/** `Alice’s`, of `@alice:example.org` or of a name. */
export const possessive = (of: string): string => `${capitalised(of.replace(/^@/, '').split(':', 1)[0] ?? of)}’s`;

const deviceWords = (player: PlayerId): string =>
  `${possessive(ownerIn(player))} ${(deviceNameIn(player) ?? 'device').replaceAll('-', ' ')}`;

const nameOf = (run: Run, player: Player): string => {
  switch (player.kind) {
    case 'device':
      return `${possessive(player.of)} ${player.label.replaceAll('-', ' ')}`;
    case 'stolen device':
      return `${possessive(player.of)} stolen ${player.label.replaceAll('-', ' ')}`;
    case 'rogue device':
      return `${possessive(player.of)} ${player.label.replaceAll('-', ' ')}`;
    case 'homeserver':
      return run.scenario.cast.servers.length < 2 ? 'the homeserver' : `the homeserver ${player.id}`;
    case 'attacker':
      return capitalised(player.label);
  }
};

/** Names of the wire that people know by others. */
const wireWords: readonly (readonly [RegExp, string])[] = [
  [/\bm\.secret\.push\b/g, 'a push'],
  [/\bm\.secret\.request\b/g, 'a request for a secret'],
  [/\bm\.secret\.send\b/g, 'an answered secret'],
  [/\bm\.forwarded_room_key\b/g, 'a forwarded room key'],
  [/\bm\.room_key_bundle\b/g, 'a pointer to a bundle'],
  [/\bm\.room_key\.withheld\b/g, 'a notice of a withheld key'],
  [/\bm\.room_key\b/g, 'a room key'],
  [/\bm\.room\.encrypted\b/g, 'a sealed message'],
  [/\bm\.device_list_update\b/g, 'news of devices'],
  [/\bm\.key_backup\b/g, 'the wish for backup'],
  [/\borg\.example\.(\w+)\b/g, 'secret “$1”'],
];

/** Grammar that a replaced id leaves behind. */
const mended = (text: string): string =>
  text
    .replaceAll(/\ba (a|an|the) /g, '$1 ')
    .replaceAll(/\ba (?=[aeio]\w+ (?:secret|key)\b)/g, 'an ')
    .replaceAll(/\brecorded an? /g, 'recorded ')
    .replaceAll(/\b1 ((?:shareable )?room key|letter)s\b/g, '1 $1');

export const speechOf = (run: Run): Speech => {
  const { cast } = run.scenario;
  const names = new Map(run.players.map((player) => [player.id, nameOf(run, player)]));
  const people = new Set([...cast.users.map(({ name }) => name), ...cast.attackers.map(({ name }) => name)]);
  /** A device by its owner's account and the id it has on the wire, which is as its name in capitals. */
  const wire = new Map<string, string>(
    run.players.flatMap((player) =>
      'account' in player
        ? [[`${player.detail} of ${player.account}`, names.get(player.id) ?? player.id] as const]
        : [],
    ),
  );
  const name = (player: PlayerId): string => {
    const known = names.get(player);
    if (known !== undefined) return known;
    if (people.has(player)) return capitalised(player);
    return deviceNameIn(player) !== null && people.has(ownerIn(player)) ? deviceWords(player) : player;
  };
  const server = (id: string): string => (cast.servers.length < 2 ? 'the homeserver' : id);
  const plain = (sentence: string): string => {
    const told = sentence
      .replaceAll(/\bthe bundle at mxc:\/\/[\w./-]+/g, 'the bundle')
      .replaceAll(/\bmxc:\/\/[\w./-]+/g, 'a file')
      .replaceAll(/\bmedia\d+\b/g, 'a file')
      .replaceAll(/\b[A-Z0-9]+ of @[a-z0-9-]+:[a-z0-9.-]+/g, (id) => wire.get(id) ?? id)
      .replaceAll(/@([a-z0-9-]+):[a-z0-9-]+(?:\.[a-z0-9-]+)*/g, (_, user: string) => capitalised(user))
      .replaceAll(/!([\w-]+):[a-z0-9-]+(?:\.[a-z0-9-]+)*/g, 'the room $1')
      .replaceAll(/\bm\.(?:megolm_backup\.v1|cross_signing\.\w+)/g, (secret) => secretWords(secret))
      .replaceAll(/\b[a-z0-9-]+\.[a-z0-9-]+\b/g, (id) =>
        cast.servers.includes(id) ? server(id) : names.has(id) || people.has(ownerIn(id)) ? name(id) : id,
      )
      .replaceAll(/\b[a-z][a-z0-9-]*\b(?!’s? [a-z]+’)/g, (word) => (people.has(word) ? capitalised(word) : word));
    return capitalised(mended(wireWords.reduce((now, [match, words]) => now.replaceAll(match, words), told)));
  };
  return { name, plain };
};

/** At most so many characters, cut between words with an ellipsis. */
export const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:(]+$/, '')}…`;
};

/** `a`, `a and b`, `a, b and c`; of more than `most` the rest is counted. */
export const listed = (words: readonly string[], most = 3, joint = 'and'): string => {
  const shown = Math.max(1, most - 1);
  const all = words.length > most ? [...words.slice(0, shown), `${words.length - shown} more`] : words;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} ${joint} ${all.at(-1)}`;
};

/** `text` in quotation marks; those within it become single ones. */
export const inQuotes = (text: string): string => `“${text.replaceAll('“', '‘').replaceAll('”', '’')}”`;

/** The first of these that has no more than so many characters; the last is cut where none has. */
export const fitting = (most: number, words: readonly string[]): string =>
  words.find(({ length }) => length <= most) ?? shortened(words.at(-1) ?? '', most);

export const quotedGuarantee = (guarantee: GuaranteeId): string => `“${guaranteeWords(guarantee)}”`;
/** `“Secrets are genuine” and “Backup is ours”`. */
export const quotedGuarantees = (all: readonly GuaranteeId[], most = 2): string =>
  listed(all.map(quotedGuarantee), most);
