/** The command line as people use it, with right and wrong input. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realSuite } from '../crypto/node/suite.ts';
import { sequenceSvg } from '../runs/figures/sequence.ts';
import { runStory } from '../runs/run.ts';
import { transcript } from '../runs/transcript.ts';
import { scenariosFor } from './library.ts';
import { hearsayHere as hearsay, hearsayIn } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** The same in a process of its own: what only that can show. */
const spawned = (...args: readonly string[]) =>
  spawnSync(process.execPath, [resolve('sim/cli/hearsay.mjs'), ...args], { encoding: 'utf8' });

const story = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const minimal = (more: string): string =>
  `title: A claim\nabout: [MSC4385]\nwhy: because\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone, laptop] }\n${more}`;

describe('hearsay', () => {
  it('runs a scenario with its settings turned and says that all is as expected', async () => {
    const { status, stdout } = await hearsay('run', story);
    expect(status).toBe(0);
    expect(stdout).toContain('A stolen access token cannot plant a backup key');
    expect(stdout).toContain('✕ breaks secret-authenticity');
    expect(stdout).toContain('1 scenario, 2 runs: all as expected');
    expect(stdout.match(/npx hearsay replay '.*'/g)).toEqual([
      `npx hearsay replay '${story}?seed=1'`,
      `npx hearsay replay '${story}?off=4385-push-cross-signed-only&seed=1'`,
    ]);
    expect(stdout).not.toContain('\u001b[');
  });

  it('exits 1 with the line that replays it when a verdict is not as expected', async () => {
    const file = inFolder(
      'wrong.yaml',
      minimal(
        'story:\n  - alice.laptop: reset backup\n  - everyone: settle\nexpect:\n  secret-convergence: { breaks: alice.phone }\n',
      ),
    );
    const { status, stdout } = await hearsay('run', file);
    expect(status).toBe(1);
    expect(stdout).toMatch(/secret-convergence: breaks expected, holds found/);
    const [, line = ''] = /npx hearsay replay '(.*\/wrong\.yaml\?seed=1&run=act.*)'/.exec(stdout) ?? [];
    expect(await hearsay('replay', line)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`replay: '${line}'`),
    });
  });

  it('gives verdicts to machines as JSON and JUnit', async () => {
    const report = join(folder, 'report.xml');
    const { stdout } = await hearsay('run', story, '--json', '--junit', report);
    const [first] = JSON.parse(stdout) as { verdicts: { guarantee: string; verdict: string }[]; ok: boolean }[];
    expect(first).toMatchObject({
      ok: true,
      verdicts: expect.arrayContaining([
        expect.objectContaining({ guarantee: 'secret-authenticity', verdict: 'holds' }),
      ]),
    });
    expect(readFileSync(report, 'utf8')).toMatch(
      /<testsuite name="hearsay" tests="2" failures="0" errors="0" time="[\d.]+">/,
    );
    expect(readFileSync(report, 'utf8')).toContain(`file="scenarios/${story}.yaml"`);
  });

  it('runs all that is in a folder, however it is written, and what is wrong with one file hides no other', async () => {
    const place = join(folder, 'some dir');
    mkdirSync(join(place, 'scenarios', 'deep'), { recursive: true });
    const one = minimal(
      'story:\n  - alice.laptop: reset backup\n  - everyone: settle\nexpect:\n  secret-convergence: holds\n',
    );
    writeFileSync(join(place, 'scenarios', 'deep', 'Über uns.v2.yml'), one);
    writeFileSync(join(place, 'scenarios', 'bad\u001b[31m.yaml'), '"a\\e[31m\\u202e": 1\n');
    const ways = ['.', './', 'scenarios', 'scenarios/', './scenarios/', join(place, 'scenarios/'), 'scenarios/deep/..'];
    for (const way of ways) {
      const { status, stdout, stderr } = await hearsayIn(place, 'run', way);
      expect([way, status, stderr]).toEqual([way, 2, '']);
      expect(stdout).toMatch(/A claim .*\n {2}as expected/);
      expect(stdout).toMatch(/a character that cannot be shown/);
      expect(stdout).toContain('1 scenario, 1 run: 1 file is no scenario');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    const [, line = ''] = /npx hearsay replay '(.*)'/.exec((await hearsayIn(place, 'run', '.')).stdout) ?? [];
    expect(line).toBe('./scenarios/deep/%C3%9Cber%20uns.v2.yml?seed=1');
    expect((await hearsayIn(place, 'replay', line)).stdout).toMatch(/secret-convergence +holds/);
    expect(await hearsayIn(folder, 'replay', line)).toMatchObject({ status: 2, stdout: '' });
    // Completion stops where the names of a scenario and of its transcript part.
    expect(await hearsay('run', 'scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key.')).toMatchObject({
      status: 0,
    });
    expect((await hearsay('run', 'scenarios/incidents/')).stdout).toBe((await hearsay('run', 'incidents/')).stdout);
  });

  it('says what cannot be written when all else is told', async () => {
    const nowhere = join(inFolder('a-file', ''), 'report.xml');
    const run = await hearsay('run', story, '--junit', nowhere);
    expect(run).toMatchObject({ status: 2, stdout: expect.stringContaining('2 runs: all as expected') });
    expect(run.stderr).toMatch(/^--junit .*report\.xml cannot be written: part of its path is no folder\n$/);
    mkdirSync(join(folder, 'blessed.txt'));
    const one = minimal(
      'story:\n  - alice.laptop: reset backup\n  - everyone: settle\nexpect:\n  secret-convergence: holds\n',
    );
    const blessed = await hearsay('bless', inFolder('blessed.yaml', one));
    expect(blessed).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^.*blessed\.txt cannot be written: .*\n$/),
    });
  });

  it('blesses what is in the folder of one’s own where nothing is named, and writes over no notes', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    mkdirSync(join(own, 'scenarios'));
    const file = (name: string) => join(own, 'scenarios', name);
    const story =
      'story:\n  - alice.laptop: reset backup\n  - everyone: settle\nexpect:\n  secret-convergence: holds\n';
    writeFileSync(file('first.yaml'), minimal(story));
    writeFileSync(file('first.txt'), 'my notes\n');
    expect(await hearsayIn(own, 'bless')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^scenarios\/first\.txt: what is there is not a transcript, and is not written over/,
      ),
    });
    expect(readFileSync(file('first.txt'), 'utf8')).toBe('my notes\n');
    rmSync(file('first.txt'));
    expect(await hearsayIn(own, 'bless')).toMatchObject({ status: 0, stdout: 'written  scenarios/first.txt\n' });
    // What is a transcript is written anew.
    writeFileSync(file('first.txt'), `Another title\nscenario: ./scenarios/first.yaml\n`);
    expect(await hearsayIn(own, 'bless')).toMatchObject({ status: 0, stdout: 'written  scenarios/first.txt\n' });
  });

  it('says in its help what each exit code means', async () => {
    expect((await hearsay('help')).stdout).toMatch(
      /Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 {2}a fault of hearsay itself/,
    );
  });

  it('replays a line to the byte', async () => {
    const [filed] = scenariosFor([story]);
    if (filed === undefined) throw new Error('the story is gone');
    const told = transcript(runStory(filed.scenario, { suite: realSuite }));
    const line = /replay: '(.*)'/.exec(told)?.[1] ?? '';
    expect((await hearsay('replay', line)).stdout).toBe(told);
    expect(told).toBe(transcript(runStory(filed.scenario)));
  });

  it.each([
    ['--svg', /^<svg /],
    ['--mermaid', /^sequenceDiagram/m],
    ['--shiviz', /alice\.phone \{/],
    ['--itf', /"format": "ITF"/],
    ['--json', /"replay":/],
    ['--text', /^A stolen access token/],
    ['--comment', /^\*\*A stolen access token[\s\S]*\*\*Stopped by:\*\* “Only take pushes from cross-signed devices”/],
  ])('exports a run with %s', async (format, looks) => {
    expect((await hearsay('export', story, format)).stdout).toMatch(looks);
  });

  it('exports a line as the comment that its scenario gives, and links to the page that is named', async () => {
    const page = 'https://example.org/scenarios/x/';
    const comment = (await hearsay('export', story, '--comment', '--page', page)).stdout;
    const line = /npx hearsay replay '(.*)'/.exec(comment)?.[1] ?? '';
    expect((await hearsay('export', line, '--comment', '--page', page)).stdout).toBe(comment);
    expect(comment).toContain(`](${page})`);
  });

  it('says of one story that is named who did what, what broke and what stopped it, and of more stories nothing', async () => {
    const one = (await hearsay('run', story)).stdout;
    expect(one).toMatch(
      /^who {9}Mallory, with Alice’s stolen access token\ndid {9}.*\n[\s\S]*\nstopped by {2}“Only take pushes/,
    );
    expect((await hearsay('run', story, 'backup-preference/a-hint-makes-no-backup')).stdout).not.toMatch(/^who /m);
    expect((await hearsay('run', story, '--json')).stdout).toMatch(/^\[/);
  });

  it('draws the same picture from a line as from the scenario', async () => {
    const [filed] = scenariosFor([story]);
    if (filed === undefined) throw new Error('the story is gone');
    const out = join(folder, 'picture.svg');
    await hearsay('export', story, '--svg', '--out', out);
    expect(readFileSync(out, 'utf8')).toBe(sequenceSvg(runStory(filed.scenario), { standalone: true }));
  });

  it('finds an attack by itself, replays it, and saves it as a scenario that runs as expected', async () => {
    const play = `  attackers:\n    mallory: { plays: stolen-token, of: alice, budget: { moves: 3 } }\nexplore:\n  acts:\n    - alice.phone: check backup\n  until: { depth: 12, worlds: 20000 }\nexpect:\n  secret-authenticity: { holds: true, shadow: never }\n`;
    const file = inFolder('play.yaml', minimal(play));
    const saved = join(folder, 'found.yaml');
    const found = await hearsay('explore', file, '--without', '4385-push-cross-signed-only', '--save', saved);
    expect(found.stdout).toMatch(
      /✕ breaks secret-authenticity[\s\S]*4 steps \(no way is shorter; 3 by an attacker, and no way as short has fewer\), replayed with real bytes/,
    );
    expect(await hearsay('run', saved)).toMatchObject({ status: 0 });
    expect((await hearsay('explore', file)).stdout).toMatch(
      /✓ holds secret-authenticity[\s\S]*worlds breadth first, every reachable world[\s\S]*tried: mallory as stolen-token with 3 moves\n {2}not tried: attackers: stolen-device, .*; faults: restart, /,
    );
    expect(found.stdout).toContain('until nothing was left to break');
  });

  it.each(['depth-first', 'random'])('finds an attack %s, and says in which order it looked', async (order) => {
    const found = await hearsay(
      'explore',
      'play/a-stolen-token',
      '--without',
      '4385-push-cross-signed-only',
      '--order',
      order,
    );
    expect(found.stdout).toMatch(/✕ breaks secret-authenticity[\s\S]*replayed with real bytes/);
    expect(found.stdout).toMatch(new RegExp(`worlds ${order.replace('-', ' ')}`));
  });

  it('switches a clause off, tells what breaks for whom, and finds it as in the file that is checked in', async () => {
    const out = join(folder, 'ablation.json');
    const one = ['ablate', '4385-push-unstable-name', '--arena', 'two-names', '--for', 'alice.laptop'];
    const told = await hearsay(...one, '--out', out);
    expect(told.status).toBe(0);
    expect(told.stdout).toMatch(/for alice\.laptop alone\n +secret-convergence: nobody attacks, 2 steps \(two-names\)/);
    const { rows } = JSON.parse(readFileSync(out, 'utf8')) as { rows: { missed: { line: string }[] }[] };
    const line = rows[0]?.missed[0]?.line ?? '';
    expect(line).toMatch(/^arenas\/two-names\?off=4385-push-unstable-name:alice\.laptop&seed=1&run=play/);
    expect((await hearsay('replay', line)).stdout).toMatch(/secret-convergence +breaks at alice\.phone/);
    const checked = await hearsay('ablate', '--clause', '4287-may-monitor', '--check');
    expect(checked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+ rows?, all as in the file\n$/) });
  });

  it('says what each actor may do in a story', async () => {
    const { status, stdout } = await hearsay('verbs', 'stolen-token');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\{ push secret: …, to: …, value: …\?, request id: …\? \} +Pushes a secret/);
    expect(stdout).not.toContain('settle');
    expect((await hearsay('verbs')).stdout).toContain('settle');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['rnu'], /unknown command “rnu”: did you mean run\?/],
    ['an unknown flag', ['run', '--jsn'], /unknown flag --jsn: did you mean --json\?/],
    ['a flag without its value', ['run', '--junit'], /--junit needs a value/],
    ['a suite that is none', ['run', '--suite', 'fake'], /real or symbolic expected/],
    [
      'an unknown scenario',
      ['run', 'secret-push/a-stolen-token-canot-plant-a-backup-key'],
      /no scenario .*did you mean secret-push\/a-stolen-token-cannot-plant-a-backup-key\?/,
    ],
    ['a folder of scenarios, misspelt', ['run', 'secret-psh'], /did you mean secret-push\?/],
    [
      'a scenario that is near to none',
      ['run', 'nosuch'],
      /^no scenario “nosuch”: name a file, a folder, or one of the library/m,
    ],
    ['a file that is not there', ['run', '/nowhere/at-all.yaml'], /cannot be read/],
    ['no line', ['replay'], /one line expected/],
    ['a line with a clause that is none', ['replay', `${story}?off=nonsense`], /“nonsense” is not a clause/],
    ['a line with a question that is none', ['export', `${story}?reading=q99:A`, '--text'], /did you mean q09\?/],
    [
      'a line with a text that is none',
      ['replay', `${story}?revision=MSC4385:nope&run=act`],
      /“nope” is not a revision/,
    ],
    [
      'a line with a device that is none',
      ['export', `${story}?off=4385-push-encrypted:nobody.phone&run=act`, '--svg'],
      /“nobody\.phone” is not a device of the cast/,
    ],
    ['a line with part of a name', ['replay', 'a-stolen-token-cannot-plant?seed=1'], /no scenario .*did you mean/],
    ['an empty folder', ['run', 'sim/'], /no scenario in sim\/: no file there ends in \.yaml/],
    ['a line that is none', ['replay', `${story}?run=a b`], /expected/],
    ['a line for another story', ['replay', `${story}?seed=1&run=sync:nobody`], /no choice "sync:nobody" here/],
    ['no format', ['export', story], /one of --svg/],
    [
      'a page for a picture',
      ['export', story, '--svg', '--page', 'https://example.org/'],
      /--page goes with --comment/,
    ],
    [
      'a page that is none',
      ['export', story, '--comment', '--page', 'example'],
      /--page expects an address of the web/,
    ],
    [
      'a setting that is none',
      ['export', story, '--text', '--without', '4385-push-cross-signed-onli'],
      /did you mean 4385-push-cross-signed-only\?/,
    ],
    [
      'a device that is none',
      ['explore', story, '--without', '4385-push-cross-signed-only for alice.phon'],
      /did you mean alice\.phone\?/,
    ],
    ['a setting for a line', ['export', `${story}?run=act`, '--text', '--without', 'q07: B'], /a line says itself/],
    ['a count that is none', ['wander', story, '--runs', '-3'], /a whole number/],
    ['several scenarios for one', ['explore', 'a-stolen'], /names \d+ scenarios/],
    ['an order of searching that is none', ['explore', story, '--order', 'sideways'], /breadth-first or depth-first/],
    [
      'a kept search that is none',
      ['explore', story, '--keep', 'package.json'],
      /what is there is no search that was kept/,
    ],
    ['random walks to be kept', ['explore', story, '--order', 'random', '--keep', 'k'], /random walks keep nothing/],
    ['an unknown guarantee', ['explore', story, '--guarantee', 'luck'], /no guarantee “luck”/],
    ['an unknown actor', ['verbs', 'stolen-tokne'], /did you mean stolen-token\?/],
    ['an unknown clause', ['ablate', '4385-push-cross-signed-onli'], /did you mean 4385-push-cross-signed-only\?/],
    ['a sentence nobody can skip', ['ablate', '4385-push-no-suche'], /no clause to switch off “4385-push-no-suche”/],
    [
      'a device that is in no arena',
      ['ablate', '--for', 'alice.phon'],
      /no device in the arenas .*did you mean alice\.phone\?/,
    ],
    ['an unknown arena', ['ablate', '--arena', 'two-nams'], /no arena “two-nams”: did you mean two-names\?/],
    [
      'a comparison of one arena',
      ['ablate', '--arena', 'two-names', '--check'],
      /--check compares what all arenas say together/,
    ],
    ['a file in no folder', ['findings', '--out', 'no-such-folder/F.md'], /there is no folder .*no-such-folder$/m],
    ['a folder for a file', ['export', story, '--svg', '--out', 'site'], /--out site: that is a folder/],
    ['a hyphen for a file', ['export', story, '--svg', '--out', '-'], /^--out -: a file is expected/],
    ['a wrong flag of an ablation', ['ablate', '--chekc'], /unknown flag --chekc: did you mean --check\?/],
  ])('answers %s with one clear error and exit code 2', async (_what, args, error) => {
    const { status, stdout, stderr } = await hearsay(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    ['a verb', 'story:\n  - alice.laptop: resett backup\nexpect: {}\n', /:9:\d+ .*resett backup.*reset backup/],
    ['a name', 'story:\n  - alice.lptop: reset backup\nexpect: {}\n', /:9:\d+ .*alice\.lptop.*alice\.laptop/],
    [
      'a clause',
      'dials: { off: [4385-push-encryptd] }\nstory:\n  - everyone: settle\nexpect: {}\n',
      /:8:\d+ .*4385-push-encrypted/,
    ],
    [
      'a guarantee',
      'story:\n  - everyone: settle\nexpect:\n  secret-authenticty: holds\n',
      /:11:\d+ .*secret-authenticity/,
    ],
    ['YAML', 'story: [\n', /:\d+:\d+ .*YAML/],
  ])('points at a mistake in %s of a file, writes nothing and exits 2', async (what, more, error) => {
    const file = inFolder(`bad-${what.replaceAll(' ', '-')}.yaml`, minimal(more));
    const out = join(folder, `bad-${what.replaceAll(' ', '-')}.svg`);
    const { status, stdout, stderr } = await hearsay('export', file, '--svg', '--out', out);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(existsSync(out)).toBe(false);
  });
});

describe('the process', () => {
  it('ends with the exit code, and says on which stream what belongs there', () => {
    expect(spawned('verbs', 'stolen-token')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^stolen-token/),
      stderr: '',
    });
    expect(spawned('rnu')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^unknown command “rnu”: did you mean run\?\n$/),
    });
  });

  it('says once why what it prints cannot be written, and ends with that exit code, however much more there is', () => {
    if (!existsSync('/dev/full')) return;
    const line = `"${process.execPath}" "${resolve('sim/cli/hearsay.mjs')}" wander ${story} --runs 20 > /dev/full`;
    expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' })).toMatchObject({
      status: 2,
      stderr: 'what is printed cannot be written: no space is left\n',
    });
  });

  it('ends with its exit code also where there is nowhere to complain', () => {
    if (!existsSync('/dev/full')) return;
    const line = `"${process.execPath}" "${resolve('sim/cli/hearsay.mjs')}" rnu 2> /dev/full`;
    expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' })).toMatchObject({ status: 2, stdout: '' });
  });

  it('answers the reader of a pipe who leaves early with no complaint', () => {
    const line = `"${process.execPath}" "${resolve('sim/cli/hearsay.mjs')}" export ${story} --json | head -n 1`;
    expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});
