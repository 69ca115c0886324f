/** Sentences of MSC4268 that no part of a chart stands for, and where they are instead. */
import type { ClauseId } from '../types.ts';

export const bundlesElsewhere: Readonly<Record<ClauseId, string>> = {
  '4268-leave-old-assumption':
    'the habit of the specification before, which stays under every revision: who was given a session and is gone ends it',
  '4268-rotation-assumption-issue': 'says of other clients that what they do is not enough; what is, is said elsewhere',
  '4268-pointer-envelope':
    'the device core: it writes and checks the envelope of every Olm message, and a pointer is one',
  '4268-depends-4147': 'a dependency: device keys in Olm payloads are the clauses of MSC4147, in the envelope chart',
  '4268-withheld-code-defined': 'says in other words what 4268-withheld-usual-code does',
  '4268-withheld-codes-in-bundle': 'says in other words what 4268-list-others-withheld does',
  '4268-no-unauthorised-reuse': 'says in other words what 4268-withheld-usual-code does, against the text before it',
  '4268-recipient-cross-signs': 'a duty of the invited person: devices in a cast are signed or not',
  '4268-typosquat-care': 'a duty of the inviting person: 4268-warn-first-contact is the help that a client can give',
  '4268-media-may-expire': 'the homeserver: files have an expiry there',
  '4268-bundle-cleanup-todo': 'an open point of the text: nothing is done, so nothing can be left out',
  '4268-bundle-cleanup-out-of-scope': 'left to another proposal: nothing is done, so nothing can be left out',
  '4268-forwarder-in-backup-out-of-scope': 'left to another proposal: backups and exports have no field for it',
  '4268-large-bundle-trick': 'a known limit: what holds it is the cap of 4268-dos-large-file, where a client has one',
  '4268-media-quota': 'the homeserver: it refuses the upload, and the invitation goes out without history',
  '4268-bundle-exceeds-limit':
    'the homeserver: it refuses the upload or the download, and both charts go on without it',
  '4268-alt-not-all-devices': 'a design not taken: the option "share history by: forwarding" is what it speaks of',
  '4268-alt-no-newcomer-requests': 'a design not taken: no chart asks members for keys of the past',
  '4268-draft-placeholders': 'empty headings: a device with that draft has no bundle to send or to read',
};

/** Formats that no promise depends on: what they rule out would be read by nobody here, or understood all the same. */
export const bundlesUnmissed: Readonly<Record<string, string>> = {
  '4268-omit-forwarding-chain': 'a list that nobody reads: whether it is there makes no difference to whoever imports',
  '4268-omit-flag-in-bundle': 'that a key is in the bundle says it already, and whoever imports it looks no further',
  '4268-withheld-usual-code-old':
    'one vague code or the other: neither says that newcomers were meant, which the later text mends (4268-withheld-usual-code)',
  '4268-withheld-not-to-device': 'it would say to the newcomer’s devices once more what the bundle says',
};
