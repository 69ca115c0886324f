import { expect, it } from 'vitest';
import { roles } from '../attackers/roles/index.ts';
import { faultVerbs, linkFaultVerbs } from '../engine/choices.ts';
import { acts } from '../verbs/acts.ts';
import { faults, verbs } from './verbs.ts';

it('knows of each verb both who may act it and what it does', () => {
  const accidents = Object.values({ ...faultVerbs, ...linkFaultVerbs });
  const known = new Set(verbs.map(({ verb }) => verb));
  for (const verb of known) expect(Object.keys(acts)).toContain(verb);
  for (const verb of Object.keys(acts)) expect([...known, ...accidents]).toContain(verb);
});

it('knows of each accident both its name and what it does', () => {
  expect([...faults.keys()].sort()).toEqual(Object.keys({ ...faultVerbs, ...linkFaultVerbs }).sort());
});

it('gives each verb to actors there are, and to each actor once', () => {
  const known = ['device', 'person', 'server', 'everyone', ...roles.map(({ plays }) => plays)];
  const given = verbs.flatMap(({ verb, by }) => by.map((actor) => `${actor}: ${verb}`));
  expect(new Set(given).size).toBe(given.length);
  for (const { by } of verbs) for (const actor of by) expect(known).toContain(actor);
});
