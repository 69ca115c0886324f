import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    const claims = [...answered.claims, ...settings.flatMap((one) => one.claims)];
    expect(claims.map(({ wrong }) => wrong).filter((wrong) => wrong !== null)).toEqual([]);
    expect(answered.faults).toEqual([]);
  });
});
