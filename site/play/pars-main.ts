/** Writes what the explorer finds of each level. `node site/play/pars-main.ts` */
import { readFileSync, writeFileSync } from 'node:fs';
import { errorLine, parseScenario } from '../../sim/scenario/parse.ts';
import { levels } from './levels.ts';
import { parOf } from './pars.ts';

const scenarioOf = (id: string) => {
  const file = `scenarios/${id}.yaml`;
  const parsed = parseScenario(readFileSync(file, 'utf8'), id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(file, error)).join('\n'));
  return parsed.scenario;
};

const pars = Object.fromEntries(levels.map((level) => [level.id, parOf(level, scenarioOf(level.ground))]));
writeFileSync('site/play/pars.json', `${JSON.stringify(pars, null, 2)}\n`);
