import { secretStored } from './secrets.ts';
import type { Break, Guarantee } from './types.ts';

type Memory = {
  /** Device → secret names its user has been told of and not yet seen stored. */
  readonly told: { readonly [player: string]: readonly string[] };
};

const about = new Set(['secret pushed', 'secret replaced']);

export const consentAwareness: Guarantee<Memory> = {
  id: 'consent-awareness',
  kind: 'always',
  text: 'The user is aware of, and where relevant approves, security-relevant changes made in their name.',
  shadow: 'a secret is replaced by a push, and its user is told',
  begin: { told: {} },
  see: (memory, step, witness) => {
    let told = memory.told;
    let broken: Break | null = null;
    let shadow = false;
    for (const moment of step.moments) {
      if (moment.kind === 'shown' && about.has(moment.notice.about)) {
        const name = String(moment.notice.name);
        told = { ...told, [moment.player]: [...new Set([...(told[moment.player] ?? []), name])] };
      }
      const stored = secretStored(moment);
      if (stored === null || !witness.honest(stored.player) || stored.patch.held.origin.how !== 'push') continue;
      const known = told[stored.player] ?? [];
      if (known.includes(stored.patch.name)) shadow = true;
      else
        broken = broken ?? {
          at: stored.player,
          why: `${stored.player} replaces ${stored.patch.name} and tells nobody`,
          acceptedBy: null,
        };
      told = { ...told, [stored.player]: known.filter((name) => name !== stored.patch.name) };
    }
    return { memory: { told }, broken, shadow };
  },
};
