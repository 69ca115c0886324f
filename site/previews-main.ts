/** Draws the pictures that previews of pages show elsewhere, one a kind, from our own figures: `npx node site/previews-main.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { miniSvg } from '../sim/runs/figures/mini.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { figureCss, paletteCss } from '../sim/runs/figures/style.ts';
import { runStory } from '../sim/runs/run.ts';
import { errorLine, parseScenario } from '../sim/scenario/parse.ts';
import { launch } from './test/chromium.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const runOf = (id: string, key: string | null) => {
  const path = `scenarios/${id}.yaml`;
  const parsed = parseScenario(read(path), id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(path, error)).join('\n'));
  const turned = parsed.scenario.without.find((entry) => entry.key === key);
  if (key !== null && turned === undefined) throw new Error(`${id} turns no ${key}: name another run for the preview`);
  return runStory(parsed.scenario, { turns: turned?.turns ?? [] });
};

/** The end of a run, which is where something breaks. */
const endOf = (id: string, key: string | null): string => {
  const run = runOf(id, key);
  const rowsMax = 15;
  return miniSvg(run, { prefix: 'p', from: Math.max(0, rowsOf(run).rows.length - rowsMax), rowsMax });
};

type Filed = {
  readonly rows: readonly { readonly who: string; readonly missed: readonly { readonly guarantee: string }[] }[];
};
/** The matrix as squares: a clause a row, a guarantee a column. */
const matrix = (): string => {
  const { rows }: Filed = JSON.parse(read('scenarios/ablation.json'));
  const missed = rows
    .filter((row) => row.who === 'everyone' && row.missed.length > 0)
    .filter((_, nth) => nth % 8 === 0);
  const columns = [...new Set(missed.flatMap((row) => row.missed.map(({ guarantee }) => guarantee)))].slice(0, 16);
  const squares = missed.flatMap((row, y) =>
    columns.map((guarantee, x) => {
      const fill = row.missed.some((one) => one.guarantee === guarantee) ? 'var(--attacker)' : 'var(--sunk)';
      return `<rect x="${x * 23}" y="${y * 19}" width="20" height="16" rx="3" fill="${fill}"/>`;
    }),
  );
  return `<svg viewBox="0 0 ${columns.length * 23} ${missed.length * 19}">${squares.join('')}</svg>`;
};

const token = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const pictures: readonly (readonly [name: string, head: string, words: string, figure: () => string])[] = [
  [
    'home',
    'What may a device believe?',
    'Three Matrix proposals, on real cryptography, against people who lie',
    () => endOf(token, '4385-push-cross-signed-only'),
  ],
  [
    'finding',
    'A finding',
    'What the text says, the run that shows it, and how far that goes',
    () => endOf('interactions/a-hostile-push-and-a-forged-yes-open-the-next-sign-in', null),
  ],
  [
    'scenario',
    'A scenario',
    'Who was there, what they did, what broke, and at which step',
    () => endOf('key-bundle/a-swapped-identity-stops-the-sharing', null),
  ],
  [
    'clause',
    'A clause',
    'What it says, and what breaks when a client skips it',
    () => endOf(token, '4385-push-cross-signed-only'),
  ],
  ['matrix', 'What each clause is there for', 'Every clause switched off in turn, and what breaks without it', matrix],
];

const face = (name: string, file: string): string =>
  `@font-face{font-family:"${name}";src:url(data:font/woff2;base64,${readFileSync(join(root, `site/public/fonts/${file}.woff2`)).toString('base64')});font-weight:200 800}`;
const css = `${face('Atkinson Hyperlegible Next', 'atkinson-next')}${paletteCss(':root')}${figureCss}
*{box-sizing:border-box;margin:0}body{display:grid;grid-template-columns:500px 1fr;gap:40px;align-items:center;width:1200px;height:630px;padding:56px;background:var(--bg);color:var(--ink);font:400 30px/1.35 "Atkinson Hyperlegible Next"}
h1{font-size:62px;line-height:1.06;letter-spacing:-.02em;font-weight:750}p{margin-top:22px;color:var(--ink2)}b{display:flex;gap:14px;align-items:center;margin-bottom:44px;font-size:30px}
figure{display:grid;place-items:center;height:518px;padding:22px;border:1px solid var(--rule);border-radius:18px;background:var(--panel)}figure svg{width:100%;max-height:474px}`;

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' });
const folder = join(root, 'site/public/og');
mkdirSync(folder, { recursive: true });
for (const [name, head, words, figure] of pictures) {
  await page.setContent(
    `<!doctype html><meta charset="utf-8"><style>${css}</style><div><b>${read('site/public/favicon.svg').replace('<svg', '<svg width="54" height="54"')}Hearsay</b><h1>${head}</h1><p>${words}</p></div><figure>${figure()}</figure>`,
  );
  await page.evaluate(() => document.fonts.ready);
  const picture = await page.screenshot({ type: 'png' });
  writeFileSync(join(folder, `${name}.png`), picture);
  console.log(`og/${name}.png: ${Math.ceil(picture.length / 1024)} kB`);
}
await browser.close();
