/** What an attacker knows, as trees: each thing with what it follows from below it. */
import type { Run } from '../../sim/engine/types.ts';
import { type Knows, knowledgeOf } from '../../sim/runs/figures/knowledge.ts';
import { namesIn } from '../../sim/runs/figures/sides.ts';
import { type KnowsNode, knowledgeTrees } from '../../sim/runs/telling/knowledge-tree.ts';
import { speechOf } from '../../sim/runs/telling/speech.ts';
import { type Element, el } from './view.ts';

const treeView = (nodes: readonly KnowsNode[], plain: (text: string) => string, base: string): Element =>
  el(
    'ul',
    { class: 'know-tree' },
    nodes.map(({ fact, from, isAgain }) =>
      el(
        'li',
        {},
        el('b', {}, plain(fact.what)),
        ' ',
        el(
          'small',
          {},
          el('a', { href: `${base}#s${fact.step + 1}` }, `step ${fact.step + 1}`),
          `: ${isAgain ? 'as above' : plain(fact.text)}`,
        ),
        from.length > 0 ? treeView(from, plain, base) : null,
      ),
    ),
  );

/**
 * One attacker's facts, in the order in which they were learned.
 * @param base where the steps are, when not on this page
 */
export const knowledgeTreeView = (run: Run, facts: readonly Knows[], base = ''): Element =>
  treeView(knowledgeTrees(facts), speechOf(run).plain, base);

/** A panel for each attacker who knows something; none where nobody does. */
export const knowledgeViews = (run: Run, base = ''): readonly Element[] => {
  const knows = knowledgeOf(run);
  const nameOf = namesIn(run);
  return [...Map.groupBy(knows, ({ player }) => player)].map(([player, facts]) =>
    el('div', { class: 'panel knowledge' }, el('h3', {}, nameOf(player)), knowledgeTreeView(run, facts, base)),
  );
};
