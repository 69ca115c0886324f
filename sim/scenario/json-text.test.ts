import { expect, it } from 'vitest';
import { luckOf } from '../fuzz/luck.ts';
import { bentText } from '../fuzz/values.ts';
import { faultLine, readJson } from './json-text.ts';

it.each([
  ['', '1:1 the file ends here; expected a value: a text, a number, true, false, null, a list or an object'],
  ['{', '1:2 the file ends here; expected a key, which is a text in double quotes'],
  ['{\n  "a": 1,\n  "\\u0061": 2 }', '3:3 the key “a” stands here twice; expected each key once'],
  ['[1,]', '1:4 “]” stands here; expected a value: a text, a number, true, false, null, a list or an object'],
  ['{"a" 1}', '1:6 “1” stands here; expected “:” behind a key'],
  ['[1, 2', '1:6 the file ends here; expected “,” or “]”'],
  ['[1] x', '1:5 “x” stands here; expected nothing behind the value'],
  [
    '"abc',
    '1:1 a text that is not ended or has a character it may not have; expected a value: a text, a number, true, false, null, a list or an object',
  ],
  [
    '[\u001b[31m]',
    '1:2 “\\u001b” stands here; expected a value: a text, a number, true, false, null, a list or an object',
  ],
  [`${'['.repeat(101)}`, '1:101 nested too deep; expected at most 100 lists and objects within each other'],
])('says where %j stops being JSON, and what was expected there', (text, said) => {
  const read = readJson(text);
  expect(read.ok ? null : faultLine(read)).toBe(said);
});

it('takes all that JSON.parse takes, and nothing else, but for keys that stand twice', () => {
  const seeds = [
    '{"a":[1,-2.5e+3,true,null,"\\u00e9\\n"],"b":{"c":""}}',
    ' [ ] ',
    '"x"',
    '{"constructor":{},"__proto__":1}',
    '-0',
  ];
  let refused = 0;
  for (let nth = 0; nth < 3_000; nth += 1) {
    const luck = luckOf(`json ${nth}`);
    const text = bentText(luck, luck.one(seeds));
    const read = readJson(text);
    const parsed = ((): unknown => {
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return null;
      }
    })();
    if (!read.ok) refused += 1;
    if (read.ok) expect({ text, parsed }).toEqual({ text, parsed: { value: read.value } });
    else if (!read.message.includes('twice')) expect({ text, parsed }).toEqual({ text, parsed: null });
  }
  expect(refused).toBeGreaterThan(500);
});
