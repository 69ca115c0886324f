/** Which model of the texts gives the verdicts of this build: the same on every machine, another as soon as something that decides is. */
import { createHash } from 'node:crypto';

/** Charts, ledger, engine and judges; not how runs are told, drawn, printed or searched. */
const sources = import.meta.glob<string>(
  [
    '../machines/**/*.{ts,json}',
    '../sim/{attackers,crypto,engine,guarantees,homeserver,scenario,verbs}/**/*.ts',
    '../sim/runs/{run,playing}.ts',
    '../sim/runs/judging/*.ts',
    '!../**/*.test.ts',
    '!../**/{testing,*-testing}.ts',
    '!../sim/crypto/{node,vectors}/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Eight hexadecimal digits of `files`, by name, whatever their order and the ends of their lines. */
export const digestOf = (files: Readonly<Record<string, string>>): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        Object.entries(files)
          .map(([name, text]) => [name, text.replaceAll('\r\n', '\n')] as const)
          .toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
    )
    .digest('hex')
    .slice(0, 8);

export const model = digestOf(sources);
/** The files that it is a digest of. */
export const modelFiles: readonly string[] = Object.keys(sources).sort();
