/** For tests: which sources of the command line read files that people give. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './io.ts';

/** Those with a call that reads a file, from the folder of the command line; tests, and what only reads for others, are none. */
export const sourcesThatRead = (): readonly string[] => {
  const folder = resolve(root, 'sim/cli');
  return globSync('**/*.ts', { cwd: folder })
    .filter((path) => !/test\.ts$|testing[^/]*\.ts$|-main\.ts$|^reading\.ts$|(^|\/)sweep/.test(path))
    .filter((path) => /\b(?:readText|readBytes|readFileSync)\(/.test(readFileSync(resolve(folder, path), 'utf8')))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
};
