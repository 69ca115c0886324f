/** A device that plays like a client in use is held to that client, by the table of what was measured of it. */
import { readFileSync } from 'node:fs';
import { getVersions, initAsync } from '@matrix-org/matrix-sdk-crypto-wasm';
import { expect, test } from 'vitest';
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { ledgerClause, ledgerQuestions } from '../../../machines/ledger.ts';
import { PLAYS_LIKE, type Profile, type ProfileItem, profiles, withItem } from '../../../machines/profiles.ts';
import type { DeviceSettings } from '../../../machines/types.ts';
import type { PlayerId, Scenario } from '../../engine/types.ts';
import {
  type ComparedRow,
  type DifferenceKind,
  isCompared,
  type Measured,
  type MeasuredSeats,
  seatName,
} from '../../ledger/clients/measured.ts';
import { runStory } from '../../runs/run.ts';
import { options } from '../../scenario/options.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { olmMachineKind, settingsAt, withProductionNames, withSettings } from './seats.ts';

const read = <T>(file: string): T => JSON.parse(readFileSync(`scenarios/${file}`, 'utf8')) as T;
const { scenarios } = read<Measured>('clients.json');
const { kinds } = read<{ readonly kinds: readonly DifferenceKind[] }>('client-differences.json');
const [profile] = profiles;
if (profile === undefined) throw new Error('there is no profile');

const known = new Map<string, Scenario>();
const scenarioOf = (id: string): Scenario => {
  const before = known.get(id);
  if (before !== undefined) return before;
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  const named = withProductionNames(parsed.scenario);
  known.set(id, named);
  return named;
};

const measuredAt = (id: string, seat: PlayerId): readonly ComparedRow[] => {
  const seats: MeasuredSeats | undefined = scenarios[id];
  const found = seats?.[seat];
  return found?.is === 'played' ? found.rows.filter(isCompared) : [];
};

/** Guarantees of which the model, with these settings in that seat, comes to what the client came to. */
const sameWith = (id: string, seat: PlayerId, changed: (own: DeviceSettings) => DeviceSettings): readonly string[] => {
  const rows = measuredAt(id, seat);
  const guarantees: readonly GuaranteeId[] = rows.map(({ guarantee }) => guarantee);
  const scenario = scenarioOf(id);
  const run = runStory(withSettings(scenario, seat, changed(settingsAt(scenario, seat))), {
    suite: 'symbolic',
    guarantees,
  });
  return rows.flatMap(({ guarantee, real }) => {
    const got = run.judgements.find((one) => one.guarantee === guarantee);
    return got?.verdict === real.verdict && got.at === real.at ? [guarantee] : [];
  });
};
const like =
  ({ name }: Profile) =>
  (own: DeviceSettings): DeviceSettings => ({ ...own, options: { ...own.options, [PLAYS_LIKE]: name } });
const withoutItem =
  ({ items }: Profile, left: ProfileItem) =>
  (own: DeviceSettings): DeviceSettings =>
    items.filter((item) => item !== left).reduce(withItem, own);

test('a profile is named after what the library says of itself, and the client that is measured can play it', async () => {
  await initAsync();
  expect(profile.name).toBe(`matrix-sdk-crypto ${getVersions().matrix_sdk_crypto}`);
  expect(olmMachineKind.playsLike).toEqual(profiles.map(({ name }) => name));
});

test('each of its settings is one that there is', () => {
  const questions = ledgerQuestions.map(({ id }) => id);
  for (const item of profile.items) {
    if (item.sets === 'off') expect(ledgerClause(item.clause)?.id).toBe(item.clause);
    if (item.sets === 'reading') expect(questions).toContain(item.question);
    if (item.sets === 'option') expect(options.has(item.option)).toBe(true);
  }
});

test('each of its settings rests on a verdict that differs without it, and is the client’s with it', () => {
  for (const item of profile.items)
    for (const { scenario, seat, guarantee } of item.evidence) {
      const told = `${JSON.stringify({ ...item, evidence: undefined })}: ${scenario} ${seat} ${guarantee}`;
      expect(measuredAt(scenario, seat).find((row) => row.guarantee === guarantee)?.is, told).toBe('differ');
      expect(sameWith(scenario, seat, like(profile)), told).toContain(guarantee);
      expect(sameWith(scenario, seat, withoutItem(profile, item)), told).not.toContain(guarantee);
    }
});

test('it explains each kind of difference that it rests on in every seat of it, and none that is pending', () => {
  const claimed = new Set(
    profile.items.flatMap(({ evidence }) => evidence.map((one) => seatName(one.scenario, one.seat))),
  );
  const restsOn = kinds.filter(({ seats }) => seats.some((seat) => claimed.has(seat)));
  expect(restsOn.map(({ disclosure }) => disclosure)).not.toContain('pending');
  expect(restsOn.length).toBeGreaterThanOrEqual(profile.items.length);
  for (const { kind, seats } of restsOn)
    for (const named of seats) {
      const [id = '', seat = ''] = named.split(' ');
      const differing = measuredAt(id, seat).filter(({ is }) => is === 'differ');
      const same = sameWith(id, seat, like(profile));
      for (const { guarantee } of differing) expect(same, `${kind}: ${named}`).toContain(guarantee);
    }
});

/** Verdicts that agree with the model’s own device, and not with one that plays like the client; each with the reason. */
const apart: Readonly<Record<string, string>> = {};

test('over the whole table strictly more verdicts are the client’s with it than without, and none is lost', {
  timeout: 300_000,
}, () => {
  const lost: string[] = [];
  let without = 0;
  let withIt = 0;
  for (const [id, seats] of Object.entries(scenarios))
    for (const seat of Object.keys(seats)) {
      const rows = measuredAt(id, seat);
      if (rows.length === 0) continue;
      const same = sameWith(id, seat, like(profile));
      withIt += same.length;
      for (const { guarantee, is } of rows) {
        if (is === 'agree') without += 1;
        if (is === 'agree' && !same.includes(guarantee)) lost.push(`${seatName(id, seat)} ${guarantee}`);
      }
    }
  expect(lost.sort()).toEqual(Object.keys(apart).sort());
  expect(without).toBeGreaterThan(500);
  expect(withIt).toBeGreaterThan(without + 30);
  console.log(`${withIt} verdicts are the client’s with it, ${without} without`);
});
