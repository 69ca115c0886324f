/** What people say of what runs show: `scenarios/findings.yml`, written by hand. */

import { type Quoted, specification } from './sources.ts';

/** A section's introduction, and what is to be said of its entries, by their ids. */
export type Section = { readonly intro: string; readonly of: Readonly<Record<string, string>> };

/** A finding that a reviewer should meet first. */
export type First = {
  /** Its address on the site, which stays when the title is worded anew. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The sentences that it speaks of. */
  readonly speaksOf: readonly Quoted[];
  /** What production does, where that was looked at; empty: nobody has. */
  readonly production: string;
  /** Stories that show it, each as it is written or with an entry of its `without` turned. */
  readonly shows: readonly { readonly scenario: string; readonly without: string | null }[];
  /** What to type to see more. */
  readonly command: string;
};

export const sectionNames = ['unmissed', 'masks', 'may', 'readings', 'revised', 'interactions', 'clients'] as const;
export type SectionName = (typeof sectionNames)[number];
export type Comments = {
  readonly intro: string;
  readonly first: readonly First[];
  readonly sections: Readonly<Record<SectionName, Section>>;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textAt = (value: unknown, name: string): string => {
  const found = isRecord(value) ? value[name] : undefined;
  return typeof found === 'string' ? found.trim() : '';
};
const listAt = (value: unknown, name: string): readonly unknown[] => {
  const found = isRecord(value) ? value[name] : undefined;
  return Array.isArray(found) ? found : [];
};

/** Whoever comes after has to find the sentence: none is left without a place and words. */
const quotedIn = (data: unknown): Quoted => {
  const sentence = isRecord(data) ? data.sentence : undefined;
  const [of, section, words] = ['of', 'section', 'words'].map((name) => textAt(data, name));
  const isKnown = of === specification || /^MSC\d+$/.test(of ?? '');
  if (!isKnown || !of || !section || !words || typeof sentence !== 'number')
    throw new Error(`scenarios/findings.yml speaks of no clause that can be found: ${JSON.stringify(data)}`);
  return { of, section, sentence, words };
};

const slugIn = (data: unknown): string => {
  const id = textAt(data, 'id');
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
    throw new Error(`scenarios/findings.yml has no id that can be an address for “${textAt(data, 'title')}”`);
  return id;
};

/** Comments out of the YAML's plain data. What is left out is empty. */
export const readComments = (data: unknown): Comments => ({
  intro: textAt(data, 'intro'),
  first: listAt(data, 'first').map((one) => ({
    id: slugIn(one),
    title: textAt(one, 'title'),
    text: textAt(one, 'text'),
    production: textAt(one, 'production'),
    speaksOf: listAt(one, 'speaksOf').map(quotedIn),
    command: textAt(one, 'command'),
    shows: listAt(one, 'shows').map((story) => ({
      scenario: textAt(story, 'scenario'),
      without: textAt(story, 'without') || null,
    })),
  })),
  sections: Object.fromEntries(
    sectionNames.map((name): [SectionName, Section] => {
      const section = isRecord(data) ? data[name] : undefined;
      const of = isRecord(section) && isRecord(section.of) ? section.of : {};
      return [
        name,
        {
          intro: textAt(section, 'intro'),
          of: Object.fromEntries(Object.keys(of).map((id) => [id, textAt(of, id)])),
        },
      ];
    }),
  ) as Readonly<Record<SectionName, Section>>,
});
