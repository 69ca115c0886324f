import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse.ts';

const planted = readFileSync('scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.yaml', 'utf8');

describe('hostile text', () => {
  const never = (text: string): void => {
    const parsed = parseScenario(text, 'x');
    if (!parsed.ok) {
      expect(parsed.errors.length).toBeGreaterThan(0);
      for (const { line, column } of parsed.errors) expect(Math.min(line, column)).toBeGreaterThan(0);
    }
  };

  it('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), never));
  });

  it('never throws, made of what YAML is made of', () => {
    const bits = [
      '- ',
      '? ',
      ': ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '\n',
      '  ',
      '&a',
      '*a',
      '!!x',
      '|',
      '>',
      "'",
      '"',
      '#',
      '---',
      'title',
      'cast',
      '<<',
      '__proto__',
      '\t',
      '%YAML',
    ];
    fc.assert(fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 120 }), (parts) => never(parts.join(''))));
  });

  it('never throws, as a valid file with a part cut out and another put in', () => {
    const place = fc.integer({ min: 0, max: planted.length });
    fc.assert(
      fc.property(place, place, fc.oneof(fc.string({ maxLength: 12 }), place), (from, to, put) => {
        const inserted = typeof put === 'string' ? put : planted.slice(put, put + 60);
        never(planted.slice(0, Math.min(from, to)) + inserted + planted.slice(Math.max(from, to)));
      }),
    );
  });

  it('never throws, as a valid file with any value in the place of another', () => {
    const words = [...planted.matchAll(/[\w.-]+/g)].map(
      (match) => [match.index, match.index + match[0].length] as const,
    );
    const odd = fc.constantFrom(
      'null',
      '[]',
      '{}',
      '[[1]]',
      '{ a: { b: c } }',
      '1e999',
      '-1',
      'true',
      '""',
      '"\\0"',
      '{ ? [a] : b }',
      '__proto__',
      'constructor',
      '{ __proto__: x }',
      'everyone',
    );
    fc.assert(
      fc.property(fc.constantFrom(...words), odd, ([from, to], value) =>
        never(planted.slice(0, from) + value + planted.slice(to)),
      ),
    );
  });
});
