import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse.ts';
import { oneLine, shown } from './showing.ts';

describe('what is shown of a text', () => {
  it.each([
    ['a colour of a terminal', 'a\u001b[31mred', 'a\\u001b[31mred'],
    ['C1, which some terminals obey as well', 'a\u009b31m', 'a\\u009b31m'],
    ['a carriage return, which writes over the line', 'as expected\rNO', 'as expected\\u000dNO'],
    ['marks that turn letters round', 'a\u202eb\u2066c\u200f', 'a\\u202eb\\u2066c\\u200f'],
    ['half a character', 'a\ud800b', 'a\\ud800b'],
    ['letters of any writing', 'Käse ≠ 干酪 🧀', 'Käse ≠ 干酪 🧀'],
  ])('has %s', (_what, text, plain) => {
    expect(shown(text)).toBe(plain);
  });

  it('keeps lines, and has a way of telling names in one', () => {
    expect(shown('a\n\tb')).toBe('a\n\tb');
    expect(oneLine('a title\n  as expected')).toBe('a title as expected');
  });

  it('is read by JSON as the text it was', () => {
    const text = '\u0085\u202e\ufeff';
    expect(JSON.parse(shown(JSON.stringify(text)))).toBe(text);
  });

  it('holds in what is said of a scenario, whose keys, values and YAML may be anything', () => {
    const evil = '"\\e]0;x\\a\\u202e"';
    for (const text of [
      `${evil}: 1\n`,
      `title: ${evil}\nabout: [${evil}]\n`,
      `? [${evil}]\n: 1`,
      `title: !${evil} x`,
    ]) {
      const parsed = parseScenario(text, 'x');
      const messages = parsed.ok ? [] : parsed.errors.map(({ message, expected }) => `${message} ${expected}`);
      expect(messages.length).toBeGreaterThan(0);
      for (const message of messages) expect(message).toBe(oneLine(message));
    }
  });
});
