import { join } from 'node:path';
import type { Command } from '../command.ts';
import { type Commands, completionScript, shells, wordsThatSuit } from '../completing.ts';
import { packageFolder } from '../io.ts';
import { Mistake, misnamed, print } from '../terminal.ts';

export const completion = (commands: Commands): Command => ({
  usage: 'completion bash|zsh|fish',
  text: 'A script by which a shell completes commands, flags and names: source <(npx hearsay completion bash); fish: npx hearsay completion fish | source',
  flags: {},
  names: () => shells,
  isLineBegun: ([first]) => first === 'words',
  run: async ({ words }) => {
    const [shell, ...rest] = words;
    // What the scripts ask: all that follows is a line somebody has begun.
    if (shell === 'words') {
      for (const word of await wordsThatSuit(commands, rest)) print(word);
      return 0;
    }
    if (shell === undefined || rest.length > 0) throw new Mistake(`one of ${shells.join(', ')} expected`);
    // This Node and this file: a shell finds neither by name where the package is installed in a project.
    const asks = [process.execPath, join(packageFolder, 'sim/cli/hearsay.mjs'), 'completion', 'words', '--'];
    const script = completionScript(shell, asks);
    if (script === null) throw misnamed(`no shell “${shell}”`, shell, shells, `: one of ${shells.join(', ')} expected`);
    print(script);
    return 0;
  },
});
