/** Megolm for the suite: outbound and inbound sessions as JSON. */
import { isObject, stringAt } from '../../../machines/json.ts';
import type { MegolmInbound, MegolmOutbound, Suite } from '../../../machines/suite.ts';
import { base64, fromBase64, fromBase64Sized, fromBase64Unpadded } from './base64.ts';
import { textOf, utf8 } from './bytes.ts';
import {
  decryptWith,
  encryptAt,
  exportedForm,
  type Holding,
  holdingAt,
  isSameSession,
  lastIndex,
  readExported,
  readSharing,
  sharingForm,
} from './megolm.ts';
import { advancedTo, ratchetLength } from './megolm-ratchet.ts';
import type { Tools } from './suite-tools.ts';

type MegolmPort = Pick<
  Suite,
  | 'megolmOutbound'
  | 'megolmSessionKey'
  | 'megolmEncrypt'
  | 'megolmInbound'
  | 'megolmExport'
  | 'megolmDecrypt'
  | 'megolmSame'
>;

/** An outbound session in bytes: the holding anyone may be given, and the seed that signs. */
type Sender = { readonly holding: Holding; readonly seed: Uint8Array };

const bad = (what: string): Error =>
  new Error(`the state of ${what} Megolm session is not what this suite writes: it was made or changed elsewhere`);

const writeSender = (sender: Sender): MegolmOutbound => {
  const { holding, seed } = sender;
  const state = { ratchet: base64(holding.ratchet.parts), seed: base64(seed) };
  return { sessionId: base64(holding.signingKey), index: holding.ratchet.index, state };
};

const readSender = ({ sessionId, index, state }: MegolmOutbound): Sender => {
  if (!isObject(state)) throw bad('an outbound');
  const parts = fromBase64Sized(stringAt(state, 'ratchet') ?? '', ratchetLength);
  const seed = fromBase64Sized(stringAt(state, 'seed') ?? '', 32);
  const signingKey = fromBase64Sized(sessionId, 32);
  if (parts === null || seed === null || signingKey === null) throw bad('an outbound');
  return { holding: { ratchet: { index, parts }, signingKey }, seed };
};

/** The Megolm functions of the port. An inbound session's state is its key in export form, as text. */
export const megolmPort = ({ curves, draw }: Pick<Tools, 'curves' | 'draw'>): MegolmPort => {
  const holdingOf = ({ state }: MegolmInbound): Holding => {
    const bytes = typeof state === 'string' ? fromBase64(state) : null;
    const holding = bytes && readExported(curves, bytes);
    if (holding === null) throw bad('an inbound');
    return holding;
  };
  return {
    megolmOutbound: (label) => {
      const seed = draw(label, 'megolm ed25519', 32);
      const ratchet = { index: 0, parts: draw(label, 'megolm ratchet', ratchetLength) };
      return writeSender({ holding: { ratchet, signingKey: curves.signingPublic(seed) }, seed });
    },
    megolmSessionKey: (session) => {
      const { holding, seed } = readSender(session);
      return base64(sharingForm(curves, holding, seed));
    },
    megolmEncrypt: (session, plaintext) => {
      const { holding, seed } = readSender(session);
      const next = advancedTo(holding.ratchet, holding.ratchet.index + 1);
      if (next === null)
        throw new Error(`a Megolm session was used beyond its last index, ${lastIndex}: it should have been rotated`);
      return {
        session: writeSender({ holding: { ...holding, ratchet: next }, seed }),
        ciphertext: base64(encryptAt(curves, holding.ratchet, seed, utf8(plaintext))),
      };
    },
    megolmInbound: (sessionKey, form) => {
      const bytes = fromBase64Unpadded(sessionKey);
      const read = form === 'signed' ? readSharing : readExported;
      const holding = bytes && read(curves, bytes);
      return (
        holding && {
          sessionId: base64(holding.signingKey),
          firstKnownIndex: holding.ratchet.index,
          verified: form === 'signed',
          state: base64(exportedForm(holding)),
        }
      );
    },
    megolmExport: (session, index) => {
      // What is kept of a session is its exported form as it came; bundles and backups want no other.
      if (index === session.firstKnownIndex && typeof session.state === 'string') return session.state;
      const at = Number.isSafeInteger(index) ? holdingAt(holdingOf(session), index) : null;
      return at && base64(exportedForm(at));
    },
    megolmDecrypt: (session, ciphertext) => {
      const bytes = fromBase64(ciphertext);
      if (bytes === null) return null;
      const opened = decryptWith(curves, holdingOf(session), bytes);
      if (opened === null) return null;
      const plaintext = textOf(opened.plaintext);
      return plaintext === null ? null : { plaintext, index: opened.index };
    },
    megolmSame: (a, b) => isSameSession(holdingOf(a), holdingOf(b)),
  };
};
