/**
 * Texts of somebody who means harm (`hostile-links.ts` has links and files): each is told apart by what it tries, and says what has to become of it. A text that
 * is `refused` gets an error with its place; one that `runs` is ended within bounds, and what it says is shown as text.
 */
export type Fate = 'refused' | 'runs';
export type Hostile = { readonly kind: string; readonly name: string; readonly text: string; readonly fate: Fate };

/** What would show that a script has run: the global name that all markup here sets. */
export const mark = 'hostileHasRun';

type Parts = {
  readonly title: string;
  readonly about: string;
  readonly why: string;
  readonly user: string;
  readonly device: string;
  readonly room: string;
  readonly server: string;
  readonly said: string;
  readonly story: readonly string[];
  readonly expect: string;
  /** Lines before, and lines after all others. */
  readonly before: string;
  readonly after: string;
};
const plain: Parts = {
  title: 'What is said in a room is read there',
  about: '[MSC4268]',
  why: 'So that there is a story to spoil.',
  user: 'alice',
  device: 'phone',
  room: 'den',
  server: 'example.org',
  said: 'hello',
  story: [],
  expect: 'history-confidentiality: holds',
  before: '',
  after: '',
};

/** A scenario that runs, with some of its parts replaced. */
export const scenarioWith = (parts: Partial<Parts>): string => {
  const all = { ...plain, ...parts };
  const { user, device, room, server } = all;
  return `${all.before}title: ${all.title}
about: ${all.about}
why: ${all.why}
cast:
  servers: [${server}]
  users:
    ${user}: { server: ${server}, devices: [${device}] }
    bob: { server: ${server}, devices: [phone] }
  rooms:
    ${room}: { history: shared, members: [${user}, bob] }
story:
  - ${user}: { send: ${all.said}, in: ${room} }
${all.story.map((line) => `  - ${line}\n`).join('')}  - everyone: settle
expect:
  ${all.expect}
${all.after}`;
};

const quoted = (text: string): string => JSON.stringify(text);
export const times = (count: number, text: (nth: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, nth) => text(nth)).join(between);

const markup: Readonly<Record<string, string>> = {
  script: `<script>globalThis.${mark}=1</script>`,
  image: `<img src=x onerror="globalThis.${mark}=1">`,
  picture: `<svg onload="globalThis.${mark}=1"><script>${mark}=1</script></svg>`,
  'end of a text': `</title></desc></text></svg><script>globalThis.${mark}=1</script>`,
  'end of an attribute': `"><script>globalThis.${mark}=1</script><a b="`,
  address: `<a href="javascript:globalThis.${mark}=1">here</a>`,
  'character data': `]]><script>globalThis.${mark}=1</script><![CDATA[`,
  comment: `--><script>globalThis.${mark}=1</script><!--`,
  template: `{{constructor.constructor('${mark}=1')()}} \${${mark}=1}`,
  entity: `&lt;script&gt;${mark}=1&lt;/script&gt;&#x3c;img src=x onerror=${mark}=1&#x3e;`,
  frame: `<iframe srcdoc="&lt;script&gt;parent.${mark}=1&lt;/script&gt;"></iframe>`,
  style: `<style>*{background:url(javascript:${mark}=1)}</style>`,
};
/** Where people write what they like, and where a name has to stand. */
const fields: readonly { readonly part: keyof Parts; readonly fate: Fate }[] = [
  { part: 'title', fate: 'runs' },
  { part: 'why', fate: 'runs' },
  { part: 'said', fate: 'runs' },
  { part: 'user', fate: 'refused' },
  { part: 'device', fate: 'refused' },
  { part: 'room', fate: 'refused' },
  { part: 'server', fate: 'refused' },
];
const markups: readonly Hostile[] = fields.flatMap(({ part, fate }) =>
  Object.entries(markup).map(([name, text]) => ({
    kind: 'markup',
    name: `${name} as ${part}`,
    text: scenarioWith({ [part]: quoted(text) }),
    fate,
  })),
);

const characters: Readonly<Record<string, string>> = {
  'right to left': 'abc\u202Edcba',
  isolate: 'a\u2067b\u2066c',
  nothing: 'a\u0000b',
  bell: 'a\u0007b',
  escape: 'a\u001b[31mb\u001b]0;x\u0007',
  delete: 'a\u007fb',
  'next line': 'a\u0085b',
  'line separator': 'a\u2028b',
  'half a pair': 'a\ud800b',
  'the other half': 'a\udfffb',
  'byte order mark within': 'a\ufeffb',
  'zero width': 'a\u200bb',
  'no character': 'a\uffffb',
  tags: `a${times(8, (nth) => String.fromCodePoint(0xe0061 + nth))}b`,
};
/** These are shown, if as nothing or as a box: words of some languages and pictures of flags are written with their like. */
const harmless = ['zero width', 'no character', 'tags'];
const controls: readonly Hostile[] = (['title', 'why', 'said'] as const).flatMap((part) =>
  Object.entries(characters).map(([name, text]) => ({
    kind: 'characters',
    name: `${name} in ${part}`,
    text: scenarioWith({ [part]: quoted(text) }),
    fate: harmless.includes(name) ? 'runs' : 'refused',
  })),
);

const yaml: Readonly<Record<string, readonly [text: string, fate: Fate]>> = {
  'a billion laughs': [
    `a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n${times(
      12,
      (nth) =>
        `a${nth + 1}: &a${nth + 1} [*a${nth}, *a${nth}, *a${nth}, *a${nth}, *a${nth}, *a${nth}, *a${nth}, *a${nth}]\n`,
    )}${scenarioWith({})}`,
    'refused',
  ],
  'an alias of itself': [scenarioWith({ before: 'a: &a [*a]\n' }), 'refused'],
  'an alias of nothing': [scenarioWith({ title: '*nobody' }), 'refused'],
  'an anchor': [scenarioWith({ title: '&here A title' }), 'refused'],
  'a merge key': [scenarioWith({ after: '<<: { title: other }\n' }), 'refused'],
  'a tag of a language': [scenarioWith({ title: '!!js/function "function(){return 1}"' }), 'refused'],
  'a tag that runs': [scenarioWith({ title: '!!python/object/apply:os.system ["id"]' }), 'refused'],
  'a tag of binary': [scenarioWith({ title: '!!binary aGVsbG8=' }), 'refused'],
  'a tag of one’s own': [scenarioWith({ title: '!own A title' }), 'refused'],
  'a set': [scenarioWith({ about: '!!set {MSC4268}' }), 'refused'],
  'a directive': [`%YAML 1.1\n---\n${scenarioWith({})}`, 'refused'],
  'a directive of tags': [`%TAG ! tag:example.org,2000:\n---\n${scenarioWith({})}`, 'refused'],
  'two documents': [`${scenarioWith({})}---\n${scenarioWith({})}`, 'refused'],
  'a hundred thousand documents': [times(100_000, () => '---\n'), 'refused'],
  'a title twice': [scenarioWith({ before: 'title: One\n' }), 'refused'],
  'a user twice': [
    scenarioWith({}).replace('    bob:', '    alice: { server: example.org, devices: [x] }\n    bob:'),
    'refused',
  ],
  __proto__: [scenarioWith({ before: '__proto__: { polluted: yes }\n' }), 'refused'],
  'a user called __proto__': [scenarioWith({ user: '__proto__' }), 'refused'],
  'a user called constructor': [scenarioWith({ user: 'constructor' }), 'runs'],
  'a device called toString': [scenarioWith({ device: 'toString' }), 'refused'],
  'a room called __proto__': [scenarioWith({ room: '__proto__' }), 'refused'],
  'a room called constructor': [scenarioWith({ room: 'constructor' }), 'runs'],
  'a verb called constructor': [scenarioWith({ story: ['bob: { constructor: x }'] }), 'refused'],
  'a verb called __proto__': [scenarioWith({ story: ['bob: { __proto__: x }'] }), 'refused'],
  'a guarantee called hasOwnProperty': [scenarioWith({ expect: 'hasOwnProperty: holds' }), 'refused'],
  'an option called __proto__': [scenarioWith({ after: 'dials:\n  options: { __proto__: true }\n' }), 'refused'],
  'a clause called constructor': [scenarioWith({ after: 'without:\n  constructor: {}\n' }), 'refused'],
  'a list as key': [scenarioWith({ after: '? [a, b]\n: c\n' }), 'refused'],
  'a mapping as key': [scenarioWith({ after: '{ a: b }: c\n' }), 'refused'],
  'nothing as key': [scenarioWith({ after: '? \n: c\n' }), 'refused'],
  'lists within lists': [scenarioWith({ title: `${times(5000, () => '[')}${times(5000, () => ']')}` }), 'refused'],
  'lists that never end': [scenarioWith({ title: times(30_000, () => '[') }), 'refused'],
  'mappings within mappings': [times(2000, (nth) => `${' '.repeat(nth)}a:\n`), 'refused'],
  'mappings in one line': [scenarioWith({ title: times(8000, () => '{a: ') }), 'refused'],
  'dashes within dashes': [times(20_000, () => '- '), 'refused'],
  'questions within questions': [times(20_000, () => '? '), 'refused'],
  'a question with each end of a list': [times(15_000, () => '? ? ]'), 'refused'],
  'dashes and names within each other': [times(10_000, () => '- a: - '), 'refused'],
  'a megabyte of title': [scenarioWith({ title: times(60_000, () => 'long ') }), 'refused'],
  'a megabyte on many lines': [
    scenarioWith({
      why: `>\n${times(16_000, () => '  a line of many, which goes on and on and never comes to a point\n')}`,
    }),
    'refused',
  ],
  'two megabytes': [times(2_100_000, () => 'a'), 'refused'],
  'a megabyte of comments': [
    times(17_000, () => '# nothing is said here, and it goes on being said for long\n'),
    'refused',
  ],
  'a megabyte of line ends': [times(1_000_000, () => '\n'), 'refused'],
  'a megabyte of spaces': [times(16, () => `${' '.repeat(65_000)}\n`), 'refused'],
  'a megabyte of keys': [times(80_000, (nth) => `k${nth}: 1\n`), 'refused'],
  'nineteen thousand keys': [times(19_000, (nth) => `k${nth}: 1\n`), 'refused'],
  'seventy thousand keys on long lines': [
    times(15, (line) => `l${line}: {${times(5000, (nth) => `k${nth}: 1, `)}}\n`),
    'refused',
  ],
  'three hundred thousand items on long lines': [
    times(15, (line) => `l${line}: [${times(20_000, () => 'a, ')}]\n`),
    'refused',
  ],
  'a hundred thousand empty lists': [times(7, (line) => `l${line}: [${times(16_000, () => '[],')}]\n`), 'refused'],
  'as many keys as are read': [times(49_000, () => 'a:\n'), 'refused'],
  'a megabyte of one key': [times(120_000, () => 'title: 1\n'), 'refused'],
  'tabs for spaces': [scenarioWith({}).replaceAll('  ', '\t'), 'refused'],
  'quotes that never end': [scenarioWith({ title: '"no end' }), 'refused'],
  'a block that is nothing': [scenarioWith({ title: '|+9\n' }), 'refused'],
  'a number beyond all numbers': [scenarioWith({ story: ['everyone: { wait: 1e999 }'] }), 'refused'],
  'not a number': [scenarioWith({ story: ['everyone: { wait: .nan }'] }), 'refused'],
  'carriage returns alone': [scenarioWith({}).replaceAll('\n', '\r'), 'refused'],
  'a mark at its beginning': [`\ufeff${scenarioWith({})}`, 'runs'],
  nothing: ['', 'refused'],
  'a word': ['scenario', 'refused'],
  'a list': ['- title\n- about\n', 'refused'],
  JSON: ['{"title": ["x"], "about": {}, "why": null}', 'refused'],
  HTML: [`<!doctype html><script>${mark}=1</script>`, 'refused'],
  'half a file': [scenarioWith({}).slice(0, 180), 'refused'],
};

/** Each field with something of another kind in it. */
const otherKinds: Readonly<Record<string, string>> = {
  nothing: 'null',
  number: '7',
  switch: 'true',
  list: '[[x]]',
  mapping: '{ x: { y: z } }',
  date: '2001-12-14t21:59:43.10-05:00',
};
const sections = ['title', 'about', 'why', 'cast', 'story', 'expect', 'without', 'dials', 'faults', 'explore'] as const;
/** Of these a word is a word; of the rest there may be none, or less than usual. */
const kinds: readonly Hostile[] = sections.flatMap((section) =>
  Object.entries(otherKinds).flatMap(([name, value]): readonly Hostile[] => {
    const isWord = section === 'title' || section === 'why';
    if (isWord && name === 'date') return [];
    const lines = scenarioWith({}).split('\n');
    const begin = lines.findIndex((line) => line.startsWith(`${section}:`));
    const rest = lines.findIndex((line, nth) => nth > begin && /^\S/.test(line));
    const without = begin < 0 ? lines : lines.toSpliced(begin, (rest < 0 ? lines.length : rest) - begin);
    const text = `${without.join('\n').trimEnd()}\n${section}: ${value}\n`;
    return [{ kind: 'other kinds', name: `${name} as ${section}`, text, fate: 'refused' }];
  }),
);

const repeated = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);
const counts: Readonly<Record<string, readonly [text: string, fate: Fate]>> = {
  'a story of ten thousand lines': [scenarioWith({ story: repeated(10_000, 'bob: sync') }), 'refused'],
  'a line of a thousand acts': [scenarioWith({ story: [`[${times(1000, () => 'bob: sync', ', ')}]`] }), 'refused'],
  'three hundred users': [
    scenarioWith({}).replace(
      '    bob:',
      `${times(300, (nth) => `    u${nth}: { server: example.org, devices: [phone] }\n`)}    bob:`,
    ),
    'refused',
  ],
  'three hundred devices': [scenarioWith({ device: times(300, (nth) => `d${nth}`, ', ') }), 'refused'],
  'three hundred servers': [
    scenarioWith({ server: 'example.org' }).replace(
      '[example.org]',
      `[example.org, ${times(300, (nth) => `s${nth}.example`, ', ')}]`,
    ),
    'refused',
  ],
  'three hundred rooms': [
    scenarioWith({}).replace(
      '  rooms:\n',
      `  rooms:\n${times(300, (nth) => `    r${nth}: { history: shared, members: [bob] }\n`)}`,
    ),
    'refused',
  ],
  'a hundred attackers': [
    scenarioWith({}).replace(
      '  rooms:\n',
      `  attackers:\n${times(100, (nth) => `    m${nth}: { plays: stolen-token, of: alice }\n`)}  rooms:\n`,
    ),
    'refused',
  ],
  'a thousand settings': [
    scenarioWith({ after: `without:\n${times(1000, (nth) => `  "q${nth}: A": {}\n`)}` }),
    'refused',
  ],
  'a hundred settings in one': [
    scenarioWith({ after: `without:\n  "${times(100, () => '4385-push-encrypted', ' + ')}": {}\n` }),
    'refused',
  ],
  'waiting for ever': [scenarioWith({ story: ['everyone: { wait: 99999999999999999999h }'] }), 'refused'],
  'waiting a negative time': [scenarioWith({ story: ['everyone: { wait: -1h }'] }), 'refused'],
  'a limit of nothing': [scenarioWith({ story: ['bob: { keep: -1 }'] }), 'refused'],
  'a budget beyond counting': [
    scenarioWith({}).replace(
      '  rooms:\n',
      '  attackers:\n    m: { plays: stolen-token, of: alice, budget: { moves: 1000000000 } }\n  rooms:\n',
    ),
    'refused',
  ],
  'a depth beyond counting': [
    scenarioWith({
      after: 'explore:\n  acts: [{ bob: sync }]\n  until: { depth: 1000000000, worlds: 1000000000000 }\n',
    }),
    'refused',
  ],
  'a fault a million times': [scenarioWith({ after: 'faults: { lose sync: 1000000 }\n' }), 'refused'],
  'a thousand proposals': [scenarioWith({ about: `[${times(1000, (nth) => `MSC${nth}`, ', ')}]` }), 'refused'],
  'a text of a thousand parts': [scenarioWith({ said: quoted(times(9000, () => 'ab ')) }), 'runs'],
};

const addresses = [
  `javascript:globalThis.${mark}=1`,
  `JaVaScRiPt:globalThis.${mark}=1`,
  `data:text/html,<script>${mark}=1</script>`,
  `vbscript:${mark}`,
  'http://github.com/matrix-org/matrix-spec-proposals/pull/4385',
  'https://github.com.evil.example/matrix-org',
  'https://user:password@github.com/matrix-org',
  'https://github.com:8443/matrix-org',
  '//evil.example/',
  'file:///etc/passwd',
  'https://evil.example/?https://github.com/',
  'https://github.com/\u202Egro.live',
];

/** At least two hundred texts of scenarios. */
export const hostileTexts: readonly Hostile[] = [
  ...markups,
  ...controls,
  ...Object.entries(yaml).map(([name, [text, fate]]) => ({ kind: 'YAML', name, text, fate })),
  ...kinds,
  ...Object.entries(counts).map(([name, [text, fate]]) => ({ kind: 'counts', name, text, fate })),
  ...addresses.map(
    (address): Hostile => ({
      kind: 'addresses',
      name: address,
      text: scenarioWith({ after: `threads: [${quoted(address)}]\n` }),
      fate: 'refused',
    }),
  ),
];
