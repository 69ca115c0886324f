import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './io.ts';
import { findAll, load, pathsFor } from './library.ts';
import { filesIn, idOf, libraryFiles } from './places.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the name of a file', () => {
  it('is its id in the library, and its path everywhere else', () => {
    expect(idOf(join(root, 'scenarios/play/x.yaml'))).toBe('play/x');
    expect(idOf(join(root, 'scenarios/Größe.v2 neu.yml'))).toBe('Größe.v2 neu');
    expect(idOf(join(root, 'x.yaml'))).toBe('./x.yaml');
    expect(idOf('/somewhere else/x.yml')).toBe('/somewhere else/x.yml');
  });

  it('is not that of the library in a folder whose name begins like it', () => {
    expect(idOf(join(root, 'scenarios-mine/play/x.yaml'))).toBe('./scenarios-mine/play/x.yaml');
  });
});

describe('the files of a folder', () => {
  it('are all that end in .yaml or .yml, in the order of their names, and none of packages or hidden folders', () => {
    for (const name of ['b', 'b/node_modules', 'b/.git', 'c.yaml']) mkdirSync(join(folder, name));
    for (const name of [
      'B.YML',
      'a.yaml',
      'b/one.yml',
      'b/node_modules/x.yaml',
      'b/.git/x.yaml',
      'b/x.txt',
      'c.yaml/d.yaml',
    ])
      writeFileSync(join(folder, name), '');
    symlinkSync(folder, join(folder, 'b/loop'));
    expect(filesIn(folder)).toEqual(
      ['B.YML', 'a.yaml', 'b/one.yml', 'c.yaml/d.yaml'].map((name) => join(folder, name)),
    );
    expect(pathsFor([folder, `${folder}/b/`, join(folder, 'a.yaml')])).toHaveLength(4);
  });

  it('of the library are scenarios, each of them', () => {
    const all = libraryFiles();
    expect(all.length).toBeGreaterThan(200);
    for (const path of all) expect(load(path).scenario.id).toBe(idOf(path));
  });
});

it('words that name nothing are told one by one, and the others are found', () => {
  const found = findAll(['play/a-stolen-token', 'no-such-story-at-all', '/nowhere/x.yaml']);
  expect(found.paths).toEqual([join(root, 'scenarios/play/a-stolen-token.yaml')]);
  expect(found.lost).toEqual([
    expect.stringContaining('no scenario “no-such-story-at-all”'),
    '/nowhere/x.yaml cannot be read: there is no such file',
  ]);
});
