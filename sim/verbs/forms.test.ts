/** The registers of verbs. */
import { expect, it } from 'vitest';
import { roles } from '../attackers/roles/index.ts';
import { attackerVerbs } from './attackers/index.ts';
import { accidents, forms, formsNamed, wholeLexicon } from './forms.ts';
import { verbs as usualVerbs } from './index.ts';
import { usual } from './usual.ts';

const verbs = [...usualVerbs, ...attackerVerbs];

it('has each verb once', () => {
  const names = verbs.map(([form]) => form?.verb);
  expect(new Set(names).size).toBe(names.length);
});

it('has nothing that nobody does, neither somebody nor by accident', () => {
  for (const { verb, by, accident } of verbs.flat())
    expect([verb, by.length > 0 || accident !== undefined]).toEqual([verb, true]);
  expect(new Set(accidents.map(({ name }) => name)).size).toBe(accidents.length);
  for (const { ends } of accidents) if (ends !== undefined) expect(formsNamed(ends)).toHaveLength(1);
});

it('gives each verb to actors there are, and to each actor once', () => {
  const known = ['device', 'person', 'server', 'everyone', ...roles.map(({ plays }) => plays)];
  const given = forms.flatMap(({ verb, by }) => by.map((actor) => `${actor}: ${verb}`));
  expect(new Set(given).size).toBe(given.length);
  for (const { by } of forms) for (const actor of by) expect(known).toContain(actor);
});

it('says of a verb in all its forms the same kind of each argument', () => {
  for (const all of Map.groupBy(forms, ({ verb }) => verb).values()) {
    const kinds = new Map<string, string>();
    for (const { verb, takes, more } of all)
      for (const [name, arg] of [...(takes === null ? [] : [[verb, takes] as const]), ...Object.entries(more)]) {
        expect([name, kinds.get(name) ?? arg.is]).toEqual([name, arg.is]);
        kinds.set(name, arg.is);
      }
  }
});

it('has every verb that a file of this folder exports, those of its attackers in their own register', () => {
  const files = import.meta.glob<Readonly<Record<string, unknown>>>(
    ['./**/*.ts', '!./**/*.test.ts', '!./{index,forms}.ts'],
    {
      eager: true,
    },
  );
  const isVerb = (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && 'does' in one);
  const exported = Object.entries(files).flatMap(([file, all]) =>
    Object.entries(all).flatMap(([name, value]) => (isVerb(value) ? [{ file, name, value }] : [])),
  );
  expect(exported.length).toBeGreaterThan(40);
  const missing = exported.filter(({ file, value }) => {
    const register: readonly unknown[] = file.startsWith('./attackers/') ? attackerVerbs : usualVerbs;
    return !register.includes(value);
  });
  expect(missing.map(({ file, name }) => `${file} ${name}`)).toEqual([]);
});

it('gives verbs of attackers’ own to nobody else, and has none of them go wrong by itself, lay trouble or update a client', () => {
  const played = new Set(roles.map(({ plays }) => plays));
  for (const { verb, by, accident, laid, updates } of attackerVerbs.flat()) {
    expect([verb, by.filter((actor) => !played.has(actor))]).toEqual([verb, []]);
    expect([verb, accident, laid, updates]).toEqual([verb, undefined, undefined, undefined]);
  }
});

it('knows without them all that goes wrong, and every device that somebody logs in', () => {
  expect(usual.accidents).toEqual(wholeLexicon.accidents);
  expect(verbs.flat().filter(({ verb }) => usual.isFault(verb) !== wholeLexicon.isFault(verb))).toEqual([]);
  const bringing = ({ forms: all }: typeof usual) =>
    all.flatMap(({ verb, by, takes }) => (takes?.is === 'new device' && by.includes('person') ? [verb] : []));
  expect(bringing(usual)).toEqual(bringing(wholeLexicon));
  expect(bringing(usual)).toContain('log in as');
});
