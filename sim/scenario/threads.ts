/** Where a story was told first: addresses of public threads, as plain data. Nothing here is ever fetched. */
import { asList, asWord, type Report } from './reader.ts';
import { quoted } from './showing.ts';
import type { Tree } from './yaml.ts';

/** Where the people of Matrix talk in public. */
export const threadHosts = ['github.com', 'matrix.org', 'spec.matrix.org', 'www.cve.org'] as const;
export const threadsMax = 12;

const expected = `an https address at ${threadHosts.join(', ')}`;
/** No port, no user, no escapes: what stands there is what is opened. `pattern` of the schema too. */
export const threadForm = `^https://(${threadHosts.map((host) => host.replaceAll('.', '\\.')).join('|')})/[A-Za-z0-9/_.?=#-]+$`;
const isThread = (address: string): boolean => new RegExp(threadForm).test(address);

/** The addresses of a list; what is none of them is reported and left out. */
export const readThreads = (report: Report, tree: Tree): readonly string[] => {
  const items = asList(
    report,
    tree,
    'a list of public threads, as in [https://github.com/matrix-org/matrix-spec/issues/1]',
  );
  if (items.length > threadsMax) report(tree.at, `${items.length} threads are too many`, `at most ${threadsMax}`);
  return items.flatMap((item) => {
    const address = asWord(report, item, expected);
    if (address === null) return [];
    if (isThread(address)) return [address];
    report(item.at, `${quoted(address)} is no public thread`, expected);
    return [];
  });
};
