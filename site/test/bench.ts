/**
 * `npm run bench`: all ratios, of one run on one machine. First what needs no browser, then the search engine in a browser
 * worker, under a policy that lets no code be made at run time, beside the same in Node.
 */
import '../../sim/bench/main.ts';
import { median, named, searched } from '../../sim/bench/measure.ts';
import { bundle } from './bundle.ts';
import { launch } from './chromium.ts';

const searcher = `
  import { makeTwin } from '/sim/explorer/bench/twin.ts';
  import { search } from '/sim/explorer/engine/search.ts';
  self.onmessage = ({ data: size }) => {
    let forbidden = false;
    try { new Function('return 1')(); } catch { forbidden = true; }
    const begun = performance.now();
    const { worlds } = search(makeTwin(size, true).model);
    self.postMessage({ forbidden, worlds, ms: performance.now() - begun });
  };`;

type Answer = { readonly forbidden: boolean; readonly worlds: number; readonly ms: number };

const script = await bundle(searcher);
const browser = await launch();
try {
  const page = await browser.newPage();
  const headers = { 'content-security-policy': "default-src 'self'; script-src 'self'" };
  await page.route('http://localhost/**', (route) =>
    route.request().url().endsWith('/worker.js')
      ? route.fulfill({ body: script, contentType: 'text/javascript', headers })
      : route.fulfill({ body: '<!doctype html><title>here</title>', contentType: 'text/html', headers }),
  );
  await page.goto('http://localhost/');
  await page.evaluate(() => {
    Object.assign(window, { worker: new Worker('/worker.js') });
  });
  /** One search of a twin in the worker, which lives on as a page's would, so that it warms up as Node does. */
  const there = async (name: string): Promise<number> => {
    const size = named(name);
    const { forbidden, worlds, ms } = await page.evaluate(
      (asked) =>
        new Promise<Answer>((done, failed) => {
          const { worker } = window as unknown as { readonly worker: Worker };
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = ({ message }) => failed(new Error(message));
          worker.postMessage(asked);
        }),
      size,
    );
    if (!forbidden) throw new Error('the worker could make code at run time: its policy is not in force');
    if (worlds !== size.states) throw new Error(`the worker found ${worlds} worlds where SPIN counted ${size.states}`);
    return ms;
  };
  console.log('');
  for (const [name, rounds] of [
    ['10^5', 11],
    ['10^6', 5],
  ] as const) {
    const size = named(name);
    const pairs: (readonly [number, number])[] = [];
    for (let round = 0; round < rounds; round++) pairs.push([await there(name), searched(size).ms]);
    const [browserMs, nodeMs] = [median(pairs.map(([ms]) => ms)), median(pairs.map(([, ms]) => ms))];
    const rate = (ms: number): string => `${Math.round((size.states / ms) * 1000)} a second`;
    console.log(
      `${name}: in a browser worker ${rate(browserMs)}, in Node ${rate(nodeMs)}: ${(nodeMs / browserMs).toFixed(2)} of Node's rate`,
    );
  }
} finally {
  await browser.close();
}
