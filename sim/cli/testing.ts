/** The command line within a test: what it prints, and its exit code. */
import { hearsay } from './hearsay.ts';

export type Told = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** As `npx hearsay …` in the folder `here`, without a process of its own. */
export const hearsayIn = async (here: string, ...args: readonly string[]): Promise<Told> => {
  let [stdout, stderr] = ['', ''];
  const status = await hearsay(args, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    isColoured: false,
    showsProgress: false,
    here,
  });
  return { status, stdout, stderr };
};
export const hearsayHere = (...args: readonly string[]): Promise<Told> => hearsayIn(process.cwd(), ...args);
