/** What a verb of a story is. */
import type { Arg } from './arguments.ts';

/** Who acts: a device, its person, a server, everyone together, or an attacker by what it plays. */
export type Actor = 'device' | 'person' | 'server' | 'everyone' | (string & {});

export type Verb = {
  readonly verb: string;
  readonly by: readonly Actor[];
  /** The verb's own argument; `null` when it has none. */
  readonly takes: Arg | null;
  readonly more: Readonly<Record<string, Arg>>;
  readonly text: string;
};

export const verb = (
  name: string,
  by: readonly Actor[],
  text: string,
  takes: Arg | null = null,
  more: Readonly<Record<string, Arg>> = {},
): Verb => ({ verb: name, by, takes, more, text });
