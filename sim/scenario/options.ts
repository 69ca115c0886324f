/** The MAYs a client can choose, by name, as the folders of `machines/` have them. */
import { register } from '../../machines/register.ts';
import type { Option } from '../../machines/registration.ts';

export type { OptionKind } from '../../machines/registration.ts';

export const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...register.flatMap((folder) => Object.entries(folder.options ?? {})),
  // How a client syncs is no chart's.
  ['lazy members', { kind: { is: 'switch' }, text: 'Whether a sync leaves out members who said nothing.' }],
]);

export { identifierForms } from '../../machines/names.ts';
