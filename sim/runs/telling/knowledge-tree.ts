/** What an attacker knows as trees: each thing that nothing more follows from, with what it was derived from below it. */
import type { Knows } from '../figures/knowledge.ts';

export type KnowsNode = {
  readonly fact: Knows;
  /** What it follows from; empty where `isAgain`. */
  readonly from: readonly KnowsNode[];
  /** It stands further up already, with all that it follows from. */
  readonly isAgain: boolean;
};

/** Of one attacker's facts, in the order in which they were learned. Every fact is in some tree, and none is below itself. */
export const knowledgeTrees = (facts: readonly Knows[]): readonly KnowsNode[] => {
  const sourcesOf = (fact: Knows): readonly Knows[] => {
    const own = facts.indexOf(fact);
    return fact.from.flatMap(({ what, step }) => {
      const nth = facts.findIndex((one) => one.what === what && one.step === step);
      // A thing follows from what was known before it, or derivations would go round.
      const source = nth >= 0 && nth < own ? facts[nth] : undefined;
      return source === undefined ? [] : [source];
    });
  };
  const used = new Set(facts.flatMap(sourcesOf));
  const told = new Set<Knows>();
  const node = (fact: Knows): KnowsNode => {
    if (told.has(fact)) return { fact, from: [], isAgain: true };
    told.add(fact);
    return { fact, from: sourcesOf(fact).map(node), isAgain: false };
  };
  return facts.filter((fact) => !used.has(fact)).map(node);
};
