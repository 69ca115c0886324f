/** One script of ours as a browser would load it: bundled, with no code made at run time. */
import { build } from 'vite';
import { workerFiles } from '../worker-files.ts';

/** @param source a module; paths from the root, as in `/sim/runs/run.ts` */
export const bundle = async (source: string): Promise<string> => {
  const entry = 'virtual:entry';
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? source : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rollupOptions: { input: entry, output: { format: 'iife' } },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !('output' in result)) throw new Error('the bundler gave nothing back');
  return result.output[0].code;
};

/** The same with all that it loads later, workers too, each packed as on the built site: file name → code. The first is the entry. */
export const bundleParts = async (source: string): Promise<ReadonlyMap<string, string>> => {
  const entry = 'virtual:entry';
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    // Tests are no production to the bundler: it would take packages as they are for whoever works on a page.
    resolve: { conditions: ['module', 'browser', 'production'] },
    worker: { format: 'es', rolldownOptions: { output: { codeSplitting: workerFiles } } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? source : null),
      },
    ],
    build: {
      write: false,
      target: 'es2024',
      assetsInlineLimit: 0,
      modulePreload: false,
      rollupOptions: { input: entry, output: { entryFileNames: 'entry.js' } },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !('output' in result)) throw new Error('the bundler gave nothing back');
  return new Map(
    result.output.map((one) => [one.fileName, one.type === 'chunk' ? one.code : String(one.source)] as const),
  );
};
