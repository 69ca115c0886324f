import { expect, it } from 'vitest';
import { acts } from '../acts.ts';
import { roles } from './plays.ts';
import { verbs } from './verbs.ts';

it('knows of each verb both who may act it and what it does', () => {
  expect([...new Set(verbs.map(({ verb }) => verb))].sort()).toEqual(Object.keys(acts).sort());
});

it('gives each verb to actors there are, and to each actor once', () => {
  const known = ['device', 'person', 'server', 'everyone', ...roles.map(({ plays }) => plays)];
  const given = verbs.flatMap(({ verb, by }) => by.map((actor) => `${actor}: ${verb}`));
  expect(new Set(given).size).toBe(given.length);
  for (const { by } of verbs) for (const actor of by) expect(known).toContain(actor);
});
