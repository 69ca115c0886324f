import { launch } from './site/test/chromium.ts';
const [,, base, out, ...jobs] = process.argv;
const b = await launch();
for (const j of jobs) { const [path, w, scheme='light', full='0', click=''] = j.split('@');
  const c = await b.newContext({ colorScheme: scheme, viewport: { width: +w, height: 844 } });
  const p = await c.newPage(); p.on('console',m=>console.log('console',m.text()));
  await p.goto(base + path, { waitUntil: 'load' });
  if (click) { await p.locator(click).first().click(); await p.waitForTimeout(1500); }
  const h = await p.evaluate(() => document.documentElement.scrollHeight/844);
  const name = `${out}/${path.replace(/[^a-z0-9]+/g,'-').slice(-60)}-${w}-${scheme}.png`;
  await p.screenshot({ path: name, fullPage: full==='1' }); console.log(name, h.toFixed(1));
  await c.close(); }
await b.close();
