/** `npm run reference`: writes the pages that are made from tables. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { root } from './io.ts';
import { referencePages } from './reference.ts';

for (const [path, text] of referencePages()) {
  const file = resolve(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
