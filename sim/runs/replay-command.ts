/** What people type to see a run again, in a clone or wherever the package is installed. `line`: of `formatTrace` or `formatWritten`. */
export const replayCommand = (line: string): string => `npx hearsay replay '${line}'`;
