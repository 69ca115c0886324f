import { readFileSync } from 'node:fs';
import { parseScenario } from './sim/scenario/parse.ts';
import { playWith } from './sim/clients/seat/played.ts';
import { olmMachine } from './sim/clients/seat/threads.ts';
import { runStory } from './sim/runs/run.ts';
const [id, seat] = process.argv.slice(2);
const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id!);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
const everyone = { ...parsed.scenario.settings.everyone, identifiers: 'production' as const };
const scenario = { ...parsed.scenario, settings: { ...parsed.scenario.settings, everyone } };
const t = performance.now();
const model = runStory(scenario, { suite: 'symbolic' });
const t2 = performance.now();
const real = playWith(scenario, seat!, olmMachine);
console.log('model', (t2-t)|0, 'real', (performance.now()-t2)|0, 'ms', JSON.stringify(real.notes, null, 1), real.hello?.version);
for (const e of scenario.expect) {
  const of = (run: typeof model) => { const j = run.judgements.find((one) => one.guarantee === e.guarantee); return `${j?.verdict}/${j?.shadow}/${j?.at}/${j?.why}`; };
  console.log(e.guarantee, '\n   model', of(model), '\n   real ', of(real.run));
}
if (process.argv[4]) for (const step of real.run.steps) { console.log('#', step.choice.sentence); for (const m of step.moments) if (JSON.stringify(m).includes(seat!)) console.log('   ', JSON.stringify(m).slice(0, +process.argv[4])); }
console.log(real.run.refused.map((r) => r.sentence + ' -> ' + JSON.stringify(r.refusal)));
