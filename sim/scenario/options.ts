/** The MAYs a client can choose, by name, and what devices are where a file says nothing: as the folders of `machines/` have it. */
import { ledgerProposals } from '../../machines/ledger.ts';
import { register } from '../../machines/register.ts';
import type { Option, Proposal } from '../../machines/registration.ts';

export type { OptionKind } from '../../machines/registration.ts';

export const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...register.flatMap((folder) => Object.entries(folder.options ?? {})),
  // How a client syncs is no chart's.
  ['lazy members', { kind: { is: 'switch' }, text: 'Whether a sync leaves out members who said nothing.' }],
]);

const byDefault = (proposals: readonly Proposal[]): Readonly<Record<string, string>> =>
  Object.fromEntries(proposals.flatMap(({ id, byDefault: text }) => (text === undefined ? [] : [[id, text]])));

/** What devices implement when a file says nothing. What is not named here is not implemented. */
export const implementedByDefault: Readonly<Record<string, string>> = byDefault(
  ledgerProposals.filter(({ isAboutRooms }) => isAboutRooms !== true),
);

/** The same where there are rooms: what is about rooms says nothing anywhere else. */
export const implementedInRooms: Readonly<Record<string, string>> = byDefault(ledgerProposals);

export { identifierForms } from '../../machines/names.ts';
