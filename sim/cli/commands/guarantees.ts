import { type GuaranteeId, guaranteeIds, guaranteeText } from '../../../machines/guarantee-texts.ts';
import type { Expectation, Scenario } from '../../engine/types.ts';
import type { Command } from '../command.ts';
import { guaranteeLines, guaranteeNamed } from '../guarantee-lines.ts';
import { scenariosFor } from '../library.ts';
import { bold, dim, plural, print, printJson, verdictWord } from '../terminal.ts';

/** A story of the library that claims something of a guarantee: as it is written, and with how many of its settings turned it breaks. */
type Claimed = { readonly scenario: Scenario; readonly asWritten: Expectation | undefined; readonly breaking: number };

const claimsOf = (id: GuaranteeId, library: readonly Scenario[]): readonly Claimed[] =>
  library.flatMap((scenario) => {
    const ofIt = (expect: readonly Expectation[]) => expect.find(({ guarantee }) => guarantee === id);
    const asWritten = ofIt(scenario.expect);
    const turned = scenario.without.flatMap(({ expect }) => ofIt(expect) ?? []);
    const breaking = turned.filter(({ verdict }) => verdict === 'breaks').length;
    return asWritten === undefined && turned.length === 0 ? [] : [{ scenario, asWritten, breaking }];
  });

const plain = (id: GuaranteeId, claims: readonly Claimed[]) => ({
  id,
  ...guaranteeText(id),
  scenarios: claims.map(({ scenario, asWritten, breaking }) => ({
    scenario: scenario.id,
    asWritten: asWritten?.verdict ?? null,
    breaksWithout: breaking,
  })),
});

const claimLines = (claims: readonly Claimed[]): readonly string[] => {
  const fallen = claims.flatMap(({ scenario, asWritten }) =>
    asWritten?.verdict === 'breaks' || asWritten?.verdict === 'accepted' ? [{ scenario, ...asWritten }] : [],
  );
  const turned = claims.reduce((sum, { breaking }) => sum + breaking, 0);
  return [
    `  ${dim('in the library:')} ${plural(claims.length, 'scenario claims', 'scenarios claim')} something of it; it breaks ${plural(turned, 'time', 'times')} where a setting is turned`,
    ...(fallen.length === 0 ? [] : [`  ${dim('falls in these as they are written:')}`]),
    ...fallen.map(({ scenario, verdict }) => `    ${verdictWord(verdict)}  ${scenario.title}  ${dim(scenario.id)}`),
  ];
};

export const guarantees: Command = {
  usage: 'guarantees [NAME …] [--json]',
  text: 'What people may rely on: each guarantee in full; of one that is named also what it means if it breaks, for whom, and where it does.',
  flags: { json: { type: 'boolean', text: 'all of it, as JSON' } },
  names: () => guaranteeIds,
  run: ({ words, flags }) => {
    const named = words.map(guaranteeNamed);
    if (flags.json !== true && named.length === 0) {
      for (const id of guaranteeIds) {
        const { short, promise } = guaranteeText(id);
        print(`${bold(id)}  ${dim(short)}`);
        print(`  ${promise}`);
      }
      print('');
      print('hearsay guarantees NAME says what it means if it breaks, for whom, and where it does');
      return 0;
    }
    const library = scenariosFor([]).map(({ scenario }) => scenario);
    const told = (named.length === 0 ? guaranteeIds : named).map((id) => ({ id, claims: claimsOf(id, library) }));
    if (flags.json === true) printJson(told.map(({ id, claims }) => plain(id, claims)));
    else
      for (const { id, claims } of told)
        for (const line of [...guaranteeLines(id), ...claimLines(claims), '']) print(line);
    return 0;
  },
};
