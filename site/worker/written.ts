/** What a text that somebody is writing says by now: read once for all that is asked of it. */
import { memo } from '../../machines/memo.ts';
import type { Scenario } from '../../sim/engine/types.ts';
import { type ParsedScenario, parseScenario } from '../../sim/scenario/parse.ts';

// A text is asked about again and again while it is written.
const parsed = memo<ParsedScenario>(4);

/** Its name as a file: `a-stolen-token`, from its title. */
const nameOf = ({ title }: Pick<Scenario, 'title'>): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '') || 'scenario';

/** The scenario that a text is, under a name made of its title, or all that is wrong with it. */
export const written = (text: string): ParsedScenario =>
  parsed(text, () => {
    const read = parseScenario(text, 'draft');
    return read.ok ? { ok: true, scenario: { ...read.scenario, id: nameOf(read.scenario) } } : read;
  });
