/** The kinds of files that commands write, each as it shows at first sight: what is of another kind, or of people's own, is not written over. */
import { createHash } from 'node:crypto';
import { objectIn } from '../../machines/json.ts';

export type FileKind = {
  /** With its article, as a sentence has it. */
  readonly is: string;
  readonly isOf: (text: string) => boolean;
  /** Of a kind that people write too: whether nobody has changed it since a command wrote it. Usual: true. */
  readonly isAsWritten?: (text: string) => boolean;
};

/** JSON with these members. */
const jsonWith = (is: string, ...members: readonly string[]): FileKind => ({
  is,
  isOf: (text) => {
    const value = objectIn(text);
    return value !== null && members.every((name) => Object.hasOwn(value, name));
  },
});
const begun = (is: string, begins: RegExp): FileKind => ({ is, isOf: (text) => begins.test(text) });

const markBegins = '# As hearsay wrote it (';
/** A scenario with a last line by which it is known later whether anybody wrote on in it. @param text ends with its line */
export const markedScenario = (text: string): string => {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${text}${markBegins}${digest}): it is written over only as long as nobody changes it.\n`;
};
export const aScenario: FileKind = {
  is: 'a scenario',
  isAsWritten: (text) => {
    const at = text.lastIndexOf(`\n${markBegins}`) + 1;
    return at > 0 && text === markedScenario(text.slice(0, at));
  },
  isOf: (text) => /^title:/m.test(text) && /^(?:story|explore):/m.test(text),
};
export const aReport = begun('a JUnit report', /^\s*<\?xml[^>]*>\s*<testsuites?\b/);
export const anAblation = jsonWith('an ablation', 'bounds', 'arenas', 'rows');
export const aClauseMeasure = jsonWith('what clients --clauses writes', 'client', 'day', 'clauses');
export const aSweepReport = jsonWith('the report of a sweep', 'hearsay', 'plan', 'rows');
export const aRecord = begun('a record of a sweep', /^\{"hearsay":/);
export const findingsDocument = begun('a document of hearsay findings', /^# Findings\n/);
export const aServerLog = begun('a log of hearsay serve', /^\{"users":\[/);
export const aSearch = jsonWith('a search that was kept', 'search', 'kept');
export const aTranscript = begun('a transcript', /^[^\n]*\nscenario: /);

/** By the format of `hearsay export`. */
export const exportKinds: Readonly<Record<string, FileKind>> = {
  svg: begun('a picture (SVG)', /^\s*(?:<\?xml[^>]*>\s*)?<svg\b/),
  mermaid: begun('a diagram of Mermaid', /^(?:---\n[^\n]*\n---\n)?sequenceDiagram\n/),
  shiviz: { is: 'a log of ShiViz', isOf: (text) => /^\S+ \{"[^"\n]+":\d+[^\n]*\}$/m.test(text) },
  itf: jsonWith('a trace in ITF', '#meta', 'states'),
  json: jsonWith('a run as JSON', 'replay', 'scenario'),
  text: aTranscript,
  comment: {
    is: 'a comment of hearsay export',
    isOf: (text) => /^\*\*.*\*\*/.test(text) && text.includes('npx hearsay replay '),
  },
};
