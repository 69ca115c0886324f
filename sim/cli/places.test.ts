import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './io.ts';
import { findAll, load, pathsFor } from './library.ts';
import { filesIn, idOf, libraryFiles, resolved } from './places.ts';
import { hearsayHere as hearsay } from './testing.ts';

const story = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';

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

it('a path with .. behind a link is that of the file which anybody else opens by it', () => {
  for (const name of ['far', 'far/away', 'far/away/deep']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'far/here.txt'), 'far');
  writeFileSync(join(folder, 'here.txt'), 'near');
  symlinkSync('far/away', join(folder, 'way'));
  for (const path of [
    'way/../here.txt',
    'way/deep/../../here.txt',
    'far/../here.txt',
    './way/.././here.txt',
    'none/../here.txt',
  ])
    expect(resolved(join(folder, '/') + path), path).toBe(
      join(folder, path.includes('way/') ? 'far/here.txt' : 'here.txt'),
    );
  expect(readFileSync(resolved(`${folder}/way/../here.txt`), 'utf8')).toBe(
    readFileSync(`${folder}/way/../here.txt`, 'utf8'),
  );
  expect(resolved('../x/../y.yaml')).toBe(resolve('../y.yaml'));
  expect(resolved('..')).toBe(resolve('..'));
});

it('words that name nothing are told one by one, and the others are found', () => {
  const found = findAll(['play/a-stolen-token', 'no-such-story-at-all', '/nowhere/x.yaml']);
  expect(found.paths).toEqual([join(root, 'scenarios/play/a-stolen-token.yaml')]);
  expect(found.lost).toEqual([
    expect.stringContaining('no scenario “no-such-story-at-all”'),
    '/nowhere/x.yaml cannot be read: there is no such file',
  ]);
});

it.each([
  ['run', 'LOOP'],
  ['explore', 'LOOP'],
  ['open', 'LOOP'],
  ['sweep', 'LOOP'],
  ['merge', 'LOOP'],
  ['run', 'LONG'],
  ['open', 'LONG'],
  ['export', story, '--svg', '--out', 'LOOP'],
  ['export', story, '--svg', '--out', 'LONG'],
  ['run', story, '--no-without', '--junit', 'LOOP'],
  ['explore', 'play/a-stolen-token', '--keep', 'LOOP'],
  ['serve', '--log', 'LOOP', '@alice:example.org'],
  ['serve', '--check', 'LOOP'],
  ['wander', story, '--runs', '1', '--record', 'LOOP'],
  ['wander', story, '--runs', '1', '--record', 'LONG'],
])('%s %s %s %s %s: a link to itself, or a name that no file can have, is wrong input', async (...args) => {
  const loop = join(folder, 'loop.yaml');
  if (lstatSync(loop, { throwIfNoEntry: false }) === undefined) symlinkSync('loop.yaml', loop);
  const long = join(folder, 'x'.repeat(300));
  const words = args.map((word) => (word === 'LOOP' ? loop : word === 'LONG' ? long : word));
  const { status, stderr, stdout } = await hearsay(...words);
  expect({ status, stderr }).toMatchObject({ status: 2 });
  expect(`${stderr}${stdout}`).toMatch(/it is a link to itself|its name is too long|no scenario “/);
  expect(stderr).not.toMatch(/fault of hearsay|^ +at /m);
});
