/** Which version this is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './io.ts';

/** As `package.json` has it. */
export const version = (): string => {
  const { version: own } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return own;
};
