/** What devices implement and how: for everyone, and by device. */

import type { Json } from '../../machines/json.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { ownerIn } from '../engine/player.ts';
import type { Cast, CastSettings, PlayerId } from '../engine/types.ts';
import { clauses, proposals, questions } from './ledger.ts';
import { identifierForms, type OptionKind, options } from './options.ts';
import {
  asCount,
  asList,
  asMapping,
  asNameOf,
  asNamesOf,
  asSwitch,
  asWord,
  fieldsOf,
  knows,
  may,
  type Report,
} from './reader.ts';
import type { Entry, Tree } from './yaml.ts';

/** What one place of a file changes. */
type Change = {
  readonly implements?: Readonly<Record<string, string>>;
  readonly identifiers?: DeviceSettings['identifiers'];
  readonly off?: readonly string[];
  readonly readings?: Readonly<Record<string, 'A' | 'B'>>;
  readonly options?: Readonly<Record<string, Json>>;
};
const everyone = 'everyone';
type Changed = readonly (readonly [PlayerId | typeof everyone, Change])[];

const changed = (before: DeviceSettings, { off, ...change }: Change): DeviceSettings => ({
  implements: { ...before.implements, ...change.implements },
  identifiers: change.identifiers ?? before.identifiers,
  off: [...new Set([...before.off, ...(off ?? [])])].sort(),
  readings: { ...before.readings, ...change.readings },
  options: { ...before.options, ...change.options },
});

const noneOr = (proposal: string): readonly string[] => [...(proposals.get(proposal)?.keys() ?? []), 'none'];

const readIdentifiers = (report: Report, tree: Tree): Change => {
  const form = asNameOf(report, tree, 'a form of identifiers', identifierForms);
  return form === null ? {} : { identifiers: form as DeviceSettings['identifiers'] };
};

/** Entries that each turn one thing; an entry whose key is a device holds such entries for that device. */
const readByDevice = (
  report: Report,
  tree: Tree,
  what: string,
  devices: readonly PlayerId[],
  known: Iterable<string>,
  one: (entry: Entry) => Change,
): Changed => {
  const names = [...known];
  return (asMapping(report, tree, what)?.entries ?? []).flatMap((entry): Changed => {
    if (entry.key !== everyone && !devices.includes(entry.key)) {
      // Nothing that is turned has a dot in its name, and every device has.
      if (entry.key.includes('.')) {
        knows(report, entry.at, entry.key, 'a device of the cast', devices);
        return [];
      }
      return knows(report, entry.at, entry.key, what, names) ? [[everyone, one(entry)]] : [];
    }
    return (asMapping(report, entry.value, what)?.entries ?? []).flatMap(
      (inner): Changed => (knows(report, inner.at, inner.key, what, names) ? [[entry.key, one(inner)]] : []),
    );
  });
};

/** A value for everyone, or a mapping of device (or `everyone`) to such a value. */
const readValueByDevice = (
  report: Report,
  tree: Tree,
  devices: readonly PlayerId[],
  one: (tree: Tree) => Change,
): Changed =>
  tree.is !== 'mapping'
    ? [[everyone, one(tree)]]
    : tree.entries.flatMap(
        ({ key, at, value }): Changed =>
          knows(report, at, key, 'a device of the cast', [everyone, ...devices]) ? [[key, one(value)]] : [],
      );

const readOption = (report: Report, kind: OptionKind, tree: Tree): Json => {
  switch (kind.is) {
    case 'switch':
      return asSwitch(report, tree);
    case 'one of':
      return asNameOf(report, tree, 'a value of this option', kind.words);
    case 'count':
      return asCount(report, tree, kind.max);
    case 'words':
      return asList(report, tree, `a list of ${kind.what}`).flatMap((item) => asWord(report, item, kind.what) ?? []);
  }
};

/** Reads `dials:`. `devices` are the names a device's own settings may stand under; `base` is what they turn. */
export const readSettings = (
  report: Report,
  tree: Tree,
  devices: readonly PlayerId[],
  base: DeviceSettings,
): CastSettings => {
  const byName = (tree: Tree, what: string, known: Iterable<string>, one: (entry: Entry) => Change): Changed =>
    readByDevice(report, tree, what, devices, known, one);
  const readers = {
    implements: (tree: Tree) =>
      byName(tree, 'a proposal', [...proposals.keys(), 'identifiers'], ({ key, value }) => {
        if (key === 'identifiers') return readIdentifiers(report, value);
        const revision = asNameOf(report, value, `a revision of ${key}`, noneOr(key));
        return revision === null ? {} : { implements: { [key]: revision } };
      }),
    identifiers: (tree: Tree) => readValueByDevice(report, tree, devices, (value) => readIdentifiers(report, value)),
    off: (tree: Tree) =>
      readValueByDevice(report, tree, devices, (value) => ({
        off: asNamesOf(report, value, 'a list of clauses', 'a clause', clauses.keys()),
      })),
    readings: (tree: Tree) =>
      byName(tree, 'a question', questions.keys(), ({ key, value }) => {
        const reading = asNameOf(report, value, 'a reading', ['A', 'B']);
        return reading === null ? {} : { readings: { [key]: reading as 'A' | 'B' } };
      }),
    options: (tree: Tree) =>
      byName(tree, 'an option', options.keys(), ({ key, value }) => {
        const option = options.get(key);
        const read = option === undefined ? null : readOption(report, option.kind, value);
        return read === null ? {} : { options: { [key]: read } };
      }),
  };
  const names = Object.keys(readers) as (keyof typeof readers)[];
  const mapping = asMapping(report, tree, 'dials: implements, off, readings, options');
  const fields = mapping === null ? {} : fieldsOf(report, mapping, 'the settings', may(...names));
  const changes = names.flatMap((name) => (fields[name] === undefined ? [] : readers[name](fields[name].value)));
  return resolved(changes, base);
};

/** The settings with what sloppy clients skip off at their devices. */
export const withSkips = (settings: CastSettings, { users, attackers }: Cast): CastSettings => {
  const devices = users.flatMap((user) => user.devices.map(({ name }) => `${user.name}.${name}`));
  const skipped = devices.flatMap((player) => {
    const off = attackers.flatMap(({ of, skips = [] }) => (of === player || of === ownerIn(player) ? skips : []));
    return off.length === 0
      ? []
      : [[player, changed(settings.byDevice[player] ?? settings.everyone, { off })] as const];
  });
  return { ...settings, byDevice: { ...settings.byDevice, ...Object.fromEntries(skipped) } };
};

const resolved = (changes: Changed, base: DeviceSettings): CastSettings => {
  const turn = (before: DeviceSettings, who: string) =>
    changes.filter(([whose]) => whose === who).reduce((settings, [, change]) => changed(settings, change), before);
  const all = turn(base, everyone);
  const own = [...new Set(changes.map(([who]) => who))].filter((who) => who !== everyone);
  return { everyone: all, byDevice: Object.fromEntries(own.map((who) => [who, turn(all, who)])) };
};
