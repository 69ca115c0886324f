/** The arenas of the library, and the ablation of them that is checked in. */
import { join } from 'node:path';
import type { Ablation } from '../explorer/ablate-data.ts';
import { type Arenas, arenasOf } from '../explorer/arena.ts';
import { anAblation } from './file-kinds.ts';
import { root } from './io.ts';
import { load } from './library.ts';
import { arenaFiles } from './places.ts';
import { readText } from './reading.ts';

export const ablationFile = join(root, 'scenarios/ablation.json');

/** `null` where there is none that can be read. */
export const filedAblation = (): Ablation | null => {
  const read = readText(ablationFile);
  return read.ok && anAblation.isOf(read.text) ? (JSON.parse(read.text) as Ablation) : null;
};

/** Reads them all. Arenas of one strength stand as they do in that file, so that an ablation names the same one of two as it did before. */
export const readArenas = (): Arenas =>
  arenasOf(
    arenaFiles().map((path) => load(path).scenario),
    filedAblation()?.arenas.map(({ id }) => id),
  );
