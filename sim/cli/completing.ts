/** What a shell can write for people: the words that may stand at the end of a line, and the scripts by which shells ask for them. */
import type { Command } from './command.ts';

export type Commands = ReadonlyMap<string, () => Promise<Command>>;

/** What a flag takes where that is one of a few words: those of `real|symbolic`. Files and other values are the shell's. */
const valuesOf = (value: string): readonly string[] => (value.includes('|') ? value.split('|') : []);

/** What may stand at the end of `words`, which begin behind `hearsay`: a command, one of its flags, its value, or a name. */
export const wordsThatSuit = async (commands: Commands, words: readonly string[]): Promise<readonly string[]> => {
  const [name = '', ...rest] = words;
  const begun = words.at(-1) ?? '';
  const beginning = (all: readonly string[]): readonly string[] => all.filter((one) => one.startsWith(begun));
  if (rest.length === 0) return beginning([...commands.keys(), 'help', '--version']);
  if (name === 'help') return rest.length === 1 ? beginning([...commands.keys()]) : [];
  const command = await commands.get(name)?.();
  if (command === undefined) return [];
  const before = /^--(.+)$/.exec(rest.at(-2) ?? '')?.[1] ?? '';
  const value = Object.hasOwn(command.flags, before) ? command.flags[before]?.value : undefined;
  if (value !== undefined) return beginning(valuesOf(value));
  if (begun.startsWith('-')) return beginning([...Object.keys(command.flags), 'help'].map((flag) => `--${flag}`));
  return beginning(command.names?.() ?? []);
};

const inSingleQuotes = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Fish has two characters to escape there. */
const inFishQuotes = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

type Script = (asks: readonly string[]) => string;
/**
 * By shell; `asks` is the command line that prints the words, each part by itself. Whoever has the package in a project types
 * `npx hearsay`, so that is completed too where nobody else completes npx.
 */
const scripts: Readonly<Record<string, Script>> = {
  bash: (asks) => `_hearsay_words() {
  local IFS=$'\\n'
  COMPREPLY=($(${asks.map(inSingleQuotes).join(' ')} "$@" 2>/dev/null))
}
_hearsay() { _hearsay_words "\${COMP_WORDS[@]:1:COMP_CWORD}"; }
_hearsay_npx() { [[ "\${COMP_WORDS[1]}" == hearsay ]] && _hearsay_words "\${COMP_WORDS[@]:2:COMP_CWORD-1}"; }
complete -o default -F _hearsay hearsay
complete -p npx &>/dev/null || complete -o default -F _hearsay_npx npx`,
  zsh: (asks) => `_hearsay_words() {
  local -a found
  found=("\${(@f)$(${asks.map(inSingleQuotes).join(' ')} "$@" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -a found || _files
}
_hearsay() { _hearsay_words "\${(@)words[2,CURRENT]}" }
_hearsay_npx() { [[ "\${words[2]}" == hearsay ]] && (( CURRENT > 2 )) && _hearsay_words "\${(@)words[3,CURRENT]}" || _files }
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _hearsay hearsay
(( $+_comps[npx] )) || compdef _hearsay_npx npx`,
  fish: (asks) => `function __hearsay_words --argument-names from
  set -l line (commandline -opc)
  ${asks.map(inFishQuotes).join(' ')} $line[$from..-1] (commandline -ct) 2>/dev/null
end
complete -c hearsay -a '(__hearsay_words 2)'
complete -c npx -n 'test (commandline -opc)[2] = hearsay' -a '(__hearsay_words 3)'`,
};

export const shells: readonly string[] = Object.keys(scripts);

/** What a shell reads to complete hearsay; `null` for one that is not known. */
export const completionScript = (shell: string, asks: readonly string[]): string | null =>
  Object.hasOwn(scripts, shell) ? (scripts[shell]?.(asks) ?? null) : null;
