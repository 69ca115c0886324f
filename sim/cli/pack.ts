/**
 * The code of a library's run in one piece, kept beside the packages it is made from, with the compiled functions of an earlier run.
 *
 * Node takes 0.3 s in each thread to find and load four hundred modules, and what it keeps of their compiled code are the functions
 * that run while they load; all others are compiled again each time. In one piece and with all functions that a run came to, it
 * takes a seventh less (six pairs, 0.75 to 0.94). It counts as made only while every file that went into it reads as it did then.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { Plugin } from 'esbuild';

/** `root`: what paths are told from, with the packages in it. `home`: the folder that `import.meta` of packed code names. */
export type Place = { readonly root: string; readonly home: string };
const here: Place = { root: resolve(import.meta.dirname, '../..'), home: import.meta.dirname };

const folderOf = ({ root }: Place): string => join(root, 'node_modules/.cache/hearsay');
const listOf = (place: Place): string => join(folderOf(place), 'pack.json');
const pathOf = (place: Place, digest: string): string => join(folderOf(place), `run-${digest}.cjs`);

/** Loaded already when the pack is, and of one identity with it: a `Mistake` thrown there is caught by the command line. */
const shared: readonly string[] = ['ahead.ts', 'command.ts', 'terminal.ts'].map((name) => join(here.home, name));
/** What is not read by the code and yet decides it: how it is made, and which packages there are. */
const besides = ({ root }: Place): readonly string[] => [
  import.meta.filename,
  join(root, 'node_modules/.package-lock.json'),
];

const readIfThere = (path: string): Buffer | null => {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
};

/** One word for what these files say and where they are. */
const digestOf = ({ root }: Place, paths: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    const text = readIfThere(path);
    hash.update(`${relative(root, path)} ${text?.length ?? 'none'}\n`).update(text ?? '');
  }
  return hash.digest('hex').slice(0, 24);
};

type Made = { readonly digest: string; readonly inputs: readonly string[] };
const madeOf = (place: Place): Made | null => {
  try {
    return JSON.parse(readFileSync(listOf(place), 'utf8'));
  } catch {
    return null;
  }
};

/** Where the pack is; `null` where there is none, or something that it is made from has changed. */
export const packThere = (place: Place = here): string | null => {
  const made = madeOf(place);
  if (made === null) return null;
  const { digest, inputs } = made;
  const now = digestOf(
    place,
    inputs.map((input) => join(place.root, input)),
  );
  return now === digest ? pathOf(place, digest) : null;
};

/** Written beside and renamed, so that nobody reads half of it. */
const put = (path: string, data: Uint8Array | string): void => {
  writeFileSync(`${path}.${process.pid}`, data);
  renameSync(`${path}.${process.pid}`, path);
};

/** How far a file system's clock may be behind, and how often one waits for somebody who is still writing. */
const clockLagMs = 20;
const triesMax = 5;

/** Whether a file may have been written since `startMs`. */
const isWritten = (path: string, startMs: number): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) >= startMs - clockLagMs;

/** What is loaded already is not packed. */
const leaving = ({ home }: Place): Plugin => ({
  name: 'leaving',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/(ahead|command|terminal)\.ts$/ }, ({ path, resolveDir }) => {
      const found = resolve(resolveDir, path);
      return shared.includes(found) ? { path: `./${relative(home, found)}`, external: true } : null;
    });
  },
});

type Bundled = Made & { readonly code: string };

/** The code in one piece, and what it is made from: the digest is of what the bundler has read, as nobody has written since. */
const bundled = async (entry: string, place: Place): Promise<Bundled> => {
  const { build } = await import('esbuild');
  for (let tries = 0; tries < triesMax; tries += 1) {
    const startMs = Date.now();
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      absWorkingDir: place.root,
      bundle: true,
      write: false,
      metafile: true,
      format: 'cjs',
      platform: 'node',
      target: 'esnext',
      tsconfigRaw: '{}',
      logLevel: 'silent',
      define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
      plugins: [leaving(place)],
    });
    const read = Object.keys(metafile.inputs).map((one) => join(place.root, one));
    const asking = read.find((path) => !path.startsWith(place.home) && readFileSync(path).includes('import.meta.'));
    if (asking !== undefined) throw new Error(`${asking} asks where it is: the pack knows that of ${place.home} only`);
    const inputs = [...read, ...besides(place)];
    const digest = digestOf(place, inputs);
    if (!inputs.some((path) => isWritten(path, startMs))) return { code: outputFiles[0]?.text ?? '', digest, inputs };
    await setTimeout(2 * clockLagMs);
  }
  throw new Error('somebody goes on writing to these files');
};

/** Makes the pack of `entry`; throws where the bundler is not installed, nothing can be written, or the code cannot be packed. */
const make = async (entry: string, place: Place): Promise<string> => {
  const { code, digest, inputs } = await bundled(entry, place);
  const path = pathOf(place, digest);
  mkdirSync(folderOf(place), { recursive: true });
  for (const name of readdirSync(folderOf(place))) rmSync(join(folderOf(place), name), { force: true });
  put(path, `(function (require, module, __dirname, __url) {${code}\n})`);
  put(listOf(place), JSON.stringify({ digest, inputs: inputs.map((one) => relative(place.root, one)) } satisfies Made));
  return path;
};

/** Makes the pack of `entry`, and says where it is; `null` where that cannot be done, and then the sources go on running. */
export const makePack = async (entry: string, place: Place = here): Promise<string | null> => {
  try {
    return await make(entry, place);
  } catch {
    return null;
  }
};

export type Packed<T> = {
  readonly exports: T;
  /** Keeps the functions compiled by now for the next time, if there were none kept. */
  readonly keep: () => void;
};

/** The code of a pack, run in this thread. Throws where it is gone: somebody else has made another one. */
export const unpack = <T>(path: string, { home }: Place = here): Packed<T> => {
  const kept = `${path}.compiled`;
  const cachedData = readIfThere(kept);
  const script = new Script(readFileSync(path, 'utf8'), {
    filename: path,
    ...(cachedData === null ? {} : { cachedData }),
  });
  const module = { exports: {} as T };
  const run = script.runInThisContext() as (...given: readonly unknown[]) => void;
  const own = join(home, 'pack.ts');
  run(createRequire(own), module, home, pathToFileURL(own).href);
  return {
    exports: module.exports,
    keep: () => {
      if (cachedData !== null && script.cachedDataRejected !== true) return;
      try {
        put(kept, script.createCachedData());
      } catch {
        // nothing is lost but time: they are compiled again
      }
    },
  };
};
