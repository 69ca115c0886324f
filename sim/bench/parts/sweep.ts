/** A sweep by two processes beside one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Part, rounds } from '../measure.ts';
import { hearsay } from '../processes.ts';

const what = 'secret-push/ as it is written';

export const sweep: Part = {
  name: 'sweep',
  title: 'A sweep',
  async *measure({ isLong, runs }) {
    if (availableParallelism() < 2) {
      yield { what, why: 'there is one processor only' };
      return;
    }
    // Enough to do that it counts for more than the beginning of each process.
    const seeds = isLong ? 40 : 12;
    const where = mkdtempSync(join(tmpdir(), 'hearsay-sweep-'));
    try {
      const file = join(where, 'sweep.yaml');
      writeFileSync(file, `scenarios: [secret-push/]\nseeds: ${seeds}\n`);
      const done = (workers: number): { readonly ms: number; readonly report: string } => {
        const out = join(where, `${workers}.json`);
        const { ms } = hearsay('sweep', file, '--workers', `${workers}`, '--out', out);
        return { ms, report: readFileSync(out, 'utf8') };
      };
      const pairs = await rounds(runs(1, 3), () => {
        const [two, one] = [done(2), done(1)];
        if (two.report !== one.report) throw new Error('two processes come to another report than one');
        return { ours: two.ms, other: one.ms };
      });
      yield { what: `${what}, under ${seeds} seeds`, ours: '--workers 2', other: '--workers 1', unit: 'ms', pairs };
    } finally {
      rmSync(where, { recursive: true });
    }
  },
};
