/** The MAYs a client can choose, by name, as the folders of `machines/` have them. */
import { PLAYS_LIKE, profiles } from '../../machines/profiles.ts';
import { register } from '../../machines/register.ts';
import type { Option, OptionKind } from '../../machines/registration.ts';

export type { OptionKind } from '../../machines/registration.ts';

export const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...register.flatMap((folder) => Object.entries(folder.options ?? {})),
  // How a client syncs is no chart's.
  [
    PLAYS_LIKE,
    {
      kind: { is: 'one of', words: profiles.map(({ name }) => name) },
      text: 'A client in use: the names, readings, options and missing clauses that were measured of it.',
    },
  ],
  ['lazy members', { kind: { is: 'switch' }, text: 'Whether a sync leaves out members who said nothing.' }],
]);

export { identifierForms } from '../../machines/names.ts';

/** What a kind of option can be set to, where that is one of a few. */
export const valuesOf = (kind: OptionKind): readonly (string | boolean)[] => {
  switch (kind.is) {
    case 'switch':
      return [true, false];
    case 'one of':
      return kind.words;
    case 'count':
    case 'words':
      return [];
  }
};

/** Options that can be turned, with what each can be set to. */
export const optionChoices: ReadonlyMap<string, readonly (string | boolean)[]> = new Map(
  [...options].map(([name, { kind }]) => [name, valuesOf(kind)] as const).filter(([, values]) => values.length > 0),
);
