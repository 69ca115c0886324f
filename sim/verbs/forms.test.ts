/** The register of verbs. */
import { expect, it } from 'vitest';
import { roles } from '../attackers/roles/index.ts';
import { accidents, forms, formsNamed } from './forms.ts';
import { verbs } from './index.ts';

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

it('has every verb that a file of this folder exports', () => {
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
  for (const { file, name, value } of exported)
    expect([file, name, verbs.some((one) => one === value)]).toEqual([file, name, true]);
});
