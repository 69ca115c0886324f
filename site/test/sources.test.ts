import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerClauses, ledgerQuestions } from '../../machines/ledger.ts';
import { ledgerProposals } from '../../machines/standing.ts';
import type { Scenario } from '../../sim/engine/types.ts';
import { threadWords } from '../../sim/ledger/links.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { threadHosts } from '../../sim/scenario/threads.ts';
import { type Link, linksOf, linksOfProposal, sourceOf } from '../sources.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const stories: readonly Scenario[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .map((path) => {
    const id = path.replace(/\.yaml$/, '');
    const parsed = parseScenario(readFileSync(join(folder, path), 'utf8'), id);
    if (!parsed.ok) throw new Error(`${path} does not parse`);
    return parsed.scenario;
  });
const scenarioOf = (id: string): Scenario => {
  const found = stories.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scenario “${id}”`);
  return found;
};

/** What is wrong with the ways out of something. */
const faultsIn = (links: readonly Link[]): readonly string[] => [
  ...(links.length === 0 ? ['nothing leads out'] : []),
  ...links
    .filter(
      ({ href }) =>
        !URL.canParse(href) ||
        new URL(href).protocol !== 'https:' ||
        !threadHosts.some((host) => host === new URL(href).host),
    )
    .map(({ href }) => `not outside, or unknown: ${href}`),
  ...links.filter(({ text }) => text.trim() === '' || /[`[\]]/.test(text)).map(({ href }) => `no words for ${href}`),
  ...(new Set(links.map(({ href }) => href)).size === links.length ? [] : ['the same twice']),
];

describe('the ways out', () => {
  it('are there for every clause, question, proposal and scenario', () => {
    const all: readonly (readonly [string, readonly Link[]])[] = [
      ...ledgerClauses.map((clause) => [clause.id, linksOf({ clause })] as const),
      ...ledgerQuestions.map((question) => [question.id, linksOf({ question })] as const),
      ...ledgerProposals.map(({ id }) => [id, linksOfProposal(id)] as const),
      ...stories.map((scenario) => [scenario.id, linksOf({ scenario })] as const),
    ];
    expect(all.length).toBeGreaterThan(700);
    expect(all.flatMap(([id, links]) => faultsIn(links).map((fault) => `${id}: ${fault}`))).toEqual([]);
  });

  it('of an incident begin with the threads in which it was talked about', () => {
    const links = linksOf({ scenario: scenarioOf('incidents/history-after-leaving') });
    expect(links[0]).toEqual({
      text: 'element-hq/element-meta 3078',
      href: 'https://github.com/element-hq/element-meta/issues/3078',
    });
    expect(links.map(({ text }) => text)).toContain('The pull request of MSC4268');
    expect(threadWords('https://www.cve.org/CVERecord?id=CVE-2022-39252')).toBe('CVE-2022-39252');
  });

  it('are there for all incidents that name a thread in their own words', () => {
    const told = stories.filter(({ why }) =>
      /\b(?:element-(?:meta|web)|synapse|matrix-js-sdk|matrix-rust-sdk|mautrix-go)(?: PR)? \d{3,5}\b|CVE-\d/.test(why),
    );
    expect(told.length).toBeGreaterThan(15);
    const missing = told.filter(({ why, threads = [] }) =>
      [...why.matchAll(/(?<=\s|\()(\d{3,5})(?=[\s,.):])/g)].some(
        ([, number]) => Number(number) !== 2024 && !threads.some((address) => address.endsWith(`/${number}`)),
      ),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
    expect(told.filter(({ threads }) => threads === undefined).map(({ id }) => id)).toEqual([]);
  });

  it('of a proposal lead to each of its texts at the commit that is meant', () => {
    expect(linksOfProposal('MSC4385').map(({ text }) => text)).toEqual([
      'The pull request of MSC4385',
      'MSC4385, send-variant',
      'MSC4385, push-variant',
      'MSC4385, pr-head',
    ]);
  });

  it('to a scenario’s own file stay on this site as long as no code host is named', () => {
    const { href } = sourceOf({ scenario: scenarioOf('incidents/history-after-leaving') });
    const named: { readonly repository?: string } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'));
    expect(href).toBe(
      named.repository === undefined
        ? '/scenarios/incidents/history-after-leaving/scenario.yaml'
        : `${named.repository}/blob/main/scenarios/incidents/history-after-leaving.yaml`,
    );
  });
});
