import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unplaced } from '../engine/testing.ts';
import { parseScenario } from './parse.ts';
import { printScenario } from './print.ts';

it.each(globSync('scenarios/**/*.yaml').sort())('%s reads back as the same scenario when it is printed', (file) => {
  const id = file.slice('scenarios/'.length, -'.yaml'.length);
  const parsed = parseScenario(readFileSync(file, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${file} does not parse`);
  const again = parseScenario(printScenario(parsed.scenario), id);
  expect(again.ok && unplaced(again.scenario)).toEqual(unplaced(parsed.scenario));
});
