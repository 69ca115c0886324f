/** Writes `scenarios/schema.json`. Run it when a verb, an option, a role or the ledger has changed: `node sim/scenario/schema-main.ts`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { schemaText } from './schema.ts';

writeFileSync(resolve(import.meta.dirname, '../../scenarios/schema.json'), schemaText());
