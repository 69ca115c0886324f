/** Which version of the model this is: what was worked out at two times, or on two machines, is put together only where it is the same. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { packageFolder, root } from '../io.ts';
import { version } from '../version.ts';

/** What a run comes to depends on these folders; all but tests. */
const folders = ['machines', 'sim'] as const;

type Manifest = { readonly version: string; readonly dependencies?: Readonly<Record<string, string>> };
const manifestAt = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

/** What it depends on besides, each with the version that is installed. */
const installed = (): readonly string[] =>
  Object.keys(manifestAt(join(packageFolder, 'package.json')).dependencies ?? {})
    .sort()
    .map((name) => {
      const path = findPackageJSON(name, import.meta.url);
      return `${name} ${path === undefined ? 'of no version' : manifestAt(path).version}`;
    });

let known: string | null = null;
/** `0.1.0 of code 3f9a1c2049d27b6e`: two clones of one version may differ, and their answers with them. */
export const modelVersion = (): string => {
  known ??= `${version()} of code ${digest()}`;
  return known;
};

const digest = (): string => {
  const hash = createHash('sha256').update(installed().join('\n'));
  for (const folder of folders)
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(ts|js|json)$/.test(file) || /\.d\.ts$|test\.ts$|testing\.ts$/.test(file)) continue;
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)));
    }
  return hash.digest('hex').slice(0, 16);
};
