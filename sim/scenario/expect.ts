/** Expected verdicts: claims that a person stands behind, of the story as it is and with settings turned. */
import { clausesOf } from '../../machines/acceptances.ts';
import { type GuaranteeId, guaranteeIds, isGuaranteeId } from '../../machines/guarantee-texts.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Expectation, PlayerId, Verdict, Without } from '../engine/types.ts';
import { clauses } from './ledger.ts';
import { asMapping, asNameOf, asWord, fieldsOf, knows, may, type Report } from './reader.ts';
import { secretGuarantees } from './secret-names.ts';
import { quoted } from './showing.ts';
import { readTurns, type Turnable } from './turns.ts';
import { turnsKey } from './written.ts';
import type { Entry, Tree } from './yaml.ts';

export const verdicts: readonly Verdict[] = ['holds', 'breaks', 'happens', 'never', 'unsettled', 'accepted'];

const withoutMax = 60;

const claim = (guarantee: GuaranteeId, verdict: Verdict): Expectation => ({
  guarantee,
  verdict,
  at: null,
  by: null,
  shadow: 'happens',
});

const readGuarantee = (report: Report, { at, key }: Entry): GuaranteeId | null =>
  knows(report, at, key, 'a guarantee', guaranteeIds) && isGuaranteeId(key) ? key : null;

/** Whom and what a claim can name. */
export type Nameable = {
  /** Anybody at whom a guarantee can break. */
  readonly players: readonly PlayerId[];
  /** Secrets by name. */
  readonly secrets: readonly string[];
};

/** One claim, or a list of several, each about another secret. */
const readExpectations = (report: Report, entry: Entry, named: Nameable): readonly Expectation[] => {
  const { value } = entry;
  const guarantee = readGuarantee(report, entry);
  if (value.is !== 'list') return [readExpectation(report, entry, guarantee, named)].flatMap((one) => one ?? []);
  if (value.items.length === 0) report(value.at, 'nothing is expected of it', 'one claim, or a list of them');
  const seen = new Set<string | undefined>();
  return value.items.flatMap((item) => {
    const one = readExpectation(report, { ...entry, value: item }, guarantee, named);
    if (one === null) return [];
    if (seen.has(one.of)) report(item.at, 'two claims about the same', 'each secret (of: …) once');
    seen.add(one.of);
    return [one];
  });
};

const readExpectation = (
  report: Report,
  entry: Entry,
  guarantee: GuaranteeId | null,
  named: Nameable,
): Expectation | null => {
  if (entry.value.is !== 'mapping') {
    const verdict = asNameOf(report, entry.value, 'a verdict', verdicts);
    if (verdict === 'accepted' && guarantee !== null && clausesOf(guarantee).length === 0)
      return neverAccepted(report, entry.value.at, guarantee, []);
    return guarantee !== null && verdict !== null ? claim(guarantee, verdict as Verdict) : null;
  }
  const fields = fieldsOf(report, entry.value, 'an expectation', may(...verdicts, 'shadow', 'of'));
  const said = verdicts.flatMap((verdict) => (fields[verdict] === undefined ? [] : [fields[verdict]]));
  const [first, second] = said;
  if (first === undefined || second !== undefined) {
    const at = second?.at ?? entry.value.at;
    report(at, `${said.length === 0 ? 'no verdict' : 'two verdicts'} for one guarantee`, 'one verdict');
    return null;
  }
  const verdict = first.key as Verdict;
  const where = readWhere(report, first, verdict, guarantee, named.players);
  const of = fields.of === undefined ? undefined : readSecret(report, fields.of, guarantee, named.secrets);
  const shadow =
    fields.shadow === undefined
      ? 'happens'
      : asNameOf(report, fields.shadow.value, 'happens or never', ['happens', 'never']);
  if (guarantee === null || where === null || shadow === null || of === null) return null;
  return {
    ...claim(guarantee, verdict),
    ...where,
    ...(of === undefined ? {} : { of }),
    shadow: shadow === 'never' ? 'never' : 'happens',
  };
};

/** The secret that a claim is about, for guarantees that are judged secret by secret. */
const readSecret = (
  report: Report,
  { value, at }: Entry,
  guarantee: GuaranteeId | null,
  secrets: readonly string[],
): string | null => {
  if (guarantee === null || secretGuarantees.includes(guarantee)) return asNameOf(report, value, 'a secret', secrets);
  report(at, `${quoted(guarantee)} is not judged secret by secret`, `“of” at ${secretGuarantees.join(', ')} alone`);
  return null;
};

/** `true`, the player at whom it happens, or for `accepted` the clause whose text accepts it. */
const readWhere = (
  report: Report,
  { value }: Entry,
  verdict: Verdict,
  guarantee: GuaranteeId | null,
  players: readonly PlayerId[],
): Pick<Expectation, 'at' | 'by'> | null => {
  const accepted = verdict === 'accepted';
  const mayBy = guarantee === null ? [...clauses.keys()] : clausesOf(guarantee);
  if (accepted && mayBy.length === 0) return neverAccepted(report, value.at, guarantee, mayBy);
  if (value.is === 'scalar' && value.value === true) return { at: null, by: null };
  const name = asWord(report, value, accepted ? 'the clause that accepts it' : 'true, or at whom, as in alice.phone');
  if (name === null) return null;
  if (accepted) {
    if (!knows(report, value.at, name, 'a clause', clauses.keys())) return null;
    return mayBy.includes(name) ? { at: null, by: name } : neverAccepted(report, value.at, guarantee, mayBy);
  }
  return knows(report, value.at, name, 'anybody in the story', players) ? { at: name, by: null } : null;
};

/** No text concedes a break of that guarantee by that sentence: the claim could never come true. */
const neverAccepted = (report: Report, at: number, guarantee: GuaranteeId | null, mayBy: readonly ClauseId[]): null => {
  const which = mayBy.length === 0 ? 'no clause' : mayBy.join(', ');
  report(at, `${quoted(guarantee ?? '')} is never accepted so`, `${guarantee} accepts by: ${which}`);
  return null;
};

export const readExpect = (report: Report, tree: Tree, named: Nameable): readonly Expectation[] => {
  const entries = asMapping(report, tree, 'guarantee: verdict')?.entries ?? [];
  if (tree.is === 'mapping' && entries.length === 0) report(tree.at, 'nothing is expected', 'guarantee: verdict');
  return entries.flatMap((entry) => readExpectations(report, entry, named));
};

export const readWithout = (report: Report, tree: Tree, turnable: Turnable, named: Nameable): readonly Without[] => {
  const entries = asMapping(report, tree, 'a turned setting and what it changes')?.entries ?? [];
  if (entries.length > withoutMax) report(tree.at, `${entries.length} variants are too many`, `at most ${withoutMax}`);
  const seen = new Set<string>();
  return entries.slice(0, withoutMax).flatMap((entry): readonly Without[] => {
    const { turns, wrong } = readTurns(entry.key, turnable);
    for (const one of wrong) report(entry.at, one.message, one.expected, one.nearest);
    const expect = readExpect(report, entry.value, named);
    const key = turnsKey(turns);
    if (wrong.length > 0) return [];
    if (seen.has(key)) report(entry.at, `${key} stands here twice`, 'each variant once');
    seen.add(key);
    return [{ key, turns, expect }];
  });
};
