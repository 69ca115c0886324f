/** Writes what is made of the ledger beside it. Run it when a clause, a question or a text has changed: `node sim/ledger/shortened-main.ts`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { shortened } from './shortened.ts';

for (const [name, text] of Object.entries(shortened))
  writeFileSync(resolve(import.meta.dirname, '../../machines/ledger', name), text);
