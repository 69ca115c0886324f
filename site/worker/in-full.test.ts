/** A run judged in full says of what nobody asks about as well; one that is not says nothing of it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { htmlOf } from '../views/html.ts';
import { fork } from './answers/fork.ts';
import { run } from './answers/run.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
if (!parsed.ok) throw new Error(`${id} is no scenario`);
const asked = {
  scenario: parsed.scenario,
  turns: [{ turn: 'off', clause: '1219-confirm-new-version' }],
  form: null,
} as const;

it('names what breaks besides the guarantees in question, where all are judged', async () => {
  const full = await run({ ...asked, inFull: true });
  expect(full).toMatchObject({
    is: 'run',
    changes: [],
    besides: [{ name: guaranteeWords('consent-awareness'), verdict: 'breaks' }],
  });
  const usual = await run(asked);
  expect(usual).toMatchObject({ is: 'run', changes: [], besides: [] });
  const judged = (one: typeof full) => (one.is === 'run' ? one.judgements.map(({ guarantee }) => guarantee) : []);
  expect(judged(full)).toEqual(judged(usual));
});

it('says beside the run as written that all that is asked about holds, and not that every guarantee does', async () => {
  const html = (await fork(asked)).map(htmlOf).join('');
  expect(html).toContain('All that is asked about');
  expect(html).not.toContain('Every guarantee');
});
