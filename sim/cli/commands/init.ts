import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { isScenarioFile, ownFolder, resolved, schemaLine, toldPath } from '../places.ts';
import { Mistake, print } from '../terminal.ts';
import { written } from '../writing.ts';

/** A scenario to start from: small, whole, and with one clause turned off. */
export const firstScenario = `# Who is there, what they do, and what must hold. \`npx hearsay verbs\` lists what a line of the story can say,
# \`npx hearsay guarantees\` what can be expected, \`npx hearsay clauses MSC4385\` what can be turned off in \`without\`.
title: A thief with a stolen token cannot plant a backup key
about: [MSC4385]
why: >
  Whoever holds a token can log in a device, but cannot sign it. Its push must not be believed.

cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
  attackers:
    mallory: { plays: stolen-token, of: alice }

story:
  - alice.laptop: reset backup
  - everyone: settle
  - mallory: { log in as: tablet }
  - mallory: create backup
  - mallory: { push secret: m.megolm_backup.v1, to: alice.phone }
  - everyone: settle

expect:
  secret-authenticity: holds
  backup-key-integrity: holds

# The same story, where every client forgets one clause.
without:
  4385-push-cross-signed-only:
    secret-authenticity: { breaks: alice.phone }
    backup-key-integrity: { breaks: alice.phone }
`;

/** Where it goes: a file that is named, or the folder where people keep their own. */
const placeFor = (word: string | undefined): string => {
  if (word !== undefined) {
    if (!isScenarioFile(word)) throw new Mistake(`${word}: a name that ends in .yaml expected`);
    return resolved(word);
  }
  const folder = ownFolder();
  if (folder === null) throw new Mistake('scenarios/ is the library here: name a file, as in hearsay init my.yaml');
  written(toldPath(folder), () => mkdirSync(folder, { recursive: true }));
  return join(folder, 'first.yaml');
};

export const init: Command = {
  usage: 'init [FILE]',
  text: 'Writes a scenario to start from (the usual: scenarios/first.yaml), with a line by which editors find the schema.',
  flags: {},
  run: ({ words }) => {
    const [word, another] = words;
    if (another !== undefined) throw new Mistake('init takes one file');
    const path = placeFor(word);
    // A file that is there is never written over, also where it comes to be there meanwhile.
    written(toldPath(path), () => writeFileSync(path, `${schemaLine(path)}${firstScenario}`, { flag: 'wx' }));
    print(`${toldPath(path)} is written. npx hearsay run ${word === undefined ? '' : toldPath(path)}`.trimEnd());
    return 0;
  },
};
