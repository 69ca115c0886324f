/** Which addresses outside this site may be linked to: the texts at their commits or releases, and the threads that scenarios name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const threads: ReadonlySet<string> = new Set(
  readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => readFileSync(join('scenarios', name), 'utf8').match(/(?<=^ {2}- )https:\S+$/gm) ?? []),
);
const text =
  /^https:\/\/(?:github\.com\/matrix-org\/matrix-spec(?:-proposals)?\/(?:pull\/\d+|blob\/[0-9a-f]{40}\/proposals\/[\w-]+\.md(?:#[\w-]+)?)|spec\.matrix\.org\/v1\.19\/.*)$/;

export const isOutgoing = (link: string): boolean => text.test(link) || threads.has(link);
