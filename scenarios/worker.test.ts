/** The explorer in a browser worker, under a policy that lets no code be made at run time: the same worlds, the same ways. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeSymbolicSuite } from '../sim/crypto/symbolic/suite.ts';
import { explore } from '../sim/explorer/explore.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { bundle } from '../site/test/bundle.ts';
import { launch } from '../site/test/chromium.ts';

const searcher = `
  import { makeSymbolicSuite } from '/sim/crypto/symbolic/suite.ts';
  import { explore } from '/sim/explorer/explore.ts';
  import { parseScenario } from '/sim/scenario/parse.ts';
  self.onmessage = ({ data: [text, turns] }) => {
    let forbidden = false;
    try { new Function('return 1')(); } catch { forbidden = true; }
    const parsed = parseScenario(text, 'play/here');
    const result = parsed.ok ? explore(parsed.scenario, { suite: makeSymbolicSuite('1'), turns, bounds: { worldsMax: 1500 } }) : parsed;
    self.postMessage([forbidden, JSON.stringify(result)]);
  };`;

it('finds in a worker what it finds here', async () => {
  const text = readFileSync('scenarios/play/a-stolen-token.yaml', 'utf8');
  const turns = [{ turn: 'off', clause: '4385-push-cross-signed-only' }] as const;
  const parsed = parseScenario(text, 'play/here');
  if (!parsed.ok) throw new Error('the scenario does not parse');
  const here = explore(parsed.scenario, { suite: makeSymbolicSuite('1'), turns, bounds: { worldsMax: 1500 } });
  expect(here.found.map(({ verdict }) => verdict)).toContain('breaks');

  const script = await bundle(searcher);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const policy = "default-src 'self'; script-src 'self'";
    await page.route('http://localhost/**', (route) =>
      route.request().url().endsWith('/worker.js')
        ? route.fulfill({
            body: script,
            contentType: 'text/javascript',
            headers: { 'content-security-policy': policy },
          })
        : route.fulfill({
            body: '<!doctype html><title>here</title>',
            contentType: 'text/html',
            headers: { 'content-security-policy': policy },
          }),
    );
    await page.goto('http://localhost/');
    const there = await page.evaluate(
      ([source, turned]) =>
        new Promise((done, failed) => {
          const worker = new Worker('/worker.js');
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = ({ message }) => failed(new Error(message));
          worker.postMessage([source, turned]);
        }),
      [text, turns] as const,
    );
    expect(there).toEqual([true, JSON.stringify(here)]);
  } finally {
    await browser.close();
  }
});
