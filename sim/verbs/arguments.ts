/** What verbs of a story take: the kinds of arguments, and those that several verbs share. */
import { questionIds, textNames } from '../../machines/standing.ts';
import { visibilities } from '../engine/rooms.ts';

/** What may stand for an argument. */
export type ArgKind =
  /** A device of the cast, or one that somebody logs in or adds in the story: `alice.phone`. */
  | { readonly is: 'device' }
  /** A device of the one who acts, with or without their name: `laptop` or `alice.laptop`. */
  | { readonly is: 'own device' }
  /** A name for a device that is not there yet: `tablet`. */
  | { readonly is: 'new device' }
  /** A user of the cast, or an attacker with an account. */
  | { readonly is: 'user' }
  /** A room of the cast, or one that somebody creates in the story: `den`, or its full id. */
  | { readonly is: 'room' }
  /** A name for a room that is not there yet: `attic`. */
  | { readonly is: 'new room' }
  /** Another server of the cast. */
  | { readonly is: 'server' }
  /** Whoever asks a server: a device, or another server of the cast. */
  | { readonly is: 'asker' }
  /** A span of time: `25h`, `90m`. */
  | { readonly is: 'duration' }
  /** Any word or short text; `suggest` is what people will mostly want. */
  | { readonly is: 'word'; readonly what: string; readonly suggest: readonly string[] }
  | { readonly is: 'one of'; readonly words: readonly string[] }
  /** A sentence of the ledger. */
  | { readonly is: 'clause' }
  /** A JSON object, as text. */
  | { readonly is: 'content'; readonly what: string; readonly suggest: readonly string[] }
  /** An endpoint of a homeserver: `keys/query`, or with an event type `sendToDevice/m.room.encrypted`. */
  | { readonly is: 'endpoint' }
  /** A whole number from 1. */
  | { readonly is: 'count'; readonly max: number };

export type Arg = ArgKind & { readonly optional?: true };

export const device: Arg = { is: 'device' };
export const ownDevice: Arg = { is: 'own device' };
export const newDevice: Arg = { is: 'new device' };
export const user: Arg = { is: 'user' };
export const inRoom: Arg = { is: 'room' };
/** A word of any kind: `what` it is, and what an editor suggests. */
export const word = (what: string, ...suggest: readonly string[]): Arg => ({ is: 'word', what, suggest });
/** One of these words and no other. */
export const oneOf = (...words: readonly string[]): Arg => ({ is: 'one of', words });
/** The same argument, which may be left out. */
export const optional = (arg: Arg): Arg => ({ ...arg, optional: true });

export const secret = word(
  'the name of a secret',
  'm.megolm_backup.v1',
  'm.cross_signing.master',
  'm.cross_signing.self_signing',
  'm.cross_signing.user_signing',
);
export const eventType = word(
  'a to-device event type',
  'm.secret.push',
  'm.secret.send',
  'm.secret.request',
  'm.room.encrypted',
  'm.room_key_bundle',
  'io.element.msc4385.secret.push',
);
export const endpoint: Arg = { is: 'endpoint' };
/** What stands in a transaction between servers: types of EDUs and of room events. */
export const between = oneOf(
  'm.device_list_update',
  'm.signing_key_update',
  'm.direct_to_device',
  'm.room.create',
  'm.room.encrypted',
  'm.room.encryption',
  'm.room.history_visibility',
  'm.room.join_rules',
  'm.room.member',
  'm.room.message',
  'm.room.power_levels',
  'm.room.third_party_invite',
);
/** So many times. */
export const times: Arg = optional({ is: 'count', max: 20 });
export const clause: Arg = { is: 'clause' };
export const asker: Arg = { is: 'asker' };
export const otherServer: Arg = { is: 'server' };
export const accountData = word(
  'a type of account data',
  'm.key_backup',
  'm.org.matrix.custom.backup_disabled',
  'm.cross_signing.master',
  'm.secret_storage.default_key',
);
export const content: Arg = { is: 'content', what: 'a JSON object, in quotes', suggest: ['\'{"enabled":false}\''] };
export const room = word('a room', '!den:example.org');
/** A text that a client may implement: `MSC4385 push-variant`, or `MSC4385 none`. */
export const text = oneOf(
  ...Object.entries(textNames).flatMap(([proposal, texts]) => [...texts, 'none'].map((one) => `${proposal} ${one}`)),
);
export const reading = oneOf(...questionIds.flatMap((id) => [`${id} A`, `${id} B`]));
export const copy = word('the name of a copy', 'last-week');
export const history = oneOf(...visibilities);
