/** The package as somebody has it who installs it: packed, put into an empty folder, used from there on two Nodes. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { readonly status: number | null; readonly out: string };
/** As in a shell of somebody's own: nothing of this project's is on the path, but the Node that npm runs on. */
const inFolder = (command: string, ...args: readonly string[]): Ended => endedIn({}, command, args);
/** @param place the language and the time of where somebody lives */
const endedIn = (place: Readonly<Record<string, string>>, command: string, args: readonly string[]): Ended => {
  const path = (process.env.PATH ?? '').split(':').filter((part) => !part.includes('node_modules'));
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_|VITEST)/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, ...place, PATH: path.join(':'), NO_COLOR: '1', npm_config_audit: 'false', npm_config_fund: 'false' },
  });
  return { status, out: stdout + stderr };
};
const done = (command: string, ...args: readonly string[]): string => {
  const { status, out } = inFolder(command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${out}`);
  return out;
};
const install = (...names: readonly string[]): string =>
  done('npm', 'install', '--prefer-offline', '--loglevel=error', ...names);

const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** The examples of the page about the package, by the names that stand beside their fences. */
const examples = [...readFileSync('docs/library.md', 'utf8').matchAll(/^```js (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', code = '']) => ({
    name,
    code,
    said: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
  }),
);

const inModules = (...path: readonly string[]): string => join(folder, 'node_modules', ...path);

const program = 'node_modules/hearsay/sim/cli/hearsay.mjs';
/** What `npx hearsay` comes to, without the second that npm takes to find it. */
const hearsay = (...args: readonly string[]): string => done(inModules('.bin/node'), program, ...args);

let packedBytes = 0;
/** What came along with the package alone. */
let broughtAlong: readonly string[] = [];
beforeAll(() => {
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' });
  expect([packed.status, packed.stdout.trim()], packed.stderr).toEqual([0, `hearsay-${version}.tgz`]);
  packedBytes = statSync(join(folder, `hearsay-${version}.tgz`)).size;
  done('npm', 'init', '-y');
  install(`./hearsay-${version}.tgz`);
  broughtAlong = [...readdirSync(inModules()), ...readdirSync(inModules('@noble')).map((name) => `@noble/${name}`)];
  install(`vitest@${devDependencies.vitest}`);
  for (const { name, code } of examples) writeFileSync(join(folder, name.replace(/\.js$/, '.mjs')), code);
}, 600_000);

describe('the package', () => {
  it('brings nothing along but what it runs on', () => {
    expect(broughtAlong.filter((name) => !name.startsWith('.')).sort()).toEqual([
      '@noble',
      '@noble/ciphers',
      '@noble/curves',
      '@noble/hashes',
      'hearsay',
      'xstate',
      'yaml',
    ]);
  });

  it('holds the library and no tests, no sources, no site, and weighs less than two megabytes', () => {
    const files = done('tar', 'tzf', `hearsay-${version}.tgz`).trim().split('\n');
    expect(files).toContain('package/build/scenarios/schema.json');
    expect(files.filter((file) => /\/scenarios\/.*\.yaml$/.test(file)).length).toBeGreaterThan(250);
    expect(files.filter((file) => /\.test\.|\/site\/|\.astro$|(?<!\.d)\.ts$|transcripts|testing\./.test(file))).toEqual(
      [],
    );
    expect(packedBytes).toBeLessThan(2_000_000);
  });

  it('says in one sentence that a Node is too old for it', () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})";
    const { status, out } = inFolder(process.execPath, '--import', old, program);
    expect([status, out]).toEqual([2, 'hearsay needs Node 22 or newer, and this is Node 20.20.2.\n']);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('has types against which a strict project compiles that resolves as %s', (moduleResolution, module) => {
    writeFileSync(
      join(folder, 'typed.mts'),
      `import { parseScenario, type Run, runStory } from 'hearsay';
import { testScenarios } from 'hearsay/vitest';
const parsed = parseScenario('', 'x');
export const run: Run | null = parsed.ok ? runStory(parsed.scenario) : null;
export const tests = () => testScenarios('scenarios', { withPlay: false });
export const wrong: number = parsed;
`,
    );
    const compilerOptions = {
      strict: true,
      // What the package says is compiled too.
      skipLibCheck: false,
      noEmit: true,
      target: 'es2022',
      types: [],
      module,
      moduleResolution,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.mts'] }));
    const { out } = inFolder(process.execPath, join(process.cwd(), 'node_modules/typescript/bin/tsc'));
    expect(out.split('\n').filter((line) => line.includes('error'))).toEqual([
      expect.stringMatching(/^typed\.mts\(6,14\): error TS2322: .*ParsedScenario/),
    ]);
  });
});

/** Tells every story of the library with bytes, takes three walks through each, and says what that comes to. */
const telling = `import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { formatTrace, parseScenario, runStory, transcript, wander } from 'hearsay';
const folder = 'node_modules/hearsay/build/scenarios/';
const [stories, walks] = [createHash('sha256'), createHash('sha256')];
let [told, walked] = [0, 0];
for (const file of globSync(folder + '**/*.yaml').sort()) {
  const id = file.slice(folder.length, -'.yaml'.length);
  const { scenario } = parseScenario(readFileSync(file, 'utf8'), id);
  if (scenario.explore !== null) continue;
  stories.update(transcript(runStory(scenario)));
  told += 1;
  for (const nth of [1, 2, 3]) {
    const { trace, judgements } = wander(scenario, { seed: told + '-' + nth, suite: 'symbolic' });
    walks.update(formatTrace(trace) + JSON.stringify(judgements));
    walked += 1;
  }
}
console.log(JSON.stringify({ told, stories: stories.digest('hex'), walked, walks: walks.digest('hex') }));
`;
type Told = { readonly told: number; readonly stories: string; readonly walked: number; readonly walks: string };

/** What the reviewed transcripts come to. */
const reviewed = (): Pick<Told, 'told' | 'stories'> => {
  const files = globSync('scenarios/**/*.txt').sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file, 'utf8'));
  return { told: files.length, stories: hash.digest('hex') };
};
/** What the walks came to on the Node before. */
let walksBefore: string | null = null;

/** Far from each other, and from where the transcripts were reviewed. */
const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  22: { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  24: { TZ: 'America/St_Johns', LANG: 'ja_JP.UTF-8', LC_ALL: 'ja_JP.UTF-8' },
};

describe.each([devDependencies.node ?? '', '22'])('the package on Node %s', (node) => {
  beforeAll(() => void install(`node@${node}`), 300_000);

  it('begins with a scenario, runs it, and tells what a wrong verdict replays by', () => {
    rmSync(join(folder, 'scenarios'), { recursive: true, force: true });
    expect(done('npx', 'node', '--version')).toMatch(new RegExp(`^v${node}`));
    expect(hearsay('--version')).toBe(`${version}\n`);
    expect(done('npx', 'hearsay', 'init')).toBe('scenarios/first.yaml is written. npx hearsay run\n');
    expect(done('npx', 'hearsay', 'run')).toMatch(/1 scenario, 2 runs: all as expected\n$/);
    expect(inFolder(inModules('.bin/node'), program, 'init').status).toBe(2);
    const first = join(folder, 'scenarios/first.yaml');
    const text = readFileSync(first, 'utf8');
    const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? [];
    expect(JSON.parse(readFileSync(join(dirname(first), schema), 'utf8'))).toHaveProperty('$schema');

    expect(done('npx', 'vitest', 'run', '--dir', '.')).toMatch(/Tests\s+1 passed/);
    writeFileSync(first, text.replace('secret-authenticity: holds', 'secret-authenticity: breaks'));
    const failed = inFolder('npx', 'vitest', 'run', '--dir', '.');
    expect(failed.status).toBe(1);
    expect(failed.out).toContain('secret-authenticity: breaks expected, holds found');
    const line = /npx hearsay replay '([^']+)'/.exec(failed.out)?.[1] ?? '';
    expect(line).toMatch(/^\.\/scenarios\/first\.yaml\?seed=1&run=/);
    expect(hearsay('replay', line)).toContain(`replay: '${line}'`);
  });

  it('tells every story byte for byte as it was reviewed, whatever language and time it is there, and walks alike', () => {
    writeFileSync(join(folder, 'telling.mjs'), telling);
    const place = places[node.split('.')[0] ?? ''] ?? {};
    const { status, out } = endedIn(place, inModules('.bin/node'), ['telling.mjs']);
    expect(status, out).toBe(0);
    const { told, stories, walked, walks } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Told;
    expect({ told, stories }).toEqual(reviewed());
    expect(walked).toBeGreaterThanOrEqual(1000);
    expect(walks).toBe(walksBefore ?? walks);
    walksBefore = walks;
  });

  it('has the library and all commands but those that a clone alone can do', () => {
    expect(hearsay('run', 'a-stolen-token-cannot')).toContain('all as expected');
    expect(hearsay('ablate', '4385-push-cross-signed-only', '--arena', 'two-names')).toContain('world');
    expect(hearsay('clauses', '4385-push-cross-signed-only')).toContain('cross-signed');
    expect(inFolder(inModules('.bin/node'), program, 'start')).toEqual({
      status: 2,
      out: 'the site is built in a clone of the project: npx hearsay run is what the package has\n',
    });
  });

  it('seats a client that speaks JSON lines, and says what it lacks for the one that is built in', () => {
    writeFileSync(
      join(folder, 'quiet.mjs'),
      `import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op } = JSON.parse(line);
  const hello = { name: 'quiet', version: '1', acts: [], shows: [] };
  console.log(JSON.stringify(op === 'hello' ? { id, hello } : { id, cannot: 'it only says hello' }));
}
`,
    );
    const one = 'a-stolen-token-cannot-plant';
    const quiet = ['--seat', 'alice.phone', '--client', `${inModules('.bin/node')} quiet.mjs`];
    const told = inFolder(inModules('.bin/node'), program, 'clients', one, ...quiet);
    expect(told.out).toMatch(/^quiet 1$[\s\S]*alice\.phone/m);
    expect(told.out).toContain('0 agree, 0 differ');
    // It cannot do what the seat has to: nothing was compared.
    expect(told.status).toBe(2);
    expect(told.out).toContain('nothing was compared');
    expect(inFolder(inModules('.bin/node'), program, 'clients', one)).toEqual({
      status: 2,
      out: 'olm-machine is not installed: npm i -D @matrix-org/matrix-sdk-crypto-wasm, or another client with --client\n',
    });
    const whole = inFolder(inModules('.bin/node'), program, 'clients', one, '--client', 'js-sdk');
    expect(whole.status).toBe(2);
    expect(whole.out).toMatch(/^js-sdk is not installed: npm i -D matrix-js-sdk /);
  });

  it.each(examples.filter(({ said }) => said.length > 0))(
    'does what the page about it says: $name',
    ({ name, said }) => {
      expect(done(inModules('.bin/node'), name.replace(/\.js$/, '.mjs')).trim().split('\n')).toEqual(said);
    },
  );
});

it('has at least three examples on the page about it', () => {
  expect(examples.filter(({ said }) => said.length > 0).length).toBeGreaterThanOrEqual(3);
});
