/** All tests a mutant may fall by, and what they test, as scripts: to begin anew for a mutant is to run them once more. Needs Node. */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import type { Plantation } from './planting.ts';

/** Whole runs of the explorer, of commands, of other people's clients, of pictures: minutes each, and no test of a rule. */
const leftOut: readonly string[] = [
  'sim/{explorer,cli,clients,fuzz,bench}/**',
  'sim/runs/{figures,export}/**',
  'sim/crypto/{real,node,vectors}/**',
  'sim/crypto/suites-agree.test.ts',
  'sim/scenario/print.test.ts',
  'sim/attackers/exploring.test.ts',
  'sim/verbs/offered.test.ts',
];

/** Stories of the library with their variants, each a test. */
const stories = 'scenarios/stories.mutants.ts';

export const testFiles = (): readonly string[] => [
  ...globSync(['machines/**/*.test.ts', 'sim/**/*.test.ts'], { exclude: [...leftOut] }).sort(),
  stories,
];

/** Reads planted text in place of a file's own. */
const planting = (planted: Plantation['planted']): Plugin => {
  const byPath = new Map([...planted].map(([file, text]) => [resolve(file), text]));
  return { name: 'planting', enforce: 'pre', load: (id) => byPath.get(id) };
};

/** CommonJS scripts by name. What none of them is called, packages and Node's own, a script asks `require` for. */
export type Scripts = Readonly<Record<string, string>>;

/** Each file of tests is a script of its name; what several of them need stands in others. */
export const bundled = async (planted: Plantation['planted'], tests: readonly string[]): Promise<Scripts> => {
  const done = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [planting(planted)],
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'esnext',
      rolldownOptions: {
        input: Object.fromEntries(tests.map((file) => [file, resolve(file)])),
        treeshake: false,
        output: { format: 'cjs', preserveModules: true, preserveModulesRoot: process.cwd(), entryFileNames: '[name]' },
      },
    },
  });
  const [output] = Array.isArray(done) ? done : [done];
  if (output === undefined || !('output' in output))
    throw new Error('vite bundled no script: is its answer another than that of 8.x?');
  return Object.fromEntries(output.output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one.code]] : [])));
};
