/** The words of this project, each with its one meaning. `GLOSSARY.md` is written from it, and tests hold names and pages to it. */

export type Term = {
  readonly term: string;
  /** What it means, in one or two sentences of Markdown. */
  readonly means: string;
  /** Words for the same thing that are not used here. */
  readonly not?: readonly string[];
};
export type Topic = { readonly title: string; readonly terms: readonly Term[] };

export const glossary: readonly Topic[] = [
  {
    title: 'Who is there',
    terms: [
      {
        term: 'device',
        means:
          'One logged-in client of one user. Honest are devices, homeservers and people, unless a cast says otherwise.',
      },
      {
        term: 'player',
        means:
          'Whoever has a place in the world: a device, a homeserver, an attacker. It hears events and returns effects.',
      },
      {
        term: 'chart',
        means:
          'One XState state machine: one flow of one device, such as the push of a secret or the key bundle of one room.',
      },
      {
        term: 'store',
        means:
          'What a device keeps that more than one chart needs: keys, sessions, device lists, views of rooms, secrets, the backup.',
      },
      {
        term: 'attacker',
        means: 'A player who overhears, may lie, and knows what follows from all it has seen and made.',
      },
      {
        term: 'role',
        means:
          'What an attacker plays (`stolen-token`, `lying-server` …): what it has at the beginning, and which moves it has.',
      },
      { term: 'ghost', means: 'A device that a lying server lists for somebody and that nobody ever logged in.' },
    ],
  },
  {
    title: 'What happens',
    terms: [
      { term: 'world', means: 'Everything there is at one moment, as one immutable JSON value.' },
      {
        term: 'choice',
        means:
          'The one next thing that may happen: a person acts, a device syncs, servers exchange, an attacker moves, a fault strikes, time passes.',
      },
      {
        term: 'step',
        means: 'What one choice led to, run to quiet: who heard what, which effects came of it, which clauses spoke.',
      },
      {
        term: 'moment',
        means: 'One thing within a step, with its evidence in fields: a request, a letter opened, a notice shown.',
      },
      {
        term: 'quiet',
        means: 'Nothing is under way: whoever can come back is back, and all that was sent has come or is lost.',
      },
      {
        term: 'trace',
        means:
          'A scenario, its settings, a seed and the list of choices. All else is computed from it; one line holds it.',
      },
      { term: 'run', means: 'What one trace leads to, from the first step to the last, with the verdicts on it.' },
      {
        term: 'fault',
        means:
          'Trouble among honest players that a scenario asks for: a request fails, an answer is lost, a letter is late.',
      },
      {
        term: 'shown',
        means: 'What a device tells its person; an effect like others, so that a guarantee can hold it to the truth.',
      },
    ],
  },
  {
    title: 'The texts',
    terms: [
      {
        term: 'clause',
        means:
          'One normative sentence of a text, with a name to say it by and an id in the ledger. A *guard* permits, a *duty* is done, a *format* is how something is written.',
        not: ['sentence'],
      },
      { term: 'revision', means: 'One version of a text: the set of clauses in force.' },
      { term: 'question', means: 'A place where a text can be read in two ways, with *reading* A and *reading* B.' },
      { term: 'option', means: 'A MAY of a text that a device takes up or not.' },
      { term: 'admission', means: 'A clause by which a text says itself what it does not protect from.' },
      { term: 'ledger', means: 'The texts as data: clauses, questions, revisions, guarantees (`machines/ledger/`).' },
    ],
  },
  {
    title: 'What is asked and answered',
    terms: [
      {
        term: 'scenario',
        means:
          'A file: who is there (the *cast*), the settings, the *story* (its script, line by line), and the expected verdicts.',
      },
      {
        term: 'story',
        means: 'The script of a scenario and nothing else: the lines in which people, servers and attackers act.',
      },
      {
        term: 'setting',
        means:
          'What a reviewer can turn: a clause off, a revision, a reading, an option, a fault. Files have them under `dials:`, as they always had.',
        not: ['dial', 'knob'],
      },
      {
        term: 'variant',
        means: 'A scenario with one or more settings turned, under `without:`, with its own expected verdicts.',
      },
      { term: 'arena', means: 'A scenario whose acts may happen in any order: the explorer tries them all.' },
      {
        term: 'guarantee',
        means:
          'What a user relies on, as one full promise with a subject: “Each signed device of Alice’s ends with the key that works”.',
        not: ['property', 'invariant'],
      },
      {
        term: 'verdict',
        means:
          '`holds`, `breaks`, `accepted` (it breaks, and the text itself says so), `happens`, `never`, `unsettled` (a bound was reached).',
      },
      {
        term: 'break',
        means: 'A guarantee broken at somebody, about something, with the evidence for it.',
        not: ['violation'],
      },
      { term: 'cause', means: 'The step that did it, which may come long before the step in which it shows.' },
      { term: 'certain', means: 'The step from which on nothing that can still happen would mend it.' },
      {
        term: 'shadow',
        means:
          'What shows that a guarantee could have gone wrong in a run. Without it `holds` is said of a run in which nothing was at stake (elsewhere: a vacuity check).',
      },
      {
        term: 'evidence',
        means:
          'What a guarantee may go by: fields of moments, never what a device thinks and never the words of a message.',
      },
      { term: 'finding', means: 'What runs say of a text, told by a person, with the line that replays each claim.' },
      {
        term: 'ablation',
        means: 'Each clause off in turn, in every arena: which guarantee breaks then, against whom.',
      },
    ],
  },
];

/** Every word that is not used, with the term that is. */
export const unusedWords: ReadonlyMap<string, string> = new Map(
  glossary.flatMap(({ terms }) => terms.flatMap(({ term, not = [] }) => not.map((word) => [word, term] as const))),
);
