/** A scenario as the text of a file: what the explorer found, for people to keep and edit. */

import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../machines/json.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { ownerIn } from '../engine/player.ts';
import type { Act, Cast, CastUser, Expectation, Scenario } from '../engine/types.ts';
import { budgetText } from './budget.ts';
import { defaultSettings, hasRooms } from './by-default.ts';
import { refusedText, turnKey } from './written.ts';

const same = (one: Json | undefined, other: Json | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The entries of `record` that `base` does not have. */
const differing = (record: JsonObject, base: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([key, value]) => !same(value, base[key])));

const userOf = ({ server, devices, knows }: CastUser): JsonObject => ({
  server,
  devices: devices.map(({ name, crossSigned }) => (crossSigned ? name : { [name]: { 'cross-signed': false } })),
  ...(knows === undefined ? {} : { knows }),
});

const castOf = ({ cast }: Scenario): JsonObject => ({
  servers: cast.servers,
  users: Object.fromEntries(cast.users.map((user) => [user.name, userOf(user)])),
  ...(cast.attackers.length === 0
    ? {}
    : {
        attackers: Object.fromEntries(
          cast.attackers.map(({ name, plays, of, budget, colludes, skips }) => [
            name,
            {
              plays,
              ...(of === null ? {} : { of }),
              ...(Object.keys(budget).length === 0 ? {} : { budget: budgetText(plays, budget) }),
              ...(colludes.length === 0 ? {} : { colludes }),
              ...(skips === undefined ? {} : { skips }),
            },
          ]),
        ),
      }),
  ...(cast.backup ? {} : { backup: false }),
  ...(cast.rooms === undefined
    ? {}
    : {
        rooms: Object.fromEntries(
          cast.rooms.map(({ name, history, members, joinRule, allow }) => [
            name,
            {
              ...(history === 'shared' ? {} : { history }),
              members,
              ...(joinRule === undefined ? {} : { 'join rule': joinRule }),
              ...(allow === undefined ? {} : { allow }),
            },
          ]),
        ),
      }),
});

/** Settings that differ from `base`, by the words of a file; a device's stand under its name. */
const settingsOf = (scenario: Scenario): JsonObject => {
  const { everyone, byDevice } = scenario.settings;
  const base = defaultSettings(hasRooms(scenario));
  const texts: Record<string, Json | undefined> = { ...differing(everyone.implements, base.implements) };
  const readings: Record<string, Json | undefined> = { ...differing(everyone.readings, {}) };
  const options: Record<string, Json | undefined> = { ...differing(everyone.options, {}) };
  const offByDevice: Record<string, Json> = {};
  if (everyone.identifiers !== base.identifiers) texts.identifiers = everyone.identifiers;
  for (const [player, own] of Object.entries(byDevice)) {
    const ownTexts = {
      ...differing(own.implements, everyone.implements),
      ...(own.identifiers === everyone.identifiers ? {} : { identifiers: own.identifiers }),
    };
    if (Object.keys(ownTexts).length > 0) texts[player] = ownTexts;
    const ownReadings = differing(own.readings, everyone.readings);
    if (Object.keys(ownReadings).length > 0) readings[player] = ownReadings;
    const ownOptions = differing(own.options, everyone.options);
    if (Object.keys(ownOptions).length > 0) options[player] = ownOptions;
    const ownOff = missing(own, everyone).filter((clause) => !skippedBy(scenario.cast, player).includes(clause));
    if (ownOff.length > 0) offByDevice[player] = ownOff;
  }
  const off =
    Object.keys(offByDevice).length === 0
      ? everyone.off
      : { ...(everyone.off.length === 0 ? {} : { everyone: everyone.off }), ...offByDevice };
  const parts: JsonObject = { implements: texts, off, readings, options };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys((part ?? {}) as object).length > 0));
};
/** What a device has off because its client is sloppy: that stands in the cast. */
const skippedBy = ({ attackers }: Cast, player: string): readonly string[] =>
  attackers.flatMap(({ of, skips = [] }) => (of === player || of === ownerIn(player) ? skips : []));
const missing = (own: DeviceSettings, everyone: DeviceSettings): readonly string[] =>
  own.off.filter((clause) => !everyone.off.includes(clause));

export const lineOf = ({ who, verb, args, refused }: Act): JsonObject => {
  const more = refused === undefined ? args : { ...args, refused: refusedText(refused) };
  return { [who]: Object.keys(more).length === 0 ? verb : args[verb] === undefined ? { [verb]: null, ...more } : more };
};

const claimOf = ({ verdict, at, by, of, shadow }: Expectation): Json => {
  const where = verdict === 'accepted' ? by : at;
  if (shadow === 'happens' && of === undefined && where === null) return verdict;
  return {
    [verdict]: where ?? true,
    ...(of === undefined ? {} : { of }),
    ...(shadow === 'never' ? { shadow } : {}),
  };
};
/** Several claims of one guarantee, each about another secret, are a list. */
const claims = (expectations: readonly Expectation[]): JsonObject =>
  Object.fromEntries(
    [...Map.groupBy(expectations, ({ guarantee }) => guarantee)].map(([guarantee, all]) => {
      const [first, ...more] = all.map(claimOf);
      return [guarantee, first !== undefined && more.length === 0 ? first : all.map(claimOf)];
    }),
  );

/** The scenario as YAML that reads back as the same scenario. */
export const printScenario = (scenario: Scenario): string => {
  const settings = settingsOf(scenario);
  const { explore } = scenario;
  const file: JsonObject = {
    title: scenario.title,
    about: scenario.about,
    ...(scenario.refs === undefined ? {} : { refs: scenario.refs }),
    ...(scenario.threads === undefined ? {} : { threads: scenario.threads }),
    why: scenario.why,
    cast: castOf(scenario),
    ...(Object.keys(settings).length === 0 ? {} : { dials: settings }),
    ...(Object.keys(scenario.faults).length === 0 ? {} : { faults: scenario.faults }),
    ...(scenario.story.length === 0 && explore !== null
      ? {}
      : {
          story: scenario.story.map((line) =>
            line.length === 1 && line[0] !== undefined ? lineOf(line[0]) : line.map(lineOf),
          ),
        }),
    ...(explore === null
      ? {}
      : {
          explore: {
            ...(explore.storyFirst === true ? { 'story first': true } : {}),
            acts: explore.acts.map(({ act, times }) => {
              const [[who, what] = ['', null]] = Object.entries(lineOf(act));
              const verb = typeof what === 'string' ? { [what]: null } : (what as JsonObject);
              return times === 1 ? lineOf(act) : { [who]: { ...verb, times } };
            }),
            ...(Object.keys(explore.faults).length === 0 ? {} : { faults: explore.faults }),
            until: explore.until,
          },
        }),
    ...(scenario.expect.length === 0 ? {} : { expect: claims(scenario.expect) }),
    ...(scenario.without.length === 0
      ? {}
      : {
          without: Object.fromEntries(
            scenario.without.map(({ turns, expect }) => [turns.map(turnKey).join(' + '), claims(expect)]),
          ),
        }),
  };
  return `# yaml-language-server: $schema=../schema.json\n${stringify(file, { lineWidth: 100, flowCollectionPadding: true })}`;
};
