/** FINDINGS.md, written from the list of findings: each with what runs show and the command that shows it. */

import { guaranteeIds, guaranteeText } from '../../../machines/guarantee-texts.ts';
import type { Scenario } from '../../engine/types.ts';
import { partingLines } from '../run-diff.ts';
import { clientsPart } from './clients-part.ts';
import type { Revised } from './evidence.ts';
import {
  type Fate,
  type Finding,
  type FindingKind,
  type FindingOf,
  findingHeads,
  findingsOf,
  type Given,
  type Shown,
} from './list.ts';
import { placeLine } from './sources.ts';
import { code, linkTo, verdictWords } from './words.ts';

/** More than this of one kind is counted, not listed: the command lists it. */
const listedMax = 2;

const link = ({ title, id }: Scenario): string => linkTo(title, id);
const command = (line: string): string => `\n${code(line)}\n`;
const shortId = (id: string): string => id.split('/').at(-1) ?? id;
const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const joined = (lines: readonly string[]): string => lines.filter((line) => line !== '').join('\n');

const fateWords = ({ guarantee, verdict, at, of, by }: Fate): string =>
  `${code(guarantee)} ${verdictWords[verdict]}${by === null ? '' : ` by ${code(by)}`}${at === null ? '' : ` at ${at}`}${of === null ? '' : ` for ${code(of)}`}`;
const fatesWords = (fates: readonly Fate[]): string => fates.map(fateWords).join('; ');

const shownLine = ({ scenario, title, turned, fates }: Shown): string =>
  `- ${linkTo(title, scenario)}${turned === null ? '' : `, with ${code(turned)} turned`}: ${fatesWords(fates)}`;

const inProduction = (said: string | null): readonly string[] =>
  said === null ? [] : [`\n**In production:** ${said}`];

const firstPart = ({ claim, text, where, production, shows, replay }: FindingOf<'first'>): string =>
  [
    `### ${claim}\n`,
    `${text}\n`,
    ...where.map((one) => `> ${placeLine(one)}  `),
    ...inProduction(production),
    '',
    ...shows.map(shownLine),
    command(replay),
  ].join('\n');

const unmissedPart = ({ claim, text, where, shows, bounds, row: { clause } }: FindingOf<'unmissed'>): string => {
  const sentence = `- ${code(clause.id)} (${clause.kind}, ${clause.level}; ${where.map(placeLine).join(', ')}): ${claim}`;
  const story = shows.map(({ title, scenario }) => `: ${linkTo(title, scenario)}.`).join('');
  return `${sentence} ${bounds}${story}${text === '' ? '' : ` ${text}`}`;
};

const byShort = (attacker: string | null): string => (attacker === null ? 'nobody attacking' : `a ${attacker}`);

const maskPart = ({ text, row: { clauses, missed, who }, worst }: FindingOf<'masks'>): string =>
  [
    `- ${clauses.map(code).join(' and ')}${who === 'everyone' ? '' : ` at ${who}`}: without both, ${missed.map(({ guarantee, verdict }) => `${code(guarantee)} ${verdictWords[verdict]}`).join(', ')}`,
    worst === null ? '' : ` (${byShort(worst.attacker)}, ${worst.steps} steps, ${code(worst.scenario)})`,
    text === '' ? '' : `. ${text}`,
  ].join('');

const mayPart = ({ id, claim, text, where, shows, replay }: FindingOf<'may'>): string =>
  joined([
    `### ${id}\n`,
    `> ${claim}  `,
    ...where.map((one) => `> ${placeLine(one)}\n`),
    text === '' ? '' : `${text}\n`,
    ...shows.map(
      ({ title, scenario, fates: [fate] }) =>
        `- ${linkTo(title, scenario)}: ${code(fate?.guarantee ?? '')} holds; without this MAY it **breaks**`,
    ),
    command(replay),
  ]);

/** Fates come in pairs: under one reading, then under the other. */
const pairsWords = (fates: readonly Fate[]): string =>
  fates
    .flatMap((one, nth) => {
      const other = fates[nth + 1];
      return nth % 2 === 1 || other === undefined
        ? []
        : [
            `${code(one.guarantee)} ${verdictWords[one.verdict]} under ${one.under} and ${verdictWords[other.verdict]} under ${other.under}`,
          ];
    })
    .join('; ');

const readingPart = ({ id, claim, text, where, shows, replay, question }: FindingOf<'readings'>): string => {
  const { A, B } = question.readings;
  return joined([
    `### ${id} (${where.map(({ of, href }) => `[${of}](${href})`).join(', ')})\n`,
    `${claim}\n`,
    `- **A**: ${A.text}. Risk: ${A.risk}.`,
    `- **B**: ${B.text}. Risk: ${B.risk}.\n`,
    text === '' ? '' : `${text}\n`,
    ...shows.map(
      ({ scenario, title, turned, fates }) =>
        `- ${linkTo(title, scenario)}${turned === null ? '' : `, with ${code(turned)} turned`}: ${pairsWords(fates)}`,
    ),
    command(replay),
  ]);
};

const revisedPart = ({ claim, text, bounds, replay, revised }: FindingOf<'revised'>): string => {
  const { from, to, came, went, changed } = revised;
  const kinds = new Map<string, Revised['changed']>();
  for (const one of changed)
    for (const { guarantee, one: before, other } of one.verdicts) {
      const kind = `${code(guarantee)} ${verdictWords[before]}, then ${verdictWords[other]}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
    }
  const listed = (of: Revised['changed']): string =>
    `${of
      .slice(0, listedMax)
      .map(({ scenario }) => link(scenario))
      .join('; ')}${of.length > listedMax ? `; and ${of.length - listedMax} more` : ''}`;
  return joined([
    `### ${claim}\n`,
    `${plural(came.length, 'clause')} came, ${went.length} went; ${bounds}\n`,
    text === '' ? '' : `${text}\n`,
    ...[...kinds].map(([kind, stories]) => `- ${kind} (${stories.length}): ${listed(stories)}`),
    ...(changed.length === 0 ? [] : [partedPart(changed[0], from, to)]),
    command(replay),
  ]);
};

/** Where one of them parts, as an example. */
const partedPart = (one: Revised['changed'][number] | undefined, from: string, to: string): string => {
  if (one === undefined || one.parting === null) return '';
  const [first = ''] = partingLines(one.parting, [from, to]);
  return `\nIn ${code(shortId(one.scenario.id))} ${first}.`;
};

/** A story as it is written, and below it the settings that change what becomes of it. */
const interactionPart = ({ id, claim, text, shows, replay }: FindingOf<'interactions'>): string =>
  joined([
    `### ${id}: ${claim}\n`,
    text === '' ? '' : `${text}\n`,
    ...shows.map((one) =>
      one.turned === null ? shownLine(one) : `  - with ${code(one.turned)} turned: ${fatesWords(one.fates)}`,
    ),
    command(replay),
  ]);

/** Comments on what runs do not show, or no longer: whoever reads them would be told of nothing. */
export const idleComments = ({
  comments: { sections },
  evidence,
  masks,
  interactions,
  clients,
}: Given): readonly string[] => {
  const shown: Readonly<Record<keyof typeof sections, readonly string[]>> = {
    unmissed: [...evidence.unmissed, ...evidence.stoodInFor].map(({ clause }) => clause.id),
    masks: masks.map(({ clauses }) => clauses.join(' + ')),
    may: evidence.onlyByMay.map(({ clause }) => clause.id),
    readings: evidence.readings.filter(({ asked }) => asked.length > 0).map(({ question }) => question.id),
    revised: evidence.revised.map(({ proposal, from, to }) => `${proposal} ${from} to ${to}`),
    interactions: [...interactions.keys()],
    clients: clients.flatMap(({ kinds }) => kinds.map(({ id }) => id)),
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
const toldOf = (given: Given, findings: readonly Finding[]): string => {
  const { comments, evidence } = given;
  const { unmissed, masks, may, readings, revised, interactions: meeting, clients } = comments.sections;
  const among = <K extends FindingKind>(kind: K): readonly FindingOf<K>[] =>
    findings.filter((one): one is FindingOf<K> => one.kind === kind);
  const same = evidence.readings.filter(({ asked }) => asked.length === 0).map(({ question }) => question.id);
  const still = evidence.revised.filter(({ changed }) => changed.length === 0);
  return [
    '# Findings\n',
    '<!-- Written by `npx hearsay findings --out FINDINGS.md` from runs and from scenarios/findings.yml: change these, not this. -->\n',
    `${comments.intro}\n`,
    `What each guarantee promises stands [at the end](#${guaranteesHead.toLowerCase().replaceAll(' ', '-')}).\n`,
    `## ${findingHeads.first}\n`,
    ...among('first').map(firstPart),
    `## ${findingHeads.unmissed}\n`,
    `${unmissed.intro}\n`,
    ...among('unmissed').map(unmissedPart),
    command('npx hearsay clauses'),
    `## ${findingHeads.masks}\n`,
    `${masks.intro}\n`,
    ...among('masks').map(maskPart),
    command('npx hearsay ablate --pairs'),
    `## ${findingHeads.may}\n`,
    `${may.intro}\n`,
    ...among('may').map(mayPart),
    `## ${findingHeads.readings}\n`,
    `${readings.intro}\n`,
    ...among('readings').map(readingPart),
    ...(same.length === 0 ? [] : [`Acted out, with the same verdicts under both readings: ${same.join(', ')}.\n`]),
    `## ${findingHeads.revised}\n`,
    `${revised.intro}\n`,
    ...among('revised').map(revisedPart),
    ...(still.length === 0
      ? []
      : [`No verdict changed: ${still.map(({ proposal, from, to }) => `${proposal} ${from} → ${to}`).join(', ')}.\n`]),
    `## ${findingHeads.interactions}\n`,
    `${meeting.intro}\n`,
    ...among('interactions').map(interactionPart),
    clientsPart(given.clients, given.stories, clients.intro),
    command('npx hearsay clients'),
  ].join('\n');
};

/** The whole document. Throws where a comment speaks of a story that is not there. */
export const findingsText = (given: Given): string => {
  const told = toldOf(given, findingsOf(given));
  return `${[
    told,
    `## ${guaranteesHead}\n`,
    'Every guarantee that is named above, in full. Alice and Bob stand for anybody.\n',
    ...guaranteePart(told),
    command('npx hearsay guarantees'),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
};
