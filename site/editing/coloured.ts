/** YAML as the editor parses it, for its colours and its indents: not for what it says, which the worker tells. */
import { yamlLanguage } from '@codemirror/lang-yaml';
import { LanguageSupport } from '@codemirror/language';
import { NodeType, type PartialParse, Tree } from '@lezer/common';

/** Whoever colours goes down as many calls as a tree is deep. The library's own are a tenth of this. */
const deepest = 200;

const isDeep = (tree: Tree): boolean => {
  const cursor = tree.cursor();
  let depth = 0;
  for (;;) {
    if (cursor.firstChild()) {
      depth += 1;
      if (depth > deepest) return true;
      continue;
    }
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) return false;
      depth -= 1;
    }
  }
};

/** A parse that finds nothing where what it found would be too deep, or already to put it together is. */
export const shallow = (parse: PartialParse, length: number): PartialParse => {
  const nothing = new Tree(NodeType.none, [], [], length);
  return {
    get parsedPos() {
      return parse.parsedPos;
    },
    get stoppedAt() {
      return parse.stoppedAt;
    },
    stopAt: (pos) => parse.stopAt(pos),
    advance: () => {
      try {
        const tree = parse.advance();
        return tree !== null && isDeep(tree) ? nothing : tree;
      } catch {
        // Also the parser calls itself as often as a text is nested, and runs out of stack. It costs the colours alone.
        return nothing;
      }
    },
  };
};

/**
 * YAML. The parser itself is guarded, and not what asks for it: the editor has texts parsed which are not the one it shows, or not yet.
 */
export const coloured = new LanguageSupport(
  yamlLanguage.configure({ wrap: (parse, input) => shallow(parse, input.length) }),
);
