/** Which version of the model this is, for machines that work together: what they come to is put into one report. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../io.ts';
import { version } from '../../version.ts';

/** What a run comes to depends on these folders; all but tests. */
const folders = ['machines', 'sim'] as const;

/** `0.1.0 of code 3f9a1c20`: two clones of one version may differ, and their answers with them. */
export const modelVersion = (): string => {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(ts|js|json)$/.test(file) || /\.d\.ts$|test\.ts$|testing\.ts$/.test(file)) continue;
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)));
    }
  return `${version()} of code ${hash.digest('hex').slice(0, 8)}`;
};
