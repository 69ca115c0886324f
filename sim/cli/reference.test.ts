import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './io.ts';
import { referencePages } from './reference.ts';

describe('the reference', () => {
  it.each([...referencePages()])('%s is as its table has it: npm run reference writes it anew', (path, text) => {
    expect(readFileSync(resolve(root, path), 'utf8')).toBe(text);
  });
});
