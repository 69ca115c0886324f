import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlOf } from '../views/html.ts';
import { edit } from '../worker/answers/edit.ts';
import { turned } from '../worker/answers/turned.ts';
import { draftKey, readDraft, startOf } from './start.ts';
import { templates } from './templates.ts';

describe('the address of the editor', () => {
  it('names a scenario of the library, holds one, or neither', () => {
    expect(startOf('', '')).toEqual({ is: 'nothing' });
    expect(startOf('?from=secret-push/a-push', '')).toEqual({ is: 'from', id: 'secret-push/a-push' });
    expect(startOf('?from=secret-push/a-push', '#z=abc')).toEqual({ is: 'packed', packed: 'abc' });
    expect(startOf('', '#s6')).toEqual({ is: 'nothing' });
  });

  it.each([
    '../../secret',
    '/etc/passwd',
    'https://evil.example/x',
    'a/../b',
    '//evil.example',
    'a',
    `a/${'b'.repeat(300)}`,
    'a/b?c',
    'a/%2e%2e/b',
    '',
  ])('leads nowhere else: %s', (id) => {
    expect(startOf(`?from=${encodeURIComponent(id)}`, '').is).toBe('wrong');
  });

  it('is read whatever stands in it, and names only ids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (search, hash) => {
        const start = startOf(`?from=${search}`, hash);
        if (start.is === 'from') expect(start.id).toMatch(/^[a-z0-9/-]+$/);
      }),
    );
  });
});

describe('a draft', () => {
  it('is taken up where the same is opened, and nowhere else', () => {
    const key = draftKey(startOf('?from=a/b', ''));
    const kept = JSON.stringify({ key, text: 'title: x' });
    expect(readDraft(kept, key)?.text).toBe('title: x');
    expect(readDraft(kept, draftKey(startOf('?from=a/c', '')))).toBeNull();
    expect(readDraft(null, key)).toBeNull();
  });

  it.each(['', '{', 'null', '[]', '{"key":"new"}', '{"key":"new","text":1}', '"x"'])(
    'that is none is left: %s',
    (kept) => {
      expect(readDraft(kept, 'new')).toBeNull();
    },
  );
});

describe('a template', () => {
  it.each(templates)('runs and is as it expects: $name', async ({ text }) => {
    const answered = await edit({ text });
    if (answered.is !== 'run') throw new Error(JSON.stringify(answered));
    const settings = await turned({ text }, { report: () => undefined, isWanted: async () => true });
    const claims = [...answered.claims, ...settings.runs.flatMap((one) => one.claims)];
    expect(claims.map(({ wrong }) => wrong).filter((wrong) => wrong !== null)).toEqual([]);
    expect(answered.faults).toEqual([]);
  });
});

describe('the first screen of a text', () => {
  const text = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');
  const desk = { report: () => undefined, isWanted: async () => true };

  it('says what stopped an attack once the runs with its settings turned are made, as its page does, and nothing of it before', async () => {
    const answered = await edit({ text });
    if (answered.is !== 'run' || answered.views === null) throw new Error('it is not drawn');
    const { sight } = await turned({ text }, desk);
    const before = htmlOf(answered.views.sight);
    expect(before).not.toMatch(/Stopped by|nothing was at stake/);
    if (sight === null) throw new Error('there is no first screen');
    expect(htmlOf(sight)).toMatch(/Stopped by.*with it off .*break/s);
    expect(htmlOf(sight)).not.toContain('no run here turns it off');
  });

  it('says at once that no run turns a clause off, where there is no such setting', async () => {
    const alone = text.slice(0, text.indexOf('\nwithout:'));
    const answered = await edit({ text: alone });
    if (answered.is !== 'run' || answered.views === null) throw new Error(JSON.stringify(answered));
    expect(htmlOf(answered.views.sight)).toContain('no run here turns it off');
  });

  it('is not told of settings that nobody waited for', async () => {
    expect(await turned({ text }, { ...desk, isWanted: async () => false })).toEqual({ runs: [], sight: null });
  });
});
