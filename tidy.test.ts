/** The house rules, as a test: who may import whom, what may be touched where, and how long a file may get. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guaranteeTexts } from './machines/guarantee-texts.ts';
import { ledgerRevisions } from './machines/ledger.ts';
import { unusedWords } from './sim/ledger/glossary.ts';

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

const rooms = ['machines', 'sim', 'scenarios', 'site'] as const;
type Room = (typeof rooms)[number];
const source = rooms.flatMap(filesBelow).filter((path) => /\.(ts|astro)$/.test(path));
const styles = filesBelow('site/styles');
const text = new Map([...source, ...styles].map((path) => [path, readFileSync(path, 'utf8')]));
const read = (path: string): string => text.get(path) ?? '';
const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('site/test/');
const roomOf = (path: string): Room | undefined => rooms.find((room) => path.startsWith(`${room}/`));

/** Import specifiers of a file; those of files of ours as paths from the root. */
const importsOf = (path: string): readonly string[] =>
  [
    ...read(path).matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g,
    ),
  ]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((specifier) => (specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier));

/** Folders and files of `sim/` that need Node, which its core never imports. */
const needsNode = (path: string): boolean =>
  /^sim\/(cli|http|clients|bench|fuzz\/mutants)\//.test(path) ||
  /^sim\/crypto\/(node|vectors)\//.test(path) ||
  /(^|\/|-)main\.ts$/.test(path);
const core = source.filter((path) => path.startsWith('sim/') && !needsNode(path) && !isTest(path));
const machines = source.filter((path) => path.startsWith('machines/') && !isTest(path));

/** The files among `paths` in which `rule` finds something. */
const offenders = (paths: readonly string[], rule: (path: string) => boolean): readonly string[] => paths.filter(rule);
const withoutComments = (path: string): string =>
  read(path)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '');

describe('the house', () => {
  it('is read by this test at all', () => {
    expect(machines.length).toBeGreaterThan(10);
    expect(core.length).toBeGreaterThan(20);
    expect(importsOf('machines/register.ts')).toContain('machines/secret-push/registration.ts');
  });

  it('lets rooms import only those before them: machines, sim, scenarios, site', () => {
    const wrong = source
      .filter((path) => !isTest(path))
      .flatMap((path) => {
        const mine = rooms.indexOf(roomOf(path) ?? 'machines');
        return importsOf(path)
          .filter((other) => rooms.indexOf(roomOf(other) ?? 'machines') > mine)
          .map((other) => `${path} imports ${other}`);
      });
    expect(wrong).toEqual([]);
  });

  it('lets each room of sim import only those before it', () => {
    const order =
      'crypto homeserver engine attackers verbs scenario guarantees runs explorer ledger clients fuzz bench cli';
    const rank = order.split(' ');
    const inSim = source.filter(
      (path) =>
        path.startsWith('sim/') && path !== 'sim/index.ts' && !isTest(path) && !/(^|[/-])testing\.ts$/.test(path),
    );
    const roomIn = (path: string): string => path.split('/')[1] ?? '';
    expect([...new Set(inSim.map(roomIn))].filter((room) => !rank.includes(room))).toEqual([]);
    const wrong = inSim.flatMap((path) =>
      importsOf(path)
        .filter((other) => other.startsWith('sim/') && rank.indexOf(roomIn(other)) > rank.indexOf(roomIn(path)))
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong.sort()).toEqual([]);
  });

  it('has no file import itself by way of others, be it for a type alone', () => {
    const open = new Map(source.map((path) => [path, importsOf(path).filter((to) => text.has(to))]));
    // For types alone: were these not seen, nothing would be found below.
    expect(open.get('machines/room-types.ts')).toContain('machines/types.ts');
    expect(open.get('sim/engine/stage.ts')).toContain('sim/engine/world.ts');
    // What imports nothing that is left is on no round, nor is what nothing that is left imports.
    for (let before = Number.POSITIVE_INFINITY; open.size < before; ) {
      before = open.size;
      for (const [path, to] of open) if (to.every((other) => !open.has(other))) open.delete(path);
      const imported = new Set([...open.values()].flat());
      for (const path of open.keys()) if (!imported.has(path)) open.delete(path);
    }
    expect([...open.keys()]).toEqual([]);
  });

  it('keeps machines to xstate and themselves', () => {
    const wrong = machines.flatMap((path) =>
      importsOf(path)
        .filter((other) => other !== 'xstate' && roomOf(other) !== 'machines')
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no chart ask for the name of a revision: what differs is a clause', () => {
    const names = Object.values(ledgerRevisions).flatMap((texts) => Object.keys(texts));
    expect(names).toContain('seed-draft');
    const asks = new RegExp(`['"](${names.join('|')})['"]`);
    // A registration says which text is implemented where nothing is said.
    const charts = machines.filter((path) => !/registration\.ts$|testing\.ts$/.test(path));
    expect(offenders(charts, (path) => asks.test(withoutComments(path)))).toEqual([]);
  });

  it('keeps Node and the page out of what runs in a browser worker', () => {
    const imports = core.flatMap((path) =>
      importsOf(path)
        .filter((other) => other.startsWith('node:') || needsNode(other))
        .map((other) => `${path} imports ${other}`),
    );
    expect(imports).toEqual([]);
    expect(
      offenders([...machines, ...core], (path) =>
        /\b(process|Buffer|require|window|localStorage)\b[.(]|\bdocument\.(querySelector|createElement|getElementById|body|cookie)/.test(
          withoutComments(path),
        ),
      ),
    ).toEqual([]);
  });

  it('keeps nothing beside its arguments but by a memo, which a test switches off', () => {
    const kept = [...machines, ...core].filter((path) => path !== 'machines/memo.ts');
    expect(
      offenders(kept, (path) => /^(?:export )?(?:const \w+ = new WeakMap\b|let )/m.test(withoutComments(path))),
    ).toEqual(['machines/clauses.ts']);
  });

  it('has no clock, no chance and no compiler of its own in machines and sim', () => {
    const forbidden =
      /Math\.random|\bDate\b[.(]|new Date\b|setTimeout|setInterval|performance\.now|\beval\(|new Function|crypto\.getRandomValues/;
    expect(offenders([...machines, ...core], (path) => forbidden.test(withoutComments(path)))).toEqual([]);
  });

  it('names no event type and no proposal in the world loop', () => {
    const loop = [
      'sim/engine/world.ts',
      'sim/engine/loop.ts',
      'sim/engine/step.ts',
      'sim/engine/choices.ts',
      'sim/engine/network.ts',
      'sim/runs/run.ts',
      'sim/runs/playing.ts',
      'sim/runs/judging/judge.ts',
    ];
    expect(loop.every((path) => text.has(path))).toBe(true);
    expect(offenders(loop, (path) => /['"`](m\.|io\.element\.|MSC\d)/.test(withoutComments(path)))).toEqual([]);
  });

  it('lets guarantees see steps, never a world or a store', () => {
    const guarantees = source.filter((path) => path.startsWith('sim/guarantees/') && !isTest(path));
    expect(guarantees.length).toBeGreaterThan(4);
    const wrong = guarantees.flatMap((path) =>
      importsOf(path)
        .filter((other) =>
          /sim\/(engine\/(world|stage|loop|step|prologue)|homeserver|attackers|verbs|runs)/.test(other),
        )
        // What a request asks for is told by the homeserver's own routes, in one place.
        .filter(
          (other) => path !== 'sim/guarantees/evidence/asked.ts' || !/sim\/homeserver\/(index|routing)/.test(other),
        )
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has guarantees read fields: they parse no sentence, no path and no id', () => {
    const judges = source.filter(
      (path) => /^sim\/guarantees\/(?!(?:[\w-]+-)?testing\.ts)[^/]+\.ts$/.test(path) && !isTest(path),
    );
    expect(judges.length).toBeGreaterThan(20);
    const evidence = source.filter((path) => path.startsWith('sim/guarantees/evidence/') && !isTest(path));
    const parses =
      /(?<![*/])\/(?![*/ ])[^/\n]+\/[dgimsuvy]*\.(?:exec|test)|RegExp|\.(?:split|match|matchAll|startsWith|endsWith|replace|replaceAll|slice)\((?=['"`/])|\.path\b|how\.text\.|\.why\.|\.what\./;
    expect(offenders(judges, (path) => parses.test(withoutComments(path)))).toEqual([]);
    // What stands under one of these names is an id, as a whole; and nothing but an id begins with a sigil.
    const ids =
      /\b(?:user|player|device|room|event|sender|sessionId|maker|from|by|at|id)\??\.(?:startsWith|endsWith|split|slice|substring|indexOf|at|charAt|match|matchAll|replace|replaceAll|includes)\(|\.(?:startsWith|includes|indexOf|split)\(['"`][@!$#:.]/;
    for (const wrong of ['user.startsWith(x)', "name.split(':')", 'text.includes(`@', 'device?.slice(1)'])
      expect(ids.test(wrong)).toBe(true);
    // Paths, the names of published keys and those that keys are filed under have parts: each is taken apart in one place.
    const places = ['asked', 'requests', 'room-keys'].map((name) => `sim/guarantees/evidence/${name}.ts`);
    const others = evidence.filter((path) => !places.includes(path));
    expect(offenders(others, (path) => parses.test(withoutComments(path)))).toEqual([]);
    expect(offenders([...judges, ...others], (path) => ids.test(withoutComments(path)))).toEqual([]);
    const helpers = judges.flatMap((path) =>
      importsOf(path)
        .filter((other) => /machines\/paths|sim\/engine\/(?:player|endpoints)/.test(other))
        .map((other) => `${path} imports ${other}`),
    );
    expect(helpers).toEqual([]);
  });

  it('takes the id of a player apart in one place', () => {
    const parses = /\.split\('\.'/;
    const sim = source.filter((path) => path.startsWith('sim/') && !isTest(path) && path !== 'sim/engine/player.ts');
    // A trace has dots of its own.
    expect(offenders(sim, (path) => path !== 'sim/runs/trace.ts' && parses.test(withoutComments(path)))).toEqual([]);
  });

  it('lets figures read runs, never make them', () => {
    const figures = source.filter((path) => path.startsWith('sim/runs/figures/') && !isTest(path));
    const allowed =
      /^(machines\/(types|json|guarantee-texts|naming|profiles)\.ts|sim\/(engine\/types|engine\/names|runs\/break-words|scenario\/claims)\.ts|sim\/runs\/figures\/|d3)/;
    const wrong = figures.flatMap((path) =>
      importsOf(path)
        .filter((other) => !allowed.test(other))
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has nothing that runs a story or tells of a run reach the prose of the ledger or the parser of files', () => {
    const valuesOf = (path: string): readonly string[] =>
      [...read(path).matchAll(/(?:^|\n)(?:import|export) (?!type )[^;]*? from '([^']+)'/g)].map(([, from = '']) =>
        from.startsWith('.') ? normalize(join(dirname(path), from)) : from,
      );
    const waysTo = (from: string, isIt: (path: string) => boolean): readonly string[] => {
      const by = new Map<string, string>([[from, from]]);
      for (const path of by.keys()) {
        if (isIt(path)) return [`${by.get(path)} brings ${path} to ${from}`];
        for (const next of valuesOf(path)) if (!by.has(next)) by.set(next, path);
      }
      return [];
    };
    const prose = /^(yaml|machines\/ledger\.ts|machines\/ledger\/(clauses|questions|revisions|interactions)\.json)$/;
    const told = source.filter((path) => /^sim\/runs\/(figures|telling)\//.test(path) && !isTest(path));
    expect(told.length).toBeGreaterThan(30);
    // What happens if a setting is turned is told in the ledger's own sentences.
    const tellers = told.filter((path) => path !== 'sim/runs/telling/risks.ts');
    expect(waysTo('sim/runs/telling/risks.ts', (path) => prose.test(path))).not.toEqual([]);
    expect(waysTo('sim/scenario/parse.ts', (path) => path === 'yaml')).not.toEqual([]);
    // What the worker answers without a file that somebody writes.
    const answered = ['run', 'preview', 'letters', 'comment', 'play', 'explore', 'show'].map(
      (name) => `site/worker/answers/${name}.ts`,
    );
    expect(answered.every((path) => text.has(path))).toBe(true);
    expect(
      ['sim/runs/run.ts', 'sim/runs/transcript.ts', 'sim/runs/trace.ts', ...tellers, ...answered].flatMap((path) =>
        waysTo(path, (other) => prose.test(other)),
      ),
    ).toEqual([]);
    // A run needs no words of guarantees either: judges go by their ids.
    expect(waysTo('sim/runs/run.ts', (path) => /guarantee|naming/.test(path) && !path.startsWith('sim/'))).toEqual([]);
  });

  it('has the words of guarantees in the ledger alone', () => {
    const words = Object.values(guaranteeTexts).flatMap(({ short, promise, ifBroken, shadow }) => [
      `'${short}'`,
      `>${short}<`,
      ...[promise, ifBroken, shadow].map((one) => one.slice(0, -1)),
    ]);
    expect(offenders(source, (path) => words.some((one) => read(path).includes(one)))).toEqual([]);
  });

  it('keeps files to a length a person reads in one sitting', () => {
    expect(offenders([...source, ...styles], (path) => read(path).split('\n').length > 401)).toEqual([]);
  });

  it('has no any outside the documented corner, no default exports where no tool asks, no stubs', () => {
    const ts = source.filter((path) => path.endsWith('.ts'));
    // The linter refuses `any`; what may be told to look away is one line.
    expect(
      offenders(
        ts,
        (path) => path !== 'tidy.test.ts' && read(path).includes('biome-ignore lint/suspicious/noExplicitAny'),
      ),
    ).toEqual(['machines/clauses.ts']);
    expect(offenders(ts, (path) => /export default/.test(withoutComments(path)))).toEqual([]);
    expect(
      offenders(source, (path) => /\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(skip|only|todo)\b/.test(read(path))),
    ).toEqual([]);
  });

  it('says one word for one thing: exported names, the site and the command line keep to the glossary', () => {
    const exported = (path: string): readonly string[] =>
      [...read(path).matchAll(/^export (?:const|type|function|class) (\w+)/gm)].map(([, name = '']) => name);
    const wordsOf = (name: string): readonly string[] => name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());
    const isUnused = (word: string): boolean => unusedWords.has(word) || unusedWords.has(word.replace(/s$/, ''));
    const names = source
      .filter((path) => !isTest(path))
      .flatMap((path) => exported(path).map((name) => ({ path, name })))
      .filter(({ name }) => wordsOf(name).some(isUnused));
    expect(names).toEqual([]);
    const unused = new RegExp(`(?<![.\\w-])(?:${[...unusedWords.keys()].join('|')})s?\\b(?![:=-]|\\w*\\()`, 'i');
    /** What people read of a page: texts between tags and in quotes, not names in code. */
    const texts = (path: string): readonly string[] =>
      [
        ...withoutComments(path).matchAll(/>([^<>{}]*[a-z][^<>{}]*)</g),
        ...withoutComments(path).matchAll(/['"`]([^'"`\n]* [^'"`\n]*)['"`]/g),
      ].map(([, text = '']) => text);
    const pages = source.filter((path) => /^(site\/(pages|components|layouts)|sim\/cli)\//.test(path) && !isTest(path));
    expect(pages.length).toBeGreaterThan(30);
    const said = pages.flatMap((path) =>
      texts(path)
        .filter((text) => unused.test(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(said).toEqual([]);
  });
});
