import { globSync, readFileSync } from 'node:fs';
import { syntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { coloured, shallow } from './coloured.ts';

const parse = (text: string): string => coloured.language.parser.parse(text).toString();

/** Each of these, said again and again, is nested as deep as it is said often. */
const nesting = ['? ', '- ', '[', '{a: ', '? ? ]', '\t?\t?', '- a: - ', '? !t a: ', '? a: ', '[\n: }, ', '!t : ? '];

describe('a text in the editor', () => {
  it('has its names and texts found, in every scenario of the library', () => {
    expect(parse('title: a text\n')).toMatch(/Pair\(Key\(Literal\),":",Literal\)/);
    const plain = globSync('scenarios/**/*.yaml').filter((file) => !parse(readFileSync(file, 'utf8')).includes('Pair'));
    expect(plain).toEqual([]);
  });

  it.each(nesting)('that says %j again and again has nothing found in it, and nothing breaks over it', (one) => {
    for (const count of [300, 1200]) expect(parse(one.repeat(count))).toBe('');
  });

  it('that its parser runs out of stack over has nothing found in it', () => {
    // How deep that is depends on how far the engine has made the parser fast.
    const breaking = (): never => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    const parsing = shallow({ parsedPos: 0, stoppedAt: null, stopAt: () => undefined, advance: breaking }, 12);
    const tree = parsing.advance();
    expect([tree?.toString(), tree?.length]).toEqual(['', 12]);
  });

  it('is parsed as before once it is nested no more', () => {
    const deep = EditorState.create({ doc: '? '.repeat(20_000), extensions: coloured });
    expect(syntaxTree(deep).toString()).toBe('');
    const { state } = deep.update({ changes: { from: 0, to: deep.doc.length, insert: 'title: a text\n' } });
    expect(syntaxTree(state).toString()).toContain('Pair');
  });
});
