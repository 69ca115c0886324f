import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { among, filed, loginOf } from './evidence/accounts.ts';
import type { RequestMoment } from './evidence/asked.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { argumentForLearning } from './evidence/hijacked.ts';
import { goingOut, type Unsent } from './evidence/meant.ts';
import { lettersIn, secretSentIn } from './evidence/requests.ts';
import { type Genuine, genuineAfter, ownersOfSecret, secretStored } from './evidence/secrets.ts';
import { isSignedAtAll, isSignedLoginAtAll, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

type Memory = Copied & {
  readonly genuine: Genuine;
  readonly signed: Signed;
  /** Device → secrets that one of its siblings sent it while it was signed: whenever it reads them, it was entitled to them. */
  readonly given: Readonly<Record<PlayerId, readonly string[]>>;
  /** Secrets that wait until they can be sealed. */
  readonly unsent: Unsent<string>;
};

/** To whom a secret goes out while they are signed: what could not be sealed for them they are not given. */
const giving = (before: Memory, moment: Moment, step: Step, witness: Witness): Pick<Memory, 'given' | 'unsent'> => {
  const { signed } = before;
  const sent = secretSentIn(moment);
  const meant = sent === null ? null : { at: sent.player, to: sent.to, what: sent.secret };
  const { unsent, out } = goingOut(before.unsent, moment, step, meant);
  const given = out.reduce(
    (all, { to, what }) =>
      to.reduce((known, { user, device }) => {
        const login = loginOf(signed.accounts, user, device);
        if (login === null || !isSignedLoginAtAll(signed, login, witness)) return known;
        return filed(known, login.by, among(known[login.by] ?? [], what));
      }, all),
    before.given,
  );
  return { given, unsent };
};

/** What a `sendToDevice` body shows to whoever carries it. */
const inTheClear = (genuine: Genuine, moment: RequestMoment): readonly Break[] =>
  (lettersIn(moment)?.letters ?? [])
    .flatMap(({ content }) => ownersOfSecret(genuine, stringAt(content, 'secret') ?? ''))
    .map(({ user, name }) => ({
      at: moment.from,
      about: { is: 'secret', user, name },
      why: `${moment.from} sends ${name} in the clear: ${moment.to} reads it`,
      acceptedBy: null,
    }));

const look = ({ genuine, signed }: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  if (moment.kind === 'request') return inTheClear(genuine, moment);
  if (moment.kind !== 'learned') return [];
  const { player, term, how } = moment;
  const through = how.through ?? [];
  // Where it came in a letter to a device of whoever learns it: that was sent by somebody.
  const [to] = how.by === 'opened' ? through : [];
  return ownersOfSecret(genuine, term).map(({ user, name }) => ({
    at: player,
    about: { is: 'secret', user, name },
    why: `${player} learns ${name} of ${user}: ${how.text}`,
    acceptedBy: argumentForLearning({ signed }, user, through, witness),
    ...(to === undefined ? {} : { origin: { brought: 'secret', to, secret: term } }),
  }));
};

/** An honest device that nobody has signed is not entitled: a secret that opens there was given to whoever logged it in. */
const atUnsigned = ({ genuine, signed, given }: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  if (moment.kind !== 'delivery' || moment.opened === null || !witness.honest(moment.to)) return [];
  if (isSignedAtAll(signed, moment.to, witness)) return [];
  const secret = stringAt(moment.opened.content, 'secret') ?? '';
  if (given[moment.to]?.includes(secret) === true) return [];
  return ownersOfSecret(genuine, secret).map(({ user, name }) => ({
    at: moment.to,
    about: { is: 'secret', user, name },
    why: `${moment.to}, which the identity of ${user} has not signed, is given ${name}`,
    acceptedBy: null,
    origin: { brought: 'secret', to: moment.to, secret },
  }));
};

export const secretConfidentiality: Guarantee<Memory> = {
  id: 'secret-confidentiality',
  kind: 'always',
  accepts: clausesOf('secret-confidentiality'),
  begin: { ...noneCopied, genuine: {}, signed: noneSigned, given: {}, unsent: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (earlier, moment) => {
      const before = asCopied(earlier, moment, 'unsent');
      const stored = secretStored(moment);
      const how = stored?.patch.held.origin.how;
      const travels =
        stored !== null && witness.honest(stored.player) && (how === 'push' || how === 'request')
          ? ownersOfSecret(before.genuine, stored.patch.held.secret).map(({ name }) => name)
          : [];
      const now = {
        copied: before.copied,
        genuine: genuineAfter(before.genuine, moment, step, witness),
        signed: signedAfter(before.signed, moment, step, witness),
        ...giving(before, moment, step, witness),
      };
      return {
        memory: now,
        breaks: [...look(now, moment, witness), ...atUnsigned(now, moment, witness)],
        shadow: travels,
      };
    }),
};
