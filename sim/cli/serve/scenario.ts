/** A log as the text of a scenario: the people, their devices, what they did in order, and what the model makes of that. */
import { stringify } from 'yaml';
import type { JsonObject } from '../../../machines/json.ts';
import type { Run, Scenario } from '../../engine/types.ts';
import { runStory } from '../../runs/run.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { oneLine } from '../../scenario/showing.ts';
import { plural } from '../terminal.ts';
import type { Log } from './log.ts';
import { type Line, type Told, toldIn } from './told.ts';

export type MadeOfLog = {
  readonly ok: true;
  readonly text: string;
  readonly told: Told;
  /** Lines that the model's people cannot do there, and why: they are left out. */
  readonly undone: readonly { readonly act: string; readonly why: string }[];
};
export type FromLog = MadeOfLog | { readonly ok: false; readonly why: string };

/** What is to be told beside it, a line each: how much of the log it is, and what it is not. */
export const notesOf = ({ told: { told, byItself, untold }, undone }: MadeOfLog): readonly string[] => [
  `${plural(told, 'request')} told, ${byItself} that clients send by themselves`,
  ...[...untold].map(([what, times]) => `not told: ${oneLine(what)}, ${plural(times, 'time')}`),
  ...undone.map(({ act, why }) => `left out: ${oneLine(act)}: ${oneLine(why)}`),
];

const linesMax = 2000;

/** What has to be known beside a log: how many of its entries, each of which is told, were made up, and what was left out of it → how often. */
export type Beside = { readonly madeUp: number; readonly untold: ReadonlyMap<string, number> };
const nothingBeside: Beside = { madeUp: 0, untold: new Map() };

/** What a file says of itself, beside what was done. */
export type Words = {
  readonly title: string;
  readonly about: readonly string[];
  readonly why: string;
  /** Comments at its head, a line each. */
  readonly head: readonly string[];
};
const served: Words = {
  title: 'What clients did at a served homeserver',
  about: ['SPEC'],
  why: 'Made of a log of hearsay serve. Say here what went wrong in it, and change what is expected to what should have come of it.',
  head: [],
};

/** Names of a story are made of those in the log: small letters, digits and hyphens. */
const realNames =
  'Names of rooms, users, devices and servers are those of the recording: replace them before you show this to others.';

/** A server by a name that a cast can have: a port stands before the host, so that two on one host stay two. */
const serverName = (server: string): string => server.replace(/^(.*):(\d+)$/, '$2.$1');

const castOf = ({ users }: Told): JsonObject => {
  const there = users.filter(({ devices }) => devices.length > 0);
  return {
    servers: [...new Set(there.map(({ server }) => serverName(server)))],
    users: Object.fromEntries(
      there.map(({ name, server, devices }) => [
        name,
        {
          server: serverName(server),
          devices: devices.map((one) => (one.isSigned ? one.name : { [one.name]: { 'cross-signed': false } })),
        },
      ]),
    ),
    backup: false,
  };
};

/** A file expects something; where nothing came about that a guarantee is about, that is what it expects. */
const nothingHappened: JsonObject = { 'secret-authenticity': { holds: true, shadow: 'never' } };

const fileOf = (told: Told, { title, about, why }: Words, lines: readonly Line[], expect: JsonObject): JsonObject => ({
  title,
  about,
  why,
  cast: castOf(told),
  story: [...lines.map(({ who, does }) => ({ [who]: does })), { everyone: 'settle' }],
  expect: Object.keys(expect).length === 0 ? nothingHappened : expect,
});
const write = (file: JsonObject): string => stringify(file, { lineWidth: 100, flowCollectionPadding: true });

/** What came of it, as claims: of each guarantee about which anything happened. */
const claimsOf = ({ judgements }: Run): JsonObject =>
  Object.fromEntries(
    judgements.flatMap(({ guarantee, verdict, at, acceptedBy, shadow }) => {
      if (!shadow || verdict === 'unsettled') return [];
      const where = verdict === 'accepted' ? acceptedBy : verdict === 'breaks' ? at : null;
      return [[guarantee, where === null ? verdict : { [verdict]: where }] as const];
    }),
  );

/** More that was left out is counted. */
const leftMost = 20;
/** What could not be told, as comments at the head of the file. */
const headOf = ({ untold }: Told, { head }: Words, undone: readonly { readonly act: string }[]): string =>
  [
    ...head.map((line) => `# ${oneLine(line)}`),
    "# Keys, ids of rooms and events, and what was said are the model's own.",
    ...(untold.size === 0 ? [] : ['# Not told:']),
    ...[...untold].map(([what, times]) => `#   ${oneLine(what)}, ${plural(times, 'time')}`),
    ...(undone.length === 0 ? [] : ['# Left out, as the model cannot do it there:']),
    ...undone.slice(0, leftMost).map(({ act }) => `#   ${oneLine(act)}`),
    ...(undone.length > leftMost ? [`#   and ${plural(undone.length - leftMost, 'more', 'more')}`] : []),
    '',
  ].join('\n');

const parsed = (text: string): Scenario | string => {
  const read = parseScenario(text, 'from-a-log');
  if (read.ok) return read.scenario;
  const [first] = read.errors;
  // Where it stands in a file that is not written helps nobody.
  return first === undefined ? 'it is no scenario' : `${first.message}; expected ${first.expected}`;
};

/**
 * The scenario of a log: the same text for the same log. Its verdicts are those the model comes to now. `ok: false`: nothing of it can be
 * told, or more than a story takes.
 */
export const scenarioOf = (log: Log, words: Words = served, beside: Beside = nothingBeside): FromLog => {
  const read = toldIn(log);
  const told = {
    ...read,
    told: read.told - beside.madeUp,
    untold: new Map([...read.untold, ...[...beside.untold].filter(([, times]) => times > 0)]),
  };
  const { told: requests, byItself } = told;
  const counted = `${plural(requests, 'request')} ${requests === 1 ? 'is' : 'are'} told here; ${byItself} more ${byItself === 1 ? 'is' : 'are'} what clients do by themselves, and the model's do theirs.`;
  return scenarioFrom(told, { ...words, head: [counted, ...words.head, realNames] });
};

/** The same of people and what they did. */
export const scenarioFrom = (told: Told, words: Words): FromLog => {
  if (told.users.every(({ devices }) => devices.length === 0)) return { ok: false, why: 'nobody logs in' };
  if (told.lines.length > linesMax)
    return { ok: false, why: `${told.lines.length} lines are more than a story has, at most ${linesMax}` };
  const undone: { readonly act: string; readonly why: string }[] = [];
  let lines = told.lines;
  for (;;) {
    const scenario = parsed(write(fileOf(told, words, lines, {})));
    if (typeof scenario === 'string') return { ok: false, why: scenario };
    const run = runStory(scenario, { suite: 'symbolic' });
    // What is refused does nothing: what comes after it goes as it would without.
    const refused = run.refused.flatMap(({ refusal, sentence, place }) => {
      const line = refusal === null || place === null ? undefined : lineAt(scenario, place);
      return line === undefined ? [] : [{ line, act: sentence, why: refusal?.reason ?? '' }];
    });
    if (refused.length === 0) {
      const text = `${headOf(told, words, undone)}${write(fileOf(told, words, lines, claimsOf(run)))}`;
      return { ok: true, text, told, undone };
    }
    undone.push(...refused.map(({ act, why }) => ({ act, why })));
    const left = new Set(refused.map(({ line }) => line));
    lines = lines.filter((_, nth) => !left.has(nth));
  }
};

/** Which line of the story stands there. */
const lineAt = ({ places = [] }: Scenario, { line, column }: { readonly line: number; readonly column: number }) => {
  const nth = places.findIndex((all) => all.some((one) => one.line === line && one.column === column));
  return nth < 0 ? undefined : nth;
};
