import { stringAt } from '../../machines/json.ts';
import type { Moment } from '../types.ts';
import { lettersIn } from './evidence/requests.ts';
import { type Genuine, genuineAfter, ownerOfSecret, secretStored } from './evidence/secrets.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { some } from './watching.ts';

/** Secrets that a `sendToDevice` body shows to whoever carries it. */
const inTheClear = (moment: Moment): readonly string[] => {
  const letters = lettersIn(moment);
  return letters === null ? [] : letters.contents.flatMap((content) => stringAt(content, 'secret') ?? []);
};

const look = (genuine: Genuine, moment: Moment, witness: Witness): readonly Break[] => {
  const owned = (text: string) => ownerOfSecret(genuine, text) ?? [];
  if (moment.kind === 'request')
    return inTheClear(moment)
      .flatMap(owned)
      .map(({ user, name }) => ({
        at: moment.from,
        about: { is: 'secret', user, name },
        why: `${moment.from} sends ${name} in the clear: ${moment.to} reads it`,
        acceptedBy: null,
      }));
  if (moment.kind !== 'learned') return [];
  return [moment.term].flatMap(owned).map(({ user, name }) => {
    const devices = witness.devicesOf(user);
    const throughStolen = devices.some(
      (player) => witness.stolen(player) && moment.how.through?.includes(player) === true,
    );
    // Where nobody implements the text that has the argument, it accepts nothing.
    const isArgued = devices.some((player) => witness.implementsText(player, 'MSC4385'));
    return {
      at: moment.player,
      about: { is: 'secret', user, name },
      why: `${moment.player} learns ${name} of ${user}: ${moment.how.text}`,
      acceptedBy:
        throughStolen && isArgued && !witness.off(user, '4385-both-compromise-argument')
          ? '4385-both-compromise-argument'
          : null,
      ...comingWith(moment),
    };
  });
};

/** Where it came in a letter to a device of whoever learns it: that was sent by somebody. */
const comingWith = ({ term, how }: Extract<Moment, { kind: 'learned' }>): Pick<Break, 'origin'> => {
  const [to] = how.through ?? [];
  return how.by === 'opened' && to !== undefined ? { origin: { brought: 'secret', to, secret: term } } : {};
};

type Memory = { readonly genuine: Genuine /** Verified in the story. */; readonly signed: readonly string[] };

/** An honest device that nobody has signed is not entitled: a secret that opens there was given to whoever logged it in. */
const atUnsigned = ({ genuine, signed }: Memory, moment: Moment, witness: Witness): Break | null => {
  if (moment.kind !== 'delivery' || moment.opened === null || !witness.honest(moment.to)) return null;
  const owner = ownerOfSecret(genuine, stringAt(moment.opened.content, 'secret') ?? '');
  if (owner === null || witness.signedAtStart(moment.to) || signed.includes(moment.to)) return null;
  return {
    at: moment.to,
    about: null,
    why: `${moment.to}, which nobody has signed, is given ${owner.name}`,
    acceptedBy: null,
    origin: { brought: 'secret', to: moment.to, secret: stringAt(moment.opened.content, 'secret') ?? '' },
  };
};

export const secretConfidentiality: Guarantee<Memory> = {
  id: 'secret-confidentiality',
  kind: 'always',
  accepts: ['4385-both-compromise-argument'],
  begin: { genuine: {}, signed: [] },
  see: (memory, step, witness) => {
    let { genuine, signed } = memory;
    const breaks: Break[] = [];
    let shadow = false;
    for (const moment of step.moments) {
      const stored = secretStored(moment);
      if (
        stored !== null &&
        witness.honest(stored.player) &&
        (stored.patch.held.origin.how === 'push' || stored.patch.held.origin.how === 'request')
      )
        shadow = shadow || ownerOfSecret(genuine, stored.patch.held.secret) !== null;
      genuine = genuineAfter(genuine, moment, step, witness);
      if (moment.kind === 'acted' && moment.what === 'verified') signed = [...signed, moment.player];
      breaks.push(...look(genuine, moment, witness), ...some(atUnsigned({ genuine, signed }, moment, witness)));
    }
    return { memory: { genuine, signed }, breaks, shadow };
  },
};
