/** Scenarios as texts. Whoever does a job reads no file: what it comes to is the same on every machine. */
import { createHash } from 'node:crypto';
import { isObject } from '../../../machines/json.ts';
import type { Scenario } from '../../engine/types.ts';
import { scriptOf, unscripted } from '../../explorer/relax-script.ts';
import { parseScenario } from '../../scenario/parse.ts';
import type { Filed } from '../library.ts';
import { idOf, toldPath } from '../places.ts';
import { readText } from '../reading.ts';
import { Mistake } from '../terminal.ts';

/** By id, each once. */
export type Shelf = readonly { readonly id: string; readonly text: string }[];

/** The same, read when it is asked for, and once. */
export type Shelved = {
  /** That of an id, also of a story without its script. Throws a `Mistake` where there is none. */
  readonly scenario: (id: string) => Scenario;
  readonly all: () => readonly Scenario[];
};

/** The texts of these files. Throws a `Mistake` where one cannot be read. */
export const shelfOf = (files: readonly Filed[]): Shelf => {
  const paths = [...new Set(files.map(({ path }) => path))];
  return paths.map((path) => {
    const file = readText(path);
    if (!file.ok) throw new Mistake(`${toldPath(path)} ${file.why}`);
    return { id: idOf(path), text: file.text };
  });
};

/** The same for the same texts in the same order. */
export const shelfDigest = (shelf: Shelf): string =>
  createHash('sha256')
    .update(JSON.stringify(shelf.map(({ id, text }) => [id, text])))
    .digest('hex');

export const isShelf = (value: unknown): value is Shelf =>
  Array.isArray(value) &&
  value.every((one) => isObject(one) && typeof one.id === 'string' && typeof one.text === 'string');

export const shelved = (shelf: Shelf): Shelved => {
  const texts = new Map(shelf.map(({ id, text }) => [id, text]));
  const known = new Map<string, Scenario>();
  const scenario = (id: string): Scenario => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const script = scriptOf(id);
    const read = script === null ? parsed(id, texts.get(id)) : unscripted(scenario(script.story), script.freedom);
    known.set(id, read);
    return read;
  };
  return { scenario, all: () => [...texts.keys()].map(scenario) };
};

const parsed = (id: string, text: string | undefined): Scenario => {
  if (text === undefined) throw new Mistake(`no scenario “${id}” was handed out with the job`);
  const read = parseScenario(text, id);
  if (read.ok) return read.scenario;
  throw new Mistake(`${id}: ${read.errors[0]?.message ?? 'no scenario'}`);
};
