/** A scenario file: text in, a scenario or all that is wrong with it out. */

import type { Scenario } from '../engine/types.ts';
import { defaultSettings } from './by-default.ts';
import { noCast, readCast } from './cast.ts';
import { readExpect, readWithout } from './expect.ts';
import { interactions } from './interactions.ts';
import { proposals } from './ledger.ts';
import { asMapping, asNamesOf, asText, fieldsOf, type Report } from './reader.ts';
import { secretsNamed } from './secret-names.ts';
import { readSettings, withSkips } from './settings.ts';
import { oneLine } from './showing.ts';
import { actorsOf, namesOf, readExplore, readFaults, readStory } from './story.ts';
import { readThreads } from './threads.ts';
import { turnableIn } from './turns.ts';
import { type Offset, type ReadYaml, readYaml } from './yaml.ts';

/** What is wrong at one place (1-based), what would be right, and the known name nearest to the one found. */
export type ScenarioError = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  readonly nearest: string | null;
};

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly errors: readonly ScenarioError[] };

/** More errors than these help nobody. */
const errorsMax = 50;

/** Fields of a file, in the order they are written. */
export const sections = {
  title: 'needed',
  about: 'needed',
  refs: 'optional',
  threads: 'optional',
  why: 'needed',
  cast: 'needed',
  dials: 'optional',
  faults: 'optional',
  story: 'optional',
  explore: 'optional',
  expect: 'needed',
  without: 'optional',
} as const;

/**
 * Reads a scenario. `id` is its path below `scenarios/` without ending. Text is hostile input: this never throws, and
 * all errors of a file come together, sorted by place.
 */
export const parseScenario = (text: string, id: string): ParsedScenario => {
  const { tree, faults, placeOf } = readYaml(text);
  const found: { readonly at: Offset; readonly error: Omit<ScenarioError, 'line' | 'column'> }[] = faults.map(
    ({ at, message, expected }) => ({ at, error: { message, expected, nearest: null } }),
  );
  const report: Report = (at, message, expected, nearest = null) =>
    void found.push({ at, error: { message, expected, nearest } });
  // What broken YAML seems to say is not worth a second complaint.
  const scenario =
    faults.length > 0
      ? null
      : readScenario(report, tree ?? { is: 'scalar', at: 0, value: null, text: '' }, id, placeOf);
  if (found.length === 0 && scenario !== null) return { ok: true, scenario };
  const sorted = found.toSorted((one, other) => one.at - other.at).slice(0, errorsMax);
  return { ok: false, errors: sorted.map(({ at, error }) => ({ ...placeOf(at), ...error })) };
};

const readScenario = (
  report: Report,
  tree: Parameters<typeof asMapping>[1],
  id: string,
  placeOf: ReadYaml['placeOf'],
): Scenario | null => {
  const mapping = asMapping(report, tree, 'a scenario: title, about, why, cast, story, expect');
  if (mapping === null) return null;
  const fields = fieldsOf(report, mapping, 'a scenario', sections);
  if (fields.story === undefined && fields.explore === undefined)
    report(mapping.at, 'a scenario has neither “story” nor “explore”', 'story: a list of lines');
  const cast = fields.cast ? readCast(report, fields.cast.value) : noCast;
  const names = namesOf(cast, [fields.story?.value, fields.explore?.value]);
  const base = defaultSettings(names.rooms.size > 0);
  const lines = fields.story ? readStory(report, names, fields.story.value) : [];
  const players = [...new Set([...names.devices, ...actorsOf(names)])].filter((name) => name !== 'everyone');
  const explore = fields.explore ? readExplore(report, names, fields.explore.value) : null;
  const acts = [...lines.flat(), ...(explore?.acts ?? [])].map(({ act }) => act);
  const story = lines.map((line) => line.map(({ act }) => act));
  const named = { players, secrets: secretsNamed(acts) };
  return {
    id,
    title: (fields.title && asText(report, fields.title.value, 'a claim, as one sentence', 160)) ?? '',
    about: fields.about
      ? asNamesOf(report, fields.about.value, 'a list of proposals, as in [MSC4385]', 'a proposal', proposals.keys())
      : [],
    ...(fields.refs === undefined
      ? {}
      : {
          refs: asNamesOf(
            report,
            fields.refs.value,
            'a list of interactions of the ledger, as in [i03]',
            'an interaction of the ledger',
            interactions.keys(),
          ),
        }),
    ...(fields.threads === undefined ? {} : { threads: readThreads(report, fields.threads.value) }),
    why: (fields.why && asText(report, fields.why.value, 'why it matters, in a sentence or two')) ?? '',
    cast,
    settings: withSkips(
      fields.dials ? readSettings(report, fields.dials.value, names.devices, base) : { everyone: base, byDevice: {} },
      cast,
    ),
    faults: fields.faults ? readFaults(report, fields.faults.value) : {},
    story,
    places: lines.map((line) => line.map(({ at }) => placeOf(at))),
    explore,
    expect: fields.expect ? readExpect(report, fields.expect.value, named) : [],
    without: fields.without
      ? readWithout(report, fields.without.value, turnableIn({ cast, story, explore }), named)
      : [],
  };
};

/** An error as people read it: `file:3:7 “frobnicate” is not a verb of a device (did you mean “…”?)`. */
export const errorLine = (file: string, { line, column, message, expected, nearest }: ScenarioError): string =>
  oneLine(
    `${file}:${line}:${column} ${message}; ${nearest === null ? `expected ${expected}` : `did you mean “${nearest}”?`}`,
  );
