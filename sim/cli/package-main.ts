/**
 * Makes `build/`, which the package carries: JavaScript and types of what people may use, and the library of scenarios as data. Words
 * behind it are the compiler's.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './io.ts';

const build = join(root, 'build');
rmSync(build, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.package.json'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
if (status !== 0) throw new Error(`the compiler ended with ${status}: what it says stands above`);

/** The compiler leaves types with the endings of the sources, and forgets to say what JSON is: a strict project would stumble there. */
const mended = (types: string): string =>
  types
    .replaceAll(/(\bfrom |\bimport\()(['"]\.[^'"]*)\.ts(['"])/g, '$1$2.js$3')
    .replaceAll(/( from ['"][^'"]*\.json['"]);/g, "$1 with { type: 'json' };");
for (const file of globSync('**/*.d.ts', { cwd: build })) {
  const path = join(build, file);
  writeFileSync(path, mended(readFileSync(path, 'utf8')));
}

const isData = (path: string): boolean => !/\.(ts|txt)$/.test(path);
cpSync(join(root, 'scenarios'), join(build, 'scenarios'), { recursive: true, filter: isData });
cpSync(join(root, 'FINDINGS.md'), join(build, 'FINDINGS.md'));
