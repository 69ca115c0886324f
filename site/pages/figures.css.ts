/** The sheet that all figures share, with the faces and colours of the whole site. Written once, in `sim/runs/figures/style.ts`. */
import { figureCss, paletteCss } from '../../sim/runs/figures/style.ts';

const face = (name: string, file: string): string =>
  `@font-face{font-family:"${name}";src:url(fonts/${file}-latin-wght-normal.woff2) format("woff2");font-weight:200 800;font-display:swap}`;

// No script: a step that is the target of the address is marked by the sheet alone, for as many steps as a story has.
const stepsMax = 80;
const steps = Array.from({ length: stepsMax }, (_, index) => index + 1);
const all = (rule: (step: number) => string): string => steps.map(rule).join(',');
const marked = `${all((step) => `:root:has(#s${step}:target) .s${step} .hit`)}{fill:var(--honest);fill-opacity:.14}${all((step) => `:root:has(#s${step}:target) .s${step}`)}{--halo:var(--select)}${all((step) => `:root:has(#s${step}:target) .tick${step}`)}{background:var(--ink);color:var(--bg)}`;

export const GET = (): Response =>
  new Response(
    [
      face('Atkinson Hyperlegible Next', 'atkinson-hyperlegible-next'),
      face('Atkinson Hyperlegible Mono', 'atkinson-hyperlegible-mono'),
      ':root{color-scheme:light dark}',
      paletteCss(':root'),
      figureCss,
      marked,
    ].join('\n'),
    { headers: { 'content-type': 'text/css' } },
  );
