/** What real clients come to, as a section of FINDINGS.md. */
import { PLAYS_LIKE } from '../../../machines/profiles.ts';
import type { Scenario } from '../../engine/types.ts';
import type { ComparedRow } from '../clients/measured.ts';
import {
  daysOf,
  keptBackOf,
  originWords,
  type Parting,
  playedLike,
  type ToldClient,
  type ToldKind,
} from '../clients/told.ts';
import { code, linkTo, verdictWords } from './words.ts';

export const clientsHead = 'Where real clients come to something else';

const saidWords = ({ verdict, at }: ComparedRow['model']): string =>
  `${verdictWords[verdict]}${at === null ? '' : ` at ${at}`}`;
const rowWords = ({ guarantee, model, real }: ComparedRow): string =>
  `${code(guarantee)} ${saidWords(model)} in the model, and with the client ${saidWords(real)}`;

const clientLine = (one: ToldClient): string => {
  const { client, counts } = one;
  const { played, scenarios, seats, agree, differ, notMeasured } = counts;
  return `| ${client.name} ${client.version} | ${daysOf(one)} | ${played} of ${scenarios} | ${seats} | ${agree} | ${differ} | ${notMeasured} |`;
};

const partingLine = (titles: ReadonlyMap<string, string>, { scenario, seat, rows, line }: Parting): string =>
  `- ${linkTo(titles.get(scenario) ?? scenario, scenario)}, ${seat}: ${rows.map(rowWords).join('; ')} (${code(line)})`;

const likeWords = (partings: readonly Parting[]): string => {
  const like = playedLike(partings);
  return like === null ? '' : ` With ${code(`${PLAYS_LIKE}: ${like}`)} a device of the model does the same.`;
};

const kindPart = (
  titles: ReadonlyMap<string, string>,
  client: string,
  { kind, of, clauses, evidence, partings }: ToldKind,
): string => {
  const head = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const about =
    clauses.length === 0 ? '' : ` Clause${clauses.length === 1 ? '' : 's'}: ${clauses.map(code).join(', ')}.`;
  return [
    `### ${head} (${client})\n`,
    `${originWords[of]}.${about} ${evidence}${likeWords(partings)}\n`,
    ...partings.map((one) => partingLine(titles, one)),
    '',
  ].join('\n');
};

const keptBackPart = (clients: readonly ToldClient[]): readonly string[] => {
  const count = keptBackOf(clients);
  return count === 0
    ? []
    : [
        `${count} more ${count === 1 ? 'seat differs and is' : 'seats differ and are'} kept back ([SECURITY.md](SECURITY.md)).\n`,
      ];
};

/** The section, with what a person says of all of it. */
export const clientsPart = (clients: readonly ToldClient[], stories: readonly Scenario[], intro: string): string => {
  const titles = new Map(stories.map(({ id, title }) => [id, title]));
  return [
    `## ${clientsHead}\n`,
    `${intro}\n`,
    '| client | measured | scenarios with it in a seat | seats | verdicts that agree | differ | not measured |',
    '|---|---|---|---|---|---|---|',
    ...clients.map(clientLine),
    '',
    ...keptBackPart(clients),
    ...clients.flatMap(({ client, kinds }) => kinds.map((kind) => kindPart(titles, client.name, kind))),
  ].join('\n');
};
