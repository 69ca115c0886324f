/** Makes a scenario that fails as small as it can be made: whatever it fails without is left out. */
import { isObject } from '../../machines/json.ts';
import type { Cast, Scenario } from '../engine/types.ts';
import { defaultSettings } from '../scenario/by-default.ts';
import { withSkips } from '../scenario/settings.ts';
import { fewest } from './part.ts';

type Fails<T> = (smaller: T) => boolean;

/** Parts of a scenario any member of which may be missing, and members that may be missing of any part. */
const records: readonly string[] = ['byDevice', 'implements', 'readings', 'options', 'faults', 'args', 'budget'];
const optional: readonly string[] = ['rooms', 'skips', 'refused'];

/** A value of which every list, and every such record, has what it fails by and no more, from the outside in. `name`: the member it is. */
const cut = (value: unknown, fails: Fails<unknown>, name = ''): unknown => {
  if (Array.isArray(value)) {
    const few: readonly unknown[] = fewest(value, fails);
    return few.reduce<readonly unknown[]>(
      (now, one, nth) =>
        now.with(
          nth,
          cut(one, (smaller) => fails(now.with(nth, smaller))),
        ),
      few,
    );
  }
  if (!isObject(value)) return value;
  const mayGo = (key: string): boolean => records.includes(name) || optional.includes(key);
  const having = (kept: readonly string[]): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !mayGo(key) || kept.includes(key)));
  const few = having(fewest(Object.keys(value).filter(mayGo), (kept) => fails(having(kept))));
  let now = few;
  for (const [key, one] of Object.entries(few)) {
    const others = now;
    now = { ...others, [key]: cut(one, (smaller) => fails({ ...others, [key]: smaller }), key) };
  }
  return now;
};

const withCast = (scenario: Scenario, cast: Partial<Cast>): Scenario => ({
  ...scenario,
  cast: { ...scenario.cast, ...cast },
});

/** What is no smaller, and plainer. */
const plainer: readonly ((scenario: Scenario) => Scenario)[] = [
  (now) => ({ ...now, why: 'Nobody knows' }),
  (now) => withCast(now, { backup: true }),
  (now) => {
    const [first = ''] = now.cast.servers;
    return withCast(now, { servers: [first], users: now.cast.users.map((user) => ({ ...user, server: first })) });
  },
  (now) => ({ ...now, settings: withSkips({ everyone: now.settings.everyone, byDevice: {} }, now.cast) }),
  (now) => {
    const made = now.story.flat().some(({ verb }) => verb === 'create room');
    const everyone = defaultSettings(made || (now.cast.rooms ?? []).length > 0);
    return { ...now, settings: withSkips({ everyone, byDevice: {} }, now.cast) };
  },
];

/** One part of a scenario may be what keeps another: after this many rounds nothing more is left out in all likelihood. */
const roundsMax = 3;

/** The smallest that still fails, or the very same scenario. `fails` throws for none. */
export const shrunkScenario = (scenario: Scenario, fails: Fails<Scenario>): Scenario => {
  let now = scenario;
  for (let round = 0; round < roundsMax; round += 1) {
    const before = JSON.stringify(now);
    now = plainer.reduce((smaller, change) => (fails(change(smaller)) ? change(smaller) : smaller), now);
    now = cut(now, (smaller) => fails(smaller as Scenario)) as Scenario;
    if (JSON.stringify(now) === before) break;
  }
  return now;
};
