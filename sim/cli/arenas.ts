/** The arenas of the library, and the ablation of them that is checked in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ablation } from '../explorer/ablate-data.ts';
import { type Arenas, arenasOf } from '../explorer/arena.ts';
import { root } from './io.ts';
import { load } from './library.ts';
import { arenaFiles } from './places.ts';

export const ablationFile = join(root, 'scenarios/ablation.json');

/** `null` where there is none that can be read. */
export const filedAblation = (): Ablation | null => {
  try {
    return JSON.parse(readFileSync(ablationFile, 'utf8')) as Ablation;
  } catch {
    return null;
  }
};

/** Reads them all. Arenas of one strength stand as they do in that file, so that an ablation names the same one of two as it did before. */
export const readArenas = (): Arenas =>
  arenasOf(
    arenaFiles().map((path) => load(path).scenario),
    filedAblation()?.arenas.map(({ id }) => id),
  );
