/** FINDINGS.md: what people say, each with what runs show and the command that shows it. */

import { guaranteeIds, guaranteeText } from '../../../machines/guarantee-texts.ts';
import type { Expectation, Scenario, Verdict } from '../../engine/types.ts';
import type { Row } from '../../explorer/ablate.ts';
import type { Registered } from '../registry.ts';
import { partingLines } from '../run-diff.ts';
import type { Comments, First, Section } from './comments.ts';
import type { Differing, Evidence, OnlyByMay, Reading, Revised } from './evidence.ts';
import { addressOf, quotation, sourceOf, specification } from './sources.ts';

/** What the document is made of: comments, what runs showed, and data that is checked in elsewhere. */
export type Given = {
  readonly comments: Comments;
  readonly evidence: Evidence;
  readonly stories: readonly Scenario[];
  /** Pairs of clauses that mask each other (`scenarios/ablation.json`). */
  readonly masks: readonly Row[];
  readonly interactions: ReadonlyMap<string, string>;
};

/** More than this of one kind is counted, not listed: the command lists it. */
const listedMax = 2;

const words: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  breaks: '**breaks**',
  accepted: 'is _accepted_ as broken',
  unsettled: 'is unsettled',
  happens: 'happens',
  never: 'never happens',
};
const code = (text: string): string => `\`${text}\``;
const link = ({ title, id }: Scenario): string => `[${title}](scenarios/${id}.yaml)`;
const command = (text: string): string => `\n${code(`npx hearsay ${text}`)}\n`;
const shortId = (id: string): string => id.split('/').at(-1) ?? id;
const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const isSaid = (text: string | undefined): text is string => text !== undefined && text !== '';

const storyOf = (stories: readonly Scenario[], id: string): Scenario => {
  const found = stories.find((one) => one.id === id);
  if (found === undefined) throw new Error(`scenarios/findings.yml speaks of ${id}, which is no story here`);
  return found;
};

const expected = (one: Expectation): string =>
  `${code(one.guarantee)} ${words[one.verdict]}${one.by === null ? '' : ` by ${code(one.by)}`}${one.at === null ? '' : ` at ${one.at}`}${one.of === undefined ? '' : ` for ${code(one.of)}`}`;

/** What a story's file expects, and `hearsay run` confirms: as it is written, or with an entry of `without` turned. */
const expectedLine = (story: Scenario, without: string | null): string => {
  if (without === null) return `- ${link(story)}: ${story.expect.map(expected).join('; ')}`;
  const entry = story.without.find(({ key }) => key === without);
  if (entry === undefined)
    throw new Error(`scenarios/findings.yml speaks of ${story.id} without “${without}”, which it does not turn`);
  return `- ${link(story)}, with ${code(without)} turned: ${entry.expect.map(expected).join('; ')}`;
};

const inProduction = (said: string): readonly string[] => (said === '' ? [] : [`\n**In production:** ${said}`]);

const firstPart = (
  { title, text, speaksOf, production, shows, command: typed }: First,
  stories: readonly Scenario[],
): string =>
  [
    `### ${title}\n`,
    `${text}\n`,
    ...speaksOf.map((one) => `> ${quotation(one)}  `),
    ...inProduction(production),
    '',
    ...shows.map(({ scenario, without }) => expectedLine(storyOf(stories, scenario), without)),
    `\n${code(typed)}\n`,
  ].join('\n');

const unmissedPart = ({ evidence: { unmissed, stoodInFor }, stories }: Given, { of }: Section): readonly string[] => {
  const sentence = ({ clause }: Registered): string =>
    `- ${code(clause.id)} (${clause.kind}, ${clause.level}; ${sourceOf(clause)}): ${clause.statement}`;
  const said = ({ clause }: Registered): string => (isSaid(of[clause.id]) ? ` ${of[clause.id]}` : '');
  return [
    ...stoodInFor.map((row) => {
      const [change] = row.changes;
      if (change === undefined) return sentence(row);
      const beside = (change.beside ?? []).map(code).join(' and ');
      return `${sentence(row)} Missed only where ${beside} ${(change.beside ?? []).length > 1 ? 'are' : 'is'} off as well: ${link(storyOf(stories, change.scenario))}.${said(row)}`;
    }),
    ...unmissed.map((row) => `${sentence(row)} Missed by nobody: ${row.missedByNobody ?? ''}.${said(row)}`),
  ];
};

const byShort = (attacker: string | null): string => (attacker === null ? 'nobody attacking' : `a ${attacker}`);

const maskPart = ({ masks }: Given, { of }: Section): readonly string[] =>
  masks.map(({ clauses, missed, who }) => {
    const [worst] = missed;
    const key = clauses.join(' + ');
    return [
      `- ${clauses.map(code).join(' and ')}${who === 'everyone' ? '' : ` at ${who}`}: without both, ${missed.map(({ guarantee, verdict }) => `${code(guarantee)} ${words[verdict]}`).join(', ')}`,
      worst === undefined ? '' : ` (${byShort(worst.attacker)}, ${worst.steps} steps, ${code(worst.scenario)})`,
      isSaid(of[key]) ? `. ${of[key]}` : '',
    ].join('');
  });

const mayPart = (may: readonly OnlyByMay[], stories: readonly Scenario[], { of }: Section): readonly string[] =>
  may.map(({ clause, changes }) =>
    [
      `### ${clause.id}\n`,
      `> ${clause.statement}  `,
      `> ${sourceOf(clause)}\n`,
      isSaid(of[clause.id]) ? `${of[clause.id]}\n` : '',
      ...changes.map(
        ({ scenario, guarantee }) =>
          `- ${link(storyOf(stories, scenario))}: ${code(guarantee)} holds; without this MAY it **breaks**`,
      ),
      command(`clauses ${clause.id}`),
    ]
      .filter((line) => line !== '')
      .join('\n'),
  );

const differingWords = (verdicts: readonly Differing[], names: readonly [string, string]): string =>
  verdicts
    .map(
      ({ guarantee, one, other }) =>
        `${code(guarantee)} ${words[one]} under ${names[0]} and ${words[other]} under ${names[1]}`,
    )
    .join('; ');

const readingPart = ({ question, asked }: Reading, { of }: Section): string => {
  const { id, proposal, question: text, readings } = question;
  return [
    `### ${id} ([${proposal === 'SPEC' ? specification : proposal}](${proposal === 'SPEC' ? 'https://spec.matrix.org/v1.19/client-server-api/' : addressOf(proposal, '')}))\n`,
    `${text}\n`,
    `- **A**: ${readings.A.text}. Risk: ${readings.A.risk}.`,
    `- **B**: ${readings.B.text}. Risk: ${readings.B.risk}.\n`,
    isSaid(of[id]) ? `${of[id]}\n` : '',
    ...asked.map(
      ({ scenario, beside, verdicts }) =>
        `- ${link(scenario)}${beside === null ? '' : `, with ${code(beside)} turned`}: ${differingWords(verdicts, ['A', 'B'])}`,
    ),
    command(`ask ${id}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
};

const revisedPart = (revised: Revised, { of }: Section): string => {
  const { proposal, from, to, came, went, changed, compared } = revised;
  const key = `${proposal} ${from} to ${to}`;
  const kinds = new Map<string, Revised['changed']>();
  for (const one of changed)
    for (const { guarantee, one: before, other } of one.verdicts) {
      const kind = `${code(guarantee)} ${words[before]}, then ${words[other]}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
    }
  const listed = (of_: Revised['changed']): string =>
    `${of_
      .slice(0, listedMax)
      .map(({ scenario }) => link(scenario))
      .join('; ')}${of_.length > listedMax ? `; and ${of_.length - listedMax} more` : ''}`;
  return [
    `### ${proposal}: ${from} → ${to}\n`,
    `${plural(came.length, 'clause')} came, ${went.length} went; of ${plural(compared, 'scenario', 'scenarios')} about it ${changed.length} ${changed.length === 1 ? 'comes' : 'come'} to another verdict.\n`,
    isSaid(of[key]) ? `${of[key]}\n` : '',
    ...[...kinds].map(([kind, stories]) => `- ${kind} (${stories.length}): ${listed(stories)}`),
    ...(changed.length === 0 ? [] : [partedPart(changed[0], from, to)]),
    command(`diff ${proposal} --from ${from} --to ${to}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
};

/** Where one of them parts, as an example. */
const partedPart = (one: Revised['changed'][number] | undefined, from: string, to: string): string => {
  if (one === undefined || one.parting === null) return '';
  const [first = ''] = partingLines(one.parting, [from, to]);
  return `\nIn ${code(shortId(one.scenario.id))} ${first}.`;
};

/** Below a story, the settings that change what becomes of it. */
const turnedLines = ({ expect, without }: Scenario): readonly string[] =>
  without.flatMap(({ key, expect: other }) => {
    const changed = other.filter(
      ({ guarantee, verdict }) => (expect.find((one) => one.guarantee === guarantee)?.verdict ?? 'holds') !== verdict,
    );
    return changed.length === 0 ? [] : [`  - with ${code(key)} turned: ${changed.map(expected).join('; ')}`];
  });

const interactionPart = (id: string, title: string, { stories, comments }: Given): string => {
  const acting = stories.filter(({ refs }) => refs?.includes(id));
  const said = comments.sections.interactions.of[id];
  return [
    `### ${id}: ${title}\n`,
    isSaid(said) ? `${said}\n` : '',
    ...acting.flatMap((story) => [expectedLine(story, null), ...turnedLines(story)]),
    command(`run ${acting.map((story) => shortId(story.id)).join(' ')}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
};

/** Comments on what runs do not show, or no longer: whoever reads them would be told of nothing. */
export const idleComments = ({ comments: { sections }, evidence, masks, interactions }: Given): readonly string[] => {
  const shown: Readonly<Record<keyof typeof sections, readonly string[]>> = {
    unmissed: [...evidence.unmissed, ...evidence.stoodInFor].map(({ clause }) => clause.id),
    masks: masks.map(({ clauses }) => clauses.join(' + ')),
    may: evidence.onlyByMay.map(({ clause }) => clause.id),
    readings: evidence.readings.filter(({ asked }) => asked.length > 0).map(({ question }) => question.id),
    revised: evidence.revised.map(({ proposal, from, to }) => `${proposal} ${from} to ${to}`),
    interactions: [...interactions.keys()],
  };
  return (Object.keys(shown) as (keyof typeof sections)[]).flatMap((name) =>
    Object.keys(sections[name].of).flatMap((id) => (shown[name].includes(id) ? [] : [`${name}: ${id}`])),
  );
};

/** The guarantees that a text names, with their words. */
const guaranteePart = (text: string): readonly string[] =>
  guaranteeIds
    .filter((id) => text.includes(code(id)))
    .map((id) => {
      const { short, promise, ifBroken, forWhom } = guaranteeText(id);
      return `- ${code(id)}, _${short}_: ${promise} If it breaks: ${ifBroken} For ${forWhom}.`;
    });

const guaranteesHead = 'What the guarantees promise';

/** All but the words of guarantees. */
const toldOf = (given: Given): string => {
  const { comments, evidence, stories, interactions } = given;
  const { unmissed, masks, may, readings, revised, interactions: meeting } = comments.sections;
  const differ = evidence.readings.filter(({ asked }) => asked.length > 0);
  const same = evidence.readings.filter(({ asked }) => asked.length === 0).map(({ question }) => question.id);
  const changing = evidence.revised.filter(({ changed }) => changed.length > 0);
  const still = evidence.revised.filter(({ changed }) => changed.length === 0);
  return [
    '# Findings\n',
    '<!-- Written by `npx hearsay findings --out FINDINGS.md` from runs and from scenarios/findings.yml: change these, not this. -->\n',
    `${comments.intro}\n`,
    `What each guarantee promises stands [at the end](#${guaranteesHead.toLowerCase().replaceAll(' ', '-')}).\n`,
    '## What to read first\n',
    ...comments.first.map((one) => firstPart(one, stories)),
    '## Sentences that nobody misses\n',
    `${unmissed.intro}\n`,
    ...unmissedPart(given, unmissed),
    command('clauses'),
    '## Sentences that mask each other\n',
    `${masks.intro}\n`,
    ...maskPart(given, masks),
    command('ablate --pairs'),
    '## Guarantees that hold only by a MAY\n',
    `${may.intro}\n`,
    ...mayPart(evidence.onlyByMay, stories, may),
    '## Questions whose readings differ in harm\n',
    `${readings.intro}\n`,
    ...differ.map((one) => readingPart(one, readings)),
    ...(same.length === 0 ? [] : [`Acted out, with the same verdicts under both readings: ${same.join(', ')}.\n`]),
    '## Revisions that changed a verdict\n',
    `${revised.intro}\n`,
    ...changing.map((one) => revisedPart(one, revised)),
    ...(still.length === 0
      ? []
      : [`No verdict changed: ${still.map(({ proposal, from, to }) => `${proposal} ${from} → ${to}`).join(', ')}.\n`]),
    '## Where the proposals meet\n',
    `${meeting.intro}\n`,
    ...[...interactions].map(([id, title]) => interactionPart(id, title, given)),
  ].join('\n');
};

/** The whole document. Throws where a comment speaks of a story that is not there. */
export const findingsText = (given: Given): string => {
  const told = toldOf(given);
  return `${[
    told,
    `## ${guaranteesHead}\n`,
    'Every guarantee that is named above, in full. Alice and Bob stand for anybody.\n',
    ...guaranteePart(told),
    command('guarantees'),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
};
