/** The reference pages, each made from the table that the program goes by: what stands in them is what runs. */
import { guaranteeIds, guaranteeText } from '../../machines/guarantee-texts.ts';
import type { OptionKind } from '../../machines/registration.ts';
import { roles } from '../attackers/roles/index.ts';
import { guarantees } from '../guarantees/index.ts';
import { glossaryPage } from '../ledger/reference/glossary-page.ts';
import { options } from '../scenario/options.ts';
import { refusedUsage } from '../scenario/refused.ts';
import { usageOf } from '../scenario/story.ts';
import { formsOf } from '../verbs/forms.ts';
import type { Actor } from '../verbs/verb.ts';
import { kinds } from './open/kinds.ts';
import { exitCodeWords, stoppedWords } from './outcome.ts';

const madeFrom = (where: string): string => `Written from ${where} by \`npm run reference\`; a test holds it to that.`;
const page = (title: string, where: string, lines: readonly string[]): string =>
  [`# ${title}`, '', madeFrom(where), '', ...lines, ''].join('\n');
/** In a cell of a table a bar would begin the next one. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

const honest: readonly (readonly [Actor, string])[] = [
  ['device', 'One logged-in client of one user: `alice.phone`.'],
  ['person', 'Who holds the devices: `alice`.'],
  ['everyone', 'All of them together.'],
  ['server', 'An honest homeserver, on a bad day.'],
];

const verbsPage = (): string =>
  page('Verbs', 'the register of verbs', [
    'What a line of a story can say, by who may act it. `npx hearsay verbs` lists the same.',
    '',
    ...[...honest, ...roles.map(({ plays, text }) => [plays, text] as const)].flatMap(([actor, text]) => {
      const may = formsOf(actor);
      const rows = may.map((verb) => [`\`${usageOf(verb)}\``, verb.text]);
      return may.length === 0 ? [] : [`## ${actor}`, '', text, '', ...table(['line', 'what it does'], rows), ''];
    }),
    `Beside the arguments of any verb a line can expect to be refused: \`refused: ${refusedUsage}\`.`,
  ]);

const attackersPage = (): string =>
  page('Attackers', 'the register of roles', [
    'What an attacker of a cast can play: `mallory: { plays: stolen-token, of: alice }`.',
    '',
    ...table(
      ['plays', 'of', 'what it is', 'it has', 'it may'],
      roles.map(({ plays, of, optional, text, has, may }) => [
        `\`${plays}\``,
        `${of.join(' or ')}${optional ? ' (may be left out)' : ''}`,
        text,
        has,
        may,
      ]),
    ),
  ]);

const guaranteesPage = (): string =>
  page('Guarantees', '`machines/ledger/guarantees.json`', [
    'What people may rely on. *always* is judged at every step, *finally* once all is quiet.',
    '',
    ...guaranteeIds.flatMap((id) => {
      const { short, promise, ifBroken, forWhom, shadow } = guaranteeText(id);
      const judged = guarantees.find((guarantee) => guarantee.id === id);
      const accepts = judged?.accepts ?? [];
      return [
        `## ${id}`,
        '',
        `*${short}.* ${promise}`,
        '',
        `- if it breaks: ${ifBroken}`,
        `- for whom: ${forWhom}`,
        `- shadow: ${shadow}`,
        `- judged: ${judged?.kind ?? 'never'}`,
        ...(accepts.length === 0
          ? []
          : [`- clauses that can concede a break: ${accepts.map((one) => `\`${one}\``).join(', ')}`]),
        '',
      ];
    }),
  ]);

const valuesOf = (kind: OptionKind): string => {
  switch (kind.is) {
    case 'switch':
      return '`true` or `false`';
    case 'one of':
      return kind.words.map((word) => `\`${word}\``).join(', ');
    case 'words':
      return `a list of ${kind.what}`;
    case 'count':
      return `1 to ${kind.max}`;
  }
};

const optionsPage = (): string =>
  page('Options', 'the registrations of `machines/`', [
    'What a text leaves to the client, as scenarios set it: `dials: { options: { … } }`.',
    '',
    ...table(
      ['option', 'values', 'what it does'],
      [...options].map(([option, { kind, text }]) => [`\`${option}\``, valuesOf(kind), text]),
    ),
  ]);

const exitCodesPage = (): string =>
  page('Exit codes', '`sim/cli/outcome.ts`', [
    'What a command comes to. Of several outcomes the highest counts.',
    '',
    ...table(
      ['code', 'means'],
      exitCodeWords.map((words) => [words.slice(0, 1), words.slice(1).trim()]),
    ),
    '',
    'Where a command is told to stop, with Ctrl+C or SIGTERM:',
    '',
    ...table(['command', 'ends with'], stoppedWords),
  ]);

const openPage = (): string =>
  page('Files that hearsay open knows', '`sim/cli/open/kinds.ts`', [
    'What people have at hand of a client or a homeserver: `npx hearsay open FILE` says what it is, what is inside as far as keys are given,',
    'and with `--out FILE` writes a scenario to start from. Secrets come from a file, from standard input (`-`) or from the environment',
    '(`env:NAME`), and are never printed.',
    '',
    ...table(
      ['what it is', 'known by', 'opened by', 'a scenario', 'specified in'],
      Object.values(kinds).map(({ is, knownBy, openedBy, scenario, spec }) => [
        is,
        knownBy,
        openedBy === '' ? 'nothing has to' : openedBy,
        scenario,
        `[${spec.replace(/^https?:\/\/([^/]+).*?(?:#(.*))?$/, (_all, host: string, section?: string) => section ?? host)}](${spec})`,
      ]),
    ),
    '',
    'At most 32 MiB are read, and a passphrase is stretched at most three million times.',
  ]);

/** Path from the root → text. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['GLOSSARY.md', glossaryPage()],
    ['docs/reference/verbs.md', verbsPage()],
    ['docs/reference/attackers.md', attackersPage()],
    ['docs/reference/guarantees.md', guaranteesPage()],
    ['docs/reference/options.md', optionsPage()],
    ['docs/reference/exit-codes.md', exitCodesPage()],
    ['docs/reference/open.md', openPage()],
  ]);
