/** How the editor looks: the colours of the site, which reach into it as custom properties, in both schemes. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--honest)', fontWeight: '600' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: tags.comment, color: 'var(--ink2)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--ink2)' },
  { tag: [tags.keyword, tags.meta, tags.special(tags.string)], color: 'var(--learned)' },
]);

export const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--panel)', color: 'var(--ink)', fontSize: '14px' },
  '&.cm-focused': { outline: '3px solid var(--honest)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '10px 0 40px' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--ink2)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'var(--sunk)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--select)', outline: 'none' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--attacker) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--rule2)',
    borderRadius: '8px',
    overflow: 'hidden',
    fontFamily: '"Atkinson Hyperlegible Next", system-ui, sans-serif',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '15em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '5px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--select)', color: 'var(--ink)' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 12px', maxWidth: 'min(360px, 80vw)', fontSize: '14.5px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.told': { padding: '8px 12px', maxWidth: 'min(420px, 86vw)', fontSize: '14.5px', lineHeight: '1.4' },
  '.told p': { margin: '3px 0 0' },
  '.cm-diagnostic': { padding: '8px 12px', fontSize: '14.5px' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--attacker)' },
});
