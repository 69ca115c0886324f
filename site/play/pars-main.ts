/** Writes what the explorer finds of levels and defences. `node site/play/pars-main.ts` */
import { readFileSync, writeFileSync } from 'node:fs';
import { errorLine, parseScenario } from '../../sim/scenario/parse.ts';
import { standOf } from './answers.ts';
import { levels } from './levels.ts';
import { parOf } from './pars.ts';
import { defences } from './puzzles.ts';
import { setsOf } from './sets.ts';

const scenarioOf = (id: string) => {
  const file = `scenarios/${id}.yaml`;
  const parsed = parseScenario(readFileSync(file, 'utf8'), id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(file, error)).join('\n'));
  return parsed.scenario;
};
const write = (file: string, value: unknown): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

write(
  'site/play/pars.json',
  Object.fromEntries(levels.map((level) => [level.id, parOf(level, scenarioOf(level.ground))])),
);
write(
  'site/play/stands.json',
  Object.fromEntries(
    defences.map((defence) => {
      const scenario = scenarioOf(defence.ground);
      return [defence.id, setsOf(defence.clauses).map((on) => standOf(defence, scenario, on))];
    }),
  ),
);
