/** The text on the left: CodeMirror, hand-picked, told by the worker what can stand where and what words mean. */
import {
  acceptCompletion,
  autocompletion,
  type CompletionResult,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import type { Completion } from '../../../sim/scenario/completions.ts';
import type { Explanation } from '../../../sim/scenario/explained.ts';
import type { ScenarioError } from '../../../sim/scenario/parse.ts';
import type { Splice } from '../../../sim/scenario/story-edits.ts';
import { coloured } from '../../editing/coloured.ts';
import { make } from '../elements.ts';
import { colours, theme } from './theme.ts';

/** Whom the editor asks and tells. What cannot be answered is an empty answer. */
export type Around = {
  readonly complete: (text: string, offset: number) => Promise<readonly Completion[]>;
  readonly explain: (text: string, offset: number) => Promise<Explanation | null>;
  /** The text is another one. */
  readonly changed: (text: string) => void;
  /** The cursor stands elsewhere, or in another text. */
  readonly moved: () => void;
  readonly dropped: (file: File) => void;
};

export type TextEditor = {
  readonly text: () => string;
  readonly cursor: () => number;
  /** Puts another text in; what was there can be had back by undoing. */
  readonly replace: (text: string) => void;
  readonly splice: (splice: Splice) => void;
  readonly mark: (errors: readonly ScenarioError[]) => void;
  /** The cursor to a line and a column, both from 1. */
  readonly goTo: (line: number, column: number) => void;
};

/** More offers than these nobody reads. */
const offersMax = 100;

/** A mapping that an offer opens is closed behind the cursor. */
const apply =
  ({ insert }: Completion) =>
  (view: EditorView, _: unknown, from: number, to: number): void => {
    const isOpen = insert.startsWith('{') && view.state.doc.lineAt(to).to === to;
    view.dispatch({
      changes: { from, to, insert: isOpen ? `${insert} }` : insert },
      selection: { anchor: from + insert.length },
      userEvent: 'input.complete',
    });
    if (insert.endsWith(' ')) startCompletion(view);
  };

const completing =
  ({ complete }: Around) =>
  async (context: {
    readonly state: EditorState;
    readonly pos: number;
    readonly explicit: boolean;
  }): Promise<CompletionResult | null> => {
    const offers = await complete(context.state.doc.toString(), context.pos);
    const [first] = offers;
    if (first === undefined) return null;
    const typed = context.state.sliceDoc(first.from, context.pos);
    // Where all of it is written, or nothing is and nobody asked, there is nothing to say.
    if (
      !context.explicit &&
      (typed === ''
        ? !/[:{,-] $/.test(context.state.sliceDoc(Math.max(0, context.pos - 2), context.pos))
        : offers.length === 1 && first.label === typed)
    )
      return null;
    return {
      from: first.from,
      filter: false,
      options: offers.slice(0, offersMax).map((one) => ({
        label: one.label,
        ...(one.detail === '' ? {} : { info: () => make('div', {}, one.detail) }),
        apply: apply(one),
      })),
    };
  };

const hovering = ({ explain }: Around) =>
  hoverTooltip(async (view, pos) => {
    const told = await explain(view.state.doc.toString(), pos);
    if (told === null || told.from > pos || told.to < pos) return null;
    const dom = make('div', { class: 'told' }, make('b', {}, told.title), make('p', {}, told.text));
    return { pos: told.from, end: told.to, above: true, create: () => ({ dom }) };
  });

const files = ({ dropped }: Around) =>
  EditorView.domEventHandlers({
    drop: (event) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return false;
      event.preventDefault();
      dropped(file);
      return true;
    },
  });

/** `errors` as marks in the text: each from its place to the end of the word there. */
const diagnosticsOf = (state: EditorState, errors: readonly ScenarioError[]): readonly Diagnostic[] =>
  errors.flatMap(({ line, column, message, expected, nearest }) => {
    if (line > state.doc.lines) return [];
    const { from, to, text } = state.doc.line(line);
    const begin = Math.min(from + column - 1, to);
    const word = /^[^\s,:{}[\]]+/.exec(text.slice(column - 1))?.[0].length ?? 1;
    const help = nearest === null ? `Expected ${expected}.` : `Did you mean “${nearest}”?`;
    return [
      { from: begin, to: Math.min(begin + word, to), severity: 'error' as const, message: `${message}. ${help}` },
    ];
  });

/** Mounts the editor within `host`, in a shadow root: there its styles are sheets of their own, which the policy of the site lets through. */
export const textEditor = (host: HTMLElement, label: string, around: Around): TextEditor => {
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: '',
      extensions: [
        theme,
        syntaxHighlighting(colours),
        coloured,
        indentUnit.of('  '),
        history(),
        lineNumbers(),
        highlightActiveLine(),
        bracketMatching(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        autocompletion({ override: [completing(around)], icons: false, activateOnTypingDelay: 120 }),
        hovering(around),
        files(around),
        // Escape, then Tab leaves the editor: that is its own.
        keymap.of([
          { key: 'Tab', run: acceptCompletion },
          { key: 'Tab', run: indentMore, shift: indentLess },
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) around.changed(update.state.doc.toString());
          if (update.docChanged || update.selectionSet) around.moved();
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    cursor: () => view.state.selection.main.head,
    replace: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
      view.scrollDOM.scrollTop = 0;
    },
    splice: ({ from, to, insert }) => {
      view.dispatch({
        changes: { from, to, insert },
        userEvent: 'input.story',
        effects: EditorView.scrollIntoView(from),
      });
    },
    mark: (errors) => view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, errors))),
    goTo: (line, column) => {
      const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      const anchor = Math.min(from + column - 1, to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
  };
};
