/** From a question's source to its verdict: a cold command of ours beside SPIN. */
import { median, type Part, rounds } from '../measure.ts';
import { askHearsay, askSpin, howToInstall, spinHere } from '../spin.ts';
import { questions, toldQuestion } from '../spin-questions.ts';

const msOf = (all: readonly number[]): string => `${Math.round(median(all))} ms`;

export const spin: Part = {
  name: 'spin',
  title: 'From the source of a question to its verdict',
  async *measure({ runs }) {
    const tools = spinHere();
    if (tools === null) {
      yield { what: 'the explorer beside SPIN', why: `SPIN or gcc is not installed: ${howToInstall}` };
      return;
    }
    for (const question of questions) {
      const all = await rounds(runs(3, 11), () => {
        const [ours, spin, unoptimised] = [askHearsay(question), askSpin(question), askSpin(question, '-O0')];
        if (new Set([ours, spin, unoptimised].map(({ verdict }) => verdict)).size > 1)
          throw new Error(`SPIN and the explorer come to other verdicts: ${toldQuestion(question)}`);
        return { ours, spin, unoptimised };
      });
      const parts = ['spin', 'gcc', 'pan'].map(
        (part) => `${part} ${msOf(all.map(({ spin }) => spin.parts[part] ?? 0))}`,
      );
      yield {
        what: `${toldQuestion(question)}: ${all[0]?.ours.verdict}`,
        ours: 'hearsay explore, a cold command',
        other: 'spin -a, gcc -O2 -DSAFETY and ./pan',
        unit: 'ms',
        pairs: all.map(({ ours, spin }) => ({ ours: ours.ms, other: spin.ms })),
        note: `${parts.join(', ')}; compiled with -O0 all in all ${msOf(all.map(({ unoptimised }) => unoptimised.ms))} (${tools})`,
      };
    }
  },
};
