import { glossary, type Term } from '../glossary.ts';

const line = ({ term, means, not = [] }: Term): string =>
  `| **${term}** | ${means}${not.length === 0 ? '' : ` *Not: ${not.join(', ')}.*`} |`;

/** `GLOSSARY.md`. */
export const glossaryPage = (): string =>
  [
    '# Glossary',
    '',
    'One word, one thing. Event types, fields, endpoints and error codes are Matrix’s own and are not explained here. Written from',
    '`sim/ledger/glossary.ts` by `npm run reference`; a test holds the names in the code and the words of the site to it.',
    '',
    ...glossary.flatMap(({ title, terms }) => [
      `## ${title}`,
      '',
      '| word | means |',
      '|---|---|',
      ...terms.map(line),
      '',
    ]),
  ].join('\n');
