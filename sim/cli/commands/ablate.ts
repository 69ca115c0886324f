import { writeFileSync } from 'node:fs';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import { baseline, type Row, switchable, ablate as switchOff } from '../../explorer/ablate.ts';
import { nearest } from '../../scenario/nearest.ts';
import { type Command, textFlag } from '../command.ts';
import { dim, Mistake, print, progress, red } from '../terminal.ts';

const line = ({ clauses, missed, unsettled }: Row): string => {
  const hurt = missed
    .map(
      ({ guarantee, steps, attacker, arena }) =>
        `${red(guarantee)} in ${steps} (${attacker ?? 'nobody attacks'}, ${arena.replace('arena/', '')})`,
    )
    .join(', ');
  return `${clauses.join(' + ')}: ${hurt === '' ? dim('nobody misses it in these arenas') : hurt}${unsettled.length === 0 ? '' : dim(` (unsettled: ${unsettled.join(', ')})`)}`;
};

export const ablate: Command = {
  usage: 'ablate [clause …] [--json] [--out FILE]',
  text: 'Switches clauses off in turn: which promise breaks, by which shortest way, and what the weakest attacker has to have for it.',
  flags: {
    json: { type: 'boolean', text: 'the rows as JSON' },
    out: { type: 'string', value: 'FILE', text: 'the rows as JSON, to a file' },
  },
  run: (given) => {
    for (const word of given.words)
      if (!switchable.includes(word)) {
        const near = nearest(word, switchable);
        throw new Mistake(`no clause “${word}” can be switched off${near === null ? '' : `: did you mean ${near}?`}`);
      }
    const suite = makeSymbolicSuite('1');
    progress('every clause in force');
    const before = baseline(suite);
    const rows: Row[] = [];
    for (const clause of given.words.length === 0 ? switchable : given.words) {
      progress(`${clause} off`);
      const row = switchOff(suite, [clause], before);
      rows.push(row);
      progress('');
      if (given.flags.json !== true) print(line(row));
    }
    const text = `${JSON.stringify(rows, null, 1)}\n`;
    const out = textFlag(given, 'out');
    if (out !== undefined) writeFileSync(out, text);
    if (given.flags.json === true) print(text.trimEnd());
    return 0;
  },
};
