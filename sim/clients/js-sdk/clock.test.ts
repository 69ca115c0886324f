/** Timers in virtual time, tried in a process of its own, as they replace those of a whole thread. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const clock = pathToFileURL('sim/clients/js-sdk/clock.ts').href;
const chance = pathToFileURL('sim/clients/seat/chance.ts').href;
/** What a program prints that has a `clock` and a list `said`, as JSON. */
const said = (program: string): unknown => {
  const source = `
    import { replaceChance, beginMs } from ${JSON.stringify(chance)};
    import { replaceTimers } from ${JSON.stringify(clock)};
    const clock = replaceTimers(replaceChance('1'));
    const said = [];
    const note = (what) => said.push([what, new Date().getTime() - beginMs]);
    ${program}
    process.stdout.write(JSON.stringify(said));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

test('timers go off in their order, each at its time, and nobody waits for it; what takes longer than a turn is left', () => {
  const program = `
    clock.tell(1000);
    setTimeout(note, 30_000, 'late');
    setTimeout(() => { note('early'); setTimeout(note, 5, 'after it'); }, 10_000);
    clearTimeout(setTimeout(note, 20_000, 'never'));
    setTimeout(note, 60_000, 'in another turn');
    await clock.rest(() => false);
    note('at rest');
    clock.tell(50_000);
    await clock.rest(() => false);`;
  expect(said(program)).toEqual([
    ['early', 11_000],
    ['after it', 11_005],
    ['late', 31_000],
    ['at rest', 31_000],
    ['in another turn', 61_000],
  ]);
});

test('no timer goes off while somebody outside is waited for, and what the thread pool computes is not at rest', () => {
  const program = `
    let isWaiting = false;
    crypto.subtle.digest('SHA-256', new Uint8Array(8)).then(() => { note('computed'); isWaiting = true; });
    setTimeout(note, 1000, 'timer');
    await clock.rest(() => isWaiting);
    note('waits');
    isWaiting = false;
    await clock.rest(() => isWaiting);`;
  expect(said(program)).toEqual([
    ['computed', 0],
    ['waits', 0],
    ['timer', 1000],
  ]);
});
