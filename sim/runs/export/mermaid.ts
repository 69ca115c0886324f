/** A run as a Mermaid sequence diagram, to paste where Markdown is rendered. */

import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { turnKey } from '../../scenario/written.ts';
import { otherLines } from '../break-words.ts';
import { isTelling, outcomeOf, outcomeWords } from '../figures/outcomes.ts';
import { judgementText } from '../transcript.ts';
import { momentLine, requestText } from './moment-line.ts';
import { oneLine } from './short.ts';

/** Moments that a diagram of this size has room for; the transcript has them all. */
const noted: readonly Moment['kind'][] = ['stored', 'shown', 'learned', 'forged', 'fault', 'restarted', 'discarded'];

/** Text as it may stand in a label. Mermaid reads `;` as the end of a line, `#` as an entity and `<` as HTML, and Markdown ends code with a backtick: those become entities. */
export const mermaidText = (text: string, most?: number): string =>
  oneLine(text, most).replaceAll(/[#;<>&"{}%`]/g, (character) => `#${character.charCodeAt(0)};`);

/** The diagram's source. Participants stand in the order of the run's players. */
export const mermaid = (run: Run): string => {
  const names = new Map<PlayerId, string>();
  const nameOf = (player: PlayerId): string => {
    const known = names.get(player) ?? `p${names.size}`;
    names.set(player, known);
    return known;
  };
  for (const { id } of run.players) nameOf(id);
  const ends = [run.players.at(0), run.players.at(-1)].flatMap((player) =>
    player === undefined ? [] : [nameOf(player.id)],
  );
  const everyone = [...new Set(ends)].join(',');
  const steps = run.steps.flatMap((step, nth) => stepLines(run, step, nth, nameOf, everyone));
  const thieves = new Map(
    run.players.flatMap((player) => (player.kind === 'stolen device' ? [[player.id, player.by] as const] : [])),
  );
  const participants = [...names].map(([id, name]) => {
    const thief = thieves.get(id);
    return `  participant ${name} as ${mermaidText(thief === undefined ? id : `${id}, stolen by ${thief}`)}`;
  });
  const turned = run.trace.turns.length === 0 ? '' : `, without ${run.trace.turns.map(turnKey).join(' + ')}`;
  const verdicts = guaranteesIn(run.scenario.expect).flatMap((guarantee) =>
    run.judgements
      .filter((one) => one.guarantee === guarantee)
      .flatMap((one) => [judgementText(one), ...otherLines(one)])
      .map((line) => `  %% ${guarantee} ${line.replaceAll(/[{}]/g, ' ')}`),
  );
  const title = `---\ntitle: ${JSON.stringify(oneLine(run.scenario.title + turned))}\n---`;
  return `${[title, 'sequenceDiagram', ...participants, ...steps, ...verdicts].join('\n')}\n`;
};

const stepLines = (
  run: Run,
  step: Step,
  nth: number,
  nameOf: (player: PlayerId) => string,
  everyone: string,
): readonly string[] => {
  const over = step.choice.who === 'everyone' ? everyone : nameOf(step.choice.who);
  const lines = step.moments.flatMap((moment) => momentLines(run, step, moment, nameOf));
  return [`  Note over ${over}: ${nth + 1}. ${mermaidText(step.choice.sentence)}`, ...lines];
};

const momentLines = (run: Run, step: Step, moment: Moment, nameOf: (player: PlayerId) => string): readonly string[] => {
  if (moment.kind === 'request') {
    const arrow = moment.lost === true ? '--x' : moment.status < 400 ? '->>' : '-x';
    return [`  ${nameOf(moment.from)}${arrow}${nameOf(moment.to)}: ${mermaidText(requestText(moment))}`];
  }
  if (moment.kind === 'delivery')
    return [`  ${nameOf(moment.from)}-->>${nameOf(moment.to)}: ${mermaidText(momentLine(moment).text)}`];
  if (moment.kind === 'clause') {
    const outcome = outcomeOf(run, step, moment);
    if (outcome.is !== 'off' && !isTelling(outcome)) return [];
    return [`  Note right of ${nameOf(moment.player)}: ${mermaidText(`${outcomeWords(outcome)}: ${moment.clause}`)}`];
  }
  if (!noted.includes(moment.kind) || !('player' in moment)) return [];
  return [`  Note over ${nameOf(moment.player)}: ${mermaidText(`${moment.kind}: ${momentLine(moment).text}`)}`];
};
