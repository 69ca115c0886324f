/** Megolm with terms: a session is its signing key and one ratchet secret; an index bounds what a holder may open. */
import { isObject, stringAt } from '../../../machines/json.ts';
import type { MegolmInbound, MegolmOutbound, Suite, Term } from '../../../machines/suite.ts';
import { lastIndex } from '../real/megolm-ratchet.ts';
import { type Draw, isKey, isSecret, joined, parted, signingPublic, termOf, wholeNumber } from './terms.ts';

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
type Form = 'signed' | 'exported';
type Holding = { readonly sessionId: Term; readonly index: number; readonly ratchet: Term };

const bad = (what: string): Error =>
  new Error(
    `the state of ${what} Megolm session is not what this suite writes: was it made by the other suite, or changed elsewhere?`,
  );

const tags = { signed: 'k', exported: 'x' } as const;

/** The proof at a key's end: in signed form the owner's, in exported form only that nobody has rewritten the index. */
const proofOf = (form: Form, { sessionId, index, ratchet }: Holding): Term =>
  termOf(form === 'signed' ? 'g' : 'h', 'megolm key', sessionId, String(index), ratchet);

const write = (form: Form, holding: Holding): string =>
  joined(tags[form], holding.sessionId, String(holding.index), holding.ratchet, proofOf(form, holding));

const read = (form: Form, text: string): Holding | null => {
  const [sessionId, number, ratchet, proof] = parted(tags[form], 4, text) ?? [];
  const index = wholeNumber(number ?? '');
  if (sessionId === undefined || ratchet === undefined || index === null || index > lastIndex) return null;
  const holding = { sessionId, index, ratchet };
  return isKey(sessionId) && isSecret(ratchet) && proof === proofOf(form, holding) ? holding : null;
};

const sealOf = ({ sessionId, ratchet }: Holding, index: number, plaintext: string): Term =>
  termOf('h', 'megolm seal', sessionId, ratchet, String(index), plaintext);

/** The holding of one's own session. The session id is that of the secret in its state. */
const own = ({ index, state }: MegolmOutbound): Holding => {
  const secret = isObject(state) ? stringAt(state, 'secret') : undefined;
  const ratchet = isObject(state) ? stringAt(state, 'ratchet') : undefined;
  if (secret === undefined || ratchet === undefined) throw bad('an outbound');
  return { sessionId: signingPublic(secret), index, ratchet };
};

const held = ({ state }: MegolmInbound): Holding => {
  const holding = typeof state === 'string' ? read('exported', state) : null;
  if (holding === null) throw bad('an inbound');
  return holding;
};

/** The Megolm functions of the port. An inbound session's state is its key in exported form, as text. */
export const megolmPort = (draw: Draw): MegolmPort => ({
  megolmOutbound: (label) => {
    const secret = draw(label, 'megolm ed25519');
    return { sessionId: signingPublic(secret), index: 0, state: { secret, ratchet: draw(label, 'megolm ratchet') } };
  },
  megolmSessionKey: (session) => write('signed', own(session)),
  megolmEncrypt: (session, text) => {
    const holding = own(session);
    const plaintext = text.toWellFormed();
    const { index } = holding;
    if (index >= lastIndex)
      throw new Error(`a Megolm session was used beyond its last index, ${lastIndex}: it should have been rotated`);
    return {
      session: { ...session, index: index + 1 },
      ciphertext: joined('m', String(index), sealOf(holding, index, plaintext), plaintext),
    };
  },
  megolmInbound: (sessionKey, form) => {
    const holding = read(form, sessionKey);
    return (
      holding && {
        sessionId: holding.sessionId,
        firstKnownIndex: holding.index,
        verified: form === 'signed',
        state: write('exported', holding),
      }
    );
  },
  megolmExport: (session, index) => {
    const holding = held(session);
    const isKnown = Number.isSafeInteger(index) && index >= holding.index && index <= lastIndex;
    return isKnown ? write('exported', { ...holding, index }) : null;
  },
  megolmDecrypt: (session, ciphertext) => {
    const holding = held(session);
    const [number, seal, plaintext] = parted('m', 3, ciphertext) ?? [];
    const index = wholeNumber(number ?? '');
    if (index === null || plaintext === undefined || index < holding.index) return null;
    return seal === sealOf(holding, index, plaintext) ? { plaintext, index } : null;
  },
  megolmSame: (a, b) => {
    const [one, other] = [held(a), held(b)];
    return one.sessionId === other.sessionId && one.ratchet === other.ratchet;
  },
});
